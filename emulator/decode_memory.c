// Vector memory formats: DS, FLAT, GLOBAL, SCRATCH, MUBUF, and LDSDIR.
#include "decode.h"

static struct emu_operand vgpr(struct emu_decoder *d, unsigned field, enum emu_type type)
{
    if (type == EMU_T_NONE)
        return (struct emu_operand){.kind = EMU_K_NONE};
    struct emu_operand reg = emu_decode_vgpr(d, field, type);
    reg.hi = emu_type_bits[type] <= 16 && (d->row->flags & EMU_F_D16_HI);
    return reg;
}

// Global wave sync and ordered count exist on the GDS only; lane moves and BVH stacks on the LDS only.
static bool gds_bit_valid(const struct emu_opcode *row, uint16_t op, bool gds)
{
    bool lds_only = op == EMU_OP_ds_nop || op == EMU_OP_ds_bvh_stack_rtn_b32 || op == EMU_OP_ds_permute_b32 ||
                    op == EMU_OP_ds_bpermute_b32;
    if (lds_only)
        return !gds;
    return gds || row->class != EMU_C_UNSUPPORTED;
}

void emu_decode_ds(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_DS, EMU_E_DS, emu_bits(word, 18, 8)))
        return;
    uint32_t high = emu_decode_word(d);
    struct emu_inst *inst = d->inst;
    inst->gds = word >> 17 & 1;
    if (!gds_bit_valid(d->row, inst->op, inst->gds))
        d->failed = true;
    inst->offset0 = word & 0xff;
    inst->offset1 = word >> 8 & 0xff;
    inst->offset = d->row->flags & EMU_F_TWO_ADDR ? 0 : (int32_t)(word & 0xffff);
    inst->src[0] = vgpr(d, emu_bits(high, 0, 8), d->row->src[0]);
    inst->src[1] = vgpr(d, emu_bits(high, 8, 8), d->row->src[1]);
    inst->src[2] = vgpr(d, emu_bits(high, 16, 8), d->row->src[2]);
    inst->dst = vgpr(d, emu_bits(high, 24, 8), d->row->dst);
    if (inst->op == EMU_OP_ds_nop && inst->offset != 0)
        d->failed = true;
    const struct emu_operand *const operands[] = {&inst->src[0], &inst->src[1], &inst->src[2], &inst->dst};
    for (unsigned i = 0; i < 4; i++)
        if (operands[i]->kind == EMU_K_NONE && emu_bits(high, 8 * i, 8) != 0)
            d->failed = true; // a register that the operation does not have
}

static void cache_bits(struct emu_inst *inst, uint32_t word, unsigned slc, unsigned dlc, unsigned glc)
{
    inst->slc = word >> slc & 1;
    inst->dlc = word >> dlc & 1;
    inst->glc = word >> glc & 1;
}

static bool is_atomic(const struct emu_opcode *row)
{
    return row->class == EMU_C_VMEM_ATOMIC || row->class == EMU_C_FLAT_ATOMIC;
}

// Address of a segment: 64-bit VGPRs alone, or an SGPR base with a 32-bit VGPR offset. SCRATCH has both, either or
// none.
static void flat_address(struct emu_decoder *d, uint32_t high)
{
    struct emu_inst *inst = d->inst;
    unsigned vaddr = emu_bits(high, 0, 8), saddr = emu_bits(high, 16, 7);
    bool base = saddr != EMU_CODE_NULL;
    switch (d->row->encoding) {
    case EMU_E_FLAT:
        inst->src[0] = vgpr(d, vaddr, EMU_T_U64);
        if (emu_bits(high, 16, 8) != EMU_CODE_NULL)
            d->failed = true;
        break;
    case EMU_E_GLOBAL:
        if (high >> 23 & 1)
            d->failed = true;
        if (inst->op != EMU_OP_global_load_addtid_b32 && inst->op != EMU_OP_global_store_addtid_b32)
            inst->src[0] = vgpr(d, vaddr, base ? EMU_T_U32 : EMU_T_U64);
        if (base)
            inst->src[2] = emu_decode_scalar(d, saddr, EMU_T_U64);
        break;
    default:
        if (high >> 23 & 1)
            inst->src[0] = vgpr(d, vaddr, EMU_T_U32);
        if (base)
            inst->src[2] = emu_decode_scalar(d, saddr, EMU_T_U32);
    }
}

void emu_decode_flat(struct emu_decoder *d, uint32_t word)
{
    static const uint8_t segments[4] = {EMU_E_FLAT, EMU_E_SCRATCH, EMU_E_GLOBAL, EMU_E_COUNT};
    enum emu_encoding encoding = segments[emu_bits(word, 16, 2)];
    if (encoding == EMU_E_COUNT || !emu_decode_begin(d, encoding, encoding, emu_bits(word, 18, 7))) {
        d->failed = true;
        return;
    }
    uint32_t high = emu_decode_word(d);
    struct emu_inst *inst = d->inst;
    cache_bits(inst, word, 15, 13, 14);
    inst->offset = encoding == EMU_E_FLAT ? (int32_t)emu_bits(word, 0, 12) : emu_sign_extend(word, 13);
    flat_address(d, high);
    inst->src[1] = vgpr(d, emu_bits(high, 8, 8), d->row->src[1]);
    if (!is_atomic(d->row) || inst->glc)
        inst->dst = vgpr(d, emu_bits(high, 24, 8), d->row->dst);
}

void emu_decode_mubuf(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_MUBUF, EMU_E_MUBUF, emu_bits(word, 18, 8)))
        return;
    uint32_t high = emu_decode_word(d);
    struct emu_inst *inst = d->inst;
    cache_bits(inst, word, 12, 13, 14);
    inst->tfe = high >> 21 & 1;
    inst->offen = high >> 22 & 1;
    inst->idxen = high >> 23 & 1;
    if (d->row->class == EMU_C_CACHE) {
        if (inst->dlc || inst->glc || inst->tfe || inst->offen || inst->idxen)
            d->failed = true;
        return;
    }
    if (inst->tfe && is_atomic(d->row))
        d->failed = true;
    inst->offset = (int32_t)emu_bits(word, 0, 12);
    if (inst->offen || inst->idxen)
        inst->src[0] = vgpr(d, emu_bits(high, 0, 8), inst->offen && inst->idxen ? EMU_T_U64 : EMU_T_U32);
    unsigned data = emu_bits(high, 8, 8);
    inst->src[1] = vgpr(d, data, d->row->src[1]);
    if (!is_atomic(d->row) || inst->glc)
        inst->dst = vgpr(d, data, d->row->dst);
    inst->src[2] = emu_decode_scalar(d, emu_bits(high, 16, 5) * 4, EMU_T_B128);
    inst->src[3] = emu_decode_source(d, emu_bits(high, 24, 8), EMU_T_U32);
}

void emu_decode_ldsdir(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_LDSDIR, EMU_E_LDSDIR, emu_bits(word, 20, 2)))
        return;
    d->inst->dst = vgpr(d, emu_bits(word, 0, 8), d->row->dst);
    d->inst->imm = (int32_t)emu_bits(word, 8, 12);
}
