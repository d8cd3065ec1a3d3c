// Data-parallel primitives: where each lane takes source 0 from, and which lanes then write. DPP16 works within rows
// of 16 lanes, DPP8 within groups of 8. A source lane that lies outside the row, or is off in EXEC without FI, is
// invalid: bound_ctrl makes its value 0, otherwise the lane keeps its destination (RDNA 3 ISA, "DPP").
#include "lanes.h"

#define INVALID 32u // a source lane outside the row

// One source lane for each lane of the half, from the number `i` of the lane in its row (or, for DPP8, in its group).
#define SELECT(expression)                                                                                             \
    EMU_EACH_LANE(lane)                                                                                                \
    {                                                                                                                  \
        uint32_t i = lane & 15, row = lane & 16;                                                                       \
        from[lane] = expression;                                                                                       \
    }

static void select_lanes(const struct emu_inst *inst, uint32_t *from)
{
    const uint32_t control = inst->dpp_ctrl, count = control & 15;
    if (inst->dpp == EMU_DPP_8) {
        SELECT(row | (i & 8) | (control >> (3 * (i & 7)) & 7))
        return;
    }
    if (control <= 0xff) { // quad_perm
        SELECT(row | (i & 12) | (control >> (2 * (i & 3)) & 3))
        return;
    }
    switch (control & 0x1f0) {
    case 0x100: // row_shl
        SELECT(i + count < 16 ? row | (i + count) : INVALID)
        return;
    case 0x110: // row_shr
        SELECT(i >= count ? row | (i - count) : INVALID)
        return;
    case 0x120: // row_ror
        SELECT(row | ((i - count) & 15))
        return;
    case 0x140: // row_mirror, row_half_mirror
        SELECT(row | (i ^ (count ? 7 : 15)))
        return;
    case 0x150: // row_share
        SELECT(row | (count + 0 * i))
        return;
    case 0x160: // row_xmask
        SELECT(row | (i ^ count))
        return;
    default: // reserved: the decoder lets none through
        SELECT(row | i)
        return;
    }
}

// Which lanes read a valid lane.
static uint32_t valid_lanes(const struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *from)
{
    const uint32_t readable = inst->dpp_fi ? ~0u : emu_exec_mask(wave);
    uint32_t words[EMU_LANES] EMU_ALIGNED;
    EMU_EACH_LANE(lane)
    words[lane] = from[lane] < INVALID && (readable >> (from[lane] & 31) & 1) ? ~0u : 0;
    return emu_mask_collect(words);
}

static bool invalid_reads_zero(const struct emu_inst *inst)
{
    return inst->dpp == EMU_DPP_8 || inst->dpp_bound_ctrl;
}

// The lanes of this half that row_mask and bank_mask leave on: a row is 16 lanes, a bank 4 lanes of a row.
static uint32_t masked_lanes(const struct emu_wave *wave, const struct emu_inst *inst)
{
    if (inst->dpp == EMU_DPP_8)
        return ~0u;
    uint32_t row = 0;
    for (unsigned bank = 0; bank < 4; bank++)
        row |= (inst->dpp_bank_mask >> bank & 1u) * (0xfu << (4 * bank));
    unsigned rows = (unsigned)inst->dpp_row_mask >> (2 * wave->half);
    return (rows & 1 ? row : 0) | (rows & 2 ? row << 16 : 0);
}

uint32_t emu_dpp_lanes(const struct emu_wave *wave, const struct emu_inst *inst)
{
    uint32_t lanes = emu_exec_mask(wave) & masked_lanes(wave, inst);
    if (invalid_reads_zero(inst))
        return lanes;
    uint32_t from[EMU_LANES] EMU_ALIGNED;
    select_lanes(inst, from);
    return lanes & valid_lanes(wave, inst, from);
}

uint32_t emu_dpp_apply(const struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *source, uint32_t *out)
{
    uint32_t from[EMU_LANES] EMU_ALIGNED;
    select_lanes(inst, from);
    const uint32_t valid = valid_lanes(wave, inst, from);
#ifdef __AVX512F__
    for (unsigned row = 0; row < EMU_LANES; row += 16) { // the select's low 4 bits are the lane of the row
        __m512i index = _mm512_load_si512(from + row);
        __m512i words =
            _mm512_maskz_permutexvar_epi32((__mmask16)(valid >> row), index, _mm512_loadu_si512(source + row));
        _mm512_storeu_si512(out + row, words);
    }
#else
    EMU_EACH_LANE(lane)
    out[lane] = source[from[lane] & 31] & (0u - (valid >> lane & 1));
#endif
    return emu_exec_mask(wave) & masked_lanes(wave, inst) & (invalid_reads_zero(inst) ? ~0u : valid);
}
