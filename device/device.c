// Opens a provider's gfx1151 and wraps each HIP call in the project's error type.
#include "hip.h"

#include <ctype.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "provider.h"

struct w4_device {
    struct w4_hip hip;
    struct w4_device_info info;
};

static const char wanted_arch[] = "gfx1151";

// A HIP failure as the project's error: the call, HIP's text, and the provider's own line when it has one.
static enum w4_status check(const struct w4_device *device, hipError_t result, const char *call, struct w4_error *error)
{
    if (result == hipSuccess)
        return W4_OK;
    const char *text = device->hip.hipGetErrorString(result);
    const char *detail = device->hip.emuGetLastMessage ? device->hip.emuGetLastMessage() : NULL;
    const bool more = detail && *detail;
    return w4_fail(error, W4_DEVICE, "%s failed: %s (%d)%s%s", call, text ? text : "unknown error", (int)result,
                   more ? ": " : "", more ? detail : "");
}

#define CHECK(call) check(device, device->hip.call, #call, error)

static const char *no_device_remedy(void)
{
    if (access("/dev/kfd", F_OK) != 0)
        return "there is no /dev/kfd: this machine has no AMD GPU, or the amdgpu driver is not loaded; "
               "use --device emulator";
    if (access("/dev/kfd", R_OK | W_OK) != 0)
        return "/dev/kfd is there but not accessible: add the user to the groups render and video and log in again";
    return "the HIP runtime sees no GPU: gfx1151 needs ROCm >= 6.4; or use --device emulator";
}

// Device keys hold letters, digits, dots and dashes, so that they are file names.
static void make_key(struct w4_device_info *info)
{
    if (info->modelled)
        snprintf(info->key, sizeof info->key, "%s-emulator-%s", info->arch, info->model_key);
    else
        snprintf(info->key, sizeof info->key, "%s-%.64s-hip%d", info->arch, info->name, info->runtime_version);
    for (char *c = info->key; *c; c++)
        *c = isalnum((unsigned char)*c) || *c == '.' || *c == '-' ? (char)tolower((unsigned char)*c) : '_';
}

static void describe_model(struct w4_device *device)
{
    struct w4_device_info *info = &device->info;
    info->modelled = device->hip.emuModelKey && device->hip.emuModelLabel;
    snprintf(info->model_key, sizeof info->model_key, "%s", info->modelled ? device->hip.emuModelKey() : "");
    snprintf(info->model_label, sizeof info->model_label, "%s",
             info->modelled ? device->hip.emuModelLabel() : "measured");
    make_key(info);
}

static enum w4_status fill_info(struct w4_device *device, const char *choice, int index, struct w4_error *error)
{
    struct w4_device_info *info = &device->info;
    struct w4_properties properties;
    enum w4_status status =
        check(device, w4_properties_get(&device->hip, index, &properties), "hipGetDeviceProperties", error);
    if (status != W4_OK)
        return status;
    snprintf(info->provider, sizeof info->provider, "%.31s", strchr(choice, '/') ? "library" : choice);
    snprintf(info->library, sizeof info->library, "%s", device->hip.file);
    snprintf(info->name, sizeof info->name, "%s", properties.name);
    snprintf(info->arch, sizeof info->arch, "%s", properties.arch);
    info->compute_units = properties.multiprocessors;
    info->clock_khz = properties.clock_khz;
    info->memory_bytes = properties.memory_bytes;
    status = CHECK(hipRuntimeGetVersion(&info->runtime_version));
    if (status == W4_OK)
        status = CHECK(hipDriverGetVersion(&info->driver_version));
    if (status != W4_OK)
        return status;
    describe_model(device);
    return W4_OK;
}

// Selects the provider's first gfx1151.
static enum w4_status select_device(struct w4_device *device, const char *choice, struct w4_error *error)
{
    int count = 0;
    hipError_t result = device->hip.hipInit(0);
    if (result == hipSuccess)
        result = device->hip.hipGetDeviceCount(&count);
    if (result != hipSuccess || count == 0) {
        const char *text = result == hipSuccess ? "no device" : device->hip.hipGetErrorString(result);
        return w4_fail(error, W4_DEVICE, "%s (%s): %s; %s", choice, device->hip.file, text ? text : "no device",
                       no_device_remedy());
    }
    char found[256] = "";
    for (int index = 0; index < count; index++) {
        struct w4_properties properties;
        const enum w4_status status =
            check(device, w4_properties_get(&device->hip, index, &properties), "hipGetDeviceProperties", error);
        if (status != W4_OK)
            return status;
        if (strcmp(properties.arch, wanted_arch) == 0) {
            const enum w4_status selected = CHECK(hipSetDevice(index));
            return selected == W4_OK ? fill_info(device, choice, index, error) : selected;
        }
        const size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, "%s%s", used ? ", " : "", properties.arch);
    }
    return w4_fail(error, W4_DEVICE, "%s (%s): has %s, and this suite's kernels are for %s; use --device emulator",
                   choice, device->hip.file, found, wanted_arch);
}

static enum w4_status open_choice(const char *choice, struct w4_device **out, struct w4_error *error)
{
    struct w4_device *device = calloc(1, sizeof *device);
    if (!device)
        return w4_fail(error, W4_MEMORY, "out of memory while opening the device");
    enum w4_status status = w4_provider_open(choice, &device->hip, error);
    if (status == W4_OK)
        status = select_device(device, choice, error);
    if (status != W4_OK) {
        w4_device_close(device);
        return status;
    }
    *out = device;
    return W4_OK;
}

enum w4_status w4_device_open(const char *choice, struct w4_device **device, struct w4_error *error)
{
    *device = NULL;
    if (choice)
        return open_choice(choice, device, error);
    if (open_choice("amd", device, NULL) == W4_OK)
        return W4_OK;
    return open_choice("emulator", device, error);
}

void w4_device_close(struct w4_device *device)
{
    if (!device)
        return;
    w4_provider_close(&device->hip);
    free(device);
}

const struct w4_device_info *w4_device_info(const struct w4_device *device)
{
    return &device->info;
}

static void *pointer(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

enum w4_status w4_device_malloc(struct w4_device *device, size_t bytes, uint64_t *address, struct w4_error *error)
{
    void *memory = NULL;
    const enum w4_status status = check(device, device->hip.hipMalloc(&memory, bytes), "hipMalloc", error);
    *address = (uint64_t)(uintptr_t)memory;
    return status;
}

enum w4_status w4_device_free(struct w4_device *device, uint64_t address, struct w4_error *error)
{
    return CHECK(hipFree(pointer(address)));
}

enum w4_status w4_device_upload(struct w4_device *device, uint64_t address, const void *data, size_t bytes,
                                struct w4_error *error)
{
    return CHECK(hipMemcpy(pointer(address), data, bytes, hipMemcpyHostToDevice));
}

enum w4_status w4_device_download(struct w4_device *device, void *data, uint64_t address, size_t bytes,
                                  struct w4_error *error)
{
    return CHECK(hipMemcpy(data, pointer(address), bytes, hipMemcpyDeviceToHost));
}

enum w4_status w4_device_fill(struct w4_device *device, uint64_t address, uint8_t byte, size_t bytes,
                              struct w4_error *error)
{
    return CHECK(hipMemset(pointer(address), byte, bytes));
}

// HIP takes an image without its size and trusts the ELF header, so an image that is cut off is refused here. The
// section header table comes last in what linkers write.
static bool is_whole_elf(const void *image, size_t bytes)
{
    Elf64_Ehdr header;
    if (bytes < sizeof header)
        return false;
    memcpy(&header, image, sizeof header);
    const uint64_t table_bytes = (uint64_t)header.e_shnum * sizeof(Elf64_Shdr);
    return memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && header.e_shoff <= bytes &&
           table_bytes <= bytes - header.e_shoff;
}

enum w4_status w4_device_module_load(struct w4_device *device, const void *image, size_t bytes, w4_module *module,
                                     struct w4_error *error)
{
    if (!is_whole_elf(image, bytes))
        return w4_fail(error, W4_DEVICE,
                       "the code object is no ELF file or is cut off (%zu bytes); rebuild the kernels", bytes);
    hipModule_t loaded = NULL;
    const enum w4_status status =
        check(device, device->hip.hipModuleLoadData(&loaded, image), "hipModuleLoadData", error);
    *module = (w4_module)loaded;
    return status;
}

enum w4_status w4_device_module_unload(struct w4_device *device, w4_module module, struct w4_error *error)
{
    return CHECK(hipModuleUnload((hipModule_t)module));
}

enum w4_status w4_device_function(struct w4_device *device, w4_module module, const char *symbol, w4_function *function,
                                  struct w4_error *error)
{
    hipFunction_t found = NULL;
    const hipError_t result = device->hip.hipModuleGetFunction(&found, (hipModule_t)module, symbol);
    *function = (w4_function)found;
    if (result == hipErrorNotFound)
        return w4_fail(error, W4_NOT_FOUND, "the code object has no kernel \"%s\"; rebuild the kernels", symbol);
    return check(device, result, "hipModuleGetFunction", error);
}

enum w4_status w4_device_launch(struct w4_device *device, w4_function function, const uint32_t grid[3],
                                const uint32_t block[3], uint32_t dynamic_lds_bytes, const void *args,
                                size_t args_bytes, struct w4_error *error)
{
    // HIP's `extra` form copies the block; its pointer is not const only for lack of care in the API.
    void *extra[] = {HIP_LAUNCH_PARAM_BUFFER_POINTER, (void *)(uintptr_t)args, HIP_LAUNCH_PARAM_BUFFER_SIZE,
                     &args_bytes, HIP_LAUNCH_PARAM_END};
    const hipError_t result =
        device->hip.hipModuleLaunchKernel((hipFunction_t)function, grid[0], grid[1], grid[2], block[0], block[1],
                                          block[2], dynamic_lds_bytes, NULL, NULL, extra);
    return check(device, result, "hipModuleLaunchKernel", error);
}

enum w4_status w4_device_synchronize(struct w4_device *device, struct w4_error *error)
{
    return CHECK(hipDeviceSynchronize());
}

enum w4_status w4_device_event_create(struct w4_device *device, w4_event *event, struct w4_error *error)
{
    hipEvent_t created = NULL;
    const enum w4_status status = check(device, device->hip.hipEventCreate(&created), "hipEventCreate", error);
    *event = (w4_event)created;
    return status;
}

enum w4_status w4_device_event_destroy(struct w4_device *device, w4_event event, struct w4_error *error)
{
    return CHECK(hipEventDestroy((hipEvent_t)event));
}

enum w4_status w4_device_event_record(struct w4_device *device, w4_event event, struct w4_error *error)
{
    return CHECK(hipEventRecord((hipEvent_t)event, NULL));
}

enum w4_status w4_device_event_elapsed(struct w4_device *device, w4_event start, w4_event stop, double *time_ms,
                                       struct w4_error *error)
{
    float elapsed_ms = 0;
    enum w4_status status = CHECK(hipEventSynchronize((hipEvent_t)stop));
    if (status == W4_OK)
        status = CHECK(hipEventElapsedTime(&elapsed_ms, (hipEvent_t)start, (hipEvent_t)stop));
    *time_ms = (double)elapsed_ms;
    return status;
}

enum w4_status w4_device_set_timing_model(struct w4_device *device, const char *name, struct w4_error *error)
{
    if (!device->hip.emuSetTimingModel || device->hip.emuSetTimingModel(name) != 0)
        return w4_fail(error, W4_UNSUPPORTED, "%s: has no timing model \"%s\"; the emulator has issue and cycles",
                       device->info.library, name);
    describe_model(device);
    return W4_OK;
}

enum w4_status w4_device_set_timing_parameter(struct w4_device *device, const char *name, double value,
                                              struct w4_error *error)
{
    if (device->hip.emuSetTimingParameter && device->hip.emuSetTimingParameter(name, value) == 0)
        return W4_OK;
    return w4_fail(error, W4_USAGE, "%s: no parameter \"%s\" of the timing model that could be %g",
                   device->info.library, name, value);
}

void w4_device_sample_workgroups(struct w4_device *device, uint64_t workgroups)
{
    if (device->hip.emuSetWorkgroupSample)
        device->hip.emuSetWorkgroupSample(workgroups);
}

void w4_device_set_threads(struct w4_device *device, unsigned threads)
{
    if (device->hip.emuSetHostThreads)
        device->hip.emuSetHostThreads(threads);
}

void w4_device_set_clock_mhz(struct w4_device *device, double mhz)
{
    if (device->hip.emuSetClockMhz)
        device->hip.emuSetClockMhz(mhz);
}

bool w4_device_set_profile(struct w4_device *device, bool trace)
{
    if (!device->hip.emuSetProfile || !device->hip.emuGetLastProfile)
        return false;
    device->hip.emuSetProfile(trace ? 2 : 1);
    return true;
}

const char *w4_device_last_profile(struct w4_device *device, enum emu_profile_form form)
{
    return device->hip.emuGetLastProfile ? device->hip.emuGetLastProfile(form) : NULL;
}

bool w4_device_last_launch(struct w4_device *device, struct emu_launch_report *report)
{
    *report = (struct emu_launch_report){.size = sizeof *report};
    return device->hip.emuGetLastLaunch && device->hip.emuGetLastLaunch(report) == 0;
}

uint64_t w4_device_last_workgroups(struct w4_device *device, uint64_t *ids, uint64_t capacity)
{
    return device->hip.emuGetLastWorkgroups ? device->hip.emuGetLastWorkgroups(ids, capacity) : 0;
}

void w4_device_cancel(struct w4_device *device)
{
    if (device->hip.emuCancel)
        device->hip.emuCancel();
}
