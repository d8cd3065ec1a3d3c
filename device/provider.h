// A provider: a shared library that exports the HIP runtime's symbols, opened as a table of functions.
#ifndef W4_DEVICE_PROVIDER_H
#define W4_DEVICE_PROVIDER_H

#include <stdbool.h>

#include <hip/hip_runtime_api.h>

#include "hip.h"

// The HIP functions that the suite calls; all must be there.
#define W4_HIP_FUNCTIONS(X)                                                                                            \
    X(hipInit)                                                                                                         \
    X(hipGetDeviceCount)                                                                                               \
    X(hipSetDevice)                                                                                                    \
    X(hipDriverGetVersion)                                                                                             \
    X(hipRuntimeGetVersion)                                                                                            \
    X(hipMalloc)                                                                                                       \
    X(hipFree)                                                                                                         \
    X(hipMemcpy)                                                                                                       \
    X(hipMemset)                                                                                                       \
    X(hipModuleLoadData)                                                                                               \
    X(hipModuleUnload)                                                                                                 \
    X(hipModuleGetFunction)                                                                                            \
    X(hipModuleLaunchKernel)                                                                                           \
    X(hipDeviceSynchronize)                                                                                            \
    X(hipEventCreate)                                                                                                  \
    X(hipEventDestroy)                                                                                                 \
    X(hipEventRecord)                                                                                                  \
    X(hipEventSynchronize)                                                                                             \
    X(hipEventElapsedTime)                                                                                             \
    X(hipGetErrorString)

// What only the emulator has (emulator/hip/extras.h); a missing one stays NULL.
#define W4_EMULATOR_FUNCTIONS(X)                                                                                       \
    X(emuModelKey)                                                                                                     \
    X(emuModelLabel)                                                                                                   \
    X(emuSetTimingModel)                                                                                               \
    X(emuSetTimingParameter)                                                                                           \
    X(emuSetWorkgroupSample)                                                                                           \
    X(emuSetHostThreads)                                                                                               \
    X(emuSetClockMhz)                                                                                                  \
    X(emuGetLastLaunch)                                                                                                \
    X(emuGetLastWorkgroups)                                                                                            \
    X(emuSetProfile)                                                                                                   \
    X(emuGetLastProfile)                                                                                               \
    X(emuGetLastMessage)                                                                                               \
    X(emuCancel)

struct w4_hip {
    void *library; // dlopen handle
    char file[512];
#define X(name) __typeof__(&(name)) name;
    W4_HIP_FUNCTIONS(X)
    W4_EMULATOR_FUNCTIONS(X)
#undef X
};

// Opens the provider's library. choice: "emulator", "amd" or a path.
enum w4_status w4_provider_open(const char *choice, struct w4_hip *hip, struct w4_error *error);
void w4_provider_close(struct w4_hip *hip);

// The part of hipDeviceProp_t that the suite reads, whatever the runtime's generation.
struct w4_properties {
    char name[256];
    char arch[64]; // without feature suffixes
    int multiprocessors;
    int clock_khz;
    uint64_t memory_bytes;
};

// Reads a device's properties through hipGetDevicePropertiesR0600 (ROCm 6 and later) or hipGetDeviceProperties.
hipError_t w4_properties_get(const struct w4_hip *hip, int index, struct w4_properties *properties);

#endif
