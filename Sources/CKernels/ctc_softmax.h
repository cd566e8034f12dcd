// The softmax of rows on vectors of VECTOR_LENGTH floats; part of ctc_vector.h.

#include "vector_math.h"

typedef double double_vector __attribute__((vector_size(8 * VECTOR_LENGTH)));

typedef int unaligned_int_vector __attribute__((vector_size(4 * VECTOR_LENGTH), aligned(4)));

INLINE int_vector load_int(const int *from) { return *(const unaligned_int_vector *)from; }

INLINE vector larger(vector a, vector b) { return choose(a > b, a, b); }

/// e to the x for x <= 0, zero where that is below the range of floats.
INLINE vector decaying_exponential(vector x) {
  return choose(x < splat(-87), splat(0), exponential(x));
}

INLINE float sum_of(vector x) {
  for (int n = VECTOR_LENGTH / 2; n > 0; n /= 2)
    for (int lane = 0; lane < n; lane++) x[lane] += x[lane + n];
  return x[0];
}

INLINE float largest_of(vector x) {
  for (int n = VECTOR_LENGTH / 2; n > 0; n /= 2)
    for (int lane = 0; lane < n; lane++) x[lane] = x[lane] > x[lane + n] ? x[lane] : x[lane + n];
  return x[0];
}

/// The elements of a row after the last whole vector. In a row of at least one vector they are
/// the last lanes of a load that ends with the row, else the first lanes of a shorter load.
struct row_end {
  size_t whole;       // the elements before
  size_t start;       // where the load begins
  size_t count;       // its length
  int_vector counts;  // the lanes that are after the last whole vector
};

INLINE struct row_end end_of_row(size_t column_count) {
  static const int numbers[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const int_vector lanes = load_int(numbers);
  const int rest = (int)(column_count % VECTOR_LENGTH);
  const size_t whole = column_count - (size_t)rest;
  if (whole == 0) return (struct row_end){0, 0, column_count, lanes < rest};
  return (struct row_end){whole, column_count - VECTOR_LENGTH, VECTOR_LENGTH,
                          lanes >= VECTOR_LENGTH - rest};
}

INLINE vector load_end(const float *row, const struct row_end *end, float otherwise) {
  return choose(end->counts, load_some(row + end->start, end->count), splat(otherwise));
}

/// The largest element of a row, whose end has been loaded; adds the lanes with a NaN to `nan`.
INLINE float largest_of_row(const float *row, size_t whole, vector end, int_vector *nan) {
  vector best = end;
  *nan |= end != end;
  for (size_t i = 0; i < whole; i += VECTOR_LENGTH) {
    const vector x = load(row + i);
    best = larger(x, best);
    *nan |= x != x;
  }
  return largest_of(best);
}

static void log_softmax_rows(float *values, size_t row_count, size_t column_count) {
  const struct row_end end = end_of_row(column_count);
  for (size_t r = 0; r < row_count; r++) {
    float *row = values + r * column_count;
    int_vector nan = {};
    const vector last = load_end(row, &end, -INFINITY);
    const float largest = largest_of_row(row, end.whole, last, &nan);
    vector sum = decaying_exponential(last - largest);
    for (size_t i = 0; i < end.whole; i += VECTOR_LENGTH)
      sum += decaying_exponential(load(row + i) - largest);
    sum += choose(nan, splat(NAN), splat(0));
    const float log_of_sum = logf(sum_of(sum)) + (largest - largest);
    for (size_t i = 0; i < column_count; i++) row[i] = row[i] - largest - log_of_sum;
  }
}

/// Replaces the logits by their softmax and fills `relative`, whose least finite element becomes
/// `least`; returns the sum over frames of -ln of the best class's probability.
static double take_softmax(const struct stapes_ctc_problem *problem, double *relative,
                           double *least) {
  const size_t stride = relative_width(problem->distinct_count);
  const struct row_end end = end_of_row(problem->class_count);
  int_vector nan = {};
  double best = 0;
  *least = 0;
  for (size_t t = 0; t < problem->frame_count; t++) {
    float *row = problem->logits + t * problem->class_count;
    const vector last = load_end(row, &end, -INFINITY);
    const float largest = largest_of_row(row, end.whole, last, &nan);
    if (!(fabsf(largest) <= FLT_MAX)) return NAN;
    for (size_t i = 0; i < stride; i++) {
      const size_t place = i < problem->distinct_count ? i : 0;
      const double x = (double)row[problem->distinct[place]] - largest;
      relative[t * stride + i] = x;
      if (x < *least && x > -INFINITY) *least = x;
    }
    vector sum = decaying_exponential(last - largest);
    const vector last_power = sum;
    for (size_t i = 0; i < end.whole; i += VECTOR_LENGTH) {
      const vector power = decaying_exponential(load(row + i) - largest);
      store(row + i, power);
      sum += power;
    }
    const float total = sum_of(sum);
    const vector scale = splat(1 / total);
    for (size_t i = 0; i < end.whole; i += VECTOR_LENGTH)
      store(row + i, load(row + i) * scale);
    const vector last_row = load_some(row + end.start, end.count);
    store_some(row + end.start, choose(end.counts, last_power * scale, last_row), end.count);
    best += log(total);
  }
  for (int lane = 0; lane < VECTOR_LENGTH; lane++)
    if (nan[lane]) return NAN;
  return best;
}
