// The gate: holds a run against stored baselines, case by case. Two-sided: a loss beyond tolerance fails, a gain beyond
// tolerance is reported and passes. A pure function of a result file and a baseline file.
#ifndef W4_HARNESS_GATE_H
#define W4_HARNESS_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../base/error.h"
#include "../statistics/decide.h"
#include "../statistics/ledger.h"
#include "../statistics/screen.h"
#include "baseline.h"
#include "results.h"

// X(code, word, exit code, JUnit element or NULL)
#define W4_VERDICTS(X)                                                                                                 \
    X(PASS, "PASS", 0, NULL)                                                                                           \
    X(IMPROVED, "IMPROVED", 0, NULL)                                                                                   \
    X(UNGATED, "RIGHT", 0, NULL)    /* verified, and held against no baselines */                                      \
    X(DRIFT, "DRIFT", 0, "skipped") /* the same code moved: machine or driver, never a regression */                   \
    X(FAIL, "FAIL", 1, "failure")   /* slower beyond the tolerance */                                                  \
    X(WRONG, "WRONG", 2, "failure")                                                                                    \
    X(INCONCLUSIVE, "INCONCLUSIVE", 3, "skipped") /* flagged, and not settled within the cap of blocks */              \
    X(INVALID, "INVALID", 3, "error")             /* faster than the chip can be: the measurement is at fault */       \
    X(MISSING, "MISSING", 3, "skipped")                                                                                \
    X(ERROR, "ERROR", 3, "error")

enum w4_verdict {
#define X(code, word, exit_code, junit) W4_VERDICT_##code,
    W4_VERDICTS(X)
#undef X
        W4_VERDICT_COUNT
};

const char *w4_verdict_word(enum w4_verdict verdict);
int w4_verdict_exit_code(enum w4_verdict verdict);
const char *w4_verdict_junit(enum w4_verdict verdict);

// What a verdict on a measured device rests on. Logarithms of time ratios: above 0 is slower.
struct w4_gate_evidence {
    bool screened;        // false: modelled, or never held against a baseline
    bool same_code;       // code object and variant are the baseline's
    bool anchored;        // the anchors' change was taken off log_change
    double log_change;    // ln(time / baseline's)
    double log_threshold; // beyond it the case was flagged
    enum w4_screen screen;
    size_t blocks;               // of the confirmation; 0: none, the rest is not set
    struct w4_interval interval; // of ln(candidate / baseline) at the level of a FAIL
    double pass_upper;           // its upper bound at the level of a PASS
};

struct w4_gate_item {
    const char *id; // borrowed from the run or the baselines
    enum w4_verdict verdict;
    const struct w4_result *result;        // NULL: in the baselines, not in the run
    const struct w4_baseline_entry *entry; // NULL: no baseline for it
    struct w4_figures figures;
    double tolerance;    // the one applied
    double change;       // new / baseline - 1; 0 without a baseline
    struct w4_frog frog; // without an entry its changes are NaN
    bool quarantined;    // its timing decides nothing tonight, and it is not among the counts
    bool quarantine_expired;
    struct w4_gate_evidence evidence;
    char note[768]; // why it is not PASS
};

struct w4_gate_control {
    const char *id; // of its case, borrowed from the run
    size_t blocks;  // usable ones; 0: there was no such control
    bool decided;   // the design asked for no more
    enum w4_outcome outcome;
    struct w4_interval interval;
    double sigma_d;    // deviation of the block values: what a change must stand out against
    char message[256]; // of the last block that failed
};

// A night's controls on a measured device.
struct w4_gate_controls {
    struct w4_gate_control same, injected;
    struct w4_control_night night; // for the ledger
    bool blind;                    // the injected slowdown was missed or absent
    char text[1280];               // for reports: one line
};

struct w4_gate {
    bool gated;                 // false: nothing was held against baselines
    struct w4_gate_item *items; // owned: the run's cases in order, then what is missing
    size_t count;
    size_t counts[W4_VERDICT_COUNT];
    size_t quarantined, quarantine_expired; // items in quarantine; entries whose quarantine has run out
    struct w4_gate_controls controls;       // text "" when times are modelled or nothing was gated
};

// Decides. `baselines` may be NULL: then right cases are UNGATED. With `informational` they stay so too, but carry the
// baseline and the change beside them. `tolerance` >= 0 replaces every entry's own.
// Fails (and decides nothing) when the two come from different devices or clocks.
// A baseline counts as expected when its suites hold the run's suite and the run's --filter, --model, --layer, --kernel
// and --m would have let it through.
enum w4_status w4_gate_decide(const struct w4_run *run, const struct w4_baselines *baselines, bool informational,
                              double tolerance, struct w4_gate *gate, struct w4_error *error);
void w4_gate_fini(struct w4_gate *gate);

// 2 (something wrong) before 1 (slower) before 3 (inconclusive, invalid, missing, or nothing measured) before 0.
int w4_gate_exit_code(const struct w4_gate *gate);
// "PASS", "FAIL", ... of the whole: the word of the exit code.
const char *w4_gate_word(const struct w4_gate *gate);

#endif
