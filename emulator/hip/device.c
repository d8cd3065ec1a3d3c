// The one device: counts, names, versions, limits, contexts. There is nothing to choose, so most calls only check.
#include "runtime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "facts.h"

static hipError_t need(const char *call, const void *out)
{
    return out ? hipSuccess : hip_fail(hipErrorInvalidValue, "%s: the result pointer is null", call);
}

static hipError_t check_device(const char *call, int device)
{
    return device == 0 ? hipSuccess
                       : hip_fail(hipErrorInvalidDevice, "%s: there is no device %d, only device 0", call, device);
}

static hipError_t give(const char *call, int *out, int value)
{
    const hipError_t code = need(call, out);
    if (code == hipSuccess)
        *out = value;
    return code;
}

HIP_EXPORT hipError_t hipInit(unsigned int flags)
{
    return flags == 0 ? hipSuccess : hip_fail(hipErrorInvalidValue, "hipInit: flags must be 0");
}

// The version that goes with the name under which this library was loaded.
static int version(void)
{
    Dl_info info;
    const bool five = dladdr((const void *)(uintptr_t)&version, &info) && info.dli_fname &&
                      strstr(info.dli_fname, "libamdhip64.so.5");
    return five ? FACT_HIP_VERSION_5 : FACT_HIP_VERSION_6;
}

HIP_EXPORT hipError_t hipDriverGetVersion(int *out)
{
    return give(__func__, out, version());
}

HIP_EXPORT hipError_t hipRuntimeGetVersion(int *out)
{
    return give(__func__, out, version());
}

HIP_EXPORT hipError_t hipGetDeviceCount(int *count)
{
    return give(__func__, count, 1);
}

HIP_EXPORT hipError_t hipGetDevice(int *device)
{
    return give(__func__, device, 0);
}

HIP_EXPORT hipError_t hipSetDevice(int device)
{
    return check_device(__func__, device);
}

HIP_EXPORT hipError_t hipDeviceGet(hipDevice_t *device, int ordinal)
{
    const hipError_t code = check_device(__func__, ordinal);
    return code == hipSuccess ? give(__func__, device, 0) : code;
}

HIP_EXPORT hipError_t hipDeviceGetName(char *name, int length, hipDevice_t device)
{
    hipError_t code = check_device(__func__, device);
    if (code == hipSuccess)
        code = need(__func__, name);
    if (code == hipSuccess && length <= 0)
        code = hip_fail(hipErrorInvalidValue, "hipDeviceGetName: length %d", length);
    if (code == hipSuccess)
        snprintf(name, (size_t)length, "%s", FACT_NAME);
    return code;
}

HIP_EXPORT hipError_t hipDeviceTotalMem(size_t *bytes, hipDevice_t device)
{
    hipError_t code = check_device(__func__, device);
    if (code == hipSuccess)
        code = need(__func__, bytes);
    if (code == hipSuccess)
        *bytes = HIP_MEMORY_BYTES;
    return code;
}

HIP_EXPORT hipError_t hipDeviceComputeCapability(int *major, int *minor, hipDevice_t device)
{
    hipError_t code = check_device(__func__, device);
    if (code == hipSuccess)
        code = give(__func__, major, FACT_MAJOR);
    return code == hipSuccess ? give(__func__, minor, FACT_MINOR) : code;
}

HIP_EXPORT hipError_t hipDeviceGetPCIBusId(char *text, int length, int device)
{
    hipError_t code = check_device(__func__, device);
    if (code == hipSuccess)
        code = need(__func__, text);
    if (code == hipSuccess && length < 13)
        code = hip_fail(hipErrorInvalidValue, "hipDeviceGetPCIBusId: %d bytes, it takes 13", length);
    if (code == hipSuccess)
        snprintf(text, (size_t)length, "0000:%02x:00.0", FACT_PCI_BUS);
    return code;
}

HIP_EXPORT hipError_t hipDeviceReset(void)
{
    return hip_take_pending();
}

// Launches run when they are enqueued, so that nothing is ever outstanding.
HIP_EXPORT hipError_t hipDeviceSynchronize(void)
{
    return hip_take_pending();
}

HIP_EXPORT hipError_t hipDeviceGetLimit(size_t *value, enum hipLimit_t limit)
{
    const hipError_t code = need(__func__, value);
    if (code != hipSuccess)
        return code;
    if (limit != hipLimitMallocHeapSize)
        return hip_fail(hipErrorUnsupportedLimit, "hipDeviceGetLimit: limit %d", (int)limit);
    *value = 0; // kernels cannot allocate
    return hipSuccess;
}

HIP_EXPORT hipError_t hipGetDeviceFlags(unsigned int *flags)
{
    const hipError_t code = need(__func__, flags);
    if (code == hipSuccess)
        *flags = 0;
    return code;
}

HIP_EXPORT hipError_t hipSetDeviceFlags(unsigned flags)
{
    (void)flags; // how a host thread waits: nothing is waited for
    return hipSuccess;
}

HIP_EXPORT hipError_t hipDeviceSetCacheConfig(hipFuncCache_t config)
{
    (void)config; // a hint that this chip ignores
    return hipSuccess;
}

HIP_EXPORT hipError_t hipDeviceCanAccessPeer(int *can, int device, int peer)
{
    hipError_t code = check_device(__func__, device);
    if (code == hipSuccess)
        code = check_device(__func__, peer);
    return code == hipSuccess ? give(__func__, can, 0) : code;
}

// Contexts: the primary one exists always and is the only one.
struct ihipCtx_t {
    char unused;
};

static hipCtx_t primary(void)
{
    static struct ihipCtx_t context;
    return &context;
}

static hipError_t give_context(const char *call, hipCtx_t *context, int device)
{
    hipError_t code = check_device(call, device);
    if (code == hipSuccess)
        code = need(call, context);
    if (code == hipSuccess)
        *context = primary();
    return code;
}

HIP_EXPORT hipError_t hipCtxCreate(hipCtx_t *context, unsigned int flags, hipDevice_t device)
{
    (void)flags;
    return give_context(__func__, context, device);
}

HIP_EXPORT hipError_t hipCtxGetCurrent(hipCtx_t *context)
{
    return give_context(__func__, context, 0);
}

HIP_EXPORT hipError_t hipDevicePrimaryCtxRetain(hipCtx_t *context, hipDevice_t device)
{
    return give_context(__func__, context, device);
}

HIP_EXPORT hipError_t hipDevicePrimaryCtxRelease(hipDevice_t device)
{
    return check_device(__func__, device);
}

HIP_EXPORT hipError_t hipCtxSetCurrent(hipCtx_t context)
{
    return !context || context == primary() ? hipSuccess
                                            : hip_fail(hipErrorInvalidContext, "hipCtxSetCurrent: no such context");
}

HIP_EXPORT hipError_t hipCtxDestroy(hipCtx_t context)
{
    return context == primary() ? hipSuccess : hip_fail(hipErrorInvalidContext, "hipCtxDestroy: no such context");
}

HIP_EXPORT hipError_t hipCtxSynchronize(void)
{
    return hip_take_pending();
}
