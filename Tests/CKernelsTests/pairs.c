// Products of bfloat16 pairs on numbers that a bfloat16 holds exactly and whose sums no float
// rounds: all tables and layouts give the same.

#include <math.h>
#include <stdint.h>

#include "CKernels.h"
#include "checks.h"

static float *integers(size_t count) {
  float *x = random_floats(count, 100);
  for (size_t i = 0; i < count; i++) x[i] = rintf(x[i]);
  return x;
}

static float *transpose_of(const float *x, size_t rows, size_t columns) {
  float *transposed = floats(rows * columns);
  for (size_t i = 0; i < rows * columns; i++)
    transposed[i % columns * rows + i / columns] = x[i];
  return transposed;
}

static void check(size_t rows, size_t columns, size_t inner) {
  begin((unsigned)(rows * 101 + columns));
  float *a = integers(rows * inner), *b = integers(inner * columns);
  float *start = integers(rows * columns), *wanted = copy_of(start, rows * columns);
  for (size_t r = 0; r < rows; r++)
    for (size_t n = 0; n < columns; n++)
      for (size_t k = 0; k < inner; k++)
        wanted[r * columns + n] += a[r * inner + k] * b[k * columns + n];

  const size_t pair_bytes = rows * stapes_pair_count(inner) * sizeof(uint32_t);
  const size_t panel_bytes = stapes_pair_panels_count(inner, columns) * sizeof(uint32_t);
  uint32_t *pairs[] = {memory(pair_bytes), memory(pair_bytes)};
  uint32_t *panels[] = {memory(panel_bytes), memory(panel_bytes)};
  stapes_pair_rows(a, rows, inner, inner, pairs[0]);
  stapes_pair_columns(transpose_of(a, rows, inner), inner, rows, rows, pairs[1]);
  stapes_pair_panels(b, inner, columns, columns, panels[0]);
  stapes_pair_panels_transposed(transpose_of(b, inner, columns), columns, inner, inner, panels[1]);
  for (size_t index = 0; index < stapes_bfloat16_kernel_count(); index++)
    for (int layout = 0; layout < 2; layout++) {
      const struct stapes_bfloat16_kernels *kernels = stapes_bfloat16_kernels_at(index);
      float *out = copy_of(start, rows * columns);
      stapes_bfloat16_add_product(kernels, rows, columns, inner, pairs[layout], panels[layout],
                                  out, columns);
      expect(kernels->name, layout ? "pairs, of transposes" : "pairs", 0, out, wanted,
             rows * columns);
    }
}

void check_pairs(void) {
  for (size_t size = 1; size <= 70; size++) {
    check(size, 33, 7);
    check(3, size, 40);
    check(9, 5, size);
  }
}
