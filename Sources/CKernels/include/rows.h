#pragma once

#include <stddef.h>

/// out[r][j] += x[r][j] · w[j] for rows of n floats.
void stapes_add_scaled_columns(float *out, const float *x, const float *w, size_t rows, size_t n);

/// sum[j] += Σ_r a[r][j] · b[r][j], with the distance from row to row of each given.
void stapes_add_column_products(float *sum, const float *a, size_t a_stride, const float *b,
                                size_t b_stride, size_t rows, size_t n);

/// Normalises each row of n floats: normalized = (x - mean) · inverse with inverse =
/// 1 / √(variance + epsilon), and y = normalized · gain + bias. Sums are of 16 partial sums each.
void stapes_normalize_rows(size_t rows, size_t n, const float *x, const float *gain,
                           const float *bias, float epsilon, float *normalized, float *inverse,
                           float *y);

/// The gradient: dx, and what is added to those of gain and bias.
void stapes_normalize_rows_backward(size_t rows, size_t n, const float *normalized,
                                    const float *inverse, const float *gain, const float *dy,
                                    float *dx, float *dgain, float *dbias);

/// A two-dimensional convolution over frames, whose rows are frequency after frequency and within
/// a frequency channel after channel. Output t begins at frame t · stride_time - pad_time, output
/// frequency f at f · stride_frequency - pad_frequency; zeros stand outside.
struct stapes_convolution {
  size_t frequencies, channels;
  size_t kernel_time, kernel_frequency;
  size_t stride_time, stride_frequency;
  size_t pad_time, pad_frequency;
  size_t output_frequencies;
};

/// What each output sees, as a row of kernel_time · kernel_frequency · channels floats, for the
/// outputs from `first_output` on; row 0 of `frames` is frame `first_frame`.
void stapes_gather_patches(const struct stapes_convolution *c, const float *frames,
                           size_t first_frame, size_t frame_count, size_t first_output,
                           size_t output_count, float *patches);

/// Adds the patches' gradients to those of the frames.
void stapes_scatter_patches(const struct stapes_convolution *c, const float *patches,
                            size_t first_output, size_t output_count, size_t frame_count,
                            float *frames);
