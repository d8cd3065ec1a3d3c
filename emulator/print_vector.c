// Operands and modifiers of VOP1, VOP2, VOPC, VOP3, VOP3P and VOPD.
#include "print.h"

#include "decode.h"

// "name:[b0,b1,..]" of the low `count` bits.
static void print_bits(struct emu_text *text, const char *name, unsigned bits, unsigned count)
{
    emu_text_put(text, " %s:[", name);
    for (unsigned i = 0; i < count; i++)
        emu_text_put(text, "%s%u", i ? "," : "", bits >> i & 1);
    emu_text_put(text, "]");
}

static unsigned source_count(const struct emu_opcode *row)
{
    unsigned count = 0;
    while (count < 3 && row->src[count] != EMU_T_NONE)
        count++;
    return count;
}

static void print_op_sel(struct emu_text *text, const struct emu_inst *inst, const struct emu_opcode *row)
{
    if (inst->op == EMU_OP_v_permlane16_b32 || inst->op == EMU_OP_v_permlanex16_b32) {
        if (inst->op_sel)
            print_bits(text, "op_sel", inst->op_sel, 2);
        return;
    }
    if (inst->op == EMU_OP_v_cndmask_b16)
        return; // .l and .h say it
    unsigned count = source_count(row), bits = inst->op_sel & ((1u << count) - 1);
    // v_dot2 reads both halves of its packed sources, so their bits say nothing.
    for (unsigned i = 0; i < count; i++)
        if (row->src[i] == EMU_T_PKF16 || row->src[i] == EMU_T_PKBF16)
            bits &= ~(1u << i);
    count += row->encoding == EMU_E_VOP2 && (row->flags & EMU_F_DST_IS_SRC); // the addend has a bit, always clear
    bits |= (inst->op_sel & 8u) ? 1u << count : 0;
    bool has_result = row->encoding != EMU_E_VOPC || !(inst->dpp || (row->flags & EMU_F_WRITES_EXEC));
    if (bits)
        print_bits(text, "op_sel", bits, count + has_result);
}

static void print_packed(struct emu_text *text, const struct emu_inst *inst, const struct emu_opcode *row)
{
    unsigned count = source_count(row), mask = (1u << count) - 1;
    bool mix = row->src[0] == EMU_T_MIX;
    bool matrix = row->class == EMU_C_WMMA || row->class == EMU_C_WMMA_IU4;
    bool selects = row->src[0] != EMU_T_B32 && (!matrix || (row->flags & EMU_F_DST_IS_SRC));
    if (inst->op_sel & mask)
        print_bits(text, "op_sel", inst->op_sel, count);
    if (selects && (mix ? (inst->op_sel_hi & mask) != 0 : (inst->op_sel_hi & mask) != mask))
        print_bits(text, "op_sel_hi", inst->op_sel_hi, count);
    if (!mix && inst->neg_lo)
        print_bits(text, "neg_lo", inst->neg_lo, count);
    if (!mix && inst->neg_hi)
        print_bits(text, "neg_hi", inst->neg_hi, count);
}

static void print_dpp(struct emu_text *text, const struct emu_inst *inst)
{
    unsigned ctrl = inst->dpp_ctrl;
    if (inst->dpp == EMU_DPP_8) {
        emu_text_put(text, " dpp8:[");
        for (unsigned lane = 0; lane < 8; lane++)
            emu_text_put(text, "%s%u", lane ? "," : "", ctrl >> 3 * lane & 7);
        emu_text_put(text, "]%s", inst->dpp_fi ? " fi:1" : "");
        return;
    }
    static const char *const by_count[] = {"", "row_shl", "row_shr", "row_ror"};
    if (ctrl < 0x100)
        emu_text_put(text, " quad_perm:[%u,%u,%u,%u]", ctrl & 3, ctrl >> 2 & 3, ctrl >> 4 & 3, ctrl >> 6 & 3);
    else if (ctrl < 0x130)
        emu_text_put(text, " %s:%u", by_count[ctrl >> 4 & 3 ? (ctrl >> 4 & 3) + 1 : 1], ctrl & 15);
    else if (ctrl < 0x142)
        emu_text_put(text, ctrl == 0x140 ? " row_mirror" : " row_half_mirror");
    else
        emu_text_put(text, " %s:%u", ctrl < 0x160 ? "row_share" : "row_xmask", ctrl & 15);
    emu_text_put(text, " row_mask:0x%x bank_mask:0x%x%s%s", inst->dpp_row_mask, inst->dpp_bank_mask,
                 inst->dpp_bound_ctrl ? " bound_ctrl:1" : "", inst->dpp_fi ? " fi:1" : "");
}

static void print_list(struct emu_text *text, const struct emu_inst *inst)
{
    const char *separator = " ";
    bool writes_exec = emu_opcodes[inst->op].flags & EMU_F_WRITES_EXEC; // v_cmpx does not name EXEC
    if (inst->dst.kind != EMU_K_NONE) {
        emu_text_put(text, "%s", separator);
        emu_print_operand(text, inst, &inst->dst);
        separator = ", ";
    }
    if (inst->sdst.kind != EMU_K_NONE && !writes_exec) {
        emu_text_put(text, "%s", separator);
        emu_print_operand(text, inst, &inst->sdst);
        separator = ", ";
    }
    for (unsigned i = 0; i < 3 && inst->src[i].kind != EMU_K_NONE; i++) {
        emu_text_put(text, "%s", separator);
        emu_print_modified(text, inst, &inst->src[i]);
        separator = ", ";
    }
}

void emu_print_vector(struct emu_text *text, const struct emu_inst *inst)
{
    static const char *const omod[] = {"", " mul:2", " mul:4", " div:2"};
    const struct emu_opcode *row = &emu_opcodes[inst->op];
    print_list(text, inst);
    if (inst->encoding == EMU_E_VOP3)
        print_op_sel(text, inst, row);
    if (inst->encoding == EMU_E_VOP3P)
        print_packed(text, inst, row);
    emu_text_put(text, "%s%s", inst->clamp ? " clamp" : "", omod[inst->omod]);
    if (inst->dpp)
        print_dpp(text, inst);
}

// VCC, read by the cndmask halves, is not named.
static void print_half(struct emu_text *text, const struct emu_inst *inst)
{
    struct emu_inst half = *inst;
    if (emu_opcodes[inst->op].flags & EMU_F_READS_VCC || inst->op == EMU_OP_v_dual_dot2acc_f32_bf16)
        half.src[2].kind = EMU_K_NONE;
    print_list(text, &half);
}

void emu_print_vopd(struct emu_text *text, const struct emu_inst *inst)
{
    print_half(text, inst);
    if (!inst->dual)
        return;
    emu_text_put(text, " :: %s", emu_opcodes[inst->dual->op].name);
    print_half(text, inst->dual);
}
