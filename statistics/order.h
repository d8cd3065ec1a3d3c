// Order statistics: median, quantiles, median absolute deviation, and the spread of a sample. None changes its input.
// Each answers NaN when the sample is empty or holds a NaN, or when memory ran out: an unusable sample never yields a
// usable number.
#ifndef W4_STATISTICS_ORDER_H
#define W4_STATISTICS_ORDER_H

#include <stdbool.h>
#include <stddef.h>

// 1.4826 MAD and 0.7413 (Q3 - Q1) estimate the standard deviation of a normal sample (Rousseeuw & Croux 1993).
#define W4_MAD_TO_SIGMA 1.482602218505602

// Sorts ascending in place. False when a value is NaN; the order is then unspecified.
bool w4_sort(double *values, size_t count);

// The mean of the middle two when the count is even.
double w4_median(const double *values, size_t count);
// Linear interpolation between order statistics (Hyndman & Fan 1996, type 7); share in 0..1.
double w4_quantile(const double *values, size_t count, double share);
double w4_quantile_sorted(const double *sorted, size_t count, double share);
// Median absolute deviation from the median, unscaled.
double w4_mad(const double *values, size_t count);
double w4_mean(const double *values, size_t count);
// Standard deviation with count - 1 in the denominator; NaN below two values.
double w4_deviation(const double *values, size_t count);
// The larger of deviation and scaled MAD: a single outlier widens the first, a crowd of near ones the second.
double w4_wider_deviation(const double *values, size_t count);
// exp(mean(ln)); NaN when a value is not positive.
double w4_geometric_mean(const double *values, size_t count);

#endif
