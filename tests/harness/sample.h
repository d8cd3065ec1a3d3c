// A small run made in memory, shared by the harness tests: two models, two kernels, hand-made times.
#ifndef W4_TESTS_HARNESS_SAMPLE_H
#define W4_TESTS_HARNESS_SAMPLE_H

#include <stdlib.h>
#include <string.h>

#include "../../harness/results.h"
#include "../../harness/text.h"

struct sample_row {
    const char *id, *model, *layer, *kernel;
    int64_t m, n, k;
    bool zero_point;
    double time_ms, cycles;
};

// 2 * 1606 * 4608 * 3584 = 53 046 411 264 FLOP: 2.17 ms are 24.45 TFLOPS.
static const struct sample_row sample_rows[] = {
    {"qwen2.5-7b/qkv_proj/m1606/fp16/g128/sym/baseline", "qwen2.5-7b", "qkv_proj", "baseline", 1606, 4608, 3584, false,
     2.17, 6293000},
    {"qwen2.5-7b/qkv_proj/m1606/fp16/g128/sym/tuned", "qwen2.5-7b", "qkv_proj", "tuned", 1606, 4608, 3584, false, 1.085,
     3146500},
    {"qwen3-4b/o_proj/m1606/fp16/g128/zp/baseline", "qwen3-4b", "o_proj", "baseline", 1606, 2560, 4096, true, 1.5,
     4350000},
    {"qwen3-4b/o_proj/m1606/fp16/g128/zp/tuned", "qwen3-4b", "o_proj", "tuned", 1606, 2560, 4096, true, 1.2, 3480000},
};
enum { SAMPLE_COUNT = sizeof(sample_rows) / sizeof(sample_rows[0]) };

static inline void sample_case(const struct sample_row *row, struct w4_result *result)
{
    memset(result, 0, sizeof(*result));
    w4_text_copy(result->test.id, sizeof(result->test.id), row->id);
    w4_text_copy(result->test.model, sizeof(result->test.model), row->model);
    w4_text_copy(result->test.layer, sizeof(result->test.layer), row->layer);
    w4_text_copy(result->test.kernel, sizeof(result->test.kernel), row->kernel);
    result->test.shape = (struct w4_shape){.m = row->m,
                                           .n = row->n,
                                           .k = row->k,
                                           .group_size = 128,
                                           .zero_point = row->zero_point,
                                           .a_pitch = row->k,
                                           .w_pitch = row->k / 8,
                                           .scale_pitch = row->k / 128,
                                           .c_pitch = row->n};
    result->tile = (struct w4_tile){.bm = 64, .bn = 256, .bk = 64, .waves = 8, .unroll_k = 4};
    w4_text_copy(result->variant, sizeof(result->variant), "prefill-64x256x64-w8-u4-fp16-g128-sym");
    w4_text_copy(result->code_object_hash, sizeof(result->code_object_hash), "0123456789abcdef0123456789abcdef");
    result->verification = (struct w4_verification){.worst_ratio = 0.25, .judged = 1000};
    result->workgroups = 468;
    result->workgroups_run = 48;
    result->cycles = row->cycles;
    result->occupancy_waves_per_simd = 4;
    result->host_seconds = 0.5;
    result->samples_ms = malloc(sizeof(*result->samples_ms));
    if (result->samples_ms) {
        result->samples_ms[0] = row->time_ms;
        result->sample_count = 1;
    }
}

// The caller frees it with w4_run_fini.
static inline void sample_run(struct w4_run *run)
{
    memset(run, 0, sizeof(*run));
    run->seed = 1;
    run->clock_mhz = 2900;
    w4_text_copy(run->time_utc, sizeof(run->time_utc), "2026-01-31T12:00:00Z");
    w4_text_copy(run->git_revision, sizeof(run->git_revision), "0123456789ab");
    run->device = (struct w4_device_info){.provider = "emulator",
                                          .library = "libgfx1151.so",
                                          .name = "AMD Radeon 8060S (emulated)",
                                          .arch = "gfx1151",
                                          .compute_units = 20,
                                          .clock_khz = 2900000,
                                          .memory_bytes = UINT64_C(1) << 34,
                                          .modelled = true,
                                          .model_key = "issue-1",
                                          .model_label = "modelled (issue only)",
                                          .key = "gfx1151-emulator-issue-1"};
    w4_text_copy(run->toolchain.kernel_compiler_version, sizeof(run->toolchain.kernel_compiler_version), "clang 22");
    w4_text_copy(run->options.suite, sizeof(run->options.suite), "pr");
    w4_text_copy(run->options.workgroups, sizeof(run->options.workgroups), "auto");
    run->cases = calloc(SAMPLE_COUNT, sizeof(*run->cases));
    for (size_t i = 0; run->cases && i < SAMPLE_COUNT; ++i) {
        sample_case(&sample_rows[i], &run->cases[i]);
        run->case_count = i + 1;
    }
}

#endif
