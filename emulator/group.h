// Room for one workgroup on a host thread, and running it.
#ifndef EMU_GROUP_H
#define EMU_GROUP_H

#include "launch.h"

struct emu_slot {
    struct emu_group group;
    struct emu_fault fault;
    size_t index; // of the workgroup among those of the launch that run
    uint32_t *vgprs;
    uint8_t *scratch;
};

// Room for any workgroup of the launch; NULL when memory is short.
struct emu_slot *emu_slot_create(const struct emu_launch_context *context);
void emu_slot_destroy(struct emu_slot *slot);

enum emu_progress {
    EMU_PROGRESS_DONE,
    EMU_PROGRESS_WAITING, // the budget is used up, or all waves sleep: let other workgroups run
    EMU_PROGRESS_FAULT
};

// Runs the workgroup that emu_startup put into the slot until it ends, faults, or has executed about `budget` wave
// instructions. *executed counts them.
enum emu_progress emu_slot_run(struct emu_slot *slot, uint64_t budget, uint64_t *executed);
// The same under the launch's checker or adversary, to its end.
enum emu_progress emu_slot_run_watched(struct emu_slot *slot, uint64_t *executed);

// Lets the waves at the barrier go on; ended waves do not take part. Returns how many were there.
uint32_t emu_group_release_barrier(struct emu_group *group);

// How many instructions a wave may execute at a stretch: `most`, or just enough to be found beyond its limit.
uint64_t emu_wave_slice(const struct emu_wave *wave, uint64_t most);

// Faults a running wave when the launch was cancelled or the wave is beyond its instruction limit.
void emu_wave_check_limits(struct emu_wave *wave);

#endif
