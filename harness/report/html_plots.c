// The plots of the page: which there are, from which figures. How they are drawn is gnuplot's business (plot.h), where
// they go the gallery's.
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../compare.h"
#include "../text.h"
#include "gallery.h"
#include "html.h"
#include "roofline.h"

enum { PICTURE_WIDTH = 860 }; // of the large ones

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

static void add_curve(struct w4_gallery *gallery, const struct w4_case *first, struct w4_canvas *canvas,
                      const char *y_title)
{
    const struct w4_report *report = gallery->report;
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = plotted_item(report, i);
        if (!item || !is_same_layer(&item->result->test, first))
            continue;
        double m = (double)item->result->test.shape.m;
        w4_canvas_point(canvas, item->result->test.kernel, m, item->figures.tflops, NULL);
    }
    size_t longest = 0;
    for (size_t i = 0; i < canvas->series_count; ++i)
        longest = canvas->series[i].count > longest ? canvas->series[i].count : longest;
    if (longest < 2)
        return; // no curve
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
    w4_gallery_hang(gallery, &plot, canvas, caption);
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

static void add_curves(struct w4_gallery *gallery)
{
    const struct w4_report *report = gallery->report;
    char y_title[W4_NAME_MAX + 16];
    snprintf(y_title, sizeof(y_title), "TFLOPS, %s", report->run->device.modelled ? "modelled" : "measured");
    w4_gallery_begin(gallery, "curves", "TFLOPS against M", "small",
                     "One picture a layer and kind of operands, one line a kernel; M on a logarithmic axis.");
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = plotted_item(report, i);
        struct w4_canvas canvas;
        if (!item || !is_first_of_layer(report, i))
            continue;
        if (w4_canvas_init(&canvas, report->gate->count))
            add_curve(gallery, &item->result->test, &canvas, y_title);
        else
            gallery->view->failed = true;
        w4_canvas_fini(&canvas);
    }
    w4_gallery_end(gallery);
}

static void add_roofline(struct w4_gallery *gallery)
{
    struct w4_roofline roofline;
    if (!w4_roofline_init(&roofline, gallery->report)) {
        gallery->view->failed = true;
        w4_roofline_fini(&roofline);
        return;
    }
    roofline.title[0] = '\0'; // the page says it
    w4_gallery_begin(
        gallery, "roofline", "Roofline", "large",
        "How far each case is from what the chip can do. The ceilings were measured by others on real hardware; "
        "a case left of the bend is bound by memory.");
    if (roofline.canvas.series_count > 0)
        w4_gallery_hang(gallery, &roofline.plot, &roofline.canvas,
                        gallery->report->run->device.modelled ? "Modelled rate against arithmetic intensity"
                                                              : "Measured rate against arithmetic intensity");
    w4_gallery_end(gallery);
    w4_roofline_fini(&roofline);
}

static void add_bars_of(struct w4_gallery *gallery, const char *model, struct w4_canvas *canvas)
{
    const struct w4_compare *compare = gallery->report->compare;
    size_t rows = 0;
    double high = 0;
    for (size_t i = 0; i < compare->count; ++i) {
        const struct w4_compare_row *row = &compare->rows[i];
        const struct w4_case *test = &row->before->test;
        struct w4_figures before;
        struct w4_figures after;
        char text[W4_CANVAS_LABEL_MAX];
        char operands[64];
        if (!isfinite(row->speed_up) || strcmp(test->model, model) != 0)
            continue;
        w4_figures_of(row->before, &before);
        w4_figures_of(row->after, &after);
        operands_text(&test->shape, operands, sizeof(operands));
        snprintf(text, sizeof(text), "%.24s M %" PRId64 " %s", test->layer, test->shape.m, operands);
        double y = (double)++rows;
        w4_canvas_point(canvas, compare->from, before.tflops, y, w4_canvas_label(canvas, text));
        w4_canvas_point(canvas, compare->to, after.tflops, y, NULL);
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
                           .width = PICTURE_WIDTH,
                           .height = (unsigned)(90 + 34 * rows),
                           .settings = settings,
                           .setting_count = sizeof(settings) / sizeof(settings[0])};
    w4_gallery_hang(gallery, &plot, canvas, caption);
}

static void add_bars(struct w4_gallery *gallery)
{
    const struct w4_compare *compare = gallery->report->compare;
    if (!compare || compare->compared == 0)
        return;
    char text[256];
    snprintf(text, sizeof(text), "%zu pairs, geometric mean of the speed-ups %.3fx (above 1: %s is faster).",
             compare->compared, compare->mean, compare->to);
    w4_gallery_begin(gallery, "before-after", "Before and after", "large", text);
    for (size_t i = 0; i < compare->count; ++i) {
        const char *model = compare->rows[i].before->test.model;
        struct w4_canvas canvas;
        if (i > 0 && strcmp(model, compare->rows[i - 1].before->test.model) == 0)
            continue;
        if (w4_canvas_init(&canvas, compare->count))
            add_bars_of(gallery, model, &canvas);
        else
            gallery->view->failed = true;
        w4_canvas_fini(&canvas);
    }
    w4_gallery_end(gallery);
}

// Cases as rows of horizontal pictures, a picture a model; a long list is cut, the details have the rest.
enum { ROWS_MAX = 48 };

// Puts what one case has into row y; nothing when it has nothing.
typedef void (*row_function)(struct w4_canvas *canvas, const struct w4_result *result, double y, const char *label);

static void add_share_row(struct w4_canvas *canvas, const struct w4_result *result, double y, const char *label)
{
    double end = 0;
#define X(member, words, source)                                                                                       \
    end += 100 * result->modelled.member;                                                                              \
    w4_canvas_point(canvas, words, end, y, label);
    W4_TIME_SHARES(X)
#undef X
}

static void add_byte_row(struct w4_canvas *canvas, const struct w4_result *result, double y, const char *label)
{
#define X(member, words, source)                                                                                       \
    if (result->modelled.member > 0)                                                                                   \
        w4_canvas_point(canvas, "from " words, result->modelled.member * 1e-6, y, label);
    W4_LEVELS(X)
#undef X
    w4_canvas_point(canvas, "at least", w4_roofline_least_bytes(&result->test.shape) * 1e-6, y, label);
}

struct rows_picture {
    const char *template_name;
    row_function add;
    const struct w4_plot_setting *settings; // the last is row_count, set here
    size_t setting_count;
    unsigned row_height;
};

static void add_rows_of(struct w4_gallery *gallery, const char *model, const struct rows_picture *picture,
                        struct w4_canvas *canvas)
{
    const struct w4_report *report = gallery->report;
    size_t rows = 0;
    size_t all = 0;
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = plotted_item(report, i);
        char operands[64];
        char text[W4_CANVAS_LABEL_MAX];
        if (!item || item->result->modelled.workgroups_timed == 0 || strcmp(item->result->test.model, model) != 0)
            continue;
        if (++all > ROWS_MAX)
            continue;
        const struct w4_case *test = &item->result->test;
        operands_text(&test->shape, operands, sizeof(operands));
        snprintf(text, sizeof(text), "%.20s M %" PRId64 " %s %.20s", test->layer, test->shape.m, operands,
                 test->kernel);
        picture->add(canvas, item->result, (double)++rows, w4_canvas_label(canvas, text));
    }
    if (rows == 0)
        return;
    char caption[160];
    if (all > rows)
        snprintf(caption, sizeof(caption), "%.64s, the first %zu of %zu cases", model, rows, all);
    else
        snprintf(caption, sizeof(caption), "%.64s", model);
    struct w4_plot_setting settings[8];
    memcpy(settings, picture->settings, picture->setting_count * sizeof(*settings));
    settings[picture->setting_count] = (struct w4_plot_setting){"row_count", NULL, (double)rows};
    struct w4_plot plot = {.template_name = picture->template_name,
                           .width = PICTURE_WIDTH,
                           .height = (unsigned)(110 + picture->row_height * rows),
                           .settings = settings,
                           .setting_count = picture->setting_count + 1};
    w4_gallery_hang(gallery, &plot, canvas, caption);
}

static bool is_first_of_model(const struct w4_report *report, size_t index)
{
    for (size_t i = 0; i < index; ++i) {
        const struct w4_gate_item *item = plotted_item(report, i);
        if (item && strcmp(item->result->test.model, report->gate->items[index].result->test.model) == 0)
            return false;
    }
    return true;
}

static void add_rows(struct w4_gallery *gallery, const struct rows_picture *picture)
{
    const struct w4_report *report = gallery->report;
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = plotted_item(report, i);
        struct w4_canvas canvas;
        if (!item || !is_first_of_model(report, i))
            continue;
        if (w4_canvas_init(&canvas, report->gate->count))
            add_rows_of(gallery, item->result->test.model, picture, &canvas);
        else
            gallery->view->failed = true;
        w4_canvas_fini(&canvas);
    }
}

static void add_stalls(struct w4_gallery *gallery)
{
    static const struct w4_plot_setting settings[] = {
        {"plot_title", "", 0},
        {"x_title", "share of all SIMDs' time, modelled (%)", 0},
        {"x_high", NULL, 100},
        {"stacked", NULL, 1},
    };
    static const struct rows_picture picture = {"bars", add_share_row, settings, sizeof(settings) / sizeof(settings[0]),
                                                22};
    w4_gallery_begin(gallery, "stalls", "Where the time goes", "large",
                     "From the left: WMMA and VALU are work; LDS, memory, barrier, dependency and fetch are what waves "
                     "waited for when none could issue; no wave is a SIMD without work. The details have the figures.");
    add_rows(gallery, &picture);
    w4_gallery_end(gallery);
}

static void add_bytes(struct w4_gallery *gallery)
{
    static const struct w4_plot_setting settings[] = {
        {"plot_title", "", 0},
        {"x_title", "MB a launch, modelled", 0},
    };
    static const struct rows_picture picture = {"dots", add_byte_row, settings, sizeof(settings) / sizeof(settings[0]),
                                                20};
    w4_gallery_begin(gallery, "bytes", "Bytes out of each level", "large",
                     "What each level of the memory delivered, on a logarithmic axis, beside the least a launch needs: "
                     "weights, scales, zero points, A and C once. DRAM far to the right of that reads things twice.");
    add_rows(gallery, &picture);
    w4_gallery_end(gallery);
}

void w4_html_add_plots(struct w4_view *view, const struct w4_report *report)
{
    struct w4_gallery gallery = {.view = view, .report = report};
    gallery.groups = w4_view_list(view, view->root, "plot_groups");
    add_curves(&gallery);
    add_bars(&gallery);
    add_roofline(&gallery);
    add_stalls(&gallery);
    add_bytes(&gallery);
    w4_html_add_trend(&gallery);
}
