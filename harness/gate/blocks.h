// From the recorded parts of A/B blocks to the values that the statistics decide on. A pure function of a result.
#ifndef W4_HARNESS_GATE_BLOCKS_H
#define W4_HARNESS_GATE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "../../statistics/blocks.h"
#include "../results.h"
#include "plan.h"

// The sides of a block, and what it was measured for: texts in the result file.
#define W4_SIDE_BASELINE  "baseline"
#define W4_SIDE_CANDIDATE "candidate"
#define W4_KIND_CONFIRM   "confirm"  // the kept code object against this one
#define W4_KIND_SAME      "same"     // A/A: this code object against itself
#define W4_KIND_INJECTED  "injected" // this code object against itself, slowed down

enum { W4_BLOCK_TURNS = 4, W4_BLOCK_ATTEMPTS = 2 };

struct w4_block_values {
    double *d; // owned: one a usable block, ln(candidate / baseline), in the order of measurement
    size_t count;
    size_t attempts;   // blocks begun
    size_t failed;     // of these, unusable
    bool broken;       // W4_BLOCK_ATTEMPTS failed one after the other: no more are measured
    char message[256]; // why the last failed one did
};

// Collects the blocks of one kind. A block counts when it has its four turns, two of each side, with samples, and the
// code objects are the expected ones. Call free(values->d) in any case.
enum w4_status w4_block_values_of(const struct w4_measured *measured, const char *kind, const char *baseline_hash,
                                  const char *candidate_hash, struct w4_block_values *values, struct w4_error *error);

// The plan's design for a case of this tolerance.
struct w4_block_design w4_gate_design(const struct w4_gate_plan *plan, double tolerance);

#endif
