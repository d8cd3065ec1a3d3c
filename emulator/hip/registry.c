// What a compiled program registers when it starts: fat binaries, and host addresses that stand for kernels and
// variables in them. A code object is loaded when the first of its kernels or variables is used, so that a program
// without code for gfx1151 fails there, with HIP's error code, and not before main.
#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WRAPPER_MAGIC 0x48495046u // "HIPF"
#define BUCKETS       1024

struct wrapper { // __CudaFatBinaryWrapper
    uint32_t magic, version;
    const void *binary;
    void *unused;
};

struct fat_binary {
    void *self;        // its address is the handle that the program holds
    const void *image; // NULL when the wrapper was not one
    struct ihipModule_t *module;
    struct fat_binary *next;
};

struct entry {
    const void *host;
    char *name;
    struct fat_binary *binary;
    struct entry *next;
};

// Registration runs before main and must work before anything else does.
static struct {
    pthread_mutex_t lock;
    struct fat_binary *binaries;
    struct entry *functions[BUCKETS], *variables[BUCKETS];
} registry = {.lock = PTHREAD_MUTEX_INITIALIZER};

static size_t bucket(const void *host)
{
    return (size_t)(((uintptr_t)host >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 54) % BUCKETS;
}

static void add_entry(struct entry **table, void **handle, const void *host, const char *name)
{
    struct entry *entry = calloc(1, sizeof *entry);
    char *copy = name ? strdup(name) : NULL;
    if (!entry || !copy || !handle) {
        free(entry);
        free(copy);
        return; // its use will find nothing and say so
    }
    pthread_mutex_lock(&registry.lock);
    struct entry **at = &table[bucket(host)];
    *entry = (struct entry){host, copy, *handle, *at};
    *at = entry;
    pthread_mutex_unlock(&registry.lock);
}

static void drop_entries(struct entry **table, const struct fat_binary *binary)
{
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct entry **at = &table[i]; *at;) {
            struct entry *entry = *at;
            if (entry->binary != binary) {
                at = &entry->next;
                continue;
            }
            *at = entry->next;
            free(entry->name);
            free(entry);
        }
}

HIP_EXPORT void **__hipRegisterFatBinary(const void *data);
HIP_EXPORT void **__hipRegisterFatBinary(const void *data)
{
    const struct wrapper *wrapper = data;
    struct fat_binary *binary = calloc(1, sizeof *binary);
    if (!binary)
        return NULL;
    if (wrapper && wrapper->magic == WRAPPER_MAGIC)
        binary->image = wrapper->binary;
    pthread_mutex_lock(&registry.lock);
    binary->self = binary;
    binary->next = registry.binaries;
    registry.binaries = binary;
    pthread_mutex_unlock(&registry.lock);
    return &binary->self;
}

HIP_EXPORT void __hipUnregisterFatBinary(void **handle);
HIP_EXPORT void __hipUnregisterFatBinary(void **handle)
{
    struct fat_binary *binary = handle ? *handle : NULL;
    struct hip_runtime *runtime = hip_runtime_get();
    if (!binary || !runtime)
        return;
    pthread_mutex_lock(&runtime->launch_lock);
    pthread_mutex_lock(&registry.lock);
    struct fat_binary **at = &registry.binaries;
    while (*at && *at != binary)
        at = &(*at)->next;
    if (*at) {
        *at = binary->next;
        drop_entries(registry.functions, binary);
        drop_entries(registry.variables, binary);
        if (binary->module)
            hip_module_release(runtime, binary->module);
        free(binary);
    }
    pthread_mutex_unlock(&registry.lock);
    pthread_mutex_unlock(&runtime->launch_lock);
}

HIP_EXPORT void __hipRegisterFunction(void **handle, const void *host, char *device_function, const char *name,
                                      unsigned thread_limit, void *tid, void *bid, dim3 *block, dim3 *grid,
                                      int *warp_size);
HIP_EXPORT void __hipRegisterFunction(void **handle, const void *host, char *device_function, const char *name,
                                      unsigned thread_limit, void *tid, void *bid, dim3 *block, dim3 *grid,
                                      int *warp_size)
{
    (void)device_function, (void)thread_limit, (void)tid, (void)bid, (void)block, (void)grid, (void)warp_size;
    add_entry(registry.functions, handle, host, name);
}

HIP_EXPORT void __hipRegisterVar(void **handle, void *host, char *host_name, char *name, int is_extern, size_t size,
                                 int constant, int global);
HIP_EXPORT void __hipRegisterVar(void **handle, void *host, char *host_name, char *name, int is_extern, size_t size,
                                 int constant, int global)
{
    (void)host_name, (void)is_extern, (void)size, (void)constant, (void)global;
    add_entry(registry.variables, handle, host, name);
}

// The variable that kernels read is a pointer; host code reads its shadow. Both get the address of one allocation.
HIP_EXPORT void __hipRegisterManagedVar(void **handle, void **pointer, void *initial, const char *name, size_t size,
                                        unsigned align);
HIP_EXPORT void __hipRegisterManagedVar(void **handle, void **pointer, void *initial, const char *name, size_t size,
                                        unsigned align)
{
    struct hip_runtime *runtime = hip_runtime_get();
    (void)align;
    if (!runtime || !pointer)
        return;
    *pointer = emu_memory_alloc(runtime->memory, size ? size : 1, EMU_RANGE_MANAGED);
    if (*pointer && initial)
        memcpy(*pointer, initial, size);
    add_entry(registry.variables, handle, (const void *)pointer, name);
}

HIP_EXPORT void __hipRegisterSurface(void **handle, void *host, char *host_name, char *name, int type, int is_extern);
HIP_EXPORT void __hipRegisterSurface(void **handle, void *host, char *host_name, char *name, int type, int is_extern)
{
    (void)handle, (void)host, (void)host_name, (void)name, (void)type, (void)is_extern; // no surfaces on this device
}

HIP_EXPORT void __hipRegisterTexture(void **handle, void *host, char *host_name, char *name, int type, int normalized,
                                     int is_extern);
HIP_EXPORT void __hipRegisterTexture(void **handle, void *host, char *host_name, char *name, int type, int normalized,
                                     int is_extern)
{
    (void)handle, (void)host, (void)host_name, (void)name, (void)type, (void)normalized, (void)is_extern;
}

static struct entry *find(struct entry *const *table, const void *host)
{
    struct entry *entry = table[bucket(host)];
    while (entry && entry->host != host)
        entry = entry->next;
    return entry;
}

// Managed variables: the device-side pointer is set once the image is there.
static void bind_managed(const struct fat_binary *binary)
{
    for (size_t i = 0; i < BUCKETS; i++)
        for (const struct entry *entry = registry.variables[i]; entry; entry = entry->next) {
            const struct co_symbol *shadow =
                entry->binary == binary ? co_object_find_symbol(&binary->module->module->object, entry->name) : NULL;
            char managed[512];
            if (!shadow || snprintf(managed, sizeof managed, "%s.managed", entry->name) >= (int)sizeof managed)
                continue;
            if (co_object_find_symbol(&binary->module->module->object, managed))
                memcpy(binary->module->module->image + shadow->address, entry->host, sizeof(void *));
        }
}

// Takes the registry's lock as held. `missing` is the code when the program has nothing for this device: ROCm then
// knows no such function or symbol (clr, hip_platform.cpp); the message says what the image lacks.
static hipError_t need_module(struct hip_runtime *runtime, struct fat_binary *binary, hipError_t missing)
{
    if (binary->module)
        return hipSuccess;
    if (!binary->image)
        return hip_fail(missing, "the program registered a fat binary with an unknown header");
    const hipError_t code = hip_module_load_image(runtime, binary->image, "the program's fat binary", &binary->module);
    if (code == hipSuccess)
        bind_managed(binary);
    return code == hipErrorNoBinaryForGpu ? hip_recode(missing) : code;
}

hipError_t hip_registered_function(struct hip_runtime *runtime, const void *host, hipFunction_t *function)
{
    hipError_t code = hipSuccess;
    pthread_mutex_lock(&registry.lock);
    struct entry *entry = find(registry.functions, host);
    if (!entry)
        code = hip_fail(hipErrorInvalidDeviceFunction, "%p is not the address of a registered kernel", host);
    else
        code = need_module(runtime, entry->binary, hipErrorInvalidDeviceFunction);
    if (code == hipSuccess) {
        const struct co_object *object = &entry->binary->module->module->object;
        const struct co_kernel *kernel = co_object_find_kernel(object, entry->name);
        if (kernel)
            *function = &entry->binary->module->functions[kernel - object->kernels];
        else
            code = hip_fail(hipErrorInvalidDeviceFunction, "kernel %s is not in the program's code for gfx1151",
                            entry->name);
    }
    pthread_mutex_unlock(&registry.lock);
    return code;
}

hipError_t hip_registered_variable(struct hip_runtime *runtime, const void *host, void **address, size_t *bytes)
{
    hipError_t code = hipSuccess;
    pthread_mutex_lock(&registry.lock);
    struct entry *entry = find(registry.variables, host);
    if (!entry)
        code = hip_fail(hipErrorInvalidSymbol, "%p is not the address of a registered device variable", host);
    else
        code = need_module(runtime, entry->binary, hipErrorInvalidSymbol);
    if (code == hipSuccess) {
        const struct ihipModule_t *module = entry->binary->module;
        const struct co_symbol *symbol = co_object_find_symbol(&module->module->object, entry->name);
        if (symbol) {
            *address = module->module->image + symbol->address;
            *bytes = symbol->size;
        } else {
            code = hip_fail(hipErrorInvalidSymbol, "variable %s is not in the program's code for gfx1151", entry->name);
        }
    }
    pthread_mutex_unlock(&registry.lock);
    return code;
}

// Whether a function handle lives in a registered module. Used beside the list of loaded modules.
bool hip_registered_module_has(hipFunction_t function)
{
    bool found = false;
    pthread_mutex_lock(&registry.lock);
    for (const struct fat_binary *at = registry.binaries; at && !found; at = at->next)
        found = at->module && function >= at->module->functions &&
                function < at->module->functions + at->module->module->object.kernel_count;
    pthread_mutex_unlock(&registry.lock);
    return found;
}

HIP_EXPORT hipError_t hipGetSymbolAddress(void **address, const void *symbol)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    size_t bytes;
    if (!address)
        return hip_fail(hipErrorInvalidValue, "hipGetSymbolAddress: the result pointer is null");
    return hip_registered_variable(runtime, symbol, address, &bytes);
}

HIP_EXPORT hipError_t hipGetSymbolSize(size_t *bytes, const void *symbol)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    void *address;
    if (!bytes)
        return hip_fail(hipErrorInvalidValue, "hipGetSymbolSize: the result pointer is null");
    return hip_registered_variable(runtime, symbol, &address, bytes);
}

HIP_EXPORT hipError_t hipGetFuncBySymbol(hipFunction_t *function, const void *symbol);
HIP_EXPORT hipError_t hipGetFuncBySymbol(hipFunction_t *function, const void *symbol)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (!function)
        return hip_fail(hipErrorInvalidValue, "hipGetFuncBySymbol: the result pointer is null");
    return hip_registered_function(runtime, symbol, function);
}
