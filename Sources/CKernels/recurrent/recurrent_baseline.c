#include "recurrent_tables.h"

// Vectors of four floats: SSE2 on x86-64, NEON on arm64.
#define VECTOR_LENGTH 4
#define BLOCK_ROWS 4
#include "recurrent_vector.h"
#include "recurrent_narrow.h"
#include "recurrent_lstm.h"
#include "recurrent_gru.h"
#include "recurrent_elman.h"

const struct stapes_recurrent_kernels stapes_recurrent_baseline = {
    "baseline", RECURRENT_FUNCTIONS};
