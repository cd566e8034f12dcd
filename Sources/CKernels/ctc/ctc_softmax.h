// The softmax of rows on vectors of VECTOR_LENGTH floats; part of ctc_vector.h.

#include "../vector_math.h"

typedef double double_vector __attribute__((vector_size(8 * VECTOR_LENGTH)));
typedef long long_vector __attribute__((vector_size(8 * VECTOR_LENGTH)));

typedef int unaligned_int_vector __attribute__((vector_size(4 * VECTOR_LENGTH), aligned(4)));

INLINE int_vector load_int(const int *from) { return *(const unaligned_int_vector *)from; }
INLINE vector larger(vector a, vector b) { return choose(a > b, a, b); }

/// e to the x for x <= 0, zero where that is below the range of floats; NaN stays NaN.
INLINE vector decaying_exponential(vector x) {
  return choose(x < splat(-87), splat(0), exponential(x) + (x - x));
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

/// The largest element of a row whose end has been loaded; any where one is NaN.
INLINE float largest_of_row(const float *row, size_t whole, vector end) {
  vector best = end;
  for (size_t i = 0; i < whole; i += VECTOR_LENGTH) best = larger(load(row + i), best);
  return largest_of(best);
}

// A row that is no distribution makes the sum of its exponentials NaN: NaN itself, and plus
// infinity or minus infinity alone, since they are subtracted from themselves.

static void log_softmax_rows(float *values, size_t row_count, size_t column_count) {
  const struct row_end end = end_of_row(column_count);
  for (size_t r = 0; r < row_count; r++) {
    float *row = values + r * column_count;
    const vector last = load_end(row, &end, -INFINITY);
    const float largest = largest_of_row(row, end.whole, last);
    vector sum = decaying_exponential(last - largest);
    for (size_t i = 0; i < end.whole; i += VECTOR_LENGTH)
      sum += decaying_exponential(load(row + i) - largest);
    const float log_of_sum = logf(sum_of(sum));
    for (size_t i = 0; i < column_count; i++) row[i] = row[i] - largest - log_of_sum;
  }
}

/// Replaces a row by its softmax; returns the sum that its exponentials were divided by.
INLINE float take_softmax_of_row(float *row, const struct row_end *end, vector last,
                                 float largest) {
  const vector last_power = decaying_exponential(last - largest);
  vector sum = last_power;
  for (size_t i = 0; i < end->whole; i += VECTOR_LENGTH) {
    const vector power = decaying_exponential(load(row + i) - largest);
    store(row + i, power);
    sum += power;
  }
  const float total = sum_of(sum);
  const vector scale = splat(1 / total);
  for (size_t i = 0; i < end->whole; i += VECTOR_LENGTH) store(row + i, load(row + i) * scale);
  const vector there = load_some(row + end->start, end->count);
  store_some(row + end->start, choose(end->counts, last_power * scale, there), end->count);
  return total;
}

/// Replaces the logits by their softmax and fills `relative`, whose least finite element becomes
/// `least`; returns the sum over frames of -ln of the best class's probability.
static double take_softmax(const struct stapes_ctc_problem *problem, double *relative,
                           double *least) {
  const size_t stride = relative_width(problem->distinct_count);
  const struct row_end end = end_of_row(problem->class_count);
  double_vector lowest = {};
  double best = 0;
  for (size_t t = 0; t < problem->frame_count; t++) {
    float *row = problem->logits + t * problem->class_count;
    double *restrict differences = relative + t * stride;
    const vector last = load_end(row, &end, -INFINITY);
    const float largest = largest_of_row(row, end.whole, last);
    for (size_t i = 0; i < problem->distinct_count; i++)
      differences[i] = (double)row[problem->distinct[i]] - largest;
    for (size_t i = problem->distinct_count; i < stride; i++) differences[i] = 0;
    for (size_t i = 0; i < stride; i += VECTOR_LENGTH) {
      double_vector x;
      memcpy(&x, differences + i, sizeof x);
      const double_vector finite = (double_vector)((long_vector)x & (x > -INFINITY));
      lowest = __builtin_elementwise_min(lowest, finite);
    }
    best += log(take_softmax_of_row(row, &end, last, largest));
  }
  *least = 0;
  for (int lane = 0; lane < VECTOR_LENGTH; lane++) *least = fmin(*least, lowest[lane]);
  return best;
}
