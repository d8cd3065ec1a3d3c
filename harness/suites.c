// Loads a suite file. Decides the file's format; not which cases its lists make.
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/json.h"
#include "listing.h"
#include "names.h"
#include "text.h"

// Where a list's values come from and what they may be.
struct context {
    const struct w4_paths *paths;
    const struct w4_json_at *set, *top; // the set's own keys win
};

// The list of a key in the set or, failing that, at the top; value NULL when neither has it.
static struct w4_json_at find_list(const struct context *context, const char *key)
{
    struct w4_json_at at;
    w4_json_optional(context->set, key, &at);
    if (!at.value) {
        w4_json_optional(context->top, key, &at);
    }
    return at;
}

static enum w4_status open_list(const struct context *context, const char *key, bool required, struct w4_json_at *at,
                                size_t *length, struct w4_error *error)
{
    *length = 0;
    *at = find_list(context, key);
    if (!at->value) {
        return required ? w4_json_fail(context->set, error, "lacks the list \"%s\", and so does the top", key) : W4_OK;
    }
    const enum w4_status status = w4_json_array(at, length, error);
    if (!status && *length == 0) {
        return w4_json_fail(at, error, "is empty, so that nothing would be measured");
    }
    return status;
}

static enum w4_status read_names(const struct context *context, const char *key, bool required, const char *folder,
                                 const char *kind, struct w4_names *names, struct w4_error *error)
{
    struct w4_json_at list;
    size_t length;
    enum w4_status status = open_list(context, key, required, &list, &length, error);
    if (status || length == 0) {
        return status;
    }
    names->items = calloc(length, sizeof(*names->items));
    if (!names->items) {
        return w4_fail(error, W4_MEMORY, "no memory for %zu names", length);
    }
    for (; !status && names->count < length; names->count++) {
        const struct w4_json_at item = w4_json_item(&list, names->count);
        struct w4_error inner = {0};
        status = w4_name_read(&item, names->items[names->count], error);
        if (!status && folder && w4_listing_require(folder, kind, names->items[names->count], &inner)) {
            status = w4_json_fail(&item, error, "%s", inner.message);
        }
    }
    return status;
}

typedef enum w4_status read_number(const struct w4_json_at *at, int64_t *number, struct w4_error *error);

static enum w4_status read_positive(const struct w4_json_at *at, int64_t *number, struct w4_error *error)
{
    return w4_json_integer(at, 1, INT32_MAX, number, error);
}

static enum w4_status read_group(const struct w4_json_at *at, int64_t *number, struct w4_error *error)
{
    const enum w4_status status = w4_json_integer(at, 1, INT32_MAX, number, error);
    if (status) {
        return status;
    }
    struct w4_shape shape = {.m = 1, .n = 1, .k = *number, .group_size = *number};
    struct w4_error inner = {0};
    return w4_shape_check(&shape, &inner) ? w4_json_fail(at, error, "%s", inner.message) : W4_OK;
}

static enum w4_status read_pad(const struct w4_json_at *at, int64_t *number, struct w4_error *error)
{
    return w4_json_integer(at, 0, 1 << 20, number, error);
}

static enum w4_status read_type(const struct w4_json_at *at, int64_t *number, struct w4_error *error)
{
    const char *text;
    const enum w4_status status = w4_json_string(at, &text, error);
    if (status) {
        return status;
    }
    const enum w4_dtype dtype = strcmp(text, "bf16") == 0 ? W4_BF16 : W4_FP16;
    *number = dtype;
    return strcmp(text, w4_text_dtype(dtype)) == 0
               ? W4_OK
               : w4_json_fail(at, error, "\"%.40s\" is neither \"fp16\" nor \"bf16\"", text);
}

static enum w4_status read_truth(const struct w4_json_at *at, int64_t *number, struct w4_error *error)
{
    bool truth = false;
    const enum w4_status status = w4_json_bool(at, &truth, error);
    *number = truth;
    return status;
}

static enum w4_status read_numbers(const struct context *context, const char *key, bool required, read_number *read,
                                   struct w4_numbers *numbers, struct w4_error *error)
{
    struct w4_json_at list;
    size_t length;
    enum w4_status status = open_list(context, key, required, &list, &length, error);
    if (status) {
        return status;
    }
    numbers->items = calloc(length ? length : 1, sizeof(*numbers->items));
    if (!numbers->items) {
        return w4_fail(error, W4_MEMORY, "no memory for %zu numbers", length);
    }
    for (; !status && numbers->count < length; numbers->count++) {
        const struct w4_json_at item = w4_json_item(&list, numbers->count);
        status = read(&item, &numbers->items[numbers->count], error);
    }
    return status;
}

static enum w4_status read_set(const struct context *context, struct w4_suite_set *set, struct w4_error *error)
{
    const struct {
        const char *key;
        bool required;
        const char *folder, *kind;
        struct w4_names *out;
    } names[] = {{"models", true, context->paths->shapes, "model", &set->models},
                 {"layers", false, NULL, NULL, &set->layers},
                 {"kernels", true, context->paths->heuristics, "kernel", &set->kernels}};
    const struct {
        const char *key;
        bool required;
        read_number *read;
        struct w4_numbers *out;
    } numbers[] = {{"m", true, read_positive, &set->m},
                   {"types", true, read_type, &set->types},
                   {"zero_point", true, read_truth, &set->zero_points},
                   {"group_size", false, read_group, &set->group_sizes},
                   {"pitch_pad", false, read_pad, &set->pitch_pads}};
    enum w4_status status = W4_OK;
    for (size_t i = 0; !status && i < sizeof(names) / sizeof(names[0]); i++) {
        status =
            read_names(context, names[i].key, names[i].required, names[i].folder, names[i].kind, names[i].out, error);
    }
    for (size_t i = 0; !status && i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        status = read_numbers(context, numbers[i].key, numbers[i].required, numbers[i].read, numbers[i].out, error);
    }
    if (!status && set->pitch_pads.count == 0) {
        set->pitch_pads.count = 1; // the allocation holds one 0
    }
    return status;
}

#define SET_KEYS "models", "layers", "kernels", "m", "types", "zero_point", "group_size", "pitch_pad", "note"

static enum w4_status read_sets(const struct w4_paths *paths, const struct w4_json_at *root, struct w4_suite *suite,
                                struct w4_error *error)
{
    static const char *const set_keys[] = {SET_KEYS, NULL};
    struct w4_json_at cases;
    size_t count = 1;
    enum w4_status status = W4_OK;
    w4_json_optional(root, "cases", &cases);
    if (cases.value) {
        status = w4_json_array(&cases, &count, error);
        if (!status && count == 0) {
            status = w4_json_fail(&cases, error, "is empty, so that nothing would be measured");
        }
    }
    if (status) {
        return status;
    }
    suite->sets = calloc(count, sizeof(*suite->sets));
    if (!suite->sets) {
        return w4_fail(error, W4_MEMORY, "no memory for %zu sets", count);
    }
    for (; !status && suite->count < count; suite->count++) {
        const struct w4_json_at set = cases.value ? w4_json_item(&cases, suite->count) : *root;
        const struct context context = {paths, &set, root};
        if (cases.value) {
            status = w4_json_keys(&set, set_keys, error);
        }
        if (!status) {
            status = read_set(&context, &suite->sets[suite->count], error);
        }
    }
    return status;
}

enum w4_status w4_suite_load(const struct w4_paths *paths, const char *name, struct w4_suite *suite,
                             struct w4_error *error)
{
    static const char *const keys[] = {"name", "cases", SET_KEYS, NULL};
    memset(suite, 0, sizeof(*suite));
    struct w4_json json = {0};
    char *folder = NULL, *path = NULL;
    enum w4_status status = W4_OK;
    if (asprintf(&folder, "%s/suites", paths->shapes) < 0) {
        return w4_fail(error, W4_MEMORY, "no memory for a path");
    }
    status = w4_listing_require(folder, "suite", name, error);
    if (status) {
        goto out;
    }
    path = w4_listing_path(folder, name);
    if (!path) {
        status = w4_fail(error, W4_MEMORY, "no memory for a path");
        goto out;
    }
    status = w4_json_load(&json, path, error);
    if (status) {
        goto out;
    }
    const struct w4_json_at root = w4_json_root(&json);
    status = w4_json_keys(&root, keys, error);
    if (!status) {
        status = w4_name_get_own(&root, path, suite->name, error);
    }
    if (!status) {
        status = read_sets(paths, &root, suite, error);
    }
    w4_json_fini(&json);
out:
    free(folder);
    free(path);
    if (status) {
        w4_suite_fini(suite);
    }
    return status;
}

void w4_suite_fini(struct w4_suite *suite)
{
    for (size_t i = 0; i < suite->count; i++) {
        struct w4_suite_set *set = &suite->sets[i];
        void *const owned[] = {set->models.items,      set->layers.items,    set->kernels.items,
                               set->m.items,           set->types.items,     set->zero_points.items,
                               set->group_sizes.items, set->pitch_pads.items};
        for (size_t j = 0; j < sizeof(owned) / sizeof(owned[0]); j++) {
            free(owned[j]);
        }
    }
    free(suite->sets);
    memset(suite, 0, sizeof(*suite));
}
