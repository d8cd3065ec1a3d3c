// Runs a workgroup under the eyes of a checker or an adversary: instruction by instruction, with its waves in a fixed
// order (checker) or in one of the adversary's choice. Slow next to emu_slot_run, and of the same effect on a right
// program.
#include "checks/adversary.h"
#include "checks/checks.h"
#include "group.h"

enum { TURN_INSTRUCTIONS = 8192 };

// Watched waves are some fifty times slower, and one that waits for a later workgroup waits for ever: a lower limit
// than EMU_INSTRUCTION_LIMIT where the caller names none. Minutes of one host core.
#define WATCHED_INSTRUCTIONS_MAX (UINT64_C(1) << 28)

// Executes up to `left` instructions of one wave.
static void run_turn(struct emu_wave *wave, const struct emu_launch_params *params, uint32_t left)
{
    do {
        const struct emu_inst *inst = wave->ip;
        if (params->checker)
            emu_checker_before(params->checker, wave, inst);
        else
            emu_adversary_before(params->adversary, wave, inst);
        wave->ip = inst + 1;
        wave->class_counts[inst->class]++;
        wave->instructions++;
        inst->exec(wave, inst);
        if (wave->status == EMU_FAULTED)
            return;
        if (params->checker)
            emu_checker_after(params->checker, wave, inst);
        else
            emu_adversary_after(params->adversary, wave, inst);
    } while (wave->status == EMU_RUNNING && --left);
}

static void check_limits(struct emu_wave *wave, const struct emu_launch_params *params)
{
    emu_wave_check_limits(wave);
    if (params->instruction_limit || wave->instructions <= WATCHED_INSTRUCTIONS_MAX)
        return;
    if (wave->status == EMU_RUNNING || wave->status == EMU_YIELDED)
        emu_fault_raise(wave, wave->ip, EMU_FAULT_LIMIT, -1, 0,
                        "the wave has executed %llu instructions under the checks: an endless loop, or it waits for a "
                        "later workgroup, which runs after this one here? EMU_INSTRUCTION_LIMIT raises the limit",
                        (unsigned long long)wave->instructions);
}

// The next wave to run: of the checker's, the first that can; EMU_WAVES_A_GROUP when none can.
static uint32_t choose(struct emu_group *group, const struct emu_launch_params *params, uint32_t last, uint32_t *turn)
{
    uint32_t ready[EMU_WAVES_A_GROUP];
    uint32_t count = 0;
    for (uint32_t k = 1; k <= group->wave_count; k++) {
        const uint32_t i = (last + k) % group->wave_count;
        if (group->waves[i].status == EMU_RUNNING)
            ready[count++] = i;
    }
    *turn = TURN_INSTRUCTIONS;
    if (count == 0)
        return EMU_WAVES_A_GROUP;
    return params->adversary ? emu_adversary_choose(params->adversary, ready, count, turn) : ready[0];
}

enum emu_progress emu_slot_run_watched(struct emu_slot *slot, uint64_t *executed)
{
    struct emu_group *group = &slot->group;
    const struct emu_launch_context *launch = group->launch;
    const struct emu_launch_params *params = launch->params;
    struct emu_access access = {0};
    *executed = 0;
    if (params->checker)
        emu_checker_group_begin(params->checker, group, emu_startup_sgprs(launch->kernel), 1);
    else
        emu_adversary_group_begin(params->adversary, group);
    for (uint32_t i = 0; i < group->wave_count && params->adversary; i++) {
        group->waves[i].observed = 1;
        group->waves[i].access = &access;
    }

    for (uint32_t last = group->wave_count - 1;;) {
        uint32_t turn;
        const uint32_t next = choose(group, params, last, &turn);
        if (next == EMU_WAVES_A_GROUP) {
            if (params->checker)
                emu_checker_barrier(params->checker, group);
            if (emu_group_release_barrier(group) == 0)
                return EMU_PROGRESS_DONE;
            continue;
        }
        struct emu_wave *wave = &group->waves[next];
        const uint64_t before = wave->instructions;
        run_turn(wave, params, (uint32_t)emu_wave_slice(wave, turn));
        *executed += wave->instructions - before;
        check_limits(wave, params);
        if (slot->fault.kind != EMU_FAULT_NONE)
            return EMU_PROGRESS_FAULT;
        if (wave->status == EMU_YIELDED)
            wave->status = EMU_RUNNING;
        last = next;
    }
}
