// Canvases and the groups they hang in.
#include "gallery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "svg.h"

bool w4_canvas_init(struct w4_canvas *canvas, size_t capacity)
{
    memset(canvas, 0, sizeof(*canvas));
    canvas->capacity = capacity;
    canvas->labels = calloc(capacity, sizeof(*canvas->labels));
    bool failed = !canvas->labels;
    for (size_t i = 0; i < W4_CANVAS_SERIES_MAX; ++i) {
        canvas->points[i] = calloc(capacity, sizeof(*canvas->points[i]));
        failed |= !canvas->points[i];
    }
    return !failed;
}

void w4_canvas_fini(struct w4_canvas *canvas)
{
    for (size_t i = 0; i < W4_CANVAS_SERIES_MAX; ++i)
        free(canvas->points[i]);
    free(canvas->labels);
}

// The series of that title, made when there is none; NULL when there are too many.
static struct w4_plot_series *canvas_series(struct w4_canvas *canvas, const char *title)
{
    for (size_t i = 0; i < canvas->series_count; ++i) {
        if (strcmp(canvas->titles[i], title) == 0)
            return &canvas->series[i];
    }
    if (canvas->series_count == W4_CANVAS_SERIES_MAX)
        return NULL;
    size_t i = canvas->series_count++;
    w4_text_copy(canvas->titles[i], sizeof(canvas->titles[i]), title);
    canvas->series[i] = (struct w4_plot_series){.title = canvas->titles[i], .points = canvas->points[i]};
    return &canvas->series[i];
}

void w4_canvas_point(struct w4_canvas *canvas, const char *title, double x, double y, const char *label)
{
    struct w4_plot_series *series = canvas_series(canvas, title);
    if (!series || series->count == canvas->capacity) {
        ++canvas->left_out;
        return;
    }
    size_t index = (size_t)(series - canvas->series);
    canvas->points[index][series->count++] = (struct w4_plot_point){x, y, label};
}

const char *w4_canvas_label(struct w4_canvas *canvas, const char *text)
{
    if (canvas->label_count == canvas->capacity)
        return "";
    char *label = canvas->labels[canvas->label_count++];
    w4_text_copy(label, W4_CANVAS_LABEL_MAX, text);
    return label;
}

void w4_gallery_begin(struct w4_gallery *gallery, const char *anchor, const char *title, const char *size,
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

void w4_gallery_end(struct w4_gallery *gallery)
{
    if (json_array_size(gallery->plots) == 0 &&
        json_array_remove(gallery->groups, json_array_size(gallery->groups) - 1) != 0)
        gallery->view->failed = true;
    gallery->plots = NULL;
}

void w4_gallery_hang(struct w4_gallery *gallery, struct w4_plot *plot, struct w4_canvas *canvas, const char *caption)
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
        if (canvas->left_out > 0)
            w4_view_text(gallery->view, entry, "caption", "%s (%d kinds of points at most: %zu points are left out)",
                         caption, (int)W4_CANVAS_SERIES_MAX, canvas->left_out);
        w4_view_markup(gallery->view, entry, "svg", fitted);
    }
    free(fitted);
    free(svg);
}
