// Products of bfloat16 pairs as plain loops: what the others are held to.

#include "bfloat16_layout.h"

#include <string.h>

static float widened(uint32_t half) {
  const uint32_t bits = half << 16;
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static void add_product(size_t rows, size_t columns, size_t inner, const uint32_t *a,
                        const uint32_t *panels, float *out, size_t out_stride) {
  const size_t count = stapes_pair_count(inner);
  for (size_t r = 0; r < rows; r++)
    for (size_t n = 0; n < columns; n++) {
      const uint32_t *panel = panels + n / PAIR_PANEL_COLUMNS * PAIR_PANEL_COLUMNS * count;
      float sum = out[r * out_stride + n];
      for (size_t p = 0; p < count; p++) {
        const uint32_t x = a[r * count + p];
        const uint32_t w = panel[p * PAIR_PANEL_COLUMNS + n % PAIR_PANEL_COLUMNS];
        sum += widened(x & 0xffff) * widened(w & 0xffff) + widened(x >> 16) * widened(w >> 16);
      }
      out[r * out_stride + n] = sum;
    }
}

const struct stapes_bfloat16_kernels stapes_bfloat16_plain = {"plain", add_product};
