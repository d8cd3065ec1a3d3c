// Issue of one instruction: what it waits for, which port it keeps and for how long, when its results are there.
#include <stdlib.h>
#include <string.h>

#include "../counters.h"
#include "engine.h"

// ---- Classes ------------------------------------------------------------------------------------------------------

// Port, producer and parameter of each execution class. A class without a row has no timing and is refused.
static const struct class_row {
    bool known;
    uint8_t port, maker, user;
    size_t issue; // offset of the parameter in struct emu_timing_params
} classes[EMU_C_COUNT] = {
#define ROW(class, port, maker, user, parameter)                                                                       \
    [EMU_C_##class] = {true, EMU_PORT_##port, EMU_MAKER_##maker, EMU_USER_##user,                                      \
                       offsetof(struct emu_timing_params, parameter)},
    ROW(SALU, SCALAR, SALU, SCALAR, issue_salu) ROW(SFLOAT, SCALAR, SFLOAT, SCALAR, issue_salu) ROW(
        SMEM, SCALAR, NONE, MEMORY, issue_salu) ROW(BRANCH, BRANCH, NONE, SCALAR, issue_branch)
        ROW(WAIT, NONE, NONE, SCALAR, issue_salu) ROW(BARRIER, NONE, NONE, SCALAR, issue_salu) ROW(
            MESSAGE, BRANCH, NONE, SCALAR, issue_salu) ROW(HINT, NONE, NONE, SCALAR, issue_salu) ROW(END, NONE, NONE,
                                                                                                     SCALAR, issue_salu)
            ROW(VALU, VECTOR, VALU, VECTOR, issue_valu) ROW(VALU_TRANS, VECTOR, TRANS, VECTOR, issue_trans) ROW(
                VALU_64, VECTOR, VALU, VECTOR, issue_valu_64) ROW(VALU_QUARTER, VECTOR, QUARTER, VECTOR, issue_quarter)
                ROW(VALU_F64, VECTOR, F64, VECTOR, issue_f64) ROW(VALU_F64_TRANS, VECTOR, F64, VECTOR, issue_f64)
                    ROW(VALU_DOT, VECTOR, VALU, VECTOR, issue_dot) ROW(VALU_LANE, VECTOR, VALU, VECTOR, issue_valu)
                        ROW(VOPD, VECTOR, VALU, VECTOR, issue_vopd) ROW(WMMA, VECTOR, WMMA, VECTOR, issue_wmma) ROW(
                            WMMA_IU4, VECTOR, WMMA, VECTOR, issue_wmma_iu4) ROW(LDS_LOAD, LDS, NONE, MEMORY, issue_lds)
                            ROW(LDS_STORE, LDS, NONE, MEMORY, issue_lds) ROW(LDS_ATOMIC, LDS, NONE, MEMORY, issue_lds)
                                ROW(LDS_PERMUTE, LDS, NONE, MEMORY, issue_lds)
                                    ROW(VMEM_LOAD, MEMORY, NONE, MEMORY, issue_vmem)
                                        ROW(VMEM_STORE, MEMORY, NONE, MEMORY, issue_vmem)
                                            ROW(VMEM_ATOMIC, MEMORY, NONE, MEMORY, issue_vmem)
                                                ROW(FLAT_LOAD, MEMORY, NONE, MEMORY, issue_vmem)
                                                    ROW(FLAT_STORE, MEMORY, NONE, MEMORY, issue_vmem)
                                                        ROW(FLAT_ATOMIC, MEMORY, NONE, MEMORY, issue_vmem)
                                                            ROW(SCRATCH_LOAD, MEMORY, NONE, MEMORY, issue_vmem)
                                                                ROW(SCRATCH_STORE, MEMORY, NONE, MEMORY, issue_vmem)
                                                                    ROW(CACHE, MEMORY, NONE, MEMORY, issue_vmem)
#undef ROW
};

void emu_engine_set_latencies(struct emu_engine *engine)
{
    const struct emu_timing_params *p = &engine->params;
    const double rows[EMU_MAKER_COUNT][EMU_USER_COUNT] = {
        // by vector, by scalar, by memory instructions
        [EMU_MAKER_NONE] = {0, 0, 0},
        [EMU_MAKER_VALU] = {p->latency_valu, p->latency_valu_to_salu, p->latency_valu_to_memory},
        [EMU_MAKER_TRANS] = {p->latency_trans, p->latency_trans, p->latency_valu_to_memory},
        [EMU_MAKER_QUARTER] = {p->latency_quarter, p->latency_quarter, p->latency_valu_to_memory},
        [EMU_MAKER_F64] = {p->latency_f64, p->latency_f64, p->latency_f64},
        [EMU_MAKER_WMMA] = {p->latency_wmma, p->latency_wmma, p->latency_wmma},
        [EMU_MAKER_SALU] = {p->latency_salu_to_valu, p->latency_salu, p->latency_salu_to_memory},
        [EMU_MAKER_SFLOAT] = {p->latency_sfloat, p->latency_sfloat, p->latency_salu_to_memory},
    };
    for (unsigned maker = 0; maker < EMU_MAKER_COUNT; maker++)
        for (unsigned user = 0; user < EMU_USER_COUNT; user++)
            engine->latency[maker][user] = emu_ticks_of(rows[maker][user]);
}

static double steal_of(const struct emu_timing_params *p, const struct emu_inst *inst)
{
    switch ((enum emu_class)inst->class) {
    case EMU_C_LDS_LOAD:
    case EMU_C_LDS_PERMUTE:
    case EMU_C_LDS_ATOMIC: return inst->dst.dwords > 2 ? p->steal_lds_load_b128 : p->steal_lds_load;
    case EMU_C_LDS_STORE: return p->steal_lds_store;
    case EMU_C_VMEM_LOAD:
    case EMU_C_VMEM_STORE:
    case EMU_C_VMEM_ATOMIC:
    case EMU_C_FLAT_LOAD:
    case EMU_C_FLAT_STORE:
    case EMU_C_FLAT_ATOMIC:
    case EMU_C_SCRATCH_LOAD:
    case EMU_C_SCRATCH_STORE: return p->steal_vmem;
    default: return 0;
    }
}

static struct emu_timed_inst *make_inst(struct emu_engine *engine, const struct emu_inst *inst)
{
    const struct class_row *row = &classes[inst->class];
    struct emu_timed_inst *timed = calloc(1, sizeof *timed);
    if (!timed)
        return NULL;
    double issue;
    memcpy(&issue, (const char *)&engine->params + row->issue, sizeof issue);
    timed->inst = inst;
    timed->known = row->known;
    timed->port = row->port;
    timed->maker = row->maker;
    timed->user = row->user;
    timed->wmma = row->maker == EMU_MAKER_WMMA;
    timed->vopd = inst->class == EMU_C_VOPD;
    timed->steal = emu_ticks_of(steal_of(&engine->params, inst));
    emu_register_uses_of(inst, &timed->uses);
    if (engine->context->wave_size == 64 && row->port == EMU_PORT_VECTOR && !timed->wmma)
        issue *= 1 + engine->params.issue_wave64_half;
    if (inst->op == EMU_OP_s_nop)
        issue = 1 + (inst->imm & 0xf);
    if (inst->op == EMU_OP_s_sleep)
        issue = 64 * (inst->imm & 0x7f) + 1;
    timed->issue = emu_ticks_of(issue);
    return timed;
}

struct emu_timed_inst *emu_engine_inst(struct emu_engine *engine, const struct emu_inst *inst)
{
    for (;;) {
        size_t slot = ((uintptr_t)inst / 64 * 0x9e3779b97f4a7c15u >> 32) & (engine->table_size - 1);
        while (engine->table[slot] && engine->table[slot]->inst != inst)
            slot = (slot + 1) & (engine->table_size - 1);
        if (engine->table[slot])
            return engine->table[slot];
        if (engine->table_count * 2 < engine->table_size) {
            engine->table_count++;
            return engine->table[slot] = make_inst(engine, inst);
        }
        struct emu_timed_inst **old = engine->table;
        const size_t old_size = engine->table_size;
        engine->table = calloc(old_size * 2, sizeof(struct emu_timed_inst *));
        if (!engine->table) {
            engine->table = old;
            return NULL;
        }
        engine->table_size = old_size * 2;
        for (size_t i = 0; i < old_size; i++) {
            if (!old[i])
                continue;
            size_t at = ((uintptr_t)old[i]->inst / 64 * 0x9e3779b97f4a7c15u >> 32) & (engine->table_size - 1);
            while (engine->table[at])
                at = (at + 1) & (engine->table_size - 1);
            engine->table[at] = old[i];
        }
        free(old);
    }
}

// ---- Before issue: what the next instruction waits for --------------------------------------------------------------

static void wait_until(struct emu_timed_wave *wave, emu_ticks at, enum emu_stall reason)
{
    if (at <= wave->ready)
        return;
    wave->ready = at;
    wave->reason = (uint8_t)reason;
}

static emu_ticks completion(const struct emu_completions *completions, uint32_t outstanding)
{
    if (completions->issued <= outstanding)
        return 0;
    return completions->done[(completions->issued - outstanding - 1) % EMU_OUTSTANDING];
}

static void wait_counters(struct emu_timed_wave *wave, const struct emu_inst *inst)
{
    const struct emu_wait wait = emu_wait_of(wave->wave, inst);
    wait_until(wave, completion(&wave->vm, wait.vm), EMU_STALL_MEMORY);
    wait_until(wave, completion(&wave->vs, wait.vs), EMU_STALL_MEMORY);
    wait_until(wave, completion(&wave->lds, wait.lgkm), EMU_STALL_LDS);
    if (wait.lgkm == 0)
        wait_until(wave, wave->smem_done, EMU_STALL_MEMORY);
}

static emu_ticks dependencies(const struct emu_engine *engine, const struct emu_timed_wave *wave)
{
    const struct emu_timed_inst *next = wave->next;
    emu_ticks at = 0;
    for (uint32_t i = 0; i < next->uses.count; i++) {
        const struct emu_register_use *use = &next->uses.use[i];
        if (use->write || use->file == EMU_FILE_SCC)
            continue;
        // A WMMA's accumulator comes straight from the one before.
        const bool accumulator = next->wmma && use->role == 2;
        const emu_ticks *made = use->file == EMU_FILE_VGPR ? wave->vgpr : wave->sgpr;
        const uint8_t *maker = use->file == EMU_FILE_VGPR ? wave->vgpr_maker : wave->sgpr_maker;
        for (unsigned k = use->first; k < (unsigned)use->first + use->count; k++) {
            if (accumulator && maker[k] == EMU_MAKER_WMMA)
                continue;
            at = emu_ticks_max(at, made[k] + engine->latency[maker[k]][next->user]);
        }
    }
    return at;
}

void emu_engine_prepare(struct emu_engine *engine, unsigned simd, struct emu_timed_wave *wave)
{
    const struct emu_inst *inst = wave->wave->ip;
    struct emu_timed_inst *last = wave->next;
    if (last && last->following && last->following->inst == inst) {
        wave->next = last->following;
    } else {
        wave->next = emu_engine_inst(engine, inst);
        if (last && inst == last->inst + 1)
            last->following = wave->next;
    }
    if (!wave->next) {
        engine->failed = true;
        wave->ready = EMU_NEVER;
        return;
    }
    wave->ready = wave->free;
    wave->reason = EMU_STALL_DEPENDENCY;
    const uint64_t line = inst->pc / EMU_LINE_BYTES;
    if (line != wave->fetch_line) {
        wave->fetch_line = line;
        const uint64_t image = (uint64_t)(uintptr_t)engine->context->params->module->image;
        wait_until(wave, emu_memory_path_fetch(&engine->path, simd / EMU_SIMDS_A_WGP, inst->pc - image, wave->free),
                   EMU_STALL_FETCH);
    }
    if (inst->class == EMU_C_WAIT) {
        wait_counters(wave, inst);
        return;
    }
    const emu_ticks depends = dependencies(engine, wave);
    // Without the hint the SIMD starts the instruction and holds its vector unit until the operand is there.
    if (wave->next->port != EMU_PORT_VECTOR || wave->hinted)
        wait_until(wave, depends, EMU_STALL_DEPENDENCY);
}

// ---- Issue ----------------------------------------------------------------------------------------------------------

static void note_results(struct emu_timed_wave *wave, const struct emu_timed_inst *timed, emu_ticks now)
{
    for (uint32_t i = 0; i < timed->uses.count; i++) {
        const struct emu_register_use *use = &timed->uses.use[i];
        if (!use->write || use->file == EMU_FILE_SCC)
            continue;
        emu_ticks *made = use->file == EMU_FILE_VGPR ? wave->vgpr : wave->sgpr;
        uint8_t *maker = use->file == EMU_FILE_VGPR ? wave->vgpr_maker : wave->sgpr_maker;
        for (unsigned k = use->first; k < (unsigned)use->first + use->count; k++) {
            made[k] = now;
            maker[k] = timed->maker;
        }
    }
}

static emu_ticks issue_vector(struct emu_engine *engine, struct emu_timed_simd *simd, struct emu_timed_wave *wave,
                              emu_ticks now)
{
    const struct emu_timing_params *p = &engine->params;
    const struct emu_timed_inst *timed = wave->next;
    emu_ticks cost = timed->issue + simd->steal;
    if (timed->vopd && now - simd->last_wmma < emu_ticks_of(4 * p->issue_wmma))
        cost += emu_ticks_of(p->issue_vopd_beside_wmma) - timed->issue;
    if (simd->after_wmma && !timed->wmma)
        cost += emu_ticks_of(p->issue_after_wmma);
    simd->after_wmma = timed->wmma;
    simd->steal = 0;
    if (timed->wmma)
        simd->last_wmma = now;
    // An operand that is not there yet, and no s_delay_alu that let another wave go first.
    engine->held = wave->hinted ? 0 : emu_ticks_max(0, dependencies(engine, wave) - now);
    cost += engine->held;
    simd->time[timed->wmma ? EMU_STALL_WMMA : EMU_STALL_VALU] += cost;
    return cost;
}

static void complete(struct emu_completions *completions, emu_ticks done)
{
    const emu_ticks last = completions->issued ? completions->done[(completions->issued - 1) % EMU_OUTSTANDING] : 0;
    completions->done[completions->issued++ % EMU_OUTSTANDING] = emu_ticks_max(last, done);
}

static void issue_lds(struct emu_engine *engine, unsigned simd, struct emu_timed_wave *wave, emu_ticks now)
{
    const struct emu_timing_params *p = &engine->params;
    const struct emu_access *access = wave->wave->access;
    struct emu_timed_inst *timed = wave->next;
    struct emu_lds_passes passes = {1, 0};
    if (timed->inst->class == EMU_C_LDS_PERMUTE) // uses the LDS's crossbar, not its banks
        passes.passes = (wave->wave->wave64 ? 64u : 32u) / EMU_LDS_PHASE_LANES;
    else if (access->lanes)
        passes = emu_lds_passes_recall(&timed->memo, access);
    double pass = access->atomic ? p->lds_atomic_pass : access->store ? p->lds_pass_store : p->lds_pass;
    // In CU mode a workgroup has one half of the LDS and of its bandwidth.
    const unsigned half = engine->wgp_mode ? 0 : wave->group->cu;
    if (!engine->wgp_mode)
        pass *= 2;
    const emu_ticks busy = emu_ticks_of(pass * (passes.passes + p->lds_replay * passes.replays));
    emu_ticks *server = &engine->lds_free[simd / EMU_SIMDS_A_WGP][half];
    const emu_ticks start = emu_ticks_max(*server, now);
    *server = start + busy;
    complete(&wave->lds, start + busy + emu_ticks_of(p->lds_latency));
    // The queue before the LDS is short: a full one holds the port.
    const emu_ticks queue = emu_ticks_of(p->lds_queue);
    engine->simd[simd].port_free[EMU_PORT_LDS] =
        emu_ticks_max(engine->simd[simd].port_free[EMU_PORT_LDS], *server - queue);
}

// A row of scratch after the other: when all are there.
static emu_ticks access_scratch(struct emu_engine *engine, unsigned cu, const struct emu_timed_wave *wave,
                                emu_ticks now)
{
    struct emu_access at;
    emu_ticks done = now;
    unsigned rows = 1, lines;
    for (unsigned row = 0; row < rows; row++) {
        rows = emu_places_scratch(&engine->places, wave->wave->access, emu_engine_place(engine, wave), row, &at);
        done = emu_ticks_max(done, emu_memory_path_vector(&engine->path, cu, &at, now, &lines));
    }
    return done;
}

static void issue_memory(struct emu_engine *engine, unsigned simd, struct emu_timed_wave *wave, emu_ticks now)
{
    struct emu_access *access = wave->wave->access;
    const struct emu_inst *inst = wave->next->inst;
    if (inst->class == EMU_C_CACHE) {
        if (inst->op == EMU_OP_buffer_gl0_inv)
            emu_cache_level_clear(&engine->path.l0[simd / 2]);
        return;
    }
    unsigned lines = 0;
    emu_ticks done = now;
    if (access->lanes && access->space == EMU_SPACE_LDS) {
        done = now + emu_ticks_of(engine->params.lds_latency);
    } else if (access->lanes && access->space == EMU_SPACE_SCRATCH) {
        done = access_scratch(engine, simd / 2, wave, now);
    } else if (access->lanes) {
        emu_places_move(&engine->places, access);
        done = emu_memory_path_vector(&engine->path, simd / 2, access, now, &lines);
    }
    const unsigned counters = emu_counters_of(inst);
    if (counters >> EMU_CNT_VM & 1)
        complete(&wave->vm, done);
    if (counters >> EMU_CNT_VS & 1)
        complete(&wave->vs, done);
    if (counters >> EMU_CNT_LDS & 1)
        complete(&wave->lds, done);
    const emu_ticks queue = emu_ticks_of(engine->params.vmem_queue);
    engine->simd[simd].port_free[EMU_PORT_MEMORY] =
        emu_ticks_max(engine->simd[simd].port_free[EMU_PORT_MEMORY], engine->path.l0_free[simd / 2] - queue);
}

static void issue_scalar_load(struct emu_engine *engine, unsigned simd, struct emu_timed_wave *wave, emu_ticks now)
{
    const struct emu_access *access = wave->wave->access;
    emu_ticks done = now + engine->path.times.smem_latency;
    if (access->lanes)
        done = emu_memory_path_scalar(&engine->path, simd / EMU_SIMDS_A_WGP,
                                      emu_places_of(&engine->places, access->address[0][0]), access->bytes, now);
    wave->smem_done = emu_ticks_max(wave->smem_done, done);
}

// s_delay_alu: instid0 is for the next instruction, instid1 for the one `skip` further on.
static void note_hint(struct emu_timed_wave *wave, const struct emu_inst *inst)
{
    if (inst->op == EMU_OP_s_delay_alu) {
        const unsigned skip = (unsigned)inst->imm >> 4 & 7;
        const bool second = inst->imm >> 7 & 0xf;
        wave->hinted = (uint8_t)(second ? skip + 2 : 1);
    } else if (wave->hinted && inst->class != EMU_C_HINT) {
        wave->hinted--;
    }
}

// The vector unit was idle until this wave's instruction: that is booked on what the wave had been waiting for.
static void account_idle(struct emu_timed_simd *simd, struct emu_timed_wave *wave, emu_ticks now)
{
    const emu_ticks idle = now - simd->port_free[EMU_PORT_VECTOR];
    if (idle > 0)
        simd->time[wave->carried != EMU_STALL_COUNT ? wave->carried : wave->reason] += idle;
    wave->carried = EMU_STALL_COUNT;
}

void emu_engine_issue(struct emu_engine *engine, unsigned simd_index, struct emu_timed_wave *timed_wave, emu_ticks now)
{
    struct emu_timed_simd *simd = &engine->simd[simd_index];
    const struct emu_timed_inst *timed = timed_wave->next;
    struct emu_wave *wave = timed_wave->wave;
    const struct emu_inst *inst = timed->inst;

    wave->access->lanes = 0;
    wave->ip = inst + 1;
    wave->class_counts[inst->class]++;
    wave->instructions++;
    inst->exec(wave, inst);
    if (!timed->known && wave->status != EMU_FAULTED)
        emu_fault_raise(wave, inst, EMU_FAULT_NO_TIMING, -1, 0, "the timing model has no row for its class (%s)",
                        emu_class_names[inst->class]);

    if (timed->port != EMU_PORT_VECTOR && timed_wave->reason != EMU_STALL_DEPENDENCY &&
        timed_wave->ready > timed_wave->free)
        timed_wave->carried = timed_wave->reason;

    emu_ticks cost = timed->issue;
    emu_ticks begins = now;
    if (timed->port == EMU_PORT_VECTOR) {
        account_idle(simd, timed_wave, now);
        cost = issue_vector(engine, simd, timed_wave, now);
        begins += engine->held;
    }
    if (timed->port != EMU_PORT_NONE)
        simd->port_free[timed->port] = now + cost;
    simd->steal += timed->steal;
    // The wave goes on with its next instruction a cycle later; a vector instruction there finds its port taken.
    timed_wave->free = now + (timed->port == EMU_PORT_NONE ? cost : EMU_TICKS_A_CYCLE);
    note_results(timed_wave, timed, begins);
    if (timed->port == EMU_PORT_LDS)
        issue_lds(engine, simd_index, timed_wave, now);
    else if (timed->port == EMU_PORT_MEMORY)
        issue_memory(engine, simd_index, timed_wave, now);
    else if (inst->class == EMU_C_SMEM)
        issue_scalar_load(engine, simd_index, timed_wave, now);
    else if (inst->class == EMU_C_BRANCH)
        timed_wave->free = now + emu_ticks_of(wave->ip == inst + 1 ? engine->params.latency_branch_not_taken
                                                                   : engine->params.latency_branch);
    note_hint(timed_wave, inst);
}

emu_ticks emu_engine_stores_done(const struct emu_timed_group *group)
{
    emu_ticks done = 0;
    for (unsigned i = 0; i < group->slot->group.wave_count; i++)
        done = emu_ticks_max(done, completion(&group->waves[i].vs, 0));
    return done;
}
