// Composes instruction words from the opcode table. Formats: RDNA 3 ISA, chapter 15.
#include "code_words.h"

#include <string.h>

#include "emulator/inst.h"

// Where an encoding's opcode stands in its first word, and the bits that name the encoding.
struct format {
    uint32_t prefix;
    uint8_t shift;
    uint8_t prefix_bits, opcode_bits;
    uint8_t words;
};

static const struct format formats[EMU_E_COUNT] = {
    [EMU_E_SOP1] = {0xbe800000, 8, 9, 8, 1},     [EMU_E_SOP2] = {0x80000000, 23, 2, 7, 1},
    [EMU_E_SOPC] = {0xbf000000, 16, 9, 7, 1},    [EMU_E_SOPK] = {0xb0000000, 23, 4, 5, 1},
    [EMU_E_SOPP] = {0xbf800000, 16, 9, 7, 1},    [EMU_E_SMEM] = {0xf4000000, 18, 6, 8, 2},
    [EMU_E_VOP1] = {0x7e000000, 9, 7, 8, 1},     [EMU_E_VOP2] = {0x00000000, 25, 1, 6, 1},
    [EMU_E_VOPC] = {0x7c000000, 17, 7, 8, 1},    [EMU_E_VOP3] = {0xd4000000, 16, 6, 10, 2},
    [EMU_E_VOP3SD] = {0xd4000000, 16, 6, 10, 2}, [EMU_E_VOP3P] = {0xcc000000, 16, 8, 7, 2},
    [EMU_E_VOPD] = {0xc8000000, 22, 6, 4, 2},    [EMU_E_DS] = {0xd8000000, 18, 6, 8, 2},
    [EMU_E_FLAT] = {0xdc000000, 18, 6, 7, 2},    [EMU_E_GLOBAL] = {0xdc020000, 18, 6, 7, 2},
    [EMU_E_SCRATCH] = {0xdc010000, 18, 6, 7, 2}, [EMU_E_MUBUF] = {0xe0000000, 18, 6, 8, 2},
    [EMU_E_LDSDIR] = {0xce000000, 20, 8, 2, 1},
};

uint32_t code_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * UINT64_C(0x2545f4914f6cdd1d)) >> 32);
}

// Bytes as operand fields like them: registers that the prologue set, constants, the ends of the register files.
static uint32_t random_field(uint64_t *state)
{
    static const uint8_t likely[] = {0,   1,   2,   3,   4,   5,   6,   7,   8,   16,  18,  20,  24,  28,
                                     32,  34,  36,  40,  44,  105, 106, 107, 124, 125, 126, 127, 128, 130,
                                     193, 240, 242, 247, 233, 250, 253, 254, 255, 235, 237, 252};
    const uint32_t chance = code_random(state);
    if (chance % 4 == 0)
        return chance >> 8 & 0xff;
    if (chance % 4 == 1)
        return chance >> 8 & 7;
    return likely[(chance >> 8) % sizeof likely];
}

static uint32_t random_word(uint64_t *state)
{
    uint32_t word = 0;
    for (int byte = 0; byte < 4; byte++)
        word |= random_field(state) << (8 * byte);
    return word;
}

static uint32_t bits(uint32_t low, uint32_t count)
{
    return ((1u << count) - 1) << low;
}

// A row's words with chance in every field but the opcode.
static size_t compose(uint64_t *state, const struct emu_opcode *row, uint32_t words[3])
{
    struct format format = formats[row->encoding];
    uint32_t opcode = row->opcode;
    // A part of the short vector forms are written as VOP3.
    const uint32_t promoted = row->encoding == EMU_E_VOP1 ? 0x180 : row->encoding == EMU_E_VOP2 ? 0x100 : 0;
    if ((promoted || row->encoding == EMU_E_VOPC) && code_random(state) % 3 == 0) {
        format = formats[EMU_E_VOP3];
        opcode += promoted;
    }
    const uint32_t taken = ~(UINT32_MAX >> format.prefix_bits) | bits(format.shift, format.opcode_bits);
    words[0] = (random_word(state) & ~taken) | format.prefix | opcode << format.shift;
    words[1] = random_word(state);
    words[2] = random_word(state);
    return format.words;
}

// Addresses that exist, and branches that stay inside, so that most programs get on.
static void steer(uint64_t *state, const struct emu_opcode *row, uint32_t words[3])
{
    const uint32_t chance = code_random(state);
    switch (row->encoding) {
    case EMU_E_SOPP:
    case EMU_E_SOPK:
        if (row->class == EMU_C_BRANCH)
            words[0] = (words[0] & 0xffff0000u) | (uint16_t)(int16_t)((int)(chance % 16) - 5);
        break;
    case EMU_E_SMEM: // s[0:1] or s[16:17]
        words[0] = (words[0] & ~0x3fu) | (chance & 1 ? 8 : 0);
        words[1] = 0xf8000000 | (chance >> 8 & 0x7c);
        break;
    case EMU_E_DS: // offsets 0..31, address v1
        words[0] &= row->flags & EMU_F_TWO_ADDR ? ~0x2e0e0u : ~0x2ffe0u;
        words[1] = (words[1] & ~0xffu) | 1;
        break;
    case EMU_E_FLAT: // v[2:3] or v[4:5]
        words[0] &= ~0x1fe0u;
        words[1] = (words[1] & ~0xff00ffu) | (chance & 1 ? 0x7c0002 : 0x7c0004);
        break;
    case EMU_E_GLOBAL: // or s[16:17] + v1
        words[0] &= ~0x1fe0u;
        words[1] = (words[1] & ~0xff00ffu) | (chance & 1 ? 0x100001 : 0x7c0004);
        break;
    case EMU_E_SCRATCH: // no address
        words[0] &= ~0x1fe0u;
        words[1] = (words[1] & ~0xff0000u) | 0x7c0000;
        break;
    case EMU_E_MUBUF: // s[20:23], s[24:27] or s[28:31]; v1
        words[0] &= ~0xfe0u;
        words[1] = (words[1] & ~0xff3f00ffu) | 0x80000001 | (5 + chance % 3) << 16;
        break;
    default: break;
    }
}

static bool is_plain(const uint32_t words[3])
{
    struct emu_inst inst, dual;
    if (emu_decode(words, 3, 0, false, &inst, &dual) <= 0)
        return false;
    bool bad = inst.dst.kind == EMU_K_BAD || inst.sdst.kind == EMU_K_BAD;
    for (size_t i = 0; i < sizeof inst.src / sizeof *inst.src; i++)
        bad |= inst.src[i].kind == EMU_K_BAD;
    return !bad && inst.class != EMU_C_END && inst.class != EMU_C_UNSUPPORTED;
}

size_t code_words(uint64_t *state, uint32_t words[3])
{
    enum { TRIES = 100 };
    size_t length = 1;
    for (int i = 0; i < TRIES; i++) {
        const struct emu_opcode *row = &emu_opcodes[1 + code_random(state) % (EMU_OP_COUNT - 1)];
        length = compose(state, row, words);
        const uint32_t chance = code_random(state);
        if (chance % 16)
            steer(state, row, words);
        if (chance % 512 == 0 || is_plain(words))
            break;
    }
    struct emu_inst inst, dual;
    const int decoded = emu_decode(words, 3, 0, false, &inst, &dual);
    return decoded > 0 ? (size_t)decoded : length;
}

void code_program(uint64_t *state, uint8_t *bytes, size_t size)
{
    uint32_t words[3];
    static const uint32_t end = 0xbfb00000; // s_endpgm
    for (size_t at = 0; at < size;) {
        const size_t length = 4 * code_words(state, words), room = size - at;
        memcpy(bytes + at, words, length < room ? length : room);
        at += length;
    }
    if (size >= sizeof end)
        memcpy(bytes + size - sizeof end, &end, sizeof end);
}
