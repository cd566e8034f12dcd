#include "ctc_lattice.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define VECTOR_LENGTH 8
#include "ctc_passes.h"

const struct stapes_ctc_kernels stapes_ctc_avx2 = {"avx2", log_softmax_rows, loss};

#pragma clang attribute pop

#endif
