// Packing of weights of any width into the panels that the recurrent products read.

#include "recurrent.h"
#include "recurrent_panels.h"

size_t stapes_packed_count(size_t inner, size_t columns) {
  const size_t whole = columns / PANEL_COLUMNS * PANEL_COLUMNS;
  return (whole + panel_width(columns - whole)) * inner;
}

/// Packs the columns of B in groups of 16: that many strided streams stay in the first-level cache
/// even where the stride is a power of two.
#define DEFINE_PACK(NAME, ELEMENT)                                                              \
  void NAME(const ELEMENT *b, size_t inner, size_t columns, size_t inner_stride,                \
            size_t column_stride, ELEMENT *packed) {                                            \
    for (size_t first = 0; first < columns; first += 16) {                                      \
      const size_t panel = first / PANEL_COLUMNS * PANEL_COLUMNS;                               \
      const size_t left = columns - panel;                                                      \
      const size_t width = panel_width(left < PANEL_COLUMNS ? left : PANEL_COLUMNS);            \
      const ELEMENT *from = b + first * column_stride;                                          \
      ELEMENT *to = packed + panel * inner + (first - panel);                                   \
      const size_t valid = columns - first < 16 ? columns - first : 16;                         \
      for (size_t k = 0; k < inner; k++, from += inner_stride, to += width) {                   \
        if (valid == 16)                                                                        \
          for (size_t n = 0; n < 16; n++) to[n] = from[n * column_stride];                      \
        else                                                                                    \
          for (size_t n = 0; n < 16; n++) to[n] = n < valid ? from[n * column_stride] : 0;      \
      }                                                                                         \
    }                                                                                           \
  }

DEFINE_PACK(stapes_pack, float)
DEFINE_PACK(stapes_pack_int8, int8_t)
DEFINE_PACK(stapes_pack_bfloat16, uint16_t)
