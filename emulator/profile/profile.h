// A profile of one launch in modelled time: what every instruction was executed for and waited for, the loops that the
// time went into, and a trace of the waves. Fed by the timing model's observer; knows no kernel in particular.
#ifndef EMU_PROFILE_H
#define EMU_PROFILE_H

#include <jansson.h>
#include <stdio.h>

#include "../launch.h"
#include "../timing/observer.h"

// What a wave waits for before an instruction (at s_barrier: behind it): X(name, text).
#define EMU_WAITS(X)                                                                                                   \
    X(UNIT, "unit busy")                                                                                               \
    X(DEPENDENCY, "dependency")                                                                                        \
    X(MEMORY, "memory")                                                                                                \
    X(LDS, "lds")                                                                                                      \
    X(BARRIER, "barrier")                                                                                              \
    X(FETCH, "fetch")

enum emu_wait_reason {
#define X(name, text) EMU_WAIT_##name,
    EMU_WAITS(X)
#undef X
        EMU_WAIT_COUNT
};
extern const char *const emu_wait_names[EMU_WAIT_COUNT];

// One instruction, summed over all waves. Waves' time is parted without rest: `own` and `wait` of all instructions sum
// to the waves' lifetimes.
struct emu_profile_row {
    const struct emu_inst *inst;
    uint64_t executions;
    emu_ticks own;                  // from issue until the wave goes on
    emu_ticks wait[EMU_WAIT_COUNT]; // by reason
    emu_ticks busy;                 // of the unit that it issues to, waiting for operands not counted
    uint64_t lds_accesses, lds_passes, lds_replays;
    uint64_t memory_accesses, lines, lines_least;
    uint64_t bytes[EMU_LEVEL_COUNT]; // that it moved out of each level
};

// A loop: from the target of a backward branch to the last branch that goes there.
struct emu_profile_loop {
    uint32_t first_pc, last_pc;
    uint64_t iterations; // executions of its first instruction, all waves
    emu_ticks time;      // of waves in it, inner loops included
    emu_ticks own_time;  // without inner loops
};

struct emu_profile;

// What a trace may hold: waves of the first WGPs alone, and not more than so many spans.
enum { EMU_TRACE_WGPS = 1, EMU_TRACE_SPANS_MAX = 100000 };

// With `trace`, waves are traced as well. NULL when memory is short. The caller destroys it.
struct emu_profile *emu_profile_create(bool trace);
void emu_profile_destroy(struct emu_profile *profile);
// For emu_launch_params.observer, of one launch by EMU_MODEL_CYCLES; owned by the profile.
const struct emu_cycles_observer *emu_profile_observer(const struct emu_profile *profile);
// After the launch: sorts, finds loops. What it is told is borrowed until the profile is destroyed, except `result`.
// W4_MEMORY when memory ran out during the launch.
enum w4_status emu_profile_finish(struct emu_profile *profile, const struct emu_launch_params *params,
                                  const struct emu_launch_result *result, struct w4_error *error);

// After finish: rows by pc; loops with the one that has most time of its own first.
const struct emu_profile_row *emu_profile_rows(const struct emu_profile *profile, size_t *count);
const struct emu_profile_loop *emu_profile_loops(const struct emu_profile *profile, size_t *count);
emu_ticks emu_profile_row_time(const struct emu_profile_row *row);

// The profile as text for a terminal, hot loops first; as JSON (NULL when memory ran out; the caller owns it); and the
// trace in Chrome's format, which Perfetto reads: one process a SIMD, one thread a wave, a microsecond a cycle.
void emu_profile_write_text(const struct emu_profile *profile, FILE *out);
json_t *emu_profile_to_json(const struct emu_profile *profile);
void emu_profile_write_trace(const struct emu_profile *profile, FILE *out);

#endif
