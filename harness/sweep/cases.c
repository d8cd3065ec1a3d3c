// Which cases a sweep has.
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "sweep.h"

enum { CASES_MAX = 20000 };

static bool fits(const struct w4_variant *variant, const struct w4_shape *shape)
{
    return variant->dtype == shape->dtype && variant->group_size == shape->group_size &&
           variant->zero_point == shape->zero_point && (variant->m_max == 0 || shape->m <= variant->m_max) &&
           w4_variant_accepts(variant, shape, NULL) == W4_OK;
}

static bool is_wanted(const char *filter, const char *id)
{
    if (!filter)
        return true;
    return strpbrk(filter, "*?[") ? fnmatch(filter, id, 0) == 0 : strstr(id, filter) != NULL;
}

// Cases that differ in their kernel alone are one shape.
static bool is_first_of_shape(const struct w4_cases *shapes, size_t index)
{
    char key[320];
    char other[320];
    w4_case_shape_key(&shapes->items[index], key, sizeof(key));
    for (size_t i = 0; i < index; ++i) {
        w4_case_shape_key(&shapes->items[i], other, sizeof(other));
        if (strcmp(key, other) == 0)
            return false;
    }
    return true;
}

static enum w4_status add_variant(const struct w4_case *shape, const struct w4_variant *variant, const char *filter,
                                  struct w4_cases *cases, struct w4_error *error)
{
    struct w4_case test = *shape;
    if (!w4_text_copy(test.kernel, sizeof(test.kernel), variant->id))
        return w4_fail(error, W4_RANGE, "variant %s: the id is too long for a kernel's name", variant->id);
    w4_case_make_id(&test);
    if (!is_wanted(filter, test.id))
        return W4_OK;
    if (cases->count == CASES_MAX)
        return w4_fail(error, W4_RANGE, "the sweep has more than %d cases; select fewer", (int)CASES_MAX);
    cases->items[cases->count++] = test;
    return W4_OK;
}

enum w4_status w4_sweep_cases(const struct w4_cases *shapes, const struct w4_manifest *manifest, const char *filter,
                              struct w4_cases *cases, struct w4_error *error)
{
    *cases = (struct w4_cases){0};
    size_t capacity = 0;
    for (size_t i = 0; i < shapes->count; ++i) {
        for (size_t v = 0; v < manifest->variant_count; ++v)
            capacity += fits(&manifest->variants[v], &shapes->items[i].shape);
    }
    cases->items = calloc(capacity + 1, sizeof(*cases->items));
    if (!cases->items)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu cases", capacity);
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < shapes->count && status == W4_OK; ++i) {
        if (!is_first_of_shape(shapes, i))
            continue;
        for (size_t v = 0; v < manifest->variant_count && status == W4_OK; ++v) {
            if (fits(&manifest->variants[v], &shapes->items[i].shape))
                status = add_variant(&shapes->items[i], &manifest->variants[v], filter, cases, error);
        }
    }
    if (status == W4_OK && cases->count == 0)
        status = w4_fail(error, W4_NOT_FOUND, "no compiled variant fits a selected shape%s%s%s",
                         filter ? " and the filter \"" : "", filter ? filter : "", filter ? "\"" : "");
    if (status != W4_OK)
        w4_cases_fini(cases);
    return status;
}
