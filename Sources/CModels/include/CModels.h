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

/// Eight bytes of a file from 8 * index on, the first one least significant; zeros follow its end.
uint64_t stapes_model_word(stapes_model_file file, size_t index);
