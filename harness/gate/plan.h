// What a night's gate set out to do on a measured device: the design of its confirmations and which cases were its
// controls. Recorded in the result file ("gate"), so that the decision can be taken again from the files alone.
#ifndef W4_HARNESS_GATE_PLAN_H
#define W4_HARNESS_GATE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

struct w4_gate_plan {
    bool active;  // false: nothing was confirmed (`run`, or modelled times, which are exact)
    double alpha; // chance of any false alarm in the suite; the rest as in statistics/blocks.h
    double pass_alpha;
    int32_t comparisons; // cases that could raise an alarm
    int32_t pass_blocks; // blocks before the early look that can only pass
    int32_t first_blocks, step_blocks, cap_blocks;
    int32_t visit_samples;   // timed windows each time a process has its turn; a block has four turns
    double injected_share;   // slowdown of the positive control: 0.08 = 8 % fewer TFLOPS
    double process_limit_s;  // a process that answers later is killed
    uint64_t coin_seed;      // of the order within blocks
    char same_case[192];     // control A/A: the same code object on both sides; "" when there was none
    char injected_case[192]; // control whose candidate is slowed down; "" when there was none
};

#endif
