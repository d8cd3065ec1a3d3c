// Levels, looks and sensitivity of an A/B confirmation.
#include "blocks.h"

#include <math.h>

#include "binomial.h"
#include "normal.h"
#include "order.h"

// sqrt(pi / 2): standard error of the median over that of the mean, for a normal sample.
static const double median_over_mean_error = 1.2533141373155003;

struct w4_block_design w4_block_design_usual(size_t comparisons)
{
    struct w4_block_design design = {
        .tolerance = 0.05,
        .alpha = 0.05,
        .comparisons = comparisons,
        .step_blocks = 28,
        .pass_alpha = 0.05,
    };
    const size_t looks = 4;
    const size_t smallest = w4_interval_smallest(design.alpha / (double)comparisons / (double)looks);
    design.first_blocks = smallest > 16 ? smallest : 16;
    design.cap_blocks = design.first_blocks + (looks - 1) * design.step_blocks;
    design.pass_blocks = w4_interval_smallest(design.pass_alpha);
    return design;
}

size_t w4_block_looks(const struct w4_block_design *design)
{
    if (design->cap_blocks <= design->first_blocks || design->step_blocks == 0)
        return 1;
    return 1 + (design->cap_blocks - design->first_blocks + design->step_blocks - 1) / design->step_blocks;
}

double w4_block_alpha(const struct w4_block_design *design)
{
    return design->alpha / (double)design->comparisons / (double)w4_block_looks(design);
}

enum w4_status w4_block_check(const struct w4_block_design *design, struct w4_error *error)
{
    if (!(design->tolerance > 0 && design->tolerance < 1))
        return w4_fail(error, W4_RANGE, "tolerance %g: a share between 0 and 1, such as 0.05", design->tolerance);
    if (!(design->alpha > 0 && design->alpha < 1))
        return w4_fail(error, W4_RANGE, "alpha %g: a probability between 0 and 1, such as 0.05", design->alpha);
    if (!(design->pass_alpha >= 0 && design->pass_alpha < 1))
        return w4_fail(error, W4_RANGE, "pass_alpha %g: a probability such as 0.05, or 0 for the level of a failure",
                       design->pass_alpha);
    if (design->comparisons == 0)
        return w4_fail(error, W4_RANGE, "a design for 0 cases decides nothing");
    if (design->cap_blocks < design->first_blocks)
        return w4_fail(error, W4_RANGE, "at most %zu blocks, but %zu before the first look", design->cap_blocks,
                       design->first_blocks);
    if (design->cap_blocks > design->first_blocks && design->step_blocks == 0)
        return w4_fail(error, W4_RANGE, "from %zu to %zu blocks in steps of 0", design->first_blocks,
                       design->cap_blocks);
    const size_t smallest = w4_interval_smallest(w4_block_alpha(design));
    if (design->first_blocks < smallest)
        return w4_fail(error, W4_RANGE,
                       "%zu blocks can never fail a case: alpha %g over %zu cases and %zu looks takes at least %zu",
                       design->first_blocks, design->alpha, design->comparisons, w4_block_looks(design), smallest);
    return W4_OK;
}

static double mean_log(const double *times, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
        if (!(times[i] > 0))
            return NAN;
        sum += log(times[i]);
    }
    return count ? sum / (double)count : NAN;
}

double w4_block_difference(const double *a, size_t a_count, const double *b, size_t b_count)
{
    return mean_log(b, b_count) - mean_log(a, a_count);
}

// How many blocks there are at the next look behind `count`; `count` when there is none.
static size_t next_look(const struct w4_block_design *design, size_t count)
{
    if (count < design->pass_blocks && design->pass_blocks < design->first_blocks)
        return design->pass_blocks;
    if (count < design->first_blocks)
        return design->first_blocks;
    if (count >= design->cap_blocks)
        return count;
    return design->cap_blocks - count < design->step_blocks ? design->cap_blocks : count + design->step_blocks;
}

struct w4_block_decision w4_block_decide(const struct w4_block_design *design, const double *d, size_t count,
                                         bool same_code)
{
    const double delta = w4_log_of_loss(design->tolerance);
    struct w4_block_decision decision = {.outcome = W4_OUTCOME_INCONCLUSIVE};
    decision.interval = w4_median_interval(d, count, w4_block_alpha(design));
    decision.pass_upper =
        design->pass_alpha > 0 ? w4_median_interval(d, count, design->pass_alpha).upper : decision.interval.upper;
    if (count >= design->first_blocks)
        decision.outcome = w4_outcome_of(&decision.interval, delta, same_code);
    // What looks like a gain goes on to a look that can say so.
    const bool may_pass = count >= design->first_blocks || (design->pass_blocks > 0 && count >= design->pass_blocks &&
                                                            decision.interval.median >= -delta);
    if (decision.outcome == W4_OUTCOME_INCONCLUSIVE && may_pass && decision.pass_upper < delta)
        decision.outcome = W4_OUTCOME_PASS;
    if (decision.outcome == W4_OUTCOME_INCONCLUSIVE)
        decision.more_blocks = next_look(design, count) - count;
    return decision;
}

double w4_block_detectable(double delta, double alpha, double power, double sigma_d, size_t blocks)
{
    const size_t rank = w4_interval_rank(blocks, alpha);
    if (rank == 0)
        return INFINITY;
    const double s = median_over_mean_error * sigma_d / sqrt((double)blocks);
    const double z_alpha = w4_normal_quantile(1 - alpha / 2);
    const double z_power = w4_normal_quantile(power);
    // The share of blocks below 0 at which P(at most rank - 1 of them) is still `power`.
    const double below = w4_proportion_upper(rank - 1, blocks, power);
    const double exact = -w4_normal_quantile(below) * sigma_d;
    return fmax(fmax(delta + z_power * s, (z_alpha + z_power) * s), exact);
}
