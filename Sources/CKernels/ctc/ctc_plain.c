// The softmax of rows and CTC as plain loops in double precision: what the others are held to,
// and what they fall back on when the numbers are out of their range.

#include <math.h>

#include "ctc_lattice.h"

static double largest_of(const float *row, size_t count) {
  double largest = -INFINITY;
  for (size_t i = 0; i < count; i++)
    if (row[i] > largest) largest = row[i];
  return largest;
}

static void log_softmax_rows(float *values, size_t row_count, size_t column_count) {
  for (size_t r = 0; r < row_count; r++) {
    float *row = values + r * column_count;
    const double largest = largest_of(row, column_count);
    double sum = 0;
    for (size_t i = 0; i < column_count; i++) sum += exp(row[i] - largest);
    for (size_t i = 0; i < column_count; i++) row[i] = (float)(row[i] - largest - log(sum));
  }
}

/// Replaces the logits by their softmax and fills `relative`; returns the sum over frames of -ln
/// of the best class's probability.
static double take_softmax(const struct stapes_ctc_problem *problem, double *relative) {
  double best = 0;
  for (size_t t = 0; t < problem->frame_count; t++) {
    float *row = problem->logits + t * problem->class_count;
    const double largest = largest_of(row, problem->class_count);
    for (size_t i = 0; i < problem->distinct_count; i++)
      relative[t * relative_width(problem->distinct_count) + i] =
          row[problem->distinct[i]] - largest;
    double sum = 0;
    for (size_t c = 0; c < problem->class_count; c++) sum += exp(row[c] - largest);
    for (size_t c = 0; c < problem->class_count; c++) row[c] = (float)(exp(row[c] - largest) / sum);
    best += log(sum);
  }
  return best;
}

static double log_add(double a, double b) {
  const double high = fmax(a, b);
  return high == -INFINITY ? high : high + log1p(exp(fmin(a, b) - high));
}

/// The place of a state's class among the distinct ones.
static size_t place_of(const struct stapes_ctc_problem *problem, size_t state) {
  return state % 2 ? (size_t)problem->labels[state / 2] : 0;
}

/// Whether a path may enter a state from two states before.
static int can_skip_to(const struct stapes_ctc_problem *problem, size_t state) {
  return state % 2 && state >= 3 && place_of(problem, state) != place_of(problem, state - 2);
}

double stapes_ctc_take_posteriors_plain(const struct stapes_ctc_problem *problem) {
  const struct ctc_workspace workspace = divide_workspace(problem);
  const size_t stride = relative_width(problem->distinct_count);
  const size_t frames = problem->frame_count, states = 2 * problem->label_count + 1;
  double *forward = workspace.states;  // [frames + 1 x states], the frame before the first included
  double *backward = forward + (frames + 1) * states;  // [states]

  for (size_t s = 0; s < states; s++) forward[s] = s == 0 ? 0 : -INFINITY;
  for (size_t t = 0; t < frames; t++) {
    const double *before = forward + t * states;
    for (size_t s = 0; s < states; s++) {
      double sum = before[s];
      if (s >= 1) sum = log_add(sum, before[s - 1]);
      if (can_skip_to(problem, s)) sum = log_add(sum, before[s - 2]);
      forward[(t + 1) * states + s] =
          sum + workspace.relative[t * stride + place_of(problem, s)];
    }
  }
  const double *last = forward + frames * states;
  const double total = states > 1 ? log_add(last[states - 1], last[states - 2]) : last[0];
  if (total == -INFINITY) return total;

  // What `backward` holds for a state takes in the state's own emission in the frame after.
  for (size_t s = 0; s < states; s++) backward[s] = s == states - 1 ? 0 : -INFINITY;
  for (size_t t = frames; t-- > 0;) {
    float *row = problem->logits + t * problem->class_count;
    for (size_t s = 0; s < states; s++) {
      double sum = backward[s];
      if (s + 1 < states) sum = log_add(sum, backward[s + 1]);
      if (s + 2 < states && can_skip_to(problem, s + 2)) sum = log_add(sum, backward[s + 2]);
      const size_t place = place_of(problem, s);
      row[problem->distinct[place]] -= (float)exp(forward[(t + 1) * states + s] + sum - total);
      backward[s] = sum + workspace.relative[t * stride + place];
    }
  }
  return total;
}

static double loss(const struct stapes_ctc_problem *problem) {
  const double best = take_softmax(problem, divide_workspace(problem).relative);
  const double labels = isnan(best) ? NAN : stapes_ctc_take_posteriors_plain(problem);
  return stapes_ctc_finish(problem, best, labels);
}

const struct stapes_ctc_kernels stapes_ctc_plain = {"plain", log_softmax_rows, loss};
