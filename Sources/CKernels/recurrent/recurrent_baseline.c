#include "recurrent_tables.h"

#define VECTOR_LENGTH 4
// Three sums a row stay in registers: NEON has 32 of them, SSE2 has 16.
#if defined(__aarch64__)
#define BLOCK_ROWS 8
#else
#define BLOCK_ROWS 4
#endif
#include "recurrent_vector.h"
#include "recurrent_narrow.h"
#include "recurrent_lstm.h"
#include "recurrent_gru.h"
#include "recurrent_elman.h"

const struct stapes_recurrent_kernels stapes_recurrent_baseline = {
    BASELINE_NAME, RECURRENT_FUNCTIONS};
