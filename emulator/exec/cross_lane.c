// Lanes reading other lanes: single lanes to and from scalars, and permutations of rows and halves.
#include "lanes.h"

#define LANE_OP(name) void EMU_BODY(name)(struct emu_wave * wave, const struct emu_inst *inst)

// A register's word in any lane of the wave, whatever half is being executed.
static uint32_t *word_of_lane(const struct emu_wave *wave, unsigned reg, unsigned lane)
{
    return wave->v + ((size_t)(lane / EMU_LANES) * 256 + reg) * EMU_LANES + lane % EMU_LANES;
}

static uint32_t source_in_lane(const struct emu_wave *wave, const struct emu_operand *operand, unsigned lane)
{
    return operand->kind == EMU_K_VGPR ? *word_of_lane(wave, operand->reg, lane)
                                       : (uint32_t)emu_scalar_source(wave, operand);
}

static void scalar_result(struct emu_wave *wave, const struct emu_operand *dst, uint32_t value)
{
    if (dst->kind == EMU_K_SGPR)
        wave->s[dst->reg] = value;
}

static unsigned selected_lane(const struct emu_wave *wave, const struct emu_inst *inst)
{
    return source_in_lane(wave, &inst->src[1], 0) & (wave->wave64 ? 63 : 31);
}

LANE_OP(v_readfirstlane_b32)
{
    uint64_t exec = wave->s[EMU_SGPR_EXEC];
    if (wave->wave64)
        exec |= (uint64_t)wave->s[EMU_SGPR_EXEC + 1] << 32;
    unsigned lane = exec ? (unsigned)__builtin_ctzll(exec) : 0;
    scalar_result(wave, &inst->dst, source_in_lane(wave, &inst->src[0], lane));
}

LANE_OP(v_readlane_b32)
{
    scalar_result(wave, &inst->dst, source_in_lane(wave, &inst->src[0], selected_lane(wave, inst)));
}

LANE_OP(v_writelane_b32)
{
    *word_of_lane(wave, inst->dst.reg, selected_lane(wave, inst)) = source_in_lane(wave, &inst->src[0], 0);
}

// Each lane of a row reads the lane of its own row, or of the neighbouring one, that its 4-bit select names. op_sel[0]
// lets it read lanes that are off (FI), op_sel[1] gives 0 for those (bound control); else it keeps its destination.
static void permute_rows(struct emu_wave *wave, const struct emu_inst *inst, unsigned other_row)
{
    uint32_t words[EMU_LANES] EMU_ALIGNED, buffer[EMU_LANES] EMU_ALIGNED;
    const uint32_t *source = emu_words(wave, inst, 0, buffer);
    uint32_t low = (uint32_t)emu_scalar_source(wave, &inst->src[1]);
    uint64_t selects = low | (uint64_t)(uint32_t)emu_scalar_source(wave, &inst->src[2]) << 32;
    uint32_t exec = emu_exec_mask(wave), readable = inst->op_sel & 1 ? ~0u : exec, valid = 0;
    for (unsigned lane = 0; lane < EMU_LANES; lane++) {
        unsigned from = ((lane & 16) ^ other_row) + (unsigned)(selects >> (4 * (lane & 15)) & 15);
        bool reads = readable >> from & 1;
        words[lane] = reads ? source[from] : 0;
        valid |= (uint32_t)reads << lane;
    }
    emu_write32(wave, &inst->dst, words, exec & (inst->op_sel & 2 ? ~0u : valid));
}

LANE_OP(v_permlane16_b32)
{
    permute_rows(wave, inst, 0);
}

LANE_OP(v_permlanex16_b32)
{
    permute_rows(wave, inst, 16);
}

// Swaps the halves of a wave64; nothing in wave32.
LANE_OP(v_permlane64_b32)
{
    if (!wave->wave64)
        return;
    uint32_t words[2][EMU_LANES] EMU_ALIGNED;
    for (unsigned half = 0; half < 2; half++)
        memcpy(words[half], word_of_lane(wave, inst->src[0].reg, half * EMU_LANES), sizeof words[half]);
    for (unsigned half = 0; half < 2; half++)
        emu_blend32(word_of_lane(wave, inst->dst.reg, half * EMU_LANES), words[1 - half],
                    wave->s[EMU_SGPR_EXEC + half]);
}
