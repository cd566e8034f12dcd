#include "CModels.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// The zeros behind each file let the last word be read.
#define END_OF_FILE 0, 0, 0, 0, 0, 0, 0, 0

static const uint8_t digits[] = {
#embed "digits.safetensors" suffix(, )
    END_OF_FILE};

static const uint8_t english[] = {
#embed "english.safetensors" suffix(, )
    END_OF_FILE};

static const uint8_t english_streaming[] = {
#embed "english-streaming.safetensors" suffix(, )
    END_OF_FILE};

static const uint8_t english_words[] = {
#embed "english-words.bin" suffix(, )
    END_OF_FILE};

static const struct {
  const uint8_t *bytes;
  size_t size;
} files[] = {
    [stapes_digits_file] = {digits, sizeof digits - 8},
    [stapes_english_file] = {english, sizeof english - 8},
    [stapes_english_streaming_file] = {english_streaming, sizeof english_streaming - 8},
    [stapes_english_words_file] = {english_words, sizeof english_words - 8},
};

size_t stapes_model_size(stapes_model_file file) { return files[file].size; }

uint64_t stapes_model_word(stapes_model_file file, size_t index) {
  uint64_t word = 0;
  if (8 * index >= files[file].size) return 0;
  for (int byte = 7; byte >= 0; byte--) word = word << 8 | files[file].bytes[8 * index + byte];
  return word;
}
