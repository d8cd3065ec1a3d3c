// What a pointer is: attributes in the runtime's and the driver's form.
#include "runtime.h"

#include <string.h>

int hip_memory_type_host(void)
{
    int version;
    (void)hipRuntimeGetVersion(&version);
    return version < 60000000 ? 0 : 1;
}

static enum hipMemoryType type_of(const struct emu_range *range)
{
    const int host = hip_memory_type_host();
    return (enum hipMemoryType)(range->kind == EMU_RANGE_HOST ? host : host + 1);
}

// The layout is the same in all versions; the numbers of hipMemoryType are not.
HIP_EXPORT hipError_t hipPointerGetAttributes(hipPointerAttribute_t *attributes, const void *pointer)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    struct emu_range range;
    if (!attributes)
        return hip_fail(hipErrorInvalidValue, "hipPointerGetAttributes: the result pointer is null");
    if (!emu_memory_find(runtime->memory, (uint64_t)(uintptr_t)pointer, &range))
        return hip_fail(hipErrorInvalidValue, "hipPointerGetAttributes: %p is in no allocation", pointer);
    *attributes = (hipPointerAttribute_t){
        .memoryType = type_of(&range),
        .devicePointer = (void *)(uintptr_t)pointer,
        .hostPointer = range.kind == EMU_RANGE_BUFFER ? NULL : (void *)(uintptr_t)pointer,
        .isManaged = range.kind == EMU_RANGE_MANAGED,
    };
    return hipSuccess;
}

// Attributes have results of different sizes; the caller provides for each what its documentation says.
static hipError_t give(void *out, hipPointer_attribute attribute, const struct emu_range *range, uint64_t pointer)
{
    const uint64_t bytes = range->end - range->begin;
    const unsigned type = (unsigned)type_of(range);
    const uint32_t managed = range->kind == EMU_RANGE_MANAGED, device = 0;
    const uint64_t host = range->kind == EMU_RANGE_BUFFER ? 0 : pointer;
    switch (attribute) {
    case HIP_POINTER_ATTRIBUTE_MEMORY_TYPE: memcpy(out, &type, sizeof type); return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_DEVICE_POINTER: memcpy(out, &pointer, sizeof pointer); return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_HOST_POINTER: memcpy(out, &host, sizeof host); return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_IS_MANAGED: *(bool *)out = managed != 0; return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_DEVICE_ORDINAL: memcpy(out, &device, sizeof device); return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_RANGE_START_ADDR: memcpy(out, &range->begin, sizeof range->begin); return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_RANGE_SIZE: memcpy(out, &bytes, sizeof(uint32_t)); return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_MAPPED: *(bool *)out = true; return hipSuccess;
    default:
        return hip_fail(hipErrorNotSupported, "hipPointerGetAttribute: attribute %d has no meaning here",
                        (int)attribute);
    }
}

HIP_EXPORT hipError_t hipPointerGetAttribute(void *data, hipPointer_attribute attribute, hipDeviceptr_t pointer)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    struct emu_range range;
    const uint64_t address = (uint64_t)(uintptr_t)pointer;
    if (!data || !pointer)
        return hip_fail(hipErrorInvalidValue, "hipPointerGetAttribute: a pointer is null");
    if (!emu_memory_find(runtime->memory, address, &range))
        return hip_fail(hipErrorInvalidValue, "hipPointerGetAttribute: %p is in no allocation", pointer);
    return give(data, attribute, &range, address);
}

// A pointer in no allocation is no error here: its results are zero.
HIP_EXPORT hipError_t hipDrvPointerGetAttributes(unsigned int count, hipPointer_attribute *attributes, void **data,
                                                 hipDeviceptr_t pointer)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const uint64_t address = (uint64_t)(uintptr_t)pointer;
    struct emu_range range = {0};
    if (count == 0 || !attributes || !data || !pointer)
        return hip_fail(hipErrorInvalidValue, "hipDrvPointerGetAttributes: a pointer is null or nothing is asked for");
    const bool found = emu_memory_find(runtime->memory, address, &range);
    for (unsigned int i = 0; i < count; i++) {
        const hipError_t code = data[i] ? give(data[i], attributes[i], &range, found ? address : 0)
                                        : hip_fail(hipErrorInvalidValue, "hipDrvPointerGetAttributes: a null result");
        if (code != hipSuccess)
            return code;
    }
    return hipSuccess;
}
