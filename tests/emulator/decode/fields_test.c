// Every value of every field of every opcode, one field at a time from a plain instruction of the opcode, with a
// literal and with DPP: LLVM and the emulator agree. Opcode numbers without a row must be unknown to LLVM as well.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"

struct field {
    uint8_t word; // plus PLAIN_ONLY when the other groups of bases leave the field alone
    uint8_t low, count;
};
enum { PLAIN_ONLY = 0x80 };

enum { MAX_BASES = 9, MAX_FIELDS = 16 };

// Bases of one group are alternatives: the first that either side decodes stands for the group.
struct base {
    uint8_t group;
    uint32_t words[3];
};

struct layout {
    const char *name;
    uint32_t opcode_low, opcode_count;
    struct base bases[MAX_BASES];
    struct field fields[MAX_FIELDS];
};

enum { PLAIN = 1, LITERAL, DPP16, DPP8 };

#define V(n)          (256u + (n))
#define LONG(a, b, c) ((uint32_t)(a) | (uint32_t)(b) << 9 | (uint32_t)(c) << 18)
#define DPP_WORD      0xa51b0904u // quad_perm, v4, some masks

// Field positions: RDNA 3 and RDNA 3.5 ISA manuals, chapter "Instruction formats".
static const struct layout layouts[] = {
    {"SOP1", 8, 8, {{PLAIN, {0xbe840004}}, {LITERAL, {0xbe8400ff, 0x12345678}}}, {{0, 0, 8}, {0, 16, 7}, {1, 0, 32}}},
    {"SOP2",
     23,
     7,
     {{PLAIN, {0x80040604}}, {LITERAL, {0x800406ff, 0x12345678}}},
     {{0, 0, 8}, {0, 8, 8}, {0, 16, 7}, {1, 0, 32}}},
    {"SOPC", 16, 7, {{PLAIN, {0xbf000604}}, {LITERAL, {0xbf0006ff, 0x12345678}}}, {{0, 0, 8}, {0, 8, 8}, {1, 0, 32}}},
    {"SOPK", 23, 5, {{PLAIN, {0xb0040000, 0x12345678}}}, {{0, 0, 16}, {0, 16, 7}, {1, 0, 32}}},
    {"SOPP", 16, 7, {{PLAIN, {0xbf800000}}}, {{0, 0, 16}}},
    {"SMEM",
     18,
     8,
     {{PLAIN, {0xf4000204, 0xf8000000}}},
     {{0, 0, 6}, {0, 6, 7}, {0, 13, 5}, {1, 0, 21}, {1, 21, 4}, {1, 25, 7}}},
    {"VOP1",
     9,
     8,
     {{PLAIN, {0x7e080000 | V(6)}},
      {LITERAL, {0x7e0800ff, 0x12345678}},
      {DPP16, {0x7e0800fa, DPP_WORD}},
      {DPP8, {0x7e0800e9, DPP_WORD}}},
     {{0, 0, 9}, {0 | PLAIN_ONLY, 17, 8}, {1, 0, 32}, {1, 0, 8}, {1, 8, 9}, {1, 17, 7}, {1, 24, 8}}},
    {"VOP2",
     25,
     6,
     {{PLAIN, {0x00080c00 | V(8), 0x12345678}},
      {LITERAL, {0x00080cff, 0x12345678}},
      {DPP16, {0x00080cfa, DPP_WORD}},
      {DPP8, {0x00080ce9, DPP_WORD}}},
     {{0, 0, 9},
      {0 | PLAIN_ONLY, 9, 8},
      {0 | PLAIN_ONLY, 17, 8},
      {1, 0, 32},
      {1, 0, 8},
      {1, 8, 9},
      {1, 17, 7},
      {1, 24, 8}}},
    {"VOPC",
     17,
     8,
     {{PLAIN, {0x7c000c00 | V(8)}},
      {LITERAL, {0x7c000cff, 0x12345678}},
      {DPP16, {0x7c000cfa, DPP_WORD}},
      {DPP8, {0x7c000ce9, DPP_WORD}}},
     {{0, 0, 9}, {0 | PLAIN_ONLY, 9, 8}, {1, 0, 32}, {1, 0, 8}, {1, 8, 9}, {1, 17, 7}, {1, 24, 8}}},
    {"VOP3",
     16,
     10,
     {{PLAIN, {0xd4000004, LONG(V(4), V(6), V(8))}},
      {PLAIN, {0xd4000004, LONG(V(4), V(6), 8)}},
      {PLAIN, {0xd400007e, LONG(V(4), V(6), 0)}},
      {PLAIN, {0xd4000004, LONG(V(4), 4, 6)}},
      {LITERAL, {0xd4000004, LONG(255, V(6), V(8)), 0x12345678}},
      {LITERAL, {0xd400007e, LONG(255, V(6), 0), 0x12345678}},
      {DPP16, {0xd4000004, LONG(250, V(6), V(8)), DPP_WORD}},
      {DPP16, {0xd400007e, LONG(250, V(6), 0), DPP_WORD}},
      {DPP8, {0xd4000004, LONG(233, V(6), V(8)), DPP_WORD}}},
     {{0 | PLAIN_ONLY, 0, 8},
      {0, 8, 8},
      {1 | PLAIN_ONLY, 0, 9},
      {1 | PLAIN_ONLY, 9, 9},
      {1 | PLAIN_ONLY, 18, 9},
      {1, 27, 5},
      {2, 0, 32},
      {2, 0, 8},
      {2, 8, 9},
      {2, 17, 7},
      {2, 24, 8}}},
    {"VOP3P",
     16,
     7,
     {{PLAIN, {0xcc004028, LONG(V(8), V(16), V(24)) | 0x18000000}},
      {PLAIN, {0xcc000028, LONG(V(8), V(16), 0)}},
      {LITERAL, {0xcc004028, LONG(255, V(16), V(24)) | 0x18000000, 0x12345678}},
      {DPP16, {0xcc004028, LONG(250, V(16), V(24)) | 0x18000000, DPP_WORD}},
      {DPP8, {0xcc004028, LONG(233, V(16), V(24)) | 0x18000000, DPP_WORD}}},
     {{0 | PLAIN_ONLY, 0, 8},
      {0, 8, 8},
      {0, 23, 1},
      {1 | PLAIN_ONLY, 0, 9},
      {1 | PLAIN_ONLY, 9, 9},
      {1 | PLAIN_ONLY, 18, 9},
      {1, 27, 5},
      {2, 0, 32},
      {2, 0, 8},
      {2, 8, 9},
      {2, 17, 7},
      {2, 24, 8}}},
    {"VOPD X",
     22,
     4,
     {{PLAIN, {0xc8100c00 | V(4), 0x07000000 | V(6), 0x12345678}}, {PLAIN, {0xc8100000 | V(4), 0x07000000 | V(6)}}},
     {{0, 0, 9}, {0, 9, 8}, {0, 17, 5}, {1, 0, 9}, {1, 9, 8}, {1, 17, 7}, {1, 24, 8}, {2, 0, 32}}},
    {"VOPD Y",
     17,
     5,
     {{PLAIN, {0xca000000 | V(4), 0x07001000 | V(6), 0x12345678}}, {PLAIN, {0xca000000 | V(4), 0x07000000 | V(6)}}},
     {{0, 0, 9}, {0, 9, 8}, {0, 22, 4}, {1, 0, 9}, {1, 9, 8}, {1, 17, 7}, {1, 24, 8}, {2, 0, 32}}},
    {"LDSDIR", 20, 6, {{PLAIN, {0xce000004}}}, {{0, 0, 8}, {0, 8, 8}, {0, 16, 4}}},
    {"DS",
     18,
     8,
     {{PLAIN, {0xd8000000, 0x08060402}},
      {PLAIN, {0xd8000000, 0x08000402}},
      {PLAIN, {0xd8000000, 0x00060402}},
      {PLAIN, {0xd8000000, 0x00000402}},
      {PLAIN, {0xd8000000, 0x08000002}},
      {PLAIN, {0xd8000000, 0x08000000}},
      {PLAIN, {0xd8020000, 0x00000000}},
      {PLAIN, {0xd8000000, 0x00000000}}},
     {{0, 0, 16}, {0, 0, 8}, {0, 8, 8}, {0, 16, 2}, {1, 0, 8}, {1, 8, 8}, {1, 16, 8}, {1, 24, 8}}},
    {"FLAT",
     18,
     8,
     {{PLAIN, {0xdc000000, 0x087c0402}}},
     {{0, 0, 13}, {0, 13, 5}, {1, 0, 8}, {1, 8, 8}, {1, 16, 8}, {1, 24, 8}}},
    {"SCRATCH",
     18,
     8,
     {{PLAIN, {0xdc010000, 0x08860402}}},
     {{0, 0, 13}, {0, 13, 5}, {1, 0, 8}, {1, 8, 8}, {1, 16, 8}, {1, 24, 8}}},
    {"GLOBAL",
     18,
     8,
     {{PLAIN, {0xdc020000, 0x087c0402}}, {LITERAL, {0xdc020000, 0x08060402}}},
     {{0, 0, 13}, {0, 13, 5}, {1, 0, 8}, {1, 8, 8}, {1, 16, 8}, {1, 24, 8}}},
    {"MUBUF",
     18,
     8,
     {{PLAIN, {0xe0000000, 0x80020402}},
      {LITERAL, {0xe0000000, 0xff020402, 0x12345678}},
      {DPP8, {0xe0000000, 0x80c20402}}},
     {{0, 0, 12}, {0, 12, 6}, {1, 0, 8}, {1, 8, 8}, {1, 16, 8}, {1, 24, 8}, {2, 0, 32}}},
};

static const uint32_t wide_values[] = {0,      1,      2,      15,         16,         31,         63,
                                       64,     65,     127,    128,        255,        256,        0x7fff,
                                       0x8000, 0x801b, 0xc3e0, 0xe001,     0xffff,     0x3c00,     0x3f80,
                                       0xbc00, 0x3118, 0x0f,   0x3f800000, 0x3ff00000, 0x3e22f983, 0x80000000,
                                       0x041f, 0x1c1f, 0x00ff, 0xfffffff0, 0xffffffef, 0x3c003c00, 0xffffffff};

struct run {
    struct llvm *llvm;
    bool wave64;
    uint32_t stride, first; // of the narrow fields' values
    const struct layout *layout;
    struct tally tally;
};

static bool check(struct run *run, const uint32_t words[LLVM_WORDS])
{
    struct comparison result;
    compare(run->llvm, words, run->wave64, &result);
    tally_add(&run->tally, run->layout->name, words, run->wave64, &result);
    return result.llvm_words || result.our_words;
}

static void check_value(struct run *run, const uint32_t base[LLVM_WORDS], const struct field *field, uint32_t value)
{
    uint32_t words[LLVM_WORDS];
    uint32_t mask = field->count == 32 ? ~0u : ((1u << field->count) - 1) << field->low;
    memcpy(words, base, sizeof words);
    uint32_t *word = &words[field->word & ~PLAIN_ONLY];
    *word = (*word & ~mask) | (value << field->low & mask);
    (void)check(run, words);
}

static void check_fields(struct run *run, const uint32_t base[LLVM_WORDS], unsigned group)
{
    for (unsigned f = 0; f < MAX_FIELDS && run->layout->fields[f].count; f++) {
        const struct field *field = &run->layout->fields[f];
        if ((field->word & PLAIN_ONLY) && group != PLAIN)
            continue;
        if (field->count <= 9) {
            for (uint32_t value = run->first % run->stride; value >> field->count == 0; value += run->stride)
                check_value(run, base, field, value);
            continue;
        }
        for (unsigned i = 0; i < sizeof wide_values / sizeof *wide_values; i++)
            check_value(run, base, field, wide_values[i]);
        for (unsigned bit = 0; bit < field->count; bit++)
            check_value(run, base, field, 1u << bit);
    }
}

static void check_opcode(struct run *run, uint32_t opcode)
{
    unsigned done = 0; // groups, as bits
    for (unsigned b = 0; b < MAX_BASES && run->layout->bases[b].group; b++) {
        const struct base *base = &run->layout->bases[b];
        uint32_t words[LLVM_WORDS] = {base->words[0], base->words[1], base->words[2]};
        uint32_t mask = ((1u << run->layout->opcode_count) - 1) << run->layout->opcode_low;
        if (done >> base->group & 1)
            continue;
        words[0] = (words[0] & ~mask) | opcode << run->layout->opcode_low;
        if (!check(run, words))
            continue;
        done |= 1u << base->group;
        run->first = opcode;
        check_fields(run, words, base->group);
    }
}

static long run_all(struct llvm *llvm, bool wave64, uint32_t stride, const char *only)
{
    long unknown = 0;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        if (only && strcmp(only, layouts[i].name) != 0)
            continue;
        struct run run = {.llvm = llvm, .wave64 = wave64, .stride = stride, .layout = &layouts[i]};
        for (uint32_t opcode = 0; opcode >> layouts[i].opcode_count == 0; opcode++)
            check_opcode(&run, opcode);
        tally_print(&run.tally, layouts[i].name);
        unknown += run.tally.unknown;
    }
    return unknown;
}

int main(int argc, char **argv)
{
    unsigned long asked = argc > 1 ? strtoul(argv[1], NULL, 10) : 5;
    uint32_t stride = asked >= 1 && asked < 1000 ? (uint32_t)asked : 1;
    long unknown = 0;
    for (int wave64 = 0; wave64 < 2; wave64++) {
        const char *why;
        struct llvm *llvm = llvm_open(wave64, &why);
        if (!llvm) {
            (void)printf("skipped: %s\n", why);
            return 77;
        }
        (void)printf("wave%d, stride %u\n", wave64 ? 64 : 32, (unsigned)stride);
        unknown += run_all(llvm, wave64, stride, argc > 2 ? argv[2] : NULL);
        llvm_close(llvm);
    }
    if (unknown)
        (void)fprintf(stderr, "%ld disagreements that known.c does not explain\n", unknown);
    return unknown != 0;
}
