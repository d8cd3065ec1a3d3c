// What the execution-driven timing model says of one case besides its time. Plain data; zeros when another model, or
// hardware, gave the time.
#ifndef W4_HARNESS_MODELLED_H
#define W4_HARNESS_MODELLED_H

#include <stdint.h>

// Levels of memory from the near to the far: X(member, words, member of emu_level_bytes).
#define W4_LEVELS(X)                                                                                                   \
    X(l0_bytes, "L0", l0)                                                                                              \
    X(gl1_bytes, "GL1", gl1)                                                                                           \
    X(l2_bytes, "L2", l2)                                                                                              \
    X(mall_bytes, "MALL", mall)                                                                                        \
    X(dram_bytes, "DRAM", dram)

// Where SIMD time goes: X(member, words, member of emu_time_shares). The first two are work, the others waiting.
#define W4_TIME_SHARES(X)                                                                                              \
    X(wmma_share, "WMMA", wmma)                                                                                        \
    X(valu_share, "VALU", valu)                                                                                        \
    X(lds_share, "LDS", lds)                                                                                           \
    X(memory_share, "memory", memory)                                                                                  \
    X(barrier_share, "barrier", barrier)                                                                               \
    X(dependency_share, "dependency", dependency)                                                                      \
    X(fetch_share, "fetch", fetch)                                                                                     \
    X(no_wave_share, "no wave", no_wave)

struct w4_modelled {
    uint64_t workgroups_timed; // simulated for the time; 0: there is no breakdown
    double timing_seconds;     // of the host, for that simulation
    char limiter[32];          // what limits occupancy: "vgpr", "lds", "waves", "workgroups", "grid"
#define X(member, words, source) double member;
    W4_LEVELS(X)      // bytes out of each level, the whole launch
    W4_TIME_SHARES(X) // fractions of all SIMDs' time; they sum to 1
#undef X
};

#endif
