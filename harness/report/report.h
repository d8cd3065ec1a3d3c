// Reports: one result model, several writers. Each is a pure function of a run, its gate verdicts and the published
// figures, so it can be redone on another machine.
#ifndef W4_HARNESS_REPORT_H
#define W4_HARNESS_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "../../base/error.h"
#include "../baseline.h"
#include "../gate.h"
#include "../prefill.h"
#include "../results.h"
#include "../table.h"

struct w4_compare;
struct w4_trends;
struct w4_model_errors;

struct w4_report {
    const struct w4_run *run;
    const struct w4_gate *gate;
    const struct w4_published *published; // NULL: none at hand
    const struct w4_prefill *prefill;     // NULL: no models at hand
    const struct w4_compare *compare;     // before and after, of two runs or two kernels; NULL: nothing to compare
    const struct w4_trends *trends;       // of the run's device from the history; NULL: no history was given
    const struct w4_model_errors *errors; // of the model that gave the times; NULL: unknown
};

enum w4_format {
    W4_FORMAT_TABLE,
    W4_FORMAT_MARKDOWN,
    W4_FORMAT_JSON,
    W4_FORMAT_JUNIT,
    W4_FORMAT_SVG,
    W4_FORMAT_HTML,
    W4_FORMAT_COUNT
};

// Writes the report; colours matter to the terminal table only. Stream errors are left in ferror(out).
enum w4_status w4_report_write(const struct w4_report *report, enum w4_format format, FILE *out, bool colours,
                               struct w4_error *error);

// Writes report.md, report.html, report.json and junit.xml into a folder, each atomically.
enum w4_status w4_report_save_all(const struct w4_report *report, const char *folder, struct w4_error *error);

// The writers behind w4_report_write.
enum w4_status w4_report_terminal(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error);
enum w4_status w4_report_markdown(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error);
enum w4_status w4_report_json(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error);
enum w4_status w4_report_junit(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error);
// The roofline as SVG (roofline.h); needs gnuplot.
enum w4_status w4_report_roofline(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error);
enum w4_status w4_report_html(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error);

// Parts that several writers share.

// "modelled (issue only)" or "measured".
const char *w4_report_label(const struct w4_run *run);
// One row a case, models as sections. NULL when memory ran out. The caller destroys it.
struct w4_table *w4_report_case_table(const struct w4_report *report);
// Where modelled time goes, one row a case that the execution-driven model timed; no rows when there is none.
bool w4_report_has_breakdown(const struct w4_run *run);
struct w4_table *w4_report_breakdown_table(const struct w4_report *report);
// Lines of text, each behind `bullet`: counts, speed-ups, distance to the ceiling.
void w4_report_summary(const struct w4_report *report, FILE *out, const char *bullet);
// The same: marks of measured cases, and hot figures; nothing in a modelled run.
void w4_report_measurement(const struct w4_report *report, FILE *out, const char *bullet);
// The same: what kind of times these are.
void w4_report_trust(const struct w4_report *report, FILE *out, const char *bullet);
// A line for each kind of published figure that the timing model was held against; nothing when that is unknown.
void w4_report_model_errors(const struct w4_report *report, FILE *out, const char *bullet);
// What the published figures are; nothing when there is none.
void w4_report_published(const struct w4_report *report, FILE *out, const char *bullet);
// True for what is listed above the full table: every verdict but PASS (or RIGHT), and every case with a note.
bool w4_report_is_listed(const struct w4_gate_item *item);
// "64x256x64 w8 u4", or "-" when no kernel was chosen.
enum { W4_TILE_TEXT_MAX = 80 };
void w4_report_tile(const struct w4_tile *tile, char text[W4_TILE_TEXT_MAX]);
// A change as a percentage, without the "-0.0" that rounding of the stored figure makes.
double w4_report_shown_percent(double change);
// Geometric mean of kernel `to` over kernel `from` over the right cases of a model that both ran (*pairs of them).
double w4_report_speed_up(const struct w4_run *run, const char *model, const char *from, const char *to, size_t *pairs);
// The time of a prompt for each model and M, a line each.
void w4_report_prefill(const struct w4_prefill *prefill, const char *label, FILE *out, const char *bullet);
// The same before and after, as a table below `compare`'s; nothing when no prompt is in both. `from` and `to` as in
// w4_compare_runs.
enum w4_status w4_report_prefill_compare(const struct w4_prefill *before, const struct w4_prefill *after,
                                         const char *from, const char *to, enum w4_format format, bool colours,
                                         FILE *out, struct w4_error *error);
// "gate: FAIL - 2 FAIL, 30 PASS of 32 cases".
void w4_report_verdict_line(const struct w4_gate *gate, FILE *out);

#endif
