// The HIP front's state and what its files share: the process's one emulated device, handles, errors.
#ifndef EMU_HIP_RUNTIME_H
#define EMU_HIP_RUNTIME_H

#include <hip/hip_runtime_api.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "../launch.h"
#include "extras.h"

#define HIP_EXPORT __attribute__((visibility("default")))

// Reported memory of the device, GiB; what the host really has is found out by allocating.
#define HIP_MEMORY_BYTES (UINT64_C(64) << 30)

// A second name for a function: the variants "_spt" (every thread's default stream is like any other here) and C++
// names.
#define HIP_ALIAS(function, other)                                                                                     \
    HIP_EXPORT extern __typeof__(function) other;                                                                      \
    HIP_EXPORT extern __typeof__(function) other __attribute__((alias(#function)))

// Handles. Programs hold pointers to them; each is in a list of live ones, so that a stale or wild handle is an error
// code and never followed.
struct ihipModuleSymbol_t { // hipFunction_t
    struct ihipModule_t *module;
    const struct co_kernel *kernel;
};
struct ihipModule_t {
    struct emu_module *module;
    struct ihipModuleSymbol_t *functions; // one a kernel
    struct ihipModule_t *next;
};
struct ihipStream_t {
    unsigned flags;
    int priority;
    struct ihipStream_t *next;
};
struct ihipEvent_t {
    unsigned flags;
    bool recorded;
    double time_ms; // modelled device time
    struct ihipEvent_t *next;
};

// HIP's API is a process-wide device without a handle, so this is the one mutable global of the front.
struct hip_runtime {
    struct emu_memory *memory;
    pthread_mutex_t lock;         // of the lists below
    pthread_mutex_t launch_lock;  // one launch at a time; frees and unloads wait for it
    struct ihipModule_t *modules; // hipModuleLoad's
    struct ihipStream_t *streams;
    struct ihipEvent_t *events;
    struct ihipMemPoolHandle_t *pools; // hipMemPoolCreate's
    struct pool_block *pool_blocks;    // live allocations from any pool
    struct ihipMemPoolHandle_t *pool;  // hipMallocAsync's; NULL: the default one
    double device_ms;                  // modelled device time: the sum of launches so far
    // The last completed launch.
    struct emu_launch_report report;
    uint64_t *ids;
    bool launched;
    char *profiles[EMU_PROFILE_FORMS]; // NULL: that launch was not profiled
    // Settings (extras.h).
    _Atomic uint64_t sample;
    atomic_uint threads;
    _Atomic double clock_mhz;
    atomic_uint model;               // enum emu_model
    struct emu_timing_params timing; // guarded by `launch_lock`
    atomic_int profile;              // emuSetProfile
    atomic_int cancel;
    atomic_uint device_flags; // hipSetDeviceFlags
};

// The runtime, made on first use; NULL (and an error recorded) when memory is short.
struct hip_runtime *hip_runtime_get(void);

// Records a failure of this thread: its code for hipGetLastError, its reason for emuGetLastMessage. Returns the code.
hipError_t hip_fail(hipError_t code, const char *format, ...) __attribute__((format(printf, 2, 3)));
// The same with the message of a failed emulator call.
hipError_t hip_fail_with(hipError_t code, const struct w4_error *error);
// The thread's last failure under another code.
hipError_t hip_recode(hipError_t code);
const char *hip_last_message(void);

// Failures of `<<< >>>` launches, whose return value nobody sees, are also returned by the thread's next
// synchronising call, as on a GPU.
void hip_set_pending(hipError_t code);
hipError_t hip_take_pending(void);

#define HIP_RUNTIME_OR_RETURN(runtime)                                                                                 \
    struct hip_runtime *runtime = hip_runtime_get();                                                                   \
    if (!runtime)                                                                                                      \
    return hipErrorOutOfMemory

// Live handles. The default streams (null, legacy, per thread) are valid.
bool hip_stream_valid(struct hip_runtime *runtime, hipStream_t stream);
bool hip_event_valid(struct hip_runtime *runtime, hipEvent_t event);
hipError_t hip_check_stream(struct hip_runtime *runtime, hipStream_t stream, const char *call);
bool hip_function_valid(struct hip_runtime *runtime, hipFunction_t function);

// The kernel or variable behind a host address that a compiled program registered; loads its code object on first use.
hipError_t hip_registered_function(struct hip_runtime *runtime, const void *host, hipFunction_t *function);
hipError_t hip_registered_variable(struct hip_runtime *runtime, const void *host, void **address, size_t *bytes);

// Loads a code object of known size, or one that a program points at. Not in the list of modules.
hipError_t hip_module_load(struct hip_runtime *runtime, const void *bytes, size_t size, const char *name,
                           struct ihipModule_t **out);
hipError_t hip_module_load_image(struct hip_runtime *runtime, const void *image, const char *name,
                                 struct ihipModule_t **out);
void hip_module_release(struct hip_runtime *runtime, struct ihipModule_t *module);

// A launch: grid in work-items. Exactly one of `params` (an address an argument) and `extra` (HIP's buffer form) is
// given, or neither when the kernel takes no arguments.
struct hip_launch_request {
    hipFunction_t function;
    uint64_t grid[3];
    uint32_t block[3];
    size_t dynamic_lds_bytes;
    hipStream_t stream;
    void **params, **extra;
    hipEvent_t start, stop; // recorded around the launch when not null
    bool cooperative;       // all workgroups run at the same time
};
hipError_t hip_launch(struct hip_runtime *runtime, const struct hip_launch_request *request);

// profiling.c: drops the last launch's profile; renders and keeps this one's.
struct emu_profile;
void hip_profile_forget(struct hip_runtime *runtime);
enum w4_status hip_profile_keep(struct hip_runtime *runtime, struct emu_profile *profile,
                                const struct emu_launch_params *params, const struct emu_launch_result *result,
                                struct w4_error *error);

// Workgroups of `block_size` work-items that a multiprocessor (a WGP, as HIP counts them here) holds.
hipError_t hip_active_blocks(struct hip_runtime *runtime, const char *call, int *count, hipFunction_t function,
                             int block_size, size_t dynamic_lds_bytes);

// Allocates or frees with HIP's codes.
hipError_t hip_allocate(const char *call, void **out, size_t bytes, enum emu_range_kind kind);
// Pools keep account of what was allocated from them; a free of other memory is none of their concern.
void hip_pool_forget(struct hip_runtime *runtime, const void *pointer);

// The value of hipMemoryTypeHost for the program's headers; hipMemoryTypeDevice follows. HIP 6 inserted "unregistered".
int hip_memory_type_host(void);

// Checks both ends of a copy against its kind.
hipError_t hip_check_copy(struct hip_runtime *runtime, const char *call, const void *to, const void *from,
                          size_t to_bytes, size_t from_bytes, hipMemcpyKind kind);
// Checks [pointer, pointer + bytes): device memory must be live and large enough; other addresses are the host's, which
// is not allowed when `device` asks for device memory.
hipError_t hip_check_range(struct hip_runtime *runtime, const char *call, const void *pointer, size_t bytes,
                           bool device);

#endif
