// Pictures for the HTML page: a canvas takes points, the gallery has it drawn and hangs it into a group of the page.
#ifndef W4_HARNESS_REPORT_GALLERY_H
#define W4_HARNESS_REPORT_GALLERY_H

#include "../model.h"
#include "plot.h"
#include "report.h"
#include "view.h"

enum { W4_CANVAS_SERIES_MAX = 8, W4_CANVAS_LABEL_MAX = 160 };

// One picture in the making: points of a few series, and their texts.
struct w4_canvas {
    struct w4_plot_point *points[W4_CANVAS_SERIES_MAX]; // owned, those of `series`
    struct w4_plot_series series[W4_CANVAS_SERIES_MAX];
    char titles[W4_CANVAS_SERIES_MAX][W4_NAME_MAX];
    size_t series_count;
    size_t capacity;                     // points a series, and labels
    char (*labels)[W4_CANVAS_LABEL_MAX]; // owned
    size_t label_count;
    size_t left_out; // points for which there was no series left
};

// False when memory ran out; w4_canvas_fini in any case.
bool w4_canvas_init(struct w4_canvas *canvas, size_t capacity);
void w4_canvas_fini(struct w4_canvas *canvas);
// Adds a point to the series of that title, which is made when there is none. A point for which there is no room is
// left out, and the picture's caption says so.
void w4_canvas_point(struct w4_canvas *canvas, const char *title, double x, double y, const char *label);
// A copy of the text that lives as long as the canvas.
const char *w4_canvas_label(struct w4_canvas *canvas, const char *text);

struct w4_gallery {
    struct w4_view *view;
    const struct w4_report *report;
    json_t *groups, *plots; // borrowed: of the page, of the group at hand
    size_t count;           // pictures so far
    bool no_gnuplot;
};

// A group of pictures with an anchor for links; `size` is the class "small" (several beside each other) or "large".
void w4_gallery_begin(struct w4_gallery *gallery, const char *anchor, const char *title, const char *size,
                      const char *text);
// Ends it; a group without pictures vanishes.
void w4_gallery_end(struct w4_gallery *gallery);
// Draws the canvas by the plot's template and settings. When that cannot be done, the page says why ("plots_missing")
// and goes without this and the following pictures.
void w4_gallery_hang(struct w4_gallery *gallery, struct w4_plot *plot, struct w4_canvas *canvas, const char *caption);

#endif
