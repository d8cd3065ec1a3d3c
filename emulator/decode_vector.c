// Vector formats with one operation: VOP1, VOP2, VOPC, and their DPP forms; VOP3 and VOP3P share the DPP word.
#include "decode_vector.h"

static void read_dpp16(struct emu_inst *inst, uint32_t word)
{
    inst->dpp = EMU_DPP_16;
    inst->dpp_ctrl = emu_bits(word, 8, 9);
    inst->dpp_fi = word >> 18 & 1;
    inst->dpp_bound_ctrl = word >> 19 & 1;
    inst->dpp_bank_mask = word >> 24 & 15;
    inst->dpp_row_mask = (uint8_t)(word >> 28);
}

// Patterns of dpp_ctrl that exist: quad_perm, row_shl/shr/ror by 1..15, row_mirror, row_half_mirror, row_share,
// row_xmask.
static bool dpp16_ctrl_valid(uint32_t ctrl)
{
    return ctrl < 0x100 || (ctrl >= 0x101 && ctrl <= 0x12f && (ctrl & 15) != 0) || ctrl == 0x140 || ctrl == 0x141 ||
           (ctrl >= 0x150 && ctrl <= 0x16f);
}

bool emu_decode_dpp(struct emu_decoder *d, unsigned code, uint32_t *word)
{
    bool dpp8 = code == EMU_CODE_DPP8 || code == EMU_CODE_DPP8_FI;
    if (!dpp8 && code != EMU_CODE_DPP16)
        return false;
    *word = emu_decode_word(d);
    if (d->row->flags & EMU_F_NO_DPP)
        d->failed = true;
    if (dpp8) {
        d->inst->dpp = EMU_DPP_8;
        d->inst->dpp_ctrl = *word >> 8;
        d->inst->dpp_fi = code == EMU_CODE_DPP8_FI;
    } else {
        read_dpp16(d->inst, *word);
        if (!dpp16_ctrl_valid(d->inst->dpp_ctrl))
            d->failed = true;
    }
    return true;
}

bool emu_decode_has_16bit(const struct emu_opcode *row)
{
    return emu_type_bits[row->dst] == 16 || emu_type_bits[row->src[0]] == 16 || emu_type_bits[row->src[1]] == 16 ||
           emu_type_bits[row->src[2]] == 16;
}

bool emu_decode_is_float(enum emu_type type)
{
    static const bool is_float[EMU_T_COUNT] = {[EMU_T_F16] = true, [EMU_T_BF16] = true,  [EMU_T_F32] = true,
                                               [EMU_T_F64] = true, [EMU_T_PKF16] = true, [EMU_T_PKBF16] = true,
                                               [EMU_T_MIX] = true};
    return is_float[type];
}

void emu_decode_modifiers(struct emu_decoder *d, unsigned neg, unsigned abs, unsigned count)
{
    bool any = emu_decode_has_16bit(d->row);
    for (unsigned i = 0; i < count; i++)
        any = any || emu_decode_is_float(d->row->src[i]);
    if ((neg | abs) >> (any ? count : 0))
        d->failed = true;
    for (unsigned i = 0; i < count; i++) {
        if (!emu_decode_is_float(d->row->src[i]))
            continue;
        d->inst->src[i].neg = neg >> i & 1;
        d->inst->src[i].abs = abs >> i & 1;
    }
}

unsigned emu_decode_modified(const struct emu_opcode *row, unsigned count)
{
    if (row->src[2] == EMU_T_MASK)
        return 2;
    bool class_test = row == &emu_opcodes[EMU_OP_v_cmp_class_f32] || row == &emu_opcodes[EMU_OP_v_cmp_class_f64];
    return class_test ? 1 : count;
}

// Source 0 of a 32-bit form: a 9-bit field, or a VGPR named in the DPP word together with the modifiers of sources 0
// and 1.
static void short_sources(struct emu_decoder *d, uint32_t word, bool two)
{
    struct emu_inst *inst = d->inst;
    uint32_t dpp;
    bool has_dpp = emu_decode_dpp(d, emu_bits(word, 0, 9), &dpp);
    inst->src[0] = has_dpp ? emu_decode_vgpr16(d, dpp & 0xff, d->row->src[0])
                           : emu_decode_source16(d, emu_bits(word, 0, 9), d->row->src[0]);
    if (two)
        inst->src[1] = emu_decode_vgpr16(d, emu_bits(word, 9, 8), d->row->src[1]);
    if (!has_dpp || inst->dpp != EMU_DPP_16)
        return;
    unsigned neg = emu_bits(dpp, 20, 1) | emu_bits(dpp, 22, 1) << 1;
    unsigned abs = emu_bits(dpp, 21, 1) | emu_bits(dpp, 23, 1) << 1;
    emu_decode_modifiers(d, neg, abs, emu_decode_modified(d->row, two ? 2 : 1));
}

static struct emu_operand vcc(struct emu_decoder *d)
{
    return emu_decode_scalar(d, EMU_CODE_VCC, EMU_T_MASK);
}

void emu_decode_vop1(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_VOP1, EMU_E_VOP1, emu_bits(word, 9, 8)))
        return;
    unsigned vdst = emu_bits(word, 17, 8);
    if (d->row->dst == EMU_T_NONE) { // v_nop, v_pipeflush
        if (vdst != 0)
            d->failed = true;
        return;
    }
    short_sources(d, word, false);
    d->inst->dst = d->row->class == EMU_C_VALU_LANE ? emu_decode_scalar(d, vdst, d->row->dst)
                                                    : emu_decode_vgpr16(d, vdst, d->row->dst);
}

void emu_decode_vop2(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_VOP2, EMU_E_VOP2, emu_bits(word, 25, 6)))
        return;
    struct emu_inst *inst = d->inst;
    short_sources(d, word, true);
    inst->dst = emu_decode_vgpr16(d, emu_bits(word, 17, 8), d->row->dst);
    // No op_sel_hi here: an inline constant stands in both halves.
    if (inst->op == EMU_OP_v_pk_fmac_f16 && inst->src[0].kind == EMU_K_CONST && !d->has_literal)
        inst->src[0].value = (inst->src[0].value & 0xffff) * 0x10001;
    if (d->row->flags & EMU_F_READS_VCC)
        inst->src[2] = vcc(d);
    if (d->row->flags & EMU_F_WRITES_VCC)
        inst->sdst = vcc(d);
    if (d->row->flags & EMU_F_LITERAL_K)
        emu_decode_place_k(d, inst, inst->op == EMU_OP_v_fmamk_f32 || inst->op == EMU_OP_v_fmamk_f16);
}

void emu_decode_place_k(struct emu_decoder *d, struct emu_inst *inst, bool middle)
{
    struct emu_operand k = emu_decode_source(d, EMU_CODE_LITERAL, emu_opcodes[inst->op].src[0]);
    inst->src[2] = middle ? inst->src[1] : k;
    inst->src[1] = middle ? k : inst->src[1];
}

void emu_decode_vopc(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_VOPC, EMU_E_VOPC, emu_bits(word, 17, 8)))
        return;
    short_sources(d, word, true);
    d->inst->sdst = d->row->flags & EMU_F_WRITES_EXEC ? emu_decode_scalar(d, EMU_CODE_EXEC, EMU_T_MASK) : vcc(d);
}
