// Features, steps of training and element-wise loops against their definitions in double precision.

#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "checks.h"

static void check_elementwise(size_t n) {
  begin((unsigned)n);
  float *x = random_floats(n, 2), *y = random_floats(n, 2);
  float *added = copy_of(x, n), *scaled = copy_of(x, n), *multiplied = copy_of(x, n);
  float *wanted[] = {floats(n), floats(n), floats(n)};
  double norm = 0;
  for (size_t i = 0; i < n; i++) {
    wanted[0][i] = (float)(x[i] + 0.3f * (double)y[i]);
    wanted[1][i] = 0.3f * x[i];
    wanted[2][i] = x[i] * y[i];
    norm += (double)x[i] * x[i];
  }
  stapes_add_scaled(added, y, 0.3f, n);
  stapes_scale(scaled, 0.3f, n);
  stapes_multiply(multiplied, y, n);
  expect("", "add_scaled", 1e-6, added, wanted[0], n);
  expect("", "scale", 0, scaled, wanted[1], n);
  expect("", "multiply", 0, multiplied, wanted[2], n);
  const float norms[] = {(float)stapes_squared_norm(x, n), (float)norm};
  expect("", "squared_norm", 1e-6, &norms[0], &norms[1], 1);

  float finite[] = {stapes_all_finite(x, n), 1};
  expect("", "all_finite", 0, &finite[0], &finite[1], 1);
  for (size_t i = 0; i < n; i++) {
    const float before = x[i];
    x[i] = i % 2 ? NAN : -INFINITY;
    finite[0] = !stapes_all_finite(x, n);
    x[i] = before;
    expect("", "all_finite", 0, &finite[0], &finite[1], 1);
  }
}

static void check_frames(size_t length, int removes_mean, int measures_windowed) {
  begin((unsigned)length);
  const size_t hop = 3, frames = 4, count = frames * length;
  const float preemphasis = 0.97f;
  const float *samples = random_floats((frames - 1) * hop + length, 1);
  const float *window = random_floats(length, 1);
  float *found = floats(count), *energies = floats(frames);
  float *wanted = floats(count), *wanted_energies = floats(frames);
  for (size_t f = 0; f < frames; f++) {
    const float *x = samples + f * hop;
    double mean = 0, energy = 0;
    for (size_t i = 0; removes_mean && i < length; i++) mean += (double)x[i] / (double)length;
    for (size_t i = 0; i < length; i++) {
      const double here = x[i] - mean, before = x[i ? i - 1 : 0] - mean;
      const double windowed = (here - preemphasis * before) * window[i];
      wanted[f * length + i] = (float)windowed;
      energy += measures_windowed ? windowed * windowed : here * here;
    }
    wanted_energies[f] = (float)energy;
  }
  stapes_window_frames(samples, hop, frames, window, length, preemphasis, removes_mean,
                       measures_windowed, found, energies);
  expect("", "window_frames", 1e-6, found, wanted, count);
  expect("", "window_frames", 2e-6, energies, wanted_energies, frames);
}

static void check_bands(size_t longest) {
  begin((unsigned)longest);
  const size_t rows = 3, columns = longest + 7, bands = longest + 1;
  size_t starts[64], lengths[64], total = 0;
  for (size_t b = 0; b < bands; total += lengths[b++]) {
    starts[b] = b % 8;
    lengths[b] = b;
  }
  const float *x = random_floats(rows * columns, 1), *weights = random_floats(total, 1);
  float *found = floats(rows * bands), *wanted = floats(rows * bands);
  for (size_t r = 0; r < rows; r++)
    for (size_t b = 0, at = 0; b < bands; at += lengths[b++]) {
      double sum = 0;
      for (size_t i = 0; i < lengths[b]; i++)
        sum += (double)x[r * columns + starts[b] + i] * weights[at + i];
      wanted[r * bands + b] = (float)sum;
    }
  stapes_banded_product(x, rows, columns, starts, lengths, bands, weights, found);
  expect("", "banded_product", 1e-6, found, wanted, rows * bands);

  for (size_t i = 0; i < rows * bands; i++)
    wanted[i] = (float)log(found[i] > 0.25f ? found[i] : 0.25);
  stapes_take_logarithm(found, rows * bands, 0.25f);
  expect("", "take_logarithm", 1e-6, found, wanted, rows * bands);
}

static void check_adam(size_t n) {
  begin((unsigned)n);
  const struct stapes_adam_step s = {0.5f, 0.01f, 0.99f, 0.9f, 0.1f, 0.99f, 0.01f, 0.1f, 1.1f,
                                     1e-3f};
  float *weights = random_floats(n, 1), *first = random_floats(n, 1), *second = floats(n);
  const float *gradient = random_floats(n, 1);
  float *wanted[] = {floats(n), floats(n), floats(n)};
  for (size_t i = 0; i < n; i++) {
    second[i] = fabsf(random_float(1));
    const double slope = s.gradient_scale * (double)gradient[i] +
                         s.coupled_decay * (double)weights[i];
    const double mean = s.first_decay * (double)first[i] + s.first_gain * slope;
    const double square = s.second_decay * (double)second[i] + s.second_gain * slope * slope;
    wanted[0][i] = (float)(s.kept * (double)weights[i] -
                           s.step_size * mean / (sqrt(square) * s.root_correction + s.epsilon));
    wanted[1][i] = (float)mean;
    wanted[2][i] = (float)square;
  }
  stapes_take_adam_step(weights, first, second, gradient, s, n);
  expect("", "take_adam_step", 1e-6, weights, wanted[0], n);
  expect("", "take_adam_step", 1e-6, first, wanted[1], n);
  expect("", "take_adam_step", 1e-6, second, wanted[2], n);
}

static void check_momentum(size_t n, int looks_ahead) {
  begin((unsigned)n);
  const struct stapes_momentum_step s = {0.5f, 0.01f, 0.9f, 0.1f, looks_ahead};
  float *weights = random_floats(n, 1), *velocity = random_floats(n, 1);
  const float *gradient = random_floats(n, 1);
  float *towards = copy_of(weights, n);
  float *wanted[] = {floats(n), floats(n), floats(n)};
  for (size_t i = 0; i < n; i++) {
    const double slope = s.gradient_scale * (double)gradient[i] +
                         s.coupled_decay * (double)weights[i];
    const double speed = s.momentum * (double)velocity[i] + slope;
    wanted[0][i] =
        (float)(weights[i] - s.rate * (looks_ahead ? slope + s.momentum * speed : speed));
    wanted[1][i] = (float)speed;
    wanted[2][i] = (float)(towards[i] + 0.3f * ((double)gradient[i] - towards[i]));
  }
  stapes_take_momentum_step(weights, velocity, gradient, s, n);
  stapes_move_towards(towards, gradient, 0.3f, n);
  expect("", "take_momentum_step", 1e-6, weights, wanted[0], n);
  expect("", "take_momentum_step", 1e-6, velocity, wanted[1], n);
  expect("", "move_towards", 1e-6, towards, wanted[2], n);
}

void check_loops(void) {
  for (size_t n = 1; n <= 50; n++) {
    check_elementwise(n);
    check_bands(n);
    check_adam(n);
    for (int flags = 0; flags < 4; flags++) {
      check_frames(n, flags & 1, flags >> 1);
      check_momentum(n, flags & 1);
    }
  }
}
