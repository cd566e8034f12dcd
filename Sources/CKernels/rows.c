#include "rows.h"

#include <math.h>
#include <string.h>

void stapes_add_scaled_columns(float *out, const float *x, const float *w, size_t rows,
                               size_t n) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < n; j++) out[r * n + j] += x[r * n + j] * w[j];
}

void stapes_add_column_products(float *sum, const float *a, size_t a_stride, const float *b,
                                size_t b_stride, size_t rows, size_t n) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < n; j++) sum[j] += a[r * a_stride + j] * b[r * b_stride + j];
}

#define LANES 16

static float total(const float lanes[LANES]) {
  float sum = 0;
  for (size_t lane = 0; lane < LANES; lane++) sum += lanes[lane];
  return sum;
}

void stapes_normalize_rows(size_t rows, size_t n, const float *x, const float *gain,
                           const float *bias, float epsilon, float *normalized, float *inverse,
                           float *y) {
  const size_t whole = n / LANES * LANES;
  for (size_t r = 0; r < rows; r++, x += n, normalized += n, y += n) {
    float sums[LANES] = {0}, squares[LANES] = {0};
    for (size_t j = 0; j < whole; j += LANES)
      for (size_t lane = 0; lane < LANES; lane++) sums[lane] += x[j + lane];
    for (size_t j = whole; j < n; j++) sums[j - whole] += x[j];
    const float mean = total(sums) / n;
    for (size_t j = 0; j < whole; j += LANES)
      for (size_t lane = 0; lane < LANES; lane++) {
        const float centred = x[j + lane] - mean;
        squares[lane] += centred * centred;
      }
    for (size_t j = whole; j < n; j++) squares[j - whole] += (x[j] - mean) * (x[j] - mean);
    const float scale = 1 / sqrtf(total(squares) / n + epsilon);
    inverse[r] = scale;
    for (size_t j = 0; j < n; j++) {
      normalized[j] = (x[j] - mean) * scale;
      y[j] = normalized[j] * gain[j] + bias[j];
    }
  }
}

void stapes_normalize_rows_backward(size_t rows, size_t n, const float *normalized,
                                    const float *inverse, const float *gain, const float *dy,
                                    float *dx, float *dgain, float *dbias) {
  const size_t whole = n / LANES * LANES;
  for (size_t r = 0; r < rows; r++, normalized += n, dy += n, dx += n) {
    float sums[LANES] = {0}, products[LANES] = {0};
    for (size_t j = 0; j < n; j++) {
      dgain[j] += dy[j] * normalized[j];
      dbias[j] += dy[j];
      dx[j] = dy[j] * gain[j];
    }
    for (size_t j = 0; j < whole; j += LANES)
      for (size_t lane = 0; lane < LANES; lane++) {
        sums[lane] += dx[j + lane];
        products[lane] += dx[j + lane] * normalized[j + lane];
      }
    for (size_t j = whole; j < n; j++) {
      sums[j - whole] += dx[j];
      products[j - whole] += dx[j] * normalized[j];
    }
    const float mean = total(sums) / n, slope = total(products) / n;
    for (size_t j = 0; j < n; j++) dx[j] = inverse[r] * (dx[j] - mean - normalized[j] * slope);
  }
}

/// The part of a kernel's frequencies that lies within the frame, for an output frequency.
struct slice {
  /// Floats of the patch before it and in it, and where in the frame it begins.
  size_t skipped, count, start;
};

static struct slice slice_at(const struct stapes_convolution *c, size_t output) {
  const size_t first = output * c->stride_frequency, pad = c->pad_frequency;
  const size_t skipped = first < pad ? pad - first : 0;
  const size_t start = first + skipped - pad;
  size_t count = c->kernel_frequency > skipped ? c->kernel_frequency - skipped : 0;
  if (start >= c->frequencies) count = 0;
  else if (count > c->frequencies - start) count = c->frequencies - start;
  return (struct slice){skipped * c->channels, count * c->channels, start * c->channels};
}

void stapes_gather_patches(const struct stapes_convolution *c, const float *frames,
                           size_t first_frame, size_t frame_count, size_t first_output,
                           size_t output_count, float *patches) {
  const size_t width = c->frequencies * c->channels;
  const size_t line = c->kernel_frequency * c->channels;
  for (size_t t = first_output; t < first_output + output_count; t++)
    for (size_t f = 0; f < c->output_frequencies; f++) {
      const struct slice slice = slice_at(c, f);
      for (size_t k = 0; k < c->kernel_time; k++, patches += line) {
        const size_t padded = t * c->stride_time + k;
        const size_t frame = padded - c->pad_time;
        if (padded < c->pad_time || frame < first_frame || frame - first_frame >= frame_count) {
          memset(patches, 0, line * sizeof(float));
          continue;
        }
        const size_t after = slice.skipped + slice.count;
        memset(patches, 0, slice.skipped * sizeof(float));
        memcpy(patches + slice.skipped, frames + (frame - first_frame) * width + slice.start,
               slice.count * sizeof(float));
        memset(patches + after, 0, (line - after) * sizeof(float));
      }
    }
}

void stapes_scatter_patches(const struct stapes_convolution *c, const float *patches,
                            size_t first_output, size_t output_count, size_t frame_count,
                            float *frames) {
  const size_t width = c->frequencies * c->channels;
  const size_t line = c->kernel_frequency * c->channels;
  for (size_t t = first_output; t < first_output + output_count; t++)
    for (size_t f = 0; f < c->output_frequencies; f++) {
      const struct slice slice = slice_at(c, f);
      for (size_t k = 0; k < c->kernel_time; k++, patches += line) {
        const size_t padded = t * c->stride_time + k;
        if (padded < c->pad_time || padded - c->pad_time >= frame_count) continue;
        float *to = frames + (padded - c->pad_time) * width + slice.start;
        for (size_t j = 0; j < slice.count; j++) to[j] += patches[slice.skipped + j];
      }
    }
}
