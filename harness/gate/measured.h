// Verdicts on a measured device: screen, confirmation, controls. Pure functions of a run and its baselines; nothing is
// measured here, and nothing but the run's own record is read, so that every decision replays.
#ifndef W4_HARNESS_GATE_MEASURED_H
#define W4_HARNESS_GATE_MEASURED_H

#include "../gate.h"

// Machine fingerprints of all baselines that the run is held against must be the run's: W4_USAGE names the fields that
// differ, else.
enum w4_status w4_gate_check_machine(const struct w4_run *run, const struct w4_baselines *baselines,
                                     struct w4_error *error);

// The screen alone: what ln(time / baseline) is once the anchors' change is taken off, and whether it asks for a
// confirmation. The item has its result, its entry, its figures and its tolerance.
void w4_gate_screen(struct w4_gate_item *item, const struct w4_run *run);

// The verdict of an item that was screened, with what the recorded blocks say.
enum w4_status w4_gate_judge_measured(struct w4_gate_item *item, const struct w4_run *run, struct w4_error *error);

// What the recorded controls prove.
enum w4_status w4_gate_judge_controls(const struct w4_run *run, struct w4_gate_controls *controls,
                                      struct w4_error *error);

#endif
