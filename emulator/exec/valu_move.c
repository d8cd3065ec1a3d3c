// Moves: plain, conditional, exchanging, and register-relative (the index is in M0); and counting the lanes below.
#include "valu.h"

EMU_VALU_HEAD(v_nop)
{
    (void)wave;
    (void)inst;
}

EMU_VALU_HEAD(v_pipeflush)
{
    (void)wave;
    (void)inst;
}

EMU_VALU1(v_mov_b32, U32, U32, a)

// Neg and abs apply to the sources of a conditional move, denormal modes do not.
EMU_VALU_HEAD(v_cndmask_b32)
{
    uint32_t buffer[2][EMU_LANES] EMU_ALIGNED, words[EMU_LANES] EMU_ALIGNED;
    const uint32_t *a = emu_source32(wave, inst, 0, buffer[0]);
    const uint32_t *b = emu_source32(wave, inst, 1, buffer[1]);
    const uint32_t mask = emu_mask_source(wave, &inst->src[2]);
    EMU_EACH_LANE(lane)
    words[lane] = mask >> lane & 1 ? b[lane] : a[lane];
    emu_write32(wave, &inst->dst, words, emu_lanes(wave, inst));
}

EMU_VALU_HEAD(v_cndmask_b16)
{
    uint32_t a[EMU_LANES] EMU_ALIGNED, b[EMU_LANES] EMU_ALIGNED;
    emu_source16(wave, inst, &inst->src[0], a);
    emu_source16(wave, inst, &inst->src[1], b);
    const uint32_t mask = emu_mask_source(wave, &inst->src[2]);
    EMU_EACH_LANE(lane)
    a[lane] = mask >> lane & 1 ? b[lane] : a[lane];
    emu_write16(wave, &inst->dst, a, emu_lanes(wave, inst));
}

static void exchange(struct emu_wave *wave, unsigned x, unsigned y)
{
    uint32_t saved[EMU_LANES] EMU_ALIGNED;
    uint32_t *at_x = emu_vgpr(wave, x & 255), *at_y = emu_vgpr(wave, y & 255);
    memcpy(saved, at_x, sizeof saved);
    emu_blend32(at_x, at_y, emu_exec_mask(wave));
    emu_blend32(at_y, saved, emu_exec_mask(wave));
}

EMU_VALU_HEAD(v_swap_b32)
{
    exchange(wave, inst->dst.reg, inst->src[0].reg);
}

EMU_VALU_HEAD(v_swap_b16)
{
    uint32_t source[EMU_LANES] EMU_ALIGNED, destination[EMU_LANES] EMU_ALIGNED;
    emu_source16(wave, inst, &inst->src[0], source);
    emu_source16(wave, inst, &inst->dst, destination);
    emu_write16(wave, &inst->dst, source, emu_exec_mask(wave));
    emu_write16(wave, &inst->src[0], destination, emu_exec_mask(wave));
}

EMU_VALU_HEAD(v_swaprel_b32)
{
    uint32_t m0 = wave->s[EMU_SGPR_M0];
    exchange(wave, inst->dst.reg + (m0 >> 16 & 0x3ff), inst->src[0].reg + (m0 & 0x3ff));
}

// ---- Register-relative: indices wrap at 256 ----

static void move_relative(struct emu_wave *wave, const struct emu_inst *inst, uint32_t to, uint32_t from)
{
    uint32_t buffer[EMU_LANES] EMU_ALIGNED, permuted[EMU_LANES] EMU_ALIGNED;
    const uint32_t *words;
    if (inst->src[0].kind == EMU_K_VGPR) {
        words = emu_vgpr(wave, (inst->src[0].reg + from) & 255);
        if (inst->dpp) {
            emu_dpp_apply(wave, inst, words, permuted);
            words = permuted;
        }
    } else {
        words = emu_words(wave, inst, 0, buffer);
    }
    if (words != permuted && words != buffer) {
        memcpy(buffer, words, sizeof buffer);
        words = buffer;
    }
    emu_blend32(emu_vgpr(wave, (inst->dst.reg + to) & 255), words, emu_lanes(wave, inst));
}

EMU_VALU_HEAD(v_movreld_b32)
{
    move_relative(wave, inst, wave->s[EMU_SGPR_M0], 0);
}

EMU_VALU_HEAD(v_movrels_b32)
{
    move_relative(wave, inst, 0, wave->s[EMU_SGPR_M0]);
}

EMU_VALU_HEAD(v_movrelsd_b32)
{
    move_relative(wave, inst, wave->s[EMU_SGPR_M0], wave->s[EMU_SGPR_M0]);
}

EMU_VALU_HEAD(v_movrelsd_2_b32)
{
    uint32_t m0 = wave->s[EMU_SGPR_M0];
    move_relative(wave, inst, m0 >> 16 & 0x3ff, m0 & 0x3ff);
}

// ---- Counting: the bits of source 0 that belong to lanes below, of the lower and of the upper 32 lanes ----

static void count_below(struct emu_wave *wave, const struct emu_inst *inst, bool upper)
{
    uint32_t buffer[2][EMU_LANES] EMU_ALIGNED, words[EMU_LANES] EMU_ALIGNED;
    const uint32_t *bits = emu_words(wave, inst, 0, buffer[0]);
    const uint32_t *base = emu_words(wave, inst, 1, buffer[1]);
    // Lanes of this half see all of the other half's lanes, or none.
    const uint32_t all = wave->half > (unsigned)upper ? ~0u : 0, own = wave->half == (unsigned)upper ? ~0u : 0;
    for (unsigned lane = 0; lane < EMU_LANES; lane++)
        words[lane] = base[lane] + (uint32_t)__builtin_popcount(bits[lane] & (all | (own & ((1u << lane) - 1))));
    emu_write32(wave, &inst->dst, words, emu_lanes(wave, inst));
}

EMU_VALU_HEAD(v_mbcnt_lo_u32_b32)
{
    count_below(wave, inst, false);
}

EMU_VALU_HEAD(v_mbcnt_hi_u32_b32)
{
    count_below(wave, inst, true);
}
