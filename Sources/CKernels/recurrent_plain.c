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

static float sigmoid(float x) { return 1 / (1 + expf(-x)); }

static void lstm_forward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                         const float *c_previous, float *c, float *h, size_t h_stride) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      float *gate = gates + row * 4 * hidden + j;
      const float i = sigmoid(gate[0]);
      const float f = sigmoid(gate[hidden]);
      const float g = tanhf(gate[2 * hidden]);
      const float o = sigmoid(gate[3 * hidden]);
      const float before = row < previous_rows ? c_previous[row * hidden + j] : 0;
      const float cell = f * before + i * g;
      gate[0] = i;
      gate[hidden] = f;
      gate[2 * hidden] = g;
      gate[3 * hidden] = o;
      c[row * hidden + j] = cell;
      h[row * h_stride + j] = o * tanhf(cell);
    }
}

static void lstm_backward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                          const float *c_previous, const float *c, const float *dh, float *dc) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      const size_t at = row * hidden + j;
      float *gate = gates + row * 4 * hidden + j;
      const float i = gate[0], f = gate[hidden], g = gate[2 * hidden], o = gate[3 * hidden];
      const float before = row < previous_rows ? c_previous[at] : 0;
      const float tanh_c = tanhf(c[at]);
      const float gradient = dc[at] + dh[at] * o * (1 - tanh_c * tanh_c);
      gate[0] = gradient * g * i * (1 - i);
      gate[hidden] = gradient * before * f * (1 - f);
      gate[2 * hidden] = gradient * i * (1 - g * g);
      gate[3 * hidden] = dh[at] * tanh_c * o * (1 - o);
      dc[at] = gradient * f;
    }
}

const struct stapes_recurrent_kernels stapes_recurrent_plain = {
    "plain", add_product, add_product_bfloat16, add_product_int8, lstm_forward, lstm_backward};
