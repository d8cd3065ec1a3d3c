// The screen: which cases a night's single figure makes suspicious enough for an A/B confirmation. It never fails a
// case.
#ifndef W4_STATISTICS_SCREEN_H
#define W4_STATISTICS_SCREEN_H

enum w4_screen {
    W4_SCREEN_CLEAR,  // within the threshold: passes
    W4_SCREEN_SLOWER, // beyond it: confirm
    W4_SCREEN_FASTER, // beyond it the other way: confirm, to suggest a new baseline
    W4_SCREEN_BLIND   // a time is missing or no number: nothing was measured
};

// Log time ratio against the baseline, freed of what the anchor kernels saw: ln(now / before) - ln(anchor_now /
// anchor_before). Pass 1 and 1 where there is no anchor. NaN when a time is not positive.
double w4_screen_change(double now, double before, double anchor_now, double anchor_before);

// Half of delta (delta: the tolerance as log time ratio), or less where the case is so noisy that a loss of `effect`
// (log time ratio) would be missed with a probability above `miss`: min(delta / 2, effect - z_(1-miss) * spread).
// `spread` is the deviation of w4_screen_change on unchanged code, from the case's own history; NaN (unknown): half of
// delta. The result may be negative: then every night confirms the case.
double w4_screen_threshold(double delta, double spread, double effect, double miss);

enum w4_screen w4_screen_of(double change, double threshold, double delta);

#endif
