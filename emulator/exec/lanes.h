// Fetching sources and writing results, 32 lanes at a time. Included by the vector bodies, which are compiled once a
// SIMD level (EMU_LEVEL = generic, avx2, avx512); loops have the constant trip count 32 so that compilers vectorise
// them. Sources come back as a pointer to 32 words: the register itself when it can be used as it stands, else
// `buffer`.
#ifndef EMU_EXEC_LANES_H
#define EMU_EXEC_LANES_H

#include <string.h>

#include "../wave.h"

// DPP source permutation; in dpp.c. Returns the lanes that the instruction may write (row/bank mask, bound control).
uint32_t emu_dpp_apply(const struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *source, uint32_t *out);

// The 32 or 64 bits of a scalar or constant source.
static inline uint64_t emu_scalar_source(const struct emu_wave *wave, const struct emu_operand *operand)
{
    switch (operand->kind) {
    case EMU_K_CONST: return operand->value;
    case EMU_K_SGPR:
        return operand->dwords < 2 ? wave->s[operand->reg]
                                   : wave->s[operand->reg] | (uint64_t)wave->s[operand->reg + 1] << 32;
    case EMU_K_SCC: return wave->scc;
    case EMU_K_VCCZ: return wave->s[EMU_SGPR_VCC] == 0 && (!wave->wave64 || wave->s[EMU_SGPR_VCC + 1] == 0);
    case EMU_K_EXECZ: return wave->s[EMU_SGPR_EXEC] == 0 && (!wave->wave64 || wave->s[EMU_SGPR_EXEC + 1] == 0);
    case EMU_K_SHARED_BASE: return wave->group->shared_base;
    case EMU_K_SHARED_LIMIT: return wave->group->shared_base + 0xffffffffu;
    case EMU_K_PRIVATE_BASE: return wave->group->private_base;
    case EMU_K_PRIVATE_LIMIT: return wave->group->private_base + 0xffffffffu;
    default: return 0;
    }
}

// The mask bits (VCC or SGPR) of the half being executed.
static inline uint32_t emu_mask_source(const struct emu_wave *wave, const struct emu_operand *operand)
{
    if (operand->kind == EMU_K_SGPR)
        return wave->s[operand->reg + wave->half];
    return (uint32_t)(emu_scalar_source(wave, operand) >> (32 * wave->half));
}

// Writes the mask result of the half being executed.
static inline void emu_mask_result(struct emu_wave *wave, const struct emu_operand *operand, uint32_t bits)
{
    if (operand->kind == EMU_K_SGPR)
        wave->s[operand->reg + wave->half] = bits;
}

static inline void emu_fill(uint32_t *out, uint32_t value)
{
    for (int lane = 0; lane < EMU_LANES; lane++)
        out[lane] = value;
}

#endif
