#pragma once

#include "ctc.h"
#include "elementwise.h"
#include "memory.h"
#include "recurrent.h"
#include "spectra.h"
