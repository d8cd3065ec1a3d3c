// The device seam: the HIP runtime as a table of functions, filled from a shared library at run time. Only device/
// includes HIP headers; callers use the types below, which have the HIP runtime's own meaning and layout.
#ifndef W4_DEVICE_HIP_H
#define W4_DEVICE_HIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"
#include "../emulator/hip/extras.h"

typedef struct w4_hip_module *w4_module;
typedef struct w4_hip_function *w4_function;
typedef struct w4_hip_event *w4_event;

struct w4_device_info {
    char provider[32]; // "emulator", "amd", or the library's path
    char library[512]; // the file that was opened
    char name[256];    // hipDeviceProp name
    char arch[64];     // gcnArchName without features: "gfx1151"
    int compute_units; // multiprocessors as HIP reports them
    int clock_khz;
    int runtime_version, driver_version;
    uint64_t memory_bytes;
    bool modelled;        // times are modelled (the emulator's extras are present)
    char model_key[64];   // of the timing model, "" when measured
    char model_label[64]; // "modelled (issue only)" or "measured"
    char key[160];        // device key of baselines: never equal for measured and modelled
};

struct w4_device; // an open provider with its first gfx1151 (or the index asked for)

// choice: "emulator", "amd", a library path, or NULL: a gfx1151 when `amd` has one, else the emulator.
// Errors say what was tried, what each answered, and what to install.
enum w4_status w4_device_open(const char *choice, struct w4_device **device, struct w4_error *error);
void w4_device_close(struct w4_device *device);
const struct w4_device_info *w4_device_info(const struct w4_device *device);

// Plain HIP, one call each; failures carry hipGetErrorString's text and the provider's message.
enum w4_status w4_device_malloc(struct w4_device *device, size_t bytes, uint64_t *address, struct w4_error *error);
enum w4_status w4_device_free(struct w4_device *device, uint64_t address, struct w4_error *error);
enum w4_status w4_device_upload(struct w4_device *device, uint64_t address, const void *data, size_t bytes,
                                struct w4_error *error);
enum w4_status w4_device_download(struct w4_device *device, void *data, uint64_t address, size_t bytes,
                                  struct w4_error *error);
enum w4_status w4_device_fill(struct w4_device *device, uint64_t address, uint8_t byte, size_t bytes,
                              struct w4_error *error);
enum w4_status w4_device_module_load(struct w4_device *device, const void *image, size_t bytes, w4_module *module,
                                     struct w4_error *error);
enum w4_status w4_device_module_unload(struct w4_device *device, w4_module module, struct w4_error *error);
enum w4_status w4_device_function(struct w4_device *device, w4_module module, const char *symbol, w4_function *function,
                                  struct w4_error *error);
// Launches with the kernarg block (HIP's `extra` form). grid counts workgroups, block threads.
enum w4_status w4_device_launch(struct w4_device *device, w4_function function, const uint32_t grid[3],
                                const uint32_t block[3], uint32_t dynamic_lds_bytes, const void *args,
                                size_t args_bytes, struct w4_error *error);
enum w4_status w4_device_synchronize(struct w4_device *device, struct w4_error *error);
enum w4_status w4_device_event_create(struct w4_device *device, w4_event *event, struct w4_error *error);
enum w4_status w4_device_event_destroy(struct w4_device *device, w4_event event, struct w4_error *error);
enum w4_status w4_device_event_record(struct w4_device *device, w4_event event, struct w4_error *error);
// Waits for `stop`, then milliseconds between the two.
enum w4_status w4_device_event_elapsed(struct w4_device *device, w4_event start, w4_event stop, double *time_ms,
                                       struct w4_error *error);

// The emulator's extras; on a provider without them the setters do nothing and the getters return false / 0.
// Chooses the model of modelled times by name ("issue", "cycles"): later launches, and the device's key and label, are
// that model's. W4_UNSUPPORTED on a device that has no models or not this one.
enum w4_status w4_device_set_timing_model(struct w4_device *device, const char *name, struct w4_error *error);
#define W4_MODEL_ISSUE  "issue"
#define W4_MODEL_CYCLES "cycles"
// What if: another value of a parameter of the model "cycles" for later launches. W4_USAGE when there is none of that
// name or the value is no possible one. The key does not tell; whoever sets one marks the figures.
enum w4_status w4_device_set_timing_parameter(struct w4_device *device, const char *name, double value,
                                              struct w4_error *error);
void w4_device_sample_workgroups(struct w4_device *device, uint64_t workgroups);
void w4_device_set_threads(struct w4_device *device, unsigned threads);
void w4_device_set_clock_mhz(struct w4_device *device, double mhz);
bool w4_device_last_launch(struct w4_device *device, struct emu_launch_report *report);
uint64_t w4_device_last_workgroups(struct w4_device *device, uint64_t *ids, uint64_t capacity);
// Profiles later launches by the model "cycles", and traces them. False when the device cannot.
bool w4_device_set_profile(struct w4_device *device, bool trace);
// The last launch's profile in a form; NULL when there is none. Valid until the next launch.
const char *w4_device_last_profile(struct w4_device *device, enum emu_profile_form form);
void w4_device_cancel(struct w4_device *device); // async-signal-safe

#endif
