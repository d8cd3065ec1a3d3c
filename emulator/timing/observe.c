// Tells an observer what the engine does, from the outside: compares the engine's state before and after an
// instruction.
#include "observer.h"

#include "engine.h"

static struct emu_cycles_wave describe(const struct emu_timed_wave *wave)
{
    return (struct emu_cycles_wave){
        .number = wave->age, .workgroup = wave->wave->group->linear_id, .index = wave->wave->index, .simd = wave->simd};
}

static bool accesses_lds(const struct emu_inst *inst)
{
    return inst->class == EMU_C_LDS_LOAD || inst->class == EMU_C_LDS_STORE || inst->class == EMU_C_LDS_ATOMIC;
}

static bool accesses_memory(const struct emu_inst *inst, const struct emu_access *access)
{
    return inst->class >= EMU_C_VMEM_LOAD && inst->class <= EMU_C_SCRATCH_STORE && access->space != EMU_SPACE_LDS;
}

// Different lines of an access, and how many its bytes need at least. Lanes that read the same bytes share them.
static void count_lines(const struct emu_access *access, struct emu_cycles_issue *issue)
{
    enum { LINES_MAX = 512 };
    uint64_t lines[LINES_MAX];
    uint32_t count = 0, addresses = 0;
    uint64_t seen[128];
    for (unsigned k = 0; k < access->per_lane; k++)
        for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1) {
            const uint64_t address = access->address[k][__builtin_ctzll(lanes)];
            uint32_t i = 0;
            while (i < addresses && seen[i] != address)
                i++;
            if (i < addresses)
                continue;
            seen[addresses++] = address;
            for (uint64_t line = address / EMU_LINE_BYTES; line <= (address + access->bytes - 1) / EMU_LINE_BYTES;
                 line++) {
                i = 0;
                while (i < count && lines[i] != line)
                    i++;
                if (i == count && count < LINES_MAX)
                    lines[count++] = line;
            }
        }
    issue->lines += count;
    issue->lines_least += (addresses * access->bytes + EMU_LINE_BYTES - 1) / EMU_LINE_BYTES;
}

static void count_scratch_lines(const struct emu_engine *engine, const struct emu_timed_wave *wave,
                                struct emu_cycles_issue *issue)
{
    struct emu_access at;
    unsigned rows = 1;
    for (unsigned row = 0; row < rows; row++) {
        rows = emu_places_scratch(&engine->places, wave->wave->access, emu_engine_place(engine, wave), row, &at);
        count_lines(&at, issue);
    }
}

void emu_engine_issue_observed(struct emu_engine *engine, unsigned simd, struct emu_timed_wave *wave, emu_ticks now)
{
    const struct emu_cycles_observer *observer = engine->observer;
    const struct emu_timed_inst *timed = wave->next;
    struct emu_cycles_issue issue = {.wave = describe(wave),
                                     .inst = timed->inst,
                                     .from = wave->free,
                                     .ready = wave->ready,
                                     .reason = wave->reason,
                                     .at = now};
    uint64_t before[EMU_LEVEL_COUNT];
    for (unsigned level = 0; level < EMU_LEVEL_COUNT; level++)
        before[level] = engine->path.bytes[level];
    engine->held = 0;

    emu_engine_issue(engine, simd, wave, now);

    const struct emu_access *access = wave->wave->access;
    if (timed->port != EMU_PORT_NONE)
        issue.busy = emu_ticks_max(0, engine->simd[simd].port_free[timed->port] - now);
    issue.held = engine->held;
    issue.next = wave->wave->status == EMU_RUNNING || wave->wave->status == EMU_YIELDED ? wave->free : EMU_NEVER;
    issue.active = access->lanes;
    issue.lane_bytes = (uint32_t)access->bytes * access->per_lane;
    if (access->lanes && accesses_lds(timed->inst)) {
        const struct emu_lds_passes passes = emu_lds_passes_of(access);
        issue.lds_passes = passes.passes;
        issue.lds_replays = passes.replays;
    }
    if (access->lanes && access->space == EMU_SPACE_SCRATCH)
        count_scratch_lines(engine, wave, &issue);
    else if (access->lanes && accesses_memory(timed->inst, access))
        count_lines(access, &issue);
    for (unsigned level = 0; level < EMU_LEVEL_COUNT; level++)
        issue.bytes[level] = engine->path.bytes[level] - before[level];
    if (observer->issued)
        observer->issued(observer->context, &issue);
    if (wave->wave->status == EMU_ENDED && observer->ended)
        observer->ended(observer->context, &issue.wave, now);
}

void emu_engine_observe_start(const struct emu_engine *engine, const struct emu_timed_wave *wave)
{
    const struct emu_cycles_wave which = describe(wave);
    if (engine->observer && engine->observer->started)
        engine->observer->started(engine->observer->context, &which, wave->free);
}

void emu_engine_observe_release(const struct emu_engine *engine, const struct emu_timed_wave *wave)
{
    const struct emu_cycles_wave which = describe(wave);
    if (engine->observer && engine->observer->released)
        engine->observer->released(engine->observer->context, &which, wave->free);
}
