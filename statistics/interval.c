// Ranks by the binomial tail at 1/2, bounds by sorting.
#include "interval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "binomial.h"
#include "order.h"

size_t w4_interval_smallest(double alpha)
{
    if (!(alpha > 0 && alpha < 1))
        return 0;
    return 1 + (size_t)ceil(-log2(alpha));
}

size_t w4_interval_rank(size_t count, double alpha)
{
    if (!(alpha > 0 && alpha < 1))
        return 0;
    // Ranks 1 .. low work, high does not (the bounds would cross at the middle at the latest).
    size_t low = 0;
    size_t high = count / 2 + 1;
    while (low + 1 < high) {
        const size_t k = low + (high - low) / 2;
        if (2 * w4_binomial_at_most(k - 1, count, 0.5) <= alpha)
            low = k;
        else
            high = k;
    }
    return low;
}

struct w4_interval w4_median_interval(const double *values, size_t count, double alpha)
{
    struct w4_interval interval = {NAN, -INFINITY, INFINITY, 1};
    double *sorted = count ? malloc(count * sizeof(*sorted)) : NULL;
    if (!sorted)
        return interval;
    memcpy(sorted, values, count * sizeof(*sorted));
    if (w4_sort(sorted, count)) {
        const size_t rank = w4_interval_rank(count, alpha);
        interval.median = w4_quantile_sorted(sorted, count, 0.5);
        if (rank > 0) {
            interval.lower = sorted[rank - 1];
            interval.upper = sorted[count - rank];
            interval.confidence = 1 - 2 * w4_binomial_at_most(rank - 1, count, 0.5);
        }
    }
    free(sorted);
    return interval;
}
