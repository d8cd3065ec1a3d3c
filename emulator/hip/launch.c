// Kernel launches: gathers the arguments in the form that each call has, runs the launch, keeps its report, advances
// the modelled device time.
#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../checks/checks.h"
#include "../checks/finding.h"
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

// EMU_CHECK=1 in the environment runs launches under the checks; a finding fails the launch.
static enum w4_status launch(struct hip_runtime *runtime, struct emu_launch_params *params,
                             struct emu_launch_result *result, struct w4_error *error)
{
    const char *check = getenv("EMU_CHECK");
    if (!check || strcmp(check, "1") != 0)
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

static hipError_t run(struct hip_runtime *runtime, struct emu_launch_params *params)
{
    struct emu_launch_result result;
    struct w4_error error = {0};
    const enum w4_status status = launch(runtime, params, &result, &error);
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

// EMU_INSTRUCTION_LIMIT in the environment ends waves that run longer; 0 or absent: the default.
static uint64_t instruction_limit(void)
{
    const char *text = getenv("EMU_INSTRUCTION_LIMIT");
    return text ? strtoull(text, NULL, 10) : 0;
}

hipError_t hip_launch(struct hip_runtime *runtime, hipFunction_t function, const uint64_t grid[3],
                      const uint32_t block[3], uint32_t dynamic_lds_bytes, hipStream_t stream, void **kernel_params,
                      void **extra)
{
    hipError_t code = hip_check_stream(runtime, stream, "launch");
    if (code != hipSuccess)
        return code;
    if (!hip_function_valid(runtime, function))
        return hip_fail(hipErrorInvalidHandle, "launch: %p is no function of a loaded module", (void *)function);
    const struct co_kernel *kernel = function->kernel;
    size_t bytes = explicit_bytes(kernel);
    uint8_t *gathered = calloc(1, bytes ? bytes : 1);
    const void *arguments = gathered;
    if (!gathered)
        return hip_fail(hipErrorOutOfMemory, "kernel %s: out of memory", kernel->name);
    if (kernel_params && extra)
        code = hip_fail(hipErrorInvalidValue, "kernel %s: both kernelParams and extra are given", kernel->name);
    else if (extra)
        code = gather_extra(kernel, extra, &arguments, &bytes);
    else if (kernel_params)
        code = gather_params(kernel, kernel_params, gathered);
    else if (bytes)
        code =
            hip_fail(hipErrorInvalidValue, "kernel %s takes %zu bytes of arguments and got none", kernel->name, bytes);
    if (code == hipSuccess) {
        // A buffer may be padded beyond the arguments.
        const size_t room = kernel->kernarg_bytes;
        struct emu_launch_params params = {
            .module = function->module->module,
            .kernel = kernel,
            .grid = {grid[0], grid[1], grid[2]},
            .block = {block[0], block[1], block[2]},
            .dynamic_lds_bytes = dynamic_lds_bytes,
            .arguments = arguments,
            .argument_bytes = bytes < room ? bytes : room,
            .sample = atomic_load(&runtime->sample),
            .threads = atomic_load(&runtime->threads),
            .instruction_limit = instruction_limit(),
            .clock_mhz = atomic_load(&runtime->clock_mhz),
            .cancel = &runtime->cancel,
        };
        pthread_mutex_lock(&runtime->launch_lock);
        atomic_store(&runtime->cancel, 0);
        code = run(runtime, &params);
        pthread_mutex_unlock(&runtime->launch_lock);
    }
    free(gathered);
    return code;
}

// Event times around a launch, as hipExtModuleLaunchKernel's form has them.
static hipError_t launch_between(struct hip_runtime *runtime, hipEvent_t start, hipEvent_t stop, hipFunction_t function,
                                 const uint64_t grid[3], const uint32_t block[3], uint32_t dynamic_lds_bytes,
                                 hipStream_t stream, void **params, void **extra)
{
    hipError_t code = start ? hipEventRecord(start, stream) : hipSuccess;
    if (code == hipSuccess)
        code = hip_launch(runtime, function, grid, block, dynamic_lds_bytes, stream, params, extra);
    if (code == hipSuccess && stop)
        code = hipEventRecord(stop, stream);
    return code;
}

HIP_EXPORT hipError_t hipModuleLaunchKernel(hipFunction_t function, unsigned int grid_x, unsigned int grid_y,
                                            unsigned int grid_z, unsigned int block_x, unsigned int block_y,
                                            unsigned int block_z, unsigned int dynamic_lds_bytes, hipStream_t stream,
                                            void **params, void **extra)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const uint32_t block[3] = {block_x, block_y, block_z};
    const uint64_t grid[3] = {(uint64_t)grid_x * block_x, (uint64_t)grid_y * block_y, (uint64_t)grid_z * block_z};
    return hip_launch(runtime, function, grid, block, dynamic_lds_bytes, stream, params, extra);
}

// Takes the grid in work-items, so that the last workgroups may be partial.
HIP_EXPORT hipError_t hipExtModuleLaunchKernel(hipFunction_t function, uint32_t global_x, uint32_t global_y,
                                               uint32_t global_z, uint32_t block_x, uint32_t block_y, uint32_t block_z,
                                               size_t dynamic_lds_bytes, hipStream_t stream, void **params,
                                               void **extra, hipEvent_t start, hipEvent_t stop, uint32_t flags);
HIP_EXPORT hipError_t hipExtModuleLaunchKernel(hipFunction_t function, uint32_t global_x, uint32_t global_y,
                                               uint32_t global_z, uint32_t block_x, uint32_t block_y, uint32_t block_z,
                                               size_t dynamic_lds_bytes, hipStream_t stream, void **params,
                                               void **extra, hipEvent_t start, hipEvent_t stop, uint32_t flags)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    (void)flags;
    const uint32_t block[3] = {block_x, block_y, block_z};
    const uint64_t grid[3] = {global_x, global_y, global_z};
    if (dynamic_lds_bytes > EMU_LDS_MAX)
        return hip_fail(hipErrorInvalidValue, "launch: %zu bytes of dynamic LDS, at most %d", dynamic_lds_bytes,
                        EMU_LDS_MAX);
    return launch_between(runtime, start, stop, function, grid, block, (uint32_t)dynamic_lds_bytes, stream, params,
                          extra);
}

HIP_EXPORT hipError_t hipHccModuleLaunchKernel(hipFunction_t function, uint32_t global_x, uint32_t global_y,
                                               uint32_t global_z, uint32_t block_x, uint32_t block_y, uint32_t block_z,
                                               size_t dynamic_lds_bytes, hipStream_t stream, void **params,
                                               void **extra, hipEvent_t start, hipEvent_t stop);
HIP_EXPORT hipError_t hipHccModuleLaunchKernel(hipFunction_t function, uint32_t global_x, uint32_t global_y,
                                               uint32_t global_z, uint32_t block_x, uint32_t block_y, uint32_t block_z,
                                               size_t dynamic_lds_bytes, hipStream_t stream, void **params,
                                               void **extra, hipEvent_t start, hipEvent_t stop)
{
    return hipExtModuleLaunchKernel(function, global_x, global_y, global_z, block_x, block_y, block_z,
                                    dynamic_lds_bytes, stream, params, extra, start, stop, 0);
}

static hipError_t launch_host(const void *host, dim3 blocks, dim3 threads, void **args, size_t dynamic_lds_bytes,
                              hipStream_t stream, hipEvent_t start, hipEvent_t stop)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    hipFunction_t function;
    hipError_t code = hip_registered_function(runtime, host, &function);
    if (code == hipSuccess && dynamic_lds_bytes > EMU_LDS_MAX)
        code = hip_fail(hipErrorInvalidValue, "launch: %zu bytes of dynamic LDS, at most %d", dynamic_lds_bytes,
                        EMU_LDS_MAX);
    if (code == hipSuccess) {
        const uint32_t block[3] = {threads.x, threads.y, threads.z};
        const uint64_t grid[3] = {(uint64_t)blocks.x * threads.x, (uint64_t)blocks.y * threads.y,
                                  (uint64_t)blocks.z * threads.z};
        code = launch_between(runtime, start, stop, function, grid, block, (uint32_t)dynamic_lds_bytes, stream, args,
                              NULL);
    }
    // A launch that started and died is also reported by the next synchronisation.
    if (code == hipErrorLaunchFailure || code == hipErrorIllegalAddress)
        hip_set_pending(code);
    return code;
}

HIP_EXPORT hipError_t hipLaunchKernel(const void *host, dim3 blocks, dim3 threads, void **args,
                                      size_t dynamic_lds_bytes, hipStream_t stream)
{
    return launch_host(host, blocks, threads, args, dynamic_lds_bytes, stream, NULL, NULL);
}

HIP_EXPORT hipError_t hipExtLaunchKernel(const void *host, dim3 blocks, dim3 threads, void **args,
                                         size_t dynamic_lds_bytes, hipStream_t stream, hipEvent_t start,
                                         hipEvent_t stop, int flags)
{
    (void)flags;
    return launch_host(host, blocks, threads, args, dynamic_lds_bytes, stream, start, stop);
}

// What `kernel<<<...>>>(...)` puts aside for the stub that launches.
static _Thread_local struct {
    dim3 blocks, threads;
    size_t dynamic_lds_bytes;
    hipStream_t stream;
    bool set;
} configuration;

HIP_EXPORT hipError_t __hipPushCallConfiguration(dim3 blocks, dim3 threads, size_t dynamic_lds_bytes,
                                                 hipStream_t stream)
{
    configuration.blocks = blocks;
    configuration.threads = threads;
    configuration.dynamic_lds_bytes = dynamic_lds_bytes;
    configuration.stream = stream;
    configuration.set = true;
    return hipSuccess;
}

HIP_EXPORT hipError_t __hipPopCallConfiguration(dim3 *blocks, dim3 *threads, size_t *dynamic_lds_bytes,
                                                hipStream_t *stream)
{
    if (!configuration.set)
        return hip_fail(hipErrorMissingConfiguration, "a kernel stub was called without <<< >>>");
    *blocks = configuration.blocks;
    *threads = configuration.threads;
    *dynamic_lds_bytes = configuration.dynamic_lds_bytes;
    *stream = configuration.stream;
    configuration.set = false;
    return hipSuccess;
}
