#pragma once

#include "bfloat16.h"

/// The columns of a panel.
#define PAIR_PANEL_COLUMNS 32
/// How many pairs are read together: the inner length is a multiple of it.
#define PAIR_STEP 16

extern const struct stapes_bfloat16_kernels stapes_bfloat16_amx;
extern const struct stapes_bfloat16_kernels stapes_bfloat16_avx512;
extern const struct stapes_bfloat16_kernels stapes_bfloat16_plain;

/// Asks the system for the use of tiles; false where there are none.
int stapes_amx_is_granted(void);
