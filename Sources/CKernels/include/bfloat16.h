#pragma once

#include <stddef.h>
#include <stdint.h>

/// Products of matrices rounded to bfloat16, summed in float32.
///
/// A bfloat16 is the upper half of a float32; rounding is to the nearest, ties to even. Both
/// factors hold pairs of neighbours along the inner index, which the dot products take as one:
/// a pair is 32 bits, the lower half first. The inner length is rounded up to a multiple of 32,
/// the rest filled with zeros.
///
/// The left factor A [rows x inner] is stored row after row. The right factor B [inner x columns]
/// is stored in panels of 32 columns, the last one filled with zeros; within a panel, pair after
/// pair of rows, 32 columns each. A row of a product depends on that row of A alone, to the last
/// bit, and not on how many rows are computed together.

/// The number of pairs of a row of the left factor.
size_t stapes_pair_count(size_t inner);

/// The number of pairs of a whole right factor.
size_t stapes_pair_panels_count(size_t inner, size_t columns);

/// Stores a matrix [rows x columns] as a left factor, [rows x columns].
void stapes_pair_rows(const float *x, size_t rows, size_t columns, size_t stride, uint32_t *pairs);

/// Stores the transpose of a matrix [rows x columns] as a left factor, [columns x rows].
void stapes_pair_columns(const float *x, size_t rows, size_t columns, size_t stride,
                         uint32_t *pairs);

/// Stores a matrix [rows x columns] as a right factor, [rows x columns].
void stapes_pair_panels(const float *x, size_t rows, size_t columns, size_t stride,
                        uint32_t *panels);

/// Stores the transpose of a matrix [rows x columns] as a right factor, [columns x rows].
void stapes_pair_panels_transposed(const float *x, size_t rows, size_t columns, size_t stride,
                                   uint32_t *panels);

/// One instruction set's kernels.
struct stapes_bfloat16_kernels {
  /// Its name: amx, avx512bf16 or plain.
  const char *name;

  /// out [rows x columns] += A · B, with the distance from row to row of `out` given.
  void (*add_product)(size_t rows, size_t columns, size_t inner, const uint32_t *a,
                      const uint32_t *panels, float *out, size_t out_stride);
};

/// `add_product` of some kernels, on so many rows at once that they stay in the cache while all
/// panels go by.
void stapes_bfloat16_add_product(const struct stapes_bfloat16_kernels *kernels, size_t rows,
                                 size_t columns, size_t inner, const uint32_t *a,
                                 const uint32_t *panels, float *out, size_t out_stride);

/// The kernels that this processor runs, best first, the plain loops last.
size_t stapes_bfloat16_kernel_count(void);
const struct stapes_bfloat16_kernels *stapes_bfloat16_kernels_at(size_t index);

/// The best kernels of this processor, or those that the environment's STAPES_ISA names, which is
/// read at the first call.
const struct stapes_bfloat16_kernels *stapes_bfloat16_kernels_best(void);
