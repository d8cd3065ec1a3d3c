// `baseline accept|show|diff`: the stored baselines of a device.
#include <fnmatch.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "evaluation.h"

static enum w4_status load_for_run(const struct w4_context *context, const struct w4_run *run, char path[W4_PATH_MAX],
                                   struct w4_baselines *baselines, struct w4_error *error)
{
    if (!w4_baselines_path(context->paths.baselines, run->device.key, path, W4_PATH_MAX))
        return w4_fail(error, W4_RANGE, "%.200s: the path of the baselines is too long", context->paths.baselines);
    return access(path, F_OK) == 0 ? w4_baselines_load(path, baselines, error) : W4_OK;
}

static enum w4_status save(const struct w4_context *context, const char *path, const struct w4_baselines *baselines,
                           struct w4_error *error)
{
    enum w4_status status = w4_folder_create(context->paths.baselines, error);
    return status == W4_OK ? w4_baselines_save(path, baselines, error) : status;
}

static enum w4_status accept(const struct w4_context *context, const char *pattern, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    struct w4_run run = {0};
    struct w4_baselines baselines = {0};
    char path[W4_PATH_MAX];
    size_t accepted = 0;
    if (!options->results || !options->reason)
        return w4_fail(error, W4_USAGE, "baseline accept: wants --results FILE and --reason TEXT");
    enum w4_status status = w4_run_load(options->results, &run, error);
    if (status == W4_OK)
        status = load_for_run(context, &run, path, &baselines, error);
    if (status == W4_OK)
        status = w4_baselines_accept(&baselines, &run, pattern, options->reason, options->tolerance, &accepted, error);
    if (status == W4_OK)
        status = save(context, path, &baselines, error);
    if (status == W4_OK)
        printf("%zu baselines written to %s\n", accepted, path);
    w4_baselines_fini(&baselines);
    w4_run_fini(&run);
    return status;
}

static void print_entries(const struct w4_baselines *baselines, const char *pattern, struct w4_table *table,
                          size_t *shown)
{
    for (size_t i = 0; i < baselines->count; ++i) {
        const struct w4_baseline_entry *entry = &baselines->entries[i];
        if (pattern && fnmatch(pattern, entry->id, 0) != 0)
            continue;
        w4_table_cell(table, W4_COLOUR_NONE, "%s", entry->id);
        w4_table_cell(table, W4_COLOUR_NONE, "%.4g", entry->tflops);
        w4_table_cell(table, W4_COLOUR_NONE, "%.3g %%", 100 * entry->tolerance);
        w4_table_cell(table, W4_COLOUR_DIM, "%s", entry->date);
        w4_table_cell(table, W4_COLOUR_DIM, "%s", entry->reason);
        ++*shown;
    }
}

// Without --results there is no device to choose the file by, so `show` takes the device's key from it.
static enum w4_status show(const struct w4_context *context, const char *pattern, int *exit_code,
                           struct w4_error *error)
{
    static const struct w4_column columns[] = {
        {"case", true}, {"TFLOPS", false}, {"tolerance", false}, {"date", true}, {"reason", true}};
    struct w4_run run = {0};
    struct w4_baselines baselines = {0};
    char path[W4_PATH_MAX];
    size_t shown = 0;
    if (!context->options->results)
        return w4_fail(error, W4_USAGE, "baseline show: wants --results FILE, whose device chooses the baseline file");
    enum w4_status status = w4_run_load(context->options->results, &run, error);
    if (status == W4_OK)
        status = load_for_run(context, &run, path, &baselines, error);
    if (status == W4_OK && baselines.count == 0)
        status = w4_fail(error, W4_NOT_FOUND, "%s: there are no baselines of device %s", path, run.device.key);
    if (status == W4_OK) {
        struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
        print_entries(&baselines, pattern, table, &shown);
        if (w4_table_write_terminal(table, stdout, w4_use_colours()) != 0)
            status = w4_fail(error, W4_MEMORY, "out of memory for the table");
        w4_table_destroy(table);
    }
    *exit_code = shown ? 0 : 3;
    w4_baselines_fini(&baselines);
    w4_run_fini(&run);
    return status;
}

static void add_difference(struct w4_table *table, const struct w4_gate_item *item)
{
    w4_table_cell(table, W4_COLOUR_NONE, "%s", item->id);
    w4_table_cell(table, W4_COLOUR_NONE, item->entry ? "%.4g" : "-", item->entry ? item->entry->tflops : 0.0);
    w4_table_cell(table, W4_COLOUR_NONE, item->figures.timed ? "%.4g" : "-", item->figures.tflops);
    w4_table_cell(table, W4_COLOUR_NONE, item->entry && item->figures.timed ? "%+.2f %%" : "new", 100 * item->change);
}

static enum w4_status diff(const struct w4_context *context, const char *pattern, struct w4_error *error)
{
    static const struct w4_column columns[] = {
        {"case", true}, {"stored TFLOPS", false}, {"now", false}, {"change", false}};
    struct w4_evaluation evaluation = {0};
    if (!context->options->results)
        return w4_fail(error, W4_USAGE, "baseline diff: wants --results FILE");
    enum w4_status status = w4_run_load(context->options->results, &evaluation.run, error);
    if (status == W4_OK)
        status = w4_evaluate(&evaluation, &context->paths, W4_EVALUATE_GATE, context->options->tolerance, error);
    if (status == W4_OK) {
        struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
        for (size_t i = 0; i < evaluation.gate.count; ++i) {
            const struct w4_gate_item *item = &evaluation.gate.items[i];
            if (item->result && (!pattern || fnmatch(pattern, item->id, 0) == 0))
                add_difference(table, item);
        }
        if (w4_table_write_terminal(table, stdout, w4_use_colours()) != 0)
            status = w4_fail(error, W4_MEMORY, "out of memory for the table");
        w4_table_destroy(table);
    }
    w4_evaluation_fini(&evaluation);
    return status;
}

enum w4_status w4_command_baseline(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    const char *action = options->positional_count > 0 ? options->positionals[0] : "";
    const char *pattern = options->positional_count > 1 ? options->positionals[1] : NULL;
    *exit_code = 0;
    if (strcmp(action, "accept") == 0)
        return accept(context, pattern, error);
    if (strcmp(action, "show") == 0)
        return show(context, pattern, exit_code, error);
    if (strcmp(action, "diff") == 0)
        return diff(context, pattern, error);
    return w4_fail(error, W4_USAGE, "baseline: what to do? accept, show or diff, not \"%s\"", action);
}
