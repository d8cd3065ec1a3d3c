// Scalar formats: SOP1, SOP2, SOPC, SOPK, SOPP, SMEM.
#include "decode.h"

static struct emu_operand destination(struct emu_decoder *d, uint32_t word)
{
    if (d->row->dst == EMU_T_NONE)
        return (struct emu_operand){.kind = EMU_K_NONE};
    return emu_decode_scalar(d, emu_bits(word, 16, 7), d->row->dst);
}

void emu_decode_sop1(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_SOP1, EMU_E_SOP1, emu_bits(word, 8, 8)))
        return;
    d->inst->dst = destination(d, word);
    d->inst->src[0] = emu_decode_source(d, emu_bits(word, 0, 8), d->row->src[0]);
    if (d->row->class == EMU_C_MESSAGE) // s_sendmsg_rtn: the source field is the message number
        d->inst->imm = (int32_t)emu_bits(word, 0, 8);
}

void emu_decode_sop2(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_SOP2, EMU_E_SOP2, emu_bits(word, 23, 7)))
        return;
    struct emu_inst *inst = d->inst;
    inst->dst = destination(d, word);
    struct emu_operand a = emu_decode_source(d, emu_bits(word, 0, 8), d->row->src[0]);
    struct emu_operand b = emu_decode_source(d, emu_bits(word, 8, 8), d->row->src[1]);
    inst->src[0] = a;
    inst->src[1] = b;
    if (!(d->row->flags & EMU_F_LITERAL_K))
        return;
    struct emu_operand k = emu_decode_source(d, EMU_CODE_LITERAL, d->row->src[0]);
    bool addend = inst->op == EMU_OP_s_fmaak_f32;
    inst->src[1] = addend ? b : k;
    inst->src[2] = addend ? k : b;
}

void emu_decode_sopc(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_SOPC, EMU_E_SOPC, emu_bits(word, 16, 7)))
        return;
    d->inst->src[0] = emu_decode_source(d, emu_bits(word, 0, 8), d->row->src[0]);
    d->inst->src[1] = emu_decode_source(d, emu_bits(word, 8, 8), d->row->src[1]);
}

// The register is the destination or, in s_cmpk, s_setreg and s_waitcnt_*, a source; it stands in both places.
void emu_decode_sopk(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_SOPK, EMU_E_SOPK, emu_bits(word, 23, 5)))
        return;
    d->inst->dst = destination(d, word);
    d->inst->src[0] = d->inst->dst;
    d->inst->imm = (int16_t)(word & 0xffff);
    if (d->row->flags & EMU_F_LITERAL_K)
        d->inst->src[1] = emu_decode_source(d, EMU_CODE_LITERAL, EMU_T_B32);
}

static bool has_immediate(uint16_t op)
{
    static const uint16_t without[] = {
        EMU_OP_s_wait_idle, EMU_OP_s_code_end,   EMU_OP_s_endpgm_saved, EMU_OP_s_endpgm_ordered_ps_done,
        EMU_OP_s_wakeup,    EMU_OP_s_ttracedata, EMU_OP_s_icache_inv,   EMU_OP_s_barrier};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        if (without[i] == op)
            return false;
    return true;
}

void emu_decode_sopp(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_SOPP, EMU_E_SOPP, emu_bits(word, 16, 7)))
        return;
    d->inst->imm = (int16_t)(word & 0xffff);
    if (d->inst->imm != 0 && !has_immediate(d->inst->op))
        d->failed = true;
}

void emu_decode_smem(struct emu_decoder *d, uint32_t word)
{
    if (!emu_decode_begin(d, EMU_E_SMEM, EMU_E_SMEM, emu_bits(word, 18, 8)))
        return;
    uint32_t high = emu_decode_word(d);
    struct emu_inst *inst = d->inst;
    inst->dlc = word >> 13 & 1;
    inst->glc = word >> 14 & 1;
    if (d->row->dst == EMU_T_NONE && (inst->dlc || inst->glc))
        d->failed = true;
    if (d->row->class == EMU_C_CACHE)
        return;
    bool buffer = inst->op == EMU_OP_s_atc_probe_buffer ||
                  (inst->op >= EMU_OP_s_buffer_load_b32 && inst->op <= EMU_OP_s_buffer_load_b512);
    inst->src[0] = emu_decode_scalar(d, emu_bits(word, 0, 6) * 2, buffer ? EMU_T_B128 : EMU_T_B64);
    inst->src[1] = emu_decode_scalar(d, emu_bits(high, 25, 7), EMU_T_U32);
    inst->offset = emu_sign_extend(high, 21);
    if (d->row->dst == EMU_T_NONE) {
        inst->imm = (int32_t)emu_bits(word, 6, 7);
        return;
    }
    inst->dst = emu_decode_scalar(d, emu_bits(word, 6, 7), d->row->dst);
}
