// `report` and `compare`: pure functions of result files.
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "compare.h"
#include "evaluation.h"

static const char *results_argument(const struct w4_options *options)
{
    return options->positional_count ? options->positionals[0] : options->results;
}

// The folder of the result file, unless --out names one.
static enum w4_status report_folder(const struct w4_options *options, const char *results, char folder[W4_PATH_MAX],
                                    struct w4_error *error)
{
    char copy[W4_PATH_MAX];
    const char *source = options->out ? options->out : results;
    if (strlen(source) >= sizeof(copy))
        return w4_fail(error, W4_RANGE, "%.200s...: the path is too long", source);
    strcpy(copy, source);
    strcpy(folder, options->out ? copy : dirname(copy));
    return options->out ? w4_folder_create(folder, error) : W4_OK;
}

static enum w4_status write_report(const struct w4_evaluation *evaluation, const struct w4_options *options,
                                   const char *results, struct w4_error *error)
{
    struct w4_report report = w4_evaluation_report(evaluation);
    char folder[W4_PATH_MAX];
    if (options->format_given)
        return w4_report_write(&report, options->format, stdout, w4_use_colours(), error);
    enum w4_status status = report_folder(options, results, folder, error);
    if (status == W4_OK)
        status = w4_report_save_all(&report, folder, error);
    if (status == W4_OK) {
        w4_report_verdict_line(&evaluation->gate, stdout);
        printf("%s/report.md\n%s/report.html\n%s/report.json\n%s/junit.xml\n", folder, folder, folder, folder);
    }
    return status;
}

// A device that the history does not know has no trend; that is no error.
static enum w4_status load_trends(struct w4_evaluation *evaluation, const char *path, struct w4_error *error)
{
    struct w4_history *history = NULL;
    struct w4_error none = {0};
    enum w4_status status = w4_history_open(path, W4_HISTORY_READ, W4_HISTORY_BUSY_MS, &history, error);
    if (status != W4_OK)
        return status;
    status = w4_trends_load(history, "*", evaluation->run.device.key, &evaluation->trends, &none);
    w4_history_close(history);
    return status == W4_OK || status == W4_NOT_FOUND ? W4_OK : w4_fail(error, status, "%s", none.message);
}

enum w4_status w4_command_report(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    const char *results = results_argument(options);
    if (!results)
        return w4_fail(error, W4_USAGE, "report: which result file? w4bench report RESULTS.json");
    struct w4_evaluation evaluation = {0};
    enum w4_status status = w4_run_load(results, &evaluation.run, error);
    if (status == W4_OK && options->before)
        status = w4_run_load(options->before, &evaluation.before, error);
    if (status == W4_OK && options->history)
        status = load_trends(&evaluation, options->history, error);
    if (status == W4_OK)
        status = w4_evaluate(&evaluation, &context->paths, W4_EVALUATE_REPORT, options->tolerance, error);
    if (status == W4_OK)
        status = write_report(&evaluation, options, results, error);
    w4_evaluation_fini(&evaluation);
    *exit_code = 0;
    return status;
}

static enum w4_status check_compare(const struct w4_options *options, struct w4_error *error)
{
    if (options->kernel_count != 0 && options->kernel_count != 2)
        return w4_fail(error, W4_USAGE, "compare: --kernels wants two names: --kernels FROM,TO");
    if (options->positional_count == 0)
        return w4_fail(error, W4_USAGE, "compare: which result files? w4bench compare BEFORE.json AFTER.json");
    if (options->positional_count == 1 && options->kernel_count == 0)
        return w4_fail(error, W4_USAGE,
                       "compare: one file has nothing to be compared with: give two files, or --kernels FROM,TO");
    if (options->format != W4_FORMAT_TABLE && options->format != W4_FORMAT_MARKDOWN)
        return w4_fail(error, W4_USAGE, "compare: --format is table or markdown");
    return W4_OK;
}

static enum w4_status write_prompts(const struct w4_run *before, const struct w4_run *after,
                                    const struct w4_context *context, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    struct w4_prefill old = {0};
    struct w4_prefill new = {0};
    enum w4_status status = w4_prefill_of(before, context->paths.shapes, &old, error);
    if (status == W4_OK)
        status = w4_prefill_of(after, context->paths.shapes, &new, error);
    if (status == W4_OK)
        status = w4_report_prefill_compare(&old, &new, options->kernel_count ? options->kernels[0] : NULL,
                                           options->kernel_count ? options->kernels[1] : NULL, options->format,
                                           w4_use_colours(), stdout, error);
    w4_prefill_fini(&old);
    w4_prefill_fini(&new);
    return status;
}

static enum w4_status write_compare(const struct w4_run *before, const struct w4_run *after,
                                    const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    struct w4_compare compare = {0};
    enum w4_status status = w4_compare_runs(before, after, options->kernel_count ? options->kernels[0] : NULL,
                                            options->kernel_count ? options->kernels[1] : NULL, &compare, error);
    if (status == W4_OK)
        status = w4_compare_write(&compare, options->format, stdout, w4_use_colours(), error);
    // Comparing nothing is no success.
    *exit_code = compare.compared > 0 ? 0 : 3;
    w4_compare_fini(&compare);
    if (status == W4_OK)
        status = write_prompts(before, after, context, error);
    return status;
}

enum w4_status w4_command_compare(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    struct w4_run before = {0};
    struct w4_run after = {0};
    bool two_files = options->positional_count == 2;
    enum w4_status status = check_compare(options, error);
    if (status == W4_OK)
        status = w4_run_load(options->positionals[0], &before, error);
    if (status == W4_OK && two_files)
        status = w4_run_load(options->positionals[1], &after, error);
    if (status == W4_OK)
        status = write_compare(&before, two_files ? &after : &before, context, exit_code, error);
    w4_run_fini(&before);
    w4_run_fini(&after);
    return status;
}
