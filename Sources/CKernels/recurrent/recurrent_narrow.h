// Products with weights stored in 8 or 16 bits, expanded to floats in registers; compiled once for
// each instruction set by the file that includes `recurrent_vector.h` before this one.
//
// A weight is expanded once for the rows of a block. With few rows the time is that of reading the
// weights, with many that of the products.

#include <stdint.h>

enum narrow_kind { NARROW_bfloat16, NARROW_int8 };

typedef int8_t int8_elements __attribute__((vector_size(VECTOR_LENGTH), aligned(1)));
typedef uint16_t uint16_elements __attribute__((vector_size(2 * VECTOR_LENGTH), aligned(2)));
typedef uint32_t uint32_vector __attribute__((vector_size(4 * VECTOR_LENGTH)));

/// VECTOR_LENGTH weights as floats, from the element at `index` on.
INLINE vector expand(enum narrow_kind kind, const void *weights, size_t index) {
  if (kind == NARROW_int8) {
    const int8_elements x = *(const int8_elements *)((const int8_t *)weights + index);
    return __builtin_convertvector(x, vector);
  }
  const uint16_elements x = *(const uint16_elements *)((const uint16_t *)weights + index);
  return (vector)(__builtin_convertvector(x, uint32_vector) << 16);
}

/// One block of a product, as `product_block`; `scales` are those of the block's columns.
INLINE void narrow_block(enum narrow_kind kind, size_t rows, size_t vectors, size_t missing,
                         size_t inner, const float *a, size_t a_stride, const void *panel,
                         size_t start, size_t panel_width, const float *scales, float *out,
                         size_t out_stride) {
  vector sums[BLOCK_ROWS][GROUP_VECTORS];
  const size_t last = VECTOR_LENGTH - missing;
  for (size_t r = 0; r < rows; r++)
    for (size_t v = 0; v < vectors; v++)
      sums[r][v] = kind == NARROW_int8 ? splat(0)
                                       : load_some(out + r * out_stride + v * VECTOR_LENGTH,
                                                   v + 1 == vectors ? last : VECTOR_LENGTH);
  for (size_t k = 0; k < inner; k++) {
    vector w[GROUP_VECTORS];
    for (size_t v = 0; v < vectors; v++)
      w[v] = expand(kind, panel, start + k * panel_width + v * VECTOR_LENGTH);
    for (size_t r = 0; r < rows; r++) {
      vector x = splat(a[r * a_stride + k]);
      for (size_t v = 0; v < vectors; v++) sums[r][v] = multiply_add(x, w[v], sums[r][v]);
    }
  }
  for (size_t r = 0; r < rows; r++)
    for (size_t v = 0; v < vectors; v++) {
      const size_t n = v + 1 == vectors ? last : VECTOR_LENGTH;
      float *to = out + r * out_stride + v * VECTOR_LENGTH;
      vector sum = sums[r][v];
      if (kind == NARROW_int8)
        sum = multiply_add(load_some(scales + v * VECTOR_LENGTH, n), sum, load_some(to, n));
      store_some(to, sum, n);
    }
}

typedef void (*narrow_function)(size_t missing, size_t inner, const float *a, size_t a_stride,
                                const void *panel, size_t start, size_t panel_width,
                                const float *scales, float *out, size_t out_stride);

#define NARROW(KIND, ROWS, VECTORS)                                                              \
  static void KIND##_##ROWS##_##VECTORS(size_t missing, size_t inner, const float *a,            \
                                        size_t a_stride, const void *panel, size_t start,        \
                                        size_t panel_width, const float *scales, float *out,     \
                                        size_t out_stride) {                                     \
    narrow_block(NARROW_##KIND, ROWS, VECTORS, missing, inner, a, a_stride, panel, start,        \
                 panel_width, scales, out, out_stride);                                          \
  }
#define NARROW_ROWS(KIND, ROWS) NARROW(KIND, ROWS, 1) NARROW(KIND, ROWS, 2) NARROW(KIND, ROWS, 3)
#define NARROW_NAMES(KIND, ROWS) {KIND##_##ROWS##_1, KIND##_##ROWS##_2, KIND##_##ROWS##_3}
#if BLOCK_ROWS == 8
#define NARROW_UPPER(MACRO, KIND) MACRO(KIND, 5) MACRO(KIND, 6) MACRO(KIND, 7) MACRO(KIND, 8)
#define NARROW_UPPER_NAMES(KIND) \
  NARROW_NAMES(KIND, 5), NARROW_NAMES(KIND, 6), NARROW_NAMES(KIND, 7), NARROW_NAMES(KIND, 8),
#else
#define NARROW_UPPER(MACRO, KIND)
#define NARROW_UPPER_NAMES(KIND)
#endif
#define NARROW_TABLE(KIND)                                                                       \
  NARROW_ROWS(KIND, 1) NARROW_ROWS(KIND, 2) NARROW_ROWS(KIND, 3) NARROW_ROWS(KIND, 4)            \
  NARROW_UPPER(NARROW_ROWS, KIND)                                                                \
  static const narrow_function KIND##_blocks[BLOCK_ROWS][GROUP_VECTORS] = {                      \
      NARROW_NAMES(KIND, 1), NARROW_NAMES(KIND, 2), NARROW_NAMES(KIND, 3),                       \
      NARROW_NAMES(KIND, 4), NARROW_UPPER_NAMES(KIND)};

NARROW_TABLE(bfloat16)
NARROW_TABLE(int8)

INLINE void add_narrow_product(const narrow_function blocks[BLOCK_ROWS][GROUP_VECTORS],
                               size_t rows, size_t columns, size_t inner, const float *a,
                               size_t a_stride, const void *packed, const float *scales,
                               float *out, size_t out_stride) {
  for (size_t column = 0; column < columns; column += PANEL_COLUMNS) {
    const size_t valid = columns - column < PANEL_COLUMNS ? columns - column : PANEL_COLUMNS;
    const size_t width = panel_width(valid);
    for (size_t row = 0; row < rows; row += BLOCK_ROWS) {
      const size_t count = rows - row < BLOCK_ROWS ? rows - row : BLOCK_ROWS;
      for (size_t start = 0; start < valid; start += GROUP_VECTORS * VECTOR_LENGTH) {
        const size_t left = valid - start;
        size_t vectors = (left + VECTOR_LENGTH - 1) / VECTOR_LENGTH;
        if (vectors > GROUP_VECTORS) vectors = GROUP_VECTORS;
        const size_t missing =
            vectors * VECTOR_LENGTH > left ? vectors * VECTOR_LENGTH - left : 0;
        const float *block_scales = scales ? scales + column + start : NULL;
        blocks[count - 1][vectors - 1](missing, inner, a + row * a_stride, a_stride, packed,
                                       column * inner + start, width, block_scales,
                                       out + row * out_stride + column + start, out_stride);
      }
    }
  }
}

static void add_product_bfloat16(size_t rows, size_t columns, size_t inner, const float *a,
                                 size_t a_stride, const uint16_t *packed, float *out,
                                 size_t out_stride) {
  add_narrow_product(bfloat16_blocks, rows, columns, inner, a, a_stride, packed, NULL, out,
                     out_stride);
}

static void add_product_int8(size_t rows, size_t columns, size_t inner, const float *a,
                             size_t a_stride, const int8_t *packed, const float *scales,
                             float *out, size_t out_stride) {
  add_narrow_product(int8_blocks, rows, columns, inner, a, a_stride, packed, scales, out,
                     out_stride);
}
