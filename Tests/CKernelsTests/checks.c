// The C kernels by themselves: every function of every table that this processor runs against its
// plain twin, and what has no twin against plain loops in double precision. Needs nothing but a C
// compiler, and so runs where there is no Swift; see scripts/arm-test.

// MAP_ANONYMOUS is no part of ISO C.
#define _DEFAULT_SOURCE
#include "checks.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "CKernels.h"

enum { AREAS = 32, FINDINGS = 128 };

static const size_t area_size = (size_t)4 << 20;
static char *areas[AREAS];
static size_t used;
static uint64_t state;

void begin(unsigned seed) {
  used = 0;
  state = seed;
}

void *memory(size_t size) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  if (used == AREAS || size > area_size) abort();
  char **area = &areas[used++];
  if (!*area) {
    *area = mmap(NULL, area_size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                 0);
    if (*area == MAP_FAILED || mprotect(*area + area_size, page, PROT_NONE)) abort();
  }
  return *area + (area_size - size);
}

float *floats(size_t count) { return memory(count * sizeof(float)); }

float random_float(float scale) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return scale * ((float)(state >> 40) / (1 << 23) - 1);
}

float *random_floats(size_t count, float scale) {
  float *x = floats(count);
  for (size_t i = 0; i < count; i++) x[i] = random_float(scale);
  return x;
}

float *copy_of(const float *x, size_t count) {
  return memcpy(floats(count), x, count * sizeof *x);
}

/// What was found out about a function.
static struct finding {
  const char *table, *function;
  size_t comparisons, beyond;
  double largest;
} findings[FINDINGS];

static struct finding *finding_on(const char *table, const char *function) {
  for (size_t i = 0; i < FINDINGS; i++) {
    struct finding *here = &findings[i];
    if (!here->table) *here = (struct finding){.table = table, .function = function};
    if (!strcmp(here->table, table) && !strcmp(here->function, function)) return here;
  }
  abort();
}

static double distance(double found, double expected) {
  if (found == expected || (isnan(found) && isnan(expected))) return 0;
  const double difference = fabs(found - expected) / fmax(1, fabs(expected));
  return isnan(difference) ? INFINITY : difference;
}

void expect(const char *table, const char *function, double bound, const float *found,
            const float *expected, size_t count) {
  struct finding *finding = finding_on(table, function);
  for (size_t i = 0; i < count; i++) {
    const double difference = distance(found[i], expected[i]);
    finding->largest = fmax(finding->largest, difference);
    finding->beyond += difference > bound;
  }
  finding->comparisons += count;
}

/// Whether the tables are those that belong here; CTC falls back on plain loops for unknown names.
static int tables_are_right(void) {
  for (size_t i = 0; i < stapes_recurrent_kernel_count(); i++)
    if (strcmp(stapes_recurrent_kernels_at(i)->name, stapes_ctc_kernels_at(i)->name)) return 0;
#if defined(__aarch64__)
  return !strcmp(stapes_recurrent_kernels_at(0)->name, "neon");
#else
  return 1;
#endif
}

int main(void) {
  check_products();
  check_cells();
  check_ctc();
  check_denominators();
  check_rows();
  check_loops();
  check_pairs();
  size_t count = 0, failures = 0;
  for (const struct finding *at = findings; count < FINDINGS && at->table; at++, count++) {
    printf("%-10s  %-28s  %8zu numbers  largest difference %.2g", at->table, at->function,
           at->comparisons, at->largest);
    if (at->beyond) printf("  FAILED: %zu beyond the bound", at->beyond);
    printf("\n");
    failures += at->beyond > 0;
  }
  const int right = tables_are_right();
  printf("%s: %zu functions compared, %zu failed%s\n", stapes_recurrent_kernels_at(0)->name, count,
         failures, right ? "" : "; FAILED: a table is missing or misnamed");
  return failures || !right;
}
