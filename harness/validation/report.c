// Counts, verdict, and the tables in text.
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../report/report.h"

enum w4_status w4_validation_report_init(struct w4_validation_report *report, const struct w4_validation *validation,
                                         const struct w4_accepted *accepted, struct w4_error *error)
{
    const size_t rows = validation->row_count;
    *report = (struct w4_validation_report){
        .validation = validation,
        .accepted = accepted,
        .outcomes = calloc(rows + 1, sizeof(*report->outcomes)),
        .selected = calloc(rows + 1, sizeof(*report->selected)),
        .model = calloc(rows + 1, sizeof(*report->model)),
        .judgements = calloc(validation->series_count + 1, sizeof(*report->judgements)),
        .changes = calloc(validation->change_count + 1, sizeof(*report->changes)),
    };
    if (!report->outcomes || !report->selected || !report->model || !report->judgements || !report->changes)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu rows", rows);
    return W4_OK;
}

void w4_validation_report_fini(struct w4_validation_report *report)
{
    free(report->outcomes);
    free(report->selected);
    free(report->model);
    free(report->judgements);
    free(report->changes);
    *report = (struct w4_validation_report){0};
}

void w4_validation_report_judge(struct w4_validation_report *report)
{
    const struct w4_validation *validation = report->validation;
    report->worse = report->failed = report->missing = report->optional_missing = report->open = report->unaccepted =
        report->done = 0;
    for (size_t i = 0; i < validation->series_count; ++i) {
        struct w4_validation_judgement *judgement = &report->judgements[i];
        w4_validation_judge(validation, i, report->selected, report->outcomes, report->accepted, report->model,
                            judgement);
        report->worse += judgement->worse;
        report->failed += judgement->failed;
        report->open += judgement->open;
        report->done += judgement->done;
        *(validation->series[i].optional ? &report->optional_missing : &report->missing) += judgement->missing;
        report->unaccepted += judgement->done - judgement->common.count;
    }
    for (size_t i = 0; i < validation->change_count; ++i)
        w4_validation_judge_change(validation, &validation->changes[i], report->outcomes, &report->changes[i]);
}

int w4_validation_report_exit_code(const struct w4_validation_report *report)
{
    const bool what_if = report->what_if[0] != '\0';
    if (report->worse && !what_if)
        return 1;
    return report->failed || report->missing || report->open || (report->unaccepted && !what_if) || !report->done ? 3
                                                                                                                  : 0;
}

static void percent_cell(struct w4_table *table, enum w4_colour colour, double value, bool sign)
{
    if (isnan(value))
        w4_table_cell(table, W4_COLOUR_DIM, "-");
    else
        w4_table_cell(table, colour, sign ? "%+.1f %%" : "%.1f %%", w4_report_shown_percent(value));
}

static void number_cell(struct w4_table *table, double value)
{
    if (isnan(value))
        w4_table_cell(table, W4_COLOUR_DIM, "-");
    else
        w4_table_cell(table, W4_COLOUR_NONE, fabs(value) >= 100 ? "%.1f" : "%.2f", value);
}

static void add_row(struct w4_table *table, const struct w4_validation_report *report, size_t i)
{
    const struct w4_validation_row *row = &report->validation->rows[i];
    const struct w4_validation_outcome *outcome = &report->outcomes[i];
    const bool done = outcome->state == W4_VALIDATION_DONE;
    const double model = report->model[i];
    w4_table_cell(table, W4_COLOUR_NONE, "%s", strchr(row->id, '/') + 1);
    number_cell(table, row->hardware);
    number_cell(table, model);
    percent_cell(table, W4_COLOUR_NONE, w4_prediction_error(model, row->hardware), true);
    percent_cell(table, W4_COLOUR_NONE, w4_prediction_error_symmetric(model, row->hardware), true);
    if (done && report->accepted->model[i] > 0)
        percent_cell(table, W4_COLOUR_NONE, outcome->model / report->accepted->model[i] - 1, true);
    else
        w4_table_cell(table, W4_COLOUR_DIM, done ? "new" : "-");
    if (done && outcome->workgroups_simulated < outcome->workgroups)
        w4_table_cell(table, W4_COLOUR_NONE, "%llu of %llu", (unsigned long long)outcome->workgroups_simulated,
                      (unsigned long long)outcome->workgroups);
    else
        w4_table_cell(table, W4_COLOUR_NONE, done ? "all" : "-");
    w4_table_cell(table, done ? W4_COLOUR_NONE : W4_COLOUR_WARN, "%s",
                  done                                      ? ""
                  : outcome->state == W4_VALIDATION_MISSING ? "no kernel"
                  : outcome->state == W4_VALIDATION_OPEN    ? "not run"
                                                            : "failed");
}

struct w4_table *w4_validation_row_table(const struct w4_validation_report *report)
{
    static const struct w4_column columns[] = {
        {"row", true},    {"hardware, published", false}, {"modelled", false},  {"error", false},
        {"/ min", false}, {"vs accepted", false},         {"workgroups", true}, {"", true}};
    const struct w4_validation *validation = report->validation;
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t s = 0; table && s < validation->series_count; ++s) {
        const struct w4_validation_series *series = &validation->series[s];
        char title[320];
        if (report->judgements[s].selected == 0)
            continue;
        snprintf(title, sizeof(title), "%s: %s (%s%s)", series->name, series->title, series->unit,
                 series->relative ? "; ratios only: model scaled to the same mean" : "");
        w4_table_section(table, title);
        for (size_t i = series->first_row; i < series->first_row + series->row_count; ++i)
            if (report->selected[i])
                add_row(table, report, i);
    }
    return table;
}

static void order_cell(struct w4_table *table, const struct w4_validation_judgement *judgement)
{
    if (judgement->order_pairs)
        w4_table_cell(table, judgement->order_wrong ? W4_COLOUR_BAD : W4_COLOUR_NONE, "%zu of %zu wrong",
                      judgement->order_wrong, judgement->order_pairs);
    else
        w4_table_cell(table, W4_COLOUR_DIM, "-");
}

static void verdict_cells(struct w4_table *table, const struct w4_validation_judgement *judgement)
{
    if (!judgement->target_asked || !judgement->now.count)
        w4_table_cell(table, W4_COLOUR_DIM, "-");
    else if (judgement->target_met)
        w4_table_cell(table, W4_COLOUR_GOOD, "met");
    else
        w4_table_cell(table, W4_COLOUR_WARN, "missed: %s", judgement->missed);
    if (!judgement->accepted.count)
        w4_table_cell(table, W4_COLOUR_DIM, "-");
    else if (judgement->worse)
        w4_table_cell(table, W4_COLOUR_BAD, "WORSE: %s", judgement->why_worse);
    else if (judgement->changed)
        w4_table_cell(table, W4_COLOUR_NONE, "median was %.1f %%, %zu rows changed", 100 * judgement->accepted.median,
                      judgement->changed);
    else
        w4_table_cell(table, W4_COLOUR_NONE, "the same");
}

struct w4_table *w4_validation_statistics_table(const struct w4_validation_report *report)
{
    static const struct w4_column columns[] = {
        {"series", true}, {"rows", false},         {"median", false},      {"90th", false},           {"worst", false},
        {"bias", false},  {"median / min", false}, {"worst ratio", false}, {"mean ratio", false},     {"tau", false},
        {"order", true},  {"fitted", true},        {"target", true},       {"against accepted", true}};
    const struct w4_validation *validation = report->validation;
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t s = 0; table && s < validation->series_count; ++s) {
        const struct w4_validation_judgement *judgement = &report->judgements[s];
        const struct w4_prediction_statistics *now = &judgement->now;
        if (judgement->selected == 0)
            continue;
        w4_table_cell(table, W4_COLOUR_NONE, "%s", validation->series[s].name);
        w4_table_cell(table, judgement->done < judgement->selected ? W4_COLOUR_WARN : W4_COLOUR_NONE, "%zu of %zu",
                      judgement->done, validation->series[s].row_count);
        percent_cell(table, W4_COLOUR_NONE, now->median, false);
        percent_cell(table, W4_COLOUR_NONE, now->percentile_90, false);
        percent_cell(table, W4_COLOUR_NONE, now->worst, true);
        percent_cell(table, W4_COLOUR_NONE, now->bias, true);
        percent_cell(table, W4_COLOUR_NONE, now->median_of_min, false);
        percent_cell(table, W4_COLOUR_NONE, now->worst_pair, false);
        number_cell(table, now->geometric_ratio);
        number_cell(table, now->kendall_tau);
        order_cell(table, judgement);
        w4_table_cell(table, W4_COLOUR_NONE, "%s", validation->series[s].fitted ? "yes" : "no");
        verdict_cells(table, judgement);
    }
    return table;
}

// The first message of a state, for the summary.
static const char *first_message(const struct w4_validation_report *report, enum w4_validation_state state,
                                 const char **id)
{
    for (size_t i = 0; i < report->validation->row_count; ++i)
        if (report->selected[i] && report->outcomes[i].state == state) {
            *id = report->validation->rows[i].id;
            return report->outcomes[i].message;
        }
    return NULL;
}

static void write_changes(const struct w4_validation_report *report, FILE *out, const char *bullet)
{
    const struct w4_validation *validation = report->validation;
    for (size_t i = 0; i < validation->change_count; ++i)
        if (report->changes[i].pairs)
            fprintf(out, "%s%s: %zu of %zu changes above %.0f %% have the wrong sign\n", bullet,
                    validation->changes[i].name, report->changes[i].wrong, report->changes[i].judged,
                    100 * validation->changes[i].threshold);
}

void w4_validation_summary(const struct w4_validation_report *report, FILE *out, const char *bullet)
{
    const struct w4_validation *validation = report->validation;
    const char *id = NULL;
    const char *message = NULL;
    fprintf(out, "%smodelled: %s, %s; hardware: published by others, see data/README.md\n", bullet, report->model_key,
            report->model_label);
    if (report->what_if[0])
        fprintf(out, "%sWHAT IF, never to be accepted: %s\n", bullet, report->what_if);
    else
        fprintf(out, "%sclock of series without one: %.0f MHz: %s\n", bullet, validation->clock_mhz,
                validation->clock_reason);
    write_changes(report, out, bullet);
    if (report->interrupted)
        fprintf(out, "%sinterrupted: %zu rows were not run\n", bullet, report->open);
    if ((message = first_message(report, W4_VALIDATION_FAILED, &id)))
        fprintf(out, "%s%zu rows failed; the first is %s: %s\n", bullet, report->failed, id, message);
    if ((message = first_message(report, W4_VALIDATION_MISSING, &id)))
        fprintf(out, "%s%zu rows have no kernel in this build (%zu of them in optional series); the first is %s: %s\n",
                bullet, report->missing + report->optional_missing, report->optional_missing, id, message);
    if (report->unaccepted && !report->what_if[0])
        fprintf(out, "%s%zu rows were never accepted: w4bench model validate --accept --reason TEXT\n", bullet,
                report->unaccepted);
    if (report->accepted->stale)
        fprintf(out, "%s%zu accepted rows are none any more; the next --accept drops them\n", bullet,
                report->accepted->stale);
    if (report->worse)
        fprintf(out, "%sWORSE than accepted on %s (%s): %zu series; when that is meant: --accept --reason TEXT\n",
                bullet, report->accepted->date, report->accepted->reason, report->worse);
}

enum w4_status w4_validation_print(const struct w4_validation_report *report, FILE *out, bool colours,
                                   struct w4_error *error)
{
    struct w4_table *rows = w4_validation_row_table(report);
    struct w4_table *statistics = w4_validation_statistics_table(report);
    int failed = w4_table_write_terminal(rows, out, colours);
    fputc('\n', out);
    failed |= w4_table_write_terminal(statistics, out, colours);
    fputc('\n', out);
    w4_validation_summary(report, out, "");
    w4_table_destroy(rows);
    w4_table_destroy(statistics);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for the tables") : W4_OK;
}

static enum w4_status write_accepted(const struct w4_validation *validation, const struct w4_accepted *accepted,
                                     FILE *out, struct w4_error *error)
{
    struct w4_validation_report report;
    enum w4_status status = w4_validation_report_init(&report, validation, accepted, error);
    for (size_t i = 0; i < validation->row_count && status == W4_OK; ++i) {
        const bool done = accepted->model[i] > 0;
        report.selected[i] = true;
        report.outcomes[i] = (struct w4_validation_outcome){.state = done ? W4_VALIDATION_DONE : W4_VALIDATION_OPEN,
                                                            .model = accepted->model[i]};
    }
    if (status == W4_OK) {
        w4_validation_report_judge(&report);
        struct w4_table *table = w4_validation_statistics_table(&report);
        fprintf(out, "* accepted on %s, %s: %s\n", accepted->date, accepted->model_key, accepted->reason);
        write_changes(&report, out, "* ");
        fputc('\n', out);
        if (w4_table_write_markdown(table, out) != 0)
            status = w4_fail(error, W4_MEMORY, "out of memory for the table");
        w4_table_destroy(table);
    }
    w4_validation_report_fini(&report);
    return status;
}

enum w4_status w4_validation_write_accepted(const char *folder, FILE *out, struct w4_error *error)
{
    struct w4_validation validation = {0};
    struct w4_accepted accepted = {0};
    enum w4_status status = w4_validation_load(folder, &validation, error);
    if (status == W4_OK)
        status = w4_accepted_load(folder, &validation, &accepted, error);
    if (status == W4_OK)
        status = write_accepted(&validation, &accepted, out, error);
    w4_accepted_fini(&accepted);
    w4_validation_fini(&validation);
    return status;
}
