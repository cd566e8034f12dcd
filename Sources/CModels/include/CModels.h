#pragma once
#include <stddef.h>
#include <stdint.h>

// The models that come with Stapes, as part of the program: there is no file to find at run time,
// and the tool can be copied anywhere.
//
// A caller gets no pointer, only values, which is all that a copy needs.

/// The files that are built in.
typedef enum stapes_model_file {
  stapes_digits_file,
  stapes_english_file,
  stapes_english_streaming_file,
  stapes_english_words_file,
} stapes_model_file;

/// The number of bytes of a file.
size_t stapes_model_size(stapes_model_file file);

/// The files by their numbers; zeros follow the end of each.
extern const struct stapes_model_bytes {
  const uint8_t *bytes;
  size_t size;
} stapes_model_files[];

/// Eight bytes of a file from 8 * index on, the first one least significant; zeros follow its end.
///
/// It stands here to be compiled into the loop of whoever copies a file: millions of calls would take
/// longer than the copy.
static inline uint64_t stapes_model_word(stapes_model_file file, size_t index) {
  uint64_t word = 0;
  if (8 * index >= stapes_model_files[file].size) return 0;
  for (int byte = 7; byte >= 0; byte--) {
    word = word << 8 | stapes_model_files[file].bytes[8 * index + byte];
  }
  return word;
}
