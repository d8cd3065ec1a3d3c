// What a comparison of two code objects concludes, from the interval of the log time ratio x = ln(t_now / t_before):
// x > 0 is slower. Says nothing of wrong results or missing measurements; those are not statistics.
#ifndef W4_STATISTICS_DECIDE_H
#define W4_STATISTICS_DECIDE_H

#include <stdbool.h>

#include "interval.h"

// X(code, word)
#define W4_OUTCOMES(X)                                                                                                 \
    X(PASS, "PASS")                                                                                                    \
    X(FAIL, "FAIL")                                                                                                    \
    X(IMPROVED, "IMPROVED")                                                                                            \
    X(INCONCLUSIVE, "INCONCLUSIVE")                                                                                    \
    X(DRIFT, "DRIFT") /* moved, with the same code object and geometry: machine or driver, never a regression */

enum w4_outcome {
#define X(code, word) W4_OUTCOME_##code,
    W4_OUTCOMES(X)
#undef X
        W4_OUTCOME_COUNT
};

const char *w4_outcome_word(enum w4_outcome outcome);

// A share of lost TFLOPS as log time ratio, and back: 5 % fewer TFLOPS is -ln 0.95 = 0.0513. NaN for a share >= 1.
double w4_log_of_loss(double share);
double w4_loss_of_log(double log_ratio);

// FAIL when median > delta and lower > 0; IMPROVED when median < -delta and upper < 0; PASS when upper < delta; else
// INCONCLUSIVE. `delta` is w4_log_of_loss(tolerance). With `same_code` FAIL and IMPROVED are DRIFT.
enum w4_outcome w4_outcome_of(const struct w4_interval *log_ratio, double delta, bool same_code);

#endif
