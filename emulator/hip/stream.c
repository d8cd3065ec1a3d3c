// Streams and events. Work runs when it is enqueued, so that every order that streams and events ask for holds; an
// event's time is the modelled device time at its record.
#include "runtime.h"

#include <stdlib.h>

#include "facts.h"

static bool default_stream(hipStream_t stream)
{
    // null, and the handles that later headers define: hipStreamLegacy 1, hipStreamPerThread 2
    return (uintptr_t)stream <= 2;
}

bool hip_stream_valid(struct hip_runtime *runtime, hipStream_t stream)
{
    if (default_stream(stream))
        return true;
    pthread_mutex_lock(&runtime->lock);
    const struct ihipStream_t *at = runtime->streams;
    while (at && at != stream)
        at = at->next;
    pthread_mutex_unlock(&runtime->lock);
    return at != NULL;
}

bool hip_event_valid(struct hip_runtime *runtime, hipEvent_t event)
{
    pthread_mutex_lock(&runtime->lock);
    const struct ihipEvent_t *at = runtime->events;
    while (at && at != event)
        at = at->next;
    pthread_mutex_unlock(&runtime->lock);
    return event && at;
}

hipError_t hip_check_stream(struct hip_runtime *runtime, hipStream_t stream, const char *call)
{
    return hip_stream_valid(runtime, stream)
               ? hipSuccess
               : hip_fail(hipErrorInvalidHandle, "%s: %p is no stream, or was destroyed", call, (void *)stream);
}

static hipError_t check_event(struct hip_runtime *runtime, hipEvent_t event, const char *call)
{
    return hip_event_valid(runtime, event)
               ? hipSuccess
               : hip_fail(hipErrorInvalidHandle, "%s: %p is no event, or was destroyed", call, (void *)event);
}

HIP_EXPORT hipError_t hipStreamCreateWithPriority(hipStream_t *stream, unsigned int flags, int priority)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (!stream || (flags != hipStreamDefault && flags != hipStreamNonBlocking))
        return hip_fail(hipErrorInvalidValue, "hipStreamCreate: a null result pointer or flags 0x%x", flags);
    struct ihipStream_t *made = calloc(1, sizeof *made);
    if (!made)
        return hip_fail(hipErrorOutOfMemory, "hipStreamCreate: out of memory");
    made->flags = flags;
    made->priority = priority < -1 ? -1 : priority > 1 ? 1 : priority;
    pthread_mutex_lock(&runtime->lock);
    made->next = runtime->streams;
    runtime->streams = made;
    pthread_mutex_unlock(&runtime->lock);
    *stream = made;
    return hipSuccess;
}

HIP_EXPORT hipError_t hipStreamCreateWithFlags(hipStream_t *stream, unsigned int flags)
{
    return hipStreamCreateWithPriority(stream, flags, 0);
}

HIP_EXPORT hipError_t hipStreamCreate(hipStream_t *stream)
{
    return hipStreamCreateWithPriority(stream, hipStreamDefault, 0);
}

HIP_EXPORT hipError_t hipDeviceGetStreamPriorityRange(int *least, int *greatest)
{
    if (least)
        *least = 1;
    if (greatest)
        *greatest = -1;
    return hipSuccess;
}

HIP_EXPORT hipError_t hipStreamDestroy(hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (default_stream(stream))
        return hip_fail(hipErrorInvalidHandle, "hipStreamDestroy: a default stream cannot be destroyed");
    pthread_mutex_lock(&runtime->lock);
    struct ihipStream_t **at = &runtime->streams;
    while (*at && *at != stream)
        at = &(*at)->next;
    struct ihipStream_t *found = *at;
    if (found)
        *at = found->next;
    pthread_mutex_unlock(&runtime->lock);
    free(found);
    return found ? hipSuccess : hip_fail(hipErrorInvalidHandle, "hipStreamDestroy: no such stream");
}

HIP_EXPORT hipError_t hipStreamQuery(hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    return hip_check_stream(runtime, stream, __func__);
}
HIP_ALIAS(hipStreamQuery, hipStreamQuery_spt);

HIP_EXPORT hipError_t hipStreamSynchronize(hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    return code == hipSuccess ? hip_take_pending() : code;
}
HIP_ALIAS(hipStreamSynchronize, hipStreamSynchronize_spt);

HIP_EXPORT hipError_t hipStreamWaitEvent(hipStream_t stream, hipEvent_t event, unsigned int flags)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (flags != 0)
        return hip_fail(hipErrorInvalidValue, "hipStreamWaitEvent: flags 0x%x", flags);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    return code == hipSuccess ? check_event(runtime, event, __func__) : code;
}
HIP_ALIAS(hipStreamWaitEvent, hipStreamWaitEvent_spt);

HIP_EXPORT hipError_t hipStreamGetFlags(hipStream_t stream, unsigned int *flags)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    if (code != hipSuccess)
        return code;
    if (!flags)
        return hip_fail(hipErrorInvalidValue, "hipStreamGetFlags: the result pointer is null");
    *flags = default_stream(stream) ? hipStreamDefault : stream->flags;
    return hipSuccess;
}
HIP_ALIAS(hipStreamGetFlags, hipStreamGetFlags_spt);

HIP_EXPORT hipError_t hipStreamGetPriority(hipStream_t stream, int *priority)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    if (code != hipSuccess)
        return code;
    if (!priority)
        return hip_fail(hipErrorInvalidValue, "hipStreamGetPriority: the result pointer is null");
    *priority = default_stream(stream) ? 0 : stream->priority;
    return hipSuccess;
}
HIP_ALIAS(hipStreamGetPriority, hipStreamGetPriority_spt);

// Everything before it has run: the callback runs now, on the caller's thread.
HIP_EXPORT hipError_t hipStreamAddCallback(hipStream_t stream, hipStreamCallback_t callback, void *data,
                                           unsigned int flags)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    if (code != hipSuccess)
        return code;
    if (!callback || flags != 0)
        return hip_fail(hipErrorInvalidValue, "hipStreamAddCallback: a null callback or flags 0x%x", flags);
    callback(stream, hipSuccess, data);
    return hipSuccess;
}
HIP_ALIAS(hipStreamAddCallback, hipStreamAddCallback_spt);

HIP_EXPORT hipError_t hipLaunchHostFunc(hipStream_t stream, hipHostFn_t function, void *data)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    if (code != hipSuccess)
        return code;
    if (!function)
        return hip_fail(hipErrorInvalidValue, "hipLaunchHostFunc: the function is null");
    function(data);
    return hipSuccess;
}
HIP_ALIAS(hipLaunchHostFunc, hipLaunchHostFunc_spt);

// What ROCm accepts: known flags, at most one about release, events between processes without timing.
static bool event_flags_valid(unsigned flags)
{
    enum { DISABLE_SYSTEM_FENCE = 0x20000000 }; // HIP 5.5
    const unsigned release = (unsigned)hipEventReleaseToDevice | hipEventReleaseToSystem | DISABLE_SYSTEM_FENCE;
    const unsigned known = release | hipEventBlockingSync | hipEventDisableTiming | hipEventInterprocess;
    const unsigned asked = flags & release;
    return !(flags & ~known) && !(asked & (asked - 1)) &&
           (!(flags & hipEventInterprocess) || flags & hipEventDisableTiming);
}

HIP_EXPORT hipError_t hipEventCreateWithFlags(hipEvent_t *event, unsigned flags)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    if (!event)
        return hip_fail(hipErrorInvalidValue, "hipEventCreate: the result pointer is null");
    if (!event_flags_valid(flags))
        return hip_fail(hipErrorInvalidValue, "hipEventCreate: flags 0x%x", flags);
    struct ihipEvent_t *made = calloc(1, sizeof *made);
    if (!made)
        return hip_fail(hipErrorOutOfMemory, "hipEventCreate: out of memory");
    made->flags = flags;
    pthread_mutex_lock(&runtime->lock);
    made->next = runtime->events;
    runtime->events = made;
    pthread_mutex_unlock(&runtime->lock);
    *event = made;
    return hipSuccess;
}

HIP_EXPORT hipError_t hipEventCreate(hipEvent_t *event)
{
    return hipEventCreateWithFlags(event, hipEventDefault);
}

HIP_EXPORT hipError_t hipEventDestroy(hipEvent_t event)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    pthread_mutex_lock(&runtime->lock);
    struct ihipEvent_t **at = &runtime->events;
    while (*at && *at != event)
        at = &(*at)->next;
    struct ihipEvent_t *found = *at;
    if (found)
        *at = found->next;
    pthread_mutex_unlock(&runtime->lock);
    free(found);
    if (found)
        return hipSuccess;
    return hip_fail(event ? hipErrorContextIsDestroyed : hipErrorInvalidHandle, "hipEventDestroy: no such event");
}

HIP_EXPORT hipError_t hipEventRecord(hipEvent_t event, hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    hipError_t code = check_event(runtime, event, __func__);
    if (code == hipSuccess)
        code = hip_check_stream(runtime, stream, __func__);
    if (code != hipSuccess)
        return code;
    pthread_mutex_lock(&runtime->lock);
    event->recorded = true;
    event->time_ms = runtime->device_ms;
    pthread_mutex_unlock(&runtime->lock);
    return hipSuccess;
}
HIP_ALIAS(hipEventRecord, hipEventRecord_spt);

HIP_EXPORT hipError_t hipEventRecordWithFlags(hipEvent_t event, hipStream_t stream, unsigned int flags);
HIP_EXPORT hipError_t hipEventRecordWithFlags(hipEvent_t event, hipStream_t stream, unsigned int flags)
{
    if (flags > 1) // default, external
        return hip_fail(hipErrorInvalidValue, "hipEventRecordWithFlags: flags 0x%x", flags);
    return hipEventRecord(event, stream);
}

HIP_EXPORT hipError_t hipEventSynchronize(hipEvent_t event)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = check_event(runtime, event, __func__);
    return code == hipSuccess ? hip_take_pending() : code;
}

HIP_EXPORT hipError_t hipEventQuery(hipEvent_t event)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    return check_event(runtime, event, __func__);
}

HIP_EXPORT hipError_t hipEventElapsedTime(float *ms, hipEvent_t start, hipEvent_t stop)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    hipError_t code = check_event(runtime, start, __func__);
    if (code == hipSuccess)
        code = check_event(runtime, stop, __func__);
    if (code != hipSuccess)
        return code;
    if (!ms)
        return hip_fail(hipErrorInvalidValue, "hipEventElapsedTime: the result pointer is null");
    if (!start->recorded || !stop->recorded || (start->flags | stop->flags) & hipEventDisableTiming)
        return hip_fail(hipErrorInvalidHandle, "hipEventElapsedTime: an event was not recorded, or without timing");
    *ms = (float)(stop->time_ms - start->time_ms);
    return hipSuccess;
}

// Streams that capture launches do not exist (graphs are not emulated): asking is fine.
HIP_EXPORT hipError_t hipStreamIsCapturing(hipStream_t stream, hipStreamCaptureStatus *status)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    if (code != hipSuccess)
        return code;
    if (!status)
        return hip_fail(hipErrorInvalidValue, "hipStreamIsCapturing: the result pointer is null");
    *status = hipStreamCaptureStatusNone;
    return hipSuccess;
}
HIP_ALIAS(hipStreamIsCapturing, hipStreamIsCapturing_spt);

HIP_EXPORT hipError_t hipStreamGetCaptureInfo(hipStream_t stream, hipStreamCaptureStatus *status,
                                              unsigned long long *id)
{
    if (id)
        *id = 0;
    return hipStreamIsCapturing(stream, status);
}
HIP_ALIAS(hipStreamGetCaptureInfo, hipStreamGetCaptureInfo_spt);

HIP_EXPORT hipError_t hipStreamGetDevice(hipStream_t stream, hipDevice_t *device);
HIP_EXPORT hipError_t hipStreamGetDevice(hipStream_t stream, hipDevice_t *device)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    return code == hipSuccess ? hipGetDevice(device) : code;
}

// Which compute units may run a stream's work: a hint about time that results do not depend on.
HIP_EXPORT hipError_t hipExtStreamCreateWithCUMask(hipStream_t *stream, uint32_t words, const uint32_t *mask)
{
    if (!mask || words == 0)
        return hip_fail(hipErrorInvalidValue, "hipExtStreamCreateWithCUMask: an empty mask");
    return hipStreamCreate(stream);
}

HIP_EXPORT hipError_t hipExtStreamGetCUMask(hipStream_t stream, uint32_t words, uint32_t *mask)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    const hipError_t code = hip_check_stream(runtime, stream, __func__);
    if (code != hipSuccess)
        return code;
    if (!mask || words == 0)
        return hip_fail(hipErrorInvalidValue, "hipExtStreamGetCUMask: no room for the mask");
    for (uint32_t i = 0; i < words; i++) // two compute units a WGP
        mask[i] = i == 0 ? UINT32_MAX : i == 1 ? (1u << (2 * FACT_MULTIPROCESSORS - 32)) - 1 : 0;
    return hipSuccess;
}
