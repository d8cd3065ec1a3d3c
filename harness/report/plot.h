// Plots as SVG text, drawn by gnuplot from a template of reports/plots/ and the points that a caller has. Knows nothing
// of what is plotted.
#ifndef W4_HARNESS_REPORT_PLOT_H
#define W4_HARNESS_REPORT_PLOT_H

#include <stddef.h>

#include "../../base/error.h"

struct w4_plot_point {
    double x, y;
    const char *label; // beside the point; NULL: none
};

// Points of one kind: one symbol, one entry of the key. A template finds those of series i (from 1) by `index i-1` of
// the file `data_file` (columns x, y, label), and its title in `series_title[i]`.
struct w4_plot_series {
    const char *title;
    const struct w4_plot_point *points;
    size_t count;
};

// A variable of the template, set before it is loaded.
struct w4_plot_setting {
    const char *name; // a gnuplot identifier
    const char *text; // NULL: `number` is meant
    double number;
};

struct w4_plot {
    const char *template_name; // "scatter": reports/plots/scatter.gp, whose head names its settings
    unsigned width, height;    // pixels
    const struct w4_plot_setting *settings;
    size_t setting_count;
    const struct w4_plot_series *series; // at least one, each with at least one point; titles and labels are plain text
    size_t series_count;
};

// Draws it. The caller frees *svg. W4_NOT_FOUND when gnuplot is not installed (the message says what to install): a
// report may then go without the plot and say so. W4_USAGE when there is no point.
enum w4_status w4_plot_svg(const struct w4_plot *plot, char **svg, struct w4_error *error);

#endif
