// Continuing a run: results of an earlier file stand in for cases that would be the same again.
#ifndef W4_HARNESS_RUN_RESUME_H
#define W4_HARNESS_RUN_RESUME_H

#include <stdbool.h>

#include "../base/error.h"
#include "results.h"

// Moves into *run what the earlier run finished with the same code object, and marks it in `done` (as long as
// run->cases); *earlier keeps the rest. Both must have the device and seed in common, and
// measured ones the machine and protocol, else W4_USAGE and nothing moves.
enum w4_status w4_run_adopt(struct w4_run *run, struct w4_run *earlier, bool *done, struct w4_error *error);

#endif
