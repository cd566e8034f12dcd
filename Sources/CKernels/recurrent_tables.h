#pragma once

#include "recurrent.h"

extern const struct stapes_recurrent_kernels stapes_recurrent_avx512;
extern const struct stapes_recurrent_kernels stapes_recurrent_avx2;
extern const struct stapes_recurrent_kernels stapes_recurrent_baseline;
extern const struct stapes_recurrent_kernels stapes_recurrent_plain;
