// Points and ceilings of the roofline, and its SVG.
#include "roofline.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../ceilings.h"

enum { WIDTH = 860, HEIGHT = 440, LABELLED_MAX = 8 };

double w4_roofline_least_bytes(const struct w4_shape *shape)
{
    double m = (double)shape->m;
    double n = (double)shape->n;
    double k = (double)shape->k;
    return n * k / 2 + n * k / (double)shape->group_size * (shape->zero_point ? 4 : 2) + 2 * m * k + 2 * m * n;
}

static bool is_plotted(const struct w4_gate_item *item)
{
    return item->result && item->result->state == W4_CASE_OK && item->figures.timed;
}

// Lowest intensity and rate of the points, for the axes.
static void add_points(struct w4_roofline *roofline, const struct w4_report *report, double *left, double *low)
{
    size_t count = 0;
    for (size_t i = 0; i < report->gate->count; ++i)
        count += is_plotted(&report->gate->items[i]);
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = &report->gate->items[i];
        char label[W4_CANVAS_LABEL_MAX];
        if (!is_plotted(item))
            continue;
        const struct w4_shape *shape = &item->result->test.shape;
        const double flop = 2.0 * (double)shape->m * (double)shape->n * (double)shape->k;
        const double intensity = flop / w4_roofline_least_bytes(shape);
        snprintf(label, sizeof(label), "%s M=%" PRId64, item->result->test.layer, shape->m);
        // Among many points labels would only cover each other.
        w4_canvas_point(&roofline->canvas, item->result->test.kernel, intensity, item->figures.tflops,
                        count <= LABELLED_MAX ? w4_canvas_label(&roofline->canvas, label) : NULL);
        *low = fmin(*low, item->figures.tflops);
        *left = fmin(*left, intensity);
    }
}

bool w4_roofline_init(struct w4_roofline *roofline, const struct w4_report *report)
{
    const struct w4_run *run = report->run;
    double wmma_mhz = NAN;
    const double wmma_tflops = w4_ceiling("wmma_fp16", &wmma_mhz);
    const double dram = w4_ceiling("dram_read", NULL);
    const double mall = w4_ceiling("mall_read", NULL);
    const double mhz = run->clock_mhz > 0 ? run->clock_mhz : wmma_mhz;
    const double peak = wmma_tflops * mhz / wmma_mhz;
    double low = peak / 4;
    double left = 30;
    memset(roofline, 0, sizeof(*roofline));
    if (!w4_canvas_init(&roofline->canvas, report->gate->count + 1))
        return false;
    add_points(roofline, report, &left, &low);
    snprintf(roofline->title, sizeof(roofline->title), "%s, %s", run->device.key, run->device.model_label);
    snprintf(roofline->peak_title, sizeof(roofline->peak_title), "WMMA at %.2f GHz: %.1f TFLOPS", mhz * 1e-3, peak);
    snprintf(roofline->dram_title, sizeof(roofline->dram_title), "DRAM, %.1f GB/s read", dram);
    snprintf(roofline->mall_title, sizeof(roofline->mall_title), "memory-side cache, %.0f GB/s", mall);
    const struct w4_plot_setting settings[W4_ROOFLINE_SETTINGS] = {
        {"plot_title", roofline->title, 0},
        {"x_title", "FLOP a byte of DRAM traffic, each operand moved once", 0},
        {"y_title", run->device.modelled ? "TFLOPS, modelled" : "TFLOPS, measured", 0},
        {"x_low", NULL, left / 2},
        {"x_high", NULL, 1e4},
        {"y_low", NULL, low / 2},
        {"y_high", NULL, 2 * peak},
        {"peak_tflops", NULL, peak},
        {"peak_title", roofline->peak_title, 0},
        {"slope_count", NULL, 2},
        {"slope_1_gbytes", NULL, dram},
        {"slope_1_title", roofline->dram_title, 0},
        {"slope_2_gbytes", NULL, mall},
        {"slope_2_title", roofline->mall_title, 0},
    };
    memcpy(roofline->settings, settings, sizeof(settings));
    roofline->plot = (struct w4_plot){.template_name = "roofline",
                                      .width = WIDTH,
                                      .height = HEIGHT,
                                      .settings = roofline->settings,
                                      .setting_count = W4_ROOFLINE_SETTINGS};
    return true;
}

void w4_roofline_fini(struct w4_roofline *roofline)
{
    w4_canvas_fini(&roofline->canvas);
}

enum w4_status w4_report_roofline(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error)
{
    struct w4_roofline roofline;
    char *svg = NULL;
    (void)colours;
    enum w4_status status =
        w4_roofline_init(&roofline, report) ? W4_OK : w4_fail(error, W4_MEMORY, "out of memory for the roofline");
    if (status == W4_OK) {
        roofline.plot.series = roofline.canvas.series;
        roofline.plot.series_count = roofline.canvas.series_count;
        status = w4_plot_svg(&roofline.plot, &svg, error);
    }
    if (status == W4_OK)
        fputs(svg, out);
    free(svg);
    w4_roofline_fini(&roofline);
    return status;
}
