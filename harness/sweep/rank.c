// Sorts a sweep's results by shape and time, and holds rule tables against the best of each shape.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "sweep.h"

static int compare_entries(const void *left, const void *right)
{
    const struct w4_sweep_entry *a = left;
    const struct w4_sweep_entry *b = right;
    int order = (a->time_ms > b->time_ms) - (a->time_ms < b->time_ms);
    return order ? order : strcmp(a->result->variant, b->result->variant); // ties in a stable order
}

static struct w4_sweep_shape *shape_of(struct w4_sweep *sweep, const struct w4_case *test)
{
    char key[320];
    char other[320];
    w4_case_shape_key(test, key, sizeof(key));
    for (size_t i = 0; i < sweep->count; ++i) {
        w4_case_shape_key(sweep->shapes[i].test, other, sizeof(other));
        if (strcmp(key, other) == 0)
            return &sweep->shapes[i];
    }
    sweep->shapes[sweep->count].test = test;
    return &sweep->shapes[sweep->count++];
}

static enum w4_status add_result(struct w4_sweep *sweep, const struct w4_result *result, struct w4_error *error)
{
    struct w4_figures figures;
    struct w4_sweep_shape *shape = shape_of(sweep, &result->test);
    w4_figures_of(result, &figures);
    if (result->state != W4_CASE_OK || !figures.timed) {
        ++shape->failed;
        return W4_OK;
    }
    void *grown = reallocarray(shape->entries, shape->count + 1, sizeof(*shape->entries));
    if (!grown)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu results", shape->count + 1);
    shape->entries = grown;
    shape->entries[shape->count++] = (struct w4_sweep_entry){result, figures.time_ms, figures.tflops};
    return W4_OK;
}

enum w4_status w4_sweep_rank(const struct w4_run *run, struct w4_sweep *sweep, struct w4_error *error)
{
    *sweep = (struct w4_sweep){0};
    sweep->shapes = calloc(run->case_count + 1, sizeof(*sweep->shapes));
    if (!sweep->shapes)
        return w4_fail(error, W4_MEMORY, "out of memory for the shapes of %zu cases", run->case_count);
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < run->case_count && status == W4_OK; ++i)
        status = add_result(sweep, &run->cases[i], error);
    for (size_t i = 0; i < sweep->count; ++i) {
        struct w4_sweep_shape *shape = &sweep->shapes[i];
        if (shape->count > 1)
            qsort(shape->entries, shape->count, sizeof(*shape->entries), compare_entries);
        sweep->usable += shape->count > 0;
    }
    if (status != W4_OK)
        w4_sweep_fini(sweep);
    return status;
}

void w4_sweep_fini(struct w4_sweep *sweep)
{
    for (size_t i = 0; i < sweep->count; ++i)
        free(sweep->shapes[i].entries);
    free(sweep->shapes);
    *sweep = (struct w4_sweep){0};
}

const struct w4_sweep_entry *w4_sweep_find(const struct w4_sweep_shape *shape, const char *variant_id)
{
    for (size_t i = 0; i < shape->count; ++i) {
        if (strcmp(shape->entries[i].result->variant, variant_id) == 0)
            return &shape->entries[i];
    }
    return NULL;
}

enum w4_status w4_sweep_score(const struct w4_sweep *sweep, const struct w4_manifest *manifest, const char *folder,
                              const char *name, struct w4_sweep_score *score, struct w4_error *error)
{
    struct w4_rules *rules = NULL;
    double sum = 0;
    memset(score, 0, sizeof(*score));
    w4_text_copy(score->name, sizeof(score->name), name);
    score->worst_share = INFINITY;
    enum w4_status status = w4_rules_load(folder, name, &rules, error);
    for (size_t i = 0; i < sweep->count && status == W4_OK; ++i) {
        const struct w4_sweep_shape *shape = &sweep->shapes[i];
        const struct w4_variant *variant = NULL;
        struct w4_error reason = {0};
        enum w4_status choice = w4_rules_choose(rules, manifest, &shape->test->shape, &variant, &reason);
        if (choice != W4_OK && choice != W4_NOT_FOUND)
            status = w4_fail(error, choice, "%s: %s", name, reason.message);
        const struct w4_sweep_entry *entry = choice == W4_OK ? w4_sweep_find(shape, variant->id) : NULL;
        if (!entry) {
            ++score->without;
            continue;
        }
        double share = shape->entries[0].time_ms / entry->time_ms;
        sum += log(share);
        ++score->chosen;
        if (share < score->worst_share) {
            score->worst_share = share;
            score->worst = shape;
        }
    }
    score->share = score->chosen ? exp(sum / (double)score->chosen) : (double)NAN;
    w4_rules_destroy(rules);
    return status;
}
