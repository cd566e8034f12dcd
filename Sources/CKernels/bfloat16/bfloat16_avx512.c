// Products of bfloat16 pairs by AVX512_BF16's dot products.

#include "bfloat16_layout.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")))
#define BLOCK_ROWS 8

/// `rows` rows times the 32 columns of a panel, of which those of the masks are there in `out`.
TARGET static inline __attribute__((always_inline)) void block(
    size_t rows, size_t count, const uint32_t *a, const uint32_t *panel, float *out,
    size_t out_stride, __mmask16 left, __mmask16 right) {
  __m512 sums[BLOCK_ROWS][2];
  for (size_t r = 0; r < rows; r++) {
    sums[r][0] = _mm512_maskz_loadu_ps(left, out + r * out_stride);
    sums[r][1] = _mm512_maskz_loadu_ps(right, out + r * out_stride + 16);
  }
  for (size_t p = 0; p < count; p++) {
    const __m512bh w0 = (__m512bh)_mm512_loadu_si512(panel + p * PAIR_PANEL_COLUMNS);
    const __m512bh w1 = (__m512bh)_mm512_loadu_si512(panel + p * PAIR_PANEL_COLUMNS + 16);
    for (size_t r = 0; r < rows; r++) {
      const __m512bh x = (__m512bh)_mm512_set1_epi32((int)a[r * count + p]);
      sums[r][0] = _mm512_dpbf16_ps(sums[r][0], x, w0);
      sums[r][1] = _mm512_dpbf16_ps(sums[r][1], x, w1);
    }
  }
  for (size_t r = 0; r < rows; r++) {
    _mm512_mask_storeu_ps(out + r * out_stride, left, sums[r][0]);
    _mm512_mask_storeu_ps(out + r * out_stride + 16, right, sums[r][1]);
  }
}

TARGET static void add_product(size_t rows, size_t columns, size_t inner, const uint32_t *a,
                               const uint32_t *panels, float *out, size_t out_stride) {
  const size_t count = stapes_pair_count(inner);
  for (size_t first = 0; first < columns; first += PAIR_PANEL_COLUMNS) {
    const size_t width = columns - first;
    const __mmask16 left = width >= 16 ? 0xffff : (__mmask16)((1u << width) - 1);
    const __mmask16 right =
        width >= 32 ? 0xffff : width > 16 ? (__mmask16)((1u << (width - 16)) - 1) : 0;
    const uint32_t *panel = panels + first * count;
    for (size_t row = 0; row < rows; row += BLOCK_ROWS) {
      const uint32_t *x = a + row * count;
      float *to = out + row * out_stride + first;
      switch (rows - row) {
        case 1: block(1, count, x, panel, to, out_stride, left, right); break;
        case 2: block(2, count, x, panel, to, out_stride, left, right); break;
        case 3: block(3, count, x, panel, to, out_stride, left, right); break;
        case 4: block(4, count, x, panel, to, out_stride, left, right); break;
        case 5: block(5, count, x, panel, to, out_stride, left, right); break;
        case 6: block(6, count, x, panel, to, out_stride, left, right); break;
        case 7: block(7, count, x, panel, to, out_stride, left, right); break;
        default: block(8, count, x, panel, to, out_stride, left, right); break;
      }
    }
  }
}

const struct stapes_bfloat16_kernels stapes_bfloat16_avx512 = {"avx512bf16", add_product};

#endif
