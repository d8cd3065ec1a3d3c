// libFuzzer target: any bytes as a code object that is loaded and whose kernels are launched. Half of the mutations
// change single words where descriptors and notes lie, so that most objects stay loadable.
#include <elf.h>
#include <string.h>

#include "code_words.h"
#include "object_launch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    object_launch(data, size);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    uint64_t state = (uint64_t)seed * 2 + 1;
    if (size < sizeof(Elf64_Ehdr) || code_random(&state) % 4 == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    // One place: a byte, or a word of a value that is likely to be at an edge.
    const size_t at = sizeof(Elf64_Ehdr) + code_random(&state) % (size - sizeof(Elf64_Ehdr));
    static const uint32_t edges[] = {0, 1, 0x7f, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff};
    const uint32_t edge = edges[code_random(&state) % (sizeof edges / sizeof *edges)];
    const uint32_t kind = code_random(&state);
    if (kind % 2 == 0)
        data[at] ^= (uint8_t)(1u << (kind >> 8 & 7));
    else
        memcpy(data + at, &edge, size - at < 4 ? size - at : (kind >> 16 & 3) + 1);
    return size;
}
