// Reads the references that others published (baselines/gfx1151-published.json) and finds the one for a case.
#include <stdlib.h>
#include <string.h>

#include "../base/json.h"
#include "baseline.h"
#include "fields.h"
#include "text.h"

#define ENTRY_FIELD(member, kind, minimum) W4_FIELD(struct w4_published_entry, member, kind, minimum)

static const struct w4_field entry_fields[] = {
    ENTRY_FIELD(m, W4_FIELD_I64, 1),          ENTRY_FIELD(n, W4_FIELD_I64, 1),
    ENTRY_FIELD(k, W4_FIELD_I64, 1),          ENTRY_FIELD(group_size, W4_FIELD_I64, 1),
    ENTRY_FIELD(dtype, W4_FIELD_DTYPE, 0),    ENTRY_FIELD(zero_point, W4_FIELD_BOOL, 0),
    ENTRY_FIELD(tflops, W4_FIELD_REAL, 1e-9), ENTRY_FIELD(kernel, W4_FIELD_TEXT, 0),
    ENTRY_FIELD(variant, W4_FIELD_TEXT, 0),   ENTRY_FIELD(source, W4_FIELD_TEXT, 0),
};
enum { ENTRY_FIELD_COUNT = sizeof(entry_fields) / sizeof(entry_fields[0]) };

void w4_published_fini(struct w4_published *published)
{
    free(published->entries);
    published->entries = NULL;
    published->count = 0;
}

static enum w4_status read_published(const struct w4_json_at *root, struct w4_published *published,
                                     struct w4_error *error)
{
    static const char *const keys[] = {"schema", "label", "device", "sources", "entries", NULL};
    const char *label = NULL;
    struct w4_json_at entries;
    size_t length = 0;
    enum w4_status status = w4_json_keys(root, keys, error);
    if (status == W4_OK)
        status = w4_json_get_string(root, "label", &label, error);
    if (status == W4_OK)
        status = w4_json_member(root, "entries", &entries, error);
    if (status == W4_OK)
        status = w4_json_array(&entries, &length, error);
    if (status != W4_OK)
        return status;
    w4_text_copy(published->label, sizeof(published->label), label);
    published->entries = calloc(length + 1, sizeof(*published->entries));
    if (!published->entries)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu published figures", length);
    published->count = length;
    for (size_t i = 0; i < length && status == W4_OK; ++i) {
        struct w4_json_at item = w4_json_item(&entries, i);
        status = w4_fields_read(&item, &published->entries[i], entry_fields, ENTRY_FIELD_COUNT, NULL, error);
    }
    return status;
}

enum w4_status w4_published_load(const char *path, struct w4_published *published, struct w4_error *error)
{
    memset(published, 0, sizeof(*published));
    struct w4_json file;
    enum w4_status status = w4_json_load(&file, path, error);
    if (status != W4_OK)
        return status;
    struct w4_json_at root = w4_json_root(&file);
    status = read_published(&root, published, error);
    w4_json_fini(&file);
    if (status != W4_OK)
        w4_published_fini(published);
    return status;
}

static bool is_dense(const struct w4_shape *shape)
{
    return shape->a_pitch == shape->k && shape->w_pitch == shape->k / 8 && shape->c_pitch == shape->n &&
           shape->scale_pitch == shape->k / shape->group_size;
}

static bool is_same_gemm(const struct w4_published_entry *entry, const struct w4_shape *shape)
{
    return entry->m == shape->m && entry->n == shape->n && entry->k == shape->k &&
           entry->group_size == shape->group_size && entry->dtype == shape->dtype &&
           entry->zero_point == shape->zero_point;
}

const struct w4_published_entry *w4_published_find(const struct w4_published *published, const struct w4_case *test)
{
    const struct w4_published_entry *any = NULL;
    if (!is_dense(&test->shape))
        return NULL;
    for (size_t i = 0; i < published->count; ++i) {
        const struct w4_published_entry *entry = &published->entries[i];
        if (!is_same_gemm(entry, &test->shape))
            continue;
        if (strcmp(entry->kernel, test->kernel) == 0)
            return entry;
        if (!any && !entry->kernel[0])
            any = entry;
    }
    return any;
}
