// Shared by the parts of the profile.
#ifndef EMU_PROFILE_INTERNAL_H
#define EMU_PROFILE_INTERNAL_H

#include "profile.h"

struct emu_trace;

// A wave that is under way.
struct profiled_wave {
    bool used;
    uint64_t number;
    emu_ticks started, at; // `at`: its last instruction issued
    size_t row;            // of that one
    emu_ticks held;        // for how long that one keeps its unit for an operand
};

struct emu_profile {
    struct emu_cycles_observer observer;
    struct emu_profile_row *rows;
    size_t row_count, row_capacity;
    size_t *slots; // open addressing by instruction: index into rows + 1
    size_t slot_count;
    struct profiled_wave waves[EMU_SIMDS][EMU_WAVES_A_SIMD];
    uint64_t wave_count;
    emu_ticks wave_time; // of all waves
    bool failed;         // memory short
    struct emu_profile_loop *loops;
    size_t loop_count;
    struct emu_trace *trace; // NULL: none
    const struct emu_launch_params *params;
    uint64_t workgroups, workgroups_simulated;
    double clock_mhz, milliseconds, waves_a_simd;
    const char *limiter;
    struct emu_cycles_result cycles;
};

// loops.c: fills loops and their count; false when memory is short. Rows are sorted by pc.
bool emu_profile_find_loops(struct emu_profile *profile);
// The innermost loop around a pc, by index; loop_count when none.
size_t emu_profile_loop_of(const struct emu_profile *profile, uint32_t pc);
// Index of the first row at or behind a pc.
size_t emu_profile_row_at(const struct emu_profile *profile, uint32_t pc);

// trace.c
struct emu_trace *emu_trace_create(void);
void emu_trace_destroy(struct emu_trace *trace);
void emu_trace_start(struct emu_trace *trace, const struct emu_cycles_wave *wave, emu_ticks at);
void emu_trace_issue(struct emu_trace *trace, const struct emu_cycles_issue *issue);
void emu_trace_release(struct emu_trace *trace, const struct emu_cycles_wave *wave, emu_ticks at);
void emu_trace_end(struct emu_trace *trace, const struct emu_cycles_wave *wave, emu_ticks at);
bool emu_trace_failed(const struct emu_trace *trace);
// What the trace holds and what it leaves out.
void emu_trace_summary(const struct emu_trace *trace, const struct emu_profile *profile, char *text, size_t size);
void emu_trace_write(const struct emu_trace *trace, const struct emu_profile *profile, FILE *out);

static inline double emu_cycles_of(emu_ticks ticks)
{
    return (double)ticks / (double)EMU_TICKS_A_CYCLE;
}

// The reason among the profile's that a stall of the model stands for.
enum emu_wait_reason emu_wait_of_stall(unsigned stall);

#endif
