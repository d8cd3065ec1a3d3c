// The parts of the HTML page: each adds its values for the template reports/html/page.html. Shared by html*.c only.
#ifndef W4_HARNESS_REPORT_HTML_H
#define W4_HARNESS_REPORT_HTML_H

#include "report.h"
#include "view.h"

enum { W4_HTML_ANCHOR_MAX = 32 };

// "case-12": the id of the details of the gate's item 12.
void w4_html_anchor(size_t index, char anchor[W4_HTML_ANCHOR_MAX]);
// "good", "warn", "bad": the class that carries a verdict's colour and sign.
const char *w4_html_tone(enum w4_verdict verdict);

// "columns" and "rows" of the table of cases.
void w4_html_add_table(struct w4_view *view, const struct w4_report *report);
// "details": one a case.
void w4_html_add_details(struct w4_view *view, const struct w4_report *report);
// "plot_groups", or "plots_missing" with the reason when gnuplot is not there.
void w4_html_add_plots(struct w4_view *view, const struct w4_report *report);

struct w4_gallery;
enum { W4_HTML_PICTURE_WIDTH = 620 }; // of large ones; two fit beside each other
// The gate's item if it is right and timed, else NULL.
const struct w4_gate_item *w4_html_plotted(const struct w4_report *report, size_t index);
// "fp16 g128 zp"
void w4_html_operands(const struct w4_shape *shape, char *out, size_t size);
// Groups of pictures: bars of `report->compare`; where modelled time goes and bytes of each level.
void w4_html_add_before_after(struct w4_gallery *gallery);
void w4_html_add_breakdown(struct w4_gallery *gallery);
// The group "trend": TFLOPS of the run's cases over the nights of the history.
void w4_html_add_trend(struct w4_gallery *gallery);

#endif
