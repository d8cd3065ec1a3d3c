// The live part of the gate on a measured device: plans the night, runs the confirmations and the controls, and records
// every block in the result file as it comes. What follows from them is decided elsewhere (measured.h).
#ifndef W4_HARNESS_GATE_CONFIRM_H
#define W4_HARNESS_GATE_CONFIRM_H

#include "../baseline.h"
#include "../context.h"
#include "../results.h"

// Refuses --blocks counts that could never fail a case of this selection, before hours are spent.
enum w4_status w4_gate_check_blocks(const struct w4_context *context, struct w4_error *error);

// `run` has just been measured and lies in `results_path`, which is written anew after every block. Cases that cannot
// be confirmed get a block that says why. Does nothing when times are modelled. `tolerance` as in w4_gate_decide.
enum w4_status w4_gate_confirm(const struct w4_context *context, const char *results_path, struct w4_run *run,
                               const struct w4_baselines *baselines, double tolerance, struct w4_error *error);

#endif
