// Multiplies suites out to cases and applies what the command line selects. Decides order, duplicates and emptiness.
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "listing.h"
#include "suites.h"
#include "text.h"

static const char default_suite[] = "pr";

enum { CASES_MAX = 20000 }; // duplicates are found by comparing all pairs

struct expansion {
    const struct w4_paths *paths;
    const struct w4_selection *selection;
    const struct w4_suite *suite;
    struct w4_cases *cases;
    size_t capacity;
    bool layer_found; // selection->layer is in some model that was looked at
    char layers_seen[384];
    struct w4_error *error;
};

void w4_cases_fini(struct w4_cases *cases)
{
    free(cases->items);
    *cases = (struct w4_cases){0};
}

static bool is_wanted(const struct w4_selection *selection, const char *id)
{
    const char *filter = selection->filter;
    if (!filter) {
        return true;
    }
    if (strpbrk(filter, "*?[")) {
        return fnmatch(filter, id, 0) == 0;
    }
    return strstr(id, filter) != NULL;
}

static enum w4_status add_case(struct expansion *expansion, const struct w4_case *test)
{
    struct w4_cases *cases = expansion->cases;
    for (size_t i = 0; i < cases->count; i++) {
        if (strcmp(cases->items[i].id, test->id) == 0) {
            return W4_OK;
        }
    }
    if (cases->count == CASES_MAX) {
        return w4_fail(expansion->error, W4_RANGE, "suite \"%s\" makes more than %d cases; select fewer",
                       expansion->suite->name, CASES_MAX);
    }
    if (cases->count == expansion->capacity) {
        const size_t capacity = expansion->capacity ? 2 * expansion->capacity : 64;
        struct w4_case *items = realloc(cases->items, capacity * sizeof(*items));
        if (!items) {
            return w4_fail(expansion->error, W4_MEMORY, "no memory for %zu cases", capacity);
        }
        cases->items = items;
        expansion->capacity = capacity;
    }
    cases->items[cases->count++] = *test;
    return W4_OK;
}

// The lists of the command line stand in for the suite's.
static size_t kernel_count(const struct expansion *expansion, const struct w4_suite_set *set)
{
    const char *const *kernels = expansion->selection->kernels;
    if (!kernels || !kernels[0]) {
        return set->kernels.count;
    }
    size_t count = 0;
    while (kernels[count]) {
        count++;
    }
    return count;
}

static const char *kernel_at(const struct expansion *expansion, const struct w4_suite_set *set, size_t i)
{
    const char *const *kernels = expansion->selection->kernels;
    return kernels && kernels[0] ? kernels[i] : set->kernels.items[i];
}

struct values {
    const int64_t *items;
    size_t count;
};

static struct values m_values(const struct expansion *expansion, const struct w4_suite_set *set)
{
    const struct w4_selection *selection = expansion->selection;
    return selection->m_count ? (struct values){selection->m, selection->m_count}
                              : (struct values){set->m.items, set->m.count};
}

// One shape with every padding and kernel: kernels vary fastest, so that they stand beside each other in a table.
static enum w4_status add_shape(struct expansion *expansion, const struct w4_suite_set *set, const char *model,
                                const struct w4_layer *layer, const struct w4_shape *dense)
{
    for (size_t p = 0; p < set->pitch_pads.count; p++) {
        const int64_t pad = set->pitch_pads.items[p];
        struct w4_case test = {.shape = *dense};
        struct w4_error inner = {0};
        enum w4_status status = w4_shape_check(&test.shape, &inner);
        if (!status && pad) {
            test.shape.a_pitch += pad;
            test.shape.w_pitch += pad;
            test.shape.scale_pitch += pad;
            test.shape.c_pitch += pad;
            status = w4_shape_check(&test.shape, &inner);
        }
        if (status) {
            return w4_fail(expansion->error, status, "suite \"%s\", layer %s of %s at M = %" PRId64 ": %s",
                           expansion->suite->name, layer->name, model, dense->m, inner.message);
        }
        w4_text_copy(test.model, sizeof(test.model), model);
        w4_text_copy(test.layer, sizeof(test.layer), layer->name);
        for (size_t i = 0; i < kernel_count(expansion, set); i++) {
            w4_text_copy(test.kernel, sizeof(test.kernel), kernel_at(expansion, set, i));
            w4_case_make_id(&test);
            if (strlen(test.id) == sizeof(test.id) - 1) { // cut, so perhaps not unique
                return w4_fail(expansion->error, W4_RANGE, "case id \"%.100s...\" is too long; shorten the names",
                               test.id);
            }
            status = is_wanted(expansion->selection, test.id) ? add_case(expansion, &test) : W4_OK;
            if (status) {
                return status;
            }
        }
    }
    return W4_OK;
}

static enum w4_status add_layer(struct expansion *expansion, const struct w4_suite_set *set,
                                const struct w4_model *model, const struct w4_layer *layer)
{
    const struct values groups = set->group_sizes.count
                                     ? (struct values){set->group_sizes.items, set->group_sizes.count}
                                     : (struct values){&model->group_size, 1};
    const struct values m = m_values(expansion, set);
    struct w4_shape shape = {.n = layer->n, .k = layer->k};
    for (size_t t = 0; t < set->types.count; t++) {
        shape.dtype = (enum w4_dtype)set->types.items[t];
        for (size_t g = 0; g < groups.count; g++) {
            shape.group_size = groups.items[g];
            for (size_t z = 0; z < set->zero_points.count; z++) {
                shape.zero_point = set->zero_points.items[z] != 0;
                for (size_t i = 0; i < m.count; i++) {
                    shape.m = m.items[i];
                    const enum w4_status status = add_shape(expansion, set, model->name, layer, &shape);
                    if (status) {
                        return status;
                    }
                }
            }
        }
    }
    return W4_OK;
}

static bool names_have(const struct w4_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

// Upstream layers only take part when they are named.
static bool layer_takes_part(const struct expansion *expansion, const struct w4_suite_set *set,
                             const struct w4_layer *layer)
{
    const char *selected = expansion->selection->layer;
    if (selected && strcmp(selected, layer->name) != 0) {
        return false;
    }
    if (set->layers.count) {
        return names_have(&set->layers, layer->name);
    }
    return !layer->upstream || (selected && !expansion->selection->suite);
}

static void note_layers(struct expansion *expansion, const struct w4_model *model)
{
    for (size_t i = 0; i < model->layer_count; i++) {
        const char *name = model->layers[i].name;
        if (expansion->selection->layer && strcmp(expansion->selection->layer, name) == 0) {
            expansion->layer_found = true;
        }
        char *seen = expansion->layers_seen;
        if (!strstr(seen, name)) { // a list for a message: a name that is part of another may be left out
            const size_t used = strlen(seen);
            snprintf(seen + used, sizeof(expansion->layers_seen) - used, "%s%s", used ? ", " : "", name);
        }
    }
}

// Marks in `found` (as long as set->layers) which of the set's layers the model has.
static enum w4_status add_model(struct expansion *expansion, const struct w4_suite_set *set, const char *name,
                                bool *found)
{
    char *path = w4_listing_path(expansion->paths->shapes, name);
    if (!path) {
        return w4_fail(expansion->error, W4_MEMORY, "no memory for a path");
    }
    struct w4_model model;
    enum w4_status status = w4_model_load(path, &model, expansion->error);
    free(path);
    if (status) {
        return status;
    }
    note_layers(expansion, &model);
    for (size_t i = 0; !status && i < model.layer_count; i++) {
        for (size_t j = 0; j < set->layers.count; j++) {
            found[j] = found[j] || strcmp(set->layers.items[j], model.layers[i].name) == 0;
        }
        if (layer_takes_part(expansion, set, &model.layers[i])) {
            status = add_layer(expansion, set, &model, &model.layers[i]);
        }
    }
    w4_model_fini(&model);
    return status;
}

static enum w4_status add_models(struct expansion *expansion, const struct w4_suite_set *set, bool *found)
{
    const struct w4_selection *selection = expansion->selection;
    enum w4_status status = W4_OK;
    if (selection->model && !selection->suite) { // without a suite any model may be asked for
        return add_model(expansion, set, selection->model, found);
    }
    bool complete = true; // every model of the set was looked at
    for (size_t i = 0; !status && i < set->models.count; i++) {
        if (selection->model && strcmp(selection->model, set->models.items[i]) != 0) {
            complete = false;
            continue;
        }
        status = add_model(expansion, set, set->models.items[i], found);
    }
    for (size_t i = 0; !status && complete && i < set->layers.count; i++) {
        if (!found[i]) {
            status = w4_fail(expansion->error, W4_NOT_FOUND,
                             "suite \"%s\" names the layer \"%s\", which its models lack; they have: %s",
                             expansion->suite->name, set->layers.items[i], expansion->layers_seen);
        }
    }
    return status;
}

static enum w4_status add_set(struct expansion *expansion, const struct w4_suite_set *set)
{
    bool *found = calloc(set->layers.count + 1, sizeof(*found));
    if (!found) {
        return w4_fail(expansion->error, W4_MEMORY, "no memory for the suite's layers");
    }
    const enum w4_status status = add_models(expansion, set, found);
    free(found);
    return status;
}

static enum w4_status check_selection(const struct w4_paths *paths, const struct w4_selection *selection,
                                      struct w4_error *error)
{
    enum w4_status status = W4_OK;
    if (selection->model) {
        status = w4_listing_require(paths->shapes, "model", selection->model, error);
    }
    for (const char *const *kernel = selection->kernels; !status && kernel && *kernel; kernel++) {
        status = w4_listing_require(paths->heuristics, "kernel", *kernel, error);
    }
    for (size_t i = 0; !status && i < selection->m_count; i++) {
        if (selection->m[i] < 1 || selection->m[i] > INT32_MAX) {
            status = w4_fail(error, W4_RANGE, "M = %" PRId64 " is not in 1..%d", selection->m[i], INT32_MAX);
        }
    }
    return status;
}

static enum w4_status check_result(const struct expansion *expansion)
{
    const struct w4_selection *selection = expansion->selection;
    if (selection->layer && !expansion->layer_found) {
        return w4_fail(expansion->error, W4_NOT_FOUND, "unknown layer \"%s\"; the selected models have: %s",
                       selection->layer, expansion->layers_seen[0] ? expansion->layers_seen : "none");
    }
    if (expansion->cases->count == 0) {
        return w4_fail(
            expansion->error, W4_NOT_FOUND, "no case of suite \"%s\" is left%s%s%s%s%s%s; w4bench list shows them all",
            expansion->suite->name, selection->model ? ", model " : "", selection->model ? selection->model : "",
            selection->layer ? ", layer " : "", selection->layer ? selection->layer : "",
            selection->filter ? ", filter " : "", selection->filter ? selection->filter : "");
    }
    return W4_OK;
}

enum w4_status w4_cases_expand(const struct w4_paths *paths, const struct w4_selection *selection,
                               struct w4_cases *cases, struct w4_error *error)
{
    *cases = (struct w4_cases){0};
    struct w4_suite suite;
    enum w4_status status = check_selection(paths, selection, error);
    if (!status) {
        status = w4_suite_load(paths, selection->suite ? selection->suite : default_suite, &suite, error);
    }
    if (status) {
        return status;
    }
    struct expansion expansion = {
        .paths = paths, .selection = selection, .suite = &suite, .cases = cases, .error = error};
    for (size_t i = 0; !status && i < suite.count; i++) {
        status = add_set(&expansion, &suite.sets[i]);
    }
    if (!status) {
        status = check_result(&expansion);
    }
    w4_suite_fini(&suite);
    if (status) {
        w4_cases_fini(cases);
    }
    return status;
}
