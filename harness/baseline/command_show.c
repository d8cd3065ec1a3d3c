// The actions of `baseline` that only look: show, log, diff.
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>

#include "command.h"

static bool is_wanted(const struct w4_options *options, const char *id)
{
    return options->positional_count < 2 || fnmatch(options->positionals[1], id, 0) == 0;
}

static enum w4_status write_table(struct w4_table *table, struct w4_error *error)
{
    int failed = w4_table_write_terminal(table, stdout, w4_use_colours());
    w4_table_destroy(table);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for the table") : W4_OK;
}

// One line an entry, or every version of it, newest first. *shown counts the entries.
typedef void (*row_function)(struct w4_table *table, const struct w4_baseline_entry *entry);

static enum w4_status write_entries(const struct w4_context *context, const struct w4_column *columns,
                                    size_t column_count, row_function add, int *exit_code, struct w4_error *error)
{
    struct w4_baseline_file file = {0};
    size_t shown = 0;
    enum w4_status status = w4_baseline_file_open(context, &file, error);
    if (status == W4_OK) {
        struct w4_table *table = w4_table_create(columns, column_count);
        for (size_t i = 0; i < file.baselines.count; ++i) {
            if (!is_wanted(context->options, file.baselines.entries[i].id))
                continue;
            add(table, &file.baselines.entries[i]);
            ++shown;
        }
        printf("device %s\n\n", file.baselines.device_key);
        status = write_table(table, error);
    }
    w4_baseline_file_fini(&file);
    *exit_code = shown ? 0 : 3;
    return status;
}

static void add_shown(struct w4_table *table, const struct w4_baseline_entry *entry)
{
    const struct w4_baseline_version *now = &entry->now;
    w4_table_cell(table, W4_COLOUR_NONE, "%s", entry->id);
    w4_table_cell(table, W4_COLOUR_NONE, "%.4g", now->tflops);
    w4_table_cell(table, W4_COLOUR_NONE, "%.3g %%", 100 * entry->tolerance);
    w4_table_cell(table, W4_COLOUR_NONE, "%d", (int)now->nights);
    w4_table_cell(table, W4_COLOUR_DIM, "%s", now->date);
    w4_table_cell(table, W4_COLOUR_DIM, "%s", now->reason);
    w4_table_cell(table, W4_COLOUR_WARN, "%s", entry->quarantine_until[0] ? entry->quarantine_until : "-");
}

enum w4_status w4_baseline_show_action(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    static const struct w4_column columns[] = {
        {"case", true}, {"TFLOPS", false}, {"tolerance", false},       {"nights", false},
        {"date", true}, {"reason", true},  {"quarantine until", true},
    };
    return write_entries(context, columns, sizeof(columns) / sizeof(columns[0]), add_shown, exit_code, error);
}

static void add_version(struct w4_table *table, const struct w4_baseline_version *version,
                        const struct w4_baseline_version *before)
{
    w4_table_cell(table, W4_COLOUR_NONE, "%s", version->date);
    w4_table_cell(table, W4_COLOUR_NONE, "%.4g", version->tflops);
    if (before)
        w4_table_cell(table, W4_COLOUR_NONE, "%+.2f %%", 100 * (version->tflops / before->tflops - 1));
    else
        w4_table_cell(table, W4_COLOUR_DIM, "first");
    w4_table_cell(table, W4_COLOUR_NONE, "%d", (int)version->nights);
    w4_table_cell(table, W4_COLOUR_DIM, "%s", version->source);
    w4_table_cell(table, W4_COLOUR_DIM, "%.12s", version->code_object_hash);
    w4_table_cell(table, W4_COLOUR_NONE, "%s", version->reason);
}

static void add_log(struct w4_table *table, const struct w4_baseline_entry *entry)
{
    w4_table_section(table, entry->id);
    add_version(table, &entry->now, entry->log_count ? &entry->log[entry->log_count - 1] : NULL);
    for (size_t i = entry->log_count; i > 0; --i)
        add_version(table, &entry->log[i - 1], i > 1 ? &entry->log[i - 2] : NULL);
}

enum w4_status w4_baseline_log_action(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    static const struct w4_column columns[] = {
        {"date", true},     {"TFLOPS", false},     {"change", false}, {"nights", false},
        {"revision", true}, {"code object", true}, {"reason", true},
    };
    return write_entries(context, columns, sizeof(columns) / sizeof(columns[0]), add_log, exit_code, error);
}

static void add_change(struct w4_table *table, double change)
{
    if (isfinite(change))
        w4_table_cell(table, change < 0 ? W4_COLOUR_BAD : W4_COLOUR_NONE, "%+.2f %%", 100 * change);
    else
        w4_table_cell(table, W4_COLOUR_DIM, "-");
}

static void add_difference(struct w4_table *table, const struct w4_run *run, const struct w4_result *result,
                           const struct w4_baseline_entry *entry)
{
    struct w4_figures figures;
    struct w4_frog frog = {.last = NAN, .best = NAN, .old = NAN};
    w4_figures_of(result, &figures);
    if (entry)
        w4_baseline_frog(entry, figures.timed ? figures.tflops : NAN, run->time_utc, &frog);
    w4_table_cell(table, W4_COLOUR_NONE, "%s", result->test.id);
    w4_table_cell(table, W4_COLOUR_NONE, entry ? "%.4g" : "-", entry ? entry->now.tflops : 0.0);
    w4_table_cell(table, W4_COLOUR_NONE, figures.timed ? "%.4g" : "-", figures.tflops);
    if (entry)
        add_change(table, frog.last);
    else
        w4_table_cell(table, W4_COLOUR_NONE, "new");
    add_change(table, frog.best);
    add_change(table, frog.old);
    w4_table_cell(table, W4_COLOUR_DIM, "%s", entry ? entry->now.date : "-");
    w4_table_cell(table, W4_COLOUR_DIM, "%s", entry ? entry->now.reason : "-");
}

// No verdict here, so also a run of a changed machine may be looked at beside the stored figures.
enum w4_status w4_baseline_diff_action(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    static const struct w4_column columns[] = {
        {"case", true},     {"stored TFLOPS", false}, {"now", false},      {"change", false},
        {"vs best", false}, {"vs 30 nights", false},  {"stored on", true}, {"reason", true},
    };
    struct w4_run run = {0};
    struct w4_baseline_file file = {0};
    (void)exit_code;
    if (!context->options->results)
        return w4_fail(error, W4_USAGE, "baseline diff: wants --results FILE");
    enum w4_status status = w4_run_load(context->options->results, &run, error);
    if (status == W4_OK)
        status = w4_baseline_file_of_run(context, &run, &file, error);
    if (status == W4_OK) {
        struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
        for (size_t i = 0; i < run.case_count; ++i) {
            const char *id = run.cases[i].test.id;
            if (is_wanted(context->options, id))
                add_difference(table, &run, &run.cases[i], w4_baselines_find(&file.baselines, id));
        }
        status = write_table(table, error);
    }
    w4_baseline_file_fini(&file);
    w4_run_fini(&run);
    return status;
}
