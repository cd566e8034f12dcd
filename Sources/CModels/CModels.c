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

const struct stapes_model_bytes stapes_model_files[] = {
    [stapes_digits_file] = {digits, sizeof digits - 8},
    [stapes_english_file] = {english, sizeof english - 8},
    [stapes_english_streaming_file] = {english_streaming, sizeof english_streaming - 8},
    [stapes_english_words_file] = {english_words, sizeof english_words - 8},
};

size_t stapes_model_size(stapes_model_file file) { return stapes_model_files[file].size; }
