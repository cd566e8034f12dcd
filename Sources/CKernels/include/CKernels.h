#pragma once

#include "elementwise.h"
#include "recurrent.h"
#include <stddef.h>
#include "spectra.h"
