// Pictures with a case a row: before and after, where the time goes, bytes of each level. A picture a model; a long
// list is cut, the details have the rest.
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../compare.h"
#include "../text.h"
#include "gallery.h"
#include "html.h"
#include "roofline.h"

enum { ROWS_MAX = 48 };

// True when every plotted case has the same operands: labels need not say which then.
static bool has_one_kind(const struct w4_report *report, char *operands, size_t size)
{
    char other[64];
    operands[0] = '\0';
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = w4_html_plotted(report, i);
        if (!item)
            continue;
        w4_html_operands(&item->result->test.shape, other, sizeof(other));
        if (operands[0] && strcmp(other, operands) != 0)
            return false;
        w4_text_copy(operands, size, other);
    }
    return true;
}

// What names a row: "o_proj M 256 fp16 g128 zp tuned", as far as the picture does not say it already.
static const char *row_label(const struct w4_gallery *gallery, struct w4_canvas *canvas, const struct w4_case *test,
                             const char *kernel)
{
    char text[W4_CANVAS_LABEL_MAX];
    char operands[64];
    if (has_one_kind(gallery->report, operands, sizeof(operands)))
        operands[0] = '\0';
    else
        w4_html_operands(&test->shape, operands, sizeof(operands));
    snprintf(text, sizeof(text), "%.20s M %" PRId64 "%s%s%s%.20s", test->layer, test->shape.m, operands[0] ? " " : "",
             operands, kernel[0] ? " " : "", kernel);
    return w4_canvas_label(canvas, text);
}

// "qwen3-4b, fp16 g128 sym, the first 48 of 60"
static void write_caption(const struct w4_gallery *gallery, const char *model, size_t shown, size_t all, char *caption,
                          size_t size)
{
    char operands[64];
    char part[64] = "";
    bool one = has_one_kind(gallery->report, operands, sizeof(operands));
    if (all > shown)
        snprintf(part, sizeof(part), ", the first %zu of %zu", shown, all);
    snprintf(caption, size, "%.64s%s%s%s", model, one ? ", " : "", one ? operands : "", part);
}

static void add_bars_of(struct w4_gallery *gallery, const char *model, struct w4_canvas *canvas)
{
    const struct w4_compare *compare = gallery->report->compare;
    size_t rows = 0;
    size_t all = 0;
    double high = 0;
    for (size_t i = 0; i < compare->count; ++i) {
        const struct w4_compare_row *row = &compare->rows[i];
        const struct w4_case *test = &row->before->test;
        struct w4_figures before;
        struct w4_figures after;
        if (!isfinite(row->speed_up) || strcmp(test->model, model) != 0)
            continue;
        w4_figures_of(row->before, &before);
        w4_figures_of(row->after, &after);
        if (++all > ROWS_MAX)
            continue;
        double y = (double)++rows;
        w4_canvas_point(canvas, compare->from, before.tflops, y, row_label(gallery, canvas, test, ""));
        w4_canvas_point(canvas, compare->to, after.tflops, y, NULL);
        high = fmax(high, fmax(before.tflops, after.tflops));
    }
    if (rows == 0)
        return;
    char caption[256];
    write_caption(gallery, model, rows, all, caption, sizeof(caption));
    const struct w4_plot_setting settings[] = {
        {"plot_title", "", 0},
        {"x_title", gallery->report->run->device.modelled ? "TFLOPS, modelled" : "TFLOPS, measured", 0},
        {"x_high", NULL, 1.12 * high},
        {"row_count", NULL, (double)rows},
        {"stacked", NULL, 0},
    };
    struct w4_plot plot = {.template_name = "bars",
                           .width = W4_HTML_PICTURE_WIDTH,
                           .height = (unsigned)(90 + 34 * rows),
                           .settings = settings,
                           .setting_count = sizeof(settings) / sizeof(settings[0])};
    w4_gallery_hang(gallery, &plot, canvas, caption);
}

void w4_html_add_before_after(struct w4_gallery *gallery)
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
        bool first = true;
        for (size_t k = 0; k < i; ++k)
            first = first && strcmp(model, compare->rows[k].before->test.model) != 0;
        if (!first)
            continue;
        if (w4_canvas_init(&canvas, compare->count))
            add_bars_of(gallery, model, &canvas);
        else
            gallery->view->failed = true;
        w4_canvas_fini(&canvas);
    }
    w4_gallery_end(gallery);
}

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
        w4_canvas_point(canvas, words, result->modelled.member * 1e-6, y, label);
    W4_LEVELS(X)
#undef X
    w4_canvas_point(canvas, "least", w4_roofline_least_bytes(&result->test.shape) * 1e-6, y, label);
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
        const struct w4_gate_item *item = w4_html_plotted(report, i);
        if (!item || item->result->modelled.workgroups_timed == 0 || strcmp(item->result->test.model, model) != 0)
            continue;
        if (++all > ROWS_MAX)
            continue;
        picture->add(canvas, item->result, (double)++rows,
                     row_label(gallery, canvas, &item->result->test, item->result->test.kernel));
    }
    if (rows == 0)
        return;
    char caption[256];
    write_caption(gallery, model, rows, all, caption, sizeof(caption));
    struct w4_plot_setting settings[8];
    memcpy(settings, picture->settings, picture->setting_count * sizeof(*settings));
    settings[picture->setting_count] = (struct w4_plot_setting){"row_count", NULL, (double)rows};
    struct w4_plot plot = {.template_name = picture->template_name,
                           .width = W4_HTML_PICTURE_WIDTH,
                           .height = (unsigned)(110 + picture->row_height * rows),
                           .settings = settings,
                           .setting_count = picture->setting_count + 1};
    w4_gallery_hang(gallery, &plot, canvas, caption);
}

static bool is_first_of_model(const struct w4_report *report, size_t index)
{
    for (size_t i = 0; i < index; ++i) {
        const struct w4_gate_item *item = w4_html_plotted(report, i);
        if (item && strcmp(item->result->test.model, report->gate->items[index].result->test.model) == 0)
            return false;
    }
    return true;
}

static void add_rows(struct w4_gallery *gallery, const struct rows_picture *picture)
{
    const struct w4_report *report = gallery->report;
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = w4_html_plotted(report, i);
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

void w4_html_add_breakdown(struct w4_gallery *gallery)
{
    add_stalls(gallery);
    add_bytes(gallery);
}
