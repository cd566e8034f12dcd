#include "bfloat16_layout.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../for_each_processor.h"

size_t stapes_pair_count(size_t inner) {
  return (inner + 2 * PAIR_STEP - 1) / (2 * PAIR_STEP) * PAIR_STEP;
}

size_t stapes_pair_panels_count(size_t inner, size_t columns) {
  const size_t panels = (columns + PAIR_PANEL_COLUMNS - 1) / PAIR_PANEL_COLUMNS;
  return panels * PAIR_PANEL_COLUMNS * stapes_pair_count(inner);
}

// The functions that store are compiled for several instruction sets; their results are the same.

/// The upper half of x, rounded; what is not a number stays so.
static inline __attribute__((always_inline)) uint32_t rounded(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const uint32_t nearest = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  return (bits & 0x7fffffff) > 0x7f800000 ? (bits >> 16 | 0x40) : nearest;
}

static inline __attribute__((always_inline)) uint32_t pair(float first, float second) {
  return rounded(first) | rounded(second) << 16;
}

FOR_EACH_PROCESSOR
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

/// The edge of the squares of pairs that are transposed in registers.
#define SQUARE 16

typedef uint32_t line __attribute__((vector_size(4 * SQUARE), aligned(4)));

/// Exchanges the off-diagonal blocks of edge `d` in every block of edge 2d: `low` and `high` pick
/// from two lines that lie d apart.
#define EXCHANGE(d, low, high)                                 \
  for (size_t i = 0; i < SQUARE; i++)                          \
    if (!(i & d)) {                                            \
      const line a = lines[i], b = lines[i + d];               \
      lines[i] = __builtin_shufflevector(a, b, low);           \
      lines[i + d] = __builtin_shufflevector(a, b, high);      \
    }
#define LOW_8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define LOW_4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW_1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31

/// Transposes a square.
static inline __attribute__((always_inline)) void transpose(line lines[SQUARE]) {
  EXCHANGE(8, LOW_8, HIGH_8)
  EXCHANGE(4, LOW_4, HIGH_4)
  EXCHANGE(2, LOW_2, HIGH_2)
  EXCHANGE(1, LOW_1, HIGH_1)
}

/// Copies up to `most` floats; the usual case of all of them needs no call.
static inline __attribute__((always_inline)) void copy(float *to, const float *from, size_t count,
                                                       size_t most) {
  if (count == most)
    memcpy(to, from, most * sizeof *to);
  else
    memcpy(to, from, count * sizeof *to);
}

static inline size_t at_most(size_t count, size_t limit) { return count < limit ? count : limit; }

FOR_EACH_PROCESSOR
void stapes_pair_columns(const float *x, size_t rows, size_t columns, size_t stride,
                         uint32_t *pairs) {
  const size_t count = stapes_pair_count(rows);
  for (size_t p = 0; p < count; p += SQUARE)
    for (size_t c = 0; c < columns; c += SQUARE) {
      const size_t width = at_most(columns - c, SQUARE);
      line lines[SQUARE];
      for (size_t i = 0; i < SQUARE; i++) {
        const size_t r = 2 * (p + i);
        float upper[SQUARE] = {0}, lower[SQUARE] = {0};
        if (r < rows) copy(upper, x + r * stride + c, width, SQUARE);
        if (r + 1 < rows) copy(lower, x + (r + 1) * stride + c, width, SQUARE);
        uint32_t both[SQUARE];
        for (size_t n = 0; n < SQUARE; n++) both[n] = pair(upper[n], lower[n]);
        memcpy(&lines[i], both, sizeof both);
      }
      transpose(lines);
      for (size_t n = 0; n < width; n++)
        memcpy(pairs + (c + n) * count + p, &lines[n], sizeof lines[n]);
    }
}

FOR_EACH_PROCESSOR
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

FOR_EACH_PROCESSOR
void stapes_pair_panels_transposed(const float *x, size_t rows, size_t columns, size_t stride,
                                   uint32_t *panels) {
  const size_t count = stapes_pair_count(columns);
  for (size_t first = 0; first < rows; first += PAIR_PANEL_COLUMNS)
    for (size_t half = 0; half < PAIR_PANEL_COLUMNS; half += SQUARE)
      for (size_t p = 0; p < count; p += SQUARE) {
        const size_t width = at_most(columns - at_most(columns, 2 * p), 2 * SQUARE);
        line lines[SQUARE];
        for (size_t i = 0; i < SQUARE; i++) {
          float row[2 * SQUARE] = {0};
          const size_t r = first + half + i;
          if (r < rows && width) copy(row, x + r * stride + 2 * p, width, 2 * SQUARE);
          uint32_t both[SQUARE];
          for (size_t n = 0; n < SQUARE; n++) both[n] = pair(row[2 * n], row[2 * n + 1]);
          memcpy(&lines[i], both, sizeof both);
        }
        transpose(lines);
        uint32_t *to = panels + first * count + p * PAIR_PANEL_COLUMNS + half;
        for (size_t i = 0; i < SQUARE; i++)
          memcpy(to + i * PAIR_PANEL_COLUMNS, &lines[i], sizeof lines[i]);
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

/// The kernels that STAPES_ISA names, or else the best ones.
static const struct stapes_bfloat16_kernels *chosen(void) {
  const struct stapes_bfloat16_kernels *kernels[3];
  const size_t count = available(kernels);
  const char *asked = getenv("STAPES_ISA");
  for (size_t index = 0; asked && index < count; index++)
    if (strcmp(kernels[index]->name, asked) == 0) return kernels[index];
  return kernels[0];
}

const struct stapes_bfloat16_kernels *stapes_bfloat16_kernels_best(void) {
  // Threads that come here first at the same time choose the same.
  static _Atomic(const struct stapes_bfloat16_kernels *) best;
  const struct stapes_bfloat16_kernels *found =
      atomic_load_explicit(&best, memory_order_acquire);
  if (found) return found;
  found = chosen();
  atomic_store_explicit(&best, found, memory_order_release);
  return found;
}
