// Dispatch of workgroups and the order of events.
//
// The next event is always the earliest instruction that any SIMD can issue. All of the chip is simulated, so that
// caches and channels are shared as they are on it. Of large launches only some rounds are simulated, the last one
// included; the others are extrapolated from the steady rate (see rounds.h).
#include "engine.h"

#include <stdlib.h>
#include <string.h>

#include "cycles.h"
#include "rounds.h"
#include "stuck.h"

enum { TABLE_SIZE = 4096, LIMIT_INTERVAL = 4096 };

struct run {
    struct emu_engine *engine;
    struct emu_rounds rounds;
    uint64_t dispatched, ended;
    emu_ticks dispatcher_free;
    emu_ticks interval;             // between two dispatches
    struct emu_timed_group *groups; // a round of slots
    struct emu_access access;
    emu_ticks last_end;
    uint64_t instructions;
    const struct emu_wave *faulted;
    struct emu_stuck stuck;
};

// ---- Earliest SIMD --------------------------------------------------------------------------------------------------

static void tree_set(struct emu_engine *engine, unsigned simd, emu_ticks at)
{
    unsigned node = EMU_TREE_LEAVES + simd;
    engine->tree[node] = at >= EMU_NEVER / EMU_TREE_LEAVES ? EMU_NEVER : at * EMU_TREE_LEAVES + simd;
    for (node /= 2; node >= 1; node /= 2) {
        const emu_ticks left = engine->tree[2 * node];
        const emu_ticks right = engine->tree[2 * node + 1];
        const emu_ticks first = left < right ? left : right;
        if (engine->tree[node] == first)
            break;
        engine->tree[node] = first;
    }
}

// Of two waves that could issue at the same time: the SIMD stays with the wave that it issued from last, and leaves it
// for the one that issued least recently, with a little favour for older workgroups. `challenger` is the younger.
static bool goes_first(const struct emu_engine *engine, const struct emu_timed_simd *simd, unsigned challenger,
                       unsigned incumbent)
{
    if (challenger == simd->current || incumbent == simd->current)
        return challenger == simd->current;
    const bool mates = simd->wave[challenger]->group == simd->wave[incumbent]->group;
    return simd->last[challenger] + (mates ? 0 : engine->elder) < simd->last[incumbent];
}

// Until it issues, other SIMDs' instructions push the wave's state out of the host's caches: asks for what its next one
// reads and writes.
static void prefetch(const struct emu_timed_simd *simd, unsigned slot)
{
    enum { HOST_LINE_BYTES = 64, LINES_MAX = 8 }; // a register range; the host itself sees longer ones coming
    const struct emu_timed_inst *next = simd->next[slot];
    const struct emu_wave *state = simd->state[slot];
    __builtin_prefetch(simd->wave[slot]);
    __builtin_prefetch(&state->instructions);
    __builtin_prefetch(&state->class_counts[next->inst->class]);
    for (uint32_t i = 0; i < next->uses.count; i++) {
        const struct emu_register_use *use = &next->uses.use[i];
        if (use->file != EMU_FILE_VGPR)
            continue;
        const char *row = (const char *)(simd->vgprs[slot] + (size_t)use->first * EMU_LANES);
        size_t lines = use->count * sizeof(uint32_t) * EMU_LANES / HOST_LINE_BYTES;
        for (lines = lines < LINES_MAX ? lines : LINES_MAX; lines; lines--, row += HOST_LINE_BYTES)
            __builtin_prefetch(row);
    }
}

// Works out which of the SIMD's waves issues next and when.
static void reschedule(struct emu_engine *engine, unsigned index)
{
    struct emu_timed_simd *simd = &engine->simd[index];
    emu_ticks when[EMU_WAVES_A_SIMD];
    emu_ticks at = EMU_NEVER;
    for (unsigned i = 0; i < simd->count; i++) {
        when[i] = emu_ticks_max(simd->ready[i], simd->port_free[simd->port[i]]);
        at = when[i] < at ? when[i] : at;
    }
    if (at != EMU_NEVER) {
        unsigned chosen = simd->count;
        for (unsigned i = 0; i < simd->count; i++)
            if (when[i] == at && (chosen == simd->count || goes_first(engine, simd, i, chosen)))
                chosen = i;
        simd->chosen = chosen;
        prefetch(simd, chosen);
    }
    tree_set(engine, index, at);
}

// The wave is at its next instruction: when it may issue stands beside its place on the SIMD.
static void prepare(struct emu_engine *engine, struct emu_timed_wave *wave)
{
    struct emu_timed_simd *simd = &engine->simd[wave->simd];
    emu_engine_prepare(engine, wave->simd, wave);
    simd->ready[wave->slot] = wave->ready;
    simd->port[wave->slot] = wave->next ? wave->next->port : EMU_PORT_NONE;
    simd->next[wave->slot] = wave->next;
}

// ---- Dispatch -------------------------------------------------------------------------------------------------------

// A workgroup's waves spread evenly over the WGP's SIMDs (in CU mode over those of one CU), the ones that hold fewest
// waves first.
static unsigned simd_for(const struct emu_engine *engine, const struct emu_timed_group *group, unsigned index)
{
    const unsigned first = group->wgp * EMU_SIMDS_A_WGP + (engine->wgp_mode ? 0 : group->cu * 2);
    const unsigned count = engine->wgp_mode ? EMU_SIMDS_A_WGP : 2;
    unsigned mates[EMU_SIMDS_A_WGP] = {0}; // waves of the same workgroup
    for (unsigned i = 0; i < index; i++)
        mates[group->waves[i].simd - first]++;
    unsigned best = 0;
    for (unsigned i = 1; i < count; i++)
        if (mates[i] < mates[best] ||
            (mates[i] == mates[best] && engine->simd[first + i].count < engine->simd[first + best].count))
            best = i;
    return first + best;
}

static void place_wave(struct run *run, struct emu_timed_group *group, unsigned index, emu_ticks now)
{
    struct emu_engine *engine = run->engine;
    struct emu_timed_wave *wave = &group->waves[index];
    struct emu_wave *state = &group->slot->group.waves[index];
    memset(wave, 0, sizeof *wave);
    wave->wave = state;
    wave->group = group;
    wave->age = engine->ages++;
    wave->free = now;
    wave->fetch_line = UINT64_MAX;
    wave->carried = EMU_STALL_COUNT;
    state->observed = 1;
    state->access = &run->access;

    const unsigned best = simd_for(engine, group, index);
    struct emu_timed_simd *simd = &engine->simd[best];
    wave->simd = best;
    wave->slot = simd->count++;
    simd->wave[wave->slot] = wave;
    simd->last[wave->slot] = now;
    simd->state[wave->slot] = state;
    simd->vgprs[wave->slot] = state->v;
    // While a SIMD has no wave, nothing of its time is anybody's stall.
    if (simd->count == 1 && now > simd->port_free[EMU_PORT_VECTOR]) {
        simd->time[EMU_STALL_EMPTY] += now - simd->port_free[EMU_PORT_VECTOR];
        simd->port_free[EMU_PORT_VECTOR] = now;
    }
    emu_engine_observe_start(engine, wave);
    prepare(engine, wave);
    reschedule(engine, best);
}

static bool start_group(struct run *run, struct emu_timed_group *group, unsigned wgp, emu_ticks now)
{
    struct emu_engine *engine = run->engine;
    if (!group->slot) {
        group->slot = emu_slot_create(engine->context);
        if (!group->slot)
            return false;
        group->waves = calloc(engine->waves_a_group, sizeof *group->waves);
        if (!group->waves)
            return false;
    }
    const emu_ticks start = emu_ticks_max(now, run->dispatcher_free);
    run->dispatcher_free = start + run->interval;
    emu_startup(engine->context, run->dispatched++, &group->slot->group);
    group->wgp = wgp;
    group->live = group->slot->group.wave_count;
    group->waiting = 0;
    for (unsigned i = 0; i < group->live; i++)
        place_wave(run, group, i, start + emu_ticks_of(engine->params.latency_start));
    return true;
}

static bool fill(struct run *run)
{
    for (unsigned round = 0; round < run->rounds.resident; round++)
        for (unsigned k = 0; k < EMU_WGPS && run->dispatched < run->rounds.limit; k++) {
            // Neighbours go to different shader arrays.
            const unsigned wgp = k / EMU_SHADER_ARRAYS + k % EMU_SHADER_ARRAYS * (EMU_WGPS / EMU_SHADER_ARRAYS);
            struct emu_timed_group *group = &run->groups[wgp * run->rounds.resident + round];
            group->number = wgp * run->rounds.resident + round;
            group->cu = round % EMU_CUS_A_WGP;
            if (!start_group(run, group, wgp, 0))
                return false;
        }
    return true;
}

// ---- Progress of waves
// ------------------------------------------------------------------------------------------------

static struct emu_mark mark_at(const struct run *run, emu_ticks now)
{
    struct emu_mark mark = {.at = now, .instructions = run->instructions};
    for (unsigned simd = 0; simd < EMU_SIMDS; simd++)
        for (unsigned stall = 0; stall < EMU_STALL_COUNT; stall++)
            mark.time[stall] += run->engine->simd[simd].time[stall];
    return mark;
}

static bool end_group(struct run *run, struct emu_timed_group *group, emu_ticks now)
{
    const struct emu_mark mark = mark_at(run, now);
    run->ended++;
    run->last_end = emu_ticks_max(run->last_end, now);
    emu_rounds_note_end(&run->rounds, run->ended, run->dispatched, &mark);
    if (!emu_rounds_takes_place(&run->rounds, run->dispatched, group->wgp))
        return true;
    return start_group(run, group, group->wgp, now);
}

static void remove_wave(struct emu_timed_simd *simd, const struct emu_timed_wave *wave)
{
    simd->count--;
    if (simd->current == wave->slot)
        simd->current = EMU_WAVES_A_SIMD;
    else if (simd->current > wave->slot && simd->current < EMU_WAVES_A_SIMD)
        simd->current--;
    for (unsigned i = wave->slot; i < simd->count; i++) {
        simd->wave[i] = simd->wave[i + 1];
        simd->wave[i]->slot = i;
        simd->ready[i] = simd->ready[i + 1];
        simd->last[i] = simd->last[i + 1];
        simd->port[i] = simd->port[i + 1];
        simd->next[i] = simd->next[i + 1];
        simd->state[i] = simd->state[i + 1];
        simd->vgprs[i] = simd->vgprs[i + 1];
    }
}

static void release_barrier(struct run *run, struct emu_timed_group *group, emu_ticks now)
{
    struct emu_engine *engine = run->engine;
    const emu_ticks at = now + emu_ticks_of(engine->params.latency_barrier);
    group->waiting = 0;
    emu_stuck_alive(&run->stuck, run->instructions);
    for (unsigned i = 0; i < group->slot->group.wave_count; i++) {
        struct emu_timed_wave *wave = &group->waves[i];
        if (wave->wave->status != EMU_AT_BARRIER)
            continue;
        wave->wave->status = EMU_RUNNING;
        wave->free = at;
        emu_engine_observe_release(engine, wave);
        prepare(engine, wave);
        if (wave->ready == at)
            wave->carried = EMU_STALL_BARRIER;
        reschedule(engine, wave->simd);
    }
}

// What follows from the wave's state after an instruction. False when memory is short.
static bool advance(struct run *run, struct emu_timed_wave *wave, emu_ticks now)
{
    struct emu_engine *engine = run->engine;
    struct emu_timed_group *group = wave->group;
    switch (wave->wave->status) {
    case EMU_YIELDED: wave->wave->status = EMU_RUNNING; // fall through
    case EMU_RUNNING: prepare(engine, wave); break;
    case EMU_AT_BARRIER:
        engine->simd[wave->simd].ready[wave->slot] = EMU_NEVER;
        if (++group->waiting == group->live)
            release_barrier(run, group, now);
        break;
    case EMU_ENDED:
        emu_stuck_alive(&run->stuck, run->instructions);
        remove_wave(&engine->simd[wave->simd], wave);
        if (--group->live == 0) {
            reschedule(engine, wave->simd);
            // Stores must have left before the workgroup's room is free.
            return end_group(run, group, emu_ticks_max(now, emu_engine_stores_done(group)));
        }
        if (group->waiting == group->live)
            release_barrier(run, group, now);
        break;
    default: run->faulted = wave->wave; return false;
    }
    reschedule(engine, wave->simd);
    return !engine->failed;
}

static bool within_limits(struct run *run, struct emu_wave *wave)
{
    if (run->instructions % LIMIT_INTERVAL == 0)
        emu_wave_check_limits(wave);
    if (wave->status == EMU_FAULTED)
        run->faulted = wave;
    return wave->status != EMU_FAULTED;
}

static bool run_all(struct run *run)
{
    struct emu_engine *engine = run->engine;
    while (run->ended < run->rounds.limit) {
        const emu_ticks first = engine->tree[1];
        if (first == EMU_NEVER)
            return false; // nobody can go on: waves wait at a barrier that others never reach
        const unsigned simd = (unsigned)(first % EMU_TREE_LEAVES);
        const emu_ticks at = first / EMU_TREE_LEAVES;
        struct emu_timed_wave *wave = engine->simd[simd].wave[engine->simd[simd].chosen];
        engine->simd[simd].last[wave->slot] = at;
        engine->simd[simd].current = wave->slot;
        if (engine->observer)
            emu_engine_issue_observed(engine, simd, wave, at);
        else
            emu_engine_issue(engine, simd, wave, at);
        run->instructions++;
        if (run->instructions == run->rounds.warm_at)
            run->rounds.warm = mark_at(run, at);
        if (emu_stuck_look(&run->stuck, engine, wave, run->instructions, &run->faulted) ||
            !within_limits(run, wave->wave) || !advance(run, wave, at))
            return false;
    }
    return true;
}

// ---- Results
// ----------------------------------------------------------------------------------------------------------

static void finish(const struct run *run, struct emu_cycles_result *result)
{
    const struct emu_engine *engine = run->engine;
    const double a_cycle = (double)EMU_TICKS_A_CYCLE;
    const double cycles_a_ns = engine->clock_mhz / 1000.0;
    const struct emu_mark end = mark_at(run, run->last_end);
    const struct emu_rounds *rounds = &run->rounds;
    const struct emu_steady steady = emu_rounds_steady(rounds, run->instructions);
    const double extrapolated = steady.times * (double)(steady.to->at - steady.from->at) / a_cycle;
    result->simulated_cycles = (double)run->last_end / a_cycle;
    result->cycles =
        result->simulated_cycles + extrapolated + engine->params.latency_end + engine->params.launch_ns * cycles_a_ns;
    result->workgroups = rounds->total;
    result->workgroups_simulated = rounds->limit;
    result->instructions = run->instructions;
    for (unsigned level = 0; level < EMU_LEVEL_COUNT; level++)
        result->bytes[level] = (double)engine->path.bytes[level] * (double)rounds->total / (double)rounds->limit;
    double sum = 0;
    for (unsigned stall = 0; stall < EMU_STALL_COUNT; stall++) {
        result->share[stall] =
            (double)end.time[stall] + steady.times * (double)(steady.to->time[stall] - steady.from->time[stall]);
        sum += result->share[stall];
    }
    for (unsigned simd = 0; simd < EMU_SIMDS; simd++) {
        const emu_ticks idle = run->last_end - engine->simd[simd].port_free[EMU_PORT_VECTOR];
        if (idle > 0) {
            result->share[EMU_STALL_EMPTY] += (double)idle;
            sum += (double)idle;
        }
    }
    for (unsigned stall = 0; stall < EMU_STALL_COUNT; stall++)
        result->share[stall] /= sum > 0 ? sum : 1;
}

static void fini(struct run *run)
{
    struct emu_engine *engine = run->engine;
    for (unsigned i = 0; run->groups && i < EMU_WGPS * run->rounds.resident; i++) {
        emu_slot_destroy(run->groups[i].slot);
        free(run->groups[i].waves);
    }
    free(run->groups);
    for (size_t i = 0; engine->table && i < engine->table_size; i++)
        free(engine->table[i]);
    free(engine->table);
    emu_memory_path_fini(&engine->path);
    emu_places_fini(&engine->places);
    free(engine);
}

const char *const emu_level_names[EMU_LEVEL_COUNT] = {
#define X(name, text) text,
    EMU_LEVELS(X)
#undef X
};

const char *const emu_stall_names[EMU_STALL_COUNT] = {
#define X(name, text) text,
    EMU_STALLS(X)
#undef X
};

enum emu_cycles_status emu_cycles_run(const struct emu_launch_context *context,
                                      const struct emu_cycles_options *options, struct emu_cycles_result *result,
                                      struct emu_fault *fault)
{
    const uint64_t total = context->groups[0] * context->groups[1] * context->groups[2];
    struct run run = {.rounds = emu_rounds_of(total, options->occupancy.workgroups_a_wgp, options->instruction_budget)};
    enum emu_cycles_status status = EMU_CYCLES_NO_MEMORY;
    *result = (struct emu_cycles_result){0};
    run.engine = calloc(1, sizeof *run.engine);
    if (!run.engine)
        return status;
    struct emu_engine *engine = run.engine;
    engine->context = context;
    engine->params = *options->params;
    engine->clock_mhz = options->clock_mhz;
    engine->wgp_mode = options->wgp_mode;
    engine->waves_a_group = options->waves_a_group;
    engine->observer = options->observer;
    engine->table_size = TABLE_SIZE;
    engine->table = calloc(TABLE_SIZE, sizeof(struct emu_timed_inst *));
    run.groups = calloc((size_t)EMU_WGPS * run.rounds.resident, sizeof *run.groups);
    run.interval = emu_ticks_of(engine->params.dispatch_group_ns * options->clock_mhz / 1000.0);
    for (unsigned i = 0; i < 2 * EMU_TREE_LEAVES; i++)
        engine->tree[i] = EMU_NEVER;
    engine->elder = emu_ticks_of(engine->params.issue_elder);
    emu_engine_set_latencies(engine);
    emu_stuck_init(&run.stuck);
    if (!emu_places_init(&engine->places, context) ||
        !emu_memory_path_init(&engine->path, &engine->params, options->clock_mhz) || !engine->table || !run.groups)
        goto out;
    if (!fill(&run) || !run_all(&run)) {
        if (run.faulted)
            status = EMU_CYCLES_FAULT;
        else if (!engine->failed && engine->tree[1] == EMU_NEVER && run.ended < run.rounds.limit)
            status = EMU_CYCLES_DEADLOCK;
        if (run.faulted)
            *fault = *run.faulted->group->fault;
        goto out;
    }
    finish(&run, result);
    status = EMU_CYCLES_FINE;
out:
    fini(&run);
    return status;
}
