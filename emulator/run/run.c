// Carries out a plan: loads the code object, makes the buffers and the arguments, launches, reports.
#include "plan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../base/file.h"
#include "../checks/checks.h"
#include "../checks/finding.h"
#include "../launch.h"
#include "../profile/profile.h"

#define MEMORY_BYTES    (UINT64_C(64) << 30)
#define CODE_OBJECT_MAX ((size_t)2 << 30)

static enum w4_status make_buffers(struct plan *plan, struct emu_memory *memory, struct w4_error *error)
{
    for (size_t i = 0; i < plan->buffer_count; i++) {
        struct plan_buffer *buffer = &plan->buffers[i];
        struct stat info;
        if (buffer->bytes == 0 && stat(buffer->file, &info) == 0)
            buffer->bytes = (uint64_t)info.st_size;
        if (buffer->bytes == 0)
            return w4_fail(error, W4_IO, "%s: no such file, or it is empty", buffer->file);
        buffer->memory = emu_memory_alloc(memory, buffer->bytes, EMU_RANGE_BUFFER);
        if (!buffer->memory)
            return w4_fail(error, W4_MEMORY, "buffer %s: no %llu bytes of memory", buffer->name,
                           (unsigned long long)buffer->bytes);
        enum w4_status status = plan_fill_buffer(buffer, buffer->memory, error);
        if (status != W4_OK)
            return status;
    }
    return W4_OK;
}

// Where the next value goes: explicit arguments in the metadata's order. A by-value structure takes as many values as
// fit into it, each naturally aligned, as a C compiler lays them out.
struct cursor {
    const struct co_kernel *kernel;
    size_t index;    // metadata argument
    uint32_t inside; // bytes of it that are taken
};

static bool next_argument(struct cursor *cursor)
{
    const struct co_kernel *kernel = cursor->kernel;
    while (cursor->index < kernel->arg_count && (kernel->args[cursor->index].kind >= CO_ARG_HIDDEN_BLOCK_COUNT_X ||
                                                 cursor->inside >= kernel->args[cursor->index].size)) {
        cursor->index++;
        cursor->inside = 0;
    }
    return cursor->index < kernel->arg_count;
}

// A 4-byte integer may stand for a narrower argument when its value fits.
static bool fits_narrow(const struct plan_arg *arg, uint32_t bytes)
{
    const unsigned bits = bytes * 8;
    const int64_t value = (int32_t)arg->value;
    return arg->kind == PLAN_ARG_INTEGER && arg->bytes == 4 && bytes < 4 &&
           (((uint32_t)arg->value >> bits) == 0 || (value < 0 && value >= -(INT64_C(1) << (bits - 1))));
}

static enum w4_status put_argument(const struct plan *plan, size_t index, struct cursor *cursor, uint8_t *block,
                                   struct w4_error *error)
{
    const struct plan_arg *arg = &plan->args[index];
    if (!next_argument(cursor))
        return w4_fail(error, W4_RANGE, "args[%zu]: kernel %s takes no more arguments", index, plan->kernel);
    const struct co_arg *slot = &cursor->kernel->args[cursor->index];
    uint32_t bytes = arg->bytes;
    if (cursor->inside == 0 && fits_narrow(arg, slot->size))
        bytes = slot->size;
    const uint32_t at = (cursor->inside + bytes - 1) / bytes * bytes;
    const bool pointer = slot->kind == CO_ARG_GLOBAL_BUFFER || slot->kind == CO_ARG_DYNAMIC_SHARED_POINTER;
    if (at + bytes > slot->size || (pointer && arg->bytes != slot->size))
        return w4_fail(error, W4_RANGE, "args[%zu]: %u bytes do not fit argument %zu of kernel %s (%s, %u bytes)",
                       index, arg->bytes, cursor->index, plan->kernel, pointer ? "pointer" : "by value", slot->size);
    uint64_t value = arg->value;
    if (arg->kind == PLAN_ARG_BUFFER)
        value = (uint64_t)(uintptr_t)plan->buffers[arg->buffer].memory;
    memcpy(block + slot->offset + at, &value, bytes);
    cursor->inside = at + bytes;
    return W4_OK;
}

static enum w4_status make_arguments(const struct plan *plan, const struct co_kernel *kernel, uint8_t *block,
                                     size_t *bytes, struct w4_error *error)
{
    struct cursor cursor = {.kernel = kernel};
    *bytes = 0;
    for (size_t i = 0; i < plan->arg_count; i++) {
        enum w4_status status = put_argument(plan, i, &cursor, block, error);
        if (status != W4_OK)
            return status;
    }
    // A structure may end in padding or unused members.
    if (cursor.inside) {
        cursor.index++;
        cursor.inside = 0;
    }
    if (next_argument(&cursor))
        return w4_fail(error, W4_RANGE, "args: argument %zu of kernel %s (%u bytes) is missing", cursor.index,
                       plan->kernel, kernel->args[cursor.index].size);
    for (size_t i = 0; i < kernel->arg_count; i++)
        if (kernel->args[i].kind < CO_ARG_HIDDEN_BLOCK_COUNT_X &&
            (size_t)kernel->args[i].offset + kernel->args[i].size > *bytes)
            *bytes = (size_t)kernel->args[i].offset + kernel->args[i].size;
    return W4_OK;
}

static json_t *class_counts(const struct emu_launch_result *result)
{
    json_t *counts = json_object();
    for (unsigned c = 0; counts && c < EMU_C_COUNT; c++)
        if (result->class_counts[c])
            json_object_set_new(counts, emu_class_names[c], json_integer((json_int_t)result->class_counts[c]));
    return counts;
}

static const char *model_label(const struct emu_launch_params *params)
{
    return params->model == EMU_MODEL_CYCLES ? EMU_CYCLES_LABEL : emu_timing_issue.label;
}

// One number a name; the issue-only model has none.
static json_t *shares(const struct emu_launch_params *params, const char *const *names, const double *values,
                      unsigned count)
{
    json_t *object = json_object();
    for (unsigned i = 0; object && i < count && params->model == EMU_MODEL_CYCLES; i++)
        json_object_set_new(object, names[i], json_real(values[i]));
    return object;
}

// What checks found, and the fault that ended the launch (NULL: none), also as lines on standard error.
static json_t *list_checks(const struct emu_launch_params *params, const char *fault, bool *fired)
{
    json_t *checks = json_array();
    size_t count = 0;
    const struct emu_finding *findings = params->checker ? emu_checker_findings(params->checker, &count) : NULL;
    for (size_t i = 0; i < count; i++) {
        char text[1024];
        emu_finding_message(params, &findings[i], text, sizeof text);
        fprintf(stderr, "gfx1151-run: %s\n", text);
        json_array_append_new(checks, json_pack("{ss,ss,sI}", "kind", emu_check_names[findings[i].kind], "text", text,
                                                "count", (json_int_t)findings[i].count));
    }
    if (fault) {
        fprintf(stderr, "gfx1151-run: %s\n", fault);
        json_array_append_new(checks, json_pack("{ss,ss}", "kind", "fault", "text", fault));
    }
    *fired = count > 0 || fault;
    return checks;
}

// Prints the report. A fault appears as a check that fired. Takes over `profile` (NULL: none).
static enum w4_status print_report(const struct plan *plan, const struct emu_launch_params *params,
                                   const struct emu_launch_result *result, const char *fault, json_t *profile,
                                   bool *fired, struct w4_error *error)
{
    const bool timed = (plan->mode == PLAN_TIMING || plan->mode == PLAN_FUNCTION_TIMING) && !fault;
    json_t *checks = list_checks(params, fault, fired), *root = json_object();
    const double rate = result->host_seconds > 0 ? (double)result->wave_instructions / result->host_seconds : 0;
    const struct {
        const char *key;
        json_t *value;
    } members[] = {
        {"kernel", json_string(plan->kernel)},
        {"workgroups", json_integer((json_int_t)result->workgroups)},
        {"workgroups_run", json_integer((json_int_t)result->workgroups_run)},
        {"wave_instructions", json_integer((json_int_t)result->wave_instructions)},
        {"wave_instructions_per_second", json_real(rate)},
        {"host_seconds", json_real(result->host_seconds)},
        {"model", timed ? json_string(model_label(params)) : json_null()},
        {"cycles", timed ? json_real(result->timing.cycles) : json_null()},
        {"clock_mhz", timed ? json_real(result->timing.clock_mhz) : json_null()},
        {"milliseconds", timed ? json_real(result->timing.milliseconds) : json_null()},
        {"occupancy_waves_per_simd", timed ? json_real(result->timing.waves_a_simd) : json_null()},
        {"limiter", timed ? json_string(result->timing.limiter) : json_null()},
        {"stalls", timed ? shares(params, emu_stall_names, result->cycles.share, EMU_STALL_COUNT) : json_object()},
        {"bytes", timed ? shares(params, emu_level_names, result->cycles.bytes, EMU_LEVEL_COUNT) : json_object()},
        {"instructions", class_counts(result)},
        {"checks", checks},
    };
    bool complete = root != NULL;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        complete = json_object_set_new(root, members[i].key, members[i].value) == 0 && complete;
    if (profile)
        complete = json_object_set_new(root, "profile", profile) == 0 && complete;
    enum w4_status status = W4_OK;
    if (!complete)
        status = w4_fail(error, W4_MEMORY, "out of memory for the report");
    else if (json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) != 0 || putchar('\n') == EOF ||
             fflush(stdout) != 0)
        status = w4_fail(error, W4_IO, "standard output: cannot write the report");
    json_decref(root);
    return status;
}

static enum w4_status write_trace(const struct emu_profile *profile, const char *path, struct w4_error *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return w4_fail(error, W4_MEMORY, "%s: out of memory for the trace", path);
    emu_profile_write_trace(profile, stream);
    const enum w4_status status = fclose(stream) == 0
                                      ? w4_file_write_atomic(path, text, size, error)
                                      : w4_fail(error, W4_MEMORY, "%s: out of memory for the trace", path);
    free(text);
    return status;
}

// After a launch that went well: writes what was asked for; *json is the profile for the report.
static enum w4_status report_profile(struct emu_profile *profile, const struct plan_options *options,
                                     const struct emu_launch_params *params, const struct emu_launch_result *result,
                                     json_t **json, struct w4_error *error)
{
    enum w4_status status = emu_profile_finish(profile, params, result, error);
    if (status == W4_OK && options->trace)
        status = write_trace(profile, options->trace, error);
    if (status != W4_OK || !options->profile)
        return status;
    emu_profile_write_text(profile, stderr);
    *json = emu_profile_to_json(profile);
    return *json ? W4_OK : w4_fail(error, W4_MEMORY, "out of memory for the profile");
}

static enum w4_status write_dumps(const struct plan *plan, struct w4_error *error)
{
    for (size_t i = 0; i < plan->buffer_count; i++) {
        const struct plan_buffer *buffer = &plan->buffers[i];
        if (!buffer->dump)
            continue;
        enum w4_status status = w4_file_write_atomic(buffer->dump, buffer->memory, (size_t)buffer->bytes, error);
        if (status != W4_OK)
            return status;
    }
    return W4_OK;
}

static struct emu_launch_params params_of(const struct plan *plan, const struct plan_options *options,
                                          const struct emu_module *module, const struct co_kernel *kernel)
{
    const bool timed = plan->mode == PLAN_TIMING || plan->mode == PLAN_FUNCTION_TIMING;
    struct emu_launch_params params = {
        .module = module,
        .kernel = kernel,
        .dynamic_lds_bytes = plan->dynamic_lds_bytes,
        .list = plan->list,
        .list_count = plan->list_count,
        .sample = plan->sample,
        .threads = options->threads,
        .instruction_limit = emu_instruction_limit_setting(),
        .clock_mhz = options->clock_mhz,
        .model = options->cycles && timed ? EMU_MODEL_CYCLES : EMU_MODEL_ISSUE,
        .timing = &options->timing,
        .instruction_budget = options->simulate_all ? UINT64_MAX : 0,
    };
    for (int i = 0; i < 3; i++) {
        params.block[i] = plan->block[i];
        params.grid[i] = (uint64_t)plan->grid[i] * plan->block[i];
    }
    return params;
}

// Launches with everything made that the launch needs, and reports.
static enum w4_status launch_and_report(struct plan *plan, const struct plan_options *options,
                                        struct emu_memory *memory, struct emu_launch_params *params,
                                        struct emu_profile *profile, bool *fired, struct w4_error *error)
{
    struct emu_launch_result result;
    struct w4_error fault = {0};
    json_t *json = NULL;
    enum w4_status status = emu_launch(memory, params, &result, &fault);
    const bool faulted = result.problem == EMU_LAUNCH_FAULT;
    if (status == W4_OK && profile)
        status = report_profile(profile, options, params, &result, &json, &fault);
    if (status != W4_OK && !faulted)
        (void)w4_fail(error, status, "%s", fault.message);
    else
        status = print_report(plan, params, &result, faulted ? fault.message : NULL, json, fired, error);
    emu_launch_result_fini(&result);
    return status;
}

static enum w4_status launch(struct plan *plan, const struct plan_options *options, struct emu_memory *memory,
                             const struct emu_module *module, bool *fired, struct w4_error *error)
{
    const struct co_kernel *kernel = co_object_find_kernel(&module->object, plan->kernel);
    if (!kernel)
        return w4_fail(error, W4_NOT_FOUND, "%s: no kernel %s; the first of %zu is %s", plan->code_object, plan->kernel,
                       module->object.kernel_count, module->object.kernel_count ? module->object.kernels[0].name : "-");
    struct emu_launch_params params = params_of(plan, options, module, kernel);
    const bool profiled = options->profile || options->trace;
    if (profiled && params.model != EMU_MODEL_CYCLES)
        return w4_fail(error, W4_USAGE, "mode: a profile or trace needs \"timing\" or \"function+timing\"");
    uint8_t *block = calloc(1, kernel->kernarg_bytes + 8);
    struct emu_profile *profile = profiled ? emu_profile_create(options->trace) : NULL;
    params.arguments = block;
    params.checker = plan->mode == PLAN_CHECK ? emu_checker_create(kernel->wgp_mode) : NULL;
    params.observer = profile ? emu_profile_observer(profile) : NULL;
    enum w4_status status = W4_OK;
    if (!block || (plan->mode == PLAN_CHECK && !params.checker) || (profiled && !profile))
        status = w4_fail(error, W4_MEMORY, "out of memory for the launch");
    if (status == W4_OK)
        status = make_buffers(plan, memory, error);
    if (status == W4_OK)
        status = make_arguments(plan, kernel, block, &params.argument_bytes, error);
    if (status == W4_OK)
        status = launch_and_report(plan, options, memory, &params, profile, fired, error);
    emu_checker_destroy(params.checker);
    emu_profile_destroy(profile);
    free(block);
    return status == W4_OK ? write_dumps(plan, error) : status;
}

enum w4_status plan_run(struct plan *plan, const struct plan_options *options, bool *fired, struct w4_error *error)
{
    char *bytes = NULL;
    size_t size;
    struct emu_module *module = NULL;
    struct emu_memory *memory = emu_memory_create(MEMORY_BYTES);
    *fired = false;
    enum w4_status status = memory ? W4_OK : w4_fail(error, W4_MEMORY, "out of memory");
    if (status == W4_OK)
        status = w4_file_read(plan->code_object, CODE_OBJECT_MAX, &bytes, &size, error);
    if (status == W4_OK)
        status = emu_module_create(memory, bytes, size, plan->code_object, &module, error);
    if (status == W4_OK && module->object.match == CO_MATCH_FAMILY)
        fprintf(stderr, "gfx1151-run: %s: compiled for %s; its encoding is gfx1151's, but not made for it\n",
                plan->code_object, module->object.target ? module->object.target : "another chip of the family");
    if (status == W4_OK)
        status = launch(plan, options, memory, module, fired, error);
    if (memory)
        emu_module_destroy(memory, module);
    emu_memory_destroy(memory);
    free(bytes);
    return status;
}
