// `w4bench history`: between result files, the store of runs (history/) and what people read. Each writer is a pure
// function of the store.
#ifndef W4_HARNESS_HISTORY_NIGHTS_H
#define W4_HARNESS_HISTORY_NIGHTS_H

#include <stdbool.h>
#include <stdio.h>

#include "../../base/error.h"
#include "../../history/history.h"
#include "../../statistics/changepoint.h"
#include "../report/report.h"

// Adds a result file. The file is checked as every reader of results checks it; *added and *id as w4_history_add.
enum w4_status w4_nights_add_file(struct w4_history *history, const char *path, enum w4_history_added *added,
                                  int64_t *id, struct w4_error *error);

// The table of runs: W4_FORMAT_TABLE, _MARKDOWN or _JSON.
enum w4_status w4_nights_list(struct w4_history *history, const char *device_key, enum w4_format format, FILE *out,
                              struct w4_error *error);

// ---- trend
// -----------------------------------------------------------------------------------------------------------

// One series with the changes that statistics/changepoint.h finds in it.
struct w4_trend {
    struct w4_history_series series;
    struct w4_history_points points;
    struct w4_change_list changes; // indices count points
};

struct w4_trends {
    struct w4_trend *items; // owned
    size_t count;
};

// Smaller steps of a series are not called changes: ln of 2 %.
#define W4_TREND_MIN_LOG_RATIO 0.02

// Every series that the pattern selects (see w4_history_find_series); none is W4_NOT_FOUND.
enum w4_status w4_trends_load(struct w4_history *history, const char *pattern, const char *device_key,
                              struct w4_trends *trends, struct w4_error *error);
void w4_trends_fini(struct w4_trends *trends);

// W4_FORMAT_TABLE, _MARKDOWN, _JSON or _SVG (which needs gnuplot).
enum w4_status w4_trends_write(struct w4_history *history, const struct w4_trends *trends, enum w4_format format,
                               FILE *out, bool colours, struct w4_error *error);
// The writers behind it.
enum w4_status w4_trends_json(const struct w4_trends *trends, FILE *out, struct w4_error *error);
enum w4_status w4_trends_svg(const struct w4_trends *trends, FILE *out, struct w4_error *error);
// Seconds since 1970 of a run's time, the x of trend plots; NaN when it is no time.
double w4_trend_seconds(const char *time_utc);

// Draws the points into `rows` (1 to 4) lines of block characters, one column a point, each line behind `indent`; only
// the last `width` points. A point without a figure is a dot, a wrong one an x on the lowest line.
void w4_spark_write(const struct w4_history_points *points, size_t width, int rows, const char *indent, FILE *out);

// ---- bisect
// ----------------------------------------------------------------------------------------------------------

// What differs between two runs, one line each behind `indent`: revision and facts.
enum w4_status w4_nights_write_differences(struct w4_history *history, const struct w4_history_info *before,
                                           const struct w4_history_info *after, const char *indent, FILE *out,
                                           struct w4_error *error);

// Names the first bad run between the two for every case of the good run that `pattern` (NULL: all) selects.
// *found: cases that turned bad.
enum w4_status w4_nights_bisect(struct w4_history *history, const char *good, const char *bad, const char *pattern,
                                double tolerance, FILE *out, size_t *found, struct w4_error *error);

#endif
