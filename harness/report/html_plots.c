// The plots of the page: which there are, from which figures. How they are drawn is gnuplot's business (plot.h), where
// they go the gallery's.
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "gallery.h"
#include "html.h"
#include "roofline.h"

const struct w4_gate_item *w4_html_plotted(const struct w4_report *report, size_t index)
{
    const struct w4_gate_item *item = &report->gate->items[index];
    return item->result && item->result->state == W4_CASE_OK && item->figures.timed ? item : NULL;
}

void w4_html_operands(const struct w4_shape *shape, char *out, size_t size)
{
    snprintf(out, size, "%s g%" PRId64 " %s", w4_text_dtype(shape->dtype), shape->group_size,
             w4_text_zero_point(shape->zero_point));
}

// Everything but M and the kernel: the same curve's picture.
static bool is_same_layer(const struct w4_case *a, const struct w4_case *b)
{
    return strcmp(a->model, b->model) == 0 && strcmp(a->layer, b->layer) == 0 && a->shape.n == b->shape.n &&
           a->shape.k == b->shape.k && a->shape.group_size == b->shape.group_size && a->shape.dtype == b->shape.dtype &&
           a->shape.zero_point == b->shape.zero_point && a->shape.a_pitch == b->shape.a_pitch &&
           a->shape.w_pitch == b->shape.w_pitch;
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
        const struct w4_gate_item *item = w4_html_plotted(report, i);
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
    w4_html_operands(&first->shape, operands, sizeof(operands));
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
        const struct w4_gate_item *item = w4_html_plotted(report, i);
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
        const struct w4_gate_item *item = w4_html_plotted(report, i);
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
    roofline.plot.width = W4_HTML_PICTURE_WIDTH;
    roofline.plot.height = 400;
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

void w4_html_add_plots(struct w4_view *view, const struct w4_report *report)
{
    struct w4_gallery gallery = {.view = view, .report = report};
    gallery.groups = w4_view_list(view, view->root, "plot_groups");
    add_curves(&gallery);
    w4_html_add_before_after(&gallery);
    add_roofline(&gallery);
    w4_html_add_breakdown(&gallery);
    w4_html_add_trend(&gallery);
}
