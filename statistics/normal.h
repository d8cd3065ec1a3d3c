// The standard normal distribution.
#ifndef W4_STATISTICS_NORMAL_H
#define W4_STATISTICS_NORMAL_H

// P(Z <= z); accurate in both tails.
double w4_normal_cdf(double z);
// The z with P(Z <= z) = p; -INFINITY at 0, INFINITY at 1, NaN outside 0..1. Acklam's rational approximation (2003),
// relative error 1.2e-9, and one step of Halley's method, which brings it to double precision.
double w4_normal_quantile(double p);
// The approximation alone, for random deviates by the million; p in (0, 1).
double w4_normal_quantile_coarse(double p);

#endif
