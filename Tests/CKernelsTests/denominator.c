// The denominator of CTC-CRF against the sum over every path, one by one, in double precision.

#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "checks.h"

/// P(c | a, b), of the end with c = 0: the same numbers wherever they are asked for.
static float probability(size_t classes, size_t a, size_t b, size_t c) {
  return (float)((a * 7 + b * 3 + c * 5) % 11 + 1) / (float)(12 * classes);
}

/// Adds a path's product to the sum, and to those of its class in each frame.
static void add_path(size_t classes, size_t frames, const float *outputs, size_t path, double *sum,
                     double *shares) {
  size_t before = 0, last = 0, previous = 0, rest = path;
  double product = 1;
  for (size_t t = 0; t < frames; t++, rest /= classes) {
    const size_t c = rest % classes;
    product *= outputs[t * classes + c];
    if (c != 0 && c != previous) {
      product *= probability(classes, before, last, c);
      before = last;
      last = c;
    }
    previous = c;
  }
  product *= probability(classes, before, last, 0);
  *sum += product;
  for (size_t t = 0; t < frames; t++, path /= classes)
    shares[t * classes + path % classes] += product;
}

static void check_denominator(size_t classes, size_t frames) {
  begin((unsigned)(classes * 100 + frames));
  const size_t stride = (classes + 15) / 16 * 16, rows = classes * classes * stride;
  float *by_next = memset(floats(rows), 0, rows * sizeof(float));
  float *by_first = memset(floats(rows), 0, rows * sizeof(float));
  float *ends = memset(floats(classes * stride), 0, classes * stride * sizeof(float));
  for (size_t a = 0; a < classes; a++)
    for (size_t b = 0; b < classes; b++) {
      ends[b * stride + a] = probability(classes, a, b, 0);
      for (size_t c = 1; c < classes; c++) {
        by_next[(b * classes + a) * stride + c] = probability(classes, a, b, c);
        by_first[(b * classes + c) * stride + a] = probability(classes, a, b, c);
      }
    }
  const struct stapes_label_trigram trigram = {classes, stride, by_next, by_first, ends};
  float *outputs = random_floats(frames * classes, 0.5f);
  for (size_t i = 0; i < frames * classes; i++) outputs[i] = outputs[i] + 0.5f;
  double sum = 0, shares[64] = {0};
  size_t paths = 1;
  for (size_t t = 0; t < frames; t++) paths *= classes;
  for (size_t path = 0; path < paths; path++)
    add_path(classes, frames, outputs, path, &sum, shares);
  float expected[64];
  for (size_t i = 0; i < frames * classes; i++) expected[i] = (float)(shares[i] / sum);
  float *workspace = floats(stapes_ctc_denominator_workspace_count(&trigram, frames));
  const float logarithms[] = {
      (float)stapes_ctc_denominator(&trigram, frames, outputs, workspace), (float)log(sum)};
  expect("any", "ctc_denominator", 2e-6, &logarithms[0], &logarithms[1], 1);
  expect("any", "ctc_denominator's shares", 2e-6, outputs, expected, frames * classes);
}

void check_denominators(void) {
  for (size_t classes = 2; classes <= 5; classes++)
    for (size_t frames = 1; frames <= 6; frames++) check_denominator(classes, frames);
  check_denominator(17, 3);
}
