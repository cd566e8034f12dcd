#pragma once

#include <stddef.h>

/// The columns of a panel: three vectors of 16 floats.
#define PANEL_COLUMNS 48

/// The stored width of a panel of which `valid` columns count.
static inline size_t panel_width(size_t valid) { return (valid + 15) / 16 * 16; }
