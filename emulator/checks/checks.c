// The checker's life: groups begin, instructions pass, barriers release, findings gather.
#include "checks.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

const char *const emu_check_texts[EMU_CHECK_COUNT] = {
#define X(name, text) [EMU_CHECK_##name] = (text),
    EMU_CHECK_KINDS(X)
#undef X
};

const char *const emu_check_names[EMU_CHECK_COUNT] = {
#define X(name, text) [EMU_CHECK_##name] = #name,
    EMU_CHECK_KINDS(X)
#undef X
};

struct emu_checker *emu_checker_create(bool wgp_mode)
{
    struct emu_checker *checker = calloc(1, sizeof *checker);
    if (!checker)
        return NULL;
    checker->wgp_mode = wgp_mode;
    checker->lds = calloc(EMU_LDS_BYTES_MAX, sizeof *checker->lds);
    checker->lds_written = calloc(EMU_LDS_BYTES_MAX, 1);
    checker->findings = calloc(EMU_FINDINGS_MAX, sizeof *checker->findings);
    checker->global = emu_global_shadow_create();
    if (checker->lds && checker->lds_written && checker->findings && checker->global)
        return checker;
    emu_checker_destroy(checker);
    return NULL;
}

void emu_checker_destroy(struct emu_checker *checker)
{
    if (!checker)
        return;
    free(checker->lds);
    free(checker->lds_written);
    free(checker->findings);
    emu_global_shadow_destroy(checker->global);
    free(checker);
}

void emu_checker_group_begin(struct emu_checker *checker, struct emu_group *group, unsigned sgprs, unsigned vgprs)
{
    checker->group = group;
    checker->group_number = (uint32_t)group->linear_id + 1;
    checker->epoch = 0;
    checker->acquired = false;
    memset(checker->lds, 0, group->lds_bytes * sizeof *checker->lds);
    memset(checker->lds_written, 0, group->lds_bytes);
    for (uint32_t i = 0; i < group->wave_count; i++) {
        struct emu_wave_checks *checks = &checker->wave[i];
        memset(checks, 0, sizeof *checks);
        memset(checks->sgpr_written, 1, sgprs);
        memset(checks->vgpr_written, 3, vgprs);
        group->waves[i].observed = 1;
        group->waves[i].access = &checker->access;
    }
}

void emu_checker_before(struct emu_checker *checker, struct emu_wave *wave, const struct emu_inst *inst)
{
    emu_register_uses_of(inst, &checker->uses);
    checker->access.lanes = 0;
    emu_check_registers(checker, wave, inst);
    emu_check_hazards(checker, wave, inst);
    if (inst->class == EMU_C_SMEM)
        emu_check_scalar_address(checker, wave, inst);
}

void emu_checker_after(struct emu_checker *checker, struct emu_wave *wave, const struct emu_inst *inst)
{
    if (checker->access.lanes) {
        if (checker->access.space == EMU_SPACE_LDS)
            emu_check_lds(checker, wave, inst);
        else if (checker->access.space != EMU_SPACE_SCRATCH)
            emu_check_global(checker, wave, inst);
    }
    emu_check_counters(checker, wave, inst);
    if (inst->op == EMU_OP_buffer_gl0_inv) {
        struct emu_wave_checks *checks = &checker->wave[wave->index];
        checks->gl0_inv_epoch = checker->epoch + 1;
        checks->fresh |= emu_check_has_acquired(checker, wave);
    }
}

void emu_checker_barrier(struct emu_checker *checker, struct emu_group *group)
{
    const struct emu_wave *ended = NULL;
    const struct emu_wave *waiting = NULL;
    for (uint32_t i = 0; i < group->wave_count; i++) {
        const struct emu_wave *wave = &group->waves[i];
        struct emu_wave_checks *checks = &checker->wave[i];
        const bool gone = wave->status == EMU_ENDED;
        checker->acquired |= emu_check_has_acquired(checker, wave);
        // Memory operations of a wave that has ended are complete.
        for (unsigned counter = 0; counter < EMU_CNT_COUNT; counter++)
            checks->retired_at_barrier[counter] =
                gone ? checks->counter[counter].issued : checks->counter[counter].retired;
        if (gone)
            ended = wave;
        else if (!waiting)
            waiting = wave;
    }
    // The waves' `ip` is behind the barrier.
    if (ended && waiting)
        emu_check_report(checker, EMU_CHECK_BARRIER, waiting, waiting->ip - 1, -1, "wave %u has ended", ended->index);
    checker->epoch++;
}

void emu_check_report(struct emu_checker *checker, enum emu_check_kind kind, const struct emu_wave *wave,
                      const struct emu_inst *inst, int lane, const char *format, ...)
{
    for (size_t i = 0; i < checker->finding_count; i++)
        if (checker->findings[i].kind == kind && checker->findings[i].inst == inst) {
            checker->findings[i].count++;
            return;
        }
    if (checker->finding_count == EMU_FINDINGS_MAX)
        return;
    struct emu_finding *finding = &checker->findings[checker->finding_count++];
    *finding = (struct emu_finding){
        .kind = kind, .inst = inst, .count = 1, .workgroup = wave->group->linear_id, .wave = wave->index, .lane = lane};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->detail, sizeof finding->detail, format, arguments);
    va_end(arguments);
}

const struct emu_finding *emu_checker_findings(const struct emu_checker *checker, size_t *count)
{
    *count = checker->finding_count;
    return checker->findings;
}
