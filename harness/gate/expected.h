// Which stored baselines a run should have covered, given what it had selected.
#ifndef W4_HARNESS_GATE_EXPECTED_H
#define W4_HARNESS_GATE_EXPECTED_H

#include <stdbool.h>

#include "../baseline.h"
#include "../results.h"

bool w4_gate_expects(const struct w4_run_options *options, const struct w4_baseline_entry *entry);

#endif
