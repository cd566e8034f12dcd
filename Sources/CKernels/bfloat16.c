#include "bfloat16_layout.h"

#include <string.h>

size_t stapes_pair_count(size_t inner) {
  return (inner + 2 * PAIR_STEP - 1) / (2 * PAIR_STEP) * PAIR_STEP;
}

size_t stapes_pair_panels_count(size_t inner, size_t columns) {
  const size_t panels = (columns + PAIR_PANEL_COLUMNS - 1) / PAIR_PANEL_COLUMNS;
  return panels * PAIR_PANEL_COLUMNS * stapes_pair_count(inner);
}

/// The upper half of x, rounded; what is not a number stays so.
static inline uint32_t rounded(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const uint32_t nearest = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  return (bits & 0x7fffffff) > 0x7f800000 ? (bits >> 16 | 0x40) : nearest;
}

static inline uint32_t pair(float first, float second) {
  return rounded(first) | rounded(second) << 16;
}

void stapes_pair_rows(const float *x, size_t rows, size_t columns, size_t stride,
                      uint32_t *pairs) {
  const size_t count = stapes_pair_count(columns);
  for (size_t r = 0; r < rows; r++) {
    const float *row = x + r * stride;
    uint32_t *to = pairs + r * count;
    for (size_t p = 0; p < columns / 2; p++) to[p] = pair(row[2 * p], row[2 * p + 1]);
    size_t written = columns / 2;
    if (columns % 2) to[written++] = pair(row[columns - 1], 0);
    memset(to + written, 0, (count - written) * sizeof *to);
  }
}

/// The edge of the squares that are turned over at a time, so that reads and writes stay close.
#define SQUARE 16

/// to[c * to_stride + p] = the pair of rows 2p and 2p + 1 in column c, for some pairs and columns.
static inline void turn_square(const float *x, size_t rows, size_t stride, size_t first_pair,
                               size_t pairs, size_t columns, uint32_t *to, size_t to_stride) {
  for (size_t p = 0; p < pairs; p++) {
    const float *row = x + 2 * (first_pair + p) * stride;
    const int is_whole = 2 * (first_pair + p) + 1 < rows;
    for (size_t c = 0; c < columns; c++)
      to[c * to_stride + p] = pair(row[c], is_whole ? row[stride + c] : 0);
  }
}

void stapes_pair_columns(const float *x, size_t rows, size_t columns, size_t stride,
                         uint32_t *pairs) {
  const size_t count = stapes_pair_count(rows), used = (rows + 1) / 2;
  for (size_t p = 0; p < used; p += SQUARE)
    for (size_t c = 0; c < columns; c += SQUARE)
      turn_square(x + c, rows, stride, p, used - p < SQUARE ? used - p : SQUARE,
                  columns - c < SQUARE ? columns - c : SQUARE, pairs + c * count + p, count);
  for (size_t c = 0; c < columns; c++)
    memset(pairs + c * count + used, 0, (count - used) * sizeof *pairs);
}

void stapes_pair_panels(const float *x, size_t rows, size_t columns, size_t stride,
                        uint32_t *panels) {
  const size_t count = stapes_pair_count(rows);
  memset(panels, 0, stapes_pair_panels_count(rows, columns) * sizeof *panels);
  for (size_t first = 0; first < columns; first += PAIR_PANEL_COLUMNS) {
    const size_t left = columns - first;
    const size_t width = left < PAIR_PANEL_COLUMNS ? left : PAIR_PANEL_COLUMNS;
    uint32_t *panel = panels + first * count;
    for (size_t p = 0; p < rows / 2; p++) {
      const float *upper = x + 2 * p * stride + first, *lower = upper + stride;
      for (size_t n = 0; n < width; n++)
        panel[p * PAIR_PANEL_COLUMNS + n] = pair(upper[n], lower[n]);
    }
    if (rows % 2)
      for (size_t n = 0; n < width; n++)
        panel[rows / 2 * PAIR_PANEL_COLUMNS + n] = pair(x[(rows - 1) * stride + first + n], 0);
  }
}

void stapes_pair_panels_transposed(const float *x, size_t rows, size_t columns, size_t stride,
                                   uint32_t *panels) {
  const size_t count = stapes_pair_count(columns);
  memset(panels, 0, stapes_pair_panels_count(columns, rows) * sizeof *panels);
  for (size_t first = 0; first < rows; first += PAIR_PANEL_COLUMNS) {
    const size_t width = rows - first < PAIR_PANEL_COLUMNS ? rows - first : PAIR_PANEL_COLUMNS;
    uint32_t *panel = panels + first * count;
    for (size_t start = 0; start < columns; start += 2 * SQUARE)
      for (size_t n = 0; n < width; n++) {
        const float *row = x + (first + n) * stride;
        const size_t end = columns - start < 2 * SQUARE ? columns : start + 2 * SQUARE;
        for (size_t k = start; k < end; k += 2)
          panel[k / 2 * PAIR_PANEL_COLUMNS + n] = pair(row[k], k + 1 < end ? row[k + 1] : 0);
      }
  }
}

void stapes_bfloat16_add_product(const struct stapes_bfloat16_kernels *kernels, size_t rows,
                                 size_t columns, size_t inner, const uint32_t *a,
                                 const uint32_t *panels, float *out, size_t out_stride) {
  const size_t count = stapes_pair_count(inner), cached_pairs = (size_t)1 << 17;
  const size_t fitting = cached_pairs / (count + 1) / 32 * 32;
  const size_t chunk = fitting > 32 ? fitting : 32;
  for (size_t row = 0; row < rows; row += chunk)
    kernels->add_product(rows - row < chunk ? rows - row : chunk, columns, inner, a + row * count,
                         panels, out + row * out_stride, out_stride);
}

/// Fills `kernels` with what this processor runs, best first; returns how many.
static size_t available(const struct stapes_bfloat16_kernels *kernels[3]) {
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (stapes_amx_is_granted()) kernels[count++] = &stapes_bfloat16_amx;
  if (__builtin_cpu_supports("avx512bf16")) kernels[count++] = &stapes_bfloat16_avx512;
#endif
  kernels[count++] = &stapes_bfloat16_plain;
  return count;
}

size_t stapes_bfloat16_kernel_count(void) {
  const struct stapes_bfloat16_kernels *kernels[3];
  return available(kernels);
}

const struct stapes_bfloat16_kernels *stapes_bfloat16_kernels_at(size_t index) {
  const struct stapes_bfloat16_kernels *kernels[3];
  const size_t count = available(kernels);
  return kernels[index < count ? index : count - 1];
}
