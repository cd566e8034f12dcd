// The GRU cell on vectors; compiled once for each instruction set by the file that includes
// `vector_math.h` before this one.

/// Runs a body for each vector of hidden units of each row: `j` is its first unit, `n` how many of
/// its elements count.
#define FOR_UNITS(ROWS, HIDDEN)               \
  for (size_t row = 0; row < (ROWS); row++)   \
    for (size_t j = 0, n; n = (HIDDEN) - j < VECTOR_LENGTH ? (HIDDEN) - j : VECTOR_LENGTH, \
                          j < (HIDDEN); j += VECTOR_LENGTH)

/// h of the step before for some units of a row; zero where a sequence begins.
INLINE vector before(size_t row, size_t j, size_t n, size_t previous_rows,
                     const float *h_previous, size_t h_stride) {
  return row < previous_rows ? load_some(h_previous + row * h_stride + j, n) : splat(0);
}

static void gru_forward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                        const float *u, const float *h_previous, float *h, size_t h_stride) {
  FOR_UNITS(rows, hidden) {
    float *gate = gates + row * 3 * hidden + j;
    const vector h_before = before(row, j, n, previous_rows, h_previous, h_stride);
    const vector r = sigmoid(load_some(gate, n));
    const vector z = sigmoid(load_some(gate + hidden, n));
    const vector input = multiply_add(r, load_some(u + row * hidden + j, n),
                                      load_some(gate + 2 * hidden, n));
    const vector candidate = hyperbolic_tangent(input);
    store_some(gate, r, n);
    store_some(gate + hidden, z, n);
    store_some(gate + 2 * hidden, candidate, n);
    store_some(h + row * h_stride + j, multiply_add(z, h_before - candidate, candidate), n);
  }
}

/// The gradients of z's and n's inputs; `dh` becomes what goes straight to h_previous.
INLINE vector candidate_gradients(size_t n, size_t hidden, float *gate, vector h_before,
                                  float *dh) {
  const vector one = splat(1);
  const vector z = load_some(gate + hidden, n);
  const vector candidate = load_some(gate + 2 * hidden, n);
  const vector dh_here = load_some(dh, n);
  const vector d_candidate = dh_here * (one - z) * (one - candidate * candidate);
  store_some(gate + hidden, dh_here * (h_before - candidate) * z * (one - z), n);
  store_some(gate + 2 * hidden, d_candidate, n);
  store_some(dh, dh_here * z, n);
  return d_candidate;
}

static void gru_backward(size_t rows, size_t previous_rows, size_t hidden, float *gates, float *u,
                         const float *h_previous, size_t h_stride, float *dh) {
  FOR_UNITS(rows, hidden) {
    float *gate = gates + row * 3 * hidden + j;
    const vector h_before = before(row, j, n, previous_rows, h_previous, h_stride);
    const vector d_candidate =
        candidate_gradients(n, hidden, gate, h_before, dh + row * hidden + j);
    const vector r = load_some(gate, n);
    const vector scaled = load_some(u + row * hidden + j, n);
    store_some(gate, d_candidate * scaled * r * (splat(1) - r), n);
    store_some(u + row * hidden + j, d_candidate * r, n);
  }
}

static void gru_reset(size_t rows, size_t previous_rows, size_t hidden, float *gates, float *u,
                      const float *h_previous, size_t h_stride) {
  FOR_UNITS(rows, hidden) {
    float *gate = gates + row * 3 * hidden + j;
    const vector r = sigmoid(load_some(gate, n));
    store_some(gate, r, n);
    store_some(gate + hidden, sigmoid(load_some(gate + hidden, n)), n);
    store_some(u + row * hidden + j,
               r * before(row, j, n, previous_rows, h_previous, h_stride), n);
  }
}

static void gru_candidate(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                          const float *h_previous, float *h, size_t h_stride) {
  FOR_UNITS(rows, hidden) {
    float *gate = gates + row * 3 * hidden + j;
    const vector h_before = before(row, j, n, previous_rows, h_previous, h_stride);
    const vector z = load_some(gate + hidden, n);
    const vector candidate = hyperbolic_tangent(load_some(gate + 2 * hidden, n));
    store_some(gate + 2 * hidden, candidate, n);
    store_some(h + row * h_stride + j, multiply_add(z, h_before - candidate, candidate), n);
  }
}

static void gru_candidate_backward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                                   const float *h_previous, size_t h_stride, float *dh) {
  FOR_UNITS(rows, hidden) {
    const vector h_before = before(row, j, n, previous_rows, h_previous, h_stride);
    candidate_gradients(n, hidden, gates + row * 3 * hidden + j, h_before, dh + row * hidden + j);
  }
}

static void gru_reset_backward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                               const float *du, const float *h_previous, size_t h_stride,
                               float *dh) {
  FOR_UNITS(rows, hidden) {
    float *gate = gates + row * 3 * hidden + j;
    float *to = dh + row * hidden + j;
    const vector r = load_some(gate, n);
    const vector d_u = load_some(du + row * hidden + j, n);
    const vector h_before = before(row, j, n, previous_rows, h_previous, h_stride);
    store_some(gate, d_u * h_before * r * (splat(1) - r), n);
    store_some(to, multiply_add(d_u, r, load_some(to, n)), n);
  }
}
