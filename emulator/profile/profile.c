// Sums up what the timing model tells, by instruction.
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { SLOTS_MIN = 1024 };

const char *const emu_wait_names[EMU_WAIT_COUNT] = {
#define X(name, text) text,
    EMU_WAITS(X)
#undef X
};

enum emu_wait_reason emu_wait_of_stall(unsigned stall)
{
    switch ((enum emu_stall)stall) {
    case EMU_STALL_LDS: return EMU_WAIT_LDS;
    case EMU_STALL_MEMORY: return EMU_WAIT_MEMORY;
    case EMU_STALL_BARRIER: return EMU_WAIT_BARRIER;
    case EMU_STALL_FETCH: return EMU_WAIT_FETCH;
    case EMU_STALL_DEPENDENCY: return EMU_WAIT_DEPENDENCY;
    default: return EMU_WAIT_UNIT;
    }
}

emu_ticks emu_profile_row_time(const struct emu_profile_row *row)
{
    emu_ticks time = row->own;
    for (unsigned i = 0; i < EMU_WAIT_COUNT; i++)
        time += row->wait[i];
    return time;
}

// ---- Rows by instruction --------------------------------------------------------------------------------------------

static size_t slot_of(const struct emu_profile *profile, const struct emu_inst *inst)
{
    size_t slot = ((uintptr_t)inst * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (profile->slot_count - 1);
    while (profile->slots[slot] && profile->rows[profile->slots[slot] - 1].inst != inst)
        slot = (slot + 1) & (profile->slot_count - 1);
    return slot;
}

static bool grow(struct emu_profile *profile)
{
    const size_t slot_count = profile->slot_count ? profile->slot_count * 2 : SLOTS_MIN;
    struct emu_profile_row *rows = reallocarray(profile->rows, slot_count / 2, sizeof *rows);
    if (!rows)
        return false;
    profile->rows = rows;
    profile->row_capacity = slot_count / 2;
    size_t *slots = calloc(slot_count, sizeof *slots);
    if (!slots)
        return false;
    free(profile->slots);
    profile->slots = slots;
    profile->slot_count = slot_count;
    for (size_t i = 0; i < profile->row_count; i++)
        slots[slot_of(profile, rows[i].inst)] = i + 1;
    return true;
}

// Index of the instruction's row; SIZE_MAX when memory is short.
static size_t row_of(struct emu_profile *profile, const struct emu_inst *inst)
{
    if (profile->row_count == profile->row_capacity && !grow(profile)) {
        profile->failed = true;
        return SIZE_MAX;
    }
    const size_t slot = slot_of(profile, inst);
    if (!profile->slots[slot]) {
        profile->rows[profile->row_count++] = (struct emu_profile_row){.inst = inst};
        profile->slots[slot] = profile->row_count;
    }
    return profile->slots[slot] - 1;
}

// ---- Events ---------------------------------------------------------------------------------------------------------

static struct profiled_wave *find_wave(struct emu_profile *profile, const struct emu_cycles_wave *wave)
{
    for (unsigned i = 0; i < EMU_WAVES_A_SIMD; i++) {
        struct profiled_wave *at = &profile->waves[wave->simd][i];
        if (at->used && at->number == wave->number)
            return at;
    }
    return NULL;
}

static void started(void *context, const struct emu_cycles_wave *wave, emu_ticks at)
{
    struct emu_profile *profile = context;
    unsigned i = 0;
    while (i < EMU_WAVES_A_SIMD && profile->waves[wave->simd][i].used)
        i++;
    if (i < EMU_WAVES_A_SIMD)
        profile->waves[wave->simd][i] =
            (struct profiled_wave){.used = true, .number = wave->number, .started = at, .at = at, .row = SIZE_MAX};
    profile->wave_count++;
    if (profile->trace)
        emu_trace_start(profile->trace, wave, at);
}

static void add_accesses(struct emu_profile_row *row, const struct emu_cycles_issue *issue)
{
    row->lds_accesses += issue->lds_passes > 0;
    row->lds_passes += issue->lds_passes;
    row->lds_replays += issue->lds_replays;
    row->memory_accesses += issue->lines > 0;
    row->lines += issue->lines;
    row->lines_least += issue->lines_least;
    for (unsigned level = 0; level < EMU_LEVEL_COUNT; level++)
        row->bytes[level] += issue->bytes[level];
}

static void issued(void *context, const struct emu_cycles_issue *issue)
{
    struct emu_profile *profile = context;
    struct profiled_wave *wave = find_wave(profile, &issue->wave);
    const size_t index = row_of(profile, issue->inst);
    if (!wave || index == SIZE_MAX)
        return;
    struct emu_profile_row *row = &profile->rows[index];
    emu_ticks unit = issue->at - issue->ready;
    // The unit was busy with this wave's own last instruction, which waited there for an operand: that one's wait.
    const emu_ticks held = wave->held < unit ? wave->held : unit;
    if (held > 0 && wave->row != SIZE_MAX)
        profile->rows[wave->row].wait[EMU_WAIT_DEPENDENCY] += held;
    unit -= held;
    row->executions++;
    row->wait[emu_wait_of_stall(issue->reason)] += issue->ready - issue->from;
    row->wait[EMU_WAIT_UNIT] += unit;
    row->busy += issue->busy - issue->held;
    if (issue->next != EMU_NEVER)
        row->own += issue->next - issue->at;
    add_accesses(row, issue);
    wave->at = issue->at;
    wave->row = index;
    wave->held = issue->held;
    if (profile->trace)
        emu_trace_issue(profile->trace, issue);
}

static void released(void *context, const struct emu_cycles_wave *which, emu_ticks at)
{
    struct emu_profile *profile = context;
    const struct profiled_wave *wave = find_wave(profile, which);
    if (wave && wave->row != SIZE_MAX)
        profile->rows[wave->row].wait[EMU_WAIT_BARRIER] += at - wave->at;
    if (profile->trace)
        emu_trace_release(profile->trace, which, at);
}

static void ended(void *context, const struct emu_cycles_wave *which, emu_ticks at)
{
    struct emu_profile *profile = context;
    struct profiled_wave *wave = find_wave(profile, which);
    if (wave) {
        profile->wave_time += at - wave->started;
        wave->used = false;
    }
    if (profile->trace)
        emu_trace_end(profile->trace, which, at);
}

// ---- Life -----------------------------------------------------------------------------------------------------------

struct emu_profile *emu_profile_create(bool trace)
{
    struct emu_profile *profile = calloc(1, sizeof *profile);
    if (!profile)
        return NULL;
    profile->observer = (struct emu_cycles_observer){
        .context = profile, .started = started, .issued = issued, .released = released, .ended = ended};
    profile->trace = trace ? emu_trace_create() : NULL;
    if (trace && !profile->trace) {
        emu_profile_destroy(profile);
        return NULL;
    }
    return profile;
}

void emu_profile_destroy(struct emu_profile *profile)
{
    if (!profile)
        return;
    emu_trace_destroy(profile->trace);
    free(profile->rows);
    free(profile->slots);
    free(profile->loops);
    free(profile);
}

const struct emu_cycles_observer *emu_profile_observer(const struct emu_profile *profile)
{
    return &profile->observer;
}

static int by_pc(const void *left, const void *right)
{
    const struct emu_profile_row *a = left;
    const struct emu_profile_row *b = right;
    return (a->inst->pc > b->inst->pc) - (a->inst->pc < b->inst->pc);
}

enum w4_status emu_profile_finish(struct emu_profile *profile, const struct emu_launch_params *params,
                                  const struct emu_launch_result *result, struct w4_error *error)
{
    profile->params = params;
    profile->workgroups = result->workgroups;
    profile->workgroups_simulated = result->cycles.workgroups_simulated;
    profile->cycles = result->cycles;
    profile->clock_mhz = result->timing.clock_mhz;
    profile->milliseconds = result->timing.milliseconds;
    profile->waves_a_simd = result->timing.waves_a_simd;
    profile->limiter = result->timing.limiter;
    if (profile->row_count)
        qsort(profile->rows, profile->row_count, sizeof *profile->rows, by_pc);
    if (profile->failed || (profile->trace && emu_trace_failed(profile->trace)) || !emu_profile_find_loops(profile))
        return w4_fail(error, W4_MEMORY, "kernel %s: out of memory for its profile", params->kernel->name);
    return W4_OK;
}

const struct emu_profile_row *emu_profile_rows(const struct emu_profile *profile, size_t *count)
{
    *count = profile->row_count;
    return profile->rows;
}

const struct emu_profile_loop *emu_profile_loops(const struct emu_profile *profile, size_t *count)
{
    *count = profile->loop_count;
    return profile->loops;
}
