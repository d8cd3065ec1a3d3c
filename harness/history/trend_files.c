// Series as JSON and as an SVG plot.
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../report/plot.h"
#include "nights.h"

enum { PLOT_WIDTH = 960, PLOT_HEIGHT = 420, SERIES_MAX = 16 };

static json_t *number_or_null(double value)
{
    return value > 0 ? json_real(value) : json_null();
}

static json_t *points_json(const struct w4_history_points *points)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < points->count; ++i) {
        const struct w4_history_point *point = &points->items[i];
        json_t *item = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:I}", "run", (json_int_t)point->run,
                                 "time_utc", point->time_utc, "revision", point->revision, "state", point->state,
                                 "variant", point->variant, "code_object_hash", point->code_object_hash, "time_ms",
                                 number_or_null(point->time_ms), "tflops", number_or_null(point->tflops), "engine_mhz",
                                 number_or_null(point->engine_mhz), "samples", (json_int_t)point->samples);
        if (json_array_append_new(array, item) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *changes_json(const struct w4_trend *trend)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < trend->changes.count; ++i) {
        const struct w4_change *change = &trend->changes.items[i];
        json_t *item = json_pack("{s:s, s:I, s:I, s:f, s:f, s:f, s:f}", "kind", w4_change_word(change->kind),
                                 "first_run", (json_int_t)trend->points.items[change->first].run, "last_run",
                                 (json_int_t)trend->points.items[change->last].run, "before_ms", change->before,
                                 "after_ms", change->after, "log_ratio", change->log_ratio, "significance",
                                 isfinite(change->significance) ? change->significance : 0.0);
        if (json_array_append_new(array, item) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

enum w4_status w4_trends_json(const struct w4_trends *trends, FILE *out, struct w4_error *error)
{
    json_t *array = json_array();
    int failed = !array;
    for (size_t i = 0; !failed && i < trends->count; ++i) {
        const struct w4_trend *trend = &trends->items[i];
        const struct w4_history_series *series = &trend->series;
        failed = json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:b, s:f, s:o, s:o}", "case", series->case_id,
                                                        "device_key", series->device_key, "model_version",
                                                        series->model_version, "modelled", series->modelled,
                                                        "clock_mhz", series->clock_mhz, "points",
                                                        points_json(&trend->points), "changes", changes_json(trend)));
    }
    failed = failed || json_dumpf(array, out, JSON_INDENT(2) | JSON_SORT_KEYS) != 0 || fputc('\n', out) == EOF;
    json_decref(array);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for the series, or they cannot be written") : W4_OK;
}

// gnuplot writes them as dates.
double w4_trend_seconds(const char *time_utc)
{
    struct tm utc = {0};
    return strptime(time_utc, "%Y-%m-%dT%H:%M:%SZ", &utc) ? (double)timegm(&utc) : NAN;
}

struct drawing {
    struct w4_plot_series *series;
    struct w4_plot_point *points, *change_points;
    char (*titles)[320];
    size_t series_count, point_count, change_count;
};

static void add_series(struct drawing *drawing, const struct w4_trend *trend)
{
    struct w4_plot_series *series = &drawing->series[drawing->series_count];
    char *title = drawing->titles[drawing->series_count];
    series->points = drawing->points + drawing->point_count;
    for (size_t i = 0; i < trend->points.count; ++i) {
        const struct w4_history_point *point = &trend->points.items[i];
        if (w4_history_is_figure(point))
            drawing->points[drawing->point_count++] =
                (struct w4_plot_point){.x = w4_trend_seconds(point->time_utc), .y = point->tflops};
    }
    series->count = (size_t)(drawing->points + drawing->point_count - series->points);
    if (series->count == 0)
        return; // a series that was never right has no line
    snprintf(title, sizeof(*drawing->titles), "%s (%s%s)", trend->series.case_id,
             trend->series.modelled ? "modelled: " : "measured", trend->series.model_version);
    series->title = title;
    ++drawing->series_count;
    for (size_t i = 0; i < trend->changes.count; ++i) {
        const struct w4_change *change = &trend->changes.items[i];
        const struct w4_history_point *point = &trend->points.items[change->first];
        drawing->change_points[drawing->change_count++] = (struct w4_plot_point){
            .x = w4_trend_seconds(point->time_utc), .y = point->tflops, .label = w4_change_word(change->kind)};
    }
}

static enum w4_status draw(struct drawing *drawing, FILE *out, struct w4_error *error)
{
    size_t lines = drawing->series_count;
    if (lines == 0)
        return w4_fail(error, W4_NOT_FOUND, "nothing to plot: no run has a figure");
    if (drawing->change_count > 0)
        drawing->series[drawing->series_count++] =
            (struct w4_plot_series){"change", drawing->change_points, drawing->change_count};
    const struct w4_plot_setting settings[] = {{.name = "y_title", .text = "TFLOPS"},
                                               {.name = "line_count", .number = (double)lines}};
    const struct w4_plot plot = {.template_name = "trend",
                                 .width = PLOT_WIDTH,
                                 .height = PLOT_HEIGHT,
                                 .settings = settings,
                                 .setting_count = sizeof(settings) / sizeof(settings[0]),
                                 .series = drawing->series,
                                 .series_count = drawing->series_count};
    char *svg = NULL;
    enum w4_status status = w4_plot_svg(&plot, &svg, error);
    if (status == W4_OK)
        fputs(svg, out);
    free(svg);
    return status;
}

enum w4_status w4_trends_svg(const struct w4_trends *trends, FILE *out, struct w4_error *error)
{
    if (trends->count > SERIES_MAX)
        return w4_fail(error, W4_USAGE, "%zu series are too many for one plot (%d at most): name a case or a device",
                       trends->count, (int)SERIES_MAX);
    struct drawing drawing = {0};
    size_t points = 0;
    size_t changes = 0;
    for (size_t i = 0; i < trends->count; ++i) {
        points += trends->items[i].points.count;
        changes += trends->items[i].changes.count;
    }
    drawing.series = calloc(trends->count + 1, sizeof(*drawing.series));
    drawing.titles = calloc(trends->count + 1, sizeof(*drawing.titles));
    drawing.points = calloc(points + 1, sizeof(*drawing.points));
    drawing.change_points = calloc(changes + 1, sizeof(*drawing.change_points));
    enum w4_status status = W4_OK;
    if (!drawing.series || !drawing.titles || !drawing.points || !drawing.change_points)
        status = w4_fail(error, W4_MEMORY, "out of memory for a plot of %zu points", points);
    for (size_t i = 0; i < trends->count && status == W4_OK; ++i)
        add_series(&drawing, &trends->items[i]);
    if (status == W4_OK)
        status = draw(&drawing, out, error);
    free(drawing.series);
    free(drawing.titles);
    free(drawing.points);
    free(drawing.change_points);
    return status;
}
