// Runs the waves of one workgroup in turn on one host thread: each until it reaches a barrier, ends, sleeps, or has
// used its slice, so that a wave that spins on another one's store lets that one run. The order is fixed, so that
// results are too.
#include "group.h"

#include <stdlib.h>

// Long enough that changing waves costs nothing, short enough that spinning does not.
#define SLICE_INSTRUCTIONS 8192

struct emu_slot *emu_slot_create(const struct emu_launch_context *context)
{
    const uint32_t *block = context->params->block;
    const size_t items = (size_t)block[0] * block[1] * block[2];
    const size_t waves = (items + context->wave_size - 1) / context->wave_size;
    const size_t wave_words = (size_t)context->wave_size / EMU_LANES * 256 * EMU_LANES;
    const size_t scratch_bytes = ((size_t)context->scratch_lane_bytes * context->wave_size + 63) & ~(size_t)63;
    const size_t lds_bytes = context->lds_bytes ? ((size_t)context->lds_bytes + 63) & ~(size_t)63 : 64;

    struct emu_slot *slot = calloc(1, sizeof *slot);
    if (!slot)
        return NULL;
    slot->group.waves = calloc(waves, sizeof *slot->group.waves);
    slot->group.lds = aligned_alloc(64, lds_bytes);
    slot->group.fault = &slot->fault;
    slot->vgprs = aligned_alloc(64, waves * wave_words * sizeof *slot->vgprs);
    slot->scratch = scratch_bytes ? aligned_alloc(64, waves * scratch_bytes) : NULL;
    if (!slot->group.waves || !slot->group.lds || !slot->vgprs || (scratch_bytes && !slot->scratch)) {
        emu_slot_destroy(slot);
        return NULL;
    }
    for (size_t i = 0; i < waves; i++) {
        slot->group.waves[i].v = slot->vgprs + i * wave_words;
        slot->group.waves[i].scratch = scratch_bytes ? slot->scratch + i * scratch_bytes : NULL;
    }
    return slot;
}

void emu_slot_destroy(struct emu_slot *slot)
{
    if (!slot)
        return;
    free(slot->group.waves);
    free(slot->group.lds);
    free(slot->vgprs);
    free(slot->scratch);
    free(slot);
}

uint64_t emu_wave_slice(const struct emu_wave *wave, uint64_t most)
{
    const uint64_t allowed = wave->group->launch->instruction_limit - wave->instructions;
    return allowed < most ? allowed + 1 : most;
}

// The interpreter's loop.
static uint64_t run_slice(struct emu_wave *wave)
{
    const uint64_t slice = emu_wave_slice(wave, SLICE_INSTRUCTIONS);
    uint64_t left = slice;
    do {
        const struct emu_inst *inst = wave->ip;
        wave->ip = inst + 1;
        wave->class_counts[inst->class]++;
        inst->exec(wave, inst);
        left--;
    } while (wave->status == EMU_RUNNING && left);
    wave->instructions += slice - left;
    return slice - left;
}

void emu_wave_check_limits(struct emu_wave *wave)
{
    const struct emu_launch_context *launch = wave->group->launch;
    const atomic_int *cancel = launch->params->cancel;
    // A wave that waits at a barrier counts: kernels with a barrier a loop are at one whenever a slice ends.
    if (wave->status == EMU_ENDED || wave->status == EMU_FAULTED)
        return;
    if (cancel && atomic_load_explicit(cancel, memory_order_relaxed))
        emu_fault_raise(wave, wave->ip, EMU_FAULT_CANCELLED, -1, 0, "the launch was cancelled");
    else if (wave->instructions > launch->instruction_limit)
        emu_fault_raise(
            wave, wave->ip, EMU_FAULT_LIMIT, -1, 0,
            "the wave has executed %llu instructions: an endless loop? EMU_INSTRUCTION_LIMIT raises the limit",
            (unsigned long long)wave->instructions);
}

// One turn of every wave that can run. Returns how many could.
static uint32_t run_turn(struct emu_group *group, uint64_t *executed, bool *awake)
{
    uint32_t ran = 0;
    *awake = false;
    for (uint32_t i = 0; i < group->wave_count; i++) {
        struct emu_wave *wave = &group->waves[i];
        if (wave->status != EMU_RUNNING)
            continue;
        ran++;
        *executed += run_slice(wave);
        emu_wave_check_limits(wave);
        if (wave->status == EMU_FAULTED)
            break;
        if (wave->status == EMU_YIELDED)
            wave->status = EMU_RUNNING;
        else
            *awake = true;
    }
    return ran;
}

uint32_t emu_group_release_barrier(struct emu_group *group)
{
    uint32_t released = 0;
    for (uint32_t i = 0; i < group->wave_count; i++) {
        if (group->waves[i].status != EMU_AT_BARRIER)
            continue;
        group->waves[i].status = EMU_RUNNING;
        released++;
    }
    return released;
}

enum emu_progress emu_slot_run(struct emu_slot *slot, uint64_t budget, uint64_t *executed)
{
    struct emu_group *group = &slot->group;
    *executed = 0;
    for (;;) {
        bool awake;
        const uint32_t ran = run_turn(group, executed, &awake);
        if (slot->fault.kind != EMU_FAULT_NONE)
            return EMU_PROGRESS_FAULT;
        if (ran == 0) {
            if (emu_group_release_barrier(group) == 0)
                return EMU_PROGRESS_DONE;
            continue;
        }
        if (!awake || *executed >= budget)
            return EMU_PROGRESS_WAITING;
    }
}
