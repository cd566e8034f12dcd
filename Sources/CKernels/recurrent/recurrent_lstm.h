// The LSTM cell on vectors; compiled once for each instruction set by the file that includes
// `vector_math.h` before this one.

/// The cell on one vector of hidden units; `n` of its elements count. `peepholes` may be null.
INLINE void cell_forward(size_t n, size_t hidden, const float *peepholes, float *gates,
                         const float *previous, float *c, float *h) {
  const vector before = previous ? load_some(previous, n) : splat(0);
  vector input_i = load_some(gates, n), input_f = load_some(gates + hidden, n);
  if (peepholes) {
    input_i = multiply_add(load_some(peepholes, n), before, input_i);
    input_f = multiply_add(load_some(peepholes + hidden, n), before, input_f);
  }
  const vector i = sigmoid(input_i);
  const vector f = sigmoid(input_f);
  const vector g = hyperbolic_tangent(load_some(gates + 2 * hidden, n));
  const vector cell = multiply_add(f, before, i * g);
  vector input_o = load_some(gates + 3 * hidden, n);
  if (peepholes) input_o = multiply_add(load_some(peepholes + 2 * hidden, n), cell, input_o);
  const vector o = sigmoid(input_o);
  store_some(gates, i, n);
  store_some(gates + hidden, f, n);
  store_some(gates + 2 * hidden, g, n);
  store_some(gates + 3 * hidden, o, n);
  store_some(c, cell, n);
  store_some(h, o * hyperbolic_tangent(cell), n);
}

INLINE void cells_forward(size_t rows, size_t previous_rows, size_t hidden,
                          const float *peepholes, float *gates, const float *c_previous, float *c,
                          float *h, size_t h_stride) {
  for (size_t row = 0; row < rows; row++) {
    float *row_gates = gates + row * 4 * hidden;
    const float *previous = row < previous_rows ? c_previous + row * hidden : NULL;
    size_t j = 0;
    for (; j + VECTOR_LENGTH <= hidden; j += VECTOR_LENGTH)
      cell_forward(VECTOR_LENGTH, hidden, peepholes ? peepholes + j : NULL, row_gates + j,
                   previous ? previous + j : NULL, c + row * hidden + j, h + row * h_stride + j);
    if (j < hidden)
      cell_forward(hidden - j, hidden, peepholes ? peepholes + j : NULL, row_gates + j,
                   previous ? previous + j : NULL, c + row * hidden + j, h + row * h_stride + j);
  }
}

static void lstm_forward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                         const float *c_previous, float *c, float *h, size_t h_stride) {
  cells_forward(rows, previous_rows, hidden, NULL, gates, c_previous, c, h, h_stride);
}

static void lstm_peephole_forward(size_t rows, size_t previous_rows, size_t hidden,
                                  const float *peepholes, float *gates, const float *c_previous,
                                  float *c, float *h, size_t h_stride) {
  cells_forward(rows, previous_rows, hidden, peepholes, gates, c_previous, c, h, h_stride);
}

/// The gradient of `cell_forward`.
INLINE void cell_backward(size_t n, size_t hidden, const float *peepholes, float *gates,
                          const float *previous, const float *c, const float *dh, float *dc) {
  const vector one = splat(1);
  const vector i = load_some(gates, n);
  const vector f = load_some(gates + hidden, n);
  const vector g = load_some(gates + 2 * hidden, n);
  const vector o = load_some(gates + 3 * hidden, n);
  const vector tanh_c = hyperbolic_tangent(load_some(c, n));
  const vector dh_here = load_some(dh, n);
  const vector d_o = dh_here * tanh_c * o * (one - o);
  vector dc_here = load_some(dc, n) + dh_here * o * (one - tanh_c * tanh_c);
  if (peepholes) dc_here = multiply_add(load_some(peepholes + 2 * hidden, n), d_o, dc_here);
  const vector c_before = previous ? load_some(previous, n) : splat(0);
  const vector d_i = dc_here * g * i * (one - i);
  const vector d_f = dc_here * c_before * f * (one - f);
  store_some(gates, d_i, n);
  store_some(gates + hidden, d_f, n);
  store_some(gates + 2 * hidden, dc_here * i * (one - g * g), n);
  store_some(gates + 3 * hidden, d_o, n);
  vector dc_before = dc_here * f;
  if (peepholes) {
    dc_before = multiply_add(load_some(peepholes, n), d_i, dc_before);
    dc_before = multiply_add(load_some(peepholes + hidden, n), d_f, dc_before);
  }
  store_some(dc, dc_before, n);
}

INLINE void cells_backward(size_t rows, size_t previous_rows, size_t hidden,
                           const float *peepholes, float *gates, const float *c_previous,
                           const float *c, const float *dh, float *dc) {
  for (size_t row = 0; row < rows; row++) {
    float *row_gates = gates + row * 4 * hidden;
    const float *previous = row < previous_rows ? c_previous + row * hidden : NULL;
    const size_t start = row * hidden;
    size_t j = 0;
    for (; j + VECTOR_LENGTH <= hidden; j += VECTOR_LENGTH)
      cell_backward(VECTOR_LENGTH, hidden, peepholes ? peepholes + j : NULL, row_gates + j,
                    previous ? previous + j : NULL, c + start + j, dh + start + j, dc + start + j);
    if (j < hidden)
      cell_backward(hidden - j, hidden, peepholes ? peepholes + j : NULL, row_gates + j,
                    previous ? previous + j : NULL, c + start + j, dh + start + j, dc + start + j);
  }
}

static void lstm_backward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                          const float *c_previous, const float *c, const float *dh, float *dc) {
  cells_backward(rows, previous_rows, hidden, NULL, gates, c_previous, c, dh, dc);
}

static void lstm_peephole_backward(size_t rows, size_t previous_rows, size_t hidden,
                                   const float *peepholes, float *gates, const float *c_previous,
                                   const float *c, const float *dh, float *dc) {
  cells_backward(rows, previous_rows, hidden, peepholes, gates, c_previous, c, dh, dc);
}
