#include "recurrent.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "recurrent_tables.h"

/// Fills `kernels` with what this processor runs, best first; returns how many.
static size_t available(const struct stapes_recurrent_kernels *kernels[4]) {
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    kernels[count++] = &stapes_recurrent_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    kernels[count++] = &stapes_recurrent_avx2;
#endif
  kernels[count++] = &stapes_recurrent_baseline;
  kernels[count++] = &stapes_recurrent_plain;
  return count;
}

size_t stapes_recurrent_kernel_count(void) {
  const struct stapes_recurrent_kernels *kernels[4];
  return available(kernels);
}

const struct stapes_recurrent_kernels *stapes_recurrent_kernels_at(size_t index) {
  const struct stapes_recurrent_kernels *kernels[4];
  const size_t count = available(kernels);
  return kernels[index < count ? index : count - 1];
}

/// The kernels that STAPES_ISA names, or else the best ones.
static const struct stapes_recurrent_kernels *chosen(void) {
  const struct stapes_recurrent_kernels *kernels[4];
  const size_t count = available(kernels);
  const char *asked = getenv("STAPES_ISA");
  for (size_t index = 0; asked && index < count; index++)
    if (strcmp(kernels[index]->name, asked) == 0) return kernels[index];
  return kernels[0];
}

const struct stapes_recurrent_kernels *stapes_recurrent_kernels_best(void) {
  // Threads that come here first at the same time choose the same.
  static _Atomic(const struct stapes_recurrent_kernels *) best;
  const struct stapes_recurrent_kernels *found =
      atomic_load_explicit(&best, memory_order_acquire);
  if (found) return found;
  found = chosen();
  atomic_store_explicit(&best, found, memory_order_release);
  return found;
}
