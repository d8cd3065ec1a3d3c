// Hazards that gfx11 does not interlock, and encoding rules that the assembler leaves to the programmer.
//
// Sources: RDNA 3 ISA manual, sections 7.6 "Dual issue VALU" and 7.9 "WMMA"; LLVM 22, GCNHazardRecognizer (WMMA,
// VcmpxPermlane, VALUMaskWrite, VALUPartialForwarding), where each is a feature of the gfx11 subtargets.
#include "state.h"

static bool is_vector_class(unsigned class)
{
    return class >= EMU_C_VALU && class <= EMU_C_WMMA_IU4;
}

static bool is_scalar_class(unsigned class)
{
    return class == EMU_C_SALU || class == EMU_C_SFLOAT;
}

static bool is_memory_class(unsigned class)
{
    return class >= EMU_C_LDS_LOAD && class <= EMU_C_SCRATCH_STORE;
}

static bool is_wmma(const struct emu_inst *inst)
{
    return inst->class == EMU_C_WMMA || inst->class == EMU_C_WMMA_IU4;
}

static bool overlap(const struct emu_operand *a, const struct emu_operand *b)
{
    return a->kind == EMU_K_VGPR && b->kind == EMU_K_VGPR && a->reg < b->reg + b->dwords && b->reg < a->reg + a->dwords;
}

static void check_wmma(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst)
{
    const struct emu_operand *d = &inst->dst;
    const struct emu_operand *c = &inst->src[2];
    if (overlap(d, &inst->src[0]) || overlap(d, &inst->src[1]))
        emu_check_report(checker, EMU_CHECK_WMMA_OVERLAP, wave, inst, -1, "D and %s",
                         overlap(d, &inst->src[0]) ? "A" : "B");
    else if (overlap(d, c) && d->reg != c->reg)
        emu_check_report(checker, EMU_CHECK_WMMA_OVERLAP, wave, inst, -1, "D and C in part");

    const uint32_t high = wave->wave64 ? wave->s[EMU_SGPR_EXEC + 1] : ~0u;
    if ((wave->s[EMU_SGPR_EXEC] & high) != ~0u)
        emu_check_report(checker, EMU_CHECK_WMMA_EXEC, wave, inst, -1, "EXEC is 0x%08x%08x", wave->wave64 ? high : 0,
                         wave->s[EMU_SGPR_EXEC]);

    const struct emu_inst *last = checker->wave[wave->index].hazard.last_vector;
    if (!last || !is_wmma(last))
        return;
    for (unsigned i = 0; i < 2; i++)
        if (overlap(&last->dst, &inst->src[i]))
            emu_check_report(checker, EMU_CHECK_WMMA_HAZARD, wave, inst, -1, "%c from v%u, written at pc 0x%x",
                             'A' + (int)i, inst->src[i].reg, last->pc);
}

// Both halves read before either writes, and LLVM uses that: that Y reads what X writes is no error.
static void check_dual(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *x)
{
    enum { SOURCE_BANKS = 4 };
    const struct emu_inst *y = x->dual;
    const char *broken = NULL;
    for (unsigned i = 0; i < 2; i++) {
        const struct emu_operand *a = &x->src[i];
        const struct emu_operand *b = &y->src[i];
        if (a->kind == EMU_K_VGPR && b->kind == EMU_K_VGPR && a->reg % SOURCE_BANKS == b->reg % SOURCE_BANKS)
            broken = "sources in the same position from the same bank";
    }
    if ((x->dst.reg ^ y->dst.reg) % 2 == 0)
        broken = "results must be one even and one odd register";
    if (wave->wave64)
        broken = "only wave32 can issue it";
    if (broken)
        emu_check_report(checker, EMU_CHECK_VOPD_RULE, wave, x, -1, "%s", broken);
}

static bool is_permlane(unsigned op)
{
    return op == EMU_OP_v_permlane16_b32 || op == EMU_OP_v_permlanex16_b32 || op == EMU_OP_v_permlane64_b32;
}

// s_waitcnt_depctr fields (LLVM, AMDGPU::DepCtr): a field of 0 waits.
static bool waits_sa_sdst(const struct emu_inst *inst)
{
    return inst->op == EMU_OP_s_waitcnt_depctr && !(inst->imm & 1);
}

static bool waits_va_vdst(const struct emu_inst *inst)
{
    return inst->op == EMU_OP_s_waitcnt_depctr && !(inst->imm >> 12 & 0xf);
}

// Wave64: VALU reads a mask SGPR, SALU writes it, SALU reads it.
static void check_mask_write(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst)
{
    struct emu_hazard_state *state = &checker->wave[wave->index].hazard;
    const struct emu_register_uses *uses = &checker->uses;
    if (waits_sa_sdst(inst)) {
        for (unsigned i = 0; i < EMU_SGPR_FILE; i++)
            state->mask_read[i] = state->mask_written[i] = false;
        return;
    }
    const bool scalar = is_scalar_class(inst->class);
    const bool vector = is_vector_class(inst->class);
    bool other_scalar_read = false;
    for (uint32_t i = 0; i < uses->count; i++) {
        const struct emu_register_use *use = &uses->use[i];
        if (use->file != EMU_FILE_SGPR || use->first >= EMU_SGPR_M0)
            continue;
        const bool mask = vector && !use->write && use->role < 4 && inst->src[use->role].type == EMU_T_MASK;
        other_scalar_read |= vector && !use->write && !mask;
        for (unsigned k = use->first; k < use->first + use->count; k++) {
            if (scalar && !use->write && state->mask_written[k])
                emu_check_report(checker, EMU_CHECK_MASK_WRITE, wave, inst, -1, "s%u", k);
            if (scalar && use->write && state->mask_read[k])
                state->mask_written[k] = true;
            if (mask)
                state->mask_read[k] = true;
        }
    }
    // A VALU access to any other SGPR drains the path.
    if (other_scalar_read)
        for (unsigned i = 0; i < EMU_SGPR_FILE; i++)
            state->mask_read[i] = false;
}

// Wave64: a VALU reads Va and Vb; Va was written before an EXEC write by the SALU, Vb after it, with at most two VALU
// between Va's and Vb's writes beside EXEC's and at most four between Vb's write and the read.
static void check_partial_forward(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst)
{
    const struct emu_hazard_state *state = &checker->wave[wave->index].hazard;
    const struct emu_register_uses *uses = &checker->uses;
    const uint32_t now = state->vector_count;
    for (unsigned e = 0; e < EMU_EXEC_WRITES; e++) {
        const uint32_t exec_at = state->exec_written_at[e];
        uint32_t before = 0; // 1 + index of the latest write before EXEC's, 0 when none
        uint32_t after = 0;
        for (uint32_t i = 0; i < uses->count; i++) {
            const struct emu_register_use *use = &uses->use[i];
            if (use->file != EMU_FILE_VGPR || use->write)
                continue;
            for (unsigned k = use->first; k < use->first + use->count && k < 256; k++) {
                const uint32_t at = state->vgpr_written_at[k];
                if (at <= state->forward_from)
                    continue;
                uint32_t *latest = at > exec_at ? &after : &before;
                if (at > *latest)
                    *latest = at;
            }
        }
        if (!after)
            continue; // an older EXEC write may have a write behind it
        if (before && exec_at > state->forward_from && now - after <= 4 && after - 1 - exec_at + exec_at - before <= 2)
            emu_check_report(checker, EMU_CHECK_PARTIAL_FORWARD, wave, inst, -1, "%u VALU after the later write",
                             now - after);
        return;
    }
}

// LLVM looks for this hazard within a function only; the jump of a call or return takes longer than the window.
static bool leaves_function(const struct emu_inst *inst)
{
    return inst->op == EMU_OP_s_swappc_b64 || inst->op == EMU_OP_s_setpc_b64 || inst->op == EMU_OP_s_call_b64;
}

static void update_partial_forward(struct emu_checker *checker, const struct emu_wave *wave,
                                   const struct emu_inst *inst)
{
    struct emu_hazard_state *state = &checker->wave[wave->index].hazard;
    if (is_memory_class(inst->class) || waits_va_vdst(inst) || leaves_function(inst))
        state->forward_from = state->vector_count;
    const bool scalar = is_scalar_class(inst->class);
    const bool vector = is_vector_class(inst->class);
    bool writes_exec = scalar && (emu_opcodes[inst->op].flags & EMU_F_WRITES_EXEC);
    for (uint32_t i = 0; i < checker->uses.count; i++) {
        const struct emu_register_use *use = &checker->uses.use[i];
        if (!use->write)
            continue;
        writes_exec |= scalar && use->file == EMU_FILE_SGPR && use->first >= EMU_SGPR_EXEC;
        for (unsigned k = use->first; vector && use->file == EMU_FILE_VGPR && k < use->first + use->count && k < 256;
             k++)
            state->vgpr_written_at[k] = state->vector_count + 1;
    }
    if (!writes_exec)
        return;
    for (unsigned e = EMU_EXEC_WRITES - 1; e > 0; e--)
        state->exec_written_at[e] = state->exec_written_at[e - 1];
    state->exec_written_at[0] = state->vector_count;
}

void emu_check_hazards(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst)
{
    struct emu_hazard_state *state = &checker->wave[wave->index].hazard;
    if (is_wmma(inst))
        check_wmma(checker, wave, inst);
    if (inst->dual)
        check_dual(checker, wave, inst);
    if (state->cmpx && is_permlane(inst->op))
        emu_check_report(checker, EMU_CHECK_VCMPX_PERMLANE, wave, inst, -1, "EXEC written at pc 0x%x",
                         state->last_vector->pc);
    if (wave->wave64) {
        check_mask_write(checker, wave, inst);
        if (is_vector_class(inst->class))
            check_partial_forward(checker, wave, inst);
        update_partial_forward(checker, wave, inst);
    }
    if (!is_vector_class(inst->class))
        return;
    state->vector_count++;
    state->last_vector = inst;
    if (emu_opcodes[inst->op].flags & EMU_F_WRITES_EXEC)
        state->cmpx = true;
    else if (inst->op != EMU_OP_v_nop)
        state->cmpx = false;
}
