// The GRU cell and the activations as plain loops; `recurrent_plain.c` includes this file.

#define FOR_UNITS(ROWS, HIDDEN)             \
  for (size_t row = 0; row < (ROWS); row++) \
    for (size_t j = 0; j < (HIDDEN); j++)

static void gru_reset(size_t rows, size_t previous_rows, size_t hidden, float *gates, float *u,
                      const float *h_previous, size_t h_stride) {
  FOR_UNITS(rows, hidden) {
    float *gate = gates + row * 3 * hidden + j;
    const float before = row < previous_rows ? h_previous[row * h_stride + j] : 0;
    gate[0] = sigmoid(gate[0]);
    gate[hidden] = sigmoid(gate[hidden]);
    u[row * hidden + j] = gate[0] * before;
  }
}

static void gru_candidate(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                          const float *h_previous, float *h, size_t h_stride) {
  FOR_UNITS(rows, hidden) {
    float *gate = gates + row * 3 * hidden + j;
    const float before = row < previous_rows ? h_previous[row * h_stride + j] : 0;
    const float z = gate[hidden], candidate = tanhf(gate[2 * hidden]);
    gate[2 * hidden] = candidate;
    h[row * h_stride + j] = (1 - z) * candidate + z * before;
  }
}

static void gru_forward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                        const float *u, const float *h_previous, float *h, size_t h_stride) {
  FOR_UNITS(rows, hidden) {
    float *gate = gates + row * 3 * hidden + j;
    gate[0] = sigmoid(gate[0]);
    gate[hidden] = sigmoid(gate[hidden]);
    gate[2 * hidden] += gate[0] * u[row * hidden + j];
  }
  gru_candidate(rows, previous_rows, hidden, gates, h_previous, h, h_stride);
}

static void gru_candidate_backward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                                   const float *h_previous, size_t h_stride, float *dh) {
  FOR_UNITS(rows, hidden) {
    const size_t at = row * hidden + j;
    float *gate = gates + row * 3 * hidden + j;
    const float before = row < previous_rows ? h_previous[row * h_stride + j] : 0;
    const float z = gate[hidden], candidate = gate[2 * hidden];
    gate[hidden] = dh[at] * (before - candidate) * z * (1 - z);
    gate[2 * hidden] = dh[at] * (1 - z) * (1 - candidate * candidate);
    dh[at] *= z;
  }
}

static void gru_backward(size_t rows, size_t previous_rows, size_t hidden, float *gates, float *u,
                         const float *h_previous, size_t h_stride, float *dh) {
  gru_candidate_backward(rows, previous_rows, hidden, gates, h_previous, h_stride, dh);
  FOR_UNITS(rows, hidden) {
    const size_t at = row * hidden + j;
    float *gate = gates + row * 3 * hidden + j;
    const float r = gate[0];
    gate[0] = gate[2 * hidden] * u[at] * r * (1 - r);
    u[at] = gate[2 * hidden] * r;
  }
}

static void gru_reset_backward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                               const float *du, const float *h_previous, size_t h_stride,
                               float *dh) {
  FOR_UNITS(rows, hidden) {
    const size_t at = row * hidden + j;
    float *gate = gates + row * 3 * hidden + j;
    const float before = row < previous_rows ? h_previous[row * h_stride + j] : 0;
    const float r = gate[0];
    gate[0] = du[at] * before * r * (1 - r);
    dh[at] += du[at] * r;
  }
}

static void activate(size_t rows, size_t hidden, float ceiling, float *a, float *h,
                     size_t h_stride) {
  FOR_UNITS(rows, hidden) {
    const float x = a[row * hidden + j];
    const float y = ceiling > 0 ? fminf(fmaxf(x, 0), ceiling) : tanhf(x);
    a[row * hidden + j] = y;
    h[row * h_stride + j] = y;
  }
}

static void activate_backward(size_t rows, size_t hidden, float ceiling, float *a,
                              const float *dh) {
  FOR_UNITS(rows, hidden) {
    const float y = a[row * hidden + j];
    const float slope = ceiling > 0 ? (y > 0 && y < ceiling) : 1 - y * y;
    a[row * hidden + j] = dh[row * hidden + j] * slope;
  }
}
