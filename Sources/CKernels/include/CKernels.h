#pragma once

#include "allocation.h"
#include "bfloat16.h"
#include "ctc.h"
#include "ctc_denominator.h"
#include "elementwise.h"
#include "recurrent.h"
#include "rows.h"
#include "spectra.h"
#include "update.h"
