#pragma once

#include "recurrent.h"

extern const struct stapes_recurrent_kernels stapes_recurrent_avx512;
extern const struct stapes_recurrent_kernels stapes_recurrent_avx2;
extern const struct stapes_recurrent_kernels stapes_recurrent_baseline;
extern const struct stapes_recurrent_kernels stapes_recurrent_plain;

/// The functions of a table, in order, under the names that every implementation gives them.
#define RECURRENT_FUNCTIONS                                                                      \
  add_product, add_product_bfloat16, add_product_int8, lstm_forward, lstm_backward,              \
      lstm_peephole_forward, lstm_peephole_backward, gru_forward, gru_backward, gru_reset,       \
      gru_candidate, gru_candidate_backward, gru_reset_backward, activate, activate_backward
