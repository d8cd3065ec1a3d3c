// The calls that launch kernels, each in its own form: by function handle, by host address, by `<<< >>>`.
#include "runtime.h"

#include "registry.h"

HIP_EXPORT hipError_t hipModuleLaunchKernel(hipFunction_t function, unsigned int grid_x, unsigned int grid_y,
                                            unsigned int grid_z, unsigned int block_x, unsigned int block_y,
                                            unsigned int block_z, unsigned int dynamic_lds_bytes, hipStream_t stream,
                                            void **params, void **extra)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    return hip_launch(runtime,
                      &(struct hip_launch_request){
                          .function = function,
                          .grid = {(uint64_t)grid_x * block_x, (uint64_t)grid_y * block_y, (uint64_t)grid_z * block_z},
                          .block = {block_x, block_y, block_z},
                          .dynamic_lds_bytes = dynamic_lds_bytes,
                          .stream = stream,
                          .params = params,
                          .extra = extra,
                      });
}

HIP_EXPORT hipError_t hipModuleLaunchCooperativeKernel(hipFunction_t function, unsigned int grid_x, unsigned int grid_y,
                                                       unsigned int grid_z, unsigned int block_x, unsigned int block_y,
                                                       unsigned int block_z, unsigned int dynamic_lds_bytes,
                                                       hipStream_t stream, void **params);
HIP_EXPORT hipError_t hipModuleLaunchCooperativeKernel(hipFunction_t function, unsigned int grid_x, unsigned int grid_y,
                                                       unsigned int grid_z, unsigned int block_x, unsigned int block_y,
                                                       unsigned int block_z, unsigned int dynamic_lds_bytes,
                                                       hipStream_t stream, void **params)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    return hip_launch(runtime,
                      &(struct hip_launch_request){
                          .function = function,
                          .grid = {(uint64_t)grid_x * block_x, (uint64_t)grid_y * block_y, (uint64_t)grid_z * block_z},
                          .block = {block_x, block_y, block_z},
                          .dynamic_lds_bytes = dynamic_lds_bytes,
                          .stream = stream,
                          .params = params,
                          .cooperative = true,
                      });
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
    (void)flags; // the order among launches: always that of the calls
    return hip_launch(runtime, &(struct hip_launch_request){
                                   .function = function,
                                   .grid = {global_x, global_y, global_z},
                                   .block = {block_x, block_y, block_z},
                                   .dynamic_lds_bytes = dynamic_lds_bytes,
                                   .stream = stream,
                                   .params = params,
                                   .extra = extra,
                                   .start = start,
                                   .stop = stop,
                               });
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

// C++ programs know these two by their C++ names.
HIP_ALIAS(hipExtModuleLaunchKernel,
          _Z24hipExtModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_tPPvS4_P11ihipEvent_tS6_j);
HIP_ALIAS(hipHccModuleLaunchKernel,
          _Z24hipHccModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_tPPvS4_P11ihipEvent_tS6_);

static hipError_t launch_host(const void *host, dim3 blocks, dim3 threads, struct hip_launch_request request)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    hipError_t code = hip_registered_function(runtime, host, &request.function);
    if (code != hipSuccess)
        return code;
    const uint64_t grid[3] = {(uint64_t)blocks.x * threads.x, (uint64_t)blocks.y * threads.y,
                              (uint64_t)blocks.z * threads.z};
    const uint32_t block[3] = {threads.x, threads.y, threads.z};
    for (int i = 0; i < 3; i++) {
        request.grid[i] = grid[i];
        request.block[i] = block[i];
    }
    code = hip_launch(runtime, &request);
    // A launch that started and died is also reported by the next synchronisation.
    if (code == hipErrorLaunchFailure || code == hipErrorIllegalAddress)
        hip_set_pending(code);
    return code;
}

HIP_EXPORT hipError_t hipLaunchKernel(const void *host, dim3 blocks, dim3 threads, void **args,
                                      size_t dynamic_lds_bytes, hipStream_t stream)
{
    return launch_host(
        host, blocks, threads,
        (struct hip_launch_request){.params = args, .dynamic_lds_bytes = dynamic_lds_bytes, .stream = stream});
}
HIP_ALIAS(hipLaunchKernel, hipLaunchKernel_spt);

HIP_EXPORT hipError_t hipExtLaunchKernel(const void *host, dim3 blocks, dim3 threads, void **args,
                                         size_t dynamic_lds_bytes, hipStream_t stream, hipEvent_t start,
                                         hipEvent_t stop, int flags)
{
    (void)flags;
    return launch_host(
        host, blocks, threads,
        (struct hip_launch_request){
            .params = args, .dynamic_lds_bytes = dynamic_lds_bytes, .stream = stream, .start = start, .stop = stop});
}

HIP_EXPORT hipError_t hipLaunchCooperativeKernel(const void *host, dim3 blocks, dim3 threads, void **args,
                                                 unsigned int dynamic_lds_bytes, hipStream_t stream)
{
    return launch_host(
        host, blocks, threads,
        (struct hip_launch_request){
            .params = args, .dynamic_lds_bytes = dynamic_lds_bytes, .stream = stream, .cooperative = true});
}
HIP_ALIAS(hipLaunchCooperativeKernel, hipLaunchCooperativeKernel_spt);

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
