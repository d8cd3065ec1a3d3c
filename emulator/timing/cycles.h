// The execution-driven timing model, as others use it: runs a launch on the modelled chip and says how many cycles it
// takes and where they go.
#ifndef EMU_TIMING_CYCLES_H
#define EMU_TIMING_CYCLES_H

#include "engine.h"

struct emu_cycles_options {
    const struct emu_timing_params *params;
    double clock_mhz;
    bool wgp_mode;
    unsigned waves_a_group;
    struct emu_occupancy occupancy;
    uint64_t instruction_budget; // wave instructions after which the rest is extrapolated; UINT64_MAX: simulate all
    const struct emu_cycles_observer *observer; // NULL: none
};

enum emu_cycles_status {
    EMU_CYCLES_FINE,
    EMU_CYCLES_FAULT,    // *fault says which
    EMU_CYCLES_DEADLOCK, // waves wait at a barrier that others do not reach
    EMU_CYCLES_NO_MEMORY
};

enum emu_cycles_status emu_cycles_run(const struct emu_launch_context *context,
                                      const struct emu_cycles_options *options, struct emu_cycles_result *result,
                                      struct emu_fault *fault);

#endif
