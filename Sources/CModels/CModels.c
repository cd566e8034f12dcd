#include "CModels.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

const uint8_t stapes_digits_model_bytes[] = {
#embed "digits.safetensors" suffix(, )
    0};

const size_t stapes_digits_model_size = sizeof stapes_digits_model_bytes - 1;
