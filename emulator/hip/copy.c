// Linear copies and fills. They run at once, in program order, and take no modelled time.
#include "runtime.h"

#include <string.h>

hipError_t hip_check_range(struct hip_runtime *runtime, const char *call, const void *pointer, size_t bytes,
                           bool device)
{
    struct emu_range range;
    const uint64_t address = (uint64_t)(uintptr_t)pointer;
    char where[160];
    if (!pointer)
        return hip_fail(hipErrorInvalidValue, "%s: a pointer is null", call);
    if (emu_memory_find(runtime->memory, address, &range)) {
        if (bytes <= range.end - address)
            return hipSuccess;
        return hip_fail(hipErrorInvalidValue, "%s: %zu bytes at %p, but the allocation ends after %llu", call, bytes,
                        pointer, (unsigned long long)(range.end - address));
    }
    if (!device && !emu_memory_is_device_space(address))
        return hipSuccess;
    emu_memory_describe(runtime->memory, address, where, sizeof where);
    return hip_fail(hipErrorInvalidValue, "%s: %p is not live device memory (%s)", call, pointer, where);
}

hipError_t hip_check_copy(struct hip_runtime *runtime, const char *call, const void *to, const void *from,
                          size_t to_bytes, size_t from_bytes, hipMemcpyKind kind)
{
    enum { DEVICE_TO_DEVICE_NO_CU = 1024 }; // HIP 6: not by a kernel
    if ((int)kind == DEVICE_TO_DEVICE_NO_CU)
        kind = hipMemcpyDeviceToDevice;
    if (kind != hipMemcpyHostToHost && kind != hipMemcpyHostToDevice && kind != hipMemcpyDeviceToHost &&
        kind != hipMemcpyDeviceToDevice && kind != hipMemcpyDefault)
        return hip_fail(hipErrorInvalidMemcpyDirection, "%s: kind %d", call, (int)kind);
    const bool to_device = kind == hipMemcpyHostToDevice || kind == hipMemcpyDeviceToDevice;
    const bool from_device = kind == hipMemcpyDeviceToHost || kind == hipMemcpyDeviceToDevice;
    const hipError_t code = hip_check_range(runtime, call, to, to_bytes, to_device);
    return code == hipSuccess ? hip_check_range(runtime, call, from, from_bytes, from_device) : code;
}

static hipError_t copy(const char *call, void *to, const void *from, size_t bytes, hipMemcpyKind kind,
                       hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    hipError_t code = hip_check_stream(runtime, stream, call);
    if (code == hipSuccess && bytes)
        code = hip_check_copy(runtime, call, to, from, bytes, bytes, kind);
    if (code == hipSuccess && bytes)
        memmove(to, from, bytes);
    return code;
}

// Blocking copies report what an earlier launch left.
static hipError_t copy_blocking(const char *call, void *to, const void *from, size_t bytes, hipMemcpyKind kind)
{
    const hipError_t pending = hip_take_pending();
    return pending == hipSuccess ? copy(call, to, from, bytes, kind, NULL) : pending;
}

HIP_EXPORT hipError_t hipMemcpy(void *to, const void *from, size_t bytes, hipMemcpyKind kind)
{
    return copy_blocking(__func__, to, from, bytes, kind);
}
HIP_ALIAS(hipMemcpy, hipMemcpy_spt);

HIP_EXPORT hipError_t hipMemcpyAsync(void *to, const void *from, size_t bytes, hipMemcpyKind kind, hipStream_t stream)
{
    return copy(__func__, to, from, bytes, kind, stream);
}
HIP_ALIAS(hipMemcpyAsync, hipMemcpyAsync_spt);

HIP_EXPORT hipError_t hipMemcpyWithStream(void *to, const void *from, size_t bytes, hipMemcpyKind kind,
                                          hipStream_t stream)
{
    const hipError_t pending = hip_take_pending();
    return pending == hipSuccess ? copy(__func__, to, from, bytes, kind, stream) : pending;
}

HIP_EXPORT hipError_t hipMemcpyHtoD(hipDeviceptr_t to, void *from, size_t bytes)
{
    return copy_blocking(__func__, to, from, bytes, hipMemcpyHostToDevice);
}

HIP_EXPORT hipError_t hipMemcpyDtoH(void *to, hipDeviceptr_t from, size_t bytes)
{
    return copy_blocking(__func__, to, from, bytes, hipMemcpyDeviceToHost);
}

HIP_EXPORT hipError_t hipMemcpyDtoD(hipDeviceptr_t to, hipDeviceptr_t from, size_t bytes)
{
    return copy_blocking(__func__, to, from, bytes, hipMemcpyDeviceToDevice);
}

HIP_EXPORT hipError_t hipMemcpyHtoDAsync(hipDeviceptr_t to, void *from, size_t bytes, hipStream_t stream)
{
    return copy(__func__, to, from, bytes, hipMemcpyHostToDevice, stream);
}

HIP_EXPORT hipError_t hipMemcpyDtoHAsync(void *to, hipDeviceptr_t from, size_t bytes, hipStream_t stream)
{
    return copy(__func__, to, from, bytes, hipMemcpyDeviceToHost, stream);
}

HIP_EXPORT hipError_t hipMemcpyDtoDAsync(hipDeviceptr_t to, hipDeviceptr_t from, size_t bytes, hipStream_t stream)
{
    return copy(__func__, to, from, bytes, hipMemcpyDeviceToDevice, stream);
}

// `count` elements of 1, 2 or 4 bytes.
static hipError_t fill(const char *call, void *to, uint32_t value, size_t element, size_t count, hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    size_t bytes;
    hipError_t code = hip_check_stream(runtime, stream, call);
    if (code != hipSuccess || count == 0)
        return code;
    if (__builtin_mul_overflow(element, count, &bytes))
        return hip_fail(hipErrorInvalidValue, "%s: %zu elements overflow", call, count);
    code = hip_check_range(runtime, call, to, bytes, true);
    if (code != hipSuccess)
        return code;
    if (element == 1) {
        memset(to, (int)(value & 0xff), bytes);
        return hipSuccess;
    }
    for (size_t i = 0; i < bytes; i += element)
        memcpy((uint8_t *)to + i, &value, element);
    return hipSuccess;
}

HIP_EXPORT hipError_t hipMemset(void *to, int value, size_t bytes)
{
    return fill(__func__, to, (uint32_t)value, 1, bytes, NULL);
}
HIP_ALIAS(hipMemset, hipMemset_spt);

HIP_EXPORT hipError_t hipMemsetAsync(void *to, int value, size_t bytes, hipStream_t stream)
{
    return fill(__func__, to, (uint32_t)value, 1, bytes, stream);
}
HIP_ALIAS(hipMemsetAsync, hipMemsetAsync_spt);

HIP_EXPORT hipError_t hipMemsetD8(hipDeviceptr_t to, unsigned char value, size_t count)
{
    return fill(__func__, to, value, 1, count, NULL);
}

HIP_EXPORT hipError_t hipMemsetD8Async(hipDeviceptr_t to, unsigned char value, size_t count, hipStream_t stream)
{
    return fill(__func__, to, value, 1, count, stream);
}

HIP_EXPORT hipError_t hipMemsetD16(hipDeviceptr_t to, unsigned short value, size_t count)
{
    return fill(__func__, to, value, 2, count, NULL);
}

HIP_EXPORT hipError_t hipMemsetD16Async(hipDeviceptr_t to, unsigned short value, size_t count, hipStream_t stream)
{
    return fill(__func__, to, value, 2, count, stream);
}

HIP_EXPORT hipError_t hipMemsetD32(hipDeviceptr_t to, int value, size_t count)
{
    return fill(__func__, to, (uint32_t)value, 4, count, NULL);
}

HIP_EXPORT hipError_t hipMemsetD32Async(hipDeviceptr_t to, int value, size_t count, hipStream_t stream)
{
    return fill(__func__, to, (uint32_t)value, 4, count, stream);
}

HIP_EXPORT hipError_t hipMemcpyToSymbol(const void *symbol, const void *from, size_t bytes, size_t offset,
                                        hipMemcpyKind kind)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    void *address;
    size_t size;
    const hipError_t code = hip_registered_variable(runtime, symbol, &address, &size);
    if (code != hipSuccess)
        return code;
    if (offset > size || bytes > size - offset)
        return hip_fail(hipErrorInvalidValue, "hipMemcpyToSymbol: %zu bytes at offset %zu of %zu", bytes, offset, size);
    return copy_blocking(__func__, (uint8_t *)address + offset, from, bytes, kind);
}
HIP_ALIAS(hipMemcpyToSymbol, hipMemcpyToSymbol_spt);

HIP_EXPORT hipError_t hipMemcpyFromSymbol(void *to, const void *symbol, size_t bytes, size_t offset, hipMemcpyKind kind)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    void *address;
    size_t size;
    const hipError_t code = hip_registered_variable(runtime, symbol, &address, &size);
    if (code != hipSuccess)
        return code;
    if (offset > size || bytes > size - offset)
        return hip_fail(hipErrorInvalidValue, "hipMemcpyFromSymbol: %zu bytes at offset %zu of %zu", bytes, offset,
                        size);
    return copy_blocking(__func__, to, (const uint8_t *)address + offset, bytes, kind);
}
HIP_ALIAS(hipMemcpyFromSymbol, hipMemcpyFromSymbol_spt);

HIP_EXPORT hipError_t hipMemcpyToSymbolAsync(const void *symbol, const void *from, size_t bytes, size_t offset,
                                             hipMemcpyKind kind, hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    return code == hipSuccess ? hipMemcpyToSymbol(symbol, from, bytes, offset, kind) : code;
}
HIP_ALIAS(hipMemcpyToSymbolAsync, hipMemcpyToSymbolAsync_spt);

HIP_EXPORT hipError_t hipMemcpyFromSymbolAsync(void *to, const void *symbol, size_t bytes, size_t offset,
                                               hipMemcpyKind kind, hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    return code == hipSuccess ? hipMemcpyFromSymbol(to, symbol, bytes, offset, kind) : code;
}
HIP_ALIAS(hipMemcpyFromSymbolAsync, hipMemcpyFromSymbolAsync_spt);

// One device: a copy between peers is a copy within it.
static hipError_t check_peers(const char *call, int to_device, int from_device)
{
    return to_device == 0 && from_device == 0
               ? hipSuccess
               : hip_fail(hipErrorInvalidDevice, "%s: devices %d and %d, but there is only device 0", call, to_device,
                          from_device);
}

HIP_EXPORT hipError_t hipMemcpyPeer(void *to, int to_device, const void *from, int from_device, size_t bytes)
{
    const hipError_t code = check_peers(__func__, to_device, from_device);
    return code == hipSuccess ? copy_blocking(__func__, to, from, bytes, hipMemcpyDeviceToDevice) : code;
}

HIP_EXPORT hipError_t hipMemcpyPeerAsync(void *to, int to_device, const void *from, int from_device, size_t bytes,
                                         hipStream_t stream)
{
    const hipError_t code = check_peers(__func__, to_device, from_device);
    return code == hipSuccess ? copy(__func__, to, from, bytes, hipMemcpyDeviceToDevice, stream) : code;
}
