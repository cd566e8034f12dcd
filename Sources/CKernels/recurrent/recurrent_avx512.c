#include "recurrent_tables.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)

#define VECTOR_LENGTH 16
#define BLOCK_ROWS 8
#include "recurrent_vector.h"
#include "recurrent_narrow.h"
#include "recurrent_lstm.h"
#include "recurrent_gru.h"
#include "recurrent_elman.h"

const struct stapes_recurrent_kernels stapes_recurrent_avx512 = {
    "avx512", RECURRENT_FUNCTIONS};

#pragma clang attribute pop

#endif
