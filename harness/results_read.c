// Reads a result file strictly. What it accepts, gate and reports may rely on: unique case ids, valid shapes, positive
// samples.
#include <stdlib.h>
#include <string.h>

#include "../base/json.h"
#include "catalog.h"
#include "results.h"
#include "results_fields.h"
#include "results_measured.h"

enum { CASES_MAX = 1000000 };

void w4_run_fini(struct w4_run *run)
{
    for (size_t i = 0; i < run->case_count; ++i)
        w4_result_fini(&run->cases[i]);
    free(run->cases);
    run->cases = NULL;
    run->case_count = 0;
}

static enum w4_status read_group(const struct w4_json_at *parent, const char *key, void *base,
                                 const struct w4_field *fields, size_t count, struct w4_error *error)
{
    struct w4_json_at at;
    enum w4_status status = w4_json_member(parent, key, &at, error);
    return status == W4_OK ? w4_fields_read(&at, base, fields, count, NULL, error) : status;
}

static enum w4_status read_state(const struct w4_json_at *parent, enum w4_case_state *state, struct w4_error *error)
{
    struct w4_json_at at;
    const char *text = NULL;
    enum w4_status status = w4_json_member(parent, "state", &at, error);
    if (status == W4_OK)
        status = w4_json_string(&at, &text, error);
    if (status != W4_OK)
        return status;
    for (int i = W4_CASE_OK; i <= W4_CASE_INVALID; ++i) {
        if (strcmp(text, w4_case_state_name((enum w4_case_state)i)) == 0) {
            *state = (enum w4_case_state)i;
            return W4_OK;
        }
    }
    return w4_json_fail(&at, error, "\"%s\" is not a state (ok, wrong, error, skipped, invalid)", text);
}

static enum w4_status read_case(const struct w4_json_at *at, struct w4_result *result, struct w4_error *error)
{
    static const char *const extras[] = {"id",   "model",        "layer",   "kernel",     "state",    "shape",
                                         "tile", "verification", "derived", "samples_ms", "measured", "modelled",
                                         NULL};
    static const char *const rest[] = {"message",
                                       "variant",
                                       "code_object_hash",
                                       "cycles",
                                       "occupancy_waves_per_simd",
                                       "workgroups",
                                       "workgroups_run",
                                       "state",
                                       "shape",
                                       "tile",
                                       "derived",
                                       "verification",
                                       "samples_ms",
                                       "measured",
                                       "modelled",
                                       "host_seconds",
                                       NULL};
    struct w4_json_at group, shape;
    enum w4_status status = w4_fields_read(at, result, w4_result_fields, W4_COUNT(w4_result_fields), extras, error);
    if (status == W4_OK)
        status = w4_fields_read(at, &result->test, w4_case_fields, W4_COUNT(w4_case_fields), rest, error);
    if (status == W4_OK)
        status = read_state(at, &result->state, error);
    if (status == W4_OK)
        status = read_group(at, "shape", &result->test.shape, w4_shape_fields, W4_COUNT(w4_shape_fields), error);
    if (status == W4_OK)
        status = read_group(at, "tile", &result->tile, w4_tile_fields, W4_COUNT(w4_tile_fields), error);
    if (status == W4_OK)
        status = read_group(at, "verification", &result->verification, w4_verification_fields,
                            W4_COUNT(w4_verification_fields), error);
    if (status == W4_OK)
        status = w4_measured_read(at, result, error);
    w4_json_optional(at, "modelled", &group);
    if (status == W4_OK && group.value)
        status =
            w4_fields_read(&group, &result->modelled, w4_modelled_fields, W4_COUNT(w4_modelled_fields), NULL, error);
    if (status != W4_OK)
        return status;
    struct w4_figures ignored;
    status = read_group(at, "derived", &ignored, w4_figure_fields, W4_COUNT(w4_figure_fields), error);
    struct w4_error inner = {0};
    if (status == W4_OK && w4_json_member(at, "shape", &shape, error) == W4_OK &&
        w4_shape_check(&result->test.shape, &inner) != W4_OK)
        return w4_json_fail(&shape, error, "%s", inner.message);
    return status;
}

static int compare_ids(const void *left, const void *right)
{
    const struct w4_result *const *a = left;
    const struct w4_result *const *b = right;
    return strcmp((*a)->test.id, (*b)->test.id);
}

static enum w4_status check_unique(const struct w4_run *run, const char *path, struct w4_error *error)
{
    if (run->case_count == 0)
        return W4_OK;
    const struct w4_result **sorted = calloc(run->case_count, sizeof(*sorted));
    if (!sorted)
        return w4_fail(error, W4_MEMORY, "%s: out of memory for %zu cases", path, run->case_count);
    for (size_t i = 0; i < run->case_count; ++i)
        sorted[i] = &run->cases[i];
    qsort(sorted, run->case_count, sizeof(*sorted), compare_ids);
    enum w4_status status = W4_OK;
    for (size_t i = 1; i < run->case_count && status == W4_OK; ++i) {
        if (strcmp(sorted[i - 1]->test.id, sorted[i]->test.id) == 0)
            status = w4_fail(error, W4_PARSE, "%s: case %s stands there twice: remove one", path, sorted[i]->test.id);
    }
    free(sorted);
    return status;
}

static enum w4_status read_cases(const struct w4_json_at *root, struct w4_run *run, struct w4_error *error)
{
    struct w4_json_at at;
    size_t length = 0;
    enum w4_status status = w4_json_member(root, "cases", &at, error);
    if (status == W4_OK)
        status = w4_json_array(&at, &length, error);
    if (status != W4_OK || length == 0)
        return status;
    if (length > CASES_MAX)
        return w4_json_fail(&at, error, "more than %d cases", (int)CASES_MAX);
    run->cases = calloc(length, sizeof(*run->cases));
    if (!run->cases)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu cases", length);
    run->case_count = length;
    for (size_t i = 0; i < length && status == W4_OK; ++i) {
        struct w4_json_at item = w4_json_item(&at, i);
        status = read_case(&item, &run->cases[i], error);
    }
    return status;
}

static enum w4_status read_run(const struct w4_json_at *root, struct w4_run *run, struct w4_error *error)
{
    static const char *const extras[] = {"schema",      "device", "toolchain", "options", "protocol",
                                         "fingerprint", "cases",  "gate",      NULL};
    int64_t schema = 0;
    struct w4_json_at at;
    enum w4_status status = w4_json_get_integer(root, "schema", 0, INT32_MAX, &schema, error);
    if (status != W4_OK)
        return status;
    w4_json_optional(root, "schema", &at);
    if (schema != W4_RESULTS_SCHEMA)
        return w4_json_fail(&at, error, "a result file of schema %lld, and this w4bench reads schema %d: %s",
                            (long long)schema, (int)W4_RESULTS_SCHEMA,
                            schema < W4_RESULTS_SCHEMA ? "run again, or use the older w4bench that wrote it"
                                                       : "use the newer w4bench that wrote it");
    status = w4_fields_read(root, run, w4_run_fields, W4_COUNT(w4_run_fields), extras, error);
    if (status == W4_OK)
        status = read_group(root, "device", &run->device, w4_device_fields, W4_COUNT(w4_device_fields), error);
    if (status == W4_OK)
        status =
            read_group(root, "toolchain", &run->toolchain, w4_toolchain_fields, W4_COUNT(w4_toolchain_fields), error);
    if (status == W4_OK)
        status = read_group(root, "options", &run->options, w4_option_fields, W4_COUNT(w4_option_fields), error);
    if (status == W4_OK)
        status = read_group(root, "protocol", &run->protocol, w4_protocol_fields, W4_COUNT(w4_protocol_fields), error);
    w4_json_optional(root, "gate", &at); // only a run whose gate was live has it
    if (status == W4_OK && at.value)
        status = w4_fields_read(&at, &run->gate_plan, w4_gate_plan_fields, W4_COUNT(w4_gate_plan_fields), NULL, error);
    if (status == W4_OK)
        status = read_group(root, "fingerprint", &run->fingerprint, w4_fingerprint_fields,
                            W4_COUNT(w4_fingerprint_fields), error);
    if (status == W4_OK)
        status = read_cases(root, run, error);
    return status;
}

enum w4_status w4_run_load(const char *path, struct w4_run *run, struct w4_error *error)
{
    memset(run, 0, sizeof(*run));
    struct w4_json file;
    enum w4_status status = w4_json_load(&file, path, error);
    if (status != W4_OK)
        return status;
    struct w4_json_at root = w4_json_root(&file);
    status = read_run(&root, run, error);
    w4_json_fini(&file);
    if (status == W4_OK)
        status = check_unique(run, path, error);
    if (status != W4_OK)
        w4_run_fini(run);
    return status;
}
