// When a process has sampled enough, and when a warm-up has settled.
#ifndef W4_STATISTICS_PRECISION_H
#define W4_STATISTICS_PRECISION_H

#include <stdbool.h>
#include <stddef.h>

// Half the width of the median's exact 95 % interval over the median; INFINITY below 6 samples, NaN for unusable ones.
double w4_relative_error(const double *times, size_t count);

struct w4_stop_rule {
    double relative_error; // precise at or below; 0.002
    size_t min_samples;    // never stop before, budget aside
    size_t max_samples;
    double budget_s; // time spent sampling
};

enum w4_stop {
    W4_STOP_NOT_YET,
    W4_STOP_PRECISE, // the target was met
    W4_STOP_SAMPLES, // max_samples reached, target not met: to be marked
    W4_STOP_BUDGET   // budget spent, target not met: to be marked
};

enum w4_stop w4_stop_of(const struct w4_stop_rule *rule, const double *times, size_t count, double spent_s);

// True when a warm-up has levelled out: the medians of the last two windows of `window` values differ by at most
// `tolerance` (share), and so do those two from the window before them. Works on clocks and on times.
bool w4_is_settled(const double *values, size_t count, size_t window, double tolerance);

#endif
