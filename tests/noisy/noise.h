// A model of how an APU's times scatter: what disturbs the whole machine, a process, a case, a single sample. Used by
// the library that pretends to be such a machine and by the simulation that proves the gate. Multiplies true times;
// everything is a logarithm of a factor (0.01 = 1 % slower) and follows from a seed.
#ifndef W4_NOISY_NOISE_H
#define W4_NOISY_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../statistics/rng.h"

// X(member, text): all deviations are of logarithms. "at factor 1": of the median case; noisy cases have more of it.
#define W4_NOISE_LEVELS(X)                                                                                             \
    X(night_machine, "night to night, the whole machine (anchors see it)")                                             \
    X(night_case, "night to night, one case, at factor 1")                                                             \
    X(process, "process to process, one case, at factor 1 (placement of code and data)")                               \
    X(sample, "sample to sample, at factor 1")                                                                         \
    X(case_spread, "ln(factor) of a case: how unequally noisy cases are")                                              \
    X(bimodal_share, "share of cases with two modes, one of which each process gets")                                  \
    X(bimodal_size, "distance of the modes, median over such cases")                                                   \
    X(phase_per_s, "changes of the mode while a process runs")                                                         \
    X(drift, "slow drift of the machine, stationary deviation")                                                        \
    X(drift_s, "its correlation time, s")                                                                              \
    X(spike_share, "share of samples that something interrupts")                                                       \
    X(spike_size, "mean of what that costs")                                                                           \
    X(ramp_size, "a cold start's extra time")                                                                          \
    X(ramp_s, "time constant of warming up, busy s")                                                                   \
    X(throttle_per_s, "throttling events a second")                                                                    \
    X(throttle_size, "time lost while one lasts")                                                                      \
    X(throttle_s, "how long one lasts, mean, s")

struct w4_noise_profile {
    char name[32];
#define X(member, text) double member;
    W4_NOISE_LEVELS(X)
#undef X
};

// "quiet", "typical-apu", "laptop", "hostile" (noise.c says where their levels come from); NULL for another name.
const struct w4_noise_profile *w4_noise_profile_find(const char *name);
// The i-th of them; NULL behind the last.
const struct w4_noise_profile *w4_noise_profile_at(size_t i);

// The machine while one process (or two that take turns) runs: time goes on as work and waiting pass.
struct w4_noise_machine {
    const struct w4_noise_profile *profile; // borrowed
    struct w4_rng rng;
    double time_s, busy_s;
    double night, drift;
    double throttled_until_s;
};

struct w4_noise_machine w4_noise_machine_start(const struct w4_noise_profile *profile, uint64_t seed, uint64_t night,
                                               uint64_t process);
// `busy`: the GPU worked; else it cooled nothing and only drifted.
void w4_noise_machine_pass(struct w4_noise_machine *machine, double seconds, bool busy);
// What of the machine's state is its clock: cold start and throttling. exp(-this) is the clock over its best.
double w4_noise_machine_clock(const struct w4_noise_machine *machine);

// One case in one process. `key` names the case whatever its code object (kernel name and grid).
struct w4_noise_case {
    double factor;      // of this case's noise
    double clock_share; // how much of the machine's state it feels
    double offset;      // night and process
    bool bimodal, slow_mode;
    double mode_size;
    double phase_checked_s;
};

struct w4_noise_case w4_noise_case_start(const struct w4_noise_profile *profile, uint64_t seed, uint64_t key,
                                         uint64_t night, uint64_t process);
// Log factor of a sample taken now; uses the machine's random numbers.
double w4_noise_sample(struct w4_noise_machine *machine, struct w4_noise_case *state);

#endif
