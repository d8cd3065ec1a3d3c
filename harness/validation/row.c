// One row: the kernel that its kind asks for, launched once or twice, and a figure from the modelled cycles.
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../base/file.h"
#include "../../device/hip.h"
#include "../../validation/kernels/loops.h"
#include "../../validation/kernels/streams.h"
#include "../context.h"
#include "../launch.h"
#include "../text.h"

enum {
    CODE_OBJECT_LIMIT_BYTES = 64 << 20,
    BUFFERS_MAX = 5,
    SIMDS = 80,
    // Cycles are taken between two iteration counts, so that launch and cold caches cancel.
    LOOP_SHORT = 24,
    LOOP_LONG = 120,
    READ_GROUPS = 160, // 16 waves a SIMD
    DRAM_BYTES = 256 << 20,
    MALL_BYTES = 20 << 20
};

// An open device and what a row holds on it.
struct bench {
    const struct w4_validation_setup *setup;
    struct w4_device *device;
    double clock_mhz;
    w4_module module;
    uint64_t buffers[BUFFERS_MAX];
    size_t buffer_count;
    struct w4_validation_outcome *outcome;
};

static enum w4_status open_bench(struct bench *bench, struct w4_error *error)
{
    const struct w4_validation_setup *setup = bench->setup;
    enum w4_status status = w4_device_open("emulator", &bench->device, error);
    if (status == W4_OK)
        status = w4_device_set_timing_model(bench->device, "cycles", error);
    if (status == W4_OK)
        w4_device_set_clock_mhz(bench->device, bench->clock_mhz);
    for (size_t i = 0; i < setup->setting_count && status == W4_OK; ++i)
        status =
            w4_device_set_timing_parameter(bench->device, setup->settings[i].name, setup->settings[i].value, error);
    if (status == W4_OK) {
        const struct w4_device_info *info = w4_device_info(bench->device);
        w4_text_copy(bench->outcome->model_key, sizeof(bench->outcome->model_key), info->model_key);
        w4_text_copy(bench->outcome->model_label, sizeof(bench->outcome->model_label), info->model_label);
    }
    return status;
}

static void close_bench(struct bench *bench)
{
    // Nothing is left to do about a failure here: the process ends next.
    for (size_t i = 0; bench->device && i < bench->buffer_count; ++i)
        (void)w4_device_free(bench->device, bench->buffers[i], NULL);
    if (bench->module)
        (void)w4_device_module_unload(bench->device, bench->module, NULL);
    w4_device_close(bench->device);
}

// Fresh memory of the emulator reads as zeros, which cost no more time than other values: the model knows no data.
static enum w4_status add_buffer(struct bench *bench, uint64_t bytes, uint64_t *address, struct w4_error *error)
{
    *address = 0;
    if (bytes == 0)
        return W4_OK;
    enum w4_status status = w4_device_malloc(bench->device, bytes, address, error);
    if (status == W4_OK)
        bench->buffers[bench->buffer_count++] = *address;
    return status;
}

static enum w4_status load(struct bench *bench, const char *path, const char *symbol, w4_function *function,
                           struct w4_error *error)
{
    char *image = NULL;
    size_t size = 0;
    enum w4_status status = w4_file_read(path, CODE_OBJECT_LIMIT_BYTES, &image, &size, error);
    if (status == W4_OK)
        status = w4_device_module_load(bench->device, image, size, &bench->module, error);
    free(image);
    return status == W4_OK ? w4_device_function(bench->device, bench->module, symbol, function, error) : status;
}

static enum w4_status load_own(struct bench *bench, const char *object, const char *symbol, w4_function *function,
                               struct w4_error *error)
{
    char path[W4_PATH_MAX];
    const enum w4_status status = w4_path_join(path, bench->setup->kernels, object, error);
    return status == W4_OK ? load(bench, path, symbol, function, error) : status;
}

// Modelled cycles of the launch that was just made.
static enum w4_status last_cycles(struct bench *bench, double *cycles, struct w4_error *error)
{
    struct emu_launch_report report;
    enum w4_status status = w4_device_synchronize(bench->device, error);
    if (status != W4_OK)
        return status;
    if (!w4_device_last_launch(bench->device, &report) || !(report.cycles > 0))
        return w4_fail(error, W4_DEVICE, "the emulator reports no cycles");
    *cycles = report.cycles;
    bench->outcome->workgroups = report.workgroups;
    bench->outcome->workgroups_simulated = report.workgroups_run;
    return W4_OK;
}

static enum w4_status launch(struct bench *bench, w4_function function, const uint32_t grid[3], uint32_t threads,
                             const void *args, size_t args_bytes, double *cycles, struct w4_error *error)
{
    const uint32_t block[3] = {threads, 1, 1};
    enum w4_status status = w4_device_launch(bench->device, function, grid, block, 0, args, args_bytes, error);
    return status == W4_OK ? last_cycles(bench, cycles, error) : status;
}

static double tera_a_second(const struct bench *bench, double work, double cycles)
{
    return work / cycles * bench->clock_mhz * 1e6 * 1e-12;
}

// ---- Kinds ------------------------------------------------------------------------------------------------------

static const struct w4_loop *find_loop(const char *name)
{
    for (size_t i = 0; i < w4_loop_count; ++i)
        if (strcmp(w4_loops[i].name, name) == 0)
            return &w4_loops[i];
    return NULL;
}

// Cycles an iteration and SIMD, launched as published: workgroups of 8 waves, 16 waves a SIMD; "1 wave": workgroups of
// 4, one a WGP.
static enum w4_status run_loop(struct bench *bench, const char *name, double *figure, struct w4_error *error)
{
    const struct w4_loop *loop = find_loop(name);
    if (!loop)
        return w4_fail(error, W4_NOT_FOUND, "validation/kernels/loops.c has no loop \"%s\"", name);
    const unsigned waves_a_simd = loop->one_wave ? 1 : 16;
    const unsigned waves_a_group = loop->one_wave ? 4 : 8;
    const uint32_t grid[3] = {SIMDS * waves_a_simd / waves_a_group, 1, 1};
    const uint32_t iterations[2] = {LOOP_SHORT, LOOP_LONG};
    struct w4_loop_args args = {0};
    w4_function function = NULL;
    double cycles[2] = {0};
    enum w4_status status =
        load_own(bench, loop->wave64 ? "loops-wave64.hsaco" : "loops-wave32.hsaco", loop->symbol, &function, error);
    if (status == W4_OK)
        status = add_buffer(bench, W4_LOOP_BUFFER_BYTES, &args.buffer, error);
    for (int i = 0; i < 2 && status == W4_OK; ++i) {
        args.iterations = iterations[i];
        status = launch(bench, function, grid, waves_a_group * (loop->wave64 ? 64 : 32), &args, sizeof(args),
                        &cycles[i], error);
    }
    *figure = (cycles[1] - cycles[0]) / (LOOP_LONG - LOOP_SHORT) / waves_a_simd;
    return status;
}

static enum w4_status loop_figure(struct bench *bench, const struct w4_validation_row *row, double *figure,
                                  struct w4_error *error)
{
    return run_loop(bench, row->name, figure, error);
}

// TFLOPS of the matrix units alone, from the published loop of nothing but WMMA.
static enum w4_status wmma_figure(struct bench *bench, double *figure, struct w4_error *error)
{
    double cycles = 0;
    enum w4_status status = run_loop(bench, "wmma_f32_16x16x16_f16", &cycles, error);
    *figure = tera_a_second(bench, (double)SIMDS * 2 * 16 * 16 * 16, cycles);
    return status;
}

// Cycles to read `bytes` a number of times.
static enum w4_status run_read(struct bench *bench, w4_function function, uint64_t bytes, uint32_t passes,
                               struct w4_read_args *args, double *cycles, struct w4_error *error)
{
    const uint32_t grid[3] = {READ_GROUPS, 1, 1};
    args->bytes_a_group = (uint32_t)(bytes / READ_GROUPS / W4_READ_STEP * W4_READ_STEP);
    args->passes = passes;
    return launch(bench, function, grid, W4_READ_THREADS, args, sizeof(*args), cycles, error);
}

// GB/s of a memory level, from two launches of which the second reads more: of fresh memory, or the same again. The
// first passes over memory that is to stay in the MALL fetch it from DRAM, beside which MALL reads cost nothing.
struct read_plan {
    struct {
        uint64_t bytes;
        uint32_t passes;
    } launches[2];
};

static enum w4_status read_figure(struct bench *bench, const struct read_plan *plan, double *figure,
                                  struct w4_error *error)
{
    struct w4_read_args args = {0};
    w4_function function = NULL;
    double cycles[2] = {0};
    double moved[2] = {0};
    enum w4_status status = load_own(bench, "read.hsaco", "w4_read", &function, error);
    if (status == W4_OK)
        status = add_buffer(bench, plan->launches[1].bytes, &args.data, error);
    if (status == W4_OK)
        status = add_buffer(bench, (uint64_t)READ_GROUPS * W4_READ_THREADS * sizeof(uint32_t), &args.result, error);
    for (int i = 0; i < 2 && status == W4_OK; ++i) {
        status = run_read(bench, function, plan->launches[i].bytes, plan->launches[i].passes, &args, &cycles[i], error);
        moved[i] = (double)args.bytes_a_group * (double)READ_GROUPS * args.passes;
    }
    *figure = 1e3 * tera_a_second(bench, moved[1] - moved[0], cycles[1] - cycles[0]);
    return status;
}

static enum w4_status dram_figure(struct bench *bench, double *figure, struct w4_error *error)
{
    static const struct read_plan plan = {{{DRAM_BYTES / 2, 1}, {DRAM_BYTES, 1}}};
    return read_figure(bench, &plan, figure, error);
}

static enum w4_status mall_figure(struct bench *bench, double *figure, struct w4_error *error)
{
    static const struct read_plan plan = {{{MALL_BYTES, 8}, {MALL_BYTES, 16}}};
    return read_figure(bench, &plan, figure, error);
}

static enum w4_status ceiling_figure(struct bench *bench, const struct w4_validation_row *row, double *figure,
                                     struct w4_error *error)
{
    static const struct {
        const char *name;
        enum w4_status (*figure)(struct bench *, double *, struct w4_error *);
    } ceilings[] = {{"wmma_fp16", wmma_figure}, {"dram_read", dram_figure}, {"mall_read", mall_figure}};
    for (size_t i = 0; i < sizeof(ceilings) / sizeof(ceilings[0]); ++i)
        if (strcmp(ceilings[i].name, row->name) == 0)
            return ceilings[i].figure(bench, figure, error);
    return w4_fail(error, W4_NOT_FOUND, "no kernel runs into the ceiling \"%s\"", row->name);
}

static double gemm_flop(const struct w4_shape *shape)
{
    return 2.0 * (double)shape->m * (double)shape->n * (double)shape->k;
}

static enum w4_status row_stride_figure(struct bench *bench, const struct w4_validation_row *row, double *figure,
                                        struct w4_error *error)
{
    const struct w4_shape *shape = &row->shape;
    const uint32_t grid[3] = {(uint32_t)shape->m / W4_ROW_STRIDE_TILE, (uint32_t)shape->n / W4_ROW_STRIDE_TILE, 1};
    struct w4_row_stride_args args = {.k = (uint32_t)shape->k,
                                      // Only B's stride is to matter: dense rows of A would lie on few channels too.
                                      .a_stride = (uint32_t)shape->k * 2 + W4_ROW_STRIDE_A_PADDING,
                                      .b_stride = (uint32_t)row->row_stride_bytes,
                                      .c_stride = (uint32_t)shape->n * 2};
    w4_function function = NULL;
    double cycles = 0;
    if (shape->m % W4_ROW_STRIDE_TILE || shape->n % W4_ROW_STRIDE_TILE || shape->k % W4_ROW_STRIDE_K ||
        row->row_stride_bytes < shape->k * 2)
        return w4_fail(error, W4_RANGE, "sizes must be multiples of %d and rows must not overlap", W4_ROW_STRIDE_TILE);
    enum w4_status status = load_own(bench, "row_stride.hsaco", "w4_row_stride", &function, error);
    if (status == W4_OK)
        status = add_buffer(bench, (uint64_t)shape->m * args.a_stride, &args.a, error);
    if (status == W4_OK)
        status = add_buffer(bench, (uint64_t)shape->n * args.b_stride, &args.b, error);
    if (status == W4_OK)
        status = add_buffer(bench, (uint64_t)shape->m * args.c_stride, &args.c, error);
    if (status == W4_OK)
        status = launch(bench, function, grid, W4_ROW_STRIDE_THREADS, &args, sizeof(args), &cycles, error);
    *figure = tera_a_second(bench, gemm_flop(shape), cycles);
    return status;
}

static enum w4_status missing(struct bench *bench, struct w4_error *error, const char *why)
{
    bench->outcome->state = W4_VALIDATION_MISSING;
    return w4_fail(error, W4_NOT_FOUND, "%s", why);
}

// The variant that the rule table chooses; a table or variant that this build lacks makes the row a missing one.
static enum w4_status choose(struct bench *bench, const char *kernel, const struct w4_shape *shape,
                             const struct w4_variant **variant, struct w4_error *error)
{
    const struct w4_validation_setup *setup = bench->setup;
    struct w4_rules *rules = NULL;
    struct w4_error reason = {0};
    if (!setup->manifest)
        return missing(bench, error, setup->manifest_error);
    enum w4_status status = w4_rules_load(setup->heuristics, kernel, &rules, &reason);
    if (status == W4_OK)
        status = w4_rules_choose(rules, setup->manifest, shape, variant, &reason);
    w4_rules_destroy(rules);
    if (status == W4_NOT_FOUND)
        return missing(bench, error, reason.message);
    return status == W4_OK ? W4_OK : w4_fail(error, status, "%s", reason.message);
}

static enum w4_status add_operands(struct bench *bench, const struct w4_shape *shape,
                                   struct w4_gemm_addresses *addresses, struct w4_error *error)
{
    const uint64_t scales = (uint64_t)(shape->n * shape->scale_pitch) * sizeof(uint16_t);
    enum w4_status status =
        add_buffer(bench, (uint64_t)(shape->m * shape->a_pitch) * sizeof(uint16_t), &addresses->a, error);
    if (status == W4_OK)
        status = add_buffer(bench, (uint64_t)(shape->n * shape->w_pitch) * sizeof(uint32_t), &addresses->w, error);
    if (status == W4_OK)
        status = add_buffer(bench, scales, &addresses->scales, error);
    if (status == W4_OK)
        status = add_buffer(bench, shape->zero_point ? scales : 0, &addresses->zeros, error);
    if (status == W4_OK)
        status = add_buffer(bench, (uint64_t)(shape->m * shape->c_pitch) * sizeof(uint16_t), &addresses->c, error);
    return status;
}

static enum w4_status gemm_figure(struct bench *bench, const struct w4_validation_row *row, double *figure,
                                  struct w4_error *error)
{
    const char *kernel = bench->setup->validation->series[row->series].kernel;
    const struct w4_variant *variant = NULL;
    struct w4_shape shape = row->shape;
    struct w4_gemm_addresses addresses = {0};
    struct w4_gemm_launch gemm;
    w4_function function = NULL;
    double cycles = 0;
    enum w4_status status = w4_shape_check(&shape, error);
    if (status == W4_OK)
        status = choose(bench, kernel, &shape, &variant, error);
    if (status == W4_OK)
        status = load(bench, variant->code_object, variant->symbol, &function, error);
    if (status == W4_OK)
        status = add_operands(bench, &shape, &addresses, error);
    if (status == W4_OK)
        status = w4_gemm_launch_of(variant, &shape, &addresses, &gemm, error);
    if (status == W4_OK)
        status = w4_gemm_launch_run(bench->device, function, &gemm, error);
    if (status == W4_OK)
        status = last_cycles(bench, &cycles, error);
    *figure = tera_a_second(bench, gemm_flop(&shape), cycles);
    return status;
}

static double now_seconds(void)
{
    struct timespec time;
    return clock_gettime(CLOCK_MONOTONIC, &time) == 0 ? (double)time.tv_sec + 1e-9 * (double)time.tv_nsec : 0;
}

void w4_validation_run_row(const struct w4_validation_setup *setup, const struct w4_validation_row *row,
                           struct w4_validation_outcome *outcome)
{
    static enum w4_status (*const figures[W4_VALIDATION_KIND_COUNT])(struct bench *, const struct w4_validation_row *,
                                                                     double *, struct w4_error *) = {
        [W4_VALIDATION_LOOP] = loop_figure,
        [W4_VALIDATION_CEILING] = ceiling_figure,
        [W4_VALIDATION_ROW_STRIDE] = row_stride_figure,
        [W4_VALIDATION_GEMM] = gemm_figure,
    };
    struct w4_error error = {0};
    struct bench bench = {
        .setup = setup, .outcome = outcome, .clock_mhz = setup->clock_mhz > 0 ? setup->clock_mhz : row->clock_mhz};
    const double start = now_seconds();
    *outcome = (struct w4_validation_outcome){.state = W4_VALIDATION_FAILED};
    enum w4_status status = open_bench(&bench, &error);
    if (status == W4_OK)
        status = figures[setup->validation->series[row->series].kind](&bench, row, &outcome->model, &error);
    close_bench(&bench);
    outcome->host_seconds = now_seconds() - start;
    if (status == W4_OK && !(outcome->model > 0))
        status = w4_fail(&error, W4_INTERNAL, "the model's figure is %g", outcome->model);
    if (status == W4_OK)
        outcome->state = W4_VALIDATION_DONE;
    else
        w4_text_copy(outcome->message, sizeof(outcome->message), error.message);
}
