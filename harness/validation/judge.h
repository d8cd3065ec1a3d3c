// Judges what the rows gave: error statistics a series, targets, and whether anything got worse than what was accepted.
// Pure functions of outcomes and accepted figures.
#ifndef W4_HARNESS_VALIDATION_JUDGE_H
#define W4_HARNESS_VALIDATION_JUDGE_H

#include "../../statistics/prediction.h"
#include "accepted.h"
#include "row.h"

struct w4_validation_judgement {
    size_t selected, done, failed, missing, open; // rows
    struct w4_prediction_statistics now;          // of the rows that are done
    // Of the rows that are done and accepted, as they are and as they were; count 0: none.
    struct w4_prediction_statistics common, accepted;
    size_t changed;                  // rows whose figure is not the accepted one
    size_t order_pairs, order_wrong; // of rows that differ by more than the target's threshold
    bool target_asked, target_met;   // of the rows that are done
    char missed[128];                // which targets are not met
    bool worse;
    char why_worse[128];
};

// `selected` marks the rows that were to run (NULL: all). `model` receives the figures as they are compared (relative
// series scaled to the hardware's mean), NaN where there is none; both have one element a row.
void w4_validation_judge(const struct w4_validation *validation, size_t series, const bool *selected,
                         const struct w4_validation_outcome *outcomes, const struct w4_accepted *accepted,
                         double *model, struct w4_validation_judgement *judgement);

struct w4_validation_change_judgement {
    size_t pairs, judged, wrong; // rows that both series ran; of those beyond the threshold; of those with a wrong sign
};
void w4_validation_judge_change(const struct w4_validation *validation, const struct w4_validation_change *change,
                                const struct w4_validation_outcome *outcomes,
                                struct w4_validation_change_judgement *judgement);

#endif
