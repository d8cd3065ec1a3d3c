// Names and entry points that tools and generated code ask for by other means than a call of the API.
#include "runtime.h"

#include <dlfcn.h>

HIP_EXPORT const char *hipKernelNameRef(const hipFunction_t function)
{
    struct hip_runtime *runtime = hip_runtime_get();
    return runtime && hip_function_valid(runtime, function) ? function->kernel->name : NULL;
}

HIP_EXPORT const char *hipKernelNameRefByPtr(const void *host, hipStream_t stream)
{
    struct hip_runtime *runtime = hip_runtime_get();
    hipFunction_t function;
    (void)stream;
    return runtime && hip_registered_function(runtime, host, &function) == hipSuccess ? function->kernel->name : NULL;
}

// Numbers of calls belong to the profiler's interface, which is not here.
HIP_EXPORT const char *hipApiName(uint32_t id)
{
    (void)id;
    return "unknown";
}

HIP_EXPORT const char *hipGetCmdName(unsigned operation);
HIP_EXPORT const char *hipGetCmdName(unsigned operation)
{
    (void)operation;
    return "unknown";
}

HIP_EXPORT int hipGetStreamDeviceId(hipStream_t stream)
{
    struct hip_runtime *runtime = hip_runtime_get();
    return runtime && hip_stream_valid(runtime, stream) ? 0 : -1;
}

HIP_EXPORT const char *hiprtcGetErrorString(int result);
HIP_EXPORT const char *hiprtcGetErrorString(int result)
{
    return result == 0 ? "HIPRTC_SUCCESS" : "HIPRTC_ERROR_INTERNAL_ERROR: run-time compilation is not emulated";
}

HIP_EXPORT hipError_t hipGetProcAddress(const char *name, void **address, int version, uint64_t flags, int *status);
HIP_EXPORT hipError_t hipGetProcAddress(const char *name, void **address, int version, uint64_t flags, int *status)
{
    enum { FOUND = 0, NOT_FOUND = 1 };
    Dl_info info;
    (void)version;
    (void)flags; // legacy or per-thread default stream: they are alike
    if (!name || !address)
        return hip_fail(hipErrorInvalidValue, "hipGetProcAddress: a pointer is null");
    void *self = dladdr((const void *)(uintptr_t)&hipApiName, &info) && info.dli_fname
                     ? dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD)
                     : NULL;
    *address = self ? dlsym(self, name) : NULL;
    if (self)
        dlclose(self);
    if (status)
        *status = *address ? FOUND : NOT_FOUND;
    return *address ? hipSuccess : hip_fail(hipErrorInvalidValue, "hipGetProcAddress: there is no %s", name);
}

// Only describes a format, so that programs may ask although images are not emulated.
HIP_EXPORT hipChannelFormatDesc hipCreateChannelDesc(int x, int y, int z, int w, enum hipChannelFormatKind kind)
{
    return (hipChannelFormatDesc){x, y, z, w, kind};
}

// Conversions that compilers once took from the runtime.
HIP_EXPORT float __gnu_h2f_ieee(unsigned short half);
HIP_EXPORT float __gnu_h2f_ieee(unsigned short half)
{
    union {
        unsigned short bits;
        _Float16 value;
    } from = {half};
    return (float)from.value;
}

HIP_EXPORT unsigned short __gnu_f2h_ieee(float value);
HIP_EXPORT unsigned short __gnu_f2h_ieee(float value)
{
    union {
        _Float16 value;
        unsigned short bits;
    } to = {(_Float16)value};
    return to.bits;
}
