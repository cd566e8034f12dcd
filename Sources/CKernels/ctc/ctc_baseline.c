#include "ctc_lattice.h"

#define VECTOR_LENGTH 4
#include "ctc_passes.h"

const struct stapes_ctc_kernels stapes_ctc_baseline = {BASELINE_NAME, log_softmax_rows, loss};
