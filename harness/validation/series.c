// Reads validation/series.json.
#include "series_internal.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../context.h"
#include "../text.h"

enum { QUICK_MAX = 1000000 };

const char *const w4_validation_kind_names[W4_VALIDATION_KIND_COUNT] = {
#define X(name, text) text,
    W4_VALIDATION_KINDS(X)
#undef X
};

static enum w4_status read_text(const struct w4_json_at *at, const char *key, char *out, size_t size,
                                struct w4_error *error)
{
    struct w4_json_at member;
    const char *text = NULL;
    enum w4_status status = w4_json_member(at, key, &member, error);
    if (status == W4_OK)
        status = w4_json_string(&member, &text, error);
    if (status == W4_OK && (!text[0] || !w4_text_copy(out, size, text)))
        status = w4_json_fail(&member, error, "must have 1 to %zu bytes", size - 1);
    return status;
}

static enum w4_status read_kind(const struct w4_json_at *at, struct w4_validation_series *series,
                                struct w4_error *error)
{
    struct w4_json_at member;
    const char *text = NULL;
    enum w4_status status = w4_json_member(at, "kind", &member, error);
    if (status == W4_OK)
        status = w4_json_string(&member, &text, error);
    if (status != W4_OK)
        return status;
    for (int i = 0; i < W4_VALIDATION_KIND_COUNT; ++i) {
        if (strcmp(text, w4_validation_kind_names[i]) == 0) {
            series->kind = (enum w4_validation_kind)i;
            return W4_OK;
        }
    }
    return w4_json_fail(&member, error, "\"%s\" is no kind (loop, ceiling, row_stride, gemm)", text);
}

static enum w4_status read_optional_bool(const struct w4_json_at *at, const char *key, bool *out,
                                         struct w4_error *error)
{
    struct w4_json_at member;
    w4_json_optional(at, key, &member);
    *out = false;
    return member.value ? w4_json_bool(&member, out, error) : W4_OK;
}

static enum w4_status read_target(const struct w4_json_at *at, struct w4_validation_target *target,
                                  struct w4_error *error)
{
    const struct {
        const char *key;
        double *value;
    } fields[] = {{"median", &target->median},
                  {"worst", &target->worst},
                  {"worst_pair", &target->worst_pair},
                  {"order_threshold", &target->order_threshold},
                  {"tau", &target->tau}};
    static const char *const keys[] = {"median", "worst", "worst_pair", "order_threshold", "tau", NULL};
    struct w4_json_at object, member;
    enum w4_status status = w4_json_member(at, "target", &object, error);
    if (status == W4_OK)
        status = w4_json_keys(&object, keys, error);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]) && status == W4_OK; ++i) {
        *fields[i].value = -1;
        w4_json_optional(&object, fields[i].key, &member);
        if (member.value)
            status = w4_json_real(&member, 0, 10, fields[i].value, error);
    }
    return status;
}

static enum w4_status read_head(const struct w4_json_at *at, struct w4_validation_series *series,
                                struct w4_error *error)
{
    static const char *const keys[] = {
        "name", "title",  "kind",   "data",   "where",       "label",    "columns",  "constants",
        "unit", "kernel", "fitted", "target", "quick_every", "relative", "optional", "minimum_weight_gbytes_per_s",
        NULL};
    enum w4_status status = w4_json_keys(at, keys, error);
    if (status == W4_OK)
        status = read_text(at, "name", series->name, sizeof(series->name), error);
    if (status == W4_OK)
        status = read_text(at, "title", series->title, sizeof(series->title), error);
    if (status == W4_OK)
        status = read_text(at, "unit", series->unit, sizeof(series->unit), error);
    if (status == W4_OK)
        status = read_text(at, "data", series->data, sizeof(series->data), error);
    if (status == W4_OK)
        status = read_kind(at, series, error);
    if (status == W4_OK && series->kind == W4_VALIDATION_GEMM)
        status = read_text(at, "kernel", series->kernel, sizeof(series->kernel), error);
    if (status == W4_OK)
        status = w4_json_get_bool(at, "fitted", &series->fitted, error);
    if (status == W4_OK)
        status = read_optional_bool(at, "relative", &series->relative, error);
    if (status == W4_OK)
        status = read_optional_bool(at, "optional", &series->optional, error);
    if (status == W4_OK)
        status = w4_json_get_integer(at, "quick_every", 0, QUICK_MAX, &series->quick_every, error);
    return status == W4_OK ? read_target(at, &series->target, error) : status;
}

static bool find_series(const struct w4_validation *validation, size_t count, const char *name, size_t *index)
{
    for (*index = 0; *index < count; ++*index)
        if (strcmp(validation->series[*index].name, name) == 0)
            return true;
    return false;
}

static enum w4_status read_series(struct w4_validation *validation, const char *folder, const struct w4_json_at *list,
                                  size_t count, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    validation->series = calloc(count + 1, sizeof(*validation->series));
    if (!validation->series)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu series", count);
    validation->series_count = count;
    for (size_t i = 0, other; i < count && status == W4_OK; ++i) {
        char path[W4_PATH_MAX];
        const struct w4_json_at at = w4_json_item(list, i);
        struct w4_validation_series *series = &validation->series[i];
        status = read_head(&at, series, error);
        if (status == W4_OK && find_series(validation, i, series->name, &other))
            status = w4_json_fail(&at, error, "there are two series \"%s\"", series->name);
        if (status == W4_OK)
            status = w4_path_join(path, folder, series->data, error);
        if (status == W4_OK)
            status = w4_validation_add_rows(validation, i, &at, path, error);
    }
    return status;
}

static enum w4_status read_end(const struct w4_validation *validation, const struct w4_json_at *at, const char *key,
                               size_t *index, struct w4_error *error)
{
    struct w4_json_at member;
    const char *text = NULL;
    enum w4_status status = w4_json_member(at, key, &member, error);
    if (status == W4_OK)
        status = w4_json_string(&member, &text, error);
    if (status == W4_OK && !find_series(validation, validation->series_count, text, index))
        status = w4_json_fail(&member, error, "there is no series \"%s\"", text);
    return status;
}

static enum w4_status read_changes(struct w4_validation *validation, const struct w4_json_at *list, size_t count,
                                   struct w4_error *error)
{
    static const char *const keys[] = {"name", "before", "after", "threshold", NULL};
    enum w4_status status = W4_OK;
    validation->changes = calloc(count + 1, sizeof(*validation->changes));
    if (!validation->changes)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu changes", count);
    validation->change_count = count;
    for (size_t i = 0; i < count && status == W4_OK; ++i) {
        const struct w4_json_at at = w4_json_item(list, i);
        struct w4_validation_change *change = &validation->changes[i];
        status = w4_json_keys(&at, keys, error);
        if (status == W4_OK)
            status = read_text(&at, "name", change->name, sizeof(change->name), error);
        if (status == W4_OK)
            status = read_end(validation, &at, "before", &change->before, error);
        if (status == W4_OK)
            status = read_end(validation, &at, "after", &change->after, error);
        if (status == W4_OK)
            status = w4_json_get_real(&at, "threshold", 0, 1, &change->threshold, error);
        if (status == W4_OK &&
            validation->series[change->before].row_count != validation->series[change->after].row_count)
            status = w4_json_fail(&at, error, "the two series have different numbers of rows");
    }
    return status;
}

static enum w4_status read_all(struct w4_validation *validation, const char *folder, const struct w4_json_at *root,
                               struct w4_error *error)
{
    static const char *const keys[] = {"schema", "clock", "series", "changes", NULL};
    static const char *const clock_keys[] = {"mhz", "reason", NULL};
    struct w4_json_at clock, series, changes;
    int64_t schema = 0;
    size_t count = 0;
    enum w4_status status = w4_json_keys(root, keys, error);
    if (status == W4_OK)
        status = w4_json_get_integer(root, "schema", 1, 1, &schema, error);
    if (status == W4_OK)
        status = w4_json_member(root, "clock", &clock, error);
    if (status == W4_OK)
        status = w4_json_keys(&clock, clock_keys, error);
    if (status == W4_OK)
        status = w4_json_get_real(&clock, "mhz", 1, 10000, &validation->clock_mhz, error);
    if (status == W4_OK)
        status = read_text(&clock, "reason", validation->clock_reason, sizeof(validation->clock_reason), error);
    if (status == W4_OK)
        status = w4_json_member(root, "series", &series, error);
    if (status == W4_OK)
        status = w4_json_array(&series, &count, error);
    if (status == W4_OK)
        status = read_series(validation, folder, &series, count, error);
    if (status == W4_OK)
        status = w4_json_member(root, "changes", &changes, error);
    if (status == W4_OK)
        status = w4_json_array(&changes, &count, error);
    return status == W4_OK ? read_changes(validation, &changes, count, error) : status;
}

enum w4_status w4_validation_load(const char *folder, struct w4_validation *validation, struct w4_error *error)
{
    char path[W4_PATH_MAX];
    struct w4_json file;
    *validation = (struct w4_validation){0};
    enum w4_status status = w4_path_join(path, folder, "series.json", error);
    if (status == W4_OK)
        status = w4_json_load(&file, path, error);
    if (status != W4_OK)
        return status;
    const struct w4_json_at root = w4_json_root(&file);
    status = read_all(validation, folder, &root, error);
    w4_json_fini(&file);
    if (status != W4_OK)
        w4_validation_fini(validation);
    return status;
}

void w4_validation_fini(struct w4_validation *validation)
{
    free(validation->series);
    free(validation->rows);
    free(validation->changes);
    *validation = (struct w4_validation){0};
}
