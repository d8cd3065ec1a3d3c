// The one device: counts, names, versions, limits, peers. There is nothing to choose, so most calls only check.
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

// The version that goes with the name under which this library was loaded: programs linked against ROCm 6 or 7 ask for
// those names; all others, and the headers that this library is built with, are of version 5.
static int version(void)
{
    static const struct {
        const char *name;
        int version;
    } names[] = {{"libamdhip64.so.6", FACT_HIP_VERSION_6}, {"libamdhip64.so.7", FACT_HIP_VERSION_7}};
    Dl_info info;
    if (!dladdr((const void *)(uintptr_t)&version, &info) || !info.dli_fname)
        return FACT_HIP_VERSION_5;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(info.dli_fname, names[i].name))
            return names[i].version;
    return FACT_HIP_VERSION_5;
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
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = need(__func__, flags);
    if (code == hipSuccess)
        *flags = atomic_load(&runtime->device_flags);
    return code;
}

HIP_EXPORT hipError_t hipSetDeviceFlags(unsigned flags)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    // How a host thread waits: nothing is waited for, so that the flags are only kept.
    if (flags & ~(unsigned)(hipDeviceScheduleMask | hipDeviceMapHost | hipDeviceLmemResizeToMax))
        return hip_fail(hipErrorInvalidValue, "hipSetDeviceFlags: flags 0x%x", flags);
    atomic_store(&runtime->device_flags, flags);
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

HIP_EXPORT hipError_t hipDeviceGetCacheConfig(hipFuncCache_t *config)
{
    const hipError_t code = need(__func__, config);
    if (code == hipSuccess)
        *config = hipFuncCachePreferNone;
    return code;
}

HIP_EXPORT hipError_t hipDeviceGetSharedMemConfig(hipSharedMemConfig *config)
{
    const hipError_t code = need(__func__, config);
    if (code == hipSuccess)
        *config = hipSharedMemBankSizeFourByte;
    return code;
}

HIP_EXPORT hipError_t hipDeviceSetSharedMemConfig(hipSharedMemConfig config)
{
    (void)config; // banks of 4 bytes, always
    return hipSuccess;
}

HIP_EXPORT hipError_t hipDeviceSetLimit(enum hipLimit_t limit, size_t value);
HIP_EXPORT hipError_t hipDeviceSetLimit(enum hipLimit_t limit, size_t value)
{
    (void)value;
    return hip_fail(hipErrorUnsupportedLimit, "hipDeviceSetLimit: limit %d", (int)limit);
}

HIP_EXPORT hipError_t hipDeviceGetByPCIBusId(int *device, const char *text)
{
    unsigned domain, bus, slot, function;
    if (!device || !text)
        return hip_fail(hipErrorInvalidValue, "hipDeviceGetByPCIBusId: a pointer is null");
    if (sscanf(text, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4 || domain || bus != FACT_PCI_BUS || slot)
        return hip_fail(hipErrorInvalidValue, "hipDeviceGetByPCIBusId: no device %s", text);
    *device = 0;
    return hipSuccess;
}

HIP_EXPORT hipError_t hipDeviceGetUuid(hipUUID *uuid, hipDevice_t device)
{
    static const char bytes[] = FACT_UUID;
    hipError_t code = check_device(__func__, device);
    if (code == hipSuccess)
        code = need(__func__, uuid);
    if (code == hipSuccess)
        memcpy(uuid->bytes, bytes, sizeof uuid->bytes);
    return code;
}

// The only device suits any wish.
HIP_EXPORT hipError_t hipChooseDevice(int *device, const hipDeviceProp_t *wish)
{
    return wish ? give(__func__, device, 0) : need(__func__, wish);
}
HIP_ALIAS(hipChooseDevice, hipChooseDeviceR0000);

HIP_EXPORT hipError_t hipChooseDeviceR0600(int *device, const void *wish);
HIP_EXPORT hipError_t hipChooseDeviceR0600(int *device, const void *wish)
{
    return wish ? give(__func__, device, 0) : need(__func__, wish);
}

// A device is no peer of itself.
static hipError_t no_peer(const char *call, int peer)
{
    return hip_fail(hipErrorInvalidDevice, "%s: device %d is no peer; there is only device 0", call, peer);
}

HIP_EXPORT hipError_t hipDeviceEnablePeerAccess(int peer, unsigned int flags)
{
    return flags ? hip_fail(hipErrorInvalidValue, "hipDeviceEnablePeerAccess: flags must be 0")
                 : no_peer(__func__, peer);
}

HIP_EXPORT hipError_t hipDeviceDisablePeerAccess(int peer)
{
    return no_peer(__func__, peer);
}

HIP_EXPORT hipError_t hipDeviceGetP2PAttribute(int *value, hipDeviceP2PAttr attribute, int from, int to)
{
    (void)attribute;
    (void)from;
    return need(__func__, value) == hipSuccess ? no_peer(__func__, to) : hipErrorInvalidValue;
}

HIP_EXPORT hipError_t hipExtGetLinkTypeAndHopCount(int from, int to, uint32_t *type, uint32_t *hops)
{
    (void)from;
    return type && hops ? no_peer(__func__, to) : hip_fail(hipErrorInvalidValue, "%s: a null result", __func__);
}
