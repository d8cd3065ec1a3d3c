// Outcome of an interval. Comparisons are written so that a NaN decides nothing.
#include "decide.h"

#include <math.h>

const char *w4_outcome_word(enum w4_outcome outcome)
{
    static const char *const words[] = {
#define X(code, word) [W4_OUTCOME_##code] = (word),
        W4_OUTCOMES(X)
#undef X
    };
    return words[outcome];
}

double w4_log_of_loss(double share)
{
    return share < 1 ? -log1p(-share) : NAN;
}

double w4_loss_of_log(double log_ratio)
{
    return -expm1(-log_ratio);
}

enum w4_outcome w4_outcome_of(const struct w4_interval *log_ratio, double delta, bool same_code)
{
    if (log_ratio->median > delta && log_ratio->lower > 0)
        return same_code ? W4_OUTCOME_DRIFT : W4_OUTCOME_FAIL;
    if (log_ratio->median < -delta && log_ratio->upper < 0)
        return same_code ? W4_OUTCOME_DRIFT : W4_OUTCOME_IMPROVED;
    return log_ratio->upper < delta ? W4_OUTCOME_PASS : W4_OUTCOME_INCONCLUSIVE;
}
