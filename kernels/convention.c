// The arguments that kernels may take, one row each, and their packing. Which kernel takes which is kernels.json's to
// say.
#include "convention.h"

#include <string.h>

enum place { GEMM, GROUP_SIZE, ZERO };

// name, where the value comes from, its offset there, its size
#define W4_MEMBER(name) X(name, GEMM, offsetof(struct w4_gemm_args, name), sizeof(((struct w4_gemm_args *)0)->name))
#define W4_ARGUMENTS                                                                                                   \
    W4_MEMBER(a)                                                                                                       \
    W4_MEMBER(w)                                                                                                       \
    W4_MEMBER(scales)                                                                                                  \
    W4_MEMBER(zeros)                                                                                                   \
    W4_MEMBER(c)                                                                                                       \
    W4_MEMBER(m)                                                                                                       \
    W4_MEMBER(n)                                                                                                       \
    W4_MEMBER(k)                                                                                                       \
    W4_MEMBER(a_pitch)                                                                                                 \
    W4_MEMBER(w_pitch)                                                                                                 \
    W4_MEMBER(scale_pitch)                                                                                             \
    W4_MEMBER(c_pitch)                                                                                                 \
    X(group_size, GROUP_SIZE, 0, sizeof(uint32_t))                                                                     \
    X(zero32, ZERO, 0, sizeof(uint32_t))                                                                               \
    X(zero64, ZERO, 0, sizeof(uint64_t))

#define X(name, place, offset, bytes) ARGUMENT_##name,
enum { W4_ARGUMENTS ARGUMENT_COUNT };
#undef X

#define X(name, place, offset, bytes) {place, offset, bytes},
static const struct {
    enum place place;
    size_t offset, bytes;
} arguments[] = {W4_ARGUMENTS};
#undef X

#define X(name, place, offset, bytes) #name,
const char *const w4_convention_argument_names[] = {W4_ARGUMENTS NULL};
#undef X

const struct w4_convention w4_convention_hip = {
    .arguments = {ARGUMENT_a, ARGUMENT_w, ARGUMENT_scales, ARGUMENT_zeros, ARGUMENT_c, ARGUMENT_m, ARGUMENT_n,
                  ARGUMENT_k, ARGUMENT_a_pitch, ARGUMENT_w_pitch, ARGUMENT_scale_pitch, ARGUMENT_c_pitch,
                  ARGUMENT_zero32},
    .argument_count = 13,
    .pitch_multiple = 1,
};

int w4_convention_argument(const char *name)
{
    for (int i = 0; i < ARGUMENT_COUNT; i++)
        if (strcmp(name, w4_convention_argument_names[i]) == 0)
            return i;
    return -1;
}

size_t w4_convention_pack(const struct w4_convention *convention, const struct w4_gemm_args *values,
                          uint32_t group_size, unsigned char *block)
{
    static const uint64_t zero = 0;
    const void *const sources[] = {[GEMM] = values, [GROUP_SIZE] = &group_size, [ZERO] = &zero};
    size_t size = 0;
    memset(block, 0, W4_CONVENTION_BLOCK_MAX_BYTES);
    for (size_t i = 0; i < convention->argument_count; i++) {
        const size_t kind = convention->arguments[i], bytes = arguments[kind].bytes;
        size = (size + bytes - 1) / bytes * bytes;
        memcpy(block + size, (const char *)sources[arguments[kind].place] + arguments[kind].offset, bytes);
        size += bytes;
    }
    return size;
}
