// 64-bit vector formats: VOP3, VOP3SD, VOP3P.
#include "decode_vector.h"

static unsigned source_count(const struct emu_opcode *row)
{
    unsigned count = 0;
    while (count < 3 && row->src[count] != EMU_T_NONE)
        count++;
    return count;
}

static bool has_sdst(const struct emu_opcode *row)
{
    return row->encoding == EMU_E_VOP3SD || (row->encoding == EMU_E_VOP2 && (row->flags & EMU_F_WRITES_VCC));
}

static void read_sources(struct emu_decoder *d, uint32_t high, unsigned count)
{
    struct emu_inst *inst = d->inst;
    uint32_t dpp;
    bool has_dpp = count > 0 && emu_decode_dpp(d, emu_bits(high, 0, 9), &dpp);
    for (unsigned i = 0; i < count; i++) {
        if (i == 0 && has_dpp)
            inst->src[0] = emu_decode_vgpr(d, dpp & 0xff, d->row->src[0]);
        else
            inst->src[i] = emu_decode_source(d, emu_bits(high, 9 * i, 9), d->row->src[i]);
    }
    if (has_dpp && d->has_literal)
        d->failed = true;
}

// The high half of a 16-bit source. A literal has one; an inline integer is sign-extended; inline floats have zeros.
static void select_high(struct emu_decoder *d, struct emu_operand *source)
{
    if (source->kind != EMU_K_CONST) {
        source->hi = 1;
        return;
    }
    if (source->code == EMU_CODE_LITERAL)
        source->value = d->literal >> 16;
    else
        source->value = source->code >= EMU_CODE_MINUS1 && source->code <= EMU_CODE_MINUS16 ? 0xffff : 0;
}

static void op_sel(struct emu_decoder *d, unsigned bits, unsigned count)
{
    struct emu_inst *inst = d->inst;
    bool lane_op = inst->op == EMU_OP_v_permlane16_b32 || inst->op == EMU_OP_v_permlanex16_b32;
    if (lane_op) {
        inst->op_sel = bits & 3; // fetch inactive lanes, bound control
        return;
    }
    if (!emu_decode_has_16bit(d->row))
        return;
    unsigned selected = d->row->src[2] == EMU_T_MASK ? 2 : count;
    unsigned allowed = ((1u << selected) - 1) | (d->row->encoding == EMU_E_VOPC ? 0 : 8);
    if (bits & ~allowed)
        d->failed = true;
    inst->op_sel = (uint8_t)bits;
    for (unsigned i = 0; i < count; i++)
        if ((bits >> i & 1) && emu_type_bits[d->row->src[i]] == 16)
            select_high(d, &inst->src[i]);
    if ((bits & 8) && emu_type_bits[d->row->dst] == 16)
        inst->dst.hi = 1;
}

static void clamp_and_omod(struct emu_decoder *d, uint32_t word, uint32_t high)
{
    struct emu_inst *inst = d->inst;
    inst->clamp = word >> 15 & 1;
    inst->omod = high >> 27 & 3;
    if (inst->clamp && (d->row->flags & EMU_F_NO_CLAMP))
        d->failed = true;
    if (inst->omod && (d->row->encoding == EMU_E_VOPC || (d->row->flags & (EMU_F_NO_CLAMP | EMU_F_NO_OMOD))))
        d->failed = true;
}

static void destination(struct emu_decoder *d, unsigned vdst)
{
    struct emu_inst *inst = d->inst;
    if (d->row->encoding == EMU_E_VOPC) {
        if (vdst >= EMU_CODE_INT0 || ((d->row->flags & EMU_F_WRITES_EXEC) && vdst != EMU_CODE_EXEC))
            d->failed = true;
        else
            inst->sdst = emu_decode_scalar(d, vdst, EMU_T_MASK);
    } else if (d->row->class == EMU_C_VALU_LANE) {
        inst->dst = emu_decode_scalar(d, vdst, d->row->dst);
    } else {
        inst->dst = emu_decode_vgpr(d, vdst, d->row->dst);
    }
}

void emu_decode_vop3(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_VOP3, EMU_E_VOP3, emu_bits(word, 16, 10)))
        return;
    uint32_t high = emu_decode_word(d);
    struct emu_inst *inst = d->inst;
    bool scalar_result = has_sdst(d->row);
    unsigned count = source_count(d->row);

    destination(d, emu_bits(word, 0, 8));
    read_sources(d, high, count);
    if (d->row->encoding == EMU_E_VOP2 && (d->row->flags & EMU_F_READS_VCC))
        inst->src[2] = emu_decode_source(d, emu_bits(high, 18, 9), EMU_T_MASK);
    clamp_and_omod(d, word, high);
    if (scalar_result) {
        inst->encoding = EMU_E_VOP3SD;
        inst->sdst = emu_decode_scalar(d, emu_bits(word, 8, 7), EMU_T_MASK);
        emu_decode_modifiers(d, high >> 29, 0, count);
        return;
    }
    unsigned modified = emu_decode_modified(d->row, count);
    emu_decode_modifiers(d, high >> 29, emu_bits(word, 8, 3), modified);
    op_sel(d, emu_bits(word, 11, 4), count);
}

// WMMA accumulators spread over the wave: half the registers in wave64.
static enum emu_type packed_type(const struct emu_decoder *d, unsigned index)
{
    enum emu_type type = index == 3 ? d->row->dst : d->row->src[index];
    bool accumulator = index >= 2 && (d->row->class == EMU_C_WMMA || d->row->class == EMU_C_WMMA_IU4);
    return accumulator && d->wave64 ? EMU_T_B128 : type;
}

static void packed_sources(struct emu_decoder *d, uint32_t high, unsigned count)
{
    struct emu_inst *inst = d->inst;
    bool wmma = d->row->class == EMU_C_WMMA || d->row->class == EMU_C_WMMA_IU4;
    read_sources(d, high, wmma ? 0 : count);
    for (unsigned i = 0; wmma && i < count; i++) {
        inst->src[i] = emu_decode_source(d, emu_bits(high, 9 * i, 9), packed_type(d, i));
        bool inline_constant = inst->src[i].kind == EMU_K_CONST && inst->src[i].code != EMU_CODE_LITERAL;
        if (inst->src[i].kind != EMU_K_VGPR && !(i == 2 && inline_constant))
            inst->src[i].kind = EMU_K_BAD;
    }
}

// Integer dot products and matrices take whole registers; float matrices do not clamp. op_sel picks the half of the
// register that 16-bit matrices accumulate in.
static bool packed_bits_valid(const struct emu_opcode *row, const struct emu_inst *inst)
{
    bool matrix = row->class == EMU_C_WMMA || row->class == EMU_C_WMMA_IU4;
    bool selects = row->src[0] != EMU_T_B32 && (!matrix || (row->flags & EMU_F_DST_IS_SRC));
    if (!selects && inst->op_sel != 0)
        return false;
    bool integer_matrix = inst->op == EMU_OP_v_wmma_i32_16x16x16_iu8 || inst->op == EMU_OP_v_wmma_i32_16x16x16_iu4;
    return !inst->clamp || !matrix || integer_matrix;
}

void emu_decode_vop3p(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_VOP3P, EMU_E_VOP3P, emu_bits(word, 16, 7)))
        return;
    uint32_t high = emu_decode_word(d);
    struct emu_inst *inst = d->inst;
    unsigned count = source_count(d->row);

    inst->dst = emu_decode_vgpr(d, emu_bits(word, 0, 8), packed_type(d, 3));
    inst->dst.hi = (d->row->flags & EMU_F_D16_HI) != 0;
    packed_sources(d, high, count);
    inst->clamp = word >> 15 & 1;
    inst->op_sel = (uint8_t)emu_bits(word, 11, 3);
    inst->op_sel_hi = (uint8_t)(emu_bits(high, 27, 2) | emu_bits(word, 14, 1) << 2);
    inst->neg_lo = (uint8_t)emu_bits(high, 29, 3);
    inst->neg_hi = (uint8_t)emu_bits(word, 8, 3);
    if ((inst->op_sel | inst->neg_lo | inst->neg_hi) >> count || !packed_bits_valid(d->row, inst))
        d->failed = true;
    for (unsigned i = 0; i < count; i++) {
        if (d->row->src[i] != EMU_T_MIX)
            continue;
        inst->src[i].neg = inst->neg_lo >> i & 1;
        inst->src[i].abs = inst->neg_hi >> i & 1;
    }
}
