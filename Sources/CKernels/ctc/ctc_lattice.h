#pragma once

#include "ctc.h"

// The states of a label sequence in order: blank, label, blank, label, … , blank. A path starts
// in the first or second state, ends in the last or last but one, and from frame to frame stays,
// goes on by one, or goes from a label to the next if the two differ.
//
// Both passes start one frame outside: before the first frame all probability is in the first
// state, after the last frame in the last.

/// The width in doubles of a row of `relative` below: `distinct_count`, filled up to whole vectors.
static inline size_t relative_width(size_t distinct_count) { return (distinct_count + 15) / 16 * 16; }

/// The width in floats of a row of states, for U labels (blanks and labels lie apart): U + 1 blanks
/// and at least one place that no path reaches, filled up to whole vectors.
static inline size_t state_width(size_t label_count) { return (label_count + 2 + 15) / 16 * 16; }

/// The workspace, divided.
struct ctc_workspace {
  /// ln of each distinct class's probability less that of the frame's best: [frames x relative_width].
  double *relative;
  /// The rest, aligned for vectors: `ctc_states_size` bytes.
  void *states;
};

/// The bytes that the states of all frames take, and of what is as long as one row of them.
static inline size_t ctc_states_size(size_t frame_count, size_t label_count) {
  return (frame_count + 8) * 4 * state_width(label_count) * sizeof(float);
}

static inline struct ctc_workspace divide_workspace(const struct stapes_ctc_problem *problem) {
  const size_t start = ((size_t)problem->workspace + 63) / 64 * 64;
  const size_t relative_count = problem->frame_count * relative_width(problem->distinct_count);
  double *relative = (double *)start;
  return (struct ctc_workspace){relative, relative + relative_count};
}

/// ln of the probability of the labels over that of the best classes, -infinity when there is
/// none; otherwise takes the posteriors from the rows of `logits`, which hold the softmax.
/// Computed by the definition, in logarithms of double precision.
double stapes_ctc_take_posteriors_plain(const struct stapes_ctc_problem *problem);

/// The loss from the two parts of it: the sum over frames of -ln of the best class's probability,
/// and ln of the labels' probability over that; sets the gradient to zero where they are not finite.
double stapes_ctc_finish(const struct stapes_ctc_problem *problem, double best, double labels);

extern const struct stapes_ctc_kernels stapes_ctc_avx512;
extern const struct stapes_ctc_kernels stapes_ctc_avx2;
extern const struct stapes_ctc_kernels stapes_ctc_baseline;
extern const struct stapes_ctc_kernels stapes_ctc_plain;
