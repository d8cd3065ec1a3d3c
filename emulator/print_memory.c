// Operands of DS, FLAT, GLOBAL, SCRATCH, MUBUF and LDSDIR.
#include "print.h"

#include <inttypes.h>

#include "decode.h"

static void list(struct emu_text *text, const struct emu_inst *inst, const struct emu_operand *operand, unsigned *count)
{
    emu_text_put(text, (*count)++ ? ", " : " ");
    emu_print_operand(text, inst, operand);
}

static void print_ds(struct emu_text *text, const struct emu_inst *inst)
{
    const struct emu_operand *const operands[] = {&inst->dst, &inst->src[0], &inst->src[1], &inst->src[2]};
    unsigned count = 0;
    for (unsigned i = 0; i < 4; i++)
        if (operands[i]->kind != EMU_K_NONE)
            list(text, inst, operands[i], &count);
    if (inst->op == EMU_OP_ds_swizzle_b32) {
        emu_print_swizzle(text, (unsigned)inst->offset);
    } else if (emu_opcodes[inst->op].flags & EMU_F_TWO_ADDR) {
        if (inst->offset0)
            emu_text_put(text, " offset0:%u", inst->offset0);
        if (inst->offset1)
            emu_text_put(text, " offset1:%u", inst->offset1);
    } else if (inst->offset) {
        emu_text_put(text, " offset:%" PRId32, inst->offset);
    }
    emu_text_put(text, inst->gds ? " gds" : "");
}

static void print_cache_bits(struct emu_text *text, const struct emu_inst *inst)
{
    emu_text_put(text, "%s%s%s", inst->glc ? " glc" : "", inst->slc ? " slc" : "", inst->dlc ? " dlc" : "");
}

static void print_flat(struct emu_text *text, const struct emu_inst *inst)
{
    bool addtid = inst->op == EMU_OP_global_load_addtid_b32 || inst->op == EMU_OP_global_store_addtid_b32;
    int32_t offset = inst->offset;
    unsigned count = 0;
    if (inst->dst.kind != EMU_K_NONE)
        list(text, inst, &inst->dst, &count);
    if (!addtid)
        list(text, inst, &inst->src[0], &count);
    if (inst->src[1].kind != EMU_K_NONE)
        list(text, inst, &inst->src[1], &count);
    if (inst->encoding == EMU_E_FLAT)
        offset = (int32_t)emu_bits(inst->raw[0], 0, 13); // with the bit that the hardware ignores
    else
        list(text, inst, &inst->src[2], &count);
    if (offset)
        emu_text_put(text, " offset:%" PRId32, offset);
    print_cache_bits(text, inst);
}

static void print_mubuf(struct emu_text *text, const struct emu_inst *inst)
{
    if (inst->class == EMU_C_CACHE)
        return;
    unsigned count = 0;
    struct emu_operand data = inst->src[1].kind != EMU_K_NONE ? inst->src[1] : inst->dst;
    data.dwords = (uint8_t)(data.dwords + inst->tfe); // the status word stands behind the data
    list(text, inst, &data, &count);
    list(text, inst, &inst->src[0], &count);
    list(text, inst, &inst->src[2], &count);
    list(text, inst, &inst->src[3], &count);
    emu_text_put(text, "%s%s", inst->idxen ? " idxen" : "", inst->offen ? " offen" : "");
    if (inst->offset)
        emu_text_put(text, " offset:%" PRId32, inst->offset);
    print_cache_bits(text, inst);
    emu_text_put(text, inst->tfe ? " tfe" : "");
}

static void print_ldsdir(struct emu_text *text, const struct emu_inst *inst)
{
    unsigned count = 0, imm = (unsigned)inst->imm;
    list(text, inst, &inst->dst, &count);
    if (inst->op == EMU_OP_lds_param_load)
        emu_text_put(text, ", attr%u.%c", imm >> 2 & 63, "xyzw"[imm & 3]);
    emu_text_put(text, " wait_vdst:%u", imm >> 8 & 15);
}

void emu_print_memory(struct emu_text *text, const struct emu_inst *inst)
{
    switch (inst->encoding) {
    case EMU_E_DS: print_ds(text, inst); break;
    case EMU_E_MUBUF: print_mubuf(text, inst); break;
    case EMU_E_LDSDIR: print_ldsdir(text, inst); break;
    default: print_flat(text, inst);
    }
}
