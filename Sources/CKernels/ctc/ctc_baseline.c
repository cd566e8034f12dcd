#include "ctc_lattice.h"

// Vectors of four floats: SSE2 on x86-64, NEON on arm64.
#define VECTOR_LENGTH 4
#include "ctc_passes.h"

const struct stapes_ctc_kernels stapes_ctc_baseline = {"baseline", log_softmax_rows, loss};
