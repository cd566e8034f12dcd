// madvise and posix_memalign are no part of ISO C.
#define _DEFAULT_SOURCE
#include "allocation.h"

#include <stdint.h>
#include <stdlib.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#if defined(__GLIBC__)
#include <limits.h>
#include <malloc.h>

void stapes_keep_freed_memory(void) {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_ARENA_MAX, 1);
}
#else
void stapes_keep_freed_memory(void) {}
#endif

static const size_t cache_line = 64;
static const size_t large_page = (size_t)2 << 20;

void *stapes_allocate(size_t length) {
  void *memory = NULL;
  if (posix_memalign(&memory, length >= large_page ? large_page : cache_line, length)) return NULL;
  stapes_prefer_large_pages(memory, length);
  return memory;
}

void stapes_release(void *memory) { free(memory); }

void stapes_prefer_large_pages(void *start, size_t length) {
#if defined(MADV_HUGEPAGE)
  const uintptr_t first = ((uintptr_t)start + large_page - 1) & ~(uintptr_t)(large_page - 1);
  const uintptr_t end = ((uintptr_t)start + length) & ~(uintptr_t)(large_page - 1);
  if (end > first) madvise((void *)first, end - first, MADV_HUGEPAGE);
#else
  (void)start;
  (void)length;
#endif
}
