// Loads series with their changes, and writes them for a terminal or as markdown.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../table.h"
#include "nights.h"

enum { SPARK_WIDTH = 100, RUNS_SHOWN = 30, DATE_LENGTH = 10 };

// Times and clocks as the detector wants them: NaN where there is none.
static enum w4_status find_changes(struct w4_trend *trend, struct w4_error *error)
{
    size_t count = trend->points.count;
    bool clocks_known = false;
    double *times = calloc(count + 1, sizeof(*times));
    double *clocks = calloc(count + 1, sizeof(*clocks));
    enum w4_status status = W4_OK;
    if (!times || !clocks)
        status = w4_fail(error, W4_MEMORY, "out of memory for a series of %zu runs", count);
    for (size_t i = 0; status == W4_OK && i < count; ++i) {
        const struct w4_history_point *point = &trend->points.items[i];
        times[i] = w4_history_is_figure(point) ? point->time_ms : (double)NAN;
        clocks[i] = point->engine_mhz > 0 ? point->engine_mhz : (double)NAN;
        clocks_known |= point->engine_mhz > 0;
    }
    if (status == W4_OK)
        status =
            w4_changes_find(times, clocks_known ? clocks : NULL, count, W4_TREND_MIN_LOG_RATIO, &trend->changes, error);
    free(times);
    free(clocks);
    return status;
}

enum w4_status w4_trends_load(struct w4_history *history, const char *pattern, const char *device_key,
                              struct w4_trends *trends, struct w4_error *error)
{
    struct w4_history_series_list list;
    *trends = (struct w4_trends){0};
    enum w4_status status = w4_history_find_series(history, pattern, device_key, &list, error);
    if (status != W4_OK)
        return status;
    if (list.count == 0)
        status = w4_fail(error, W4_NOT_FOUND, "no case in the history matches \"%s\"%s%s", pattern,
                         device_key ? " on device " : "", device_key ? device_key : "");
    trends->items = calloc(list.count + 1, sizeof(*trends->items));
    if (!trends->items)
        status = w4_fail(error, W4_MEMORY, "out of memory for %zu series", list.count);
    for (size_t i = 0; i < list.count && status == W4_OK; ++i) {
        struct w4_trend *trend = &trends->items[trends->count++];
        trend->series = list.items[i];
        status = w4_history_points(history, &trend->series, &trend->points, error);
        if (status == W4_OK)
            status = find_changes(trend, error);
    }
    w4_history_series_fini(&list);
    if (status != W4_OK)
        w4_trends_fini(trends);
    return status;
}

void w4_trends_fini(struct w4_trends *trends)
{
    for (size_t i = 0; i < trends->count; ++i) {
        w4_history_points_fini(&trends->items[i].points);
        w4_change_list_fini(&trends->items[i].changes);
    }
    free(trends->items);
    *trends = (struct w4_trends){0};
}

static void write_head(const struct w4_trend *trend, FILE *out)
{
    const struct w4_history_series *series = &trend->series;
    fprintf(out, "%s\n%s, ", series->case_id, series->device_key);
    if (series->modelled)
        fprintf(out, "modelled (%s) at %.0f MHz", series->model_version, series->clock_mhz);
    else
        fputs("measured", out);
    fprintf(out, "; TFLOPS of %zu runs, %.*s .. %.*s\n", trend->points.count, (int)DATE_LENGTH,
            trend->points.items[0].time_utc, (int)DATE_LENGTH, trend->points.items[trend->points.count - 1].time_utc);
}

// "first 20.4 (run 1), lowest 18.9 (run 9), highest 20.5 (run 3), last 18.95 (run 12)".
static void write_extremes(const struct w4_history_points *points, const char *indent, FILE *out)
{
    static const char *const words[] = {"first", "lowest", "highest", "last"};
    const struct w4_history_point *found[4] = {0};
    size_t without = 0;
    for (size_t i = 0; i < points->count; ++i) {
        const struct w4_history_point *point = &points->items[i];
        if (!w4_history_is_figure(point)) {
            ++without;
            continue;
        }
        found[0] = found[0] ? found[0] : point;
        found[1] = !found[1] || point->tflops < found[1]->tflops ? point : found[1];
        found[2] = !found[2] || point->tflops > found[2]->tflops ? point : found[2];
        found[3] = point;
    }
    fputs(indent, out);
    for (int i = 0; i < 4 && found[i]; ++i)
        fprintf(out, "%s%s %.4g (run %lld)", i ? ", " : "", words[i], found[i]->tflops, (long long)found[i]->run);
    if (without)
        fprintf(out, "%s%zu without a figure (x wrong, \xc2\xb7 not measured)", found[0] ? "; " : "", without);
    fputc('\n', out);
}

static bool changes_level(enum w4_change_kind kind)
{
    return kind == W4_CHANGE_STEP || kind == W4_CHANGE_RAMP || kind == W4_CHANGE_CLOCK;
}

// The last figure before the point at `index`, or NULL.
static const struct w4_history_point *figure_before(const struct w4_history_points *points, size_t index)
{
    while (index-- > 0) {
        if (w4_history_is_figure(&points->items[index]))
            return &points->items[index];
    }
    return NULL;
}

// Levels are times; people read TFLOPS, which are as their inverse.
static enum w4_status write_change(struct w4_history *history, const struct w4_trend *trend,
                                   const struct w4_change *change, const char *indent, FILE *out,
                                   struct w4_error *error)
{
    const struct w4_history_point *point = &trend->points.items[change->first];
    const struct w4_history_point *before = figure_before(&trend->points, change->first);
    double flop = point->tflops * point->time_ms;
    fprintf(out, "%s%s at run %lld (%.*s, revision %s): %+.1f %%, %.4g -> %.4g TFLOPS\n", indent,
            w4_change_word(change->kind), (long long)point->run, (int)DATE_LENGTH, point->time_utc, point->revision,
            100 * expm1(-change->log_ratio), flop / change->before, flop / change->after);
    if (!before || !changes_level(change->kind))
        return W4_OK;
    char deeper[32];
    char number[24];
    struct w4_history_info infos[2];
    const int64_t ids[] = {before->run, point->run};
    enum w4_status status = W4_OK;
    for (int i = 0; i < 2 && status == W4_OK; ++i) {
        snprintf(number, sizeof(number), "%lld", (long long)ids[i]);
        status = w4_history_find(history, number, &infos[i], error);
    }
    if (status != W4_OK)
        return status;
    snprintf(deeper, sizeof(deeper), "  %s", indent); // of a list item in markdown too
    fprintf(out, "%scode object %s\n", deeper,
            strcmp(before->code_object_hash, point->code_object_hash) == 0
                ? "unchanged: machine or driver, not the code"
                : "changed");
    return w4_nights_write_differences(history, &infos[0], &infos[1], deeper, out, error);
}

static enum w4_status write_changes(struct w4_history *history, const struct w4_trend *trend, const char *indent,
                                    FILE *out, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < trend->changes.count && status == W4_OK; ++i)
        status = write_change(history, trend, &trend->changes.items[i], indent, out, error);
    return status;
}

static struct w4_table *run_table(const struct w4_history_points *points)
{
    static const struct w4_column columns[] = {{"run", false},    {"time (UTC)", true}, {"revision", true},
                                               {"TFLOPS", false}, {"change", false},    {"code object", true}};
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = points->count > RUNS_SHOWN ? points->count - RUNS_SHOWN : 0; i < points->count; ++i) {
        const struct w4_history_point *point = &points->items[i];
        const struct w4_history_point *before = figure_before(points, i);
        w4_table_cell(table, W4_COLOUR_NONE, "%lld", (long long)point->run);
        w4_table_cell(table, W4_COLOUR_NONE, "%s", point->time_utc);
        w4_table_cell(table, W4_COLOUR_NONE, "%s", point->revision);
        if (!w4_history_is_figure(point)) {
            w4_table_cell(table, W4_COLOUR_BAD, "%s", point->state);
            before = NULL;
        } else {
            w4_table_cell(table, W4_COLOUR_NONE, "%.4g", point->tflops);
        }
        w4_table_cell(table, W4_COLOUR_NONE, before ? "%+.1f %%" : "-",
                      before ? 100 * (point->tflops / before->tflops - 1) : 0.0);
        w4_table_cell(table, W4_COLOUR_DIM, "%.8s", point->code_object_hash);
    }
    return table;
}

static enum w4_status write_terminal(struct w4_history *history, const struct w4_trends *trends, FILE *out,
                                     bool colours, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < trends->count && status == W4_OK; ++i) {
        const struct w4_trend *trend = &trends->items[i];
        fputs(i ? "\n" : "", out);
        write_head(trend, out);
        w4_spark_write(&trend->points, SPARK_WIDTH, trends->count == 1 ? 4 : 1, "  ", out);
        write_extremes(&trend->points, "  ", out);
        status = write_changes(history, trend, "  ", out, error);
    }
    if (status != W4_OK || trends->count != 1)
        return status;
    struct w4_table *table = run_table(&trends->items[0].points);
    fputc('\n', out);
    int failed = w4_table_write_terminal(table, out, colours);
    w4_table_destroy(table);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for the table of runs") : W4_OK;
}

static enum w4_status write_markdown(struct w4_history *history, const struct w4_trends *trends, FILE *out,
                                     struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < trends->count && status == W4_OK; ++i) {
        const struct w4_trend *trend = &trends->items[i];
        fputs("### ", out);
        write_head(trend, out);
        write_extremes(&trend->points, "\n- ", out);
        status = write_changes(history, trend, "- ", out, error);
        if (status != W4_OK)
            return status;
        fprintf(out, "\n<details>\n<summary>The last %zu runs</summary>\n\n",
                trend->points.count > RUNS_SHOWN ? (size_t)RUNS_SHOWN : trend->points.count);
        struct w4_table *table = run_table(&trend->points);
        if (w4_table_write_markdown(table, out) != 0)
            status = w4_fail(error, W4_MEMORY, "out of memory for the table of runs");
        w4_table_destroy(table);
        fputs("\n</details>\n\n", out);
    }
    return status;
}

enum w4_status w4_trends_write(struct w4_history *history, const struct w4_trends *trends, enum w4_format format,
                               FILE *out, bool colours, struct w4_error *error)
{
    switch (format) {
    case W4_FORMAT_MARKDOWN: return write_markdown(history, trends, out, error);
    case W4_FORMAT_JSON: return w4_trends_json(trends, out, error);
    case W4_FORMAT_SVG: return w4_trends_svg(trends, out, error);
    default: return write_terminal(history, trends, out, colours, error);
    }
}
