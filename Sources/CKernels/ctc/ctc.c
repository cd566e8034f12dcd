#include "ctc.h"

#include <math.h>
#include <string.h>

#include "ctc_lattice.h"
#include "recurrent.h"

size_t stapes_ctc_workspace_size(size_t frame_count, size_t label_count, size_t distinct_count) {
  return 64 + frame_count * relative_width(distinct_count) * sizeof(double) +
         ctc_states_size(frame_count, label_count);
}

double stapes_ctc_finish(const struct stapes_ctc_problem *problem, double best, double labels) {
  const double loss = best - labels;
  if (!isfinite(loss))
    memset(problem->logits, 0, problem->frame_count * problem->class_count * sizeof(float));
  return loss;
}

static const struct stapes_ctc_kernels *named(const char *name) {
#if defined(__x86_64__)
  if (strcmp(name, stapes_ctc_avx512.name) == 0) return &stapes_ctc_avx512;
  if (strcmp(name, stapes_ctc_avx2.name) == 0) return &stapes_ctc_avx2;
#endif
  if (strcmp(name, stapes_ctc_baseline.name) == 0) return &stapes_ctc_baseline;
  return &stapes_ctc_plain;
}

const struct stapes_ctc_kernels *stapes_ctc_kernels_at(size_t index) {
  return named(stapes_recurrent_kernels_at(index)->name);
}

const struct stapes_ctc_kernels *stapes_ctc_kernels_best(void) {
  return named(stapes_recurrent_kernels_best()->name);
}
