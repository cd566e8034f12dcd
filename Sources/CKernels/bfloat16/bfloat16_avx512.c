// Products of bfloat16 pairs by AVX512_BF16's dot products.

#include "bfloat16_layout.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")))
#define BLOCK_ROWS 8

/// `rows` rows times the columns of one or two panels, of which those of the masks are there in the last.
TARGET static inline __attribute__((always_inline)) void block(
    size_t rows, size_t panel_count, size_t count, const uint32_t *a, const uint32_t *panel,
    float *out, size_t out_stride, __mmask16 left, __mmask16 right) {
  __m512 sums[BLOCK_ROWS][4];
  const __mmask16 masks[4] = {panel_count == 2 ? 0xffff : left, panel_count == 2 ? 0xffff : right,
                              left, right};
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < 2 * panel_count; i++)
      sums[r][i] = _mm512_maskz_loadu_ps(masks[i], out + r * out_stride + 16 * i);
  for (size_t p = 0; p < count; p++) {
    __m512bh w[4];
    for (size_t i = 0; i < 2 * panel_count; i++)
      w[i] = (__m512bh)_mm512_loadu_si512(panel + (i / 2 * count + p) * PAIR_PANEL_COLUMNS +
                                          i % 2 * 16);
    for (size_t r = 0; r < rows; r++) {
      const __m512bh x = (__m512bh)_mm512_set1_epi32((int)a[r * count + p]);
      for (size_t i = 0; i < 2 * panel_count; i++)
        sums[r][i] = _mm512_dpbf16_ps(sums[r][i], x, w[i]);
    }
  }
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < 2 * panel_count; i++)
      _mm512_mask_storeu_ps(out + r * out_stride + 16 * i, masks[i], sums[r][i]);
}

#define ROWS(n)                                                                  \
  case n:                                                                        \
    if (panel_count == 2)                                                        \
      block(n, 2, count, x, panel, to, out_stride, left, right);                 \
    else                                                                         \
      block(n, 1, count, x, panel, to, out_stride, left, right);                 \
    break;

TARGET static void add_product(size_t rows, size_t columns, size_t inner, const uint32_t *a,
                               const uint32_t *panels, float *out, size_t out_stride) {
  const size_t count = stapes_pair_count(inner);
  // Few rows need two panels for as many sums as keep the processor busy.
  for (size_t first = 0, panel_count; first < columns; first += panel_count * PAIR_PANEL_COLUMNS) {
    panel_count = rows <= BLOCK_ROWS / 2 && columns - first > PAIR_PANEL_COLUMNS ? 2 : 1;
    const size_t width = columns - first - (panel_count - 1) * PAIR_PANEL_COLUMNS;
    const __mmask16 left = width >= 16 ? 0xffff : (__mmask16)((1u << width) - 1);
    const __mmask16 right =
        width >= 32 ? 0xffff : width > 16 ? (__mmask16)((1u << (width - 16)) - 1) : 0;
    const uint32_t *panel = panels + first * count;
    for (size_t row = 0; row < rows; row += BLOCK_ROWS) {
      const uint32_t *x = a + row * count;
      float *to = out + row * out_stride + first;
      // Rows of `out` lie far apart, which no processor foresees.
      for (size_t r = row + BLOCK_ROWS; r < rows && r < row + 2 * BLOCK_ROWS; r++) {
        __builtin_prefetch(out + r * out_stride + first, 1);
        __builtin_prefetch(out + r * out_stride + first + 16, 1);
      }
      switch (rows - row) {
        ROWS(1)
        ROWS(2)
        ROWS(3)
        ROWS(4)
        case 5: block(5, 1, count, x, panel, to, out_stride, left, right); break;
        case 6: block(6, 1, count, x, panel, to, out_stride, left, right); break;
        case 7: block(7, 1, count, x, panel, to, out_stride, left, right); break;
        default: block(BLOCK_ROWS, 1, count, x, panel, to, out_stride, left, right); break;
      }
    }
  }
}

const struct stapes_bfloat16_kernels stapes_bfloat16_avx512 = {"avx512bf16", add_product};

#endif
