// The design of an A/B confirmation: how many blocks, at which level, when more. A block is one fresh process pair,
// measured in the order ABBA or BAAB (by coin), so that linear drift cancels; its value is the log time ratio d.
#ifndef W4_STATISTICS_BLOCKS_H
#define W4_STATISTICS_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/error.h"
#include "decide.h"

struct w4_block_design {
    double tolerance;    // share of TFLOPS that may be lost: 0.05
    double alpha;        // chance of any false alarm in the whole suite, both sides together
    size_t comparisons;  // N: how many cases could raise one (multiplicity: Bonferroni)
    size_t first_blocks; // before the first look
    size_t step_blocks;  // added after each look that was inconclusive; 0 only when cap equals first
    size_t cap_blocks;   // at most
    // A PASS proven at a level of its own, two-sided, without multiplicity: a loss that slips through a PASS is no
    // false alarm, and proving N passes at alpha / N costs several times the blocks. 0: the level of a FAIL.
    double pass_alpha;
    size_t pass_blocks; // an early look that can only pass; 0: none
};

struct w4_block_decision {
    enum w4_outcome outcome;
    struct w4_interval interval; // of d, at w4_block_alpha
    double pass_upper;           // what lay below the tolerance for a PASS: the upper bound at pass_alpha
    size_t more_blocks;          // measure so many more and decide again; 0: the outcome is final
};

// The suite's own: 5 % tolerance, alpha 0.05, an early look at 6 blocks, then 16 (or as many as N takes), +28 up to 3
// times. docs/gate-proof.md shows what it catches and what others cost.
struct w4_block_design w4_block_design_usual(size_t comparisons);

// Looks that can fail a case: 1 + (cap - first) / step, rounded up.
size_t w4_block_looks(const struct w4_block_design *design);
// Level of one look at one case: alpha / comparisons / looks.
double w4_block_alpha(const struct w4_block_design *design);
// RANGE for a design that is no design, or whose first look could never fire: the message says how many blocks it
// takes.
enum w4_status w4_block_check(const struct w4_block_design *design, struct w4_error *error);

// d of one block: mean ln(b) - mean ln(a) of its times (any unit). NaN when a time is not positive or one side is
// empty.
double w4_block_difference(const double *a, size_t a_count, const double *b, size_t b_count);

// Decides on the blocks so far, d[0 .. count - 1]. Blocks that failed are not in `d`: a NaN among them is inconclusive
// for good. Below the next look it asks for the rest.
struct w4_block_decision w4_block_decide(const struct w4_block_design *design, const double *d, size_t count,
                                         bool same_code);

// Smallest change (log time ratio) that `blocks` blocks of deviation `sigma_d` detect with probability `power` at
// two-sided level `alpha`: max(delta + z_b s, (z_a + z_b) s, r), s = 1.2533 sigma_d / sqrt(n), the standard error of
// the median of a normal sample. The second term takes the sign test's lower bound for a normal one: at 20 blocks and
// alpha 0.05 / 200 it promises 95 % where 60 % are reached. r is exact: the change at which, of n normal blocks, no
// more than the lower bound's rank - 1 fall below 0 with probability `power`. INFINITY when the blocks are too few to
// ever fire.
double w4_block_detectable(double delta, double alpha, double power, double sigma_d, size_t blocks);

#endif
