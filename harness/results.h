// The result file: everything one run measured, with raw samples. Gate, comparison and reports are pure functions of
// result files and baselines; nothing else is kept between the commands.
#ifndef W4_HARNESS_RESULTS_H
#define W4_HARNESS_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"
#include "../device/hip.h"
#include "../telemetry/fingerprint.h"
#include "gate/plan.h"
#include "measure/protocol.h"
#include "model.h"

// Schema 2. Stable names for gate, history and reports:
//   run    fingerprint {18 texts}, protocol {every constant}, order_seed, sensors (text: which
//          answered), anchor_hash (text)
//   case   state ok | wrong | error | skipped | invalid; samples_ms (raw, milliseconds a launch);
//          measured {windows [{launches, buffers, start_s}] beside samples_ms, hot_samples_ms, hot_windows,
//          readings [{time_s, engine_mhz, memory_mhz, power_w, temperature_c, cpu_load}] (null: no sensor),
//          anchor_wmma_ms, anchor_bandwidth_ms, blocks [{index, order, code_object_hash, process_id, samples_ms,
//          message}], warm_up_s, run_position, marks [names]}
//   case   modelled {workgroups_timed, timing_seconds, limiter, l0_bytes .. dram_bytes, wmma_share .. no_wave_share}:
//          present only where the model "cycles" gave the time (modelled.h)
// In memory they are w4_result.samples_ms and w4_result.measured (measured.h).
enum { W4_RESULTS_SCHEMA = 2 };

// What the command line had selected, in words, so that a gate on the file alone knows what had to be there.
struct w4_run_options {
    char suite[W4_NAME_MAX];
    char filter[W4_CASE_ID_MAX];
    char model[W4_NAME_MAX], layer[W4_NAME_MAX];
    char kernels[256]; // comma-separated; "" = the suite's
    char m[256];       // comma-separated; "" = the suite's
    char workgroups[32];
    int32_t repeat;
};

struct w4_toolchain {
    char kernel_compiler[256], kernel_compiler_version[256], kernel_flags[512]; // from kernels.json
    char host_compiler[128];
};

struct w4_run {
    uint64_t seed;
    uint64_t order_seed; // of the order in which the cases ran; 0: the selection's order
    char time_utc[32];   // ISO 8601: "2026-01-31T12:00:00Z"
    char git_revision[64];
    double clock_mhz; // of modelled times; 0 when measured
    bool interrupted;
    struct w4_device_info device;
    struct w4_toolchain toolchain;
    struct w4_run_options options;
    struct w4_protocol protocol;
    struct w4_gate_plan gate_plan;     // inactive unless a gate was live
    struct w4_fingerprint fingerprint; // only the device's own fields when times are modelled: no machine matters then
    char sensors[256];                 // which answered, or why none
    char anchor_hash[33];              // of the anchors' code object; "" when they were not measured
    struct w4_result *cases;           // owned, in the selection's order
    size_t case_count;
};

void w4_run_fini(struct w4_run *run);
void w4_result_fini(struct w4_result *result);

// Reads a result file; derived figures in it are recomputed from the raw samples, never trusted.
enum w4_status w4_run_load(const char *path, struct w4_run *run, struct w4_error *error);
// Writes it atomically.
enum w4_status w4_run_save(const char *path, const struct w4_run *run, struct w4_error *error);

const char *w4_case_state_name(enum w4_case_state state);

// What follows from a result's raw samples.
struct w4_figures {
    bool timed;               // false: no samples, the rest is 0
    double time_ms;           // median of the samples
    double tflops;            // 2 M N K / time
    double weight_gbs;        // packed weights, scales and zero points, each once, over time (1e9 bytes a second)
    double flop_per_clock_cu; // 2 M N K / cycles / 40 CUs; 0 when cycles are unknown
    double ceiling_share;     // of the 480 FLOP/clk/CU that WMMA reaches on gfx1151 when nothing else runs
};

#define W4_GFX1151_CUS                    40.0
#define W4_WMMA_CEILING_FLOP_PER_CLOCK_CU 480.0
// 480 FLOP/clk/CU * 40 CUs * 2.89 GHz, as measured by others with register-only WMMA on gfx1151.
#define W4_WMMA_CEILING_TFLOPS 55.5

// 2 M N K.
double w4_shape_flop(const struct w4_shape *shape);
// Packed weights, scales and zero points, each once.
double w4_shape_weight_bytes(const struct w4_shape *shape);

void w4_figures_of(const struct w4_result *result, struct w4_figures *figures);

// Everything that makes two cases the same GEMM, kernel aside: "qwen2.5-7b/gate_up_proj 1606x37888x3584 fp16 g128 sym".
void w4_case_shape_key(const struct w4_case *test, char *out, size_t size);

#endif
