// Device properties across HIP generations: the struct behind hipGetDeviceProperties changed its layout with ROCm 6,
// where the new one has a symbol of its own.
#include "provider.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

// The beginning of hipDeviceProp_tR0600, which follows cudaDeviceProp's order of members.
struct properties_r0600 {
    char name[256];
    char uuid[16];
    char luid[8];
    unsigned luid_device_node_mask;
    size_t total_global_mem;
    size_t shared_mem_per_block;
    int regs_per_block, warp_size;
    size_t mem_pitch;
    int max_threads_per_block, max_threads_dim[3], max_grid_size[3], clock_rate;
    size_t total_const_mem;
    int major, minor;
    size_t texture_alignment, texture_pitch_alignment;
    int device_overlap, multiprocessor_count;
};
_Static_assert(offsetof(struct properties_r0600, total_global_mem) == 288, "layout of hipDeviceProp_tR0600");
_Static_assert(offsetof(struct properties_r0600, multiprocessor_count) == 388, "layout of hipDeviceProp_tR0600");

// Room for any generation's struct.
enum { PROPERTIES_BYTES = 16384 };

// The architecture's name has moved between generations; it is the only text that begins with "gfx" behind the name and
// the identifiers, which are free bytes.
static void find_arch(const char *bytes, char *arch, size_t size)
{
    for (size_t i = offsetof(struct properties_r0600, total_global_mem); i + 64 < PROPERTIES_BYTES; i++) {
        if (memcmp(bytes + i, "gfx", 3) != 0)
            continue;
        const size_t length = strcspn(bytes + i, ":");
        snprintf(arch, size, "%.*s", (int)(length < size ? length : size - 1), bytes + i);
        return;
    }
}

hipError_t w4_properties_get(const struct w4_hip *hip, int index, struct w4_properties *properties)
{
    static const char *const symbols[] = {"hipGetDevicePropertiesR0600", "hipGetDeviceProperties"};
    _Alignas(64) char bytes[PROPERTIES_BYTES] = {0};

    *properties = (struct w4_properties){0};
    size_t generation = 0;
    void *symbol = dlsym(hip->library, symbols[generation]);
    if (!symbol)
        symbol = dlsym(hip->library, symbols[++generation]);
    if (!symbol)
        return hipErrorNotSupported;
    hipError_t (*get)(void *, int);
    memcpy(&get, &symbol, sizeof symbol);
    const hipError_t result = get(bytes, index);
    if (result != hipSuccess)
        return result;

    snprintf(properties->name, sizeof properties->name, "%.255s", bytes);
    find_arch(bytes, properties->arch, sizeof properties->arch);
    if (generation == 0) {
        struct properties_r0600 view;
        memcpy(&view, bytes, sizeof view);
        properties->multiprocessors = view.multiprocessor_count;
        properties->clock_khz = view.clock_rate;
        properties->memory_bytes = view.total_global_mem;
    } else {
        hipDeviceProp_t view;
        memcpy(&view, bytes, sizeof view);
        properties->multiprocessors = view.multiProcessorCount;
        properties->clock_khz = view.clockRate;
        properties->memory_bytes = view.totalGlobalMem;
    }
    return hipSuccess;
}
