#include "ctc_lattice.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)

#define VECTOR_LENGTH 16
#include "ctc_passes.h"

const struct stapes_ctc_kernels stapes_ctc_avx512 = {"avx512", log_softmax_rows, loss};

#pragma clang attribute pop

#endif
