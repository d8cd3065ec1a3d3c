// A decoded instruction: everything that execution, checks, timing and printing need, with operands resolved, so that
// nothing looks at instruction words again. Made by decode.c, once a code object.
#ifndef EMU_INST_H
#define EMU_INST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa.h"

struct emu_inst;
struct emu_wave;

// A body: executes one instruction for one wave (VALU in wave64: for one half, wave->half). Control flow sets wave->ip.
typedef void emu_exec_fn(struct emu_wave *wave, const struct emu_inst *inst);

enum emu_operand_kind {
    EMU_K_NONE,  // absent ("off", or an operand the format does not have)
    EMU_K_VGPR,  // reg = 0..255
    EMU_K_SGPR,  // reg = 0..127 as in wave->s (106 VCC_LO, 108.. TTMP, 125 M0, 126 EXEC_LO); never NULL
    EMU_K_NULL,  // reads 0, writes vanish
    EMU_K_CONST, // value: inline constant or literal, already widened to the operand's type
    EMU_K_SCC,   // reads SCC
    EMU_K_VCCZ,
    EMU_K_EXECZ,
    EMU_K_SHARED_BASE, // 64-bit operands get the whole aperture base, 32-bit operands its low word
    EMU_K_SHARED_LIMIT,
    EMU_K_PRIVATE_BASE,
    EMU_K_PRIVATE_LIMIT,
    EMU_K_BAD, // reserved encoding: executing it is an error
};

struct emu_operand {
    uint8_t kind;   // enum emu_operand_kind
    uint8_t type;   // enum emu_type
    uint8_t dwords; // registers covered; 1 for 16-bit operands
    uint8_t hi;     // 16-bit operand in the high half (true16 bit 7, or VOP3 op_sel)
    uint8_t neg;    // float source modifiers of VOP3 and DPP; VOP3P uses inst->neg_lo/neg_hi
    uint8_t abs;
    uint16_t reg;
    uint64_t value; // EMU_K_CONST
    uint16_t code;  // the raw field, for the printer (inline constant number, 255 = literal)
};

enum emu_dpp { EMU_DPP_NONE, EMU_DPP_8, EMU_DPP_16 };

struct emu_inst {
    emu_exec_fn *exec;             // what the run loop calls
    emu_exec_fn *body;             // per-half body when exec is the wave64 wrapper, else equal to exec
    const struct emu_inst *target; // branch target, NULL when it lies outside the decoded range
    const struct emu_inst *dual;   // VOPD: the Y half (the X half is this instruction)
    uint16_t op;                   // enum emu_op
    uint8_t encoding;              // enum emu_encoding: the form it was written in (VOP3 for an _e64)
    uint8_t class;                 // enum emu_class
    uint8_t words;                 // 1..4 dwords, with literal and DPP word
    uint32_t pc;                   // byte offset in the code object's .text
    uint32_t raw[4];               // the words, for messages

    // Operand roles:
    //   SOP*, VOP*: dst, sdst (VOP3SD, VOPC result, SOPC none), src[0..2]. fmamk: src = a, K, b; fmaak: a, b, K.
    //   VOP2 with EMU_F_READS_VCC: src[2] is VCC (e32) or the named SGPR (e64).
    //   VOPC: sdst is VCC/SGPR/EXEC (v_cmpx: EXEC).
    //   SMEM: dst data, src[0] base, src[1] soffset (or NONE), offset.
    //   DS: dst, src[0] address, src[1] data0, src[2] data1, offset or offset0/offset1.
    //   FLAT/GLOBAL/SCRATCH: dst, src[0] vaddr (NONE: off), src[1] data, src[2] saddr (NONE: off), offset.
    //   MUBUF: dst (loads), src[0] vaddr (index, offset), src[1] data (stores, atomics), src[2] rsrc, src[3] soffset.
    //   SOPP, SOPK: simm16 in `imm`. SOPK: the register, read or written, stands in dst and in src[0]; the literal of
    //   s_setreg_imm32_b32 in src[1].
    struct emu_operand dst;
    struct emu_operand sdst;
    struct emu_operand src[4];

    int32_t imm;              // simm16, sign-extended; s_sendmsg_rtn: the message
    int32_t offset;           // memory offset in bytes, sign-extended where the format says so
    uint8_t offset0, offset1; // DS two-address forms, in elements
    uint8_t glc, slc, dlc;
    uint8_t offen, idxen, tfe, lds, gds; // MUBUF, DS
    uint8_t clamp, omod;
    uint8_t op_sel;         // VOP3/VOP3P: bit n = high half of src n for the low result; bit 3 = destination (VOP3)
    uint8_t op_sel_hi;      // VOP3P: bit n = high half of src n for the high result
    uint8_t neg_lo, neg_hi; // VOP3P, bit n = src n
    uint8_t dpp;            // enum emu_dpp
    uint8_t dpp_row_mask, dpp_bank_mask, dpp_bound_ctrl, dpp_fi;
    uint32_t dpp_ctrl; // DPP16: dpp_ctrl (9 bits); DPP8: eight 3-bit selects
};

// Decodes one instruction at words[0..available). Returns the number of dwords it takes (1..4), or 0 when the words are
// no instruction of gfx1151 or are cut off; *out is then an instruction with op EMU_OP_INVALID, one word long.
// `wave64` sets the width of MASK operands. exec/body/target are left NULL (code.c links them); a VOPD's Y half is
// written to *dual. Never reads beyond `available`.
int emu_decode(const uint32_t *words, size_t available, uint32_t pc, bool wave64, struct emu_inst *out,
               struct emu_inst *dual);

// Writes the instruction's text as llvm-objdump prints it (without the trailing comment) to buffer, always terminated;
// returns the length it would have. An invalid instruction prints as `.long 0x…`.
int emu_print(const struct emu_inst *inst, char *buffer, size_t size);

#endif
