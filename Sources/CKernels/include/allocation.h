#pragma once

#include <stddef.h>

/// Tells the C library to keep freed memory for the next allocation instead of giving it back to
/// the system and asking for it again, page by page.
void stapes_keep_freed_memory(void);

/// Memory that begins at the start of a cache line; where it is at least as long as a large page
/// of the system (2 MiB), it begins at the start of one and asks for such pages. NULL where there
/// is no memory. Given back with stapes_release.
void *stapes_allocate(size_t length);

/// Gives memory back; NULL is none.
void stapes_release(void *memory);

/// Asks the system for large pages in a stretch of memory that is about to be written: each saves
/// 511 page faults, and as many entries of the processor's page tables. It is advice, and does
/// nothing where the stretch is short or the system has no such pages.
void stapes_prefer_large_pages(void *start, size_t length);
