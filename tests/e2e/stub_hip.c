// A stand-in for a HIP runtime, in host memory: exports the symbols that w4bench looks up, computes the W4A16 product
// with plain loops, and misbehaves as the environment variable W4_STUB says. With STUB_MEASURED it has no extras, like
// a runtime with a real GPU behind it, and its launches take a thousand times as long on a clock of its own, which the
// environment scripts (stub_time.h). A launch is computed when its result is looked at, so that the thousands of a
// warm-up cost nothing. It takes tile, type and group size from the kernel's name
// ("w4_prefill_16x32x64_w1_u1_fp16_g128_sym") and shares no code with the suite but the argument block.
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <hip/hip_runtime_api.h>

#include "../../emulator/hip/extras.h"
#include "../../kernels/abi.h"
#include "../../kernels/anchor.h"
#include "stub_time.h"

#define EXPORT __attribute__((visibility("default")))

#ifdef STUB_MEASURED
enum { WORKGROUPS_MAX = 65536, TIME_SCALE = 1000 };
#else
enum { WORKGROUPS_MAX = 65536, TIME_SCALE = 1 };
#endif

// A code object whose e_entry is N makes its kernels N per mille slower.
struct module {
    void *functions; // a list through its first word, as the module itself is
    Elf64_Ehdr header;
};

struct function {
    double slowdown;
    char anchor; // 'w', 'b' or 0
    int bm, bn;
    int group;
    bool bf16, zero_point;
};

// A provider is process-wide by its nature: HIP's API has no handle for the runtime.
static struct {
    uint64_t sample;
    uint64_t ids[WORKGROUPS_MAX];
    uint64_t id_count, workgroups;
    double clock_mhz, milliseconds;
    bool lost;
    int launches;
    struct stub_time time;
    bool pending; // the launch below is not computed yet
    const struct function *function;
    struct w4_gemm_args args;
    unsigned gx;
    volatile sig_atomic_t cancelled;
} state = {.clock_mhz = 2900};

static bool misbehaves(const char *how)
{
    const char *wanted = getenv("W4_STUB");
    return wanted && strcmp(wanted, how) == 0;
}

EXPORT hipError_t hipInit(unsigned flags)
{
    return flags ? hipErrorInvalidValue : hipSuccess;
}

EXPORT hipError_t hipGetDeviceCount(int *count)
{
    *count = misbehaves("no_device") ? 0 : 1;
    return *count ? hipSuccess : hipErrorNoDevice;
}

EXPORT hipError_t hipSetDevice(int device)
{
    return device == 0 ? hipSuccess : hipErrorInvalidValue;
}

// Offsets of hipDeviceProp_tR0600 as the ROCm 6 headers have them.
hipError_t hipGetDevicePropertiesR0600(void *properties, int device); // not in the headers of HIP 5
EXPORT hipError_t hipGetDevicePropertiesR0600(void *properties, int device)
{
    unsigned char *bytes = properties;
    const uint64_t memory_bytes = UINT64_C(1) << 33;
    const int multiprocessors = 20;
    if (device != 0)
        return hipErrorInvalidValue;
    strcpy((char *)bytes, "Stub");
    memcpy(bytes + 288, &memory_bytes, sizeof(memory_bytes));
    memcpy(bytes + 388, &multiprocessors, sizeof(multiprocessors));
    strcpy((char *)bytes + 1160, misbehaves("other_arch") ? "gfx90a" : "gfx1151:xnack-");
    return hipSuccess;
}

EXPORT hipError_t hipDriverGetVersion(int *version)
{
    *version = 60400000;
    return hipSuccess;
}

EXPORT hipError_t hipRuntimeGetVersion(int *version)
{
    *version = 60400000;
    return hipSuccess;
}

EXPORT const char *hipGetErrorString(hipError_t error)
{
    switch (error) {
    case hipSuccess: return "no error";
    case hipErrorOutOfMemory: return "out of memory";
    case hipErrorNoDevice: return "no ROCm-capable device is detected";
    case hipErrorLaunchFailure: return "unspecified launch failure";
    default: return "invalid argument";
    }
}

static void compute_pending(void);

EXPORT hipError_t hipMalloc(void **address, size_t bytes)
{
    *address = NULL;
    if (state.lost)
        return hipErrorLaunchFailure;
    if (misbehaves("malloc_fails") || (double)bytes > stub_environment("W4_STUB_MEMORY", 1e18))
        return hipErrorOutOfMemory;
    *address = malloc(bytes);
    return *address ? hipSuccess : hipErrorOutOfMemory;
}

EXPORT hipError_t hipFree(void *address)
{
    compute_pending();
    free(address);
    return hipSuccess;
}

EXPORT hipError_t hipMemcpy(void *to, const void *from, size_t bytes, hipMemcpyKind kind)
{
    (void)kind;
    if (state.lost)
        return hipErrorLaunchFailure;
    compute_pending();
    memcpy(to, from, bytes);
    return hipSuccess;
}

EXPORT hipError_t hipMemset(void *address, int value, size_t bytes)
{
    compute_pending();
    memset(address, value, bytes);
    return hipSuccess;
}

EXPORT hipError_t hipModuleLoadData(hipModule_t *module, const void *image)
{
    *module = NULL;
    if (misbehaves("foreign_object"))
        return hipErrorInvalidValue;
    if (!image)
        return hipErrorInvalidValue;
    struct module *loaded = calloc(1, sizeof(*loaded));
    if (!loaded)
        return hipErrorOutOfMemory;
    memcpy(&loaded->header, image, sizeof(loaded->header));
    *module = (hipModule_t)loaded;
    return hipSuccess;
}

EXPORT hipError_t hipModuleUnload(hipModule_t module)
{
    // Functions are owned by the module: a list through its first word.
    void **node = (void **)module;
    while (node) {
        void **next = *node;
        free(node);
        node = next;
    }
    return hipSuccess;
}

// Reads the number behind `prefix` and moves on; false when the text is another.
static bool skip_number(const char **text, const char *prefix, int *number)
{
    char *end = NULL;
    if (strncmp(*text, prefix, strlen(prefix)) != 0)
        return false;
    long value = strtol(*text + strlen(prefix), &end, 10);
    *number = (int)value;
    *text = end;
    return value > 0 && value < 4096;
}

static bool parse_name(const char *name, struct function *function)
{
    int ignored = 0;
    function->anchor = strcmp(name, "w4_anchor_wmma") == 0 ? 'w' : strcmp(name, "w4_anchor_bandwidth") == 0 ? 'b' : 0;
    if (function->anchor)
        return true;
    if (!skip_number(&name, "w4_prefill_", &function->bm) || !skip_number(&name, "x", &function->bn) ||
        !skip_number(&name, "x", &ignored) || !skip_number(&name, "_w", &ignored) ||
        !skip_number(&name, "_u", &ignored))
        return false;
    function->bf16 = strncmp(name, "_bf16", 5) == 0;
    name += 5;
    if (!skip_number(&name, "_g", &function->group))
        return false;
    function->zero_point = strcmp(name, "_zp") == 0;
    return true;
}

EXPORT hipError_t hipModuleGetFunction(hipFunction_t *out, hipModule_t module, const char *name)
{
    struct {
        void *next;
        struct function function;
    } *node = calloc(1, sizeof(*node));
    *out = NULL;
    if (!node)
        return hipErrorOutOfMemory;
    if (!parse_name(name, &node->function)) {
        free(node);
        return hipErrorNotFound;
    }
    node->function.slowdown = 1 + (double)((struct module *)module)->header.e_entry / 1000;
    void **list = (void **)module;
    node->next = *list;
    *list = node;
    *out = (hipFunction_t)&node->function;
    return hipSuccess;
}

static float widen(bool bf16, uint16_t bits)
{
    float value = 0;
    if (bf16) {
        uint32_t wide = (uint32_t)bits << 16;
        memcpy(&value, &wide, sizeof(value));
        return value;
    }
    _Float16 half;
    memcpy(&half, &bits, sizeof(half));
    return (float)half;
}

static uint16_t narrow(bool bf16, float value)
{
    uint16_t bits = 0;
    uint32_t wide = 0;
    if (bf16) {
        memcpy(&wide, &value, sizeof(wide));
        return (uint16_t)((wide + 0x7fff + ((wide >> 16) & 1)) >> 16);
    }
    _Float16 half = (_Float16)value;
    memcpy(&bits, &half, sizeof(bits));
    return bits;
}

static float element(const struct function *function, const struct w4_gemm_args *args, uint32_t m, uint32_t n)
{
    static const int shifts[8] = {0, 16, 4, 20, 8, 24, 12, 28};
    const uint16_t *a = (const uint16_t *)(uintptr_t)args->a + (size_t)m * args->a_pitch;
    const uint32_t *w = (const uint32_t *)(uintptr_t)args->w + (size_t)n * args->w_pitch;
    const uint16_t *scales = (const uint16_t *)(uintptr_t)args->scales + (size_t)n * args->scale_pitch;
    const uint16_t *zeros = (const uint16_t *)(uintptr_t)args->zeros;
    const bool wrong_nibble = misbehaves("wrong_nibble");
    const bool wrong_zero_point = misbehaves("wrong_zero_point");
    double sum = 0;
    for (uint32_t k = 0; k < args->k; ++k) {
        uint32_t word = w[k / 8];
        if (wrong_nibble && n == 5 && k == 40)
            word ^= 0x8;
        uint32_t q = (word >> shifts[k % 8]) & 15;
        uint32_t group = k / (uint32_t)function->group;
        float zero = function->zero_point ? widen(function->bf16, zeros[(size_t)n * args->scale_pitch + group]) : 8;
        if (wrong_zero_point && function->zero_point && n == 3)
            zero += 1;
        sum += (double)widen(function->bf16, a[k]) * (double)(((float)q - zero) * widen(function->bf16, scales[group]));
    }
    return (float)sum;
}

static void run_workgroup(const struct function *function, const struct w4_gemm_args *args, uint32_t x, uint32_t y)
{
    uint16_t *c = (uint16_t *)(uintptr_t)args->c;
    for (uint32_t m = x * (uint32_t)function->bm; m < (x + 1) * (uint32_t)function->bm; ++m) {
        bool last_row = m + 1 == args->m;
        if (m >= args->m || (misbehaves("missed_row") && last_row))
            break;
        for (uint32_t n = y * (uint32_t)function->bn; n < (y + 1) * (uint32_t)function->bn && n < args->n; ++n) {
            float value = misbehaves("zeros") ? 0 : element(function, args, m, n);
            if (misbehaves("nan") && m == 2 && n == 2)
                value = NAN;
            c[(size_t)m * args->c_pitch + n] = narrow(function->bf16, value);
        }
    }
    if (misbehaves("beyond_c") && x == 0 && y == 0)
        c[(size_t)args->m * args->c_pitch + 1] = 0x3c00;
    if (misbehaves("pitch_padding") && x == 0 && y == 0 && args->c_pitch > args->n)
        c[args->n] = 0x3c00;
}

// An even sample with the first and the last workgroup.
static void choose_workgroups(uint64_t total)
{
    uint64_t count = state.sample && state.sample < total ? state.sample : total;
    state.workgroups = total;
    state.id_count = count < WORKGROUPS_MAX ? count : WORKGROUPS_MAX;
    for (uint64_t i = 0; i < state.id_count; ++i)
        state.ids[i] = state.id_count > 1 ? i * (total - 1) / (state.id_count - 1) : 0;
}

static void compute_pending(void)
{
    if (!state.pending)
        return;
    state.pending = false;
    for (uint64_t i = 0; i < state.id_count; ++i)
        run_workgroup(state.function, &state.args, (uint32_t)(state.ids[i] % state.gx),
                      (uint32_t)(state.ids[i] / state.gx));
}

static hipError_t hang(void)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    FILE *mark = fopen(getenv("W4_STUB_MARK") ? getenv("W4_STUB_MARK") : "/dev/null", "w");
    if (mark)
        fclose(mark);
    while (!state.cancelled)
        nanosleep(&pause, NULL);
    return hipErrorLaunchFailure;
}

// An A/B process that dies, hangs or babbles: W4_STUB=turns_killed, turns_hang, turns_rubbish. With W4_STUB_MARK only
// the first process does.
static bool is_turn_process(void)
{
    char words[64] = {0};
    FILE *file = fopen("/proc/self/cmdline", "r");
    size_t length = file ? fread(words, 1, sizeof(words) - 1, file) : 0;
    if (file)
        fclose(file);
    return length > sizeof("w4bench") && strcmp(words + sizeof("w4bench"), "gate-turns") == 0;
}

static void babble(void)
{
    enum { DESCRIPTORS = 32 };
    for (int descriptor = STDERR_FILENO + 1; descriptor < DESCRIPTORS; ++descriptor) {
        struct stat status;
        if (fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode) &&
            (fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_WRONLY && write(descriptor, "##rubbish##\n", 12) != 12)
            abort();
    }
}

static void misbehave_in_turns(void)
{
    const char *how = getenv("W4_STUB");
    const char *mark = getenv("W4_STUB_MARK");
    if (!how || strncmp(how, "turns_", 6) != 0 || !is_turn_process())
        return;
    if (mark && open(mark, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600) < 0)
        return;
    if (misbehaves("turns_killed"))
        raise(SIGKILL);
    if (misbehaves("turns_hang"))
        pause();
    if (misbehaves("turns_rubbish"))
        babble();
}

EXPORT hipError_t hipModuleLaunchKernel(hipFunction_t handle, unsigned gx, unsigned gy, unsigned gz, unsigned bx,
                                        unsigned by, unsigned bz, unsigned lds, hipStream_t stream, void **params,
                                        void **extra)
{
    const struct function *function = (const struct function *)handle;
    struct w4_gemm_args args;
    ++state.launches;
    if (gz != 1 || by != 1 || bz != 1 || bx % 32 || lds || stream || params || !extra ||
        extra[0] != HIP_LAUNCH_PARAM_BUFFER_POINTER || extra[2] != HIP_LAUNCH_PARAM_BUFFER_SIZE ||
        extra[4] != HIP_LAUNCH_PARAM_END ||
        *(size_t *)extra[3] != (function->anchor ? sizeof(struct w4_anchor_args) : sizeof(args)))
        return hipErrorInvalidValue;
    misbehave_in_turns();
    bool third = state.launches > (int)stub_environment("W4_STUB_AFTER", 0);
    if (misbehaves("lost") && third)
        state.lost = true;
    if (state.lost)
        return hipErrorLaunchFailure;
    if (misbehaves("launch_fails") && third)
        return hipErrorLaunchFailure;
    if (misbehaves("hang") && third)
        return hang();
    if (function->anchor) {
        // 2 ms and 1 ms at full clock.
        stub_time_pass(&state.time, function->anchor == 'w' ? 2 : 1, 0);
        return hipSuccess;
    }
    memcpy(&args, extra[1], sizeof(args));
    if (state.pending && (args.c != state.args.c || function != state.function))
        compute_pending();
    choose_workgroups((uint64_t)gx * gy);
    if (misbehaves("idle") && third)
        compute_pending();
    state.pending = !(misbehaves("idle") && third);
    state.function = function;
    state.args = args;
    state.gx = gx;
    // 100 FLOP a clock, so that times differ by shape; larger tiles are a tenth faster.
    double cycles = 2.0 * args.m * args.n * args.k / 100 * (function->bm > 16 ? 0.9 : 1) * function->slowdown;
    state.milliseconds =
        cycles * (double)TIME_SCALE * stub_environment("W4_STUB_SLOWDOWN", 1) / (state.clock_mhz * 1e3);
    stub_time_pass(&state.time, state.milliseconds, args.w);
    return hipSuccess;
}

EXPORT hipError_t hipDeviceSynchronize(void)
{
    return state.lost ? hipErrorLaunchFailure : hipSuccess;
}

// An event is the stand-in's clock when it was recorded.
EXPORT hipError_t hipEventCreate(hipEvent_t *event)
{
    *event = (hipEvent_t)calloc(1, sizeof(double));
    return *event ? hipSuccess : hipErrorOutOfMemory;
}

EXPORT hipError_t hipEventDestroy(hipEvent_t event)
{
    free(event);
    return hipSuccess;
}

EXPORT hipError_t hipEventRecord(hipEvent_t event, hipStream_t stream)
{
    if (!event || stream)
        return hipErrorInvalidValue;
    *(double *)event = state.time.now_ms;
    return hipSuccess;
}

EXPORT hipError_t hipEventSynchronize(hipEvent_t event)
{
    return event ? hipSuccess : hipErrorInvalidValue;
}

EXPORT hipError_t hipEventElapsedTime(float *milliseconds, hipEvent_t start, hipEvent_t stop)
{
    if (!start || !stop)
        return hipErrorInvalidValue;
    *milliseconds = (float)(*(double *)stop - *(double *)start);
    return hipSuccess;
}

#ifndef STUB_MEASURED
EXPORT const char *emuModelKey(void)
{
    return "stub-1";
}

EXPORT const char *emuModelLabel(void)
{
    return "modelled (stand-in)";
}

EXPORT const char *emuGetLastMessage(void)
{
    return state.lost ? "the stand-in lost its device" : "";
}

EXPORT void emuSetWorkgroupSample(uint64_t workgroups)
{
    state.sample = workgroups;
}

EXPORT void emuSetHostThreads(unsigned threads)
{
    (void)threads;
}

EXPORT void emuSetClockMhz(double mhz)
{
    state.clock_mhz = mhz;
}

EXPORT int emuGetLastLaunch(struct emu_launch_report *report)
{
    if (state.launches == 0)
        return -1;
    report->sampled = state.id_count != state.workgroups;
    report->workgroups = state.workgroups;
    report->workgroups_run = state.id_count;
    report->milliseconds = state.milliseconds;
    report->clock_mhz = state.clock_mhz;
    report->cycles = state.milliseconds * state.clock_mhz * 1e3;
    report->occupancy_waves_per_simd = 4;
    return 0;
}

EXPORT uint64_t emuGetLastWorkgroups(uint64_t *ids, uint64_t capacity)
{
    uint64_t count = state.id_count < capacity ? state.id_count : capacity;
    memcpy(ids, state.ids, count * sizeof(*ids));
    return state.id_count;
}

EXPORT void emuCancel(void)
{
    state.cancelled = 1;
}
#endif
