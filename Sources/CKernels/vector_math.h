// Elementary functions on vectors of VECTOR_LENGTH floats, from clang's vector extensions.
//
// Errors against the exact value, measured over all arguments in use (see the tests):
// exponential 2 ulp, sigmoid 3 ulp above -87, hyperbolic tangent 3 ulp. The polynomials are
// minimax fits made for this file.

#include <string.h>

/// What STAPES_ISA calls vectors of four floats, which every processor of an architecture has: NEON
/// on arm64, SSE2 on x86-64.
#if defined(__aarch64__)
#define BASELINE_NAME "neon"
#else
#define BASELINE_NAME "baseline"
#endif

typedef float vector __attribute__((vector_size(4 * VECTOR_LENGTH)));
typedef float unaligned_vector __attribute__((vector_size(4 * VECTOR_LENGTH), aligned(4)));
typedef int int_vector __attribute__((vector_size(4 * VECTOR_LENGTH)));

#define INLINE static inline __attribute__((always_inline))

INLINE vector load(const float *from) { return *(const unaligned_vector *)from; }
INLINE void store(float *to, vector x) { *(unaligned_vector *)to = x; }
INLINE vector splat(float x) { return x - (vector){}; }

INLINE vector load_some(const float *from, size_t n) {
  if (n == VECTOR_LENGTH) return load(from);
  vector x = {};
  memcpy(&x, from, n * sizeof(float));
  return x;
}

INLINE void store_some(float *to, vector x, size_t n) {
  if (n == VECTOR_LENGTH)
    store(to, x);
  else
    memcpy(to, &x, n * sizeof(float));
}

INLINE vector multiply_add(vector a, vector b, vector c) { return a * b + c; }

INLINE vector choose(int_vector condition, vector yes, vector no) {
  return (vector)((condition & (int_vector)yes) | (~condition & (int_vector)no));
}

/// e to the x, for x in -87...88; beyond, as at the nearer end.
INLINE vector exponential(vector x) {
  x = __builtin_elementwise_min(__builtin_elementwise_max(x, splat(-87)), splat(88));
  // x = n ln 2 + r with |r| at most ln 2 / 2; adding 1.5 · 2^23 rounds and leaves n in the low bits.
  const vector shifter = splat(12582912.0f);
  const vector shifted = multiply_add(x, splat(1.44269504f), shifter);
  const vector n = shifted - shifter;
  vector r = multiply_add(n, splat(-0.693145752f), x);
  r = multiply_add(n, splat(-1.42860677e-6f), r);
  vector p = splat(1.381459878757596e-3f);
  p = multiply_add(p, r, splat(8.3687175065279e-3f));
  p = multiply_add(p, r, splat(4.166838899254799e-2f));
  p = multiply_add(p, r, splat(0.1666652113199234f));
  p = multiply_add(p, r, splat(0.4999999403953552f));
  p = multiply_add(p * r, r, r) + splat(1);
  return (vector)((int_vector)p + ((int_vector)shifted << 23));
}

/// 1 / (1 + e to the -x).
INLINE vector sigmoid(vector x) { return splat(1) / (splat(1) + exponential(-x)); }

INLINE vector hyperbolic_tangent(vector x) {
  // Near zero an odd polynomial; further out 1 - 2 / (e to the 2|x| + 1), with the sign put back.
  const int_vector sign = (int_vector)x & (int_vector)splat(-0.0f);
  const vector size = (vector)((int_vector)x ^ sign);
  const vector z = x * x;
  vector p = splat(-5.717040505260229e-3f);
  p = multiply_add(p, z, splat(2.0650582388043404e-2f));
  p = multiply_add(p, z, splat(-5.374349653720856e-2f));
  p = multiply_add(p, z, splat(0.13331490755081177f));
  p = multiply_add(p, z, splat(-0.3333328366279602f));
  const vector near = multiply_add(x * z, p, x);
  const vector far = splat(1) - splat(2) / (exponential(size + size) + splat(1));
  const vector signed_far = (vector)((int_vector)far | sign);
  return choose(size < splat(0.625f), near, signed_far);
}
