// Operands of SOP1, SOP2, SOPC, SOPK, SOPP and SMEM.
#include "print.h"

#include <inttypes.h>

static void separator(struct emu_text *text, bool *first)
{
    emu_text_put(text, *first ? " " : ", ");
    *first = false;
}

static void print_smem(struct emu_text *text, const struct emu_inst *inst)
{
    if (inst->class == EMU_C_CACHE)
        return;
    emu_text_put(text, " ");
    if (inst->dst.kind == EMU_K_NONE)
        emu_print_integer(text, (uint32_t)inst->imm);
    else
        emu_print_operand(text, inst, &inst->dst);
    emu_text_put(text, ", ");
    emu_print_operand(text, inst, &inst->src[0]);
    emu_text_put(text, ", ");
    bool base = inst->src[1].kind != EMU_K_NULL;
    if (base || inst->offset == 0)
        emu_print_operand(text, inst, &inst->src[1]);
    if (inst->offset != 0)
        emu_text_put(text, "%s%s0x%" PRIx32, base ? " offset:" : "", inst->offset < 0 ? "-" : "",
                     (uint32_t)(inst->offset < 0 ? -inst->offset : inst->offset));
    emu_text_put(text, "%s%s", inst->glc ? " glc" : "", inst->dlc ? " dlc" : "");
}

void emu_print_scalar(struct emu_text *text, const struct emu_inst *inst)
{
    if (inst->encoding == EMU_E_SMEM) {
        print_smem(text, inst);
        return;
    }
    bool first = true;
    if (inst->dst.kind != EMU_K_NONE) {
        separator(text, &first);
        emu_print_operand(text, inst, &inst->dst);
    }
    if (inst->class == EMU_C_MESSAGE) {
        separator(text, &first);
        emu_print_message(text, (unsigned)inst->imm);
    }
    for (unsigned i = 0; i < 3 && inst->src[i].kind != EMU_K_NONE; i++) {
        separator(text, &first);
        emu_print_modified(text, inst, &inst->src[i]);
    }
}

void emu_print_sopk(struct emu_text *text, const struct emu_inst *inst)
{
    unsigned imm = (uint16_t)inst->imm;
    bool branch = inst->op == EMU_OP_s_call_b64 || inst->op == EMU_OP_s_subvector_loop_begin ||
                  inst->op == EMU_OP_s_subvector_loop_end;
    emu_text_put(text, " ");
    switch (inst->op) {
    case EMU_OP_s_version: emu_print_version(text, imm); return;
    case EMU_OP_s_getreg_b32:
        emu_print_operand(text, inst, &inst->dst);
        emu_text_put(text, ", ");
        emu_print_hwreg(text, imm);
        return;
    case EMU_OP_s_setreg_b32:
        emu_print_hwreg(text, imm);
        emu_text_put(text, ", ");
        emu_print_operand(text, inst, &inst->dst);
        return;
    case EMU_OP_s_setreg_imm32_b32:
        emu_print_hwreg(text, imm);
        emu_text_put(text, ", ");
        emu_print_immediate32(text, inst->raw[1]);
        return;
    default: emu_print_operand(text, inst, &inst->dst); emu_text_put(text, branch ? ", %u" : ", 0x%x", imm);
    }
}

static void print_hexadecimal(struct emu_text *text, unsigned imm)
{
    emu_text_put(text, "0x%x", imm);
}

static void print_integer(struct emu_text *text, unsigned imm)
{
    emu_print_integer(text, imm);
}

// How each SOPP opcode spells its immediate; those that are not here have none.
static const struct {
    uint16_t op;
    void (*print)(struct emu_text *text, unsigned imm);
} spellings[] = {
    {EMU_OP_s_nop, print_integer},
    {EMU_OP_s_setkill, print_integer},
    {EMU_OP_s_sethalt, print_integer},
    {EMU_OP_s_sleep, print_integer},
    {EMU_OP_s_set_inst_prefetch_distance, print_hexadecimal},
    {EMU_OP_s_clause, print_hexadecimal},
    {EMU_OP_s_delay_alu, emu_print_delay},
    {EMU_OP_s_waitcnt_depctr, emu_print_depctr},
    {EMU_OP_s_waitcnt, emu_print_waitcnt},
    {EMU_OP_s_wait_event, print_hexadecimal},
    {EMU_OP_s_trap, print_integer},
    {EMU_OP_s_round_mode, print_hexadecimal},
    {EMU_OP_s_denorm_mode, print_integer},
    {EMU_OP_s_setprio, print_integer},
    {EMU_OP_s_sendmsg, emu_print_message},
    {EMU_OP_s_sendmsghalt, emu_print_message},
    {EMU_OP_s_incperflevel, print_integer},
    {EMU_OP_s_decperflevel, print_integer},
    {EMU_OP_s_ttracedata_imm, print_hexadecimal},
};

void emu_print_sopp(struct emu_text *text, const struct emu_inst *inst)
{
    unsigned imm = (uint16_t)inst->imm;
    if (inst->class == EMU_C_BRANCH || (inst->op == EMU_OP_s_endpgm && imm != 0)) {
        emu_text_put(text, " %u", imm);
        return;
    }
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        if (spellings[i].op != inst->op)
            continue;
        emu_text_put(text, " ");
        spellings[i].print(text, imm);
        return;
    }
}
