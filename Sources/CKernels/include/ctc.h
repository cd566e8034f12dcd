#pragma once

#include <stddef.h>
#include <stdint.h>

/// The softmax of rows, and connectionist temporal classification on top of it.

/// The labels of one sequence and the network's answer to it.
struct stapes_ctc_problem {
  size_t frame_count;
  size_t class_count;
  size_t label_count;
  size_t distinct_count;
  /// [frames x classes]; becomes the gradient.
  float *logits;
  /// The classes that matter, each once, blank (class 0) first: [distinct].
  const int32_t *distinct;
  /// For each label its place in `distinct`: [labels].
  const int32_t *labels;
  /// As many bytes as `stapes_ctc_workspace_size` says, at any address a double may have.
  void *workspace;
};

/// The bytes of memory that a problem of this size works in.
size_t stapes_ctc_workspace_size(size_t frame_count, size_t label_count, size_t distinct_count);

/// One instruction set's kernels.
struct stapes_ctc_kernels {
  /// The name by which STAPES_ISA asks for it.
  const char *name;

  /// Replaces each row x of a matrix by x - ln(sum(exp(x))).
  void (*log_softmax_rows)(float *values, size_t row_count, size_t column_count);

  /// The negative log-probability of the labels; the logits become its gradient.
  ///
  /// There is at least one frame and one class, and as many frames as labels and repeats. The
  /// loss is infinite when every alignment has a class at minus infinity, and NaN when a row of
  /// logits is no distribution (NaN, plus infinity, or minus infinity alone); in both cases the
  /// gradient is zero.
  double (*loss)(const struct stapes_ctc_problem *problem);
};

/// The kernels that this processor runs, best first, the plain loops last, as many as there are
/// recurrent ones.
const struct stapes_ctc_kernels *stapes_ctc_kernels_at(size_t index);

/// The kernels for the instruction set of the best recurrent ones.
const struct stapes_ctc_kernels *stapes_ctc_kernels_best(void);
