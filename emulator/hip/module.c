// Modules, their functions and variables (hipModule*).
#include "runtime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/file.h"

#define FILE_LIMIT_BYTES ((size_t)2 << 30)

// HIP's code for what is wrong with an image.
static hipError_t image_error(enum w4_status status)
{
    switch (status) {
    case W4_UNSUPPORTED: return hipErrorNoBinaryForGpu;
    case W4_MEMORY: return hipErrorOutOfMemory;
    default: return hipErrorInvalidImage;
    }
}

hipError_t hip_module_load(struct hip_runtime *runtime, const void *bytes, size_t size, const char *name,
                           struct ihipModule_t **out)
{
    struct w4_error error = {0};
    struct ihipModule_t *module = calloc(1, sizeof *module);
    if (!module)
        return hip_fail(hipErrorOutOfMemory, "%s: out of memory", name);
    enum w4_status status = emu_module_create(runtime->memory, bytes, size, name, &module->module, &error);
    if (status != W4_OK) {
        free(module);
        return hip_fail_with(image_error(status), &error);
    }
    const struct co_object *object = &module->module->object;
    module->functions = calloc(object->kernel_count ? object->kernel_count : 1, sizeof *module->functions);
    if (!module->functions) {
        hip_module_release(runtime, module);
        return hip_fail(hipErrorOutOfMemory, "%s: out of memory", name);
    }
    for (size_t i = 0; i < object->kernel_count; i++)
        module->functions[i] = (struct ihipModuleSymbol_t){module, &object->kernels[i]};
    *out = module;
    return hipSuccess;
}

hipError_t hip_module_load_image(struct hip_runtime *runtime, const void *image, const char *name,
                                 struct ihipModule_t **out)
{
    struct w4_error error = {0};
    uint8_t *bytes;
    size_t size;
    enum w4_status status = co_image_copy(image, name, &bytes, &size, &error);
    if (status != W4_OK)
        return hip_fail_with(image_error(status), &error);
    const hipError_t code = hip_module_load(runtime, bytes, size, name, out);
    free(bytes);
    return code;
}

void hip_module_release(struct hip_runtime *runtime, struct ihipModule_t *module)
{
    emu_module_destroy(runtime->memory, module->module);
    free(module->functions);
    free(module);
}

static void add_module(struct hip_runtime *runtime, struct ihipModule_t *module)
{
    pthread_mutex_lock(&runtime->lock);
    module->next = runtime->modules;
    runtime->modules = module;
    pthread_mutex_unlock(&runtime->lock);
}

static bool module_valid(struct hip_runtime *runtime, hipModule_t module)
{
    pthread_mutex_lock(&runtime->lock);
    const struct ihipModule_t *at = runtime->modules;
    while (at && at != module)
        at = at->next;
    pthread_mutex_unlock(&runtime->lock);
    return module && at;
}

// ROCm's codes: a null module is an invalid handle, one that is not loaded is not found (clr, hip_platform.cpp).
static hipError_t check_module(struct hip_runtime *runtime, const char *call, hipModule_t module)
{
    if (!module)
        return hip_fail(hipErrorInvalidHandle, "%s: the module is null", call);
    return module_valid(runtime, module)
               ? hipSuccess
               : hip_fail(hipErrorNotFound, "%s: %p is no module, or was unloaded", call, (void *)module);
}

HIP_EXPORT hipError_t hipModuleLoadData(hipModule_t *module, const void *image)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (!module || !image)
        return hip_fail(hipErrorInvalidValue, "hipModuleLoadData: a pointer is null");
    struct ihipModule_t *made;
    const hipError_t code = hip_module_load_image(runtime, image, "hipModuleLoadData", &made);
    if (code != hipSuccess)
        return code;
    add_module(runtime, made);
    *module = made;
    return hipSuccess;
}

HIP_ALIAS(hipModuleLoadData, hipModuleLoadFatBinary);

// The options steer a JIT compiler, which code objects do not need.
HIP_EXPORT hipError_t hipModuleLoadDataEx(hipModule_t *module, const void *image, unsigned int count,
                                          hipJitOption *options, void **values)
{
    (void)count;
    (void)options;
    (void)values;
    return hipModuleLoadData(module, image);
}

HIP_EXPORT hipError_t hipModuleLoad(hipModule_t *module, const char *path)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    struct w4_error error = {0};
    struct ihipModule_t *made;
    char *data;
    size_t size;
    if (!module || !path)
        return hip_fail(hipErrorInvalidValue, "hipModuleLoad: a pointer is null");
    if (w4_file_read(path, FILE_LIMIT_BYTES, &data, &size, &error) != W4_OK)
        return hip_fail_with(hipErrorFileNotFound, &error);
    const hipError_t code = hip_module_load(runtime, data, size, path, &made);
    free(data);
    if (code != hipSuccess)
        return code;
    add_module(runtime, made);
    *module = made;
    return hipSuccess;
}

HIP_EXPORT hipError_t hipModuleUnload(hipModule_t module)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    pthread_mutex_lock(&runtime->launch_lock);
    pthread_mutex_lock(&runtime->lock);
    struct ihipModule_t **at = &runtime->modules;
    while (*at && *at != module)
        at = &(*at)->next;
    struct ihipModule_t *found = module ? *at : NULL;
    if (found)
        *at = found->next;
    pthread_mutex_unlock(&runtime->lock);
    if (found)
        hip_module_release(runtime, found);
    pthread_mutex_unlock(&runtime->launch_lock);
    if (found)
        return hipSuccess;
    return hip_fail(module ? hipErrorNotFound : hipErrorInvalidHandle, "hipModuleUnload: no such module");
}

HIP_EXPORT hipError_t hipModuleGetFunction(hipFunction_t *function, hipModule_t module, const char *name)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (!function || !name || !*name)
        return hip_fail(hipErrorInvalidValue, "hipModuleGetFunction: a pointer is null, or the name is empty");
    const hipError_t code = check_module(runtime, __func__, module);
    if (code != hipSuccess)
        return code;
    const struct co_object *object = &module->module->object;
    const struct co_kernel *kernel = co_object_find_kernel(object, name);
    if (!kernel)
        return hip_fail(hipErrorNotFound, "%s: no kernel %s among %zu (is it extern \"C\"?)", module->module->name,
                        name, object->kernel_count);
    *function = &module->functions[kernel - object->kernels];
    return hipSuccess;
}

HIP_EXPORT hipError_t hipModuleGetGlobal(hipDeviceptr_t *address, size_t *bytes, hipModule_t module, const char *name)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if ((!address && !bytes) || !name || !*name)
        return hip_fail(hipErrorInvalidValue, "hipModuleGetGlobal: a pointer is null, or the name is empty");
    const hipError_t code = check_module(runtime, __func__, module);
    if (code != hipSuccess)
        return code;
    const struct co_symbol *symbol = co_object_find_symbol(&module->module->object, name);
    if (!symbol || symbol->function)
        return hip_fail(hipErrorNotFound, "%s: no variable %s", module->module->name, name);
    if (address)
        *address = module->module->image + symbol->address;
    if (bytes)
        *bytes = symbol->size;
    return hipSuccess;
}

HIP_EXPORT hipError_t hipModuleGetFunctionCount(unsigned int *count, hipModule_t module);
HIP_EXPORT hipError_t hipModuleGetFunctionCount(unsigned int *count, hipModule_t module)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (!count)
        return hip_fail(hipErrorInvalidValue, "hipModuleGetFunctionCount: the result pointer is null");
    const hipError_t code = check_module(runtime, __func__, module);
    if (code == hipSuccess)
        *count = (unsigned int)module->module->object.kernel_count;
    return code;
}
