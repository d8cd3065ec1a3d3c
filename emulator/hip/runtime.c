// The process's emulated device, and the error state of each thread.
#include "runtime.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unsupported.h"

static struct hip_runtime the_runtime;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static _Thread_local struct {
    hipError_t last, pending;
    char message[768];
} thread_error;

static void create(void)
{
    struct hip_runtime *runtime = &the_runtime;
    pthread_mutex_init(&runtime->lock, NULL);
    pthread_mutex_init(&runtime->launch_lock, NULL);
    atomic_store(&runtime->clock_mhz, EMU_CLOCK_MHZ);
    runtime->timing = emu_timing_defaults;
    runtime->memory = emu_memory_create(HIP_MEMORY_BYTES);
}

struct hip_runtime *hip_runtime_get(void)
{
    pthread_once(&once, create);
    if (the_runtime.memory)
        return &the_runtime;
    (void)hip_fail(hipErrorOutOfMemory, "out of memory for the emulated device");
    return NULL;
}

hipError_t hip_fail(hipError_t code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(thread_error.message, sizeof thread_error.message, format, arguments);
    va_end(arguments);
    thread_error.last = code;
    return code;
}

hipError_t hip_fail_with(hipError_t code, const struct w4_error *error)
{
    return hip_fail(code, "%s", error->message);
}

hipError_t hip_recode(hipError_t code)
{
    thread_error.last = code;
    return code;
}

int hip_not_supported(const char *call, const char *why)
{
    return (int)hip_fail(hipErrorNotSupported, "%s: %s", call, why);
}

const char *hip_last_message(void)
{
    return thread_error.message;
}

void hip_set_pending(hipError_t code)
{
    thread_error.pending = code;
}

hipError_t hip_take_pending(void)
{
    const hipError_t code = thread_error.pending;
    thread_error.pending = hipSuccess;
    if (code != hipSuccess)
        thread_error.last = code;
    return code;
}

HIP_EXPORT hipError_t hipGetLastError(void)
{
    const hipError_t code = thread_error.last;
    thread_error.last = hipSuccess;
    return code;
}

HIP_EXPORT hipError_t hipPeekAtLastError(void)
{
    return thread_error.last;
}

// HIP 6: the same, before hipGetLastError's meaning changed. Here it has had the newer one all along.
HIP_EXPORT hipError_t hipExtGetLastError(void);
HIP_EXPORT hipError_t hipExtGetLastError(void)
{
    return hipGetLastError();
}
