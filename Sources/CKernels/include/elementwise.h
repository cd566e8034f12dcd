#pragma once

#include <stdbool.h>
#include <stddef.h>

/// The sum of x[i]², in eight partial sums of double precision added in a fixed order.
double stapes_squared_norm(const float *x, size_t count);

/// Whether no x[i] is infinite or not a number.
bool stapes_all_finite(const float *x, size_t count);

/// x[i] += factor · y[i]
void stapes_add_scaled(float *x, const float *y, float factor, size_t count);

/// x[i] *= factor
void stapes_scale(float *x, float factor, size_t count);

/// x[i] *= y[i]
void stapes_multiply(float *x, const float *y, size_t count);
