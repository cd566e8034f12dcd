// The functions of rows and patches against their definitions in double precision.

#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "checks.h"

static void check_columns(size_t rows, size_t n) {
  begin((unsigned)n);
  const size_t count = rows * n, a_stride = n + 2, b_stride = n + 3;
  float *x = random_floats(count, 2), *w = random_floats(n, 2), *out = random_floats(count, 2);
  float *a = random_floats((rows - 1) * a_stride + n, 2);
  float *b = random_floats((rows - 1) * b_stride + n, 2);
  float *sum = random_floats(n, 2), *wanted = copy_of(out, count), *wanted_sum = floats(n);
  for (size_t i = 0; i < count; i++) wanted[i] = (float)(wanted[i] + (double)x[i] * w[i % n]);
  for (size_t j = 0; j < n; j++) {
    double products = sum[j];
    for (size_t r = 0; r < rows; r++)
      products += (double)a[r * a_stride + j] * b[r * b_stride + j];
    wanted_sum[j] = (float)products;
  }
  stapes_add_scaled_columns(out, x, w, rows, n);
  stapes_add_column_products(sum, a, a_stride, b, b_stride, rows, n);
  expect("", "add_scaled_columns", 1e-6, out, wanted, count);
  expect("", "add_column_products", 2e-6, sum, wanted_sum, n);
}

static void check_normalization(size_t rows, size_t n) {
  begin((unsigned)n);
  const size_t count = rows * n;
  const float epsilon = 1e-3f;
  const float *x = random_floats(count, 2), *gain = random_floats(n, 2);
  const float *bias = random_floats(n, 2), *dy = random_floats(count, 2);
  float *normalized = floats(count), *inverse = floats(rows), *y = floats(count);
  float *dx = floats(count), *dgain = random_floats(n, 1), *dbias = random_floats(n, 1);
  // What is expected of normalized, y and dx, of inverse, and of dgain and dbias.
  float *wanted[] = {floats(count), floats(count), floats(count)};
  float *wanted_inverse = floats(rows);
  float *wanted_gains[] = {copy_of(dgain, n), copy_of(dbias, n)};

  stapes_normalize_rows(rows, n, x, gain, bias, epsilon, normalized, inverse, y);
  stapes_normalize_rows_backward(rows, n, normalized, inverse, gain, dy, dx, dgain, dbias);
  for (size_t r = 0; r < rows; r++) {
    const size_t first = r * n;
    double mean = 0, variance = 0, slope = 0, product = 0;
    for (size_t j = 0; j < n; j++) mean += (double)x[first + j] / (double)n;
    for (size_t j = 0; j < n; j++) variance += pow(x[first + j] - mean, 2) / (double)n;
    const double scale = 1 / sqrt(variance + epsilon);
    wanted_inverse[r] = (float)scale;
    for (size_t j = 0; j < n; j++) {
      const double here = (x[first + j] - mean) * scale, d = (double)dy[first + j] * gain[j];
      slope += d / (double)n;
      product += d * here / (double)n;
    }
    for (size_t j = 0; j < n; j++) {
      const double here = (x[first + j] - mean) * scale, d = (double)dy[first + j] * gain[j];
      wanted[0][first + j] = (float)here;
      wanted[1][first + j] = (float)(here * gain[j] + bias[j]);
      wanted[2][first + j] = (float)(scale * (d - slope - here * product));
      wanted_gains[0][j] += (float)(dy[first + j] * here);
      wanted_gains[1][j] += dy[first + j];
    }
  }
  expect("", "normalize_rows", 2e-6, normalized, wanted[0], count);
  expect("", "normalize_rows", 2e-6, y, wanted[1], count);
  expect("", "normalize_rows", 2e-6, inverse, wanted_inverse, rows);
  expect("", "normalize_rows_backward", 4e-6, dx, wanted[2], count);
  expect("", "normalize_rows_backward", 4e-6, dgain, wanted_gains[0], n);
  expect("", "normalize_rows_backward", 4e-6, dbias, wanted_gains[1], n);
}

static void check_patches(size_t time, size_t frequency, size_t by_time, size_t by_frequency) {
  begin((unsigned)(time * 10 + frequency));
  const size_t frequencies = 5, channels = 3, frames = 7, width = frequencies * channels;
  const struct stapes_convolution shape = {
      frequencies, channels, time, frequency, by_time, by_frequency, time / 2, frequency / 2,
      (frequencies - 1) / by_frequency + 1};
  const size_t outputs = (frames - 1) / by_time + 1;
  const size_t count = outputs * shape.output_frequencies * time * frequency * channels;
  float *x = random_floats(frames * width, 2), *gradient = random_floats(frames * width, 2);
  float *found = floats(count), *wanted = floats(count);
  float *wanted_gradient = copy_of(gradient, frames * width);
  for (size_t i = 0; i < count; i++) {
    const size_t channel = i % channels, df = i / channels % frequency;
    const size_t dt = i / channels / frequency % time, place = i / channels / frequency / time;
    const size_t t = place / shape.output_frequencies * by_time + dt;
    const size_t f = place % shape.output_frequencies * by_frequency + df;
    const int is_inside = t >= time / 2 && t - time / 2 < frames && f >= frequency / 2 &&
                          f - frequency / 2 < frequencies;
    const size_t from = (t - time / 2) * width + (f - frequency / 2) * channels + channel;
    wanted[i] = is_inside ? x[from] : 0;
    if (is_inside) wanted_gradient[from] += wanted[i];
  }
  stapes_gather_patches(&shape, x, 0, frames, 0, outputs, found);
  stapes_scatter_patches(&shape, found, 0, outputs, frames, gradient);
  expect("", "gather_patches", 0, found, wanted, count);
  expect("", "scatter_patches", 1e-6, gradient, wanted_gradient, frames * width);
}

void check_rows(void) {
  for (size_t n = 1; n <= 70; n++) {
    check_columns(3, n);
    check_normalization(3, n);
  }
  for (size_t time = 1; time <= 4; time++)
    for (size_t frequency = 1; frequency <= 7; frequency++)
      for (size_t step = 1; step <= 3; step++) check_patches(time, frequency, step, 4 - step);
}
