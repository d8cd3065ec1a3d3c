// Stream-ordered allocation and memory pools in a simple form: a pool keeps account of what was allocated from it and
// reserves nothing beyond, so that thresholds and reuse policies are stored and have no effect.
#include "runtime.h"

#include <stdlib.h>

struct ihipMemPoolHandle_t {
    uint64_t release_threshold, used, used_high;
    int reuse[3]; // hipMemPoolReuse*
    struct ihipMemPoolHandle_t *next;
};

struct pool_block {
    const void *pointer;
    uint64_t bytes;
    struct ihipMemPoolHandle_t *pool;
    struct pool_block *next;
};

// The device's own pool, there from the start and never destroyed.
static struct ihipMemPoolHandle_t default_pool = {.reuse = {1, 1, 1}};

// Takes the runtime's lock as held.
static bool is_live(const struct hip_runtime *runtime, hipMemPool_t pool)
{
    const struct ihipMemPoolHandle_t *at = runtime->pools;
    while (at && at != pool)
        at = at->next;
    return pool && (pool == &default_pool || at);
}

static hipError_t check_pool(struct hip_runtime *runtime, const char *call, hipMemPool_t pool)
{
    pthread_mutex_lock(&runtime->lock);
    const bool live = is_live(runtime, pool);
    pthread_mutex_unlock(&runtime->lock);
    return live ? hipSuccess
                : hip_fail(hipErrorInvalidValue, "%s: %p is no pool, or was destroyed", call, (void *)pool);
}

static hipError_t check_device(const char *call, int device, const void *out)
{
    if (device != 0)
        return hip_fail(hipErrorInvalidDevice, "%s: there is no device %d, only device 0", call, device);
    return out ? hipSuccess : hip_fail(hipErrorInvalidValue, "%s: a pointer is null", call);
}

void hip_pool_forget(struct hip_runtime *runtime, const void *pointer)
{
    pthread_mutex_lock(&runtime->lock);
    struct pool_block **at = &runtime->pool_blocks;
    while (*at && (*at)->pointer != pointer)
        at = &(*at)->next;
    struct pool_block *block = *at;
    if (block) {
        *at = block->next;
        block->pool->used -= block->bytes;
    }
    pthread_mutex_unlock(&runtime->lock);
    free(block);
}

static hipError_t allocate_from(const char *call, struct hip_runtime *runtime, void **pointer, size_t bytes,
                                hipMemPool_t pool, hipStream_t stream)
{
    hipError_t code = hip_check_stream(runtime, stream, call);
    struct pool_block *block = code == hipSuccess ? calloc(1, sizeof *block) : NULL;
    if (code == hipSuccess)
        code = block ? hip_allocate(call, pointer, bytes, EMU_RANGE_BUFFER)
                     : hip_fail(hipErrorOutOfMemory, "%s: out of memory", call);
    if (code != hipSuccess || bytes == 0) {
        free(block);
        return code;
    }
    pthread_mutex_lock(&runtime->lock);
    *block = (struct pool_block){*pointer, bytes, is_live(runtime, pool) ? pool : &default_pool, runtime->pool_blocks};
    runtime->pool_blocks = block;
    block->pool->used += bytes;
    if (block->pool->used > block->pool->used_high)
        block->pool->used_high = block->pool->used;
    pthread_mutex_unlock(&runtime->lock);
    return hipSuccess;
}

static hipMemPool_t current_pool(struct hip_runtime *runtime)
{
    pthread_mutex_lock(&runtime->lock);
    const hipMemPool_t pool = runtime->pool ? runtime->pool : &default_pool;
    pthread_mutex_unlock(&runtime->lock);
    return pool;
}

HIP_EXPORT hipError_t hipMallocAsync(void **pointer, size_t bytes, hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    return allocate_from(__func__, runtime, pointer, bytes, current_pool(runtime), stream);
}

HIP_EXPORT hipError_t hipMallocFromPoolAsync(void **pointer, size_t bytes, hipMemPool_t pool, hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = check_pool(runtime, __func__, pool);
    return code == hipSuccess ? allocate_from(__func__, runtime, pointer, bytes, pool, stream) : code;
}

HIP_EXPORT hipError_t hipDeviceGetDefaultMemPool(hipMemPool_t *pool, int device)
{
    const hipError_t code = check_device(__func__, device, pool);
    if (code == hipSuccess)
        *pool = &default_pool;
    return code;
}

HIP_EXPORT hipError_t hipDeviceGetMemPool(hipMemPool_t *pool, int device)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = check_device(__func__, device, pool);
    if (code == hipSuccess)
        *pool = current_pool(runtime);
    return code;
}

HIP_EXPORT hipError_t hipDeviceSetMemPool(int device, hipMemPool_t pool)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    hipError_t code = check_device(__func__, device, pool);
    if (code == hipSuccess)
        code = check_pool(runtime, __func__, pool);
    if (code != hipSuccess)
        return code;
    pthread_mutex_lock(&runtime->lock);
    runtime->pool = pool;
    pthread_mutex_unlock(&runtime->lock);
    return hipSuccess;
}

HIP_EXPORT hipError_t hipMemPoolCreate(hipMemPool_t *pool, const hipMemPoolProps *properties)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (!pool || !properties)
        return hip_fail(hipErrorInvalidValue, "hipMemPoolCreate: a pointer is null");
    if (properties->allocType != hipMemAllocationTypePinned || properties->location.type != hipMemLocationTypeDevice ||
        properties->location.id != 0)
        return hip_fail(hipErrorInvalidValue, "hipMemPoolCreate: pools are pinned memory of device 0");
    if (properties->handleTypes != hipMemHandleTypeNone)
        return hip_fail(hipErrorNotSupported, "hipMemPoolCreate: memory is not shared between processes");
    struct ihipMemPoolHandle_t *made = calloc(1, sizeof *made);
    if (!made)
        return hip_fail(hipErrorOutOfMemory, "hipMemPoolCreate: out of memory");
    *made = (struct ihipMemPoolHandle_t){.reuse = {1, 1, 1}};
    pthread_mutex_lock(&runtime->lock);
    made->next = runtime->pools;
    runtime->pools = made;
    pthread_mutex_unlock(&runtime->lock);
    *pool = made;
    return hipSuccess;
}

// What is still allocated from the pool stays valid until it is freed; the default pool accounts for it.
HIP_EXPORT hipError_t hipMemPoolDestroy(hipMemPool_t pool)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (pool == &default_pool)
        return hip_fail(hipErrorInvalidValue, "hipMemPoolDestroy: the default pool cannot be destroyed");
    pthread_mutex_lock(&runtime->lock);
    struct ihipMemPoolHandle_t **at = &runtime->pools;
    while (*at && *at != pool)
        at = &(*at)->next;
    struct ihipMemPoolHandle_t *found = pool ? *at : NULL;
    if (found) {
        *at = found->next;
        if (runtime->pool == found)
            runtime->pool = NULL;
        for (struct pool_block *block = runtime->pool_blocks; block; block = block->next)
            if (block->pool == found) {
                block->pool = &default_pool;
                default_pool.used += block->bytes;
            }
    }
    pthread_mutex_unlock(&runtime->lock);
    free(found);
    return found ? hipSuccess : hip_fail(hipErrorInvalidValue, "hipMemPoolDestroy: no such pool");
}

HIP_EXPORT hipError_t hipMemPoolTrimTo(hipMemPool_t pool, size_t bytes)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    (void)bytes; // nothing is kept that is not in use
    return check_pool(runtime, __func__, pool);
}

// Integers for the reuse policies, 64 bits for the rest.
static uint64_t *wide_attribute(hipMemPool_t pool, hipMemPoolAttr attribute)
{
    switch (attribute) {
    case hipMemPoolAttrReleaseThreshold: return &pool->release_threshold;
    case hipMemPoolAttrReservedMemCurrent:
    case hipMemPoolAttrUsedMemCurrent: return &pool->used;
    case hipMemPoolAttrReservedMemHigh:
    case hipMemPoolAttrUsedMemHigh: return &pool->used_high;
    default: return NULL;
    }
}

static int *narrow_attribute(hipMemPool_t pool, hipMemPoolAttr attribute)
{
    return attribute >= hipMemPoolReuseFollowEventDependencies && attribute <= hipMemPoolReuseAllowInternalDependencies
               ? &pool->reuse[attribute - hipMemPoolReuseFollowEventDependencies]
               : NULL;
}

HIP_EXPORT hipError_t hipMemPoolGetAttribute(hipMemPool_t pool, hipMemPoolAttr attribute, void *value)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = check_pool(runtime, __func__, pool);
    if (code != hipSuccess)
        return code;
    const int *narrow = narrow_attribute(pool, attribute);
    const uint64_t *wide = wide_attribute(pool, attribute);
    if (!value || (!narrow && !wide))
        return hip_fail(hipErrorInvalidValue, "hipMemPoolGetAttribute: a null result or attribute %d", (int)attribute);
    pthread_mutex_lock(&runtime->lock);
    if (narrow)
        *(int *)value = *narrow;
    else
        *(uint64_t *)value = *wide;
    pthread_mutex_unlock(&runtime->lock);
    return hipSuccess;
}

// The high marks can be reset to 0; what is in use cannot be set.
HIP_EXPORT hipError_t hipMemPoolSetAttribute(hipMemPool_t pool, hipMemPoolAttr attribute, void *value)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = check_pool(runtime, __func__, pool);
    if (code != hipSuccess)
        return code;
    int *narrow = narrow_attribute(pool, attribute);
    uint64_t *wide = wide_attribute(pool, attribute);
    const bool high = wide == &pool->used_high;
    if (!value || (!narrow && !wide) || wide == &pool->used || (high && *(uint64_t *)value != 0))
        return hip_fail(hipErrorInvalidValue, "hipMemPoolSetAttribute: attribute %d cannot be set so", (int)attribute);
    pthread_mutex_lock(&runtime->lock);
    if (narrow)
        *narrow = *(int *)value;
    else
        *wide = high ? pool->used : *(uint64_t *)value;
    pthread_mutex_unlock(&runtime->lock);
    return hipSuccess;
}

HIP_EXPORT hipError_t hipMemPoolSetAccess(hipMemPool_t pool, const hipMemAccessDesc *access, size_t count)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = check_pool(runtime, __func__, pool);
    if (code != hipSuccess)
        return code;
    if (!access && count)
        return hip_fail(hipErrorInvalidValue, "hipMemPoolSetAccess: the list is null");
    for (size_t i = 0; i < count; i++)
        if (access[i].location.id != 0 || access[i].flags != hipMemAccessFlagsProtReadWrite)
            return hip_fail(hipErrorInvalidValue, "hipMemPoolSetAccess: device 0 reads and writes, nothing else");
    return hipSuccess;
}

HIP_EXPORT hipError_t hipMemPoolGetAccess(hipMemAccessFlags *flags, hipMemPool_t pool, hipMemLocation *location)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = check_pool(runtime, __func__, pool);
    if (code != hipSuccess)
        return code;
    if (!flags || !location || location->id != 0)
        return hip_fail(hipErrorInvalidValue, "hipMemPoolGetAccess: a null pointer, or not device 0");
    *flags = hipMemAccessFlagsProtReadWrite;
    return hipSuccess;
}
