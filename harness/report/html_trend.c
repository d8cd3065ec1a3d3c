// Trends: a picture a layer and M, a line a kernel and kind of operands, with the changes that the history found.
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../history/nights.h"
#include "../text.h"
#include "gallery.h"
#include "html.h"

static const struct w4_result *find_result(const struct w4_run *run, const char *id)
{
    for (size_t i = 0; i < run->case_count; ++i) {
        if (strcmp(run->cases[i].test.id, id) == 0)
            return &run->cases[i];
    }
    return NULL;
}

// The case of the run that a series is about; NULL when it is another's, or of another timing model or clock.
static const struct w4_case *case_of(const struct w4_run *run, const struct w4_trend *trend)
{
    const struct w4_history_series *series = &trend->series;
    const struct w4_result *result = find_result(run, series->case_id);
    if (!result || strcmp(series->model_version, run->device.model_key) != 0 ||
        fabs(series->clock_mhz - run->clock_mhz) > 0)
        return NULL;
    return &result->test;
}

static bool is_same_picture(const struct w4_case *a, const struct w4_case *b)
{
    return strcmp(a->model, b->model) == 0 && strcmp(a->layer, b->layer) == 0 && a->shape.m == b->shape.m;
}

static size_t count_points(const struct w4_trends *trends)
{
    size_t count = 0;
    for (size_t i = 0; i < trends->count; ++i)
        count += trends->items[i].points.count + trends->items[i].changes.count;
    return count;
}

// One line; returns how many nights it has.
static size_t add_line(struct w4_canvas *canvas, const struct w4_case *test, const struct w4_trend *trend)
{
    char title[W4_NAME_MAX];
    size_t nights = 0;
    snprintf(title, sizeof(title), "%.30s %s g%" PRId64 " %s", test->kernel, w4_text_dtype(test->shape.dtype),
             test->shape.group_size, w4_text_zero_point(test->shape.zero_point));
    for (size_t i = 0; i < trend->points.count; ++i) {
        const struct w4_history_point *point = &trend->points.items[i];
        if (!w4_history_is_figure(point))
            continue;
        w4_canvas_point(canvas, title, w4_trend_seconds(point->time_utc), point->tflops, NULL);
        ++nights;
    }
    return nights;
}

static void add_changes(struct w4_canvas *canvas, const struct w4_trend *trend)
{
    for (size_t i = 0; i < trend->changes.count; ++i) {
        const struct w4_change *change = &trend->changes.items[i];
        const struct w4_history_point *point = &trend->points.items[change->first];
        if (w4_history_is_figure(point))
            w4_canvas_point(canvas, "change", w4_trend_seconds(point->time_utc), point->tflops,
                            w4_change_word(change->kind));
    }
}

static void add_picture(struct w4_gallery *gallery, const struct w4_case *first, struct w4_canvas *canvas)
{
    const struct w4_report *report = gallery->report;
    const struct w4_trends *trends = report->trends;
    size_t nights = 0;
    for (size_t i = 0; i < trends->count; ++i) {
        const struct w4_case *test = case_of(report->run, &trends->items[i]);
        if (!test || !is_same_picture(test, first) || canvas->series_count + 1 >= W4_CANVAS_SERIES_MAX)
            continue;
        size_t line = add_line(canvas, test, &trends->items[i]);
        nights = line > nights ? line : nights;
    }
    if (nights < 2)
        return; // no line yet
    size_t lines = canvas->series_count;
    for (size_t i = 0; i < trends->count; ++i) {
        const struct w4_case *test = case_of(report->run, &trends->items[i]);
        if (test && is_same_picture(test, first))
            add_changes(canvas, &trends->items[i]);
    }
    char caption[256];
    snprintf(caption, sizeof(caption), "%.60s %.60s, M %" PRId64, first->model, first->layer, first->shape.m);
    const struct w4_plot_setting settings[] = {
        {"y_title", report->run->device.modelled ? "TFLOPS, modelled" : "TFLOPS, measured", 0},
        {"line_count", NULL, (double)lines},
    };
    struct w4_plot plot = {.template_name = "trend",
                           .width = 440,
                           .height = 330,
                           .settings = settings,
                           .setting_count = sizeof(settings) / sizeof(settings[0])};
    w4_gallery_hang(gallery, &plot, canvas, caption);
}

static bool is_first_of_picture(const struct w4_report *report, size_t index, const struct w4_case *test)
{
    for (size_t i = 0; i < index; ++i) {
        const struct w4_case *other = case_of(report->run, &report->trends->items[i]);
        if (other && is_same_picture(other, test))
            return false;
    }
    return true;
}

void w4_html_add_trend(struct w4_gallery *gallery)
{
    const struct w4_report *report = gallery->report;
    if (!report->trends)
        return;
    w4_gallery_begin(
        gallery, "trend", "Trend", "small",
        "The same cases over the runs of the history, on this device, timing model and clock. Circles mark "
        "where the history sees a change; `w4bench history trend CASE` says what changed with it.");
    for (size_t i = 0; i < report->trends->count; ++i) {
        const struct w4_case *test = case_of(report->run, &report->trends->items[i]);
        struct w4_canvas canvas;
        if (!test || !is_first_of_picture(report, i, test))
            continue;
        if (w4_canvas_init(&canvas, count_points(report->trends)))
            add_picture(gallery, test, &canvas);
        else
            gallery->view->failed = true;
        w4_canvas_fini(&canvas);
    }
    w4_gallery_end(gallery);
}
