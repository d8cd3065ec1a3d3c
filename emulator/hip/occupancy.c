// Kernel attributes and occupancy queries.
#include "runtime.h"

#include <string.h>

#include "facts.h"

hipError_t hip_active_blocks(struct hip_runtime *runtime, const char *call, int *count, hipFunction_t function,
                             int block_size, size_t dynamic_lds_bytes)
{
    if (!count || block_size <= 0 || block_size > EMU_WORKITEMS_MAX || dynamic_lds_bytes > EMU_LDS_MAX)
        return hip_fail(hipErrorInvalidValue, "%s: a null result, block size %d or %zu bytes of LDS", call, block_size,
                        dynamic_lds_bytes);
    if (!hip_function_valid(runtime, function))
        return hip_fail(hipErrorInvalidDeviceFunction, "%s: no such function", call);
    const struct co_kernel *kernel = function->kernel;
    const uint32_t lds = kernel->lds_bytes + (uint32_t)dynamic_lds_bytes;
    const uint32_t waves = ((uint32_t)block_size + kernel->wavefront_size - 1) / kernel->wavefront_size;
    *count = 0;
    if (lds <= EMU_LDS_MAX)
        *count = (int)emu_occupancy_of(kernel->vgpr_count, lds, waves, kernel->wavefront_size == 64, kernel->wgp_mode)
                     .workgroups_a_wgp;
    return hipSuccess;
}

// The block size that keeps most waves resident; the larger one of equals.
static hipError_t best_block(struct hip_runtime *runtime, const char *call, int *grid, int *block,
                             hipFunction_t function, size_t dynamic_lds_bytes, int limit)
{
    if (!grid || !block)
        return hip_fail(hipErrorInvalidValue, "%s: a result pointer is null", call);
    if (!hip_function_valid(runtime, function))
        return hip_fail(hipErrorInvalidDeviceFunction, "%s: no such function", call);
    const struct co_kernel *kernel = function->kernel;
    const int wave = (int)kernel->wavefront_size;
    int maximum = (int)kernel->max_flat_workgroup_size;
    if (limit > 0 && limit < maximum)
        maximum = limit;
    int best_items = 0;
    *grid = *block = 0;
    for (int size = wave; size <= maximum; size += wave) {
        int count = 0;
        const hipError_t code = hip_active_blocks(runtime, call, &count, function, size, dynamic_lds_bytes);
        if (code != hipSuccess)
            return code;
        if (count * size < best_items || count == 0)
            continue;
        best_items = count * size;
        *block = size;
        *grid = count * EMU_WGPS;
    }
    return hipSuccess;
}

HIP_EXPORT hipError_t hipModuleOccupancyMaxActiveBlocksPerMultiprocessor(int *count, hipFunction_t function,
                                                                         int block_size, size_t dynamic_lds_bytes)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    return hip_active_blocks(runtime, __func__, count, function, block_size, dynamic_lds_bytes);
}

HIP_EXPORT hipError_t hipModuleOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *count, hipFunction_t function,
                                                                                  int block_size,
                                                                                  size_t dynamic_lds_bytes,
                                                                                  unsigned int flags)
{
    (void)flags;
    return hipModuleOccupancyMaxActiveBlocksPerMultiprocessor(count, function, block_size, dynamic_lds_bytes);
}

HIP_EXPORT hipError_t hipOccupancyMaxActiveBlocksPerMultiprocessor(int *count, const void *host, int block_size,
                                                                   size_t dynamic_lds_bytes)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    hipFunction_t function;
    const hipError_t code = hip_registered_function(runtime, host, &function);
    return code == hipSuccess ? hip_active_blocks(runtime, __func__, count, function, block_size, dynamic_lds_bytes)
                              : code;
}

HIP_EXPORT hipError_t hipOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *count, const void *host,
                                                                            int block_size, size_t dynamic_lds_bytes,
                                                                            unsigned int flags)
{
    (void)flags;
    return hipOccupancyMaxActiveBlocksPerMultiprocessor(count, host, block_size, dynamic_lds_bytes);
}

HIP_EXPORT hipError_t hipModuleOccupancyMaxPotentialBlockSize(int *grid, int *block, hipFunction_t function,
                                                              size_t dynamic_lds_bytes, int limit)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    return best_block(runtime, __func__, grid, block, function, dynamic_lds_bytes, limit);
}

HIP_EXPORT hipError_t hipModuleOccupancyMaxPotentialBlockSizeWithFlags(int *grid, int *block, hipFunction_t function,
                                                                       size_t dynamic_lds_bytes, int limit,
                                                                       unsigned int flags)
{
    (void)flags;
    return hipModuleOccupancyMaxPotentialBlockSize(grid, block, function, dynamic_lds_bytes, limit);
}

HIP_EXPORT hipError_t hipOccupancyMaxPotentialBlockSize(int *grid, int *block, const void *host,
                                                        size_t dynamic_lds_bytes, int limit)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    hipFunction_t function;
    const hipError_t code = hip_registered_function(runtime, host, &function);
    return code == hipSuccess ? best_block(runtime, __func__, grid, block, function, dynamic_lds_bytes, limit) : code;
}

HIP_EXPORT hipError_t hipFuncGetAttributes(struct hipFuncAttributes *attributes, const void *host)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    hipFunction_t function;
    if (!attributes)
        return hip_fail(hipErrorInvalidValue, "hipFuncGetAttributes: the result pointer is null");
    const hipError_t code = hip_registered_function(runtime, host, &function);
    if (code != hipSuccess)
        return code;
    const struct co_kernel *kernel = function->kernel;
    memset(attributes, 0, sizeof *attributes);
    attributes->sharedSizeBytes = kernel->lds_bytes;
    attributes->localSizeBytes = kernel->scratch_bytes;
    attributes->numRegs = (int)kernel->vgpr_count;
    attributes->maxThreadsPerBlock = (int)kernel->max_flat_workgroup_size;
    attributes->maxDynamicSharedSizeBytes = (int)(EMU_LDS_MAX - kernel->lds_bytes);
    attributes->binaryVersion = FACT_MAJOR * 10 + FACT_MINOR;
    attributes->ptxVersion = FACT_MAJOR * 10 + FACT_MINOR;
    return hipSuccess;
}

HIP_EXPORT hipError_t hipFuncGetAttribute(int *value, hipFunction_attribute attribute, hipFunction_t function)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (!value)
        return hip_fail(hipErrorInvalidValue, "hipFuncGetAttribute: the result pointer is null");
    if (!hip_function_valid(runtime, function))
        return hip_fail(hipErrorInvalidDeviceFunction, "hipFuncGetAttribute: no such function");
    const struct co_kernel *kernel = function->kernel;
    switch (attribute) {
    case HIP_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES: *value = (int)kernel->lds_bytes; return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK: *value = (int)kernel->max_flat_workgroup_size; return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES: *value = (int)kernel->scratch_bytes; return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_NUM_REGS: *value = (int)kernel->vgpr_count; return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
        *value = (int)(EMU_LDS_MAX - kernel->lds_bytes);
        return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_PTX_VERSION:
    case HIP_FUNC_ATTRIBUTE_BINARY_VERSION: *value = FACT_MAJOR * 10 + FACT_MINOR; return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_CONST_SIZE_BYTES:
    case HIP_FUNC_ATTRIBUTE_CACHE_MODE_CA:
    case HIP_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT: *value = 0; return hipSuccess;
    default: return hip_fail(hipErrorInvalidValue, "hipFuncGetAttribute: there is no attribute %d", (int)attribute);
    }
}

// Preferences between L1 and LDS, which are separate on this chip.
HIP_EXPORT hipError_t hipFuncSetAttribute(const void *host, hipFuncAttribute attribute, int value)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    hipFunction_t function;
    const hipError_t code = hip_registered_function(runtime, host, &function);
    if (code != hipSuccess)
        return code;
    if (attribute == hipFuncAttributeMaxDynamicSharedMemorySize &&
        (value < 0 || (uint32_t)value > EMU_LDS_MAX - function->kernel->lds_bytes))
        return hip_fail(hipErrorInvalidValue,
                        "hipFuncSetAttribute: %d bytes of dynamic LDS beside %u static, at most %d", value,
                        function->kernel->lds_bytes, EMU_LDS_MAX);
    return hipSuccess;
}

HIP_EXPORT hipError_t hipFuncSetCacheConfig(const void *host, hipFuncCache_t config)
{
    if (!host)
        return hip_fail(hipErrorInvalidDeviceFunction, "hipFuncSetCacheConfig: the function is null");
    return config >= hipFuncCachePreferNone && config <= hipFuncCachePreferEqual
               ? hipSuccess
               : hip_fail(hipErrorInvalidValue, "hipFuncSetCacheConfig: there is no preference %d", (int)config);
}

HIP_EXPORT hipError_t hipFuncSetSharedMemConfig(const void *host, hipSharedMemConfig config)
{
    if (!host)
        return hip_fail(hipErrorInvalidDeviceFunction, "hipFuncSetSharedMemConfig: the function is null");
    return config >= hipSharedMemBankSizeDefault && config <= hipSharedMemBankSizeEightByte
               ? hipSuccess
               : hip_fail(hipErrorInvalidValue, "hipFuncSetSharedMemConfig: there is no bank size %d", (int)config);
}
