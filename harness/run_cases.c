// Runs the selected cases in an order that reuses operands, and keeps the result file up to date after every one.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../base/file.h"
#include "../base/lock.h"
#include "interrupt.h"
#include "measure/order.h"
#include "progress.h"
#include "revision.h"
#include "run_resume.h"
#include "run_setup.h"
#include "text.h"

static void set_time(struct w4_run *run)
{
    time_t now = time(NULL);
    struct tm utc;
    if (!gmtime_r(&now, &utc) || strftime(run->time_utc, sizeof(run->time_utc), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        w4_text_copy(run->time_utc, sizeof(run->time_utc), "unknown");
}

static enum w4_status copy_option(char *out, size_t size, const char *value, const char *name, struct w4_error *error)
{
    if (value && !w4_text_copy(out, size, value))
        return w4_fail(error, W4_USAGE, "--%s: longer than %zu bytes", name, size - 1);
    return W4_OK;
}

static void join_lists(struct w4_run_options *recorded, const struct w4_options *options)
{
    size_t used = 0;
    for (size_t i = 0; i < options->kernel_count && used < sizeof(recorded->kernels); ++i)
        used += (size_t)snprintf(recorded->kernels + used, sizeof(recorded->kernels) - used, "%s%s", i ? "," : "",
                                 options->kernels[i]);
    used = 0;
    for (size_t i = 0; i < options->m_count && used < sizeof(recorded->m); ++i)
        used += (size_t)snprintf(recorded->m + used, sizeof(recorded->m) - used, "%s%lld", i ? "," : "",
                                 (long long)options->m[i]);
}

static enum w4_status record_options(struct w4_run *run, const struct w4_runner *runner, struct w4_error *error)
{
    const struct w4_options *options = runner->context->options;
    struct w4_run_options *recorded = &run->options;
    static const char *const workgroup_words[] = {"auto", "all"};
    enum w4_status status = copy_option(recorded->suite, sizeof(recorded->suite), options->suite, "suite", error);
    if (status == W4_OK)
        status = copy_option(recorded->filter, sizeof(recorded->filter), options->filter, "filter", error);
    if (status == W4_OK)
        status = copy_option(recorded->model, sizeof(recorded->model), options->model, "model", error);
    if (status == W4_OK)
        status = copy_option(recorded->layer, sizeof(recorded->layer), options->layer, "layer", error);
    join_lists(recorded, options);
    if (options->workgroups == W4_WORKGROUPS_COUNT)
        snprintf(recorded->workgroups, sizeof(recorded->workgroups), "%lld", (long long)options->workgroup_count);
    else
        w4_text_copy(recorded->workgroups, sizeof(recorded->workgroups), workgroup_words[options->workgroups]);
    recorded->repeat = (int32_t)options->repeat;
    return status;
}

static enum w4_status expand(const struct w4_context *context, struct w4_run *run, struct w4_error *error)
{
    struct w4_cases cases = {0};
    enum w4_status status = w4_context_cases(context, &cases, error);
    if (status != W4_OK)
        return status;
    run->cases = calloc(cases.count + 1, sizeof(*run->cases));
    if (run->cases)
        run->case_count = cases.count;
    for (size_t i = 0; i < run->case_count && status == W4_OK; ++i) {
        struct w4_result *result = &run->cases[i];
        result->test = cases.items[i];
        result->state = W4_CASE_SKIPPED;
        result->measured.run_position = -1;
        w4_text_copy(result->message, sizeof(result->message), "not run yet");
        status = w4_shape_check(&result->test.shape, error);
    }
    w4_cases_fini(&cases);
    return run->cases ? status : w4_fail(error, W4_MEMORY, "out of memory for the cases");
}

// The folder must take files before anything is run: hours of measuring must not end at an unwritable folder.
static enum w4_status check_out(const char *folder, struct w4_error *error)
{
    char path[W4_PATH_MAX];
    enum w4_status status = w4_folder_create(folder, error);
    if (status == W4_OK)
        status = w4_path_join(path, folder, ".w4bench-probe", error);
    if (status == W4_OK)
        status = w4_file_write_atomic(path, "probe\n", sizeof("probe\n") - 1, error);
    if (status == W4_OK && unlink(path) != 0)
        status = w4_fail(error, W4_IO, "%s: cannot be removed again", path);
    return status;
}

static void read_clock(struct w4_runner *runner, struct w4_run *run)
{
    struct emu_launch_report report;
    if (runner->info->modelled && w4_device_last_launch(runner->device, &report))
        run->clock_mhz = report.clock_mhz;
}

// Marks what is left after an interruption or a lost device.
static void skip_rest(struct w4_run *run, const bool *done, enum w4_case_state state, const char *why)
{
    for (size_t i = 0; i < run->case_count; ++i) {
        if (done[i])
            continue;
        run->cases[i].state = state;
        w4_text_copy(run->cases[i].message, sizeof(run->cases[i].message), why);
    }
}

struct loop {
    struct w4_runner *runner;
    struct w4_run *run;
    const char *path;
    bool *done;
    size_t *order;
    int32_t position;
    bool unsaved; // the file lacks the last cases
    struct w4_progress progress;
};

// A disk that is full now may have room after the next case: what was measured is kept in memory until then.
static void save(struct loop *loop)
{
    struct w4_error error = {0};
    const bool failed = w4_run_save(loop->path, loop->run, &error) != W4_OK;
    if (failed && !loop->unsaved)
        fprintf(stderr, "warning: %s; the run goes on and tries again after every case\n", error.message);
    loop->unsaved = failed;
}

static enum w4_status run_one(struct loop *loop, size_t index)
{
    struct w4_result *result = &loop->run->cases[index];
    w4_progress_show(&loop->progress, result->test.id);
    enum w4_status status = w4_runner_case(loop->runner, &loop->runner->plan[index], loop->run->seed, result);
    loop->done[index] = true;
    result->measured.run_position = loop->position++;
    read_clock(loop->runner, loop->run);
    if (status == W4_INTERRUPTED) {
        loop->run->interrupted = true;
        skip_rest(loop->run, loop->done, W4_CASE_SKIPPED, "interrupted before it ran");
    }
    struct w4_error probe_error = {0};
    if (result->state == W4_CASE_ERROR && !w4_runner_probe(loop->runner, &probe_error)) {
        char why[W4_CASE_ID_MAX + 512];
        snprintf(why, sizeof(why), "not run: the device was lost in %s (%.300s)", result->test.id, probe_error.message);
        skip_rest(loop->run, loop->done, W4_CASE_ERROR, why);
        status = W4_DEVICE;
    }
    w4_progress_done(&loop->progress, loop->run, result);
    save(loop);
    return status;
}

static enum w4_status run_all(struct loop *loop, struct w4_error *error)
{
    enum w4_status status = w4_run_save(loop->path, loop->run, error);
    for (size_t i = 0; i < loop->run->case_count && status == W4_OK; ++i) {
        if (!loop->done[loop->order[i]])
            status = run_one(loop, loop->order[i]);
    }
    const enum w4_status saved = loop->unsaved ? w4_run_save(loop->path, loop->run, error) : W4_OK;
    return saved != W4_OK ? saved : status;
}

static enum w4_status run_loop(struct w4_runner *runner, struct w4_run *run, const char *path, struct w4_error *error)
{
    struct loop loop = {.runner = runner, .run = run, .path = path};
    loop.done = calloc(run->case_count + 1, sizeof(*loop.done));
    loop.order = calloc(run->case_count + 1, sizeof(*loop.order));
    enum w4_status status = W4_OK;
    if (!loop.done || !loop.order) {
        status = w4_fail(error, W4_MEMORY, "out of memory for %zu cases", run->case_count);
        goto out;
    }
    size_t planned = 0;
    for (size_t i = 0; i < run->case_count; ++i)
        loop.done[i] = !runner->plan[i].variant;
    status = runner->context->earlier ? w4_run_adopt(run, runner->context->earlier, loop.done, error) : W4_OK;
    for (size_t i = 0; i < run->case_count; ++i)
        planned += !loop.done[i];
    if (status == W4_OK)
        status = w4_order_cases(run, run->order_seed, loop.order, error);
    if (status == W4_OK)
        status = w4_interrupt_install(runner->device, error);
    w4_progress_start(&loop.progress, planned);
    if (status == W4_OK)
        status = run_all(&loop, error);
    w4_progress_finish(&loop.progress);
    w4_interrupt_remove();
out:
    free(loop.order);
    free(loop.done);
    // Interruption and a lost device are in the results; only what kept the results from disk is an error.
    return error->status == W4_OK ? W4_OK : status;
}

void w4_runner_fini(struct w4_runner *runner)
{
    if (runner->device) {
        w4_runner_drop_operands(runner);
        if (runner->measuring)
            w4_measure_fini(&runner->measure);
        w4_runner_unload(runner);
        w4_device_close(runner->device);
    }
    free(runner->c_memory);
    free(runner->ids);
}

enum w4_status w4_bench_run(const struct w4_context *context, const char *results_path, struct w4_run *run,
                            struct w4_error *error)
{
    struct w4_runner runner = {.context = context};
    int lock = -1;
    memset(run, 0, sizeof(*run));
    run->seed = (uint64_t)context->options->seed;
    set_time(run);
    w4_text_copy(run->git_revision, sizeof(run->git_revision), W4_GIT_REVISION);
    w4_text_copy(run->toolchain.host_compiler, sizeof(run->toolchain.host_compiler), W4_HOST_COMPILER);
    enum w4_status status = record_options(run, &runner, error);
    if (status == W4_OK)
        status = expand(context, run, error);
    if (status == W4_OK)
        status = check_out(context->out, error);
    if (status == W4_OK)
        status = w4_lock_take(context->out, &lock, error);
    if (status == W4_OK)
        status = w4_run_open_device(&runner, run, error);
    if (status == W4_OK)
        status = w4_run_prepare_measuring(&runner, run, error);
    if (status == W4_OK)
        status = w4_runner_plan(&runner, run, error);
    if (status == W4_OK)
        status = run_loop(&runner, run, results_path, error);
    w4_runner_fini(&runner);
    w4_lock_release(context->out, lock);
    return status;
}
