// `run` and `gate`: measure (or read results), decide, report.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "evaluation.h"
#include "runner.h"

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
    return status;
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

enum w4_status w4_command_gate(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    struct w4_evaluation evaluation = {0};
    enum w4_status status = options->results ? w4_run_load(options->results, &evaluation.run, error)
                                             : measure(context, &evaluation.run, error);
    if (status == W4_IO && !options->results)
        show_unsaved(&evaluation, context);
    if (status == W4_OK)
        status = w4_evaluate(&evaluation, &context->paths, W4_EVALUATE_GATE, options->tolerance, error);
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
