// Tails by summing terms outwards from the tail's largest; bounds by bisection of a tail.
#include "binomial.h"

#include <math.h>
#include <stdbool.h>

static double log_term(uint64_t k, uint64_t trials, double p)
{
    const double n = (double)trials;
    const double x = (double)k;
    return lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1) + x * log(p) + (n - x) * log1p(-p);
}

// Sum of the terms first .. last, which lie on one side of the mode, the largest at `first` (descending: from last).
static double sum_terms(uint64_t from, uint64_t to, uint64_t trials, double p)
{
    const bool up = from <= to;
    const double odds = p / (1 - p);
    double term = exp(log_term(from, trials, p));
    double sum = term;
    for (uint64_t k = from; k != to && term > sum * 1e-18; up ? ++k : --k) {
        const double n = (double)trials;
        const double x = (double)k;
        term *= up ? (n - x) / (x + 1) * odds : x / (n - x + 1) / odds;
        sum += term;
    }
    return sum > 1 ? 1 : sum;
}

double w4_binomial_at_most(uint64_t k, uint64_t trials, double p)
{
    if (!(p >= 0 && p <= 1))
        return NAN;
    if (k >= trials || p <= 0)
        return 1;
    if (p >= 1)
        return 0;
    if ((double)k < (double)trials * p)
        return sum_terms(k, 0, trials, p);
    return 1 - sum_terms(k + 1, trials, trials, p);
}

double w4_binomial_at_least(uint64_t k, uint64_t trials, double p)
{
    if (!(p >= 0 && p <= 1))
        return NAN;
    if (k == 0)
        return 1;
    if (k > trials)
        return 0;
    return w4_binomial_at_most(trials - k, trials, 1 - p);
}

double w4_proportion_upper(uint64_t events, uint64_t trials, double alpha)
{
    if (events > trials || !(alpha > 0 && alpha < 1))
        return NAN;
    if (events == trials)
        return 1;
    if (events == 0)
        return -expm1(log(alpha) / (double)trials);
    double low = 0;
    double high = 1;
    for (int i = 0; i < 100 && low < high; ++i) {
        const double p = 0.5 * (low + high);
        if (w4_binomial_at_most(events, trials, p) > alpha)
            low = p;
        else
            high = p;
    }
    return high;
}

double w4_proportion_lower(uint64_t events, uint64_t trials, double alpha)
{
    if (events > trials || !(alpha > 0 && alpha < 1))
        return NAN;
    return events == 0 ? 0 : 1 - w4_proportion_upper(trials - events, trials, alpha);
}
