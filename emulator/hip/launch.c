// One launch: gathers its arguments, checks it, runs it, keeps its report, advances the modelled device time. The
// calls that ask for launches are in launch_calls.c.
#include "runtime.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../checks/checks.h"
#include "../checks/finding.h"
#include "../profile/profile.h"
#include "registry.h"

bool hip_function_valid(struct hip_runtime *runtime, hipFunction_t function)
{
    bool found = false;
    pthread_mutex_lock(&runtime->lock);
    for (const struct ihipModule_t *at = runtime->modules; at && !found; at = at->next)
        found = function >= at->functions && function < at->functions + at->module->object.kernel_count;
    pthread_mutex_unlock(&runtime->lock);
    return found || hip_registered_module_has(function);
}

// The code that ROCm gives for a launch that it refuses, or that dies.
static hipError_t launch_error(enum emu_launch_problem problem, uint32_t fault)
{
    switch (problem) {
    case EMU_LAUNCH_FINE: return hipSuccess;
    case EMU_LAUNCH_EMPTY:
    case EMU_LAUNCH_TOO_LARGE: return hipErrorInvalidConfiguration;
    case EMU_LAUNCH_LDS: return hipErrorInvalidValue;
    case EMU_LAUNCH_ARGUMENTS: return hipErrorInvalidValue;
    case EMU_LAUNCH_NO_MEMORY: return hipErrorOutOfMemory;
    case EMU_LAUNCH_FAULT: return fault == EMU_FAULT_GLOBAL_ACCESS ? hipErrorIllegalAddress : hipErrorLaunchFailure;
    case EMU_LAUNCH_BOUNDS:
    case EMU_LAUNCH_CANCELLED: break;
    }
    return hipErrorLaunchFailure;
}

static bool is_explicit(const struct co_arg *arg)
{
    return arg->kind < CO_ARG_HIDDEN_BLOCK_COUNT_X;
}

// Bytes up to the end of the last explicit argument.
static size_t explicit_bytes(const struct co_kernel *kernel)
{
    size_t end = 0;
    for (size_t i = 0; i < kernel->arg_count; i++)
        if (is_explicit(&kernel->args[i]) && (size_t)kernel->args[i].offset + kernel->args[i].size > end)
            end = (size_t)kernel->args[i].offset + kernel->args[i].size;
    return end;
}

// `params`: one address an argument, in order.
static hipError_t gather_params(const struct co_kernel *kernel, void **params, uint8_t *block)
{
    size_t index = 0;
    for (size_t i = 0; i < kernel->arg_count; i++) {
        const struct co_arg *arg = &kernel->args[i];
        if (!is_explicit(arg))
            continue;
        if (!params[index])
            return hip_fail(hipErrorInvalidValue, "kernel %s: the address of argument %zu is null", kernel->name,
                            index);
        memcpy(block + arg->offset, params[index++], arg->size);
    }
    return hipSuccess;
}

// `extra`: {BUFFER_POINTER, block, BUFFER_SIZE, &bytes, END}, in any order.
static hipError_t gather_extra(const struct co_kernel *kernel, void **extra, const void **block, size_t *bytes)
{
    enum { POINTER = 1, SIZE = 2, END = 3, ENTRIES_MAX = 8 };
    bool has_block = false, has_bytes = false;
    for (int i = 0; i < ENTRIES_MAX; i += 2) {
        const uintptr_t key = (uintptr_t)extra[i];
        if (key == END && has_block && has_bytes && (*block || !*bytes))
            return hipSuccess;
        if (key == POINTER) {
            *block = extra[i + 1];
            has_block = true;
        } else if (key == SIZE && extra[i + 1]) {
            *bytes = *(const size_t *)extra[i + 1];
            has_bytes = true;
        } else {
            break;
        }
    }
    return hip_fail(hipErrorInvalidValue, "kernel %s: extra is not {BUFFER_POINTER, block, BUFFER_SIZE, &bytes, END}",
                    kernel->name);
}

// What only the execution-driven model knows; nothing when the other one ran.
static void keep_breakdown(struct emu_launch_report *report, const struct emu_cycles_result *cycles)
{
    const double *bytes = cycles->bytes;
    const double *share = cycles->share;
    report->workgroups_timed = cycles->workgroups_simulated;
    report->bytes = (struct emu_level_bytes){.l0 = bytes[EMU_LEVEL_L0],
                                             .gl1 = bytes[EMU_LEVEL_GL1],
                                             .l2 = bytes[EMU_LEVEL_L2],
                                             .mall = bytes[EMU_LEVEL_MALL],
                                             .dram = bytes[EMU_LEVEL_DRAM]};
    report->time_shares = (struct emu_time_shares){.wmma = share[EMU_STALL_WMMA],
                                                   .valu = share[EMU_STALL_VALU],
                                                   .lds = share[EMU_STALL_LDS],
                                                   .memory = share[EMU_STALL_MEMORY],
                                                   .barrier = share[EMU_STALL_BARRIER],
                                                   .dependency = share[EMU_STALL_DEPENDENCY],
                                                   .fetch = share[EMU_STALL_FETCH],
                                                   .no_wave = share[EMU_STALL_EMPTY]};
}

static void keep_report(struct hip_runtime *runtime, const struct co_kernel *kernel, struct emu_launch_result *result)
{
    struct emu_launch_report *report = &runtime->report;
    *report = (struct emu_launch_report){
        .size = sizeof *report,
        .sampled = result->workgroups_run < result->workgroups,
        .workgroups = result->workgroups,
        .workgroups_run = result->workgroups_run,
        .wave_instructions = result->wave_instructions,
        .host_seconds = result->host_seconds,
        .cycles = result->timing.cycles,
        .clock_mhz = result->timing.clock_mhz,
        .milliseconds = result->timing.milliseconds,
        .occupancy_waves_per_simd = result->timing.waves_a_simd,
    };
    keep_breakdown(report, &result->cycles);
    snprintf(report->limiter, sizeof report->limiter, "%s", result->timing.limiter);
    snprintf(report->kernel, sizeof report->kernel, "%s", kernel->name);
    free(runtime->ids);
    runtime->ids = result->ids;
    result->ids = NULL;
    runtime->launched = true;
    runtime->device_ms += report->milliseconds;
}

// Prints what the checks found; the first one is the error.
static enum w4_status report_findings(const struct emu_launch_params *params, struct w4_error *error)
{
    size_t count;
    const struct emu_finding *findings = emu_checker_findings(params->checker, &count);
    for (size_t i = 0; i < count; i++) {
        char text[1024];
        emu_finding_message(params, &findings[i], text, sizeof text);
        fprintf(stderr, "gfx1151: %s\n", text);
        (void)w4_fail(error, W4_DEVICE, "%s", text);
    }
    return count ? W4_DEVICE : W4_OK;
}

// EMU_CHECK=1 in the environment runs launches under the checks; a finding fails the launch. They run workgroups one
// after the other, which a cooperative launch would wait on for ever.
static enum w4_status launch(struct hip_runtime *runtime, struct emu_launch_params *params, bool cooperative,
                             struct emu_launch_result *result, struct w4_error *error)
{
    const char *check = getenv("EMU_CHECK");
    const bool checked = check && strcmp(check, "1") == 0;
    if (checked && cooperative)
        fprintf(stderr, "gfx1151: kernel %s: a cooperative launch runs without the checks\n", params->kernel->name);
    if (!checked || cooperative)
        return emu_launch(runtime->memory, params, result, error);
    params->checker = emu_checker_create(params->kernel->wgp_mode);
    if (!params->checker) {
        *result = (struct emu_launch_result){.problem = EMU_LAUNCH_NO_MEMORY};
        return w4_fail(error, W4_MEMORY, "kernel %s: out of memory for the checks", params->kernel->name);
    }
    enum w4_status status = emu_launch(runtime->memory, params, result, error);
    const enum w4_status found = report_findings(params, error);
    if (status == W4_OK && found != W4_OK) {
        status = found;
        result->problem = EMU_LAUNCH_FAULT;
    }
    emu_checker_destroy(params->checker);
    params->checker = NULL;
    return status;
}

// A launch with a profile beside it, where that is asked for.
static enum w4_status launch_profiled(struct hip_runtime *runtime, struct emu_launch_params *params, bool cooperative,
                                      struct emu_launch_result *result, struct w4_error *error)
{
    hip_profile_forget(runtime);
    const int level = atomic_load(&runtime->profile);
    if (level < 1 || params->model != EMU_MODEL_CYCLES)
        return launch(runtime, params, cooperative, result, error);
    struct emu_profile *profile = emu_profile_create(level > 1);
    if (!profile) {
        *result = (struct emu_launch_result){.problem = EMU_LAUNCH_NO_MEMORY};
        return w4_fail(error, W4_MEMORY, "kernel %s: out of memory for its profile", params->kernel->name);
    }
    params->observer = emu_profile_observer(profile);
    enum w4_status status = launch(runtime, params, cooperative, result, error);
    if (status == W4_OK)
        status = hip_profile_keep(runtime, profile, params, result, error);
    emu_profile_destroy(profile);
    params->observer = NULL;
    return status;
}

static hipError_t run(struct hip_runtime *runtime, struct emu_launch_params *params, bool cooperative)
{
    struct emu_launch_result result;
    struct w4_error error = {0};
    const enum w4_status status = launch_profiled(runtime, params, cooperative, &result, &error);
    hipError_t code = hipSuccess;
    if (status == W4_OK) {
        pthread_mutex_lock(&runtime->lock);
        keep_report(runtime, params->kernel, &result);
        pthread_mutex_unlock(&runtime->lock);
    } else {
        code = hip_fail_with(launch_error(result.problem, result.fault), &error);
    }
    emu_launch_result_fini(&result);
    return code;
}

// The kernel's arguments in one block: gathered here, or the caller's own.
struct arguments {
    uint8_t *gathered;
    const void *block;
    size_t bytes;
};

static hipError_t collect_arguments(const struct co_kernel *kernel, const struct hip_launch_request *request,
                                    struct arguments *arguments)
{
    const size_t bytes = explicit_bytes(kernel);
    *arguments = (struct arguments){.gathered = calloc(1, bytes ? bytes : 1), .bytes = bytes};
    arguments->block = arguments->gathered;
    if (!arguments->gathered)
        return hip_fail(hipErrorOutOfMemory, "kernel %s: out of memory", kernel->name);
    if (request->params && request->extra)
        return hip_fail(hipErrorInvalidValue, "kernel %s: both kernelParams and extra are given", kernel->name);
    if (request->extra)
        return gather_extra(kernel, request->extra, &arguments->block, &arguments->bytes);
    if (request->params)
        return gather_params(kernel, request->params, arguments->gathered);
    if (bytes)
        return hip_fail(hipErrorInvalidValue, "kernel %s takes %zu bytes of arguments and got none", kernel->name,
                        bytes);
    return hipSuccess;
}

// Workgroups that wait for each other must all be resident, on the device as on the host's threads.
static hipError_t check_resident(struct hip_runtime *runtime, const struct hip_launch_request *request)
{
    enum { HOST_THREADS_MAX = 256 };
    uint64_t groups = 1, items = 1;
    int resident;
    for (int i = 0; i < 3; i++) {
        items *= request->block[i];
        if (items == 0 || items > EMU_WORKITEMS_MAX || request->grid[i] == 0)
            return hipSuccess; // the launch itself says what is wrong
        if (__builtin_mul_overflow(groups, request->grid[i] / request->block[i], &groups))
            groups = UINT64_MAX;
    }
    const hipError_t code = hip_active_blocks(runtime, "cooperative launch", &resident, request->function, (int)items,
                                              request->dynamic_lds_bytes);
    if (code != hipSuccess)
        return code;
    const uint64_t limit = (uint64_t)resident * EMU_WGPS;
    if (groups > limit || groups > HOST_THREADS_MAX)
        return hip_fail(hipErrorCooperativeLaunchTooLarge,
                        "kernel %s: %llu workgroups, but %llu fit the device at once, and %d the emulator",
                        request->function->kernel->name, (unsigned long long)groups, (unsigned long long)limit,
                        HOST_THREADS_MAX);
    return hipSuccess;
}

static hipError_t check_request(struct hip_runtime *runtime, const struct hip_launch_request *request)
{
    // hipErrorInvalidValue, as hipModuleLaunchKernel answers in ROCm's clr (hip_module.cpp).
    if (!hip_stream_valid(runtime, request->stream))
        return hip_fail(hipErrorInvalidValue, "launch: %p is no stream, or was destroyed", (void *)request->stream);
    if (!hip_function_valid(runtime, request->function))
        return hip_fail(hipErrorInvalidHandle, "launch: %p is no function of a loaded module",
                        (void *)request->function);
    if (request->dynamic_lds_bytes > EMU_LDS_MAX)
        return hip_fail(hipErrorInvalidValue, "kernel %s: %zu bytes of dynamic LDS, at most %d",
                        request->function->kernel->name, request->dynamic_lds_bytes, EMU_LDS_MAX);
    if ((request->start && !hip_event_valid(runtime, request->start)) ||
        (request->stop && !hip_event_valid(runtime, request->stop)))
        return hip_fail(hipErrorInvalidHandle, "kernel %s: the start or stop event is none, or was destroyed",
                        request->function->kernel->name);
    return request->cooperative ? check_resident(runtime, request) : hipSuccess;
}

static hipError_t launch_locked(struct hip_runtime *runtime, const struct hip_launch_request *request,
                                const struct arguments *arguments)
{
    const struct co_kernel *kernel = request->function->kernel;
    const uint64_t *grid = request->grid;
    const uint32_t *block = request->block;
    // A buffer may be padded beyond the arguments.
    const size_t room = kernel->kernarg_bytes;
    const enum emu_model model = (enum emu_model)atomic_load(&runtime->model);
    const bool all = request->cooperative || model == EMU_MODEL_CYCLES; // that model chooses workgroups itself
    struct emu_launch_params params = {
        .module = request->function->module->module,
        .kernel = kernel,
        .grid = {grid[0], grid[1], grid[2]},
        .block = {block[0], block[1], block[2]},
        .dynamic_lds_bytes = (uint32_t)request->dynamic_lds_bytes,
        .arguments = arguments->block,
        .argument_bytes = arguments->bytes < room ? arguments->bytes : room,
        .sample = all ? 0 : atomic_load(&runtime->sample),
        .threads = request->cooperative ? UINT_MAX : atomic_load(&runtime->threads), // one a workgroup
        .instruction_limit = emu_instruction_limit_setting(),
        .clock_mhz = atomic_load(&runtime->clock_mhz),
        .cancel = &runtime->cancel,
        .model = model,
        .timing = &runtime->timing,
    };
    pthread_mutex_lock(&runtime->launch_lock);
    atomic_store(&runtime->cancel, 0);
    hipError_t code = request->start ? hipEventRecord(request->start, request->stream) : hipSuccess;
    if (code == hipSuccess)
        code = run(runtime, &params, request->cooperative);
    if (code == hipSuccess && request->stop)
        code = hipEventRecord(request->stop, request->stream);
    pthread_mutex_unlock(&runtime->launch_lock);
    return code;
}

hipError_t hip_launch(struct hip_runtime *runtime, const struct hip_launch_request *request)
{
    struct arguments arguments = {0};
    hipError_t code = check_request(runtime, request);
    if (code == hipSuccess)
        code = collect_arguments(request->function->kernel, request, &arguments);
    if (code == hipSuccess)
        code = launch_locked(runtime, request, &arguments);
    free(arguments.gathered);
    return code;
}
