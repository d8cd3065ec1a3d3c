// One case: C poisoned on the device, launches timed by events, C downloaded and judged.
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "launch.h"
#include "measure/roofline.h"
#include "runner.h"
#include "text.h"
#include "verify.h"

enum { AUTO_WORKGROUPS = 48 };

static uint64_t workgroup_sample(const struct w4_runner *runner, uint64_t workgroups)
{
    const struct w4_options *options = runner->context->options;
    uint64_t limit = AUTO_WORKGROUPS;
    if (!runner->info->modelled || options->workgroups == W4_WORKGROUPS_ALL)
        return 0;
    if (options->workgroups == W4_WORKGROUPS_COUNT)
        limit = (uint64_t)options->workgroup_count;
    return workgroups > limit ? limit : 0;
}

// Cycles, occupancy and where the time goes, when the device tells them.
static void read_times(struct w4_result *result, const struct emu_launch_report *report)
{
    result->cycles = report->cycles;
    result->occupancy_waves_per_simd = report->occupancy_waves_per_simd;
    if (!report->workgroups_timed)
        return;
    result->modelled = (struct w4_modelled){.workgroups_timed = report->workgroups_timed,
                                            .timing_seconds = report->host_seconds,
#define X(member, words, source) .member = report->bytes.source,
                                            W4_LEVELS(X)
#undef X
#define X(member, words, source) .member = report->time_shares.source,
                                                W4_TIME_SHARES(X)
#undef X
    };
    w4_text_copy(result->modelled.limiter, sizeof(result->modelled.limiter), report->limiter);
}

// The times of the last launch and the workgroups that it ran, when the device tells them.
static enum w4_status read_extras(struct w4_runner *runner, struct w4_result *result, bool *sampled,
                                  struct w4_error *error)
{
    struct emu_launch_report report;
    *sampled = false;
    if (!w4_device_last_launch(runner->device, &report))
        return W4_OK;
    if (!runner->separate_timing)
        read_times(result, &report);
    result->workgroups_run = report.workgroups_run;
    if (report.workgroups != result->workgroups)
        return w4_fail(error, W4_DEVICE, "the device launched %" PRIu64 " workgroups instead of %" PRIu64,
                       report.workgroups, result->workgroups);
    if (report.workgroups_run == report.workgroups)
        return W4_OK;
    *sampled = true;
    if (report.workgroups_run > runner->id_capacity) {
        uint64_t *grown = reallocarray(runner->ids, report.workgroups_run, sizeof(*grown));
        if (!grown)
            return w4_fail(error, W4_MEMORY, "out of memory for %" PRIu64 " workgroup ids", report.workgroups_run);
        runner->ids = grown;
        runner->id_capacity = report.workgroups_run;
    }
    uint64_t count = w4_device_last_workgroups(runner->device, runner->ids, runner->id_capacity);
    if (count != report.workgroups_run)
        return w4_fail(error, W4_DEVICE, "the device names %" PRIu64 " of the %" PRIu64 " workgroups that it ran",
                       count, report.workgroups_run);
    return W4_OK;
}

static enum w4_status poison(struct w4_device *device, uint64_t address, const struct w4_c_layout *layout,
                             struct w4_error *error)
{
    enum w4_status status = w4_device_fill(device, address, W4_GUARD_BYTE, layout->head_bytes, error);
    if (status == W4_OK)
        status = w4_device_fill(device, address + layout->head_bytes, W4_POISON_BYTE, layout->c_bytes, error);
    if (status == W4_OK)
        status = w4_device_fill(device, address + layout->head_bytes + layout->c_bytes, W4_GUARD_BYTE,
                                layout->tail_bytes, error);
    return status;
}

static enum w4_status download(struct w4_runner *runner, uint64_t address, size_t bytes, struct w4_error *error)
{
    if (bytes > runner->c_capacity) {
        free(runner->c_memory);
        runner->c_capacity = 0;
        runner->c_memory = malloc(bytes);
        if (!runner->c_memory)
            return w4_fail(error, W4_MEMORY, "out of memory for %zu bytes of C", bytes);
        runner->c_capacity = bytes;
    }
    return w4_device_download(runner->device, runner->c_memory, address, bytes, error);
}

// A launch on the fast path, for the verification of its output alone.
static enum w4_status launch_to_verify(struct w4_runner *runner, struct w4_runner_launch *launch,
                                       struct w4_error *error)
{
    enum w4_status status = w4_device_set_timing_model(runner->device, W4_MODEL_ISSUE, error);
    if (status == W4_OK)
        status = w4_runner_launch_copy(launch, 0, error);
    if (status == W4_OK)
        status = w4_device_synchronize(runner->device, error);
    const enum w4_status restored = w4_device_set_timing_model(runner->device, W4_MODEL_CYCLES, error);
    return status == W4_OK ? restored : status;
}

// The same launch again, for its time.
static enum w4_status launch_to_time(struct w4_runner *runner, struct w4_runner_launch *launch,
                                     struct w4_result *result, struct w4_error *error)
{
    struct emu_launch_report report;
    double launch_ms = 0;
    enum w4_status status = w4_runner_warm_up(launch, result, &launch_ms, error);
    if (status == W4_OK)
        status = w4_runner_samples(launch, launch_ms, result, error);
    if (status == W4_OK && w4_device_last_launch(runner->device, &report))
        read_times(result, &report);
    return status;
}

// The timing of a launch on a thread of its own. It uses one core and the device, judging what the launch before it
// left uses the others and neither.
struct timing {
    struct w4_runner *runner;
    struct w4_runner_launch *launch;
    struct w4_result *result; // its samples, cycles and breakdown
    struct w4_error error;
    enum w4_status status;
};

static void *run_timing(void *argument)
{
    struct timing *timing = argument;
    timing->status = launch_to_time(timing->runner, timing->launch, timing->result, &timing->error);
    return NULL;
}

static enum w4_status judge(struct w4_runner *runner, const struct w4_plan_item *item, const struct w4_c_layout *layout,
                            bool sampled, struct w4_result *result, struct w4_error *error)
{
    return w4_verify(runner->operands.oracle, &result->test.shape, &result->tile, item->variant->convention.n_first,
                     layout, runner->c_memory, sampled ? runner->ids : NULL, (size_t)result->workgroups_run,
                     &result->verification, error);
}

static enum w4_status judge_and_time(struct w4_runner *runner, const struct w4_plan_item *item,
                                     struct w4_runner_launch *launch, const struct w4_c_layout *layout, bool sampled,
                                     struct w4_result *result, struct w4_error *error)
{
    struct timing timing = {.runner = runner, .launch = launch, .result = result};
    pthread_t thread;
    const bool beside = pthread_create(&thread, NULL, run_timing, &timing) == 0;
    enum w4_status status = judge(runner, item, layout, sampled, result, error);
    if (beside)
        pthread_join(thread, NULL);
    else
        (void)run_timing(&timing);
    if (status == W4_OK && timing.status != W4_OK)
        status = w4_fail(error, timing.status, "%s", timing.error.message);
    return status;
}

// How many workgroups the launch has: what the device says of the last one is held against it.
static enum w4_status count_workgroups(const struct w4_runner *runner, const struct w4_plan_item *item,
                                       struct w4_result *result, struct w4_error *error)
{
    struct w4_gemm_launch gemm;
    const struct w4_gemm_addresses addresses = {0};
    enum w4_status status = w4_gemm_launch_of(item->variant, &result->test.shape, &addresses, &gemm, error);
    if (status != W4_OK)
        return status;
    result->workgroups = (uint64_t)gemm.grid[0] * gemm.grid[1];
    result->workgroups_run = result->workgroups;
    w4_device_sample_workgroups(runner->device, workgroup_sample(runner, result->workgroups));
    return W4_OK;
}

// The timed launches, whose output is left in C: it is poisoned after the warm-up has written it.
static enum w4_status launch_poisoned(struct w4_runner *runner, struct w4_runner_launch *launch, uint64_t address,
                                      const struct w4_c_layout *layout, struct w4_result *result,
                                      struct w4_error *error)
{
    double launch_ms = 0;
    enum w4_status status = W4_OK;
    if (!runner->separate_timing)
        status = w4_runner_warm_up(launch, result, &launch_ms, error);
    if (status == W4_OK)
        status = poison(runner->device, address, layout, error);
    if (status == W4_OK)
        status = w4_device_synchronize(runner->device, error);
    if (status != W4_OK)
        return status;
    return runner->separate_timing ? launch_to_verify(runner, launch, error)
                                   : w4_runner_samples(launch, launch_ms, result, error);
}

// Launches into C at `address` and judges what it left there.
static enum w4_status run_and_verify(struct w4_runner *runner, const struct w4_plan_item *item, uint64_t address,
                                     const struct w4_c_layout *layout, struct w4_result *result, struct w4_error *error)
{
    struct w4_runner_launch launch = {runner, item, address + layout->head_bytes};
    bool sampled = false;
    enum w4_status status = count_workgroups(runner, item, result, error);
    if (status == W4_OK)
        status = launch_poisoned(runner, &launch, address, layout, result, error);
    if (status == W4_OK)
        status = read_extras(runner, result, &sampled, error);
    if (status == W4_OK)
        status = download(runner, address, layout->head_bytes + layout->c_bytes + layout->tail_bytes, error);
    if (status != W4_OK)
        return status;
    return runner->separate_timing ? judge_and_time(runner, item, &launch, layout, sampled, result, error)
                                   : judge(runner, item, layout, sampled, result, error);
}

static enum w4_status run_case(struct w4_runner *runner, const struct w4_plan_item *item, uint64_t seed,
                               struct w4_result *result, struct w4_error *error)
{
    struct w4_c_layout layout;
    uint64_t address = 0;
    enum w4_status status = w4_runner_operands(runner, &result->test.shape, seed, error);
    if (status == W4_OK)
        status = w4_c_layout_of(&result->test.shape, &result->tile, &layout, error);
    if (status == W4_OK)
        status =
            w4_device_malloc(runner->device, layout.head_bytes + layout.c_bytes + layout.tail_bytes, &address, error);
    if (status != W4_OK)
        return status;
    status = run_and_verify(runner, item, address, &layout, result, error);
    struct w4_error free_error = {0};
    enum w4_status freed = w4_device_free(runner->device, address, &free_error);
    if (status == W4_OK && freed != W4_OK)
        return w4_fail(error, freed, "%s", free_error.message);
    return status;
}

// Messages of libraries go into result files and XML: printable ASCII only.
static void set_message(struct w4_result *result, const char *text)
{
    w4_text_copy(result->message, sizeof(result->message), text);
    for (char *at = result->message; *at; ++at) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at > 0x7e)
            *at = '?';
    }
}

enum w4_status w4_runner_case(struct w4_runner *runner, const struct w4_plan_item *item, uint64_t seed,
                              struct w4_result *result)
{
    struct w4_error error = {0};
    double start = w4_looks_now();
    enum w4_status status = run_case(runner, item, seed, result, &error);
    result->host_seconds = w4_looks_now() - start;
    if (status != W4_OK) {
        bool interrupted = w4_interrupt_requested();
        w4_result_fini(result);
        result->state = interrupted ? W4_CASE_SKIPPED : W4_CASE_ERROR;
        set_message(result, interrupted ? "interrupted while it ran" : error.message);
        return interrupted ? W4_INTERRUPTED : W4_OK;
    }
    result->message[0] = '\0';
    bool right = w4_verification_is_right(&result->verification, result->message, sizeof(result->message));
    result->state = right ? W4_CASE_OK : W4_CASE_WRONG;
    // A model that leaves memory out may be faster than memory; that is its error, not a measurement's.
    double rotated_bytes = (double)w4_rotation_bytes(&runner->operands.weights);
    if (right && runner->measuring && !runner->info->modelled &&
        w4_roofline_is_broken(runner->measure.protocol, result, rotated_bytes, result->message,
                              sizeof(result->message)))
        result->state = W4_CASE_INVALID;
    return W4_OK;
}

bool w4_runner_probe(struct w4_runner *runner, struct w4_error *error)
{
    enum { PROBE_BYTES = 256 };
    uint64_t address = 0;
    unsigned char bytes[PROBE_BYTES] = {0};
    enum w4_status status = w4_device_malloc(runner->device, PROBE_BYTES, &address, error);
    if (status == W4_OK)
        status = w4_device_upload(runner->device, address, bytes, PROBE_BYTES, error);
    if (address && w4_device_free(runner->device, address, error) != W4_OK)
        return false;
    return status == W4_OK;
}
