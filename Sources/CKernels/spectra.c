#include "spectra.h"

#include <math.h>

// Sums run in eight lanes, so that the compiler may vectorise them without reordering.
enum { LANES = 8 };

static float lane_sum(const float lanes[LANES]) {
  return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) +
         ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
}

static float mean(const float *x, size_t count) {
  float lanes[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    for (size_t lane = 0; lane < LANES; ++lane) lanes[lane] += x[i + lane];
  for (size_t lane = 0; i < count; ++i, ++lane) lanes[lane] += x[i];
  return lane_sum(lanes) / (float)count;
}

static float squared_norm(const float *x, size_t count, float offset) {
  float lanes[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    for (size_t lane = 0; lane < LANES; ++lane) {
      float value = x[i + lane] - offset;
      lanes[lane] += value * value;
    }
  for (size_t lane = 0; i < count; ++i, ++lane) {
    float value = x[i] - offset;
    lanes[lane] += value * value;
  }
  return lane_sum(lanes);
}

static float dot(const float *x, const float *y, size_t count) {
  float lanes[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    for (size_t lane = 0; lane < LANES; ++lane) lanes[lane] += x[i + lane] * y[i + lane];
  for (size_t lane = 0; i < count; ++i, ++lane) lanes[lane] += x[i] * y[i];
  return lane_sum(lanes);
}

void stapes_window_frames(
    const float *samples, size_t hop, size_t count, const float *window, size_t length,
    float preemphasis, bool removes_mean, bool measures_windowed, float *restrict frames,
    float *restrict energies) {
  for (size_t f = 0; f < count; ++f) {
    const float *x = samples + f * hop;
    float *frame = frames + f * length;
    const float offset = removes_mean ? mean(x, length) : 0;
    frame[0] = (1 - preemphasis) * (x[0] - offset) * window[0];
    for (size_t i = 1; i < length; ++i)
      frame[i] = ((x[i] - offset) - preemphasis * (x[i - 1] - offset)) * window[i];
    energies[f] = measures_windowed ? squared_norm(frame, length, 0)
                                    : squared_norm(x, length, offset);
  }
}

void stapes_banded_product(
    const float *rows, size_t row_count, size_t column_count, const size_t *starts,
    const size_t *lengths, size_t band_count, const float *weights, float *restrict output) {
  for (size_t r = 0; r < row_count; ++r) {
    const float *row = rows + r * column_count;
    const float *band = weights;
    for (size_t b = 0; b < band_count; ++b) {
      output[r * band_count + b] = dot(row + starts[b], band, lengths[b]);
      band += lengths[b];
    }
  }
}

void stapes_take_logarithm(float *values, size_t count, float floor) {
  for (size_t i = 0; i < count; ++i) {
    values[i] = logf(values[i] > floor ? values[i] : floor);
  }
}
