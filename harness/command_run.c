// `run` and `gate`: measure (or read results), decide, report.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baseline/command.h"
#include "commands.h"
#include "evaluation.h"
#include "gate/confirm.h"
#include "gate/ledger.h"
#include "objects.h"
#include "runner.h"
#include "text.h"

// Saves where another run may look: gate's reports lie beside its results.
static enum w4_status save_reports(const struct w4_evaluation *evaluation, const char *folder, struct w4_error *error)
{
    struct w4_report report = w4_evaluation_report(evaluation);
    return w4_report_save_all(&report, folder, error);
}

static enum w4_status print(const struct w4_evaluation *evaluation, const struct w4_options *options,
                            struct w4_error *error)
{
    struct w4_report report = w4_evaluation_report(evaluation);
    return w4_report_write(&report, options->format, stdout, w4_use_colours(), error);
}

// A default suite makes "which baselines should be there" a question with an answer.
static struct w4_options with_suite(const struct w4_options *options)
{
    struct w4_options changed = *options;
    if (!changed.suite)
        changed.suite = W4_DEFAULT_SUITE;
    return changed;
}

// Whatever the build becomes, what was measured can be launched again.
static enum w4_status keep_objects(const struct w4_context *context, const struct w4_run *run, struct w4_error *error)
{
    size_t kept = 0;
    size_t absent = 0;
    if (run->device.modelled)
        return W4_OK;
    return w4_objects_keep(context->objects, context->paths.manifest, run, &kept, &absent, error);
}

static enum w4_status measure(const struct w4_context *context, struct w4_run *run, struct w4_error *error)
{
    char path[W4_PATH_MAX];
    struct w4_options options = with_suite(context->options);
    struct w4_context changed = *context;
    changed.options = &options;
    enum w4_status status = w4_path_join(path, context->out, "results.json", error);
    if (status == W4_OK)
        status = w4_bench_run(&changed, path, run, error);
    if (status == W4_OK)
        fprintf(stderr, "results: %s\n", path);
    return status == W4_OK ? keep_objects(context, run, error) : status;
}

static bool has_times(const struct w4_run *run)
{
    for (size_t i = 0; i < run->case_count; ++i) {
        if (run->cases[i].sample_count > 0)
            return true;
    }
    return false;
}

// What could not be saved is at least shown. The failure to save is the error; none of this replaces it.
static void show_unsaved(struct w4_evaluation *evaluation, const struct w4_context *context)
{
    struct w4_error error = {0};
    if (has_times(&evaluation->run) && w4_evaluate(evaluation, &context->paths, W4_EVALUATE_SHOW, -1, &error) == W4_OK)
        (void)print(evaluation, context->options, &error);
}

enum w4_status w4_command_run(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    struct w4_evaluation evaluation = {0};
    enum w4_status status = measure(context, &evaluation.run, error);
    if (status == W4_IO)
        show_unsaved(&evaluation, context);
    if (status == W4_OK)
        status = w4_evaluate(&evaluation, &context->paths, W4_EVALUATE_SHOW, -1, error);
    if (status == W4_OK)
        status = print(&evaluation, context->options, error);
    *exit_code = w4_gate_exit_code(&evaluation.gate);
    w4_evaluation_fini(&evaluation);
    return status;
}

// On a measured device: confirms what the screen flags and runs the controls. Without baselines there is nothing to
// confirm, and every case is MISSING.
static enum w4_status confirm(const struct w4_context *context, struct w4_run *run, struct w4_error *error)
{
    char path[W4_PATH_MAX];
    struct w4_baseline_file file = {0};
    enum w4_status status = w4_path_join(path, context->out, "results.json", error);
    if (status == W4_OK)
        status = w4_baseline_file_of_run(context, run, &file, error);
    if (status == W4_OK && file.baselines.count > 0)
        status = w4_gate_confirm(context, path, run, &file.baselines, context->options->tolerance, error);
    w4_baseline_file_fini(&file);
    return status;
}

static enum w4_status ledger_path(const struct w4_context *context, char path[W4_PATH_MAX], struct w4_error *error)
{
    if (!context->options->ledger)
        return w4_path_join(path, context->out, "ledger.jsonl", error);
    if (w4_text_copy(path, W4_PATH_MAX, context->options->ledger))
        return W4_OK;
    return w4_fail(error, W4_RANGE, "%.200s...: the path is too long", context->options->ledger);
}

static enum w4_status append_to_ledger(const struct w4_context *context, const struct w4_evaluation *evaluation,
                                       struct w4_error *error)
{
    char path[W4_PATH_MAX];
    if (!evaluation->run.gate_plan.active)
        return W4_OK;
    enum w4_status status = ledger_path(context, path, error);
    return status == W4_OK ? w4_ledger_append(path, &evaluation->run, &evaluation->gate, error) : status;
}

static enum w4_status print_ledger(const struct w4_context *context, struct w4_error *error)
{
    char path[W4_PATH_MAX];
    struct w4_ledger_nights nights = {0};
    enum w4_status status = ledger_path(context, path, error);
    if (status == W4_OK && access(path, F_OK) != 0)
        return w4_fail(error, W4_NOT_FOUND,
                       "%s: no ledger there: `w4bench gate` on a measured device writes it; name another with --ledger",
                       path);
    if (status == W4_OK)
        status = w4_ledger_load(path, &nights, error);
    if (status == W4_OK)
        status = w4_ledger_print(&nights, stdout, w4_use_colours(), error);
    w4_ledger_nights_fini(&nights);
    return status;
}

// A night that was measured just now, and its place in the ledger; or one from a file, decided again.
static enum w4_status judge_night(const struct w4_context *context, struct w4_evaluation *evaluation,
                                  struct w4_error *error)
{
    const struct w4_options *options = context->options;
    bool live = !options->results;
    enum w4_status status = W4_OK;
    if (!live)
        status = w4_run_load(options->results, &evaluation->run, error);
    if (live)
        status = w4_gate_check_blocks(context, error);
    if (live && status == W4_OK)
        status = measure(context, &evaluation->run, error);
    if (live && status == W4_OK)
        status = confirm(context, &evaluation->run, error);
    if (status == W4_OK)
        status = w4_evaluate(evaluation, &context->paths, W4_EVALUATE_GATE, options->tolerance, error);
    return live && status == W4_OK ? append_to_ledger(context, evaluation, error) : status;
}

enum w4_status w4_command_gate(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    struct w4_evaluation evaluation = {0};
    *exit_code = 0;
    if (options->positional_count > 0 && strcmp(options->positionals[0], "ledger") == 0)
        return print_ledger(context, error);
    if (options->positional_count > 0)
        return w4_fail(error, W4_USAGE, "gate: \"%s\" is none of its actions: ledger, or none",
                       options->positionals[0]);
    enum w4_status status = judge_night(context, &evaluation, error);
    if (status == W4_IO && !options->results)
        show_unsaved(&evaluation, context);
    if (status == W4_OK)
        status = print(&evaluation, options, error);
    if (status == W4_OK && (!options->results || options->out)) {
        status = w4_folder_create(context->out, error);
        if (status == W4_OK)
            status = save_reports(&evaluation, context->out, error);
    }
    *exit_code = w4_gate_exit_code(&evaluation.gate);
    w4_evaluation_fini(&evaluation);
    return status;
}
