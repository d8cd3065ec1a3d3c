// Request lines.
#include "request.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/json.h"
#include "../fields.h"
#include "../results_fields.h"

enum { DENOMINATOR_MAX = 128 };

static const struct w4_field request_fields[] = {
    W4_FIELD(struct w4_turn_request, device, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_turn_request, sensor_root, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_turn_request, manifest, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_turn_request, variant, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_turn_request, code_object_hash, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_turn_request, seed, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_turn_request, jobs, W4_FIELD_I64, 0),
    W4_FIELD(struct w4_turn_request, samples, W4_FIELD_I32, 1),
    W4_FIELD(struct w4_turn_request, injected_share, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_turn_request, launch_multiple, W4_FIELD_I32, 1),
};

struct group {
    const char *key;
    size_t offset;
    const struct w4_field *fields;
    size_t count;
};

static const struct group groups[] = {
    {"case", offsetof(struct w4_turn_request, test), w4_case_fields, W4_COUNT(w4_case_fields)},
    {"shape", offsetof(struct w4_turn_request, test.shape), w4_shape_fields, W4_COUNT(w4_shape_fields)},
    {"protocol", offsetof(struct w4_turn_request, protocol), w4_protocol_fields, W4_COUNT(w4_protocol_fields)},
};

char *w4_turn_request_write(const struct w4_turn_request *request)
{
    json_t *root = json_object();
    int failed = !root || w4_fields_write(root, request, request_fields, W4_COUNT(request_fields)) != 0;
    for (size_t i = 0; i < W4_COUNT(groups) && !failed; ++i) {
        json_t *object = json_object();
        failed = !object || w4_fields_write(object, (const char *)request + groups[i].offset, groups[i].fields,
                                            groups[i].count) != 0;
        failed |= json_object_set_new(root, groups[i].key, object) != 0;
    }
    char *line = failed ? NULL : json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(root);
    return line;
}

enum w4_status w4_turn_request_read(const char *line, struct w4_turn_request *request, struct w4_error *error)
{
    static const char *const extras[] = {"case", "shape", "protocol", NULL};
    struct w4_json file;
    memset(request, 0, sizeof(*request));
    enum w4_status status = w4_json_parse(&file, "request", line, error);
    if (status != W4_OK)
        return status;
    const struct w4_json_at root = w4_json_root(&file);
    status = w4_fields_read(&root, request, request_fields, W4_COUNT(request_fields), extras, error);
    for (size_t i = 0; i < W4_COUNT(groups) && status == W4_OK; ++i) {
        struct w4_json_at at;
        status = w4_json_member(&root, groups[i].key, &at, error);
        if (status == W4_OK)
            status =
                w4_fields_read(&at, (char *)request + groups[i].offset, groups[i].fields, groups[i].count, NULL, error);
    }
    w4_json_fini(&file);
    return status;
}

void w4_turn_injection(double share, int32_t *launches, int32_t *extra)
{
    const double wanted = share > 0 && share < 1 ? share / (1 - share) : 0;
    double best = INFINITY;
    *launches = 1;
    *extra = 0;
    // The smallest denominator that comes near enough; ties go to the smaller.
    for (int32_t denominator = 1; denominator <= DENOMINATOR_MAX && wanted > 0; ++denominator) {
        const double numerator = round(wanted * denominator);
        const double distance = fabs(numerator / denominator - wanted);
        if (numerator >= 1 && distance < best - 1e-12) {
            best = distance;
            *launches = denominator;
            *extra = (int32_t)numerator;
        }
    }
}
