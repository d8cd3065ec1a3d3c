// The roofline of a run: its cases as points below what the chip can do.
#ifndef W4_HARNESS_REPORT_ROOFLINE_H
#define W4_HARNESS_REPORT_ROOFLINE_H

#include "gallery.h"

// Bytes when every operand crosses the memory bus once: packed weights, scales, zero points, A and C.
double w4_roofline_least_bytes(const struct w4_shape *shape);

enum { W4_ROOFLINE_SETTINGS = 14 };

// A plot in the making, with the texts its settings point at.
struct w4_roofline {
    struct w4_canvas canvas;
    struct w4_plot plot; // series not set yet: they are the canvas's
    struct w4_plot_setting settings[W4_ROOFLINE_SETTINGS];
    char title[256], peak_title[64], dram_title[64], mall_title[64];
};

// Points are the right and timed cases: TFLOPS against FLOP a byte when every operand crosses the memory bus once; one
// symbol a kernel. Ceilings: data/gfx1151_ceilings.csv, the WMMA one scaled to the run's clock where times are
// modelled. False when memory ran out; w4_roofline_fini in any case. No points: canvas.series_count is 0. Do not copy
// it.
bool w4_roofline_init(struct w4_roofline *roofline, const struct w4_report *report);
void w4_roofline_fini(struct w4_roofline *roofline);

#endif
