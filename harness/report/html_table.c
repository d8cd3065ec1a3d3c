// The sortable table of cases: one row of a table for each column.
#include <inttypes.h>
#include <math.h>

#include "../text.h"
#include "html.h"

struct row {
    const struct w4_report *report;
    const struct w4_gate_item *item;
    const struct w4_result *result;
};

// Fills "text", "sort" and, for a verdict, "badge" (its tone).
typedef void (*cell_function)(struct w4_view *view, json_t *cell, const struct row *row);

static void put_number(struct w4_view *view, json_t *cell, bool known, double value)
{
    if (known && isfinite(value))
        w4_view_text(view, cell, "sort", "%.9g", value);
    else
        w4_view_text(view, cell, "sort", "%s", "");
    if (!known)
        w4_view_text(view, cell, "text", "%s", "-");
}

// A text that is also what the column sorts by.
static void put_text(struct w4_view *view, json_t *cell, const char *text)
{
    w4_view_text(view, cell, "text", "%s", text);
    w4_view_text(view, cell, "sort", "%s", text);
}

static void fill_verdict(struct w4_view *view, json_t *cell, const struct row *row)
{
    put_text(view, cell, w4_verdict_word(row->item->verdict));
    w4_view_text(view, cell, "badge", "%s", w4_html_tone(row->item->verdict));
}

static void fill_model(struct w4_view *view, json_t *cell, const struct row *row)
{
    put_text(view, cell, row->result->test.model);
}

static void fill_m(struct w4_view *view, json_t *cell, const struct row *row)
{
    put_number(view, cell, true, (double)row->result->test.shape.m);
    w4_view_text(view, cell, "text", "%" PRId64, row->result->test.shape.m);
}

static void fill_n_k(struct w4_view *view, json_t *cell, const struct row *row)
{
    const struct w4_shape *shape = &row->result->test.shape;
    w4_view_text(view, cell, "text", "%" PRId64 " \xc3\x97 %" PRId64, shape->n, shape->k);
    w4_view_text(view, cell, "sort", "%" PRId64 " %" PRId64, shape->n, shape->k);
}

static void fill_operands(struct w4_view *view, json_t *cell, const struct row *row)
{
    const struct w4_shape *shape = &row->result->test.shape;
    char text[64];
    snprintf(text, sizeof(text), "%s g%" PRId64 " %s", w4_text_dtype(shape->dtype), shape->group_size,
             w4_text_zero_point(shape->zero_point));
    put_text(view, cell, text);
}

static void fill_kernel(struct w4_view *view, json_t *cell, const struct row *row)
{
    put_text(view, cell, row->result->test.kernel);
}

static void fill_tile(struct w4_view *view, json_t *cell, const struct row *row)
{
    char text[W4_TILE_TEXT_MAX];
    w4_report_tile(&row->result->tile, text);
    put_text(view, cell, text);
}

static void fill_time(struct w4_view *view, json_t *cell, const struct row *row)
{
    put_number(view, cell, row->item->figures.timed, row->item->figures.time_ms);
    if (row->item->figures.timed)
        w4_view_text(view, cell, "text", "%.4g", row->item->figures.time_ms);
}

static void fill_tflops(struct w4_view *view, json_t *cell, const struct row *row)
{
    put_number(view, cell, row->item->figures.timed, row->item->figures.tflops);
    if (row->item->figures.timed)
        w4_view_text(view, cell, "text", "%.2f", row->item->figures.tflops);
}

static void fill_change(struct w4_view *view, json_t *cell, const struct row *row)
{
    bool known = row->item->entry && row->item->figures.timed && row->result->state == W4_CASE_OK;
    put_number(view, cell, known, row->item->change);
    if (known)
        w4_view_text(view, cell, "text", "%+.1f %%", w4_report_shown_percent(row->item->change));
}

// Slow losses that no single night shows; columns for those who have older baselines.
static void put_percent(struct w4_view *view, json_t *cell, double change)
{
    put_number(view, cell, isfinite(change), change);
    if (isfinite(change))
        w4_view_text(view, cell, "text", "%+.1f %%", w4_report_shown_percent(change));
}

static void fill_best(struct w4_view *view, json_t *cell, const struct row *row)
{
    put_percent(view, cell, row->item->entry ? row->item->frog.best : NAN);
}

static void fill_old(struct w4_view *view, json_t *cell, const struct row *row)
{
    put_percent(view, cell, row->item->entry ? row->item->frog.old : NAN);
}

static void fill_published(struct w4_view *view, json_t *cell, const struct row *row)
{
    const struct w4_published_entry *entry =
        row->report->published ? w4_published_find(row->report->published, &row->result->test) : NULL;
    put_number(view, cell, entry, entry ? entry->tflops : 0);
    if (entry)
        w4_view_text(view, cell, "text", "%.1f", entry->tflops);
}

static void fill_flop_per_clock(struct w4_view *view, json_t *cell, const struct row *row)
{
    double value = row->item->figures.flop_per_clock_cu;
    put_number(view, cell, value > 0, value);
    if (value > 0)
        w4_view_text(view, cell, "text", "%.0f", value);
}

static void fill_share(struct w4_view *view, json_t *cell, const struct row *row)
{
    double share = row->item->figures.ceiling_share;
    put_number(view, cell, share > 0, share);
    if (share > 0)
        w4_view_text(view, cell, "text", "%.0f %%", 100 * share);
}

static void fill_error(struct w4_view *view, json_t *cell, const struct row *row)
{
    double ratio = row->result->verification.worst_ratio;
    bool judged = row->result->verification.judged > 0;
    put_number(view, cell, judged, isfinite(ratio) ? ratio : 1e300);
    if (!judged)
        w4_view_text(view, cell, "text", "%s", w4_case_state_name(row->result->state));
    else if (isfinite(ratio) && ratio < 1e6)
        w4_view_text(view, cell, "text", "%.3f", ratio);
    else
        w4_view_text(view, cell, "text", "%s", isfinite(ratio) ? ">1e6" : "inf");
}

static void fill_occupancy(struct w4_view *view, json_t *cell, const struct row *row)
{
    double waves = row->result->occupancy_waves_per_simd;
    put_number(view, cell, waves > 0, waves);
    if (waves > 0)
        w4_view_text(view, cell, "text", "%.3g%s%s", waves, row->result->modelled.limiter[0] ? " " : "",
                     row->result->modelled.limiter);
}

static void fill_workgroups(struct w4_view *view, json_t *cell, const struct row *row)
{
    const struct w4_result *result = row->result;
    double share = result->workgroups ? (double)result->workgroups_run / (double)result->workgroups : 0;
    put_number(view, cell, result->workgroups > 0, share);
    if (result->workgroups > 0 && result->workgroups_run == result->workgroups)
        w4_view_text(view, cell, "text", "all %" PRIu64, result->workgroups);
    else if (result->workgroups > 0)
        w4_view_text(view, cell, "text", "%" PRIu64 " of %" PRIu64, result->workgroups_run, result->workgroups);
}

static void fill_marks(struct w4_view *view, json_t *cell, const struct row *row)
{
    int count = __builtin_popcount(row->result->measured.marks);
    put_number(view, cell, count > 0, count);
    if (count > 0)
        w4_view_text(view, cell, "text", "! %d", count);
}

static const struct column {
    const char *key, *title, *unit, *hint;
    bool number, timed; // timed: the unit says measured or modelled
    cell_function fill; // NULL: the row's head
} columns[] = {
    {"layer", "layer", "", "The model's matrix the shape comes from; links to the details.", false, false, NULL},
    {"model", "model", "", "The model whose layer it is.", false, false, fill_model},
    {"verdict", "verdict", "", "What the gate decided; its words are explained at the end of the page.", false, false,
     fill_verdict},
    {"m", "M", "rows", "Rows of activations: tokens of the prompt.", true, false, fill_m},
    {"nk", "N \xc3\x97 K", "weights", "C[M,N] = A[M,K] W[N,K]^T.", false, false, fill_n_k},
    {"operands", "operands", "", "Activations' type, weights a scale (g), symmetric (sym) or with zero points (zp).",
     false, false, fill_operands},
    {"kernel", "kernel", "", "The rule table that chose the kernel.", false, false, fill_kernel},
    {"ms", "ms", NULL, "Milliseconds of one launch: the median of the samples.", true, true, fill_time},
    {"tflops", "TFLOPS", NULL, "2 M N K over that time.", true, true, fill_tflops},
    {"marks", "marks", "", "Reasons why a time deserves less trust; the details name them.", true, false, fill_marks},
    {"change", "vs stored", "baseline", "TFLOPS against this device's stored baseline.", true, false, fill_change},
    {"best", "vs best", "ever", "TFLOPS against the best baseline there ever was.", true, false, fill_best},
    {"old", "vs old", "30 nights", "TFLOPS against the baseline of 30 nights ago.", true, false, fill_old},
    {"flop", "FLOP/clk", "a CU", "Independent of the clock: 2 M N K / cycles / 40 CUs.", true, false,
     fill_flop_per_clock},
    {"share", "share", "of 480", "Of the 480 FLOP/clk/CU that the matrix units reach when nothing else runs.", true,
     false, fill_share},
    {"published", "published*", "TFLOPS",
     "Somebody else's figure from real hardware for the same shape, by another kernel in another language: for "
     "orientation only.",
     true, false, fill_published},
    {"error", "err/bound", "right if \xe2\x89\xa4 1",
     "Largest error of any judged element over its proven bound; above 1 is wrong.", true, false, fill_error},
    {"tile", "tile", "BM \xc3\x97 BN \xc3\x97 BK", "Tile of a workgroup, waves (w), unroll of K (u).", false, false,
     fill_tile},
    {"occupancy", "waves", "a SIMD",
     "Occupancy: waves that fit on a SIMD at once (16 at most), and what limits them where that is known.", true, false,
     fill_occupancy},
    {"workgroups", "workgroups", "judged", "How many workgroups were executed and judged.", true, false,
     fill_workgroups},
};
enum { COLUMN_COUNT = sizeof(columns) / sizeof(columns[0]) };

static bool has_older_baselines(const struct w4_report *report)
{
    for (size_t i = 0; i < report->gate->count; ++i) {
        if (report->gate->items[i].entry && report->gate->items[i].entry->log_count > 0)
            return true;
    }
    return false;
}

static bool has_marks(const struct w4_report *report)
{
    for (size_t i = 0; i < report->run->case_count; ++i) {
        if (report->run->cases[i].measured.marks != 0)
            return true;
    }
    return false;
}

// Columns that most runs have nothing for.
static bool is_shown(const struct column *column, const struct w4_report *report)
{
    if (column->fill == fill_marks)
        return has_marks(report);
    return (column->fill != fill_best && column->fill != fill_old) || has_older_baselines(report);
}

static void add_columns(struct w4_view *view, const struct w4_report *report)
{
    json_t *list = w4_view_list(view, view->root, "columns");
    for (size_t i = 0; i < COLUMN_COUNT; ++i) {
        if (!is_shown(&columns[i], report))
            continue;
        const char *obtained = report->run->device.modelled ? "modelled" : "measured";
        json_t *column = w4_view_item(view, list);
        w4_view_text(view, column, "key", "%s", columns[i].key);
        w4_view_text(view, column, "title", "%s", columns[i].title);
        w4_view_text(view, column, "unit", "%s", columns[i].timed ? obtained : columns[i].unit);
        w4_view_text(view, column, "hint", "%s", columns[i].hint);
        w4_view_text(view, column, "kind", "%s", columns[i].number ? "number" : "text");
    }
}

static void add_row(struct w4_view *view, json_t *rows, const struct row *row, size_t index)
{
    char anchor[W4_HTML_ANCHOR_MAX];
    json_t *line = w4_view_item(view, rows);
    w4_html_anchor(index, anchor);
    w4_view_text(view, line, "anchor", "%s", anchor);
    w4_view_text(view, line, "passed", "%s", w4_report_is_listed(row->item) ? "no" : "yes");
    w4_view_text(view, line, "head", "%s", row->result->test.layer);
    json_t *cells = w4_view_list(view, line, "cells");
    for (size_t i = 0; i < COLUMN_COUNT; ++i) {
        if (!columns[i].fill || !is_shown(&columns[i], row->report))
            continue;
        json_t *cell = w4_view_item(view, cells);
        w4_view_text(view, cell, "kind", "%s", columns[i].number ? "number" : "text");
        columns[i].fill(view, cell, row);
    }
}

void w4_html_add_table(struct w4_view *view, const struct w4_report *report)
{
    add_columns(view, report);
    json_t *rows = w4_view_list(view, view->root, "rows");
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = &report->gate->items[i];
        const struct row row = {report, item, item->result};
        if (item->result)
            add_row(view, rows, &row, i);
    }
}
