// The plots of the page: which there are, from which figures. What could not be drawn is said in its place.
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../compare.h"
#include "../text.h"
#include "html.h"
#include "plot.h"
#include "svg.h"

enum { SERIES_MAX = 8, LABEL_MAX = 96 };

// One picture in the making: points of up to SERIES_MAX series, and their texts.
struct canvas {
    struct w4_plot_point *points[SERIES_MAX];
    struct w4_plot_series series[SERIES_MAX];
    char titles[SERIES_MAX][W4_NAME_MAX];
    size_t series_count;
    size_t capacity; // points a series
    char (*labels)[LABEL_MAX];
    size_t label_count;
};

static bool canvas_init(struct canvas *canvas, size_t capacity)
{
    memset(canvas, 0, sizeof(*canvas));
    canvas->capacity = capacity;
    canvas->labels = calloc(capacity, sizeof(*canvas->labels));
    bool failed = !canvas->labels;
    for (size_t i = 0; i < SERIES_MAX; ++i) {
        canvas->points[i] = calloc(capacity, sizeof(*canvas->points[i]));
        failed |= !canvas->points[i];
    }
    return !failed;
}

static void canvas_fini(struct canvas *canvas)
{
    for (size_t i = 0; i < SERIES_MAX; ++i)
        free(canvas->points[i]);
    free(canvas->labels);
}

// The series of that title, made when there is none; NULL when there are too many.
static struct w4_plot_series *canvas_series(struct canvas *canvas, const char *title)
{
    for (size_t i = 0; i < canvas->series_count; ++i) {
        if (strcmp(canvas->titles[i], title) == 0)
            return &canvas->series[i];
    }
    if (canvas->series_count == SERIES_MAX)
        return NULL;
    size_t i = canvas->series_count++;
    w4_text_copy(canvas->titles[i], sizeof(canvas->titles[i]), title);
    canvas->series[i] = (struct w4_plot_series){.title = canvas->titles[i], .points = canvas->points[i]};
    return &canvas->series[i];
}

static void canvas_point(struct canvas *canvas, const char *title, double x, double y, const char *label)
{
    struct w4_plot_series *series = canvas_series(canvas, title);
    if (!series || series->count == canvas->capacity)
        return;
    size_t index = (size_t)(series - canvas->series);
    canvas->points[index][series->count++] = (struct w4_plot_point){x, y, label};
}

static const char *canvas_label(struct canvas *canvas, const char *text)
{
    if (canvas->label_count == canvas->capacity)
        return "";
    char *label = canvas->labels[canvas->label_count++];
    w4_text_copy(label, LABEL_MAX, text);
    return label;
}

// Where finished pictures go.
struct gallery {
    struct w4_view *view;
    const struct w4_report *report;
    json_t *groups, *plots; // of the page, of the group at hand
    size_t count;           // pictures so far
    bool no_gnuplot;
};

static void begin_group(struct gallery *gallery, const char *anchor, const char *title, const char *size,
                        const char *text)
{
    json_t *group = w4_view_item(gallery->view, gallery->groups);
    w4_view_text(gallery->view, group, "anchor", "%s", anchor);
    w4_view_text(gallery->view, group, "title", "%s", title);
    w4_view_text(gallery->view, group, "short", "%s", title);
    w4_view_text(gallery->view, group, "size", "%s", size);
    w4_view_text(gallery->view, group, "text", "%s", text);
    gallery->plots = w4_view_list(gallery->view, group, "plots");
}

static void end_group(struct gallery *gallery)
{
    if (json_array_size(gallery->plots) == 0 &&
        json_array_remove(gallery->groups, json_array_size(gallery->groups) - 1) != 0)
        gallery->view->failed = true;
    gallery->plots = NULL;
}

static void hang(struct gallery *gallery, struct w4_plot *plot, struct canvas *canvas, const char *caption)
{
    struct w4_error error = {0};
    char prefix[24];
    char *svg = NULL;
    if (gallery->no_gnuplot)
        return;
    plot->series = canvas->series;
    plot->series_count = canvas->series_count;
    enum w4_status status = w4_plot_svg(plot, &svg, &error);
    snprintf(prefix, sizeof(prefix), "p%zu-", ++gallery->count);
    char *fitted = svg ? w4_svg_for_page(svg, prefix, caption) : NULL;
    if (status != W4_OK || !fitted) {
        gallery->no_gnuplot = true;
        w4_view_text(gallery->view, gallery->view->root, "plots_missing", "Left out: %s",
                     status == W4_OK ? "gnuplot's picture is not the SVG that is expected" : error.message);
    } else {
        json_t *entry = w4_view_item(gallery->view, gallery->plots);
        w4_view_text(gallery->view, entry, "caption", "%s", caption);
        w4_view_markup(gallery->view, entry, "svg", fitted);
    }
    free(fitted);
    free(svg);
}

static const struct w4_gate_item *plotted_item(const struct w4_report *report, size_t index)
{
    const struct w4_gate_item *item = &report->gate->items[index];
    return item->result && item->result->state == W4_CASE_OK && item->figures.timed ? item : NULL;
}

// Everything but M and the kernel: the same curve's picture.
static bool is_same_layer(const struct w4_case *a, const struct w4_case *b)
{
    return strcmp(a->model, b->model) == 0 && strcmp(a->layer, b->layer) == 0 && a->shape.n == b->shape.n &&
           a->shape.k == b->shape.k && a->shape.group_size == b->shape.group_size && a->shape.dtype == b->shape.dtype &&
           a->shape.zero_point == b->shape.zero_point && a->shape.a_pitch == b->shape.a_pitch &&
           a->shape.w_pitch == b->shape.w_pitch;
}

static void operands_text(const struct w4_shape *shape, char *out, size_t size)
{
    snprintf(out, size, "%s g%" PRId64 " %s", w4_text_dtype(shape->dtype), shape->group_size,
             w4_text_zero_point(shape->zero_point));
}

static int compare_x(const void *left, const void *right)
{
    const struct w4_plot_point *a = left;
    const struct w4_plot_point *b = right;
    return (a->x > b->x) - (a->x < b->x);
}

static void add_curve(struct gallery *gallery, const struct w4_case *first, struct canvas *canvas, const char *y_title)
{
    const struct w4_report *report = gallery->report;
    double low = INFINITY;
    double high = 0;
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = plotted_item(report, i);
        if (!item || !is_same_layer(&item->result->test, first))
            continue;
        double m = (double)item->result->test.shape.m;
        canvas_point(canvas, item->result->test.kernel, m, item->figures.tflops, NULL);
        low = fmin(low, m);
        high = fmax(high, m);
    }
    if (!(high > low))
        return;
    for (size_t i = 0; i < canvas->series_count; ++i)
        qsort(canvas->points[i], canvas->series[i].count, sizeof(**canvas->points), compare_x);
    char caption[320];
    char operands[64];
    operands_text(&first->shape, operands, sizeof(operands));
    snprintf(caption, sizeof(caption), "%s %s, N %" PRId64 ", K %" PRId64 ", %s", first->model, first->layer,
             first->shape.n, first->shape.k, operands);
    const struct w4_plot_setting settings[] = {
        {"plot_title", "", 0}, {"x_title", "M (rows of activations)", 0}, {"y_title", y_title, 0}, {"x_log", NULL, 1}};
    struct w4_plot plot = {.template_name = "lines",
                           .width = 440,
                           .height = 300,
                           .settings = settings,
                           .setting_count = sizeof(settings) / sizeof(settings[0])};
    hang(gallery, &plot, canvas, caption);
}

static bool is_first_of_layer(const struct w4_report *report, size_t index)
{
    for (size_t i = 0; i < index; ++i) {
        const struct w4_gate_item *item = plotted_item(report, i);
        if (item && is_same_layer(&item->result->test, &report->gate->items[index].result->test))
            return false;
    }
    return true;
}

static void add_curves(struct gallery *gallery)
{
    const struct w4_report *report = gallery->report;
    char y_title[W4_NAME_MAX + 16];
    snprintf(y_title, sizeof(y_title), "TFLOPS, %s", report->run->device.modelled ? "modelled" : "measured");
    begin_group(gallery, "curves", "TFLOPS against M", "small",
                "One picture a layer and kind of operands, one line a kernel; M on a logarithmic axis.");
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = plotted_item(report, i);
        struct canvas canvas;
        if (!item || !is_first_of_layer(report, i))
            continue;
        if (canvas_init(&canvas, report->gate->count))
            add_curve(gallery, &item->result->test, &canvas, y_title);
        else
            gallery->view->failed = true;
        canvas_fini(&canvas);
    }
    end_group(gallery);
}

// FLOP a byte when every operand crosses the memory bus once: packed weights, scales, zero points, A and C.
static double least_bytes(const struct w4_shape *shape)
{
    double m = (double)shape->m;
    double n = (double)shape->n;
    double k = (double)shape->k;
    return n * k / 2 + n * k / (double)shape->group_size * (shape->zero_point ? 4 : 2) + 2 * m * k + 2 * m * n;
}

// Ceilings measured by others on gfx1151: register-only WMMA (W4_WMMA_CEILING_*), reads from LPDDR5X (240.5 GB/s, 1
// GiB) and from the memory-side cache (930 to 965 GB/s).
static void add_roofline(struct gallery *gallery)
{
    const struct w4_report *report = gallery->report;
    const struct w4_run *run = report->run;
    double clock_ghz = run->clock_mhz > 0 ? run->clock_mhz * 1e-3 : 2.89;
    double peak = W4_WMMA_CEILING_FLOP_PER_CLOCK_CU * W4_GFX1151_CUS * clock_ghz * 1e-3;
    char peak_title[96];
    struct canvas canvas;
    double low = 1;
    if (!canvas_init(&canvas, report->gate->count + 1)) {
        gallery->view->failed = true;
        canvas_fini(&canvas);
        return;
    }
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = plotted_item(report, i);
        if (!item)
            continue;
        const struct w4_shape *shape = &item->result->test.shape;
        double flop = 2.0 * (double)shape->m * (double)shape->n * (double)shape->k;
        canvas_point(&canvas, item->result->test.kernel, flop / least_bytes(shape), item->figures.tflops, NULL);
        low = fmin(low, item->figures.tflops);
    }
    snprintf(peak_title, sizeof(peak_title), "WMMA at %.2f GHz: %.1f TFLOPS", clock_ghz, peak);
    const struct w4_plot_setting settings[] = {
        {"plot_title", "", 0},
        {"x_title", "FLOP a byte of DRAM traffic, each operand moved once", 0},
        {"y_title", run->device.modelled ? "TFLOPS, modelled" : "TFLOPS, measured", 0},
        {"x_low", NULL, 1},
        {"x_high", NULL, 1e4},
        {"y_low", NULL, low / 2},
        {"y_high", NULL, 2 * peak},
        {"peak_tflops", NULL, peak},
        {"peak_title", peak_title, 0},
        {"slope_count", NULL, 2},
        {"slope_1_gbytes", NULL, 240.5},
        {"slope_1_title", "DRAM, 240.5 GB/s read", 0},
        {"slope_2_gbytes", NULL, 945},
        {"slope_2_title", "memory-side cache, 945 GB/s", 0},
    };
    struct w4_plot plot = {.template_name = "roofline",
                           .width = 860,
                           .height = 440,
                           .settings = settings,
                           .setting_count = sizeof(settings) / sizeof(settings[0])};
    begin_group(
        gallery, "roofline", "Roofline", "large",
        "How far each case is from what the chip can do. The ceilings were measured by others on real hardware; "
        "a case left of the bend is bound by memory.");
    if (canvas.series_count > 0)
        hang(gallery, &plot, &canvas,
             run->device.modelled ? "Modelled rate against arithmetic intensity"
                                  : "Measured rate against arithmetic intensity");
    end_group(gallery);
    canvas_fini(&canvas);
}

static void add_bars_of(struct gallery *gallery, const char *model, struct canvas *canvas)
{
    const struct w4_compare *compare = gallery->report->compare;
    size_t rows = 0;
    double high = 0;
    for (size_t i = 0; i < compare->count; ++i) {
        const struct w4_compare_row *row = &compare->rows[i];
        const struct w4_case *test = &row->before->test;
        struct w4_figures before;
        struct w4_figures after;
        char text[LABEL_MAX];
        char operands[64];
        if (!isfinite(row->speed_up) || strcmp(test->model, model) != 0)
            continue;
        w4_figures_of(row->before, &before);
        w4_figures_of(row->after, &after);
        operands_text(&test->shape, operands, sizeof(operands));
        snprintf(text, sizeof(text), "%.24s M %" PRId64 " %s", test->layer, test->shape.m, operands);
        double y = (double)++rows;
        canvas_point(canvas, compare->from, before.tflops, y, canvas_label(canvas, text));
        canvas_point(canvas, compare->to, after.tflops, y, NULL);
        high = fmax(high, fmax(before.tflops, after.tflops));
    }
    if (rows == 0)
        return;
    char caption[256];
    snprintf(caption, sizeof(caption), "%.64s: %s and %s", model, compare->from, compare->to);
    const struct w4_plot_setting settings[] = {
        {"plot_title", "", 0},
        {"x_title", gallery->report->run->device.modelled ? "TFLOPS, modelled" : "TFLOPS, measured", 0},
        {"x_high", NULL, 1.12 * high},
        {"row_count", NULL, (double)rows},
        {"stacked", NULL, 0},
    };
    struct w4_plot plot = {.template_name = "bars",
                           .width = 860,
                           .height = (unsigned)(90 + 34 * rows),
                           .settings = settings,
                           .setting_count = sizeof(settings) / sizeof(settings[0])};
    hang(gallery, &plot, canvas, caption);
}

static void add_bars(struct gallery *gallery)
{
    const struct w4_compare *compare = gallery->report->compare;
    if (!compare || compare->compared == 0)
        return;
    char text[256];
    snprintf(text, sizeof(text), "%zu pairs, geometric mean of the speed-ups %.3fx (above 1: %s is faster).",
             compare->compared, compare->mean, compare->to);
    begin_group(gallery, "before-after", "Before and after", "large", text);
    for (size_t i = 0; i < compare->count; ++i) {
        const char *model = compare->rows[i].before->test.model;
        struct canvas canvas;
        if (i > 0 && strcmp(model, compare->rows[i - 1].before->test.model) == 0)
            continue;
        if (canvas_init(&canvas, compare->count))
            add_bars_of(gallery, model, &canvas);
        else
            gallery->view->failed = true;
        canvas_fini(&canvas);
    }
    end_group(gallery);
}

void w4_html_add_plots(struct w4_view *view, const struct w4_report *report)
{
    struct gallery gallery = {.view = view, .report = report};
    gallery.groups = w4_view_list(view, view->root, "plot_groups");
    add_curves(&gallery);
    add_bars(&gallery);
    add_roofline(&gallery);
}
