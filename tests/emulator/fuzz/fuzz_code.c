// libFuzzer target: any bytes as a kernel's code, in wave32 and wave64, plain, under the checker and under the
// adversary. The first byte is the options (code_launch.h), the others the code.
#include "code_launch.h"
#include "code_words.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 5)
        return 0;
    code_launch(data + 1, size - 1, data[0]);
    return 0;
}

// Half of the mutations replace or insert a whole instruction; libFuzzer's own are the other half.
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    uint64_t state = (uint64_t)seed * 2 + 1;
    uint32_t words[3];
    const size_t length = code_words(&state, words) * 4;
    if (size < 5 || code_random(&state) % 2 == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    const size_t at = 1 + code_random(&state) % ((size - 1) / 4 + 1) * 4;
    if (code_random(&state) % 2 && size + length <= max_size) {
        memmove(data + at + length, data + at, size - at);
        size += length;
    }
    if (at + length > max_size)
        return size;
    memcpy(data + at, words, length);
    return at + length > size ? at + length : size;
}
