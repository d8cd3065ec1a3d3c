// Private to the decoder: its cursor, the opcode lookup, and the operand readers that all formats share.
#ifndef EMU_DECODE_H
#define EMU_DECODE_H

#include "inst.h"

// Source and scalar destination fields with a special meaning.
enum emu_code {
    EMU_CODE_VCC = 106,
    EMU_CODE_TTMP0 = 108,
    EMU_CODE_NULL = 124,
    EMU_CODE_M0 = 125,
    EMU_CODE_EXEC = 126,
    EMU_CODE_INT0 = 128, // 128..192: 0..64
    EMU_CODE_INT64 = 192,
    EMU_CODE_MINUS1 = 193, // 193..208: -1..-16
    EMU_CODE_MINUS16 = 208,
    EMU_CODE_SCRATCH_BASE = 230, // 230, 231: later chips only
    EMU_CODE_DPP8 = 233,
    EMU_CODE_DPP8_FI = 234,
    EMU_CODE_SHARED_BASE = 235,
    EMU_CODE_POPS = 239,
    EMU_CODE_FLOAT0 = 240, // 240..248: 0.5 -0.5 1 -1 2 -2 4 -4 1/(2 pi)
    EMU_CODE_FLOAT_LAST = 248,
    EMU_CODE_DPP16 = 250,
    EMU_CODE_VCCZ = 251,
    EMU_CODE_EXECZ = 252,
    EMU_CODE_SCC = 253,
    EMU_CODE_LDS_DIRECT = 254,
    EMU_CODE_LITERAL = 255,
    EMU_CODE_VGPR0 = 256
};

struct emu_decoder {
    const uint32_t *words;
    size_t available;
    bool wave64;
    bool failed;      // reserved encoding or cut off: the words are no instruction
    bool has_literal; // read already; a second 255 names the same one
    uint32_t literal;
    unsigned used;
    struct emu_inst *inst;
    const struct emu_opcode *row;
};

// The row of `opcode` in `encoding`, EMU_OP_INVALID when there is none. EMU_E_VOP3 covers VOP3SD and the 64-bit forms
// of VOP1, VOP2 and VOPC; EMU_E_VOPD the opcodes of both halves.
uint16_t emu_decode_find(enum emu_encoding encoding, unsigned opcode);

// Bits [low, low + count) of a word.
static inline unsigned emu_bits(uint32_t word, unsigned low, unsigned count)
{
    return word >> low & ((1u << count) - 1);
}

// Sign-extends the low `count` bits.
static inline int32_t emu_sign_extend(uint32_t value, unsigned count)
{
    return (int32_t)(value << (32 - count)) >> (32 - count);
}

// The next word; 0 and d->failed when there is none.
uint32_t emu_decode_word(struct emu_decoder *d);

// The literal after the instruction, read once.
uint32_t emu_decode_literal(struct emu_decoder *d);

// 32-bit registers that an operand of this type covers (MASK: by the wave's width).
unsigned emu_decode_dwords(const struct emu_decoder *d, enum emu_type type);

// A 9-bit source field (8-bit scalar sources are the same numbers).
struct emu_operand emu_decode_source(struct emu_decoder *d, unsigned code, enum emu_type type);

// Vector register `reg`; past v255 the operand is EMU_K_BAD.
struct emu_operand emu_decode_vgpr(struct emu_decoder *d, unsigned reg, enum emu_type type);

// An 8-bit vector register field of a 32-bit form: 16-bit operands have v0..v127 and bit 7 for the high half.
struct emu_operand emu_decode_vgpr16(struct emu_decoder *d, unsigned field, enum emu_type type);

// A 9-bit source field of a 32-bit form, where 16-bit VGPRs are as in emu_decode_vgpr16.
struct emu_operand emu_decode_source16(struct emu_decoder *d, unsigned code, enum emu_type type);

// A scalar destination or scalar register source field (0..127).
struct emu_operand emu_decode_scalar(struct emu_decoder *d, unsigned code, enum emu_type type);

// One format each: the words are known to have its prefix. Set d->failed when they are reserved.
void emu_decode_sop1(struct emu_decoder *d, uint32_t word);
void emu_decode_sop2(struct emu_decoder *d, uint32_t word);
void emu_decode_sopc(struct emu_decoder *d, uint32_t word);
void emu_decode_sopk(struct emu_decoder *d, uint32_t word);
void emu_decode_sopp(struct emu_decoder *d, uint32_t word);
void emu_decode_smem(struct emu_decoder *d, uint32_t word);
void emu_decode_vop1(struct emu_decoder *d, uint32_t word);
void emu_decode_vop2(struct emu_decoder *d, uint32_t word);
void emu_decode_vopc(struct emu_decoder *d, uint32_t word);
void emu_decode_vop3(struct emu_decoder *d, uint32_t word);
void emu_decode_vop3p(struct emu_decoder *d, uint32_t word);
void emu_decode_vopd(struct emu_decoder *d, uint32_t word, struct emu_inst *dual);
void emu_decode_ds(struct emu_decoder *d, uint32_t word);
void emu_decode_flat(struct emu_decoder *d, uint32_t word);
void emu_decode_mubuf(struct emu_decoder *d, uint32_t word);
void emu_decode_ldsdir(struct emu_decoder *d, uint32_t word);

// Marks sources from a register file that the opcode does not take.
void emu_decode_check_sources(struct emu_inst *inst);

// Looks the row up and enters it in the instruction; false (and d->failed) when there is none.
bool emu_decode_begin(struct emu_decoder *d, enum emu_encoding form, enum emu_encoding table, unsigned opcode);

#endif
