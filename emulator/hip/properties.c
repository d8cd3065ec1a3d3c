// Device properties in both layouts that programs are compiled against: HIP 5 (hipGetDeviceProperties) and HIP 6 and
// later (hipGetDevicePropertiesR0600). Fields that mean nothing here stay zero.
#include "runtime.h"

#include <stddef.h>
#include <string.h>

#include "facts.h"

// HIP 6's hipDeviceProp_tR0600, described by offsets, since the packaged headers are older. Source of the offsets: the
// public hip_runtime_api.h of ROCm 6. Fields that this device leaves zero are part of the gaps.
enum { R0600_BYTES = 1472 };
enum r0600 {
    R0600_NAME = 0,
    R0600_UUID = 256,
    R0600_TOTAL_GLOBAL_MEM = 288,
    R0600_SHARED_MEM_PER_BLOCK = 296,
    R0600_REGS_PER_BLOCK = 304,
    R0600_WARP_SIZE = 308,
    R0600_MEM_PITCH = 312,
    R0600_MAX_THREADS_PER_BLOCK = 320,
    R0600_MAX_THREADS_DIM = 324,
    R0600_MAX_GRID_SIZE = 336,
    R0600_CLOCK_RATE = 348,
    R0600_TOTAL_CONST_MEM = 352,
    R0600_MAJOR = 360,
    R0600_MINOR = 364,
    R0600_TEXTURE_ALIGNMENT = 368,
    R0600_TEXTURE_PITCH_ALIGNMENT = 376,
    R0600_MULTI_PROCESSOR_COUNT = 388,
    R0600_INTEGRATED = 396,
    R0600_CAN_MAP_HOST_MEMORY = 400,
    R0600_CONCURRENT_KERNELS = 576,
    R0600_PCI_BUS_ID = 584,
    R0600_UNIFIED_ADDRESSING = 604,
    R0600_MEMORY_CLOCK_RATE = 608,
    R0600_MEMORY_BUS_WIDTH = 612,
    R0600_L2_CACHE_SIZE = 616,
    R0600_MAX_THREADS_PER_MULTI_PROCESSOR = 624,
    R0600_SHARED_MEM_PER_MULTIPROCESSOR = 640,
    R0600_REGS_PER_MULTIPROCESSOR = 648,
    R0600_MANAGED_MEMORY = 652,
    R0600_SHARED_MEM_PER_BLOCK_OPTIN = 696,
    R0600_MAX_BLOCKS_PER_MULTI_PROCESSOR = 712,
    R0600_GCN_ARCH_NAME = 1160,
    R0600_MAX_SHARED_MEMORY_PER_MULTI_PROCESSOR = 1416,
    R0600_CLOCK_INSTRUCTION_RATE = 1424,
    R0600_ARCH = 1428,
    R0600_IS_LARGE_BAR = 1464
};

static hipDeviceArch_t architecture(void)
{
    hipDeviceArch_t arch;
    memset(&arch, 0, sizeof arch);
    arch.hasGlobalInt32Atomics = 1;
    arch.hasGlobalFloatAtomicExch = 1;
    arch.hasSharedInt32Atomics = 1;
    arch.hasSharedFloatAtomicExch = 1;
    arch.hasFloatAtomicAdd = 1;
    arch.hasGlobalInt64Atomics = 1;
    arch.hasSharedInt64Atomics = 1;
    arch.hasDoubles = 1;
    arch.hasWarpVote = 1;
    arch.hasWarpBallot = 1;
    arch.hasWarpShuffle = 1;
    arch.hasThreadFenceSystem = 1;
    arch.has3dGrid = 1;
    return arch;
}

static hipError_t check(const char *call, const void *out, int device)
{
    if (!out)
        return hip_fail(hipErrorInvalidValue, "%s: the result pointer is null", call);
    if (device != 0)
        return hip_fail(hipErrorInvalidDevice, "%s: there is no device %d, only device 0", call, device);
    return hipSuccess;
}

HIP_EXPORT hipError_t hipGetDeviceProperties(hipDeviceProp_t *prop, int device)
{
    const hipError_t code = check(__func__, prop, device);
    if (code != hipSuccess)
        return code;
    memset(prop, 0, sizeof *prop);
    strcpy(prop->name, FACT_NAME);
    prop->totalGlobalMem = HIP_MEMORY_BYTES;
    prop->sharedMemPerBlock = FACT_LDS_A_BLOCK;
    prop->regsPerBlock = FACT_REGISTERS;
    prop->warpSize = FACT_WARP;
    prop->maxThreadsPerBlock = FACT_THREADS_A_BLOCK;
    prop->maxGridSize[0] = FACT_GRID_X;
    for (int i = 0; i < 3; i++) {
        prop->maxThreadsDim[i] = FACT_THREADS_A_BLOCK;
        prop->maxGridSize[i] = i ? FACT_GRID_YZ : FACT_GRID_X;
    }
    prop->clockRate = FACT_CLOCK_KHZ;
    prop->memoryClockRate = FACT_MEMORY_CLOCK_KHZ;
    prop->memoryBusWidth = FACT_MEMORY_BUS_BITS;
    prop->totalConstMem = FACT_CONSTANT_BYTES;
    prop->major = FACT_MAJOR;
    prop->minor = FACT_MINOR;
    prop->multiProcessorCount = FACT_MULTIPROCESSORS;
    prop->l2CacheSize = FACT_L2_BYTES;
    prop->maxThreadsPerMultiProcessor = FACT_THREADS_A_MULTIPROCESSOR;
    prop->clockInstructionRate = FACT_TIMER_KHZ;
    prop->arch = architecture();
    prop->concurrentKernels = 1;
    prop->pciBusID = FACT_PCI_BUS;
    prop->maxSharedMemoryPerMultiProcessor = FACT_LDS_A_MULTIPROCESSOR;
    prop->canMapHostMemory = 1;
    prop->gcnArch = FACT_MAJOR * 100 + FACT_MINOR * 10 + 1;
    strcpy(prop->gcnArchName, FACT_ARCH);
    prop->integrated = 1;
    prop->memPitch = FACT_PITCH_BYTES;
    prop->textureAlignment = FACT_TEXTURE_ALIGNMENT;
    prop->texturePitchAlignment = FACT_TEXTURE_ALIGNMENT;
    prop->isLargeBar = 1;
    prop->managedMemory = 1;
    return hipSuccess;
}

HIP_ALIAS(hipGetDeviceProperties, hipGetDevicePropertiesR0000);

static void put_int(uint8_t *prop, enum r0600 at, int value)
{
    memcpy(prop + at, &value, sizeof value);
}

static void put_size(uint8_t *prop, enum r0600 at, size_t value)
{
    memcpy(prop + at, &value, sizeof value);
}

HIP_EXPORT hipError_t hipGetDevicePropertiesR0600(void *out, int device);
HIP_EXPORT hipError_t hipGetDevicePropertiesR0600(void *out, int device)
{
    const hipError_t code = check("hipGetDeviceProperties", out, device);
    uint8_t *prop = out;
    if (code != hipSuccess)
        return code;
    static const struct {
        enum r0600 at;
        int value;
    } ints[] = {
        {R0600_REGS_PER_BLOCK, FACT_REGISTERS},
        {R0600_WARP_SIZE, FACT_WARP},
        {R0600_MAX_THREADS_PER_BLOCK, FACT_THREADS_A_BLOCK},
        {R0600_CLOCK_RATE, FACT_CLOCK_KHZ},
        {R0600_MAJOR, FACT_MAJOR},
        {R0600_MINOR, FACT_MINOR},
        {R0600_MULTI_PROCESSOR_COUNT, FACT_MULTIPROCESSORS},
        {R0600_INTEGRATED, 1},
        {R0600_CAN_MAP_HOST_MEMORY, 1},
        {R0600_CONCURRENT_KERNELS, 1},
        {R0600_PCI_BUS_ID, FACT_PCI_BUS},
        {R0600_UNIFIED_ADDRESSING, 1},
        {R0600_MEMORY_CLOCK_RATE, FACT_MEMORY_CLOCK_KHZ},
        {R0600_MEMORY_BUS_WIDTH, FACT_MEMORY_BUS_BITS},
        {R0600_L2_CACHE_SIZE, FACT_L2_BYTES},
        {R0600_MAX_THREADS_PER_MULTI_PROCESSOR, FACT_THREADS_A_MULTIPROCESSOR},
        {R0600_REGS_PER_MULTIPROCESSOR, FACT_REGISTERS},
        {R0600_MANAGED_MEMORY, 1},
        {R0600_MAX_BLOCKS_PER_MULTI_PROCESSOR, FACT_BLOCKS_A_MULTIPROCESSOR},
        {R0600_CLOCK_INSTRUCTION_RATE, FACT_TIMER_KHZ},
        {R0600_IS_LARGE_BAR, 1},
    };
    memset(prop, 0, R0600_BYTES);
    strcpy((char *)prop + R0600_NAME, FACT_NAME);
    memcpy(prop + R0600_UUID, FACT_UUID, sizeof FACT_UUID - 1);
    strcpy((char *)prop + R0600_GCN_ARCH_NAME, FACT_ARCH);
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++)
        put_int(prop, ints[i].at, ints[i].value);
    for (unsigned i = 0; i < 3; i++) {
        put_int(prop, R0600_MAX_THREADS_DIM + i * 4, FACT_THREADS_A_BLOCK);
        put_int(prop, R0600_MAX_GRID_SIZE + i * 4, i ? FACT_GRID_YZ : FACT_GRID_X);
    }
    put_size(prop, R0600_TOTAL_GLOBAL_MEM, HIP_MEMORY_BYTES);
    put_size(prop, R0600_SHARED_MEM_PER_BLOCK, FACT_LDS_A_BLOCK);
    put_size(prop, R0600_SHARED_MEM_PER_BLOCK_OPTIN, FACT_LDS_A_BLOCK);
    put_size(prop, R0600_SHARED_MEM_PER_MULTIPROCESSOR, FACT_LDS_A_MULTIPROCESSOR);
    put_size(prop, R0600_MAX_SHARED_MEMORY_PER_MULTI_PROCESSOR, FACT_LDS_A_MULTIPROCESSOR);
    put_size(prop, R0600_MEM_PITCH, FACT_PITCH_BYTES);
    put_size(prop, R0600_TOTAL_CONST_MEM, FACT_CONSTANT_BYTES);
    put_size(prop, R0600_TEXTURE_ALIGNMENT, FACT_TEXTURE_ALIGNMENT);
    put_size(prop, R0600_TEXTURE_PITCH_ALIGNMENT, FACT_TEXTURE_ALIGNMENT);
    const hipDeviceArch_t arch = architecture();
    memcpy(prop + R0600_ARCH, &arch, sizeof arch);
    return hipSuccess;
}

HIP_EXPORT hipError_t hipDeviceGetAttribute(int *value, hipDeviceAttribute_t attribute, int device)
{
    static const struct {
        hipDeviceAttribute_t attribute;
        int value;
    } facts[] = {
        {hipDeviceAttributeCanMapHostMemory, 1},
        {hipDeviceAttributeClockRate, FACT_CLOCK_KHZ},
        {hipDeviceAttributeConcurrentKernels, 1},
        {hipDeviceAttributeIntegrated, 1},
        {hipDeviceAttributeL2CacheSize, FACT_L2_BYTES},
        {hipDeviceAttributeComputeCapabilityMajor, FACT_MAJOR},
        {hipDeviceAttributeComputeCapabilityMinor, FACT_MINOR},
        {hipDeviceAttributeManagedMemory, 1},
        {hipDeviceAttributeMaxBlocksPerMultiProcessor, FACT_BLOCKS_A_MULTIPROCESSOR},
        {hipDeviceAttributeMaxBlockDimX, FACT_THREADS_A_BLOCK},
        {hipDeviceAttributeMaxBlockDimY, FACT_THREADS_A_BLOCK},
        {hipDeviceAttributeMaxBlockDimZ, FACT_THREADS_A_BLOCK},
        {hipDeviceAttributeMaxGridDimX, FACT_GRID_X},
        {hipDeviceAttributeMaxGridDimY, FACT_GRID_YZ},
        {hipDeviceAttributeMaxGridDimZ, FACT_GRID_YZ},
        {hipDeviceAttributeMaxThreadsDim, FACT_THREADS_A_BLOCK},
        {hipDeviceAttributeMaxThreadsPerBlock, FACT_THREADS_A_BLOCK},
        {hipDeviceAttributeMaxThreadsPerMultiProcessor, FACT_THREADS_A_MULTIPROCESSOR},
        {hipDeviceAttributeMaxPitch, FACT_PITCH_BYTES},
        {hipDeviceAttributeMemoryBusWidth, FACT_MEMORY_BUS_BITS},
        {hipDeviceAttributeMemoryClockRate, FACT_MEMORY_CLOCK_KHZ},
        {hipDeviceAttributeMultiprocessorCount, FACT_MULTIPROCESSORS},
        {hipDeviceAttributePciBusId, FACT_PCI_BUS},
        {hipDeviceAttributeMaxRegistersPerBlock, FACT_REGISTERS},
        {hipDeviceAttributeMaxRegistersPerMultiprocessor, FACT_REGISTERS},
        {hipDeviceAttributeMaxSharedMemoryPerBlock, FACT_LDS_A_BLOCK},
        {hipDeviceAttributeSharedMemPerBlockOptin, FACT_LDS_A_BLOCK},
        {hipDeviceAttributeSharedMemPerMultiprocessor, FACT_LDS_A_MULTIPROCESSOR},
        {hipDeviceAttributeTextureAlignment, FACT_TEXTURE_ALIGNMENT},
        {hipDeviceAttributeTexturePitchAlignment, FACT_TEXTURE_ALIGNMENT},
        {hipDeviceAttributeTotalConstantMemory, FACT_CONSTANT_BYTES},
        {hipDeviceAttributeUnifiedAddressing, 1},
        {hipDeviceAttributeWarpSize, FACT_WARP},
        {hipDeviceAttributeClockInstructionRate, FACT_TIMER_KHZ},
        {hipDeviceAttributeMaxSharedMemoryPerMultiprocessor, FACT_LDS_A_MULTIPROCESSOR},
        {hipDeviceAttributeIsLargeBar, 1},
        {hipDeviceAttributePhysicalMultiProcessorCount, FACT_MULTIPROCESSORS},
        {hipDeviceAttributeFineGrainSupport, 1},
    };
    const hipError_t code = check(__func__, value, device);
    if (code != hipSuccess)
        return code;
    const bool known =
        (attribute >= 0 && attribute <= hipDeviceAttributeMemoryPoolsSupported) ||
        (attribute >= hipDeviceAttributeAmdSpecificBegin && attribute <= hipDeviceAttributeFineGrainSupport);
    if (!known)
        return hip_fail(hipErrorInvalidValue, "hipDeviceGetAttribute: there is no attribute %d", (int)attribute);
    *value = 0; // what is not in the table is a feature that the device lacks
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (facts[i].attribute == attribute)
            *value = facts[i].value;
    return hipSuccess;
}
