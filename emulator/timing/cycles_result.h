// What the execution-driven timing model says of a launch.
#ifndef EMU_TIMING_CYCLES_RESULT_H
#define EMU_TIMING_CYCLES_RESULT_H

#include <stdint.h>

// Levels of memory: X(name, text).
#define EMU_LEVELS(X)                                                                                                  \
    X(L0, "L0")                                                                                                        \
    X(GL1, "GL1")                                                                                                      \
    X(L2, "L2")                                                                                                        \
    X(MALL, "MALL")                                                                                                    \
    X(DRAM, "DRAM")

enum emu_level {
#define X(name, text) EMU_LEVEL_##name,
    EMU_LEVELS(X)
#undef X
        EMU_LEVEL_COUNT
};

// Where a SIMD's time goes: X(name, text). WMMA and VALU are work of the vector unit; the rest is its idle time by what
// the wave that ended it had been waiting for.
#define EMU_STALLS(X)                                                                                                  \
    X(WMMA, "wmma")                                                                                                    \
    X(VALU, "valu")                                                                                                    \
    X(LDS, "lds")                                                                                                      \
    X(MEMORY, "memory")                                                                                                \
    X(BARRIER, "barrier")                                                                                              \
    X(DEPENDENCY, "dependency")                                                                                        \
    X(FETCH, "fetch")                                                                                                  \
    X(EMPTY, "no wave")

enum emu_stall {
#define X(name, text) EMU_STALL_##name,
    EMU_STALLS(X)
#undef X
        EMU_STALL_COUNT
};

// Part of a modelled device's key, and words of reports. How good it is: docs/timing-model.md.
#define EMU_CYCLES_KEY   "cycles-1"
#define EMU_CYCLES_LABEL "modelled (cycles)"

struct emu_cycles_result {
    double cycles;           // of the launch, dispatch and last stores included
    double simulated_cycles; // from the first workgroup's start to the last simulated one's end
    uint64_t workgroups, workgroups_simulated, instructions;
    double bytes[EMU_LEVEL_COUNT]; // moved out of each level by the whole launch (L0: to the registers)
    double share[EMU_STALL_COUNT]; // of the SIMDs' time; sums to 1
};

extern const char *const emu_level_names[EMU_LEVEL_COUNT];
extern const char *const emu_stall_names[EMU_STALL_COUNT];

#endif
