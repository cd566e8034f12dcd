// Recurrent products: each table's against the plain loops, and these against the definition.

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "CKernels.h"
#include "checks.h"

/// A product's shape and operands. The rows of `a` and of the result lie apart.
struct product {
  size_t rows, columns, inner, a_stride, out_stride, out_count;
  float *a, *start, *scales;
  float *packed;
  uint16_t *packed_bfloat16;
  int8_t *packed_int8;
};

enum kind { FLOAT, BFLOAT16, INT8, KINDS };
static const char *const names[KINDS] = {"add_product", "add_product_bfloat16",
                                         "add_product_int8"};

static float *result(const struct stapes_recurrent_kernels *kernels, const struct product *p,
                     enum kind kind) {
  float *out = copy_of(p->start, p->out_count);
  if (kind == FLOAT)
    kernels->add_product(p->rows, p->columns, p->inner, p->a, p->a_stride, p->packed, out,
                         p->out_stride);
  else if (kind == BFLOAT16)
    kernels->add_product_bfloat16(p->rows, p->columns, p->inner, p->a, p->a_stride,
                                  p->packed_bfloat16, out, p->out_stride);
  else
    kernels->add_product_int8(p->rows, p->columns, p->inner, p->a, p->a_stride, p->packed_int8,
                              p->scales, out, p->out_stride);
  return out;
}

/// start + a · B in double precision; a scale may be null.
static float *by_definition(const struct product *p, const float *b, const float *scales) {
  float *out = copy_of(p->start, p->out_count);
  for (size_t r = 0; r < p->rows; r++)
    for (size_t n = 0; n < p->columns; n++) {
      double sum = 0;
      for (size_t k = 0; k < p->inner; k++)
        sum += (double)p->a[r * p->a_stride + k] * b[k * p->columns + n];
      float *to = out + r * p->out_stride + n;
      *to = (float)(*to + sum * (scales ? scales[n] : 1));
    }
  return out;
}

static void check(size_t rows, size_t columns, size_t inner) {
  begin((unsigned)(rows * 10007 + columns * 101 + inner));
  struct product p = {rows, columns, inner, inner + 3, columns + 5, .packed = NULL};
  p.out_count = (rows - 1) * p.out_stride + columns;
  p.a = random_floats((rows - 1) * p.a_stride + inner, 1);
  p.start = random_floats(p.out_count, 1);
  p.scales = random_floats(columns, 0.01f);

  // B as each kind of weights holds it, as floats; as stored, the narrow ones transposed.
  float *b[KINDS] = {random_floats(inner * columns, 1), floats(inner * columns),
                     floats(inner * columns)};
  uint16_t *halves = memory(inner * columns * sizeof *halves);
  int8_t *bytes = memory(inner * columns);
  for (size_t k = 0; k < inner; k++)
    for (size_t n = 0; n < columns; n++) {
      const size_t at = k * columns + n, transposed = n * inner + k;
      uint32_t bits;
      memcpy(&bits, &b[FLOAT][at], sizeof bits);
      halves[transposed] = (uint16_t)(bits >> 16);
      bits &= 0xffff0000;
      memcpy(&b[BFLOAT16][at], &bits, sizeof bits);
      bytes[transposed] = (int8_t)lrintf(127 * b[FLOAT][at]);
      b[INT8][at] = bytes[transposed];
    }
  const size_t count = stapes_packed_count(inner, columns);
  p.packed = floats(count);
  p.packed_bfloat16 = memory(count * sizeof *p.packed_bfloat16);
  p.packed_int8 = memory(count);
  stapes_pack(b[FLOAT], inner, columns, columns, 1, p.packed);
  stapes_pack_bfloat16(halves, inner, columns, 1, inner, p.packed_bfloat16);
  stapes_pack_int8(bytes, inner, columns, 1, inner, p.packed_int8);

  const size_t plain = stapes_recurrent_kernel_count() - 1;
  for (enum kind kind = 0; kind < KINDS; kind++) {
    const float *twin = result(stapes_recurrent_kernels_at(plain), &p, kind);
    const double rounding = 1e-6 * (double)(inner + 1);
    expect("plain", names[kind], rounding, twin,
           by_definition(&p, b[kind], kind == INT8 ? p.scales : NULL), p.out_count);
    for (size_t index = 0; index < plain; index++) {
      const struct stapes_recurrent_kernels *kernels = stapes_recurrent_kernels_at(index);
      // Sums are in order, and so the same unless one table fuses what the other rounds.
      const double bound = strncmp(kernels->name, "avx", 3) ? 0 : rounding;
      expect(kernels->name, names[kind], bound, result(kernels, &p, kind), twin, p.out_count);
    }
  }
}

void check_products(void) {
  const size_t inner[] = {0, 1, 2, 5, 33};
  for (size_t rows = 1; rows <= 17; rows++)
    for (size_t columns = 1; columns <= 100; columns++)
      check(rows, columns, inner[(rows + columns) % 5]);
  for (size_t size = 1; size <= 100; size++) {
    check(size, 115, 7);
    check(1, 51, size);
    check(9, 49, 3 * size);
  }
}
