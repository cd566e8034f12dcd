// The recurrent kernels as plain loops on the C library's functions: what the others are held to.

#include <math.h>
#include <string.h>

#include "recurrent_panels.h"
#include "recurrent_tables.h"

/// Where column `column` of a packed matrix begins; its elements lie `*width` apart.
static size_t column_start(size_t column, size_t columns, size_t inner, size_t *width) {
  const size_t first = column / PANEL_COLUMNS * PANEL_COLUMNS;
  const size_t left = columns - first;
  *width = panel_width(left < PANEL_COLUMNS ? left : PANEL_COLUMNS);
  return first * inner + (column - first);
}

static void add_product(size_t rows, size_t columns, size_t inner, const float *a,
                        size_t a_stride, const float *packed, float *out, size_t out_stride) {
  for (size_t row = 0; row < rows; row++)
    for (size_t column = 0; column < columns; column++) {
      size_t width;
      const float *weights = packed + column_start(column, columns, inner, &width);
      float sum = out[row * out_stride + column];
      for (size_t k = 0; k < inner; k++) sum += a[row * a_stride + k] * weights[k * width];
      out[row * out_stride + column] = sum;
    }
}

static void add_product_bfloat16(size_t rows, size_t columns, size_t inner, const float *a,
                                 size_t a_stride, const uint16_t *packed, float *out,
                                 size_t out_stride) {
  for (size_t row = 0; row < rows; row++)
    for (size_t column = 0; column < columns; column++) {
      size_t width;
      const uint16_t *weights = packed + column_start(column, columns, inner, &width);
      float sum = out[row * out_stride + column];
      for (size_t k = 0; k < inner; k++) {
        const uint32_t bits = (uint32_t)weights[k * width] << 16;
        float weight;
        memcpy(&weight, &bits, sizeof weight);
        sum += a[row * a_stride + k] * weight;
      }
      out[row * out_stride + column] = sum;
    }
}

static void add_product_int8(size_t rows, size_t columns, size_t inner, const float *a,
                             size_t a_stride, const int8_t *packed, const float *scales,
                             float *out, size_t out_stride) {
  for (size_t row = 0; row < rows; row++)
    for (size_t column = 0; column < columns; column++) {
      size_t width;
      const int8_t *weights = packed + column_start(column, columns, inner, &width);
      float sum = 0;
      for (size_t k = 0; k < inner; k++) sum += a[row * a_stride + k] * weights[k * width];
      out[row * out_stride + column] += scales[column] * sum;
    }
}

#include "recurrent_plain_lstm.h"
#include "recurrent_plain_gru.h"

const struct stapes_recurrent_kernels stapes_recurrent_plain = {"plain", RECURRENT_FUNCTIONS};
