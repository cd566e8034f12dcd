// The LSTM cell as plain loops; `recurrent_plain.c` includes this file.

static float sigmoid(float x) { return 1 / (1 + expf(-x)); }

static void lstm_peephole_forward(size_t rows, size_t previous_rows, size_t hidden,
                                  const float *peepholes, float *gates, const float *c_previous,
                                  float *c, float *h, size_t h_stride) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      float *gate = gates + row * 4 * hidden + j;
      const float before = row < previous_rows ? c_previous[row * hidden + j] : 0;
      const float *sees = peepholes ? peepholes + j : NULL;
      const float i = sigmoid(gate[0] + (sees ? sees[0] * before : 0));
      const float f = sigmoid(gate[hidden] + (sees ? sees[hidden] * before : 0));
      const float g = tanhf(gate[2 * hidden]);
      const float cell = f * before + i * g;
      const float o = sigmoid(gate[3 * hidden] + (sees ? sees[2 * hidden] * cell : 0));
      gate[0] = i;
      gate[hidden] = f;
      gate[2 * hidden] = g;
      gate[3 * hidden] = o;
      c[row * hidden + j] = cell;
      h[row * h_stride + j] = o * tanhf(cell);
    }
}

static void lstm_forward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                         const float *c_previous, float *c, float *h, size_t h_stride) {
  lstm_peephole_forward(rows, previous_rows, hidden, NULL, gates, c_previous, c, h, h_stride);
}

static void lstm_peephole_backward(size_t rows, size_t previous_rows, size_t hidden,
                                   const float *peepholes, float *gates, const float *c_previous,
                                   const float *c, const float *dh, float *dc) {
  for (size_t row = 0; row < rows; row++)
    for (size_t j = 0; j < hidden; j++) {
      const size_t at = row * hidden + j;
      float *gate = gates + row * 4 * hidden + j;
      const float *sees = peepholes ? peepholes + j : NULL;
      const float i = gate[0], f = gate[hidden], g = gate[2 * hidden], o = gate[3 * hidden];
      const float before = row < previous_rows ? c_previous[at] : 0;
      const float tanh_c = tanhf(c[at]);
      const float d_o = dh[at] * tanh_c * o * (1 - o);
      const float gradient = dc[at] + dh[at] * o * (1 - tanh_c * tanh_c) +
                             (sees ? sees[2 * hidden] * d_o : 0);
      gate[0] = gradient * g * i * (1 - i);
      gate[hidden] = gradient * before * f * (1 - f);
      gate[2 * hidden] = gradient * i * (1 - g * g);
      gate[3 * hidden] = d_o;
      dc[at] = gradient * f + (sees ? sees[0] * gate[0] + sees[hidden] * gate[hidden] : 0);
    }
}

static void lstm_backward(size_t rows, size_t previous_rows, size_t hidden, float *gates,
                          const float *c_previous, const float *c, const float *dh, float *dc) {
  lstm_peephole_backward(rows, previous_rows, hidden, NULL, gates, c_previous, c, dh, dc);
}
