// Products of bfloat16 pairs by tiles (AMX-BF16): 16 x 16 sums from 16 x 16 pairs of each factor.

#include "bfloat16_layout.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__linux__)
#include <cpuid.h>

static int ask(void) {
  // CPUID 7.0: EDX bit 22 is AMX-BF16, bit 24 AMX-TILE. The system grants the use of the tile
  // data (state component 18) to processes that ask; ARCH_REQ_XCOMP_PERM is 0x1023.
  unsigned a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d >> 22 & 1) || !(d >> 24 & 1)) return 0;
  return syscall(SYS_arch_prctl, 0x1023, 18) == 0;
}

int stapes_amx_is_granted(void) {
  // Asked once, since it takes long; several threads that ask at once get the same answer.
  static _Atomic int answer = -1;
  if (answer < 0) answer = ask();
  return answer;
}
#else
int stapes_amx_is_granted(void) { return 0; }
#endif

#define TARGET __attribute__((target("avx512f,amx-tile,amx-bf16")))

/// The shapes of the tiles: 0 to 3 are sums, 4 and 5 of the left factor, 6 and 7 of the right.
struct tile_shapes {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
};

/// Gives the upper tiles of sums and of the left factor so many rows, and the lower ones.
TARGET static void shape_tiles(size_t upper, size_t lower) {
  struct tile_shapes shapes;
  memset(&shapes, 0, sizeof shapes);
  shapes.palette = 1;
  for (int tile = 0; tile < 8; tile++) {
    const int is_lower = tile == 2 || tile == 3 || tile == 5;
    shapes.row_bytes[tile] = 64;
    shapes.rows[tile] = tile >= 6 ? 16 : is_lower ? (lower ? lower : 16) : upper;
  }
  _tile_loadconfig(&shapes);
}

/// Up to 32 rows times the 32 columns of a panel, in a buffer or in place.
TARGET static inline __attribute__((always_inline)) void block(int has_lower, size_t count,
                                                               const uint32_t *a,
                                                               const uint32_t *panel, float *out,
                                                               size_t out_stride) {
  const size_t a_bytes = 4 * count, panel_bytes = 4 * PAIR_PANEL_COLUMNS;
  const size_t out_bytes = 4 * out_stride;
  _tile_loadd(0, out, out_bytes);
  _tile_loadd(1, out + 16, out_bytes);
  if (has_lower) {
    _tile_loadd(2, out + 16 * out_stride, out_bytes);
    _tile_loadd(3, out + 16 * out_stride + 16, out_bytes);
  }
  for (size_t p = 0; p < count; p += PAIR_STEP) {
    _tile_loadd(4, a + p, a_bytes);
    _tile_loadd(6, panel + p * PAIR_PANEL_COLUMNS, panel_bytes);
    _tile_loadd(7, panel + p * PAIR_PANEL_COLUMNS + 16, panel_bytes);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    if (has_lower) {
      _tile_loadd(5, a + 16 * count + p, a_bytes);
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_stored(0, out, out_bytes);
  _tile_stored(1, out + 16, out_bytes);
  if (has_lower) {
    _tile_stored(2, out + 16 * out_stride, out_bytes);
    _tile_stored(3, out + 16 * out_stride + 16, out_bytes);
  }
}

/// A block of a panel that is not whole, by way of a buffer.
TARGET static void edge_block(size_t rows, size_t width, size_t count, const uint32_t *a,
                              const uint32_t *panel, float *out, size_t out_stride) {
  float sums[32 * PAIR_PANEL_COLUMNS];
  memset(sums, 0, sizeof sums);
  for (size_t r = 0; r < rows; r++)
    memcpy(sums + r * PAIR_PANEL_COLUMNS, out + r * out_stride, width * sizeof *out);
  block(rows > 16, count, a, panel, sums, PAIR_PANEL_COLUMNS);
  for (size_t r = 0; r < rows; r++)
    memcpy(out + r * out_stride, sums + r * PAIR_PANEL_COLUMNS, width * sizeof *out);
}

/// Some rows, all as one block of each panel; the tiles have the shapes for them.
TARGET static void panels_of_block(size_t rows, size_t columns, size_t count, const uint32_t *a,
                                   const uint32_t *panels, float *out, size_t out_stride) {
  for (size_t first = 0; first < columns; first += PAIR_PANEL_COLUMNS) {
    const uint32_t *panel = panels + first * count;
    if (columns - first < PAIR_PANEL_COLUMNS)
      edge_block(rows, columns - first, count, a, panel, out + first, out_stride);
    else
      block(rows > 16, count, a, panel, out + first, out_stride);
  }
}

TARGET static void add_product(size_t rows, size_t columns, size_t inner, const uint32_t *a,
                               const uint32_t *panels, float *out, size_t out_stride) {
  const size_t count = stapes_pair_count(inner);
  const size_t whole = rows / 32 * 32, rest = rows - whole;
  if (whole) {
    shape_tiles(16, 16);
    // A panel stays in the cache while the rows go by, or the other way around.
    for (size_t first = 0; first < columns; first += PAIR_PANEL_COLUMNS) {
      const size_t width = columns - first < PAIR_PANEL_COLUMNS ? columns - first
                                                                : PAIR_PANEL_COLUMNS;
      for (size_t row = 0; row < whole; row += 32)
        panels_of_block(32, width, count, a + row * count, panels + first * count,
                        out + row * out_stride + first, out_stride);
    }
  }
  if (rest) {
    shape_tiles(rest < 16 ? rest : 16, rest > 16 ? rest - 16 : 0);
    panels_of_block(rest, columns, count, a + whole * count, panels, out + whole * out_stride,
                    out_stride);
  }
  _tile_release();
}

const struct stapes_bfloat16_kernels stapes_bfloat16_amx = {"amx", add_product};

#endif
