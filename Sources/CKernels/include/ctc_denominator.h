#pragma once

#include <stddef.h>

/// The sum over all texts and all alignments that the denominator of CTC-CRF is.
///
/// The paths of CTC, weighed by what a trigram of labels gives the text that they leave. Class 0 is blank,
/// and as a label it stands for the beginning of a text.

/// A trigram of labels, in the two orders in which it is gone through. Rows are `stride` floats apart and
/// zero beyond the classes; what belongs to the label 0 as next one is zero.
struct stapes_label_trigram {
  size_t class_count;
  /// A multiple of 16, at least `class_count`.
  size_t stride;
  /// P(c | a, b) at ((b * class_count + a) * stride + c).
  const float *by_next;
  /// P(c | a, b) at ((b * class_count + c) * stride + a).
  const float *by_first;
  /// P(end | a, b) at (b * stride + a).
  const float *ends;
};

/// How many floats `stapes_ctc_denominator` works in.
size_t stapes_ctc_denominator_workspace_count(const struct stapes_label_trigram *trigram,
                                              size_t frame_count);

/// The natural logarithm of the sum over all paths of the product of their outputs and of the trigram's
/// probability of their text; minus infinity where that is zero.
///
/// `outputs` holds the probability of each class, [frames x classes], and is replaced by the share that
/// paths of that class in that frame have in the sum; by zeros where the sum is zero.
double stapes_ctc_denominator(const struct stapes_label_trigram *trigram, size_t frame_count,
                              float *outputs, float *workspace);
