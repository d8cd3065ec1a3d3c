// Which registers an instruction reads and writes.
#include "registers.h"

#include "wave.h"

static void add(struct emu_register_uses *uses, enum emu_register_file file, bool write, unsigned role, unsigned first,
                unsigned count, unsigned halves)
{
    if (uses->count == EMU_REGISTER_USES_MAX || count == 0)
        return;
    uses->use[uses->count++] = (struct emu_register_use){.file = (uint8_t)file,
                                                         .write = write,
                                                         .halves = (uint8_t)halves,
                                                         .role = (uint8_t)role,
                                                         .first = (uint16_t)first,
                                                         .count = (uint16_t)count};
}

static void add_operand(struct emu_register_uses *uses, const struct emu_operand *operand, bool write, unsigned role)
{
    const unsigned halves = emu_type_bits[operand->type] == 16 ? 1u << operand->hi : 3u;
    if (operand->kind == EMU_K_VGPR)
        add(uses, EMU_FILE_VGPR, write, role, operand->reg, operand->dwords, halves);
    else if (operand->kind == EMU_K_SGPR)
        add(uses, EMU_FILE_SGPR, write, role, operand->reg, operand->dwords, 3);
    else if (operand->kind == EMU_K_SCC)
        add(uses, EMU_FILE_SCC, write, role, 0, 1, 3);
}

// SOPK names one register for both roles; few opcodes use both.
static bool reads_sopk(const struct emu_inst *inst)
{
    switch (inst->op) {
    case EMU_OP_s_movk_i32:
    case EMU_OP_s_version:
    case EMU_OP_s_getreg_b32:
    case EMU_OP_s_call_b64:
    case EMU_OP_s_cmovk_i32: return false; // the last: see EMU_F_DST_IS_SRC
    default: return true;
    }
}

static bool writes_sopk(const struct emu_inst *inst)
{
    switch (inst->op) {
    case EMU_OP_s_movk_i32:
    case EMU_OP_s_getreg_b32:
    case EMU_OP_s_call_b64:
    case EMU_OP_s_cmovk_i32:
    case EMU_OP_s_addk_i32:
    case EMU_OP_s_mulk_i32: return true;
    default: return false;
    }
}

static void add_reads(struct emu_register_uses *uses, const struct emu_inst *inst, unsigned first_role)
{
    const struct emu_opcode *row = &emu_opcodes[inst->op];
    for (unsigned i = inst->encoding == EMU_E_SOPK && !reads_sopk(inst) ? 1 : 0; i < 4; i++)
        add_operand(uses, &inst->src[i], false, first_role + i);
    // DPP with masked lanes or without bound control keeps old lanes of the result, as a partial EXEC does: no read.
    if (row->flags & EMU_F_DST_IS_SRC)
        add_operand(uses, &inst->dst, false, EMU_ROLE_RESULT);
    if (row->flags & EMU_F_READS_SCC)
        add(uses, EMU_FILE_SCC, false, EMU_ROLE_IMPLICIT, 0, 1, 3);
    if (row->flags & EMU_F_READS_M0)
        add(uses, EMU_FILE_SGPR, false, EMU_ROLE_IMPLICIT, EMU_SGPR_M0, 1, 3);
}

static void add_writes(struct emu_register_uses *uses, const struct emu_inst *inst)
{
    const struct emu_opcode *row = &emu_opcodes[inst->op];
    if (inst->encoding != EMU_E_SOPK || writes_sopk(inst))
        add_operand(uses, &inst->dst, true, EMU_ROLE_RESULT);
    add_operand(uses, &inst->sdst, true, EMU_ROLE_SCALAR_RESULT);
    if (row->flags & EMU_F_WRITES_SCC)
        add(uses, EMU_FILE_SCC, true, EMU_ROLE_IMPLICIT, 0, 1, 3);
}

void emu_register_uses_of(const struct emu_inst *inst, struct emu_register_uses *uses)
{
    uses->count = 0;
    add_reads(uses, inst, 0);
    if (inst->dual)
        add_reads(uses, inst->dual, EMU_ROLE_Y);
    add_writes(uses, inst);
    if (inst->dual)
        add_writes(uses, inst->dual);
}
