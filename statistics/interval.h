// Exact confidence interval of a median, from the sign test: whatever the distribution, each independent value lies
// above its median with probability 1/2, so that [x(k), x(n+1-k)] misses with probability 2 P(Bin(n, 1/2) <= k - 1).
#ifndef W4_STATISTICS_INTERVAL_H
#define W4_STATISTICS_INTERVAL_H

#include <stddef.h>

struct w4_interval {
    double median;       // NaN when the sample is empty or holds a NaN
    double lower, upper; // -INFINITY and INFINITY when the sample is too small or unusable
    double confidence;   // what the interval really has: at least 1 - alpha; 1 when it is infinite
};

// Smallest count at which a finite interval exists at two-sided level `alpha`: 6 at 0.05, 8 at 0.01, 13 at 0.05/200, 16
// at 0.05/1000. A decision on fewer blocks can never be anything but inconclusive. 0 when alpha is outside 0..1.
size_t w4_interval_smallest(double alpha);

// The rank k (from 1) of the lower bound; n + 1 - k is the upper's. 0 when there is none.
size_t w4_interval_rank(size_t count, double alpha);

struct w4_interval w4_median_interval(const double *values, size_t count, double alpha);

#endif
