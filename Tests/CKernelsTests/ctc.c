// CTC and the softmax: each table's against the plain loops, which are in double precision.

#include <math.h>

#include "CKernels.h"
#include "checks.h"

static const struct stapes_ctc_kernels *plain(void) {
  return stapes_ctc_kernels_at(stapes_recurrent_kernel_count() - 1);
}

/// The loss and the gradient of some labels, which lie in 0 ..< `classes` - 1, on a copy of logits.
static double loss(const struct stapes_ctc_kernels *kernels, size_t frames, size_t classes,
                   const int *labels, size_t label_count, float *logits) {
  int32_t *distinct = memory(classes * sizeof *distinct);
  int32_t *places = memory(label_count * sizeof *places);
  size_t count = 1;
  distinct[0] = 0;
  for (size_t j = 0; j < label_count; j++) {
    size_t place = 1;
    while (place < count && distinct[place] != labels[j]) place++;
    if (place == count) distinct[count++] = labels[j];
    places[j] = (int32_t)place;
  }
  int32_t *exact = memory(count * sizeof *exact);
  for (size_t i = 0; i < count; i++) exact[i] = distinct[i];
  const struct stapes_ctc_problem problem = {
      frames, classes, label_count, count, logits, exact, places,
      memory(stapes_ctc_workspace_size(frames, label_count, count))};
  return kernels->loss(&problem);
}

/// Compares the losses of all tables. The logits of half of the frames, or all, are made `special`
/// in one class, or in all classes.
static void check_loss(size_t frames, size_t classes, const int *labels, size_t label_count,
                       float scale, float special, size_t special_class) {
  const size_t count = frames * classes;
  for (size_t index = 0; index + 1 < stapes_recurrent_kernel_count(); index++) {
    const struct stapes_ctc_kernels *kernels = stapes_ctc_kernels_at(index);
    begin((unsigned)(frames * 1009 + classes * 31 + label_count));
    float *found = random_floats(count, scale);
    for (size_t t = 0; special && t < frames; t += 2)
      for (size_t c = 0; c < classes; c++)
        if (special_class == classes || c == special_class) found[t * classes + c] = special;
    float *expected = copy_of(found, count);
    const float losses[] = {
        (float)loss(kernels, frames, classes, labels, label_count, found),
        (float)loss(plain(), frames, classes, labels, label_count, expected)};
    expect(kernels->name, "loss", 1e-6, &losses[0], &losses[1], 1);
    expect(kernels->name, "loss's gradient", 1e-6, found, expected, count);
  }
}

static void check_losses(size_t label_count, size_t classes) {
  begin((unsigned)(label_count * 101 + classes));
  int labels[100];
  size_t least = label_count ? label_count : 1;
  for (size_t j = 0; j < label_count; j++) {
    labels[j] = 1 + (int)fabsf(random_float((float)classes - 1.001f));
    least += j > 0 && labels[j] == labels[j - 1];
  }
  check_loss(least, classes, labels, label_count, 4, 0, 0);
  check_loss(least + 1, classes, labels, label_count, 4, 0, 0);
  check_loss(2 * least + 9, classes, labels, label_count, 4, 0, 0);
  // Far from even, beyond the exponents of vectors, impossible classes, and no distributions.
  check_loss(2 * least + 3, classes, labels, label_count, 1e4f, 0, 0);
  check_loss(2 * least + 3, classes, labels, label_count, 1e7f, 0, 0);
  check_loss(2 * least + 3, classes, labels, label_count, 4, -INFINITY, 1);
  check_loss(2 * least + 3, classes, labels, label_count, 4, -INFINITY, classes);
  check_loss(2 * least + 3, classes, labels, label_count, 4, INFINITY, classes - 1);
  check_loss(2 * least + 3, classes, labels, label_count, 4, NAN, 0);
}

static void check_softmax(size_t columns, float scale, float special) {
  const size_t rows = 3, count = rows * columns;
  for (size_t index = 0; index + 1 < stapes_recurrent_kernel_count(); index++) {
    const struct stapes_ctc_kernels *kernels = stapes_ctc_kernels_at(index);
    begin((unsigned)columns);
    float *found = random_floats(count, scale);
    if (special) found[columns + columns / 2] = special;
    float *expected = copy_of(found, count);
    kernels->log_softmax_rows(found, rows, columns);
    plain()->log_softmax_rows(expected, rows, columns);
    expect(kernels->name, "log_softmax_rows", 4e-7, found, expected, count);
  }
}

void check_ctc(void) {
  const float scales[] = {0, 1, 30, 1e4f, 1e30f}, specials[] = {-INFINITY, INFINITY, NAN};
  for (size_t columns = 1; columns <= 70; columns++) {
    for (int i = 0; i < 5; i++) check_softmax(columns, scales[i], 0);
    for (int i = 0; i < 3; i++) check_softmax(columns, 3, specials[i]);
  }
  const size_t label_counts[] = {0, 1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 30};
  const size_t class_counts[] = {2, 3, 4, 5, 8, 17, 29};
  for (int i = 0; i < 12; i++)
    for (int j = 0; j < 7; j++) check_losses(label_counts[i], class_counts[j]);
  check_losses(100, 41);
}
