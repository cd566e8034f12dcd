// CTC on vectors of VECTOR_LENGTH floats, compiled once for each instruction set: the file that
// includes this one defines VECTOR_LENGTH (16, 8 or 4).

#include "ctc_vector.h"

/// Computes the states of a frame from those of the frame before.
INLINE void step_forward(const struct lattice *lattice, struct states before, struct states now,
                         struct window window) {
  const vector blank = splat(lattice->emitted.m[0]);
  const int_vector blank_e = splat_int(lattice->emitted.e[0]);
  for (ptrdiff_t j = window.start; j < window.end; j += VECTOR_LENGTH) {
    const vector b = load(before.blanks.m + j);
    const vector k = load(before.labels.m + j);
    const vector l = load(before.labels.m + j - 1);
    const int_vector b_e = load_int(before.blanks.e + j);
    const int_vector k_e = load_int(before.labels.e + j);
    const int_vector l_e = load_int(before.labels.e + j - 1);
    const int_vector skip_e = l_e + load_int(lattice->skip + j);

    const int_vector to_b_e = larger_int(b_e, l_e);
    const vector to_b = b * power_of_two(b_e - to_b_e) + l * power_of_two(l_e - to_b_e);
    store_scaled(now.blanks, j, to_b * blank, to_b_e + blank_e);

    const int_vector to_k_e = larger_int(larger_int(k_e, b_e), skip_e);
    const vector to_k = k * power_of_two(k_e - to_k_e) + b * power_of_two(b_e - to_k_e) +
                        l * power_of_two(skip_e - to_k_e);
    store_scaled(now.labels, j, to_k * load(lattice->emissions.m + j),
                 to_k_e + load_int(lattice->emissions.e + j));
  }
}

/// Computes the states of all frames; returns ln of the probability of the labels, -infinity when
/// it is zero, and the exponent of that probability.
static double go_forward(const struct lattice *lattice, int *exponent) {
  const ptrdiff_t labels = (ptrdiff_t)lattice->problem->label_count;
  const size_t frames = lattice->problem->frame_count;
  struct states now = states_after(lattice, 0);
  for (ptrdiff_t j = 0; j < lattice->width; j++) {
    put_zero(now.blanks, j);
    put_zero(now.labels, j);
  }
  now.blanks.e[0] = 0;
  struct window window = {0};
  for (size_t t = 0; t < frames; t++) {
    while (window.high < labels && lattice->earliest[window.high] <= (int)t) window.high++;
    while (window.low < labels && lattice->latest[window.low] < (int)t) window.low++;
    set_vectors(&window);
    emit(lattice, t, window);
    const struct states before = now;
    now = states_after(lattice, t + 1);
    step_forward(lattice, before, now, window);
    // The next frame looks at the label before its window, and its window may be a vector longer.
    put_zero(now.labels, window.start - 1);
    for (ptrdiff_t j = window.end; j < window.end + VECTOR_LENGTH && j < lattice->width; j++) {
      put_zero(now.blanks, j);
      put_zero(now.labels, j);
    }
  }
  const int b_e = now.blanks.e[labels], k_e = now.labels.e[labels - 1];
  *exponent = b_e > k_e ? b_e : k_e;
  if (*exponent < LEAST + LEAST / 2) return -INFINITY;
  const double sum = ldexp(now.blanks.m[labels], b_e - *exponent) +
                     ldexp(now.labels.m[labels - 1], k_e - *exponent);
  return log(sum) + *exponent * LN_2;
}

/// Computes the pass back's states of a frame from those of the frame after, times the frame's
/// emissions, and takes the posteriors, brought to a sum of 1, from the frame's row of the
/// gradient.
INLINE void step_back(const struct lattice *lattice, struct states forward, struct window window,
                      int exponent, float *gradient) {
  const struct states after = lattice->backward;
  const vector blank = splat(lattice->emitted.m[0]);
  const int_vector blank_e = splat_int(lattice->emitted.e[0]);
  vector blanks = splat(0), labels = splat(0);
  for (ptrdiff_t j = window.start; j < window.end; j += VECTOR_LENGTH) {
    const vector b = load(after.blanks.m + j), next_b = load(after.blanks.m + j + 1);
    const vector k = load(after.labels.m + j), next_k = load(after.labels.m + j + 1);
    const int_vector b_e = load_int(after.blanks.e + j);
    const int_vector k_e = load_int(after.labels.e + j);
    const int_vector next_b_e = load_int(after.blanks.e + j + 1);
    const int_vector skip_e =
        load_int(after.labels.e + j + 1) + load_int(lattice->skip + j + 1);

    const int_vector from_b_e = larger_int(b_e, k_e);
    const vector from_b = b * power_of_two(b_e - from_b_e) + k * power_of_two(k_e - from_b_e);
    const int_vector both_b_e = load_int(forward.blanks.e + j) + from_b_e - exponent;
    blanks += load(forward.blanks.m + j) * from_b * power_of_two(both_b_e);
    store_scaled(after.blanks, j, from_b * blank, from_b_e + blank_e);

    const int_vector from_k_e = larger_int(larger_int(k_e, next_b_e), skip_e);
    const vector from_k = k * power_of_two(k_e - from_k_e) +
                          next_b * power_of_two(next_b_e - from_k_e) +
                          next_k * power_of_two(skip_e - from_k_e);
    const int_vector both_k_e = load_int(forward.labels.e + j) + from_k_e - exponent;
    const vector both_k = load(forward.labels.m + j) * from_k * power_of_two(both_k_e);
    labels += both_k;
    store(lattice->posteriors + j, both_k);
    store_scaled(after.labels, j, from_k * load(lattice->emissions.m + j),
                 from_k_e + load_int(lattice->emissions.e + j));
  }
  const float of_blanks = sum_of(blanks);
  const float scale = 1 / (of_blanks + sum_of(labels));
  gradient[0] -= of_blanks * scale;
  for (ptrdiff_t j = window.low; j < window.high; j++)
    gradient[lattice->classes[j]] -= lattice->posteriors[j] * scale;
}

/// Goes through all frames from the last to the first.
///
/// States after a frame's window keep values of later frames. Only states that no path reaches
/// look at these, and their posteriors are zero for what the pass forward says of them.
static void go_back(const struct lattice *lattice, int exponent) {
  const struct states after = lattice->backward;
  for (ptrdiff_t j = 0; j < lattice->width + VECTOR_LENGTH; j++) {
    put_zero(after.blanks, j);
    put_zero(after.labels, j);
  }
  struct window window = {(ptrdiff_t)lattice->problem->label_count,
                          (ptrdiff_t)lattice->problem->label_count, 0, 0};
  after.blanks.e[window.high] = 0;
  for (size_t t = lattice->problem->frame_count; t-- > 0;) {
    while (window.high > 0 && lattice->earliest[window.high - 1] > (int)t) window.high--;
    while (window.low > 0 && lattice->latest[window.low - 1] >= (int)t) window.low--;
    set_vectors(&window);
    emit(lattice, t, window);
    step_back(lattice, states_after(lattice, t + 1), window, exponent,
              lattice->problem->logits + t * lattice->problem->class_count);
  }
}

/// What `stapes_ctc_take_posteriors_plain` does.
static double take_all_posteriors(const struct stapes_ctc_problem *problem) {
  struct lattice lattice = make_lattice(problem);
  int exponent;
  const double total = go_forward(&lattice, &exponent);
  if (total > -INFINITY) go_back(&lattice, exponent);
  return total;
}

static double loss(const struct stapes_ctc_problem *problem) {
  double least;
  const double best = take_softmax(problem, divide_workspace(problem).relative, &least);
  if (isnan(best)) return stapes_ctc_finish(problem, best, best);
  const int fits = least / LN_2 * (double)problem->frame_count >= LEAST;
  return stapes_ctc_finish(
      problem, best,
      fits ? take_all_posteriors(problem) : stapes_ctc_take_posteriors_plain(problem));
}
