#pragma once

#include <stddef.h>

/// Begins a check of some sizes: random numbers from a seed, and all memory given back.
void begin(unsigned seed);

/// Memory that ends where none may be touched: what reads or stores beyond it ends the program.
void *memory(size_t size);
float *floats(size_t count);

/// Numbers from -scale to scale.
float random_float(float scale);
float *random_floats(size_t count, float scale);
float *copy_of(const float *x, size_t count);

/// Notes how far a function of a table of kernels is from what is expected of it. The distance is
/// the largest |found - expected| / max(1, |expected|), and may be as large as `bound`.
void expect(const char *table, const char *function, double bound, const float *found,
            const float *expected, size_t count);

void check_products(void);
void check_cells(void);
void check_ctc(void);
void check_denominators(void);
void check_rows(void);
void check_loops(void);
void check_pairs(void);
