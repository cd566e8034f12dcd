// The recurrent kernels written once on vectors of VECTOR_LENGTH floats, compiled once for each
// instruction set: the file that includes this one defines VECTOR_LENGTH (16, 8 or 4),
// BLOCK_ROWS (how many rows share one pass over the weights) and KERNELS (the table's name).


#include "recurrent_panels.h"
#include "../vector_math.h"

#define GROUP_VECTORS 3

/// One block of a product: `rows` rows times `vectors` vectors of columns, sums in registers.
/// The last `missing` columns of the block are not there in `out`.
static inline __attribute__((always_inline)) void product_block(
    size_t rows, size_t vectors, size_t missing, size_t inner, const float *a, size_t a_stride,
    const float *panel, size_t panel_width, float *out, size_t out_stride) {
  vector sums[BLOCK_ROWS][GROUP_VECTORS];
  for (size_t r = 0; r < rows; r++)
    for (size_t v = 0; v < vectors; v++)
      sums[r][v] = v + 1 == vectors && missing
                       ? load_some(out + r * out_stride + v * VECTOR_LENGTH, VECTOR_LENGTH - missing)
                       : load(out + r * out_stride + v * VECTOR_LENGTH);
  for (size_t k = 0; k < inner; k++) {
    const float *weights = panel + k * panel_width;
    vector w[GROUP_VECTORS];
    for (size_t v = 0; v < vectors; v++) w[v] = load(weights + v * VECTOR_LENGTH);
    for (size_t r = 0; r < rows; r++) {
      vector x = splat(a[r * a_stride + k]);
      for (size_t v = 0; v < vectors; v++) sums[r][v] = multiply_add(x, w[v], sums[r][v]);
    }
  }
  for (size_t r = 0; r < rows; r++)
    for (size_t v = 0; v < vectors; v++) {
      float *to = out + r * out_stride + v * VECTOR_LENGTH;
      if (v + 1 == vectors && missing)
        store_some(to, sums[r][v], VECTOR_LENGTH - missing);
      else
        store(to, sums[r][v]);
    }
}

#define BLOCK(ROWS, VECTORS)                                                                    \
  static void block_##ROWS##_##VECTORS(size_t missing, size_t inner, const float *a,            \
                                       size_t a_stride, const float *panel, size_t panel_width, \
                                       float *out, size_t out_stride) {                         \
    product_block(ROWS, VECTORS, missing, inner, a, a_stride, panel, panel_width, out,          \
                  out_stride);                                                                  \
  }
#define BLOCKS_OF(ROWS) BLOCK(ROWS, 1) BLOCK(ROWS, 2) BLOCK(ROWS, 3)
#define NAMES_OF(ROWS) {block_##ROWS##_1, block_##ROWS##_2, block_##ROWS##_3}

BLOCKS_OF(1) BLOCKS_OF(2) BLOCKS_OF(3) BLOCKS_OF(4)
#if BLOCK_ROWS == 8
BLOCKS_OF(5) BLOCKS_OF(6) BLOCKS_OF(7) BLOCKS_OF(8)
#endif

typedef void (*block_function)(size_t, size_t, const float *, size_t, const float *, size_t,
                               float *, size_t);

static const block_function blocks[BLOCK_ROWS][GROUP_VECTORS] = {
    NAMES_OF(1), NAMES_OF(2), NAMES_OF(3), NAMES_OF(4),
#if BLOCK_ROWS == 8
    NAMES_OF(5), NAMES_OF(6), NAMES_OF(7), NAMES_OF(8),
#endif
};

static void add_product(size_t rows, size_t columns, size_t inner, const float *a,
                        size_t a_stride, const float *packed, float *out, size_t out_stride) {
  for (size_t column = 0; column < columns; column += PANEL_COLUMNS) {
    const size_t valid = columns - column < PANEL_COLUMNS ? columns - column : PANEL_COLUMNS;
    const size_t width = panel_width(valid);
    const float *panel = packed + column * inner;
    for (size_t row = 0; row < rows; row += BLOCK_ROWS) {
      const size_t count = rows - row < BLOCK_ROWS ? rows - row : BLOCK_ROWS;
      for (size_t start = 0; start < valid; start += GROUP_VECTORS * VECTOR_LENGTH) {
        const size_t left = valid - start;
        size_t vectors = (left + VECTOR_LENGTH - 1) / VECTOR_LENGTH;
        if (vectors > GROUP_VECTORS) vectors = GROUP_VECTORS;
        const size_t missing =
            vectors * VECTOR_LENGTH > left ? vectors * VECTOR_LENGTH - left : 0;
        blocks[count - 1][vectors - 1](missing, inner, a + row * a_stride, a_stride, panel + start,
                                       width, out + row * out_stride + column + start, out_stride);
      }
    }
  }
}
