// Data-parallel primitives: where each lane takes source 0 from, and which lanes then write. DPP16 works within rows
// of 16 lanes, DPP8 within groups of 8. A source lane that lies outside the row, or is off in EXEC without FI, is
// invalid: bound_ctrl makes its value 0, otherwise the lane keeps its destination (RDNA 3 ISA, "DPP").
#include "lanes.h"

enum { LANE_INVALID = -1 };

// The lane of the row that lane `i` (0..15) of a DPP16 row reads, or LANE_INVALID.
static int dpp16_select(unsigned control, int i)
{
    int count = (int)(control & 15);
    if (control <= 0xff)
        return (i & ~3) | (int)(control >> (2 * (i & 3)) & 3);
    switch (control & 0x1f0) {
    case 0x100: return i + count < 16 ? i + count : LANE_INVALID;           // row_shl
    case 0x110: return i - count >= 0 ? i - count : LANE_INVALID;           // row_shr
    case 0x120: return (i - count) & 15;                                    // row_ror
    case 0x140: return control == 0x140 ? 15 - i : (i & 8) | (7 - (i & 7)); // row_mirror, row_half_mirror
    case 0x150: return count;                                               // row_share
    case 0x160: return i ^ count;                                           // row_xmask
    default: return i;
    }
}

static int select_lane(const struct emu_inst *inst, int lane)
{
    if (inst->dpp == EMU_DPP_8)
        return (lane & ~7) | (int)(inst->dpp_ctrl >> (3 * (lane & 7)) & 7);
    int source = dpp16_select(inst->dpp_ctrl, lane & 15);
    return source == LANE_INVALID ? LANE_INVALID : (lane & ~15) | source;
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

static uint32_t permute(const struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *source, uint32_t *out)
{
    uint32_t exec = emu_exec_mask(wave);
    uint32_t readable = inst->dpp_fi ? ~0u : exec;
    uint32_t valid = 0;
    for (int lane = 0; lane < EMU_LANES; lane++) {
        int from = select_lane(inst, lane);
        bool reads = from != LANE_INVALID && (readable >> from & 1);
        if (out)
            out[lane] = reads ? source[from] : 0;
        valid |= (uint32_t)reads << lane;
    }
    bool zero_fills = inst->dpp == EMU_DPP_8 || inst->dpp_bound_ctrl;
    return exec & masked_lanes(wave, inst) & (zero_fills ? ~0u : valid);
}

uint32_t emu_dpp_apply(const struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *source, uint32_t *out)
{
    return permute(wave, inst, source, out);
}

uint32_t emu_dpp_lanes(const struct emu_wave *wave, const struct emu_inst *inst)
{
    return permute(wave, inst, NULL, NULL);
}
