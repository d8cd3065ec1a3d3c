// Registers and counters: reads and writes of registers that an outstanding load still owes, and reads of registers
// that nothing has written.
#include "state.h"

static bool is_pending(const struct emu_wave_checks *checks, const struct emu_pending *pending)
{
    for (unsigned counter = 0; counter < EMU_CNT_COUNT; counter++)
        if (pending->operation[counter] > checks->counter[counter].retired)
            return true;
    return false;
}

// Two loads of one in-order counter may write the same register: the later one wins, as the program says.
static bool same_order(const struct emu_pending *pending, unsigned counters)
{
    for (unsigned counter = 0; counter < EMU_CNT_COUNT; counter++)
        if ((pending->operation[counter] != 0) != ((counters >> counter & 1) != 0))
            return false;
    return !(counters >> EMU_CNT_SMEM & 1);
}

// The pending loads of one register of a use: of a VGPR one a half.
static struct emu_pending *pending_of(struct emu_wave_checks *checks, const struct emu_register_use *use,
                                      unsigned index, unsigned half)
{
    return use->file == EMU_FILE_VGPR ? &checks->vgpr[use->first + index][half] : &checks->sgpr[use->first + index];
}

static unsigned halves_of(const struct emu_register_use *use)
{
    return use->file == EMU_FILE_VGPR ? use->halves : 1;
}

static void check_one(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                      const struct emu_register_use *use, unsigned index, unsigned half)
{
    struct emu_wave_checks *checks = &checker->wave[wave->index];
    struct emu_pending *pending = pending_of(checks, use, index, half);
    if (!pending->load)
        return;
    if (!is_pending(checks, pending)) {
        *pending = (struct emu_pending){0};
        return;
    }
    const unsigned counters = emu_counters_of(inst);
    if (use->write && counters && same_order(pending, counters))
        return;
    // A d16 load keeps the other half: reading its own destination is ordered with an earlier load's write.
    if (!use->write && use->role == EMU_ROLE_RESULT && counters && same_order(pending, counters))
        return;
    emu_check_report(checker, use->write ? EMU_CHECK_WAW : EMU_CHECK_RAW, wave, inst, -1, "%c%u, loaded at pc 0x%x",
                     use->file == EMU_FILE_VGPR ? 'v' : 's', use->first + index, pending->load->pc);
    *pending = (struct emu_pending){0};
}

static void check_pending(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                          const struct emu_register_use *use)
{
    const unsigned halves = halves_of(use);
    for (unsigned i = 0; i < use->count; i++)
        for (unsigned half = 0; half < 2; half++)
            if (halves >> half & 1)
                check_one(checker, wave, inst, use, i, half);
}

static bool is_hardware_sgpr(unsigned reg)
{
    // Trap temporaries are set by the hardware, EXEC and NULL always hold something.
    return (reg >= EMU_SGPR_TTMP0 && reg <= EMU_SGPR_NULL) || reg >= EMU_SGPR_EXEC;
}

static void check_written(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                          const struct emu_register_use *use)
{
    struct emu_wave_checks *checks = &checker->wave[wave->index];
    for (unsigned i = 0; i < use->count; i++) {
        const unsigned reg = use->first + i;
        // A 16-bit read needs its half; a wider read of a register with one half written may ignore the other one.
        if (use->file == EMU_FILE_VGPR && !(checks->vgpr_written[reg] & use->halves)) {
            emu_check_report(checker, EMU_CHECK_UNINITIALISED_VGPR, wave, inst, -1, "v%u", reg);
            checks->vgpr_written[reg] = 3;
        }
        if (use->file == EMU_FILE_SGPR && !checks->sgpr_written[reg] && !is_hardware_sgpr(reg)) {
            emu_check_report(checker, EMU_CHECK_UNINITIALISED_SGPR, wave, inst, -1, "s%u", reg);
            checks->sgpr_written[reg] = 1;
        }
    }
}

static void mark_written(struct emu_wave_checks *checks, const struct emu_register_use *use)
{
    for (unsigned i = 0; i < use->count; i++) {
        if (use->file == EMU_FILE_VGPR)
            checks->vgpr_written[use->first + i] |= use->halves;
        else if (use->file == EMU_FILE_SGPR)
            checks->sgpr_written[use->first + i] = 1;
    }
}

// A read that cannot matter: x ^ x and x - x are constant whatever x holds; compute kernels send only messages that
// ignore M0; a function saves its caller's registers, written or not, in scratch or in lanes of a VGPR.
static bool is_harmless(const struct emu_inst *inst)
{
    if (inst->class == EMU_C_MESSAGE || inst->class == EMU_C_SCRATCH_STORE)
        return true;
    switch (inst->op) {
    case EMU_OP_v_writelane_b32: return true;
    case EMU_OP_v_xor_b32:
    case EMU_OP_s_xor_b32:
    case EMU_OP_v_sub_nc_u32: return inst->src[0].kind == inst->src[1].kind && inst->src[0].reg == inst->src[1].reg;
    default: return false;
    }
}

// A copy hands "never written" on: compilers copy what they save, whether it is worth saving or not.
static bool is_copy(const struct emu_inst *inst)
{
    switch (inst->op) {
    case EMU_OP_s_mov_b32:
    case EMU_OP_s_mov_b64:
    case EMU_OP_v_dual_mov_b32:
    case EMU_OP_v_mov_b32: return inst->dpp == EMU_DPP_NONE && inst->src[0].dwords == inst->dst.dwords;
    default: return false;
    }
}

enum { COPY_DWORDS = 2 };

static void read_written(const struct emu_wave_checks *checks, const struct emu_inst *inst,
                         uint8_t written[COPY_DWORDS])
{
    const struct emu_operand *from = &inst->src[0];
    for (unsigned i = 0; i < inst->dst.dwords && i < COPY_DWORDS; i++) {
        written[i] = 3;
        if (from->kind == EMU_K_VGPR)
            written[i] = checks->vgpr_written[from->reg + i];
        else if (from->kind == EMU_K_SGPR && !is_hardware_sgpr(from->reg + i))
            written[i] = checks->sgpr_written[from->reg + i] ? 3 : 0;
    }
}

static void write_written(struct emu_wave_checks *checks, const struct emu_inst *inst,
                          const uint8_t written[COPY_DWORDS])
{
    const struct emu_operand *to = &inst->dst;
    for (unsigned i = 0; i < to->dwords && i < COPY_DWORDS; i++) {
        if (to->kind == EMU_K_VGPR)
            checks->vgpr_written[to->reg + i] = written[i];
        else if (to->kind == EMU_K_SGPR)
            checks->sgpr_written[to->reg + i] = written[i] != 0;
    }
}

// The 64-bit addend of a multiply-add. Compilers use these for 32-bit sums and leave the addend's high half unwritten:
// it enters the result's high half alone, which is then as unwritten.
static bool is_wide_addend(const struct emu_inst *inst, unsigned role)
{
    return role == 2 && (inst->op == EMU_OP_v_mad_u64_u32 || inst->op == EMU_OP_v_mad_i64_i32) &&
           inst->src[2].kind == EMU_K_VGPR;
}

// After an instruction its results are written; copies are as written as their sources were.
static void mark_results(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst)
{
    struct emu_wave_checks *checks = &checker->wave[wave->index];
    const struct emu_inst *half[2] = {inst, inst->dual};
    uint8_t written[2][COPY_DWORDS] = {{0}};
    const uint8_t high = is_wide_addend(inst, 2) ? checks->vgpr_written[inst->src[2].reg + 1] : 3;
    for (unsigned i = 0; i < 2; i++)
        if (half[i] && is_copy(half[i]))
            read_written(checks, half[i], written[i]);
    for (uint32_t i = 0; i < checker->uses.count; i++)
        if (checker->uses.use[i].write)
            mark_written(checks, &checker->uses.use[i]);
    for (unsigned i = 0; i < 2; i++)
        if (half[i] && is_copy(half[i]))
            write_written(checks, half[i], written[i]);
    if (is_wide_addend(inst, 2))
        checks->vgpr_written[inst->dst.reg + 1] = high;
}

// Whether the old value of the result enters the new one as a number. Elsewhere only a part of it is kept, which may
// be garbage: d16 loads, lane writes, conditional moves, 16-bit results, lanes moved without bound control.
static bool accumulates(const struct emu_inst *inst)
{
    switch (inst->op) {
    case EMU_OP_s_fmac_f32:
    case EMU_OP_s_fmac_f16:
    case EMU_OP_s_addk_i32:
    case EMU_OP_s_mulk_i32:
    case EMU_OP_v_dot2acc_f32_f16:
    case EMU_OP_v_fmac_dx9_zero_f32:
    case EMU_OP_v_fmac_f32:
    case EMU_OP_v_fmac_f16:
    case EMU_OP_v_pk_fmac_f16: return true;
    default: return false;
    }
}

static void check_read(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                       const struct emu_register_use *use)
{
    struct emu_wave_checks *checks = &checker->wave[wave->index];
    if (use->file == EMU_FILE_SCC) {
        if (!checks->scc_written)
            emu_check_report(checker, EMU_CHECK_UNINITIALISED_SGPR, wave, inst, -1, "SCC");
        checks->scc_written = true;
        return;
    }
    check_pending(checker, wave, inst, use);
    const struct emu_inst *reader =
        inst->dual && use->role >= EMU_ROLE_Y && use->role < EMU_ROLE_RESULT ? inst->dual : inst;
    struct emu_register_use checked = *use;
    if (use->file == EMU_FILE_VGPR && is_wide_addend(inst, use->role))
        checked.count = 1;
    if ((use->role != EMU_ROLE_RESULT || accumulates(inst)) && !is_harmless(inst) && !is_copy(reader))
        check_written(checker, wave, inst, &checked);
}

void emu_check_registers(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst)
{
    const struct emu_register_uses *uses = &checker->uses;
    for (uint32_t i = 0; i < uses->count; i++) {
        const struct emu_register_use *use = &uses->use[i];
        if (!use->write)
            check_read(checker, wave, inst, use);
        else if (use->file == EMU_FILE_SCC)
            checker->wave[wave->index].scc_written = true;
        else
            check_pending(checker, wave, inst, use);
    }
    mark_results(checker, wave, inst);
}

void emu_check_counters(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst)
{
    struct emu_wave_checks *checks = &checker->wave[wave->index];
    if (inst->class == EMU_C_WAIT) {
        emu_counters_wait(checks->counter, wave, inst);
        return;
    }
    const unsigned counters = emu_counters_of(inst);
    if (!counters)
        return;
    struct emu_pending pending = {.load = inst};
    for (unsigned counter = 0; counter < EMU_CNT_COUNT; counter++)
        if (counters >> counter & 1)
            pending.operation[counter] = ++checks->counter[counter].issued;
    for (uint32_t i = 0; i < checker->uses.count; i++) {
        const struct emu_register_use *use = &checker->uses.use[i];
        if (!use->write || use->file == EMU_FILE_SCC)
            continue;
        const unsigned halves = halves_of(use);
        for (unsigned k = 0; k < use->count; k++)
            for (unsigned half = 0; half < 2; half++)
                if (halves >> half & 1)
                    *pending_of(checks, use, k, half) = pending;
    }
}

struct emu_toucher emu_check_toucher(const struct emu_checker *checker, const struct emu_wave *wave,
                                     const struct emu_inst *inst)
{
    const unsigned counters = emu_counters_of(inst);
    const bool in_lds = checker->access.space == EMU_SPACE_LDS;
    enum emu_counter counter = EMU_CNT_SMEM;
    if (in_lds)
        counter = EMU_CNT_LDS;
    else if (counters >> EMU_CNT_VM & 1)
        counter = EMU_CNT_VM;
    else if (counters >> EMU_CNT_VS & 1)
        counter = EMU_CNT_VS;
    const struct emu_access *access = &checker->access;
    const bool word = access->bytes == 4 || access->bytes == 8;
    return (struct emu_toucher){.group = checker->group_number,
                                .operation = checker->wave[wave->index].counter[counter].issued + 1,
                                .epoch = checker->epoch,
                                .wave = wave->index & 0xff,
                                .counter = counter,
                                .atomic = access->atomic != 0,
                                .past_l0 = !access->store && !access->atomic && inst->glc,
                                .flag = access->store && word && (access->lanes & (access->lanes - 1)) == 0};
}
