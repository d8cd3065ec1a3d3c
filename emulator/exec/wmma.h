// WMMA operands in registers (RDNA 3 ISA, "Wave matrix multiply accumulate"; AMD's matrix instruction calculator).
//   A, B: lane l of the first 16 holds row (A) or column (B) l; its elements k = 0..15 lie in ascending bits of
//         consecutive registers. The other lanes must hold copies; only lanes 0-15 are read here.
//   C, D, wave32: register i of lane l is row 2 * i + l / 16, column l % 16: row r is half a register, and all rows are
//         one piece of 1 KiB. wave64: register i of lane l is row 4 * i + l / 16.
//   16-bit C and D use one half of each register, chosen by op_sel[2]; the other half of D stays.
// EXEC is ignored: the ISA wants all lanes on.
#ifndef EMU_EXEC_WMMA_H
#define EMU_EXEC_WMMA_H

#include "wmma_multiply.h"

enum { WMMA_ELEMENTS = WMMA_SIZE * WMMA_SIZE };

static inline unsigned wmma_result_registers(const struct emu_wave *wave)
{
    return wave->wave64 ? 4 : 8;
}

// The 16 words of a row of C or D.
static inline uint32_t *wmma_row(const struct emu_wave *wave, unsigned reg, unsigned row)
{
    if (!wave->wave64)
        return wave->v + (size_t)reg * EMU_LANES + row * WMMA_SIZE;
    unsigned quarter = row % 4;
    return wave->v + ((size_t)(quarter / 2) * 256 + reg + row / 4) * EMU_LANES + quarter % 2 * WMMA_SIZE;
}

// Lanes 0-15 of an A or B register.
static inline const uint32_t *wmma_lanes(const struct emu_wave *wave, unsigned reg)
{
    return wave->v + (size_t)reg * EMU_LANES;
}

// A, B and D are VGPRs; C is VGPRs or an inline constant. Raises and returns false otherwise.
static inline bool wmma_operands(struct emu_wave *wave, const struct emu_inst *inst, unsigned operand_registers)
{
    const struct emu_operand *a = &inst->src[0], *b = &inst->src[1], *c = &inst->src[2];
    unsigned result = wmma_result_registers(wave);
    if (EMU_LIKELY(a->kind == EMU_K_VGPR && a->reg + operand_registers <= 256 && b->kind == EMU_K_VGPR &&
                   b->reg + operand_registers <= 256 && inst->dst.kind == EMU_K_VGPR && inst->dst.reg + result <= 256 &&
                   ((c->kind == EMU_K_VGPR && c->reg + result <= 256) || c->kind == EMU_K_CONST)))
        return true;
    emu_fault_raise(wave, inst, EMU_FAULT_ILLEGAL_INSTRUCTION, -1, 0,
                    "matrix operands must be register ranges within v0..v255 (C: or an inline constant)");
    return false;
}

#endif
