// VOPD: two operations in one instruction (wave32). The X half is the instruction, the Y half its `dual`.
#include "decode_vector.h"

struct half {
    unsigned opcode, src0, vsrc1, vdst;
};

static void decode_half(struct emu_decoder *d, const struct half *fields)
{
    struct emu_inst *inst = d->inst;
    if (!emu_decode_begin(d, EMU_E_VOPD, EMU_E_VOPD, fields->opcode))
        return;
    inst->dst = emu_decode_vgpr(d, fields->vdst, d->row->dst);
    inst->src[0] = emu_decode_source(d, fields->src0, d->row->src[0]);
    if (d->row->src[1] != EMU_T_NONE)
        inst->src[1] = emu_decode_vgpr(d, fields->vsrc1, d->row->src[1]);
    else if (fields->vsrc1 != 0)
        d->failed = true;
    if (d->row->flags & EMU_F_READS_VCC)
        inst->src[2] = emu_decode_scalar(d, EMU_CODE_VCC, EMU_T_MASK);
    if (d->row->flags & EMU_F_LITERAL_K)
        emu_decode_place_k(d, inst, inst->op == EMU_OP_v_dual_fmamk_f32);
    if (inst->op == EMU_OP_v_dual_dot2acc_f32_bf16) { // runs the three-source body of v_dot2_f32_bf16
        inst->src[2] = inst->dst;
        inst->op_sel_hi = 7;
    }
}

void emu_decode_vopd(struct emu_decoder *d, uint32_t word, struct emu_inst *dual)
{
    uint32_t high = emu_decode_word(d);
    unsigned vdst_x = high >> 24;
    struct half x = {emu_bits(word, 22, 4), emu_bits(word, 0, 9), emu_bits(word, 9, 8), vdst_x};
    // Y's register has the other parity, so its low bit is not encoded.
    struct half y = {emu_bits(word, 17, 5), emu_bits(high, 0, 9), emu_bits(high, 9, 8),
                     emu_bits(high, 17, 7) << 1 | (~vdst_x & 1)};
    struct emu_inst *inst = d->inst;

    if (d->wave64)
        d->failed = true;
    decode_half(d, &x);
    if (d->failed)
        return;
    *dual = (struct emu_inst){.raw = {inst->raw[0], inst->raw[1], inst->raw[2]}};
    d->inst = dual;
    decode_half(d, &y);
    d->inst = inst;
    inst->raw[2] |= dual->raw[2];
    dual->raw[2] = inst->raw[2];
    inst->dual = dual;
}
