#pragma once

#include "elementwise.h"
#include "recurrent.h"
