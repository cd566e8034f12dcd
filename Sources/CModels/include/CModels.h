#pragma once
#include <stddef.h>
#include <stdint.h>

// The models that come with Stapes, as part of the program: there is no file to find at run time,
// and the tool can be copied anywhere.
//
// A caller gets no pointer, only single bytes, which compilers join again into wide moves.

extern const size_t stapes_digits_model_size;
extern const uint8_t stapes_digits_model_bytes[];

/// The number of bytes of the model "digits"; 0 when Stapes was built without it.
static inline size_t stapes_digits_model_count(void) { return stapes_digits_model_size; }

/// A byte of the model "digits"; 0 beyond its end.
static inline uint8_t stapes_digits_model_byte(size_t index) {
  return index < stapes_digits_model_size ? stapes_digits_model_bytes[index] : 0;
}
