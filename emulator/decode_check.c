// Opcodes that insist on a register file for a source. The encoding lets them name others; such a source is EMU_K_BAD,
// so that executing the instruction is an error.
#include "decode.h"

struct demand {
    uint16_t op;
    uint8_t vgpr;   // bit n: source n must be a VGPR
    uint8_t scalar; // bit n: source n must not be a VGPR
    uint8_t sgpr;   // bit n: source n must be an SGPR
};

static const struct demand demands[] = {
    {EMU_OP_v_readlane_b32, 1, 2, 0},   {EMU_OP_v_readfirstlane_b32, 1, 0, 0}, {EMU_OP_v_writelane_b32, 0, 3, 0},
    {EMU_OP_v_permlane16_b32, 1, 6, 0}, {EMU_OP_v_permlanex16_b32, 1, 6, 0},   {EMU_OP_v_permlane64_b32, 1, 0, 0},
    {EMU_OP_v_swap_b32, 1, 0, 0},       {EMU_OP_v_swap_b16, 1, 0, 0},          {EMU_OP_v_swaprel_b32, 1, 0, 0},
    {EMU_OP_v_movrels_b32, 1, 0, 0},    {EMU_OP_v_movrelsd_b32, 1, 0, 0},      {EMU_OP_v_movrelsd_2_b32, 1, 0, 0},
    {EMU_OP_s_movrels_b32, 0, 0, 1},    {EMU_OP_s_movrels_b64, 0, 0, 1},       {EMU_OP_s_movrelsd_2_b32, 0, 0, 1},
    {EMU_OP_s_setpc_b64, 0, 0, 1},      {EMU_OP_s_swappc_b64, 0, 0, 1},
};

void emu_decode_check_sources(struct emu_inst *inst)
{
    for (unsigned i = 0; i < sizeof demands / sizeof *demands; i++) {
        if (demands[i].op != inst->op)
            continue;
        for (unsigned s = 0; s < 3; s++) {
            struct emu_operand *source = &inst->src[s];
            bool is_vgpr = source->kind == EMU_K_VGPR;
            if (((demands[i].vgpr >> s & 1) && !is_vgpr) || ((demands[i].scalar >> s & 1) && is_vgpr) ||
                ((demands[i].sgpr >> s & 1) && source->kind != EMU_K_SGPR))
                source->kind = EMU_K_BAD;
        }
    }
}
