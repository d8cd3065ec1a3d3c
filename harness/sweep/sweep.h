// `w4bench sweep`: every variant on every shape, and what follows from it. A sweep's result file is an ordinary one in
// which a case's kernel is a variant's id; everything here is a pure function of such a run, the manifest and the rule
// tables.
#ifndef W4_HARNESS_SWEEP_SWEEP_H
#define W4_HARNESS_SWEEP_SWEEP_H

#include <stdbool.h>
#include <stdio.h>

#include "../catalog.h"
#include "../report/report.h"
#include "../results.h"

// The cases of a sweep: each shape of `shapes` (their kernels do not matter) with every variant that fits it, in the
// manifest's order. `filter` as in struct w4_selection, on the ids that result. None left is W4_NOT_FOUND.
enum w4_status w4_sweep_cases(const struct w4_cases *shapes, const struct w4_manifest *manifest, const char *filter,
                              struct w4_cases *cases, struct w4_error *error);

// ---- ranking
// ---------------------------------------------------------------------------------------------------------

struct w4_sweep_entry {
    const struct w4_result *result; // borrowed from the run: right and timed
    double time_ms, tflops;
};

struct w4_sweep_shape {
    const struct w4_case *test;     // of one of its results: the shape, model and layer
    struct w4_sweep_entry *entries; // owned, fastest first
    size_t count;
    size_t failed; // results without a right figure
};

struct w4_sweep {
    struct w4_sweep_shape *shapes; // owned, in the run's order
    size_t count;
    size_t usable; // shapes with at least one entry
};

enum w4_status w4_sweep_rank(const struct w4_run *run, struct w4_sweep *sweep, struct w4_error *error);
void w4_sweep_fini(struct w4_sweep *sweep);

// The entry of a variant, NULL when it has no right figure on this shape.
const struct w4_sweep_entry *w4_sweep_find(const struct w4_sweep_shape *shape, const char *variant_id);

// ---- rule tables held against the best
// -------------------------------------------------------------------------------

struct w4_sweep_score {
    char name[W4_NAME_MAX];
    size_t chosen, without;             // shapes where its choice has a figure; where it has none, or no variant
    double share;                       // best time / its time, geometric mean over `chosen`; NaN when 0
    double worst_share;                 // the least of them
    const struct w4_sweep_shape *worst; // where; NULL when nothing was chosen
};

enum w4_status w4_sweep_score(const struct w4_sweep *sweep, const struct w4_manifest *manifest, const char *folder,
                              const char *name, struct w4_sweep_score *score, struct w4_error *error);

// ---- a rule table from the results
// -----------------------------------------------------------------------------------

// Rules that give every swept shape its best variant, or one within `slack` (0.01 = 1 % more time) of it, with as few
// rules as a greedy search finds: each rule is the condition that covers most of what is left and has one tile that
// suits all of it. A range of M ends at a swept M; an M between two swept ones gets the larger one's tile.
// The file's text; the caller frees it. *rules: how many.
enum w4_status w4_sweep_fit_rules(const struct w4_sweep *sweep, const struct w4_manifest *manifest, const char *name,
                                  const char *note, double slack, char **json_text, size_t *rules,
                                  struct w4_error *error);

// ---- writing
// ---------------------------------------------------------------------------------------------------------

// The best variants of each shape with their distance. format: W4_FORMAT_TABLE or _MARKDOWN, as below.
enum w4_status w4_sweep_write_best(const struct w4_sweep *sweep, const char *label, enum w4_format format, FILE *out,
                                   bool colours, struct w4_error *error);
enum w4_status w4_sweep_write_scores(const struct w4_sweep_score *scores, size_t count, size_t shapes,
                                     enum w4_format format, FILE *out, bool colours, struct w4_error *error);

// One table for every base variant that the rule table `base` chooses: the base, then each swept variant that differs
// from it along one axis only, with TFLOPS (geometric mean over the shapes that both ran) and difference. Axes along
// which there is no variant are named.
enum w4_status w4_sweep_write_ablation(const struct w4_sweep *sweep, const struct w4_manifest *manifest,
                                       const char *folder, const char *base, const char *label, enum w4_format format,
                                       FILE *out, bool colours, struct w4_error *error);

#endif
