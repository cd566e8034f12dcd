#include "ctc_denominator.h"

#include <math.h>
#include <string.h>

#include "../for_each_processor.h"

// A path is in one of two states for each history (a, b), its last two labels: `blank` after a blank,
// `label` in a frame of b itself. States lie at b * stride + a. Probabilities of a frame's states are
// divided by their sum, so that they stay in the range of floats, and what is far below it is none.

size_t stapes_ctc_denominator_workspace_count(const struct stapes_label_trigram *trigram,
                                              size_t frame_count) {
  const size_t states = trigram->class_count * trigram->stride;
  return (frame_count + 1) * 2 * states + 5 * states + trigram->stride;
}

/// sums[j] += factor * row[j]
static inline __attribute__((always_inline)) void add(float *sums, const float *row, float factor,
                                                      size_t count) {
  for (size_t j = 0; j < count; j++) sums[j] += factor * row[j];
}

/// The sum of x, in sixteen partial sums.
static inline __attribute__((always_inline)) float total(const float *x, size_t count) {
  float sums[16] = {0};
  for (size_t i = 0; i < count; i += 16)
    for (size_t lane = 0; lane < 16; lane++) sums[lane] += x[i + lane];
  float sum = 0;
  for (size_t lane = 0; lane < 16; lane++) sum += sums[lane];
  return sum;
}

/// Divides the states of a frame by their sum, which it returns.
static inline __attribute__((always_inline)) float normalize(float *states, size_t count) {
  const float sum = total(states, count);
  if (sum > 0)
    for (size_t i = 0; i < count; i++)
      states[i] = states[i] < 1e-30f * sum ? 0 : states[i] / sum;
  return sum;
}

/// Goes on by a frame: the states after it from those before it, blanks first, then labels.
static inline __attribute__((always_inline)) float step_forward(
    const struct stapes_label_trigram *trigram, const float *outputs, const float *before,
    float *after, float *entering) {
  const size_t classes = trigram->class_count, stride = trigram->stride;
  const size_t states = classes * stride;
  const float *blank = before, *label = before + states;
  memset(entering, 0, states * sizeof *entering);
  for (size_t b = 0; b < classes; b++) {
    float *next = entering + b * stride;
    const float *rows = trigram->by_next + b * classes * stride;
    for (size_t a = 0; a < classes; a++)
      add(next, rows + a * stride, blank[b * stride + a] + label[b * stride + a], stride);
    // The same label again needs a blank between.
    float repeated = 0;
    for (size_t a = 0; a < classes; a++) repeated += blank[b * stride + a] * rows[a * stride + b];
    next[b] = repeated;
  }
  for (size_t i = 0; i < states; i++) after[i] = outputs[0] * (blank[i] + label[i]);
  memset(after + states, 0, states * sizeof *after);
  for (size_t c = 1; c < classes; c++)
    for (size_t b = 0; b < classes; b++)
      after[states + c * stride + b] =
          outputs[c] * (entering[b * stride + c] + label[c * stride + b]);
  return normalize(after, 2 * states);
}

/// Goes back by a frame: how probable all after a state is, before a frame from after it. What is before
/// may take the place of what is after.
static inline __attribute__((always_inline)) void step_back(
    const struct stapes_label_trigram *trigram, const float *outputs, float *rest,
    float *entering, float *sums) {
  const size_t classes = trigram->class_count, stride = trigram->stride;
  const size_t states = classes * stride;
  float *blank = rest, *label = rest + states;
  for (size_t b = 0; b < classes; b++)
    for (size_t c = 1; c < classes; c++)
      entering[b * stride + c] = outputs[c] * label[c * stride + b];
  memset(sums, 0, states * sizeof *sums);
  for (size_t b = 0; b < classes; b++) {
    float *sum = sums + b * stride;
    const float *rows = trigram->by_first + b * classes * stride;
    for (size_t c = 1; c < classes; c++)
      if (c != b) add(sum, rows + c * stride, entering[b * stride + c], stride);
    // The label 0 is before a text: no frame is of it.
    const float again = b > 0 ? entering[b * stride + b] : 0, stay = b > 0 ? outputs[b] : 0;
    for (size_t a = 0; a < stride; a++) {
      const size_t i = b * stride + a;
      const float other = outputs[0] * blank[i] + sum[a];
      blank[i] = other + again * rows[b * stride + a];
      label[i] = other + stay * label[i];
    }
  }
  normalize(rest, 2 * states);
}

/// Puts the shares of the classes of a frame in place of its outputs.
static inline __attribute__((always_inline)) void share(const struct stapes_label_trigram *trigram,
                                                        const float *before, const float *rest,
                                                        float *shares) {
  const size_t classes = trigram->class_count, stride = trigram->stride;
  const size_t states = classes * stride;
  memset(shares, 0, classes * sizeof *shares);
  for (size_t c = 0; c < classes; c++) {
    float blank = 0, label = 0;
    for (size_t i = c * stride; i < (c + 1) * stride; i++) {
      blank += before[i] * rest[i];
      label += before[states + i] * rest[states + i];
    }
    shares[0] += blank;
    shares[c] += label;
  }
  float sum = 0;
  for (size_t c = 0; c < classes; c++) sum += shares[c];
  for (size_t c = 0; c < classes; c++) shares[c] = sum > 0 ? shares[c] / sum : 0;
}

FOR_EACH_PROCESSOR
double stapes_ctc_denominator(const struct stapes_label_trigram *trigram, size_t frame_count,
                              float *outputs, float *workspace) {
  const size_t classes = trigram->class_count, states = classes * trigram->stride;
  float *passed = workspace, *rest = passed + (frame_count + 1) * 2 * states;
  float *entering = rest + 2 * states, *sums = entering + states, *shares = sums + states;
  memset(passed, 0, 2 * states * sizeof *passed);
  passed[0] = 1;
  double logarithm = 0;
  for (size_t frame = 0; frame < frame_count; frame++)
    logarithm += log(step_forward(trigram, outputs + frame * classes, passed + frame * 2 * states,
                                  passed + (frame + 1) * 2 * states, entering));
  const float *last = passed + frame_count * 2 * states;
  float ended = 0;
  for (size_t i = 0; i < states; i++) ended += (last[i] + last[states + i]) * trigram->ends[i];
  logarithm += log(ended);
  if (!isfinite(logarithm)) {
    memset(outputs, 0, frame_count * classes * sizeof *outputs);
    return logarithm;
  }
  memcpy(rest, trigram->ends, states * sizeof *rest);
  memcpy(rest + states, trigram->ends, states * sizeof *rest);
  for (size_t frame = frame_count; frame-- > 0;) {
    float *own = outputs + frame * classes;
    share(trigram, passed + (frame + 1) * 2 * states, rest, shares);
    if (frame > 0) step_back(trigram, own, rest, entering, sums);
    memcpy(own, shares, classes * sizeof *own);
  }
  return logarithm;
}
