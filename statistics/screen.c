// Change against the baseline and the threshold that it is held against.
#include "screen.h"

#include <math.h>

#include "normal.h"
#include "order.h"

enum { SPREAD_NIGHTS_LEAST = 3 };

double w4_screen_change(double now, double before, double anchor_now, double anchor_before)
{
    if (!(now > 0 && before > 0 && anchor_now > 0 && anchor_before > 0))
        return NAN;
    return log(now / before) - log(anchor_now / anchor_before);
}

double w4_screen_threshold(double delta, double spread, double effect, double miss)
{
    const double half = delta / 2;
    if (!(spread >= 0))
        return half;
    return fmin(half, effect - w4_normal_quantile(1 - miss) * spread);
}

double w4_screen_spread(const double *log_figures, size_t count, size_t baseline_nights)
{
    if (count < SPREAD_NIGHTS_LEAST || baseline_nights == 0)
        return NAN;
    const double night = w4_wider_deviation(log_figures, count);
    return night * sqrt(1 + M_PI / 2 / (double)baseline_nights);
}

enum w4_screen w4_screen_of(double change, double threshold, double delta)
{
    if (!isfinite(change))
        return W4_SCREEN_BLIND;
    if (change > threshold)
        return W4_SCREEN_SLOWER;
    return change < -delta / 2 ? W4_SCREEN_FASTER : W4_SCREEN_CLEAR;
}
