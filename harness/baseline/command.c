// `baseline`: the table of its actions, and those that change the file.
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../date.h"
#include "../objects.h"
#include "../text.h"
#include "command.h"

static const char *argument(const struct w4_options *options, size_t index)
{
    return options->positional_count > index + 1 ? options->positionals[index + 1] : NULL;
}

// What an acceptance covers: a glob or --all, never everything by accident.
static enum w4_status read_wish(const struct w4_options *options, const char *pattern, struct w4_acceptance *wish,
                                struct w4_error *error)
{
    if (!options->reason)
        return w4_fail(error, W4_USAGE, "baseline %s: why? --reason TEXT", options->positionals[0]);
    if (!pattern && !options->all)
        return w4_fail(error, W4_USAGE, "baseline %s: which cases? a CASE (or a glob of ids), or --all",
                       options->positionals[0]);
    if (pattern && options->all)
        return w4_fail(error, W4_USAGE, "baseline %s: either %s or --all", options->positionals[0], pattern);
    *wish = (struct w4_acceptance){.pattern = pattern, .reason = options->reason, .tolerance = options->tolerance};
    return W4_OK;
}

// Kept code objects are what a confirmation runs the baseline's side with; modelled times need none.
static enum w4_status keep_objects(const struct w4_context *context, const struct w4_run *run, struct w4_error *error)
{
    size_t kept = 0;
    size_t absent = 0;
    if (run->device.modelled)
        return W4_OK;
    enum w4_status status = w4_objects_keep(context->objects, context->paths.manifest, run, &kept, &absent, error);
    if (status == W4_OK && absent > 0)
        fprintf(stderr,
                "w4bench: %zu of %zu code objects of this run are neither in %s nor in %s: their baselines can be "
                "screened against, not confirmed\n",
                absent, absent + kept, context->objects, context->paths.manifest);
    return status;
}

enum w4_status w4_baseline_accept_action(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    struct w4_run run = {0};
    struct w4_baseline_file file = {0};
    struct w4_acceptance wish;
    size_t accepted = 0;
    (void)exit_code;
    if (options->positional_count > 2)
        return w4_fail(error, W4_USAGE, "baseline accept: one CASE (or glob), not %s too", options->positionals[2]);
    enum w4_status status = read_wish(options, argument(options, 0), &wish, error);
    if (status == W4_OK && !options->results)
        status = w4_fail(error, W4_USAGE, "baseline accept: from which run? --results FILE");
    if (status == W4_OK)
        status = w4_run_load(options->results, &run, error);
    if (status == W4_OK)
        status = w4_baseline_file_of_run(context, &run, &file, error);
    if (status == W4_OK)
        status = w4_baselines_accept(&file.baselines, &run, &wish, &accepted, error);
    if (status == W4_OK)
        status = keep_objects(context, &run, error);
    if (status == W4_OK)
        status = w4_baseline_file_save(context, &file, error);
    if (status == W4_OK)
        printf("%zu baselines written to %s\n", accepted, file.path);
    w4_baseline_file_fini(&file);
    w4_run_fini(&run);
    return status;
}

static enum w4_status merge_runs(const struct w4_context *context, const struct w4_run *runs, size_t count,
                                 struct w4_error *error)
{
    struct w4_baseline_file file = {0};
    const struct w4_options *options = context->options;
    const struct w4_acceptance wish = {.reason = options->reason, .tolerance = options->tolerance};
    size_t accepted = 0;
    enum w4_status status = w4_baseline_file_of_run(context, &runs[0], &file, error);
    if (status == W4_OK)
        status = w4_baselines_merge(&file.baselines, runs, count, &wish, &accepted, error);
    for (size_t i = 0; i < count && status == W4_OK; ++i)
        status = keep_objects(context, &runs[i], error);
    if (status == W4_OK)
        status = w4_baseline_file_save(context, &file, error);
    if (status == W4_OK)
        printf("%zu baselines, each the median of the nights that measured it (of %zu), written to %s\n", accepted,
               count, file.path);
    w4_baseline_file_fini(&file);
    return status;
}

enum w4_status w4_baseline_merge_action(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    size_t count = options->positional_count - 1;
    (void)exit_code;
    if (!options->reason)
        return w4_fail(error, W4_USAGE, "baseline merge: why? --reason TEXT");
    if (count < 2)
        return w4_fail(error, W4_USAGE, "baseline merge: wants the result files of at least two nights");
    struct w4_run *runs = calloc(count, sizeof(*runs));
    if (!runs)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu nights", count);
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < count && status == W4_OK; ++i)
        status = w4_run_load(argument(options, i), &runs[i], error);
    if (status == W4_OK)
        status = merge_runs(context, runs, count, error);
    for (size_t i = 0; i < count; ++i)
        w4_run_fini(&runs[i]);
    free(runs);
    return status;
}

// Does something to every entry whose id matches; how many there were is printed.
typedef void (*change_function)(struct w4_baselines *baselines, const char *id, const struct w4_options *options);

static enum w4_status change_entries(const struct w4_context *context, change_function change, const char *what,
                                     struct w4_error *error)
{
    struct w4_baseline_file file = {0};
    const char *pattern = argument(context->options, 0);
    size_t changed = 0;
    enum w4_status status = w4_baseline_file_open(context, &file, error);
    for (size_t i = file.baselines.count; i > 0 && status == W4_OK; --i) {
        const char *id = file.baselines.entries[i - 1].id;
        if (fnmatch(pattern, id, 0) != 0)
            continue;
        printf("%s %s\n", what, id);
        change(&file.baselines, id, context->options);
        ++changed;
    }
    if (status == W4_OK && changed == 0)
        status = w4_fail(error, W4_NOT_FOUND, "%s: no baseline matches \"%s\"", file.path, pattern);
    if (status == W4_OK)
        status = w4_baseline_file_save(context, &file, error);
    w4_baseline_file_fini(&file);
    return status;
}

static void set_quarantine(struct w4_baselines *baselines, const char *id, const struct w4_options *options)
{
    struct w4_baseline_entry *entry = w4_baselines_find(baselines, id);
    w4_text_copy(entry->quarantine_until, sizeof(entry->quarantine_until), options->until);
    w4_text_copy(entry->quarantine_reason, sizeof(entry->quarantine_reason), options->reason);
}

enum w4_status w4_baseline_quarantine_action(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    int64_t day = 0;
    (void)exit_code;
    if (options->positional_count != 2 || !options->until || !options->reason)
        return w4_fail(error, W4_USAGE,
                       "baseline quarantine: wants one CASE (or glob), --until DATE and --reason TEXT");
    if (!w4_date_day(options->until, &day) || strlen(options->until) != strlen("2026-01-31"))
        return w4_fail(error, W4_USAGE, "--until %s: wants a date like 2026-01-31", options->until);
    return change_entries(context, set_quarantine, "in quarantine:", error);
}

static void remove_entry(struct w4_baselines *baselines, const char *id, const struct w4_options *options)
{
    (void)options;
    w4_baselines_remove(baselines, id);
}

enum w4_status w4_baseline_remove_action(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    (void)exit_code;
    if (context->options->positional_count != 2)
        return w4_fail(error, W4_USAGE, "baseline remove: wants one CASE (or glob)");
    return change_entries(context, remove_entry, "removed:", error);
}

struct action_row {
    const char *name;
    w4_command_function run;
};

static const struct action_row actions[] = {
    {"accept", w4_baseline_accept_action},
    {"merge", w4_baseline_merge_action},
    {"quarantine", w4_baseline_quarantine_action},
    {"remove", w4_baseline_remove_action},
    {"show", w4_baseline_show_action},
    {"log", w4_baseline_log_action},
    {"diff", w4_baseline_diff_action},
};
enum { ACTION_COUNT = sizeof(actions) / sizeof(actions[0]) };

enum w4_status w4_command_baseline(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    const char *action = options->positional_count > 0 ? options->positionals[0] : "";
    *exit_code = 0;
    for (size_t i = 0; i < ACTION_COUNT; ++i) {
        if (strcmp(actions[i].name, action) == 0)
            return actions[i].run(context, exit_code, error);
    }
    return w4_fail(error, W4_USAGE,
                   "baseline: what to do? accept, merge, quarantine, remove, show, log or diff, not \"%s\"", action);
}
