// Writes a run as a result file: sorted, indented, atomic.
#include "../base/json.h"
#include "results.h"
#include "results_fields.h"
#include "results_measured.h"

// Adds a sub-object made from a field table.
static int set_group(json_t *parent, const char *key, const void *base, const struct w4_field *fields, size_t count)
{
    json_t *object = json_object();
    if (!object || w4_fields_write(object, base, fields, count) != 0) {
        json_decref(object);
        return -1;
    }
    return json_object_set_new(parent, key, object);
}

static json_t *result_to_json(const struct w4_result *result)
{
    struct w4_figures figures;
    w4_figures_of(result, &figures);
    json_t *object = json_object();
    if (!object)
        return NULL;
    int failed = w4_fields_write(object, &result->test, w4_case_fields, W4_COUNT(w4_case_fields));
    failed |= w4_fields_write(object, result, w4_result_fields, W4_COUNT(w4_result_fields));
    failed |= json_object_set_new(object, "state", json_string(w4_case_state_name(result->state)));
    failed |= set_group(object, "shape", &result->test.shape, w4_shape_fields, W4_COUNT(w4_shape_fields));
    failed |= set_group(object, "tile", &result->tile, w4_tile_fields, W4_COUNT(w4_tile_fields));
    failed |= set_group(object, "verification", &result->verification, w4_verification_fields,
                        W4_COUNT(w4_verification_fields));
    failed |= set_group(object, "derived", &figures, w4_figure_fields, W4_COUNT(w4_figure_fields));
    failed |= w4_measured_write(object, result);
    if (result->modelled.workgroups_timed)
        failed |= set_group(object, "modelled", &result->modelled, w4_modelled_fields, W4_COUNT(w4_modelled_fields));
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *run_to_json(const struct w4_run *run)
{
    json_t *root = json_object();
    json_t *cases = json_array();
    int failed = !root || !cases;
    for (size_t i = 0; !failed && i < run->case_count; ++i)
        failed = json_array_append_new(cases, result_to_json(&run->cases[i]));
    if (!failed) {
        failed |= json_object_set_new(root, "schema", json_integer(W4_RESULTS_SCHEMA));
        failed |= w4_fields_write(root, run, w4_run_fields, W4_COUNT(w4_run_fields));
        failed |= set_group(root, "device", &run->device, w4_device_fields, W4_COUNT(w4_device_fields));
        failed |= set_group(root, "toolchain", &run->toolchain, w4_toolchain_fields, W4_COUNT(w4_toolchain_fields));
        failed |= set_group(root, "options", &run->options, w4_option_fields, W4_COUNT(w4_option_fields));
        if (run->gate_plan.active)
            failed |= set_group(root, "gate", &run->gate_plan, w4_gate_plan_fields, W4_COUNT(w4_gate_plan_fields));
        failed |= set_group(root, "protocol", &run->protocol, w4_protocol_fields, W4_COUNT(w4_protocol_fields));
        failed |=
            set_group(root, "fingerprint", &run->fingerprint, w4_fingerprint_fields, W4_COUNT(w4_fingerprint_fields));
        failed |= json_object_set(root, "cases", cases);
    }
    json_decref(cases);
    if (failed) {
        json_decref(root);
        return NULL;
    }
    return root;
}

enum w4_status w4_run_save(const char *path, const struct w4_run *run, struct w4_error *error)
{
    json_t *root = run_to_json(run);
    if (!root)
        return w4_fail(error, W4_MEMORY, "%s: out of memory, or a text that is not UTF-8, while writing results", path);
    enum w4_status status = w4_json_write(path, root, error);
    json_decref(root);
    return status;
}
