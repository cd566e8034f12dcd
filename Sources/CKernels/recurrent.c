#include "recurrent.h"

#include <stdlib.h>
#include <string.h>

#include "recurrent_panels.h"
#include "recurrent_tables.h"

size_t stapes_packed_count(size_t inner, size_t columns) {
  const size_t whole = columns / PANEL_COLUMNS * PANEL_COLUMNS;
  return (whole + panel_width(columns - whole)) * inner;
}

void stapes_pack(const float *b, size_t inner, size_t columns, size_t inner_stride,
                 size_t column_stride, float *packed) {
  for (size_t first = 0; first < columns; first += PANEL_COLUMNS) {
    const size_t valid = columns - first < PANEL_COLUMNS ? columns - first : PANEL_COLUMNS;
    const size_t width = panel_width(valid);
    float *panel = packed + first * inner;
    for (size_t k = 0; k < inner; k++)
      for (size_t n = 0; n < width; n++)
        panel[k * width + n] =
            n < valid ? b[k * inner_stride + (first + n) * column_stride] : 0;
  }
}

/// Fills `kernels` with what this processor runs, best first; returns how many.
static size_t available(const struct stapes_recurrent_kernels *kernels[4]) {
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    kernels[count++] = &stapes_recurrent_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    kernels[count++] = &stapes_recurrent_avx2;
#endif
  kernels[count++] = &stapes_recurrent_baseline;
  kernels[count++] = &stapes_recurrent_plain;
  return count;
}

size_t stapes_recurrent_kernel_count(void) {
  const struct stapes_recurrent_kernels *kernels[4];
  return available(kernels);
}

const struct stapes_recurrent_kernels *stapes_recurrent_kernels_at(size_t index) {
  const struct stapes_recurrent_kernels *kernels[4];
  const size_t count = available(kernels);
  return kernels[index < count ? index : count - 1];
}

const struct stapes_recurrent_kernels *stapes_recurrent_kernels_best(void) {
  const struct stapes_recurrent_kernels *kernels[4];
  const size_t count = available(kernels);
  const char *asked = getenv("STAPES_ISA");
  for (size_t index = 0; asked && index < count; index++)
    if (strcmp(kernels[index]->name, asked) == 0) return kernels[index];
  return kernels[0];
}
