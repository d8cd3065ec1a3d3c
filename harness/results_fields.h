// The members of a result file, one table a JSON object; used by its reader and its writer only.
#ifndef W4_HARNESS_RESULTS_FIELDS_H
#define W4_HARNESS_RESULTS_FIELDS_H

#include "fields.h"
#include "gate/plan_fields.h"
#include "measure/protocol_fields.h"
#include "results.h"

#define W4_COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct w4_field w4_run_fields[] = {
    W4_FIELD(struct w4_run, seed, W4_FIELD_U64, 0),          W4_FIELD(struct w4_run, time_utc, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_run, git_revision, W4_FIELD_TEXT, 0), W4_FIELD(struct w4_run, clock_mhz, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_run, interrupted, W4_FIELD_BOOL, 0),  W4_FIELD(struct w4_run, order_seed, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_run, sensors, W4_FIELD_TEXT, 0),      W4_FIELD(struct w4_run, anchor_hash, W4_FIELD_TEXT, 0),
};

static const struct w4_field w4_device_fields[] = {
    W4_FIELD(struct w4_device_info, provider, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_device_info, library, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_device_info, name, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_device_info, arch, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_device_info, compute_units, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_device_info, clock_khz, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_device_info, runtime_version, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_device_info, driver_version, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_device_info, memory_bytes, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_device_info, modelled, W4_FIELD_BOOL, 0),
    W4_FIELD(struct w4_device_info, model_key, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_device_info, model_label, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_device_info, key, W4_FIELD_TEXT, 0),
};

static const struct w4_field w4_toolchain_fields[] = {
    W4_FIELD(struct w4_toolchain, kernel_compiler, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_toolchain, kernel_compiler_version, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_toolchain, kernel_flags, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_toolchain, host_compiler, W4_FIELD_TEXT, 0),
};

static const struct w4_field w4_option_fields[] = {
    W4_FIELD(struct w4_run_options, suite, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_run_options, filter, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_run_options, model, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_run_options, layer, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_run_options, kernels, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_run_options, m, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_run_options, workgroups, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_run_options, repeat, W4_FIELD_I32, 0),
};

static const struct w4_field w4_fingerprint_fields[] = {
#define X(member, words, bytes) W4_FIELD(struct w4_fingerprint, member, W4_FIELD_TEXT, 0),
    W4_FINGERPRINT_FIELDS(X)
#undef X
};

static const struct w4_field w4_case_fields[] = {
    W4_FIELD(struct w4_case, id, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_case, model, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_case, layer, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_case, kernel, W4_FIELD_TEXT, 0),
};

static const struct w4_field w4_result_fields[] = {
    W4_FIELD(struct w4_result, message, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_result, variant, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_result, code_object_hash, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_result, cycles, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_result, occupancy_waves_per_simd, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_result, workgroups, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_result, workgroups_run, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_result, host_seconds, W4_FIELD_REAL, 0),
};

static const struct w4_field w4_modelled_fields[] = {W4_FIELD(struct w4_modelled, workgroups_timed, W4_FIELD_U64, 1),
                                                     W4_FIELD(struct w4_modelled, timing_seconds, W4_FIELD_REAL, 0),
                                                     W4_FIELD(struct w4_modelled, limiter, W4_FIELD_TEXT, 0),
#define X(member, words, source) W4_FIELD(struct w4_modelled, member, W4_FIELD_REAL, 0),
                                                     W4_LEVELS(X) W4_TIME_SHARES(X)
#undef X
};

static const struct w4_field w4_shape_fields[] = {
    W4_FIELD(struct w4_shape, m, W4_FIELD_I64, 1),           W4_FIELD(struct w4_shape, n, W4_FIELD_I64, 1),
    W4_FIELD(struct w4_shape, k, W4_FIELD_I64, 1),           W4_FIELD(struct w4_shape, group_size, W4_FIELD_I64, 1),
    W4_FIELD(struct w4_shape, dtype, W4_FIELD_DTYPE, 0),     W4_FIELD(struct w4_shape, zero_point, W4_FIELD_BOOL, 0),
    W4_FIELD(struct w4_shape, a_pitch, W4_FIELD_I64, 0),     W4_FIELD(struct w4_shape, w_pitch, W4_FIELD_I64, 0),
    W4_FIELD(struct w4_shape, scale_pitch, W4_FIELD_I64, 0), W4_FIELD(struct w4_shape, c_pitch, W4_FIELD_I64, 0),
};

static const struct w4_field w4_tile_fields[] = {
    W4_FIELD(struct w4_tile, bm, W4_FIELD_I32, 0),       W4_FIELD(struct w4_tile, bn, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_tile, bk, W4_FIELD_I32, 0),       W4_FIELD(struct w4_tile, waves, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_tile, unroll_k, W4_FIELD_I32, 0), W4_FIELD(struct w4_tile, num_stages, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_tile, unpack, W4_FIELD_TEXT, 0),
};

static const struct w4_field w4_verification_fields[] = {
    W4_FIELD(struct w4_verification, worst_ratio, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_verification, judged, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_verification, beyond, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_verification, unwritten, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_verification, guard_damage, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_verification, worst_m, W4_FIELD_I64, 0),
    W4_FIELD(struct w4_verification, worst_n, W4_FIELD_I64, 0),
    W4_FIELD(struct w4_verification, all_zero, W4_FIELD_BOOL, 0),
};

static const struct w4_field w4_figure_fields[] = {
    W4_FIELD(struct w4_figures, timed, W4_FIELD_BOOL, 0),
    W4_FIELD(struct w4_figures, time_ms, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_figures, tflops, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_figures, weight_gbs, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_figures, flop_per_clock_cu, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_figures, ceiling_share, W4_FIELD_REAL, 0),
};

#endif
