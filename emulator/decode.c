// Instruction words -> struct emu_inst: picks the format by the word's prefix and counts the words it takes.
#include "decode.h"

#include <string.h>

uint32_t emu_decode_word(struct emu_decoder *d)
{
    if (d->used >= d->available || d->used >= 4) {
        d->failed = true;
        return 0;
    }
    uint32_t word = d->words[d->used];
    d->inst->raw[d->used++] = word;
    return word;
}

uint32_t emu_decode_literal(struct emu_decoder *d)
{
    if (!d->has_literal) {
        d->literal = emu_decode_word(d);
        d->has_literal = true;
    }
    return d->literal;
}

bool emu_decode_begin(struct emu_decoder *d, enum emu_encoding form, enum emu_encoding table, unsigned opcode)
{
    d->inst->op = emu_decode_find(table, opcode);
    d->row = &emu_opcodes[d->inst->op];
    d->inst->encoding = (uint8_t)form;
    d->inst->class = d->row->class;
    if (d->inst->op == EMU_OP_INVALID)
        d->failed = true;
    return !d->failed;
}

typedef void decode_format(struct emu_decoder *d, uint32_t word);

struct format {
    uint32_t mask, prefix;
    decode_format *decode; // NULL: VOPD
};

// Longer prefixes first: VOP1 and VOPC lie in VOP2's opcode space, SOP1, SOPC, SOPP and SOPK in SOP2's.
static const struct format formats[] = {
    {0xfe000000, 0x7e000000, emu_decode_vop1},
    {0xfe000000, 0x7c000000, emu_decode_vopc},
    {0x80000000, 0x00000000, emu_decode_vop2},
    {0xff800000, 0xbe800000, emu_decode_sop1},
    {0xff800000, 0xbf000000, emu_decode_sopc},
    {0xff800000, 0xbf800000, emu_decode_sopp},
    {0xf0000000, 0xb0000000, emu_decode_sopk},
    {0xc0000000, 0x80000000, emu_decode_sop2},
    {0xfc000000, 0xd4000000, emu_decode_vop3},
    {0xff800000, 0xcc000000, emu_decode_vop3p},
    {0xfc000000, 0xc8000000, NULL},
    {0xffc00000, 0xce000000, emu_decode_ldsdir},
    {0xfc000000, 0xd8000000, emu_decode_ds},
    {0xfc000000, 0xdc000000, emu_decode_flat},
    {0xfc000000, 0xe0000000, emu_decode_mubuf},
    {0xfc000000, 0xf4000000, emu_decode_smem},
};

static void decode_any(struct emu_decoder *d, struct emu_inst *dual)
{
    uint32_t word = emu_decode_word(d);
    for (size_t i = 0; i < sizeof formats / sizeof *formats && !d->failed; i++) {
        if ((word & formats[i].mask) != formats[i].prefix)
            continue;
        if (formats[i].decode)
            formats[i].decode(d, word);
        else
            emu_decode_vopd(d, word, dual);
        return;
    }
    d->failed = true;
}

int emu_decode(const uint32_t *words, size_t available, uint32_t pc, bool wave64, struct emu_inst *out,
               struct emu_inst *dual)
{
    memset(out, 0, sizeof *out);
    memset(dual, 0, sizeof *dual);
    struct emu_decoder d = {.words = words, .available = available, .wave64 = wave64, .inst = out};
    decode_any(&d, dual);
    if (!d.failed)
        emu_decode_check_sources(out);
    if (d.failed) {
        memset(out, 0, sizeof *out);
        memset(dual, 0, sizeof *dual);
        out->op = EMU_OP_INVALID;
        out->class = EMU_C_UNSUPPORTED;
        out->raw[0] = available ? words[0] : 0;
        d.used = 1;
    }
    out->pc = pc;
    out->words = (uint8_t)d.used;
    if (out->dual) {
        dual->pc = pc;
        dual->words = out->words;
    }
    return d.failed ? 0 : (int)d.used;
}
