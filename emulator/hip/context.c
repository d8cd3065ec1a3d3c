// Contexts: the primary one exists always and is the only one, so that creating and pushing give it, and destroying and
// popping leave it.
#include "runtime.h"

struct ihipCtx_t {
    char unused;
};

static hipCtx_t primary(void)
{
    static struct ihipCtx_t context;
    return &context;
}

static hipError_t check_device(const char *call, int device)
{
    return device == 0 ? hipSuccess
                       : hip_fail(hipErrorInvalidDevice, "%s: there is no device %d, only device 0", call, device);
}

static hipError_t give_context(const char *call, hipCtx_t *context, int device)
{
    const hipError_t code = check_device(call, device);
    if (code != hipSuccess)
        return code;
    if (!context)
        return hip_fail(hipErrorInvalidValue, "%s: the result pointer is null", call);
    *context = primary();
    return hipSuccess;
}

static hipError_t check_context(const char *call, hipCtx_t context)
{
    return context == primary() ? hipSuccess
                                : hip_fail(hipErrorInvalidContext, "%s: %p is no context", call, (void *)context);
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

HIP_EXPORT hipError_t hipDevicePrimaryCtxReset(hipDevice_t device)
{
    return check_device(__func__, device);
}

HIP_EXPORT hipError_t hipDevicePrimaryCtxSetFlags(hipDevice_t device, unsigned int flags)
{
    (void)flags;
    const hipError_t code = check_device(__func__, device);
    // The primary context is active from the start, when its flags can no longer be set.
    return code == hipSuccess ? hip_fail(hipErrorContextAlreadyInUse, "hipDevicePrimaryCtxSetFlags: it is active")
                              : code;
}

HIP_EXPORT hipError_t hipDevicePrimaryCtxGetState(hipDevice_t device, unsigned int *flags, int *active)
{
    const hipError_t code = check_device(__func__, device);
    if (code != hipSuccess)
        return code;
    if (!flags || !active)
        return hip_fail(hipErrorInvalidValue, "hipDevicePrimaryCtxGetState: a result pointer is null");
    *active = 1;
    return hipGetDeviceFlags(flags);
}

HIP_EXPORT hipError_t hipCtxSetCurrent(hipCtx_t context)
{
    return context ? check_context(__func__, context) : hipSuccess;
}

HIP_EXPORT hipError_t hipCtxPushCurrent(hipCtx_t context)
{
    return check_context(__func__, context);
}

HIP_EXPORT hipError_t hipCtxPopCurrent(hipCtx_t *context)
{
    if (context)
        *context = primary();
    return hipSuccess;
}

HIP_EXPORT hipError_t hipCtxDestroy(hipCtx_t context)
{
    return check_context(__func__, context);
}

HIP_EXPORT hipError_t hipCtxSynchronize(void)
{
    return hip_take_pending();
}

HIP_EXPORT hipError_t hipCtxGetDevice(hipDevice_t *device)
{
    return hipGetDevice(device);
}

HIP_EXPORT hipError_t hipCtxGetFlags(unsigned int *flags)
{
    return hipGetDeviceFlags(flags);
}

HIP_EXPORT hipError_t hipCtxGetApiVersion(hipCtx_t context, int *version)
{
    if (!version)
        return hip_fail(hipErrorInvalidValue, "hipCtxGetApiVersion: the result pointer is null");
    if (context && context != primary())
        return check_context(__func__, context);
    return hipRuntimeGetVersion(version);
}

HIP_EXPORT hipError_t hipCtxGetCacheConfig(hipFuncCache_t *config)
{
    return hipDeviceGetCacheConfig(config);
}

HIP_EXPORT hipError_t hipCtxSetCacheConfig(hipFuncCache_t config)
{
    return hipDeviceSetCacheConfig(config);
}

HIP_EXPORT hipError_t hipCtxGetSharedMemConfig(hipSharedMemConfig *config)
{
    return hipDeviceGetSharedMemConfig(config);
}

HIP_EXPORT hipError_t hipCtxSetSharedMemConfig(hipSharedMemConfig config)
{
    return hipDeviceSetSharedMemConfig(config);
}

HIP_EXPORT hipError_t hipCtxEnablePeerAccess(hipCtx_t peer, unsigned int flags)
{
    const hipError_t code = check_context(__func__, peer);
    return code == hipSuccess ? hipDeviceEnablePeerAccess(0, flags) : code;
}

HIP_EXPORT hipError_t hipCtxDisablePeerAccess(hipCtx_t peer)
{
    const hipError_t code = check_context(__func__, peer);
    return code == hipSuccess ? hipDeviceDisablePeerAccess(0) : code;
}
