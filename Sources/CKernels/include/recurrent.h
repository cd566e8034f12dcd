#pragma once

#include <stddef.h>
#include <stdint.h>

/// Recurrent products with packed weights, and the recurrent cells forward and backward.
///
/// A packed matrix B [inner x columns] is stored in panels of 48 columns (the last one narrower,
/// rounded up to 16 and filled with zeros); within a panel, row after row. Every element of a
/// product is summed over the inner index in order, by fused multiply-adds, so that it
/// does not depend on how many rows are computed together.
///
/// Weights may be stored narrow: as bfloat16, the upper half of a float, or as int8 with one float
/// scale for each column. They are expanded in registers, and sums are those of floats.

/// The number of elements of a packed matrix.
size_t stapes_packed_count(size_t inner, size_t columns);

/// Packs B, whose element (k, n) is b[k * inner_stride + n * column_stride].
void stapes_pack(const float *b, size_t inner, size_t columns, size_t inner_stride,
                 size_t column_stride, float *packed);
void stapes_pack_int8(const int8_t *b, size_t inner, size_t columns, size_t inner_stride,
                      size_t column_stride, int8_t *packed);
void stapes_pack_bfloat16(const uint16_t *b, size_t inner, size_t columns, size_t inner_stride,
                          size_t column_stride, uint16_t *packed);

/// One instruction set's kernels. An LSTM's gates lie in the order i f g o, each `hidden` wide.
struct stapes_recurrent_kernels {
  /// The name by which STAPES_ISA asks for it.
  const char *name;

  /// out [rows x columns] += a [rows x inner] · B, with the distance from row to row given.
  void (*add_product)(size_t rows, size_t columns, size_t inner, const float *a, size_t a_stride,
                      const float *packed, float *out, size_t out_stride);

  /// The same with B stored as bfloat16; equal to `add_product` with B's values as floats.
  void (*add_product_bfloat16)(size_t rows, size_t columns, size_t inner, const float *a,
                               size_t a_stride, const uint16_t *packed, float *out,
                               size_t out_stride);

  /// out [rows x columns] += (a · Q) · diag(scales), with Q stored as int8: each sum begins at
  /// zero and is scaled as it is added.
  void (*add_product_int8)(size_t rows, size_t columns, size_t inner, const float *a,
                           size_t a_stride, const int8_t *packed, const float *scales, float *out,
                           size_t out_stride);

  /// The LSTM cell for some rows: `gates` [rows x 4 hidden] holds the gates' inputs and becomes
  /// their values; c = f·c_previous + i·g, h = o·tanh(c). Rows from `previous_rows` on start from
  /// a cell of zero.
  void (*lstm_forward)(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                       const float *c_previous, float *c, float *h, size_t h_stride);

  /// The cell's gradient: `gates` holds the gates' values and becomes the gradient of their
  /// inputs; `dc` [rows x hidden] holds the gradient that reaches c from the step after and
  /// becomes the one that goes to the step before; `dh` is the whole gradient of h.
  void (*lstm_backward)(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                        const float *c_previous, const float *c, const float *dh, float *dc);

  /// The LSTM cell whose gates see the cell: `peepholes` [3 x hidden] holds the weights of
  /// c_previous for the gates i and f, and of c for the gate o.
  void (*lstm_peephole_forward)(size_t rows, size_t previous_rows, size_t hidden,
                                const float *peepholes, float *gates, const float *c_previous,
                                float *c, float *h, size_t h_stride);
  void (*lstm_peephole_backward)(size_t rows, size_t previous_rows, size_t hidden,
                                 const float *peepholes, float *gates, const float *c_previous,
                                 const float *c, const float *dh, float *dc);

  /// The GRU cell that resets after the product: `gates` [rows x 3 hidden], in the order r z n,
  /// holds the gates' inputs and becomes their values; `u` [rows x hidden] is what r scales in n;
  /// h = n + z·(h_previous - n). Rows from `previous_rows` on start from an h of zero; both h lie
  /// `h_stride` from row to row.
  void (*gru_forward)(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                      const float *u, const float *h_previous, float *h, size_t h_stride);

  /// Its gradient: `gates` and `u` become the gradients of what they were in the forward pass; `dh`
  /// [rows x hidden] holds the whole gradient of h and becomes what goes straight to h_previous.
  void (*gru_backward)(size_t rows, size_t previous_rows, size_t hidden, float *gates, float *u,
                       const float *h_previous, size_t h_stride, float *dh);

  /// The GRU cell that resets before the product, in two parts: first r, z and u = r·h_previous;
  /// then, when u's product was added to n's input, n and h.
  void (*gru_reset)(size_t rows, size_t previous_rows, size_t hidden, float *gates, float *u,
                    const float *h_previous, size_t h_stride);
  void (*gru_candidate)(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                        const float *h_previous, float *h, size_t h_stride);

  /// Their gradients, the second part first: z's and n's, with `dh` as in `gru_backward`; then,
  /// from `du` [rows x hidden], r's, and what u adds to `dh`.
  void (*gru_candidate_backward)(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                                 const float *h_previous, size_t h_stride, float *dh);
  void (*gru_reset_backward)(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                             const float *du, const float *h_previous, size_t h_stride,
                             float *dh);

  /// h = tanh(a), or with a `ceiling` above 0, h = min(max(a, 0), ceiling); `a` [rows x hidden]
  /// becomes h as well.
  void (*activate)(size_t rows, size_t hidden, float ceiling, float *a, float *h,
                   size_t h_stride);

  /// Its gradient: `a` holds h and becomes the gradient of a, for the gradient `dh` of h.
  void (*activate_backward)(size_t rows, size_t hidden, float ceiling, float *a,
                            const float *dh);
};

/// The kernels that this processor runs, best first, the plain loops last.
size_t stapes_recurrent_kernel_count(void);
const struct stapes_recurrent_kernels *stapes_recurrent_kernels_at(size_t index);

/// The best kernels of this processor, or those that the environment's STAPES_ISA names, which is
/// read at the first call.
const struct stapes_recurrent_kernels *stapes_recurrent_kernels_best(void);
