// Changes in a case's nightly series: where its level moved for good, and what only looks like that.
#ifndef W4_STATISTICS_CHANGEPOINT_H
#define W4_STATISTICS_CHANGEPOINT_H

#include <stddef.h>

#include "../base/error.h"

// X(code, word)
#define W4_CHANGES(X)                                                                                                  \
    X(STEP, "step")       /* one level before, another since `first` */                                                \
    X(RAMP, "ramp")       /* a slow slide from `first` to `last` */                                                    \
    X(SPIKE, "spike")     /* one night (or two) slower, then back: no change of level */                               \
    X(DIP, "dip")         /* one night (or two) faster, then back */                                                   \
    X(BIMODAL, "bimodal") /* hops between two levels from `first` to `last`: no change of level */                     \
    X(CLOCK, "clock")     /* the times stepped, the cycles did not: machine, not code */

enum w4_change_kind {
#define X(code, word) W4_CHANGE_##code,
    W4_CHANGES(X)
#undef X
        W4_CHANGE_COUNT
};

const char *w4_change_word(enum w4_change_kind kind);

struct w4_change {
    enum w4_change_kind kind;
    size_t first, last; // indices into the series; the first night that shows it, and the last (a step: first == last)
    double before, after; // levels around it (spike, dip: level and value; bimodal: lower and upper level)
    double log_ratio;     // ln(after / before): > 0 is slower
    double significance;  // log_ratio over its standard error
};

struct w4_change_list {
    struct w4_change *items; // owned, by `first`
    size_t count;
    double noise; // deviation of a night (log), from differences of neighbouring nights
};

// `times`: one value a night in the order of the nights (any unit); NaN or <= 0: not measured that night.
// `clocks_mhz` may be NULL, and hold NaN where unknown. `min_log_ratio`: smaller steps and ramps are not reported
// (0.02). Fewer than 6 measured nights give an empty list. Errors: RANGE, MEMORY.
enum w4_status w4_changes_find(const double *times, const double *clocks_mhz, size_t count, double min_log_ratio,
                               struct w4_change_list *list, struct w4_error *error);
void w4_change_list_fini(struct w4_change_list *list);

#endif
