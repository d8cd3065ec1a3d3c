// Allocations: device, pinned host, managed. All are device memory at the same address for host and kernels, as on an
// APU.
#include "runtime.h"

hipError_t hip_allocate(const char *call, void **out, size_t bytes, enum emu_range_kind kind)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (!out)
        return hip_fail(hipErrorInvalidValue, "%s: the result pointer is null", call);
    *out = NULL;
    if (bytes == 0)
        return hipSuccess;
    *out = emu_memory_alloc(runtime->memory, bytes, kind);
    if (!*out)
        return hip_fail(hipErrorOutOfMemory, "%s: %zu bytes; the device holds %llu of which %llu are allocated", call,
                        bytes, (unsigned long long)HIP_MEMORY_BYTES,
                        (unsigned long long)emu_memory_used(runtime->memory));
    return hipSuccess;
}

static hipError_t release(const char *call, void *pointer)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    struct emu_range range;
    if (!pointer)
        return hipSuccess;
    // A free waits for the device, as HIP's does.
    pthread_mutex_lock(&runtime->launch_lock);
    const bool image =
        emu_memory_find(runtime->memory, (uint64_t)(uintptr_t)pointer, &range) && range.kind == EMU_RANGE_IMAGE;
    const bool freed = !image && emu_memory_free(runtime->memory, pointer);
    pthread_mutex_unlock(&runtime->launch_lock);
    if (freed) {
        hip_pool_forget(runtime, pointer);
        return hipSuccess;
    }
    char where[160];
    emu_memory_describe(runtime->memory, (uint64_t)(uintptr_t)pointer, where, sizeof where);
    return hip_fail(hipErrorInvalidValue, "%s: %p is not the start of a live allocation (%s)", call, pointer, where);
}

HIP_EXPORT hipError_t hipMalloc(void **pointer, size_t bytes)
{
    return hip_allocate(__func__, pointer, bytes, EMU_RANGE_BUFFER);
}

HIP_EXPORT hipError_t hipExtMallocWithFlags(void **pointer, size_t bytes, unsigned int flags)
{
    (void)flags; // caching attributes
    return hip_allocate(__func__, pointer, bytes, EMU_RANGE_BUFFER);
}

HIP_EXPORT hipError_t hipMallocManaged(void **pointer, size_t bytes, unsigned int flags)
{
    if (flags != hipMemAttachGlobal && flags != hipMemAttachHost)
        return hip_fail(hipErrorInvalidValue, "hipMallocManaged: flags 0x%x", flags);
    return hip_allocate(__func__, pointer, bytes, EMU_RANGE_MANAGED);
}

HIP_EXPORT hipError_t hipHostMalloc(void **pointer, size_t bytes, unsigned int flags)
{
    (void)flags; // portable, mapped, coherent: all of it is
    return hip_allocate(__func__, pointer, bytes, EMU_RANGE_HOST);
}

HIP_EXPORT hipError_t hipHostAlloc(void **pointer, size_t bytes, unsigned int flags)
{
    return hipHostMalloc(pointer, bytes, flags);
}

HIP_EXPORT hipError_t hipMallocHost(void **pointer, size_t bytes)
{
    return hipHostMalloc(pointer, bytes, 0);
}

HIP_EXPORT hipError_t hipMemAllocHost(void **pointer, size_t bytes)
{
    return hipHostMalloc(pointer, bytes, 0);
}

HIP_EXPORT hipError_t hipMallocPitch(void **pointer, size_t *pitch, size_t width, size_t height)
{
    enum { PITCH_GRANULE = 256 };
    size_t bytes;
    if (!pitch || !pointer)
        return hip_fail(hipErrorInvalidValue, "hipMallocPitch: a result pointer is null");
    if (width > SIZE_MAX - PITCH_GRANULE)
        return hip_fail(hipErrorInvalidValue, "hipMallocPitch: width %zu", width);
    *pitch = (width + PITCH_GRANULE - 1) / PITCH_GRANULE * PITCH_GRANULE;
    if (__builtin_mul_overflow(*pitch, height, &bytes))
        return hip_fail(hipErrorOutOfMemory, "hipMallocPitch: %zu rows of %zu bytes overflow", height, *pitch);
    return hip_allocate(__func__, pointer, bytes, EMU_RANGE_BUFFER);
}

HIP_EXPORT hipError_t hipMemAllocPitch(hipDeviceptr_t *pointer, size_t *pitch, size_t width, size_t height,
                                       unsigned int element_bytes)
{
    if (element_bytes != 4 && element_bytes != 8 && element_bytes != 16)
        return hip_fail(hipErrorInvalidValue, "hipMemAllocPitch: elements of %u bytes, not 4, 8 or 16", element_bytes);
    return hipMallocPitch(pointer, pitch, width, height);
}

HIP_EXPORT hipError_t hipMalloc3D(hipPitchedPtr *pointer, hipExtent extent)
{
    size_t rows;
    if (!pointer)
        return hip_fail(hipErrorInvalidValue, "hipMalloc3D: the result pointer is null");
    if (__builtin_mul_overflow(extent.height, extent.depth, &rows))
        return hip_fail(hipErrorOutOfMemory, "hipMalloc3D: %zu slices of %zu rows overflow", extent.depth,
                        extent.height);
    pointer->xsize = extent.width;
    pointer->ysize = extent.height;
    return hipMallocPitch(&pointer->ptr, &pointer->pitch, extent.width, rows);
}

HIP_EXPORT hipError_t hipFree(void *pointer)
{
    return release(__func__, pointer);
}

HIP_EXPORT hipError_t hipFreeAsync(void *pointer, hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    return code == hipSuccess ? release(__func__, pointer) : code;
}

HIP_EXPORT hipError_t hipHostFree(void *pointer)
{
    return release(__func__, pointer);
}

HIP_EXPORT hipError_t hipFreeHost(void *pointer)
{
    return release(__func__, pointer);
}

HIP_EXPORT hipError_t hipHostGetDevicePointer(void **device, void *host, unsigned int flags)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    struct emu_range range;
    (void)flags;
    if (!device)
        return hip_fail(hipErrorInvalidValue, "hipHostGetDevicePointer: the result pointer is null");
    if (!emu_memory_find(runtime->memory, (uint64_t)(uintptr_t)host, &range))
        return hip_fail(hipErrorInvalidValue, "hipHostGetDevicePointer: %p is not pinned or registered memory", host);
    *device = host;
    return hipSuccess;
}

HIP_EXPORT hipError_t hipHostGetFlags(unsigned int *flags, void *host)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    struct emu_range range;
    if (!flags)
        return hip_fail(hipErrorInvalidValue, "hipHostGetFlags: the result pointer is null");
    if (!emu_memory_find(runtime->memory, (uint64_t)(uintptr_t)host, &range) || range.kind != EMU_RANGE_HOST)
        return hip_fail(hipErrorInvalidValue, "hipHostGetFlags: %p is not pinned or registered memory", host);
    *flags = hipHostMallocPortable | hipHostMallocMapped; // what all pinned memory is here
    return hipSuccess;
}

HIP_EXPORT hipError_t hipHostRegister(void *host, size_t bytes, unsigned int flags)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    (void)flags;
    if (!host || bytes == 0)
        return hip_fail(hipErrorInvalidValue, "hipHostRegister: %zu bytes at %p", bytes, host);
    if (!emu_memory_register(runtime->memory, host, bytes))
        return hip_fail(hipErrorHostMemoryAlreadyRegistered,
                        "hipHostRegister: part of the %zu bytes at %p is registered or device memory", bytes, host);
    return hipSuccess;
}

HIP_EXPORT hipError_t hipHostUnregister(void *host)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    pthread_mutex_lock(&runtime->launch_lock);
    const bool done = host && emu_memory_unregister(runtime->memory, host);
    pthread_mutex_unlock(&runtime->launch_lock);
    return done ? hipSuccess : hip_fail(hipErrorHostMemoryNotRegistered, "hipHostUnregister: %p", host);
}

HIP_EXPORT hipError_t hipMemGetInfo(size_t *available, size_t *total)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (!available || !total)
        return hip_fail(hipErrorInvalidValue, "hipMemGetInfo: a result pointer is null");
    *total = HIP_MEMORY_BYTES;
    *available = HIP_MEMORY_BYTES - emu_memory_used(runtime->memory);
    return hipSuccess;
}

HIP_EXPORT hipError_t hipMemGetAddressRange(hipDeviceptr_t *base, size_t *bytes, hipDeviceptr_t pointer)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    struct emu_range range;
    if (!emu_memory_find(runtime->memory, (uint64_t)(uintptr_t)pointer, &range))
        return hip_fail(hipErrorNotFound, "hipMemGetAddressRange: %p is in no allocation", pointer);
    if (base)
        *base = (hipDeviceptr_t)(uintptr_t)range.begin;
    if (bytes)
        *bytes = range.end - range.begin;
    return hipSuccess;
}

HIP_EXPORT hipError_t hipMemPtrGetInfo(void *pointer, size_t *bytes)
{
    return hipMemGetAddressRange(NULL, bytes, pointer);
}

HIP_EXPORT hipError_t hipMemPrefetchAsync(const void *pointer, size_t bytes, int device, hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    (void)device;
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    return code == hipSuccess ? hip_check_range(runtime, __func__, pointer, bytes, true) : code;
}

HIP_EXPORT hipError_t hipStreamAttachMemAsync(hipStream_t stream, void *pointer, size_t bytes, unsigned int flags)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    if (code != hipSuccess)
        return code;
    if (flags != hipMemAttachGlobal && flags != hipMemAttachHost && flags != hipMemAttachSingle)
        return hip_fail(hipErrorInvalidValue, "hipStreamAttachMemAsync: flags 0x%x", flags);
    return hip_check_range(runtime, __func__, pointer, bytes, true);
}

HIP_EXPORT hipError_t hipMemAdvise(const void *pointer, size_t bytes, hipMemoryAdvise advice, int device)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    (void)advice;
    (void)device;
    return hip_check_range(runtime, __func__, pointer, bytes, true);
}
