#include "recurrent_tables.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define VECTOR_LENGTH 8
#define BLOCK_ROWS 4
#include "recurrent_vector.h"
#include "recurrent_narrow.h"
#include "recurrent_lstm.h"
#include "recurrent_gru.h"
#include "recurrent_elman.h"

const struct stapes_recurrent_kernels stapes_recurrent_avx2 = {
    "avx2", RECURRENT_FUNCTIONS};

#pragma clang attribute pop

#endif
