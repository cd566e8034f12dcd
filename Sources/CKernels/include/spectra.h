#pragma once

#include <stdbool.h>
#include <stddef.h>

/// Cuts overlapping frames out of samples and windows them.
///
/// For each frame x of `length` samples, `hop` samples after the one before it, with m its mean
/// (0 unless `removes_mean`):
///   frame[0] = (1 - preemphasis) * (x[0] - m) * window[0]
///   frame[i] = ((x[i] - m) - preemphasis * (x[i-1] - m)) * window[i]
/// `energies` receives the sum of (x[i] - m)^2, or of frame[i]^2 where `measures_windowed`.
void stapes_window_frames(
    const float *samples, size_t hop, size_t count, const float *window, size_t length,
    float preemphasis, bool removes_mean, bool measures_windowed, float *frames,
    float *energies);

/// Multiplies each row by each band: a run of consecutive weights.
///
/// output[r * band_count + b] =
///   sum over i < lengths[b] of rows[r * column_count + starts[b] + i] * weights[offset + i],
/// the bands' weights lying one after the other. A row's results depend on that row alone, to
/// the last bit, so rows may be worked on in blocks of any size.
void stapes_banded_product(
    const float *rows, size_t row_count, size_t column_count, const size_t *starts,
    const size_t *lengths, size_t band_count, const float *weights, float *output);

/// Replaces each value x by the natural logarithm of the larger of x and `floor`.
void stapes_take_logarithm(float *values, size_t count, float floor);
