// `profile`: one case in modelled time, and what every instruction of its kernel waited for.
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "commands.h"
#include "evaluation.h"
#include "interrupt.h"
#include "runner.h"
#include "text.h"
#include "verify.h"

// The selection with the case named on the command line.
static enum w4_status select_case(const struct w4_options *given, struct w4_options *options, struct w4_error *error)
{
    *options = *given;
    if (!options->suite)
        options->suite = W4_DEFAULT_SUITE;
    if (given->positional_count && given->filter)
        return w4_fail(error, W4_USAGE, "profile: the case is named twice, by \"%s\" and by --filter",
                       given->positionals[0]);
    if (given->positional_count)
        options->filter = given->positionals[0];
    if (given->format_given && given->format != W4_FORMAT_TABLE && given->format != W4_FORMAT_JSON)
        return w4_fail(error, W4_USAGE, "profile: --format wants table or json");
    return W4_OK;
}

// An id names one case also where it is a part of others' ids.
static size_t find_exact(const struct w4_cases *cases, const char *id)
{
    for (size_t i = 0; i < cases->count && id; ++i)
        if (strcmp(cases->items[i].id, id) == 0)
            return i;
    return cases->count == 1 ? 0 : cases->count;
}

static enum w4_status choose_case(const struct w4_context *context, struct w4_run *run, struct w4_error *error)
{
    struct w4_cases cases = {0};
    enum w4_status status = w4_context_cases(context, &cases, error);
    if (status != W4_OK)
        return status;
    const size_t chosen = find_exact(&cases, context->options->filter);
    if (chosen == cases.count) {
        status = w4_fail(error, W4_USAGE,
                         "profile wants one case, and %zu match, from %s to %s; name one (w4bench list shows them)",
                         cases.count, cases.items[0].id, cases.items[cases.count - 1].id);
    } else {
        run->cases = calloc(1, sizeof(*run->cases));
        if (run->cases) {
            run->case_count = 1;
            run->cases[0].test = cases.items[chosen];
        } else {
            status = w4_fail(error, W4_MEMORY, "out of memory for a case");
        }
    }
    w4_cases_fini(&cases);
    return status;
}

static enum w4_status open_device(struct w4_runner *runner, struct w4_error *error)
{
    const struct w4_options *options = runner->context->options;
    enum w4_status status = w4_device_open(options->device ? options->device : "emulator", &runner->device, error);
    if (status != W4_OK)
        return status;
    runner->info = w4_device_info(runner->device);
    struct w4_error ignored = {0};
    if (w4_device_set_timing_model(runner->device, W4_MODEL_CYCLES, &ignored) != W4_OK ||
        !w4_device_set_profile(runner->device, options->trace != NULL))
        return w4_fail(error, W4_USAGE,
                       "profile: %s has no timing model to profile with; use --device emulator (on a GPU: rocprofv3)",
                       runner->info->key);
    if (options->clock_mhz > 0)
        w4_device_set_clock_mhz(runner->device, options->clock_mhz);
    return W4_OK;
}

static enum w4_status launch_case(struct w4_runner *runner, uint64_t c, struct w4_error *error)
{
    struct w4_runner_launch launch = {runner, &runner->plan[0], c};
    enum w4_status status = w4_interrupt_install(runner->device, error);
    if (status != W4_OK)
        return status;
    status = w4_runner_launch_copy(&launch, 0, error);
    if (status == W4_OK)
        status = w4_device_synchronize(runner->device, error);
    w4_interrupt_remove();
    return status;
}

static void write_head(const struct w4_result *result, const struct emu_launch_report *report)
{
    const struct w4_shape *shape = &result->test.shape;
    const double flop = 2.0 * (double)shape->m * (double)shape->n * (double)shape->k;
    const double rate = flop / report->cycles / W4_GFX1151_CUS;
    printf("case %s: %lld x %lld x %lld, %s\n", result->test.id, (long long)shape->m, (long long)shape->n,
           (long long)shape->k, result->variant);
    printf("%.2f TFLOPS modelled, %.0f FLOP/clk/CU (%.0f %% of %.0f)\n", flop / report->milliseconds * 1e-9, rate,
           100 * rate / W4_WMMA_CEILING_FLOP_PER_CLOCK_CU, W4_WMMA_CEILING_FLOP_PER_CLOCK_CU);
}

static enum w4_status write_json(const struct w4_result *result, const char *profile, struct w4_error *error)
{
    json_t *root =
        json_pack("{s:i, s:s, s:s, s:s, s:o}", "schema", 1, "case", result->test.id, "variant", result->variant,
                  "code_object_hash", result->code_object_hash, "profile", json_loads(profile, 0, NULL));
    const int failed = !root || json_dumpf(root, stdout, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(9)) ||
                       putchar('\n') == EOF;
    json_decref(root);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory (or disk) while writing the profile") : W4_OK;
}

static enum w4_status write_profile(const struct w4_runner *runner, const struct w4_result *result,
                                    struct w4_error *error)
{
    const struct w4_options *options = runner->context->options;
    const bool json = options->format == W4_FORMAT_JSON;
    const char *profile = w4_device_last_profile(runner->device, json ? EMU_PROFILE_JSON : EMU_PROFILE_TEXT);
    const char *trace = w4_device_last_profile(runner->device, EMU_PROFILE_TRACE);
    struct emu_launch_report report;
    if (!profile || (options->trace && !trace) || !w4_device_last_launch(runner->device, &report))
        return w4_fail(error, W4_DEVICE, "%s gave no profile of the launch", runner->info->key);
    if (options->trace) {
        const enum w4_status status = w4_file_write_atomic(options->trace, trace, strlen(trace), error);
        if (status != W4_OK)
            return status;
        fprintf(stderr, "trace: %s (open it in https://ui.perfetto.dev or chrome://tracing)\n", options->trace);
    }
    if (json)
        return write_json(result, profile, error);
    write_head(result, &report);
    fputs(profile, stdout);
    return W4_OK;
}

static enum w4_status profile_case(struct w4_runner *runner, struct w4_run *run, struct w4_error *error)
{
    struct w4_result *result = &run->cases[0];
    struct w4_c_layout layout;
    uint64_t c = 0;
    enum w4_status status = w4_runner_plan(runner, run, error);
    if (status != W4_OK)
        return status;
    if (!runner->plan[0].variant)
        return w4_fail(error, W4_NOT_FOUND, "%s: %s", result->test.id, result->message);
    status = w4_runner_operands(runner, &result->test.shape, (uint64_t)runner->context->options->seed, error);
    if (status == W4_OK)
        status = w4_c_layout_of(&result->test.shape, &result->tile, &layout, error);
    if (status == W4_OK)
        status = w4_device_malloc(runner->device, layout.head_bytes + layout.c_bytes + layout.tail_bytes, &c, error);
    if (status == W4_OK)
        status = launch_case(runner, c + layout.head_bytes, error);
    if (status == W4_OK)
        status = write_profile(runner, result, error);
    if (c)
        (void)w4_device_free(runner->device, c, NULL); // the device is closed next
    return status;
}

enum w4_status w4_command_profile(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    struct w4_options options;
    struct w4_context changed = *context;
    struct w4_runner runner = {.context = &changed};
    struct w4_run run = {0};
    changed.options = &options;
    enum w4_status status = select_case(context->options, &options, error);
    if (status == W4_OK)
        status = choose_case(&changed, &run, error);
    if (status == W4_OK)
        status = open_device(&runner, error);
    if (status == W4_OK)
        status = profile_case(&runner, &run, error);
    if (runner.device) {
        w4_runner_drop_operands(&runner);
        w4_runner_unload(&runner);
        w4_device_close(runner.device);
    }
    w4_run_fini(&run);
    *exit_code = 0;
    return status;
}
