// Random words of every format: LLVM and the emulator agree on what is an instruction, how long it is and how it reads.
// random_test [words a format and wave size [seed]]
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"

static const struct format {
    const char *name;
    uint32_t mask, prefix;
} formats[] = {{"VOP1", 0xfe000000, 0x7e000000},   {"VOP2", 0x80000000, 0x00000000},  {"VOPC", 0xfe000000, 0x7c000000},
               {"SOP1", 0xff800000, 0xbe800000},   {"SOP2", 0xc0000000, 0x80000000},  {"SOPC", 0xff800000, 0xbf000000},
               {"SOPK", 0xf0000000, 0xb0000000},   {"SOPP", 0xff800000, 0xbf800000},  {"SMEM", 0xfc000000, 0xf4000000},
               {"VOP3", 0xfc000000, 0xd4000000},   {"VOP3P", 0xff000000, 0xcc000000}, {"VOPD", 0xfc000000, 0xc8000000},
               {"LDSDIR", 0xff000000, 0xce000000}, {"DS", 0xfc000000, 0xd8000000},    {"FLAT", 0xfc000000, 0xdc000000},
               {"MUBUF", 0xfc000000, 0xe0000000},  {"any", 0x00000000, 0x00000000}};

// SplitMix64 (Steele, Lea, Flood 2014).
static uint32_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (uint32_t)(z ^ z >> 31);
}

static const uint32_t special_sources[] = {233, 234, 250, 255, 255, 250, 253, 240};
static const uint32_t special_literals[] = {0,          1,          64,     65,     0xfffffff0, 0x3f800000,
                                            0x3ff00000, 0x3c003c00, 0x3c00, 0x3f80, 0x80000000, 0x3e22f983};

// Uniform words are hardly ever valid 64-bit instructions: some draws clear fields that are mostly reserved, and name
// literals and DPP.
static void draw(uint64_t *state, const struct format *format, uint32_t words[LLVM_WORDS])
{
    for (int i = 0; i < LLVM_WORDS; i++)
        words[i] = next(state);
    words[0] = (words[0] & ~format->mask) | format->prefix;
    uint32_t choice = next(state);
    if (choice & 1)
        words[1] &= next(state);
    if (choice & 2)
        words[1] |= 0x7c0000;
    if (choice & 4)
        words[0] &= ~(0x7f00u & ~format->mask);
    if (choice & 8)
        words[1] &= 0x07ffffff;
    if ((choice & 0x30) == 0x30)
        words[0] = (words[0] & ~(0x1ffu & ~format->mask)) | special_sources[choice >> 6 & 7];
    if ((choice & 0x600) == 0x600)
        words[1] = (words[1] & ~0x1ffu) | special_sources[choice >> 11 & 7];
    if ((choice & 0xc000) == 0x4000)
        words[1] &= 0x1ff;
    if ((choice & 0xc000) == 0x8000)
        words[1] &= 0x3ffff;
    if ((choice & 0xc000) == 0xc000)
        words[1] &= 0xff0000ff;
    if ((choice & 0x30000) == 0x30000) {
        uint32_t literal = special_literals[(choice >> 18) % (sizeof special_literals / sizeof *special_literals)];
        words[choice & 0x40000000 ? 1 : 2] = literal;
    }
}

static long run(struct llvm *llvm, bool wave64, long count, uint64_t seed)
{
    long unknown = 0;
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        struct tally tally = {0};
        uint64_t state = seed * 1000003 + f;
        for (long i = 0; i < count; i++) {
            uint32_t words[LLVM_WORDS];
            struct comparison result;
            draw(&state, &formats[f], words);
            compare(llvm, words, wave64, &result);
            tally_add(&tally, formats[f].name, words, wave64, &result);
        }
        tally_print(&tally, formats[f].name);
        unknown += tally.unknown;
    }
    return unknown;
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 4000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 20261122;
    long unknown = 0;
    for (int wave64 = 0; wave64 < 2; wave64++) {
        const char *why;
        struct llvm *llvm = llvm_open(wave64, &why);
        if (!llvm) {
            (void)printf("skipped: %s\n", why);
            return 77;
        }
        (void)printf("wave%d, %ld words a format, seed %llu\n", wave64 ? 64 : 32, count, (unsigned long long)seed);
        unknown += run(llvm, wave64, count, seed);
        llvm_close(llvm);
    }
    if (unknown)
        (void)fprintf(stderr, "%ld disagreements that known.c does not explain\n", unknown);
    return unknown != 0;
}
