// Binomial tails and exact bounds on a proportion.
#ifndef W4_STATISTICS_BINOMIAL_H
#define W4_STATISTICS_BINOMIAL_H

#include <stdint.h>

// P(X <= k) and P(X >= k) of `trials` trials at probability p; NaN when p is outside 0..1. Each is summed on its own
// side, so that small tails keep their digits.
double w4_binomial_at_most(uint64_t k, uint64_t trials, double p);
double w4_binomial_at_least(uint64_t k, uint64_t trials, double p);

// One-sided bounds on the probability behind `events` of `trials` at level `alpha` (Clopper & Pearson 1934): with
// confidence 1 - alpha it is at most the upper bound; 0 of n gives 1 - alpha^(1/n). Without trials nothing is known:
// 0 and 1. NaN when events > trials or alpha is outside 0..1. For a two-sided interval use alpha / 2 on both.
double w4_proportion_upper(uint64_t events, uint64_t trials, double alpha);
double w4_proportion_lower(uint64_t events, uint64_t trials, double alpha);

#endif
