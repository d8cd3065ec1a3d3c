// Loads what a run is held against and has the gate decide.
#include "evaluation.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "context.h"
#include "gate/measured.h"
#include "text.h"

static enum w4_status load_baselines(struct w4_evaluation *evaluation, const struct w4_paths *paths,
                                     struct w4_error *error)
{
    char path[W4_PATH_MAX];
    if (!w4_baselines_path(paths->baselines, evaluation->run.device.key, path, sizeof(path)))
        return w4_fail(error, W4_RANGE, "%.200s: the path of the baselines is too long", paths->baselines);
    if (access(path, F_OK) != 0)
        return W4_OK;
    enum w4_status status = w4_baselines_load(path, &evaluation->baselines, error);
    evaluation->has_baselines = status == W4_OK;
    return status;
}

static enum w4_status load_published(struct w4_evaluation *evaluation, const struct w4_paths *paths,
                                     struct w4_error *error)
{
    char path[W4_PATH_MAX];
    enum w4_status status = w4_path_join(path, paths->baselines, W4_PUBLISHED_FILE, error);
    if (status != W4_OK || access(path, F_OK) != 0)
        return status;
    return w4_published_load(path, &evaluation->published, error);
}

static bool is_comparable(const struct w4_evaluation *evaluation)
{
    const struct w4_run *run = &evaluation->run;
    return strcmp(run->device.key, evaluation->baselines.device_key) == 0 &&
           !(fabs(run->clock_mhz - evaluation->baselines.clock_mhz) > 0) &&
           (run->device.modelled || w4_gate_check_machine(run, &evaluation->baselines, NULL) == W4_OK);
}

// Errors of another version of the model say nothing of this one.
static enum w4_status load_model_errors(struct w4_evaluation *evaluation, const struct w4_paths *paths,
                                        struct w4_error *error)
{
    const struct w4_run *run = &evaluation->run;
    if (!run->device.modelled || !paths->validation)
        return W4_OK;
    enum w4_status status = w4_model_errors_load(paths->validation, &evaluation->errors, error);
    if (status == W4_OK && strcmp(evaluation->errors.model_key, run->device.model_key) != 0)
        w4_model_errors_fini(&evaluation->errors);
    return status;
}

// Before and after: two runs, or the run's first two kernels.
static enum w4_status compare(struct w4_evaluation *evaluation, struct w4_error *error)
{
    const struct w4_run *run = &evaluation->run;
    const char *from = run->case_count ? run->cases[0].test.kernel : "";
    if (evaluation->before.case_count > 0)
        return w4_compare_runs(&evaluation->before, run, NULL, NULL, &evaluation->compare, error);
    for (size_t i = 0; i < run->case_count; ++i) {
        const char *to = run->cases[i].test.kernel;
        if (strcmp(from, to) != 0)
            return w4_compare_runs(run, run, from, to, &evaluation->compare, error);
    }
    return W4_OK;
}

enum w4_status w4_evaluate(struct w4_evaluation *evaluation, const struct w4_paths *paths, enum w4_evaluate mode,
                           double tolerance, struct w4_error *error)
{
    enum w4_status status = load_baselines(evaluation, paths, error);
    if (status == W4_OK)
        status = load_published(evaluation, paths, error);
    if (status == W4_OK)
        status = load_model_errors(evaluation, paths, error);
    if (status == W4_OK)
        status = w4_prefill_of(&evaluation->run, paths->shapes, &evaluation->prefill, error);
    if (status != W4_OK)
        return status;
    const struct w4_baselines *baselines = evaluation->has_baselines ? &evaluation->baselines : NULL;
    struct w4_baselines none = {.clock_mhz = evaluation->run.clock_mhz};
    if (mode == W4_EVALUATE_GATE && !baselines) {
        w4_text_copy(none.device_key, sizeof(none.device_key), evaluation->run.device.key);
        baselines = &none;
    }
    if (mode == W4_EVALUATE_SHOW && baselines && !is_comparable(evaluation))
        baselines = NULL;
    status = w4_gate_decide(&evaluation->run, baselines, mode == W4_EVALUATE_SHOW, tolerance, &evaluation->gate, error);
    return status == W4_OK ? compare(evaluation, error) : status;
}

void w4_evaluation_fini(struct w4_evaluation *evaluation)
{
    w4_trends_fini(&evaluation->trends);
    w4_model_errors_fini(&evaluation->errors);
    w4_compare_fini(&evaluation->compare);
    w4_run_fini(&evaluation->before);
    w4_gate_fini(&evaluation->gate);
    w4_prefill_fini(&evaluation->prefill);
    w4_published_fini(&evaluation->published);
    w4_baselines_fini(&evaluation->baselines);
    w4_run_fini(&evaluation->run);
}

struct w4_report w4_evaluation_report(const struct w4_evaluation *evaluation)
{
    return (struct w4_report){.run = &evaluation->run,
                              .gate = &evaluation->gate,
                              .published = &evaluation->published,
                              .prefill = &evaluation->prefill,
                              .compare = evaluation->compare.count ? &evaluation->compare : NULL,
                              .trends = evaluation->trends.count ? &evaluation->trends : NULL,
                              .errors = evaluation->errors.count ? &evaluation->errors : NULL};
}
