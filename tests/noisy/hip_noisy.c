// libnoisy.so: a HIP runtime that computes on the emulator and takes its times, but scatters them like a real APU and
// shows none of the emulator's extras: to the suite it is a GPU that is measured. Exports what the suite's device seam
// looks up; script.h says how it is told what to be.
//
// A launch's kernel runs when its result is looked at, unless a launch of the same kernel and geometry replaces it
// first: the thousands of a warm-up cost nothing. (The suite's launches of one geometry all write the same C.)
#include <elf.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/file.h"
#include "../../device/provider.h"
#include "script.h"

#define EXPORT __attribute__((visibility("default")))

enum { NAME_BYTES = 128, TIMING_WORKGROUPS = 4, BLOCK_BYTES_MOST = 512 };

static const double best_clock_mhz = 2900;
static const double package_w = 120;
static const double pass_s = 1e-3; // the machine's state is brought up to date so often

struct object {
    hipModule_t module; // the emulator's
    char hash[33];
    struct object *next;
};

struct function {
    hipFunction_t function; // the emulator's
    const struct object *object;
    char name[NAME_BYTES];
    double slowdown;
    struct function *next;
};

// A kernel with its geometry: what a case is to the noise.
struct geometry {
    const struct function *function;
    unsigned grid[3], block[3], lds_bytes;
    double time_ms; // modelled
    struct w4_noise_case noise;
    struct geometry *next;
};

struct launch {
    const struct geometry *geometry;
    unsigned char bytes[BLOCK_BYTES_MOST];
    size_t size;
};

// HIP's API has no handle for the runtime: a provider is one for its process.
static struct {
    struct w4_hip real;
    struct noisy_script script;
    struct w4_noise_machine machine;
    struct object *objects;
    struct function *functions;
    struct geometry *geometries;
    struct launch pending; // geometry NULL: none
    const struct geometry *drawn_for;
    double drawn_factor;
    double now_ms, unpassed_s;
    int64_t launches;
    double written_mhz;
    bool open;
} noisy;

// Says once why nothing will work; HIP has no way to tell more than a code.
static hipError_t complain(const struct w4_error *error)
{
    fprintf(stderr, "libnoisy: %s\n", error->message);
    return hipErrorNotInitialized;
}

EXPORT hipError_t hipInit(unsigned flags)
{
    struct w4_error error = {0};
    if (noisy.open)
        return hipSuccess;
    if (w4_provider_open("emulator", &noisy.real, &error) != W4_OK)
        return complain(&error);
    if (noisy_script_init(&noisy.script, getenv("W4_NOISY"), &error) != W4_OK)
        return complain(&error);
    noisy.machine =
        w4_noise_machine_start(&noisy.script.profile, noisy.script.seed, noisy.script.night, noisy.script.process);
    noisy.open = true;
    return noisy.real.hipInit(flags);
}

static bool is_lost(void)
{
    return !noisy.open || noisy.launches > noisy.script.lost_after;
}

#define ANSWER_IF_LOST()                                                                                               \
    do {                                                                                                               \
        if (is_lost())                                                                                                 \
            return hipErrorLaunchFailure;                                                                              \
    } while (0)

EXPORT hipError_t hipGetDeviceCount(int *count)
{
    return noisy.open ? noisy.real.hipGetDeviceCount(count) : hipErrorNotInitialized;
}

EXPORT hipError_t hipSetDevice(int device)
{
    return noisy.real.hipSetDevice(device);
}

// The layout is HIP 6's; only the name, its first member, is changed.
hipError_t hipGetDevicePropertiesR0600(void *properties, int device); // not in the headers of HIP 5
EXPORT hipError_t hipGetDevicePropertiesR0600(void *properties, int device)
{
    struct w4_properties known;
    const hipError_t result = w4_properties_get(&noisy.real, device, &known);
    if (result != hipSuccess)
        return result;
    const uint64_t memory_bytes = known.memory_bytes;
    unsigned char *bytes = properties;
    strcpy((char *)bytes, "Noisy 8060S");
    memcpy(bytes + 288, &memory_bytes, sizeof(memory_bytes));
    memcpy(bytes + 388, &known.multiprocessors, sizeof(known.multiprocessors));
    strcpy((char *)bytes + 1160, known.arch);
    return hipSuccess;
}

EXPORT hipError_t hipDriverGetVersion(int *version)
{
    return noisy.real.hipDriverGetVersion(version);
}

EXPORT hipError_t hipRuntimeGetVersion(int *version)
{
    return noisy.real.hipRuntimeGetVersion(version);
}

EXPORT const char *hipGetErrorString(hipError_t error)
{
    return noisy.open ? noisy.real.hipGetErrorString(error) : "the noisy machine did not start";
}

static hipError_t run(const struct launch *launch)
{
    const struct geometry *geometry = launch->geometry;
    size_t size = launch->size;
    void *extra[] = {HIP_LAUNCH_PARAM_BUFFER_POINTER, (void *)(uintptr_t)launch->bytes, HIP_LAUNCH_PARAM_BUFFER_SIZE,
                     &size, HIP_LAUNCH_PARAM_END};
    return noisy.real.hipModuleLaunchKernel(geometry->function->function, geometry->grid[0], geometry->grid[1],
                                            geometry->grid[2], geometry->block[0], geometry->block[1],
                                            geometry->block[2], geometry->lds_bytes, NULL, NULL, extra);
}

static hipError_t run_pending(void)
{
    if (!noisy.pending.geometry)
        return hipSuccess;
    const hipError_t result = run(&noisy.pending);
    noisy.pending.geometry = NULL;
    return result;
}

EXPORT hipError_t hipMalloc(void **address, size_t bytes)
{
    ANSWER_IF_LOST();
    return noisy.real.hipMalloc(address, bytes);
}

EXPORT hipError_t hipFree(void *address)
{
    ANSWER_IF_LOST();
    const hipError_t result = run_pending();
    return result == hipSuccess ? noisy.real.hipFree(address) : result;
}

EXPORT hipError_t hipMemcpy(void *to, const void *from, size_t bytes, hipMemcpyKind kind)
{
    ANSWER_IF_LOST();
    const hipError_t result = run_pending();
    return result == hipSuccess ? noisy.real.hipMemcpy(to, from, bytes, kind) : result;
}

EXPORT hipError_t hipMemset(void *address, int value, size_t bytes)
{
    ANSWER_IF_LOST();
    const hipError_t result = run_pending();
    return result == hipSuccess ? noisy.real.hipMemset(address, value, bytes) : result;
}

// HIP gives no size; linkers write the section header table last.
static size_t elf_bytes(const void *image)
{
    Elf64_Ehdr header;
    memcpy(&header, image, sizeof(header));
    return (size_t)header.e_shoff + (size_t)header.e_shnum * header.e_shentsize;
}

EXPORT hipError_t hipModuleLoadData(hipModule_t *module, const void *image)
{
    ANSWER_IF_LOST();
    struct object *object = calloc(1, sizeof(*object));
    if (!object)
        return hipErrorOutOfMemory;
    const hipError_t result = noisy.real.hipModuleLoadData(module, image);
    if (result != hipSuccess) {
        free(object);
        return result;
    }
    w4_hash_hex(image, elf_bytes(image), object->hash);
    object->module = *module;
    object->next = noisy.objects;
    noisy.objects = object;
    return hipSuccess;
}

// What was known of it stays until the process ends: handles may still lie about.
EXPORT hipError_t hipModuleUnload(hipModule_t module)
{
    ANSWER_IF_LOST();
    const hipError_t result = run_pending();
    return result == hipSuccess ? noisy.real.hipModuleUnload(module) : result;
}

static const struct object *find_object(hipModule_t module)
{
    const struct object *object = noisy.objects;
    while (object && object->module != module)
        object = object->next;
    return object;
}

EXPORT hipError_t hipModuleGetFunction(hipFunction_t *out, hipModule_t module, const char *name)
{
    ANSWER_IF_LOST();
    const struct object *object = find_object(module);
    struct function *function = calloc(1, sizeof(*function));
    if (!function || !object) {
        free(function);
        return hipErrorInvalidValue;
    }
    const hipError_t result = noisy.real.hipModuleGetFunction(&function->function, module, name);
    if (result != hipSuccess) {
        free(function);
        return result;
    }
    snprintf(function->name, sizeof(function->name), "%s", name);
    function->object = object;
    function->slowdown = noisy_script_slowdown(&noisy.script, name, object->hash);
    function->next = noisy.functions;
    noisy.functions = function;
    *out = (hipFunction_t)function;
    return hipSuccess;
}

// The case's name to the noise: kernel and grid, whatever the code object, so that two builds of it are as noisy.
static uint64_t noise_key(const struct geometry *geometry)
{
    char text[NAME_BYTES + 64];
    char hex[33];
    const int length = snprintf(text, sizeof(text), "%s %u %u %u", geometry->function->name, geometry->grid[0],
                                geometry->grid[1], geometry->grid[2]);
    w4_hash_hex(text, (size_t)length, hex);
    hex[16] = '\0';
    return strtoull(hex, NULL, 16);
}

static bool is_anchor(const struct function *function)
{
    return strncmp(function->name, "w4_anchor_", strlen("w4_anchor_")) == 0;
}

static struct geometry *find_geometry(const struct geometry *wanted)
{
    for (struct geometry *known = noisy.geometries; known; known = known->next)
        if (known->function == wanted->function && memcmp(known->grid, wanted->grid, sizeof(wanted->grid)) == 0 &&
            memcmp(known->block, wanted->block, sizeof(wanted->block)) == 0 && known->lds_bytes == wanted->lds_bytes)
            return known;
    return NULL;
}

// The first launch of a geometry tells its modelled time, on a few workgroups. Each module has its own luck with
// placement: a process that holds both sides of an A/B draws twice.
static hipError_t learn(struct launch *launch, struct geometry *geometry)
{
    struct emu_launch_report report = {.size = sizeof(report)};
    hipError_t result = run_pending();
    launch->geometry = geometry;
    noisy.real.emuSetWorkgroupSample(TIMING_WORKGROUPS);
    if (result == hipSuccess)
        result = run(launch);
    noisy.real.emuSetWorkgroupSample(0);
    if (result != hipSuccess)
        return result;
    if (noisy.real.emuGetLastLaunch(&report) != 0 || !(report.milliseconds > 0))
        return hipErrorLaunchFailure;
    geometry->time_ms = report.milliseconds * noisy.script.time_scale;
    uint64_t module = 0;
    for (const struct object *object = geometry->function->object; object; object = object->next)
        ++module;
    geometry->noise = w4_noise_case_start(&noisy.script.profile, noisy.script.seed, noise_key(geometry),
                                          noisy.script.night, noisy.script.process << 16 | module);
    return hipSuccess;
}

static void write_sensor(const char *name, double value)
{
    char path[sizeof(noisy.script.hwmon) + 32];
    snprintf(path, sizeof(path), "%s/%s", noisy.script.hwmon, name);
    FILE *file = fopen(path, "w");
    if (!file)
        return; // a sensor that is gone is what the suite has to cope with
    fprintf(file, "%.0f\n", value);
    fclose(file);
}

static void show_sensors(void)
{
    const double clock_mhz = best_clock_mhz * exp(-w4_noise_machine_clock(&noisy.machine));
    if (!noisy.script.hwmon[0] || fabs(clock_mhz - noisy.written_mhz) < 1)
        return;
    noisy.written_mhz = clock_mhz;
    write_sensor("freq1_input", clock_mhz * 1e6);
    write_sensor("power1_input", package_w * clock_mhz / best_clock_mhz * 1e6);
}

// Noise is drawn once between two events, as one sample; within it launches are alike.
static void pass_time(struct geometry *geometry)
{
    if (noisy.drawn_for != geometry) {
        noisy.drawn_factor = exp(w4_noise_sample(&noisy.machine, &geometry->noise)) * geometry->function->slowdown;
        noisy.drawn_for = geometry;
    }
    const double time_ms = geometry->time_ms * noisy.drawn_factor;
    noisy.now_ms += time_ms;
    noisy.unpassed_s += time_ms * 1e-3;
    if (noisy.unpassed_s < pass_s)
        return;
    w4_noise_machine_pass(&noisy.machine, noisy.unpassed_s, true);
    noisy.unpassed_s = 0;
    show_sensors();
}

EXPORT hipError_t hipModuleLaunchKernel(hipFunction_t handle, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                                        unsigned block_x, unsigned block_y, unsigned block_z, unsigned lds_bytes,
                                        hipStream_t stream, void **params, void **extra)
{
    ++noisy.launches;
    ANSWER_IF_LOST();
    if (!handle || stream || params || !extra || extra[0] != HIP_LAUNCH_PARAM_BUFFER_POINTER ||
        extra[2] != HIP_LAUNCH_PARAM_BUFFER_SIZE || extra[4] != HIP_LAUNCH_PARAM_END ||
        *(const size_t *)extra[3] > BLOCK_BYTES_MOST)
        return hipErrorInvalidValue;
    const struct geometry wanted = {.function = (const struct function *)handle,
                                    .grid = {grid_x, grid_y, grid_z},
                                    .block = {block_x, block_y, block_z},
                                    .lds_bytes = lds_bytes};
    struct launch launch = {.size = *(const size_t *)extra[3]};
    memcpy(launch.bytes, extra[1], launch.size);
    struct geometry *geometry = find_geometry(&wanted);
    hipError_t result = hipSuccess;
    if (!geometry) {
        geometry = malloc(sizeof(*geometry));
        if (!geometry)
            return hipErrorOutOfMemory;
        *geometry = wanted;
        result = learn(&launch, geometry);
        if (result != hipSuccess) {
            free(geometry);
            return result;
        }
        geometry->next = noisy.geometries;
        noisy.geometries = geometry;
    }
    if (!is_anchor(geometry->function)) {
        if (noisy.pending.geometry != geometry)
            result = run_pending();
        launch.geometry = geometry;
        noisy.pending = launch;
    }
    pass_time(geometry);
    return result;
}

EXPORT hipError_t hipDeviceSynchronize(void)
{
    ANSWER_IF_LOST();
    return noisy.real.hipDeviceSynchronize();
}

// An event is the machine's time when it was recorded.
EXPORT hipError_t hipEventCreate(hipEvent_t *event)
{
    ANSWER_IF_LOST();
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
    ANSWER_IF_LOST();
    if (!event || stream)
        return hipErrorInvalidValue;
    *(double *)event = noisy.now_ms;
    noisy.drawn_for = NULL;
    return hipSuccess;
}

EXPORT hipError_t hipEventSynchronize(hipEvent_t event)
{
    ANSWER_IF_LOST();
    return event ? hipSuccess : hipErrorInvalidValue;
}

EXPORT hipError_t hipEventElapsedTime(float *milliseconds, hipEvent_t start, hipEvent_t stop)
{
    ANSWER_IF_LOST();
    if (!start || !stop)
        return hipErrorInvalidValue;
    *milliseconds = (float)(*(double *)stop - *(double *)start);
    return hipSuccess;
}
