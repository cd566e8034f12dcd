#include "elementwise.h"

#include <stdint.h>
#include <string.h>

double stapes_squared_norm(const float *x, size_t count) {
  double sums[8] = {0};
  const size_t whole = count / 8 * 8;
  for (size_t i = 0; i < whole; i += 8)
    for (size_t lane = 0; lane < 8; lane++) sums[lane] += (double)x[i + lane] * x[i + lane];
  for (size_t i = whole; i < count; i++) sums[i - whole] += (double)x[i] * x[i];
  double sum = 0;
  for (size_t lane = 0; lane < 8; lane++) sum += sums[lane];
  return sum;
}

void stapes_add_scaled(float *x, const float *y, float factor, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] += factor * y[i];
}

void stapes_scale(float *x, float factor, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] *= factor;
}

void stapes_multiply(float *x, const float *y, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] *= y[i];
}

bool stapes_all_finite(const float *x, size_t count) {
  const uint32_t exponent = 0x7F800000;
  uint32_t found = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    found |= (bits & exponent) == exponent;
  }
  return !found;
}
