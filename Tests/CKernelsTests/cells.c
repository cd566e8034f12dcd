// Recurrent cells: what each function of a table leaves in its arrays, against the plain loops, and
// sigmoid and hyperbolic tangent against double precision.

#include <math.h>

#include "CKernels.h"
#include "checks.h"

enum { GATES, U, BEFORE, C, H, DH, CARRY, PEEPHOLES, ARRAYS };

/// Some rows of a cell. `BEFORE` is h of the step before; the LSTM takes c of it from `U`.
struct cell {
  size_t rows, previous, hidden, stride, counts[ARRAYS];
  float ceiling, *arrays[ARRAYS];
};

static struct cell make_cell(size_t hidden, float scale, float ceiling) {
  const size_t rows = 3, previous = 2, stride = hidden + 5, units = rows * hidden;
  struct cell cell = {rows, previous, hidden, stride, .ceiling = ceiling};
  const size_t counts[ARRAYS] = {rows * 4 * hidden, units, (previous - 1) * stride + hidden, units,
                                 (rows - 1) * stride + hidden, units, units, 3 * hidden};
  for (int i = 0; i < ARRAYS; i++) {
    cell.counts[i] = counts[i];
    cell.arrays[i] = random_floats(counts[i], i == GATES ? scale : 1);
  }
  // An input that saturates, or a value at the ceiling.
  const float end = hidden % 2 ? INFINITY : -INFINITY;
  cell.arrays[GATES][0] = scale > 1 ? end : fminf(ceiling, 1);
  return cell;
}

/// Defines the call of a function with a cell's arrays.
#define CALL(NAME, ...)                                                                         \
  static void call_##NAME(const struct stapes_recurrent_kernels *kernels, const struct cell *x, \
                          float *const *a) {                                                    \
    kernels->NAME(x->rows, __VA_ARGS__);                                                        \
  }

CALL(lstm_forward, x->previous, x->hidden, a[GATES], a[U], a[C], a[H], x->stride)
CALL(lstm_backward, x->previous, x->hidden, a[GATES], a[U], a[C], a[DH], a[CARRY])
CALL(lstm_peephole_forward, x->previous, x->hidden, a[PEEPHOLES], a[GATES], a[U], a[C], a[H],
     x->stride)
CALL(lstm_peephole_backward, x->previous, x->hidden, a[PEEPHOLES], a[GATES], a[U], a[C], a[DH],
     a[CARRY])
CALL(gru_forward, x->previous, x->hidden, a[GATES], a[U], a[BEFORE], a[H], x->stride)
CALL(gru_backward, x->previous, x->hidden, a[GATES], a[U], a[BEFORE], x->stride, a[DH])
CALL(gru_reset, x->previous, x->hidden, a[GATES], a[U], a[BEFORE], x->stride)
CALL(gru_candidate, x->previous, x->hidden, a[GATES], a[BEFORE], a[H], x->stride)
CALL(gru_candidate_backward, x->previous, x->hidden, a[GATES], a[BEFORE], x->stride, a[DH])
CALL(gru_reset_backward, x->previous, x->hidden, a[GATES], a[CARRY], a[BEFORE], x->stride, a[DH])
CALL(activate, x->hidden, x->ceiling, a[GATES], a[H], x->stride)
CALL(activate_backward, x->hidden, x->ceiling, a[GATES], a[DH])

#define NAMED(NAME, SCALE) {#NAME, SCALE, call_##NAME}

/// Gates hold inputs in the pass forward, values in the pass back.
static const struct {
  const char *name;
  float scale;
  void (*call)(const struct stapes_recurrent_kernels *, const struct cell *, float *const *);
} functions[] = {
    NAMED(lstm_forward, 4), NAMED(lstm_backward, 1), NAMED(lstm_peephole_forward, 4),
    NAMED(lstm_peephole_backward, 1), NAMED(gru_forward, 4), NAMED(gru_backward, 1),
    NAMED(gru_reset, 4), NAMED(gru_candidate, 4), NAMED(gru_candidate_backward, 1),
    NAMED(gru_reset_backward, 1), NAMED(activate, 4), NAMED(activate_backward, 1),
};

/// A table is its name, three products and these: what is added to it is added here.
_Static_assert(sizeof(struct stapes_recurrent_kernels) ==
                   (4 + sizeof functions / sizeof *functions) * sizeof(char *),
               "a function of the table is not checked");

static void check(size_t function, size_t index, size_t hidden, float ceiling) {
  begin((unsigned)hidden);
  const struct cell cell = make_cell(hidden, functions[function].scale, ceiling);
  float *expected[ARRAYS];
  for (int i = 0; i < ARRAYS; i++) expected[i] = copy_of(cell.arrays[i], cell.counts[i]);
  const struct stapes_recurrent_kernels *kernels = stapes_recurrent_kernels_at(index);
  functions[function].call(kernels, &cell, cell.arrays);
  functions[function].call(
      stapes_recurrent_kernels_at(stapes_recurrent_kernel_count() - 1), &cell, expected);
  for (int i = 0; i < ARRAYS; i++)
    expect(kernels->name, functions[function].name, 1e-6, cell.arrays[i], expected[i],
           cell.counts[i]);
}

/// The relative errors of the gates i and g of an LSTM, in 2^-23, where they are normal numbers.
static void check_activations(const struct stapes_recurrent_kernels *kernels) {
  begin(0);
  const size_t hidden = 20000;
  float *gates = floats(4 * hidden), *c = floats(hidden), *h = floats(hidden);
  float *zeros = random_floats(hidden, 0), *sigmoids = floats(hidden), *tangents = floats(hidden);
  for (size_t i = 0; i < 4 * hidden; i++) gates[i] = ((float)(i % hidden) + 0.5f) / 115 - 86;
  const float *x = copy_of(gates, hidden);
  kernels->lstm_forward(1, 0, hidden, gates, NULL, c, h, hidden);
  for (size_t i = 0; i < hidden; i++) {
    sigmoids[i] = (float)(0x1p23 * (gates[i] * (1 + exp(-(double)x[i])) - 1));
    tangents[i] = (float)(0x1p23 * (gates[2 * hidden + i] / tanh(x[i]) - 1));
  }
  expect(kernels->name, "sigmoid, relative in 2^-23", 2, sigmoids, zeros, hidden);
  expect(kernels->name, "tanh, relative in 2^-23", 2, tangents, zeros, hidden);
}

void check_cells(void) {
  const float ceilings[] = {0, 0.5, INFINITY};
  const size_t tables = stapes_recurrent_kernel_count();
  for (size_t index = 0; index + 1 < tables; index++)
    for (size_t function = 0; function < sizeof functions / sizeof *functions; function++)
      for (size_t hidden = 1; hidden <= 70; hidden++)
        for (int i = 0; i < 3; i++) check(function, index, hidden, ceilings[i]);
  for (size_t index = 0; index < tables; index++)
    check_activations(stapes_recurrent_kernels_at(index));
}
