#pragma once

#include "allocation.h"
#include "ctc.h"
#include "elementwise.h"
#include "recurrent.h"
#include "spectra.h"
