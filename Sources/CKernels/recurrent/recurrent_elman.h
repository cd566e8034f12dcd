// Activations of cells without gates, on vectors; compiled once for each instruction set by the
// file that includes `recurrent_gru.h` before this one.

static void activate(size_t rows, size_t hidden, float ceiling, float *a, float *h,
                     size_t h_stride) {
  const vector top = splat(ceiling);
  FOR_UNITS(rows, hidden) {
    const vector x = load_some(a + row * hidden + j, n);
    const vector y = ceiling > 0 ? __builtin_elementwise_min(
                                       __builtin_elementwise_max(x, splat(0)), top)
                                 : hyperbolic_tangent(x);
    store_some(a + row * hidden + j, y, n);
    store_some(h + row * h_stride + j, y, n);
  }
}

static void activate_backward(size_t rows, size_t hidden, float ceiling, float *a,
                              const float *dh) {
  const vector top = splat(ceiling);
  FOR_UNITS(rows, hidden) {
    const vector y = load_some(a + row * hidden + j, n);
    const vector dy = load_some(dh + row * hidden + j, n);
    const vector dx = ceiling > 0 ? choose((y > splat(0)) & (y < top), dy, splat(0))
                                  : dy * (splat(1) - y * y);
    store_some(a + row * hidden + j, dx, n);
  }
}
