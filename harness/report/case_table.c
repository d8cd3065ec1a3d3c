// The table of cases that the terminal and the markdown report share.
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../text.h"
#include "report.h"

enum { COLUMN_COUNT = 14 };

#define CASE_COLUMNS(label)                                                                                            \
    {                                                                                                                  \
        {"layer", true},     {"M x N x K", true},   {"type", true},                                                    \
        {"G", false},        {"zp", true},          {"kernel", true},                                                  \
        {"tile", true},      {"ms " label, false},  {"TFLOPS " label, false},                                          \
        {"vs stored", true}, {"published*", false}, {"FLOP/clk/CU", false},                                            \
        {"err/bound", true}, {"workgroups", false},                                                                    \
    }

static const struct w4_column modelled_columns[COLUMN_COUNT] = CASE_COLUMNS("modelled");
static const struct w4_column measured_columns[COLUMN_COUNT] = CASE_COLUMNS("measured");

static enum w4_colour verdict_colour(enum w4_verdict verdict)
{
    static const enum w4_colour colours[W4_VERDICT_COUNT] = {
        [W4_VERDICT_PASS] = W4_COLOUR_NONE,         [W4_VERDICT_IMPROVED] = W4_COLOUR_GOOD,
        [W4_VERDICT_UNGATED] = W4_COLOUR_NONE,      [W4_VERDICT_DRIFT] = W4_COLOUR_WARN,
        [W4_VERDICT_FAIL] = W4_COLOUR_BAD,          [W4_VERDICT_WRONG] = W4_COLOUR_BAD,
        [W4_VERDICT_INCONCLUSIVE] = W4_COLOUR_WARN, [W4_VERDICT_INVALID] = W4_COLOUR_BAD,
        [W4_VERDICT_MISSING] = W4_COLOUR_WARN,      [W4_VERDICT_ERROR] = W4_COLOUR_BAD,
    };
    return colours[verdict];
}

void w4_report_tile(const struct w4_tile *tile, char text[W4_TILE_TEXT_MAX])
{
    w4_text_copy(text, W4_TILE_TEXT_MAX, "-");
    if (tile->bm > 0)
        snprintf(text, W4_TILE_TEXT_MAX, "%dx%dx%d w%d u%d", (int)tile->bm, (int)tile->bn, (int)tile->bk,
                 (int)tile->waves, (int)tile->unroll_k);
    const size_t length = strlen(text);
    if (tile->num_stages > 0)
        snprintf(text + length, W4_TILE_TEXT_MAX - length, " s%d %s", (int)tile->num_stages, tile->unpack);
}

static void add_tile(struct w4_table *table, const struct w4_tile *tile)
{
    char text[W4_TILE_TEXT_MAX];
    w4_report_tile(tile, text);
    w4_table_cell(table, tile->bm > 0 ? W4_COLOUR_NONE : W4_COLOUR_DIM, "%s", text);
}

static void add_verification(struct w4_table *table, const struct w4_result *result)
{
    double ratio = result->verification.worst_ratio;
    if (result->state == W4_CASE_OK)
        w4_table_cell(table, W4_COLOUR_GOOD, "%.3f ok", ratio);
    else if (result->state != W4_CASE_WRONG)
        w4_table_cell(table, W4_COLOUR_WARN, "%s", w4_case_state_name(result->state));
    else if (isfinite(ratio) && ratio < 1e6)
        w4_table_cell(table, W4_COLOUR_BAD, "%.3g WRONG", ratio);
    else
        w4_table_cell(table, W4_COLOUR_BAD, "%s WRONG", isfinite(ratio) ? ">1e6" : "inf");
}

static void add_workgroups(struct w4_table *table, const struct w4_result *result)
{
    if (result->workgroups == 0)
        w4_table_cell(table, W4_COLOUR_DIM, "-");
    else if (result->workgroups_run == result->workgroups)
        w4_table_cell(table, W4_COLOUR_NONE, "all %" PRIu64, result->workgroups);
    else
        w4_table_cell(table, W4_COLOUR_DIM, "%" PRIu64 "/%" PRIu64 " (%.1f %%)", result->workgroups_run,
                      result->workgroups, 100.0 * (double)result->workgroups_run / (double)result->workgroups);
}

double w4_report_shown_percent(double change)
{
    return fabs(change) < 5e-4 ? 0 : 100 * change;
}

static void add_change(struct w4_table *table, const struct w4_gate_item *item)
{
    if (item->verdict == W4_VERDICT_UNGATED && item->entry)
        w4_table_cell(table, W4_COLOUR_NONE, "%+.1f %%", w4_report_shown_percent(item->change));
    else if (item->verdict == W4_VERDICT_UNGATED)
        w4_table_cell(table, W4_COLOUR_DIM, "-");
    else if (item->entry && item->figures.timed && item->result->state == W4_CASE_OK)
        w4_table_cell(table, verdict_colour(item->verdict), "%+.1f %% %s", w4_report_shown_percent(item->change),
                      w4_verdict_word(item->verdict));
    else
        w4_table_cell(table, verdict_colour(item->verdict), "%s", w4_verdict_word(item->verdict));
}

static void add_figures(struct w4_table *table, const struct w4_gate_item *item,
                        const struct w4_published_entry *published)
{
    const struct w4_figures *figures = &item->figures;
    w4_table_cell(table, W4_COLOUR_NONE, figures->timed ? "%.4g" : "-", figures->time_ms);
    w4_table_cell(table, W4_COLOUR_NONE, figures->timed ? "%.2f" : "-", figures->tflops);
    add_change(table, item);
    w4_table_cell(table, W4_COLOUR_DIM, published ? "%.1f" : "-", published ? published->tflops : 0.0);
    if (figures->flop_per_clock_cu > 0)
        w4_table_cell(table, W4_COLOUR_NONE, "%.0f (%.0f %%)", figures->flop_per_clock_cu,
                      100 * figures->ceiling_share);
    else
        w4_table_cell(table, W4_COLOUR_DIM, "-");
}

static void add_row(struct w4_table *table, const struct w4_report *report, const struct w4_gate_item *item)
{
    const struct w4_result *result = item->result;
    const struct w4_case *test = &result->test;
    w4_table_cell(table, W4_COLOUR_NONE, "%s", test->layer);
    w4_table_cell(table, W4_COLOUR_NONE, "%" PRId64 " x %" PRId64 " x %" PRId64, test->shape.m, test->shape.n,
                  test->shape.k);
    w4_table_cell(table, W4_COLOUR_NONE, "%s", w4_text_dtype(test->shape.dtype));
    w4_table_cell(table, W4_COLOUR_NONE, "%" PRId64, test->shape.group_size);
    w4_table_cell(table, W4_COLOUR_NONE, "%s", w4_text_zero_point(test->shape.zero_point));
    w4_table_cell(table, W4_COLOUR_NONE, "%s", test->kernel);
    add_tile(table, &result->tile);
    add_figures(table, item, report->published ? w4_published_find(report->published, test) : NULL);
    add_verification(table, result);
    add_workgroups(table, result);
}

struct w4_table *w4_report_case_table(const struct w4_report *report)
{
    bool modelled = report->run->device.modelled;
    struct w4_table *table = w4_table_create(modelled ? modelled_columns : measured_columns, COLUMN_COUNT);
    const char *model = "";
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = &report->gate->items[i];
        if (!item->result)
            continue;
        if (strcmp(model, item->result->test.model) != 0)
            w4_table_section(table, item->result->test.model);
        model = item->result->test.model;
        add_row(table, report, item);
    }
    return table;
}
