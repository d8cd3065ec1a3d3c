// Where modelled time goes, one row a case that the execution-driven model timed: occupancy, shares of SIMD time, bytes
// out of each level of memory.
#include <inttypes.h>
#include <string.h>

#include "report.h"

static const struct w4_column columns[] = {
    {"layer", true},
    {"M x N x K", true},
    {"kernel", true},
    {"cycles", false},
    {"waves/SIMD", false},
#define X(member, words, source) {words " %", false},
    W4_TIME_SHARES(X)
#undef X
#define X(member, words, source) {words " MB", false},
        W4_LEVELS(X)
#undef X
            {"timed workgroups", false},
};

static void add_megabytes(struct w4_table *table, double bytes)
{
    const double megabytes = bytes * 1e-6;
    w4_table_cell(table, W4_COLOUR_NONE, megabytes < 10 ? "%.2f" : megabytes < 100 ? "%.1f" : "%.0f", megabytes);
}

static void add_row(struct w4_table *table, const struct w4_result *result)
{
    const struct w4_modelled *modelled = &result->modelled;
    const struct w4_shape *shape = &result->test.shape;
    w4_table_cell(table, W4_COLOUR_NONE, "%s", result->test.layer);
    w4_table_cell(table, W4_COLOUR_NONE, "%" PRId64 " x %" PRId64 " x %" PRId64 "%s", shape->m, shape->n, shape->k,
                  shape->zero_point ? " zp" : "");
    w4_table_cell(table, W4_COLOUR_NONE, "%s", result->test.kernel);
    w4_table_cell(table, W4_COLOUR_NONE, "%.0f", result->cycles);
    w4_table_cell(table, W4_COLOUR_NONE, "%.1f (%s)", result->occupancy_waves_per_simd, modelled->limiter);
#define X(member, words, source) w4_table_cell(table, W4_COLOUR_NONE, "%.1f", 100 * modelled->member);
    W4_TIME_SHARES(X)
#undef X
#define X(member, words, source) add_megabytes(table, modelled->member);
    W4_LEVELS(X)
#undef X
    w4_table_cell(table, W4_COLOUR_DIM, "%" PRIu64 "/%" PRIu64, modelled->workgroups_timed, result->workgroups);
}

bool w4_report_has_breakdown(const struct w4_run *run)
{
    for (size_t i = 0; i < run->case_count; ++i)
        if (run->cases[i].modelled.workgroups_timed)
            return true;
    return false;
}

struct w4_table *w4_report_breakdown_table(const struct w4_report *report)
{
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    const char *model = "";
    for (size_t i = 0; i < report->run->case_count; ++i) {
        const struct w4_result *result = &report->run->cases[i];
        if (!result->modelled.workgroups_timed)
            continue;
        if (strcmp(model, result->test.model) != 0)
            w4_table_section(table, result->test.model);
        model = result->test.model;
        add_row(table, result);
    }
    return table;
}
