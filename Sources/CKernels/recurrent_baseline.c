#include "recurrent_tables.h"

// Vectors of four floats: SSE2 on x86-64, NEON on arm64.
#define VECTOR_LENGTH 4
#define BLOCK_ROWS 4
#include "recurrent_vector.h"
#include "recurrent_narrow.h"

const struct stapes_recurrent_kernels stapes_recurrent_baseline = {
    "baseline", add_product, add_product_bfloat16, add_product_int8, lstm_forward, lstm_backward};
