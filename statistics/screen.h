// The screen: which cases a night's single figure makes suspicious enough for an A/B confirmation. It never fails a
// case.
#ifndef W4_STATISTICS_SCREEN_H
#define W4_STATISTICS_SCREEN_H

#include <stddef.h>

enum w4_screen {
    W4_SCREEN_CLEAR,  // within the threshold: passes
    W4_SCREEN_SLOWER, // beyond it: confirm
    W4_SCREEN_FASTER, // beyond it the other way: confirm, to suggest a new baseline
    W4_SCREEN_BLIND   // a time is missing or no number: nothing was measured
};

// Log time ratio against the baseline, freed of what the anchor kernels saw: ln(now / before) - ln(anchor_now /
// anchor_before). Pass 1 and 1 where there is no anchor. NaN when a time is not positive.
double w4_screen_change(double now, double before, double anchor_now, double anchor_before);

// What the suite's own threshold is for: a loss of 8 % of the TFLOPS is to be missed in at most 1 % of cases.
#define W4_SCREEN_LOSS 0.08
#define W4_SCREEN_MISS 0.01

// Half of delta (delta: the tolerance as log time ratio), or less where the case is so noisy that a loss of `effect`
// (log time ratio) would be missed with a probability above `miss`: min(delta / 2, effect - z_(1-miss) * spread).
// `spread` is the deviation of w4_screen_change on unchanged code, from the case's own history; NaN (unknown): half of
// delta. The result may be negative: then every night confirms the case.
double w4_screen_threshold(double delta, double spread, double effect, double miss);

// That spread, from the logarithms of the nightly figures of unchanged code (anchors taken off), when the baseline is
// the median of `baseline_nights` of them: sqrt(1 + pi / 2 / baseline_nights) times the larger of deviation and scaled
// MAD. NaN below 8 nights.
double w4_screen_spread(const double *log_figures, size_t count, size_t baseline_nights);

enum w4_screen w4_screen_of(double change, double threshold, double delta);

#endif
