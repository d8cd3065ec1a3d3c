// Relative error of a median, stop rule, settling.
#include "precision.h"

#include <math.h>

#include "interval.h"
#include "order.h"

double w4_relative_error(const double *times, size_t count)
{
    const struct w4_interval interval = w4_median_interval(times, count, 0.05);
    return (interval.upper - interval.lower) / 2 / interval.median;
}

enum w4_stop w4_stop_of(const struct w4_stop_rule *rule, const double *times, size_t count, double spent_s)
{
    if (count >= rule->min_samples && w4_relative_error(times, count) <= rule->relative_error)
        return W4_STOP_PRECISE;
    if (count >= rule->max_samples)
        return W4_STOP_SAMPLES;
    return spent_s < rule->budget_s ? W4_STOP_NOT_YET : W4_STOP_BUDGET;
}

bool w4_is_settled(const double *values, size_t count, size_t window, double tolerance)
{
    if (window == 0 || count / 3 < window)
        return false;
    const double *end = values + count;
    const double last = w4_median(end - window, window);
    for (size_t i = 2; i <= 3; ++i) {
        const double earlier = w4_median(end - i * window, window);
        if (!(fabs(last - earlier) <= tolerance * fabs(last)))
            return false;
    }
    return true;
}
