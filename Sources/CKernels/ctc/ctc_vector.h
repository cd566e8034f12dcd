// The arithmetic of CTC on vectors of VECTOR_LENGTH floats, and what its passes work on.
//
// Probabilities of paths lie far outside the range of any float: those of 5,000 frames may reach
// exp(-50,000), and within one frame those of the first and the last states are as far apart. So
// a probability is held as m · 2^e with 1 <= m < 2 a float and e a 32-bit integer of its own.
// Against logarithms this needs no exponential and no logarithm per state, and its rounding
// errors are relative to the probability, not to its logarithm. Zero is an exponent that no path
// can reach.

#include <float.h>
#include <math.h>

#include "ctc_lattice.h"
#include "ctc_softmax.h"

/// The exponent of zero; twice this fits 32 bits.
#define ZERO (-(1 << 29))

/// The exponents of a path's emissions add up to no less than this, else logarithms are used.
#define LEAST (-(1 << 28))

#define LN_2 0.693147180559945309417

INLINE void store_int(int *to, int_vector x) { *(unaligned_int_vector *)to = x; }
INLINE int_vector splat_int(int x) { return x - (int_vector){}; }
INLINE int_vector larger_int(int_vector a, int_vector b) { return __builtin_elementwise_max(a, b); }

/// 2^e for e <= 127; zero below the range of floats.
INLINE vector power_of_two(int_vector e) {
  return (vector)(larger_int(e + 127, splat_int(0)) << 23);
}

/// Probabilities: their mantissas and exponents.
struct scaled {
  float *m;
  int *e;
};

/// Stores m · 2^e with the mantissa brought back to 1...2.
INLINE void store_scaled(struct scaled to, size_t at, vector m, int_vector e) {
  const int_vector bits = (int_vector)m;
  store(to.m + at, (vector)((bits & 0x7fffff) | 0x3f800000));
  store_int(to.e + at, larger_int(e + (bits >> 23) - 127, splat_int(ZERO)));
}

INLINE void put_zero(struct scaled to, ptrdiff_t at) {
  to.m[at] = 1;
  to.e[at] = ZERO;
}

/// The states of one frame; label j follows blank j.
struct states {
  struct scaled blanks, labels;
};

/// What both passes work on, for U labels of D classes; W is `state_width`.
struct lattice {
  const struct stapes_ctc_problem *problem;
  const double *relative;
  ptrdiff_t width;
  float *forward;             // [T + 1 x 4 W], the frame before the first included
  struct states backward;     // one frame's, [W + a vector] each
  struct scaled emitted;      // the emissions of the classes in one frame, [D]
  struct scaled emissions;    // those of the labels, [W]
  float *posteriors;          // of the labels in one frame, [W]
  int *places;                // the labels' places among the classes, filled up with blank, [W]
  int *classes;               // the labels' classes, [U]
  int *skip;                  // the exponent of going on from the label before: 0, or ZERO if the
                              // two are the same, [W + a vector]
  int *earliest, *latest;     // the frames between which a path may be in each label, [U]
};

/// The labels that a path may be in at some frame, and the whole vectors that hold these labels
/// and the blanks around them.
struct window {
  ptrdiff_t low, high;
  ptrdiff_t start, end;
};

/// The states after `row` frames; before the first label lies the last blank, which is zero.
INLINE struct states states_after(const struct lattice *lattice, size_t row) {
  float *base = lattice->forward + row * 4 * lattice->width;
  int *exponents = (int *)(base + 2 * lattice->width);
  return (struct states){{base, exponents}, {base + lattice->width, exponents + lattice->width}};
}

INLINE void set_vectors(struct window *window) {
  window->start = window->low / VECTOR_LENGTH * VECTOR_LENGTH;
  window->end = (window->high / VECTOR_LENGTH + 1) * VECTOR_LENGTH;
}

/// Computes the emissions of a frame.
INLINE void emit(const struct lattice *lattice, size_t frame, struct window window) {
  const size_t stride = relative_width(lattice->problem->distinct_count);
  const double *relative = lattice->relative + frame * stride;
  for (size_t i = 0; i < stride; i += VECTOR_LENGTH) {
    // x = n ln 2 + r as in `exponential`, but for any size of x, so in double precision.
    double_vector x;
    memcpy(&x, relative + i, sizeof x);
    const int_vector is_zero = __builtin_convertvector(x < -DBL_MAX, int_vector);
    x = __builtin_elementwise_max(x, (double_vector){} + LEAST);
    const double_vector n = (x * (1 / LN_2) + 6755399441055744.0) - 6755399441055744.0;
    const vector m = exponential(__builtin_convertvector(x - n * LN_2, vector));
    const int_vector e = __builtin_convertvector(n, int_vector);
    store_scaled(lattice->emitted, i, m, (e & ~is_zero) | (splat_int(ZERO) & is_zero));
  }
  const int *restrict places = lattice->places;
  float *restrict m = lattice->emissions.m;
  int *restrict e = lattice->emissions.e;
  for (ptrdiff_t j = window.start; j < window.end; j++) {
    m[j] = lattice->emitted.m[places[j]];
    e[j] = lattice->emitted.e[places[j]];
  }
}

/// Takes `count` floats or integers from the memory at `*at`.
static void *take(float **at, ptrdiff_t count) {
  void *taken = *at;
  *at += count;
  return taken;
}

static struct scaled take_scaled(float **at, ptrdiff_t count) {
  float *m = take(at, count);
  return (struct scaled){m, take(at, count)};
}

/// Divides the workspace and fills in what does not change from frame to frame.
static struct lattice make_lattice(const struct stapes_ctc_problem *problem) {
  const struct ctc_workspace workspace = divide_workspace(problem);
  const ptrdiff_t labels = (ptrdiff_t)problem->label_count;
  const ptrdiff_t width = (ptrdiff_t)state_width(problem->label_count);
  const ptrdiff_t classes = (ptrdiff_t)relative_width(problem->distinct_count);
  float *at = workspace.states;
  struct lattice lattice = {.problem = problem, .relative = workspace.relative, .width = width};
  lattice.forward = take(&at, ((ptrdiff_t)problem->frame_count + 1) * 4 * width);
  lattice.backward.blanks = take_scaled(&at, width + 16);
  lattice.backward.labels = take_scaled(&at, width + 16);
  lattice.emitted = take_scaled(&at, classes);
  lattice.emissions = take_scaled(&at, width);
  lattice.posteriors = take(&at, width);
  lattice.places = take(&at, width);
  lattice.classes = take(&at, width);
  lattice.skip = take(&at, width + 16);
  lattice.earliest = take(&at, width);
  lattice.latest = take(&at, width);

  for (ptrdiff_t j = 0; j < width + 16; j++) {
    const int is_new =
        j < labels && (j == 0 || problem->labels[j] != problem->labels[j - 1]);
    lattice.skip[j] = is_new ? 0 : ZERO;
    if (j < width) lattice.places[j] = j < labels ? problem->labels[j] : 0;
  }
  for (ptrdiff_t j = 0; j < labels; j++) {
    lattice.classes[j] = problem->distinct[problem->labels[j]];
    lattice.earliest[j] = j == 0 ? 0 : lattice.earliest[j - 1] + (lattice.skip[j] ? 2 : 1);
  }
  for (ptrdiff_t j = labels; j-- > 0;)
    lattice.latest[j] = j == labels - 1 ? (int)problem->frame_count - 1
                                        : lattice.latest[j + 1] - (lattice.skip[j + 1] ? 2 : 1);
  return lattice;
}
