// Where a series turned bad between a good and a bad run. A pure function of the values.
#ifndef W4_HISTORY_BISECT_H
#define W4_HISTORY_BISECT_H

#include <stddef.h>

enum w4_bisect_kind {
    W4_BISECT_FOUND,
    W4_BISECT_NOT_BAD,   // the bad run is within tolerance of the good one: nothing to look for
    W4_BISECT_UNMEASURED // the good or the bad run has no figure
};

// What a run says of a case.
enum w4_bisect_state {
    W4_BISECT_FIGURE, // right, with a figure
    W4_BISECT_WRONG,  // ran and was wrong: bad whatever its figure
    W4_BISECT_UNKNOWN // not run, failed to run, or not timed: tells nothing
};

struct w4_bisect_value {
    enum w4_bisect_state state;
    double tflops; // > 0 for FIGURE
};

struct w4_bisect {
    enum w4_bisect_kind kind;
    size_t last_good, first_bad; // indices
    size_t unknown;              // runs between the two that tell nothing: the change is in one of them or in first_bad
    size_t bad_before;           // bad runs before last_good: the series had recovered from them
    double loss;                 // of first_bad against the good run, as a fraction of its TFLOPS; 1 when it is wrong
};

// values[0] is the good run and values[count - 1] the bad one, in order of time, count >= 2. A run is bad when it is
// wrong or has lost more than `tolerance` (0.05 = 5 %) of the good run's TFLOPS. The first bad run is the one behind
// the last run that was not bad.
struct w4_bisect w4_bisect(const struct w4_bisect_value *values, size_t count, double tolerance);

#endif
