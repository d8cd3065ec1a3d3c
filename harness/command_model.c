// `model`: how good the timing model is (validate), and what it assumes (parameters).
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/file.h"
#include "commands.h"
#include "parameters.h"
#include "progress.h"
#include "text.h"
#include "validation/pool.h"
#include "validation/report.h"

// Everything of one validation.
struct run {
    const struct w4_context *context;
    struct w4_validation validation;
    struct w4_accepted accepted;
    struct w4_manifest manifest;
    struct w4_error manifest_error;
    struct w4_validation_setup setup;
    struct w4_validation_setting settings[W4_LIST_MAX];
    size_t *todo, todo_count;
    struct w4_validation_report report;
    struct w4_progress progress;
};

static enum w4_status read_settings(struct run *run, struct w4_error *error)
{
    const struct w4_options *options = run->context->options;
    char *what = run->report.what_if;
    size_t used = 0;
    for (size_t i = 0; i < options->setting_count; ++i) {
        const char *text = options->settings[i];
        const char *equals = strchr(text, '=');
        char *end = NULL;
        struct w4_validation_setting *setting = &run->settings[i];
        const double value = equals ? strtod(equals + 1, &end) : 0;
        if (!equals || end == equals + 1 || *end || (size_t)(equals - text) >= sizeof(setting->name))
            return w4_fail(error, W4_USAGE, "--set %s: wants NAME=VALUE", text);
        memcpy(setting->name, text, (size_t)(equals - text));
        setting->value = value;
        if (!w4_parameter_find(setting->name))
            return w4_fail(error, W4_USAGE, "--set %s: no such parameter; `w4bench model parameters` lists them", text);
        used += (size_t)snprintf(what + used, sizeof(run->report.what_if) - used, "%s%s=%g", used ? ", " : "",
                                 setting->name, value);
        if (used >= sizeof(run->report.what_if))
            return w4_fail(error, W4_USAGE, "--set: too many");
    }
    if (options->clock_mhz > 0)
        snprintf(what + used, sizeof(run->report.what_if) - used, "%s%.0f MHz for every row", used ? ", " : "",
                 options->clock_mhz);
    run->setup.settings = run->settings;
    run->setup.setting_count = options->setting_count;
    run->setup.clock_mhz = run->report.clock_mhz = options->clock_mhz;
    return W4_OK;
}

static bool matches(const char *filter, const char *id)
{
    if (!filter)
        return true;
    return strpbrk(filter, "*?[") ? fnmatch(filter, id, 0) == 0 : strstr(id, filter) != NULL;
}

static enum w4_status select_rows(struct run *run, struct w4_error *error)
{
    const struct w4_options *options = run->context->options;
    const struct w4_validation *validation = &run->validation;
    bool known = !options->series;
    for (size_t i = 0; i < validation->series_count; ++i)
        known = known || strcmp(options->series, validation->series[i].name) == 0;
    if (!known) {
        char names[512] = "";
        for (size_t i = 0, used = 0; i < validation->series_count && used < sizeof(names); ++i)
            used +=
                (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "", validation->series[i].name);
        return w4_fail(error, W4_USAGE, "--series %s: there are %s", options->series, names);
    }
    for (size_t i = 0; i < validation->row_count; ++i) {
        const struct w4_validation_row *row = &validation->rows[i];
        if ((options->series && strcmp(options->series, validation->series[row->series].name) != 0) ||
            (options->quick && !row->quick) || !matches(options->filter, row->id))
            continue;
        run->report.selected[i] = true;
        run->todo[run->todo_count++] = i;
    }
    return run->todo_count ? W4_OK : w4_fail(error, W4_USAGE, "no row of the validation is selected");
}

static enum w4_status check_options(const struct w4_options *options, struct w4_error *error)
{
    if (!options->accept)
        return options->reason ? w4_fail(error, W4_USAGE, "--reason belongs to --accept") : W4_OK;
    if (!options->reason)
        return w4_fail(error, W4_USAGE, "--accept wants a --reason TEXT");
    if (options->setting_count || options->clock_mhz > 0 || options->filter || options->quick)
        return w4_fail(error, W4_USAGE,
                       "--accept takes whole series as they are: no --set, --clock-mhz, --filter or --quick");
    return W4_OK;
}

static enum w4_status prepare(struct run *run, struct w4_error *error)
{
    const struct w4_context *context = run->context;
    enum w4_status status = check_options(context->options, error);
    if (status == W4_OK)
        status = w4_validation_load(context->paths.validation, &run->validation, error);
    if (status == W4_OK)
        status = w4_accepted_load(context->paths.validation, &run->validation, &run->accepted, error);
    if (status == W4_OK)
        status = w4_validation_report_init(&run->report, &run->validation, &run->accepted, error);
    if (status == W4_OK) {
        run->todo = calloc(run->validation.row_count, sizeof(*run->todo));
        if (!run->todo)
            status = w4_fail(error, W4_MEMORY, "out of memory for the rows");
    }
    if (status == W4_OK)
        status = read_settings(run, error);
    if (status == W4_OK)
        status = select_rows(run, error);
    if (status != W4_OK)
        return status;
    run->setup.validation = &run->validation;
    run->setup.kernels = context->validation_kernels;
    run->setup.heuristics = context->paths.heuristics;
    if (w4_context_manifest(context, &run->manifest, &run->manifest_error) == W4_OK)
        run->setup.manifest = &run->manifest;
    run->setup.manifest_error = run->manifest_error.message;
    return w4_folder_create(context->out, error);
}

// After every row: the file holds what is finished.
static enum w4_status after_row(void *context, size_t row, struct w4_error *error)
{
    struct run *run = context;
    char text[64];
    struct w4_validation_report *report = &run->report;
    const struct w4_validation_row *what = &run->validation.rows[row];
    const struct w4_validation_outcome *outcome = &run->report.outcomes[row];
    if (!report->model_key[0]) {
        w4_text_copy(report->model_key, sizeof(report->model_key), outcome->model_key);
        w4_text_copy(report->model_label, sizeof(report->model_label), outcome->model_label);
    }
    if (outcome->state == W4_VALIDATION_DONE)
        snprintf(text, sizeof(text), "%.2f modelled, %.2f on hardware", outcome->model, what->hardware);
    else
        w4_text_copy(text, sizeof(text), "did not run");
    w4_progress_done_text(&run->progress, text);
    w4_progress_show(&run->progress, what->id);
    w4_validation_report_judge(report);
    return w4_validation_save_json(report, run->context->out, error);
}

static size_t job_count(const struct w4_options *options)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return options->jobs > 0 ? (size_t)options->jobs : cores > 0 ? (size_t)cores : 1;
}

static enum w4_status accept(struct run *run, struct w4_error *error)
{
    for (size_t i = 0; i < run->validation.row_count; ++i) {
        const bool done = run->report.outcomes[i].state == W4_VALIDATION_DONE;
        const bool lacks_kernel = run->report.outcomes[i].state == W4_VALIDATION_MISSING;
        if (run->report.selected[i] && !done &&
            !(lacks_kernel && run->validation.series[run->validation.rows[i].series].optional))
            return w4_fail(error, W4_USAGE, "nothing was accepted: %s did not run: %s", run->validation.rows[i].id,
                           run->report.outcomes[i].message);
        run->report.selected[i] = run->report.selected[i] && done;
    }
    return w4_accepted_save(run->context->paths.validation, &run->validation, run->report.selected,
                            run->report.outcomes, run->report.model_key, run->context->options->reason, &run->accepted,
                            error);
}

static void fini(struct run *run)
{
    w4_validation_fini(&run->validation);
    w4_accepted_fini(&run->accepted);
    w4_manifest_fini(&run->manifest);
    w4_validation_report_fini(&run->report);
    free(run->todo);
}

static enum w4_status validate(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    struct run run = {.context = context};
    const char *out = context->out;
    enum w4_status status = prepare(&run, error);
    if (status == W4_OK) {
        struct w4_error stopped = {0};
        w4_progress_start(&run.progress, run.todo_count);
        w4_progress_show(&run.progress, run.validation.rows[run.todo[0]].id);
        status = w4_validation_run_rows(&run.setup, run.todo, run.todo_count, job_count(context->options),
                                        run.report.outcomes, after_row, &run, &stopped);
        w4_progress_finish(&run.progress);
        run.report.interrupted = status == W4_INTERRUPTED;
        if (status != W4_OK && status != W4_INTERRUPTED)
            (void)w4_fail(error, status, "%s", stopped.message);
        else
            status = W4_OK;
    }
    if (status == W4_OK && context->options->accept && !run.report.interrupted)
        status = accept(&run, error);
    if (status == W4_OK) {
        w4_validation_report_judge(&run.report);
        status = w4_validation_save_json(&run.report, out, error);
    }
    if (status == W4_OK)
        status = w4_validation_save_markdown(&run.report, out, error);
    if (status == W4_OK)
        status = w4_validation_print(&run.report, stdout, w4_use_colours(), error);
    if (status == W4_OK) {
        fprintf(stderr, "report: %s/model-validation.md\n", out);
        *exit_code = w4_validation_report_exit_code(&run.report);
    }
    fini(&run);
    return status;
}

enum w4_status w4_command_model(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    const char *what = options->positional_count ? options->positionals[0] : "";
    if (strcmp(what, "validate") == 0)
        return validate(context, exit_code, error);
    if (strcmp(what, "parameters") == 0) {
        w4_parameters_write(stdout);
        *exit_code = 0;
        return W4_OK;
    }
    if (strcmp(what, "accepted") == 0) {
        *exit_code = 0;
        return w4_validation_write_accepted(context->paths.validation, stdout, error);
    }
    return w4_fail(error, W4_USAGE, "model: what? w4bench model validate, accepted or parameters");
}
