// A run together with what it is held against: baselines of its device, published figures, verdicts.
#ifndef W4_HARNESS_EVALUATION_H
#define W4_HARNESS_EVALUATION_H

#include <stdbool.h>

#include "../base/file.h"
#include "baseline.h"
#include "catalog.h"
#include "compare.h"
#include "gate.h"
#include "history/nights.h"
#include "model_errors.h"
#include "prefill.h"
#include "report/report.h"
#include "results.h"

#define W4_DEFAULT_SUITE  "pr"
#define W4_PUBLISHED_FILE "gfx1151-published.json" // beside the baselines, and none of them

struct w4_evaluation {
    struct w4_run run;
    struct w4_baselines baselines;
    bool has_baselines;
    struct w4_published published;
    struct w4_gate gate;
    struct w4_prefill prefill;
    struct w4_run before; // case_count 0: none; loaded by the caller
    struct w4_compare compare;
    struct w4_model_errors errors; // of the model that gave the times
    struct w4_trends trends;       // loaded by the caller, if at all
};

enum w4_evaluate {
    W4_EVALUATE_SHOW,   // baselines of the same device and clock are shown, no verdict follows from them
    W4_EVALUATE_REPORT, // they decide when there are any
    W4_EVALUATE_GATE    // they must be there: without them every right case is MISSING
};

// Fills everything but the run, which must be there already. Call w4_evaluation_fini in any case.
enum w4_status w4_evaluate(struct w4_evaluation *evaluation, const struct w4_paths *paths, enum w4_evaluate mode,
                           double tolerance, struct w4_error *error);
void w4_evaluation_fini(struct w4_evaluation *evaluation);
// Borrows from the evaluation.
struct w4_report w4_evaluation_report(const struct w4_evaluation *evaluation);

#endif
