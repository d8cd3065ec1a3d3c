// What the device says of itself, in the runtime's and the driver's words.
#include "program.h"

static int attribute(hipDeviceAttribute_t which)
{
    int value = -1;
    return hipDeviceGetAttribute(&value, which, 0) == hipSuccess ? value : -1;
}

int main()
{
    int count = 0, device = -1, major = 0, minor = 0, can = 1, version = 0;
    hipDeviceProp_t properties;
    char name[64], bus[20];
    size_t bytes = 0, available = 0;
    CHECK(hipInit(0));
    CHECK(hipGetDeviceCount(&count));
    CHECK(hipSetDevice(0));
    CHECK(hipGetDevice(&device));
    EXPECT(count == 1 && device == 0);
    CHECK(hipGetDeviceProperties(&properties, 0));
    EXPECT(!strcmp(properties.gcnArchName, "gfx1151"));
    EXPECT(properties.warpSize == 32 && attribute(hipDeviceAttributeWarpSize) == 32);
    EXPECT(properties.multiProcessorCount == attribute(hipDeviceAttributeMultiprocessorCount));
    EXPECT(properties.maxThreadsPerBlock == attribute(hipDeviceAttributeMaxThreadsPerBlock));
    EXPECT(properties.sharedMemPerBlock == (size_t)attribute(hipDeviceAttributeMaxSharedMemoryPerBlock));
    EXPECT(properties.clockRate == attribute(hipDeviceAttributeClockRate));
    EXPECT(properties.l2CacheSize == attribute(hipDeviceAttributeL2CacheSize));
    EXPECT(properties.managedMemory == 1 && properties.integrated == 1);
    CHECK(hipDeviceComputeCapability(&major, &minor, 0));
    EXPECT(major == properties.major && minor == properties.minor && major == 11 && minor == 5);
    CHECK(hipDeviceGetName(name, sizeof name, 0));
    EXPECT(!strcmp(name, properties.name));
    CHECK(hipDeviceTotalMem(&bytes, 0));
    EXPECT(bytes == properties.totalGlobalMem);
    CHECK(hipMemGetInfo(&available, &bytes));
    EXPECT(available <= bytes && bytes == properties.totalGlobalMem);
    CHECK(hipDeviceGetPCIBusId(bus, sizeof bus, 0));
    CHECK(hipDeviceGetByPCIBusId(&device, bus));
    CHECK(hipDeviceCanAccessPeer(&can, 0, 0));
    EXPECT(can == 0);
    CHECK(hipRuntimeGetVersion(&version));
    EXPECT(version >= 50000000);
    CHECK(hipChooseDevice(&device, &properties));

    hipCtx_t context = nullptr, current = nullptr;
    unsigned flags = 1;
    int active = 0;
    CHECK(hipDevicePrimaryCtxRetain(&context, 0));
    CHECK(hipCtxSetCurrent(context));
    CHECK(hipCtxGetCurrent(&current));
    EXPECT(current == context);
    CHECK(hipDevicePrimaryCtxGetState(0, &flags, &active));
    EXPECT(active == 1 && flags == 0);
    CHECK(hipSetDeviceFlags(hipDeviceScheduleSpin));
    CHECK(hipGetDeviceFlags(&flags));
    EXPECT(flags == hipDeviceScheduleSpin);
    CHECK(hipCtxPushCurrent(context));
    CHECK(hipCtxPopCurrent(&current));
    CHECK(hipDevicePrimaryCtxRelease(0));
    CHECK(hipDeviceReset());
    FAILS(hipSetDevice(-1), hipErrorInvalidDevice);
    FAILS(hipGetDeviceProperties(&properties, 1), hipErrorInvalidDevice);
    FAILS(hipGetDeviceProperties(nullptr, 0), hipErrorInvalidValue);
    FAILS(hipDeviceGetAttribute(nullptr, hipDeviceAttributeWarpSize, 0), hipErrorInvalidValue);
    FAILS(hipDeviceEnablePeerAccess(1, 0), hipErrorInvalidDevice);
    FAILS(hipSetDeviceFlags(0x4000), hipErrorInvalidValue);
    puts("passed");
    return 0;
}
