// Sums a model's layers. Which cases there are is the run's, which layers a model has its shape file's to say.
#include "prefill.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "listing.h"
#include "text.h"

bool w4_prefill_is_same_prompt(const struct w4_prefill_sum *a, const struct w4_prefill_sum *b)
{
    return a->m == b->m && a->group_size == b->group_size && a->dtype == b->dtype && a->zero_point == b->zero_point &&
           strcmp(a->model, b->model) == 0;
}

static bool is_dense(const struct w4_shape *shape)
{
    return shape->a_pitch == shape->k && shape->c_pitch == shape->n && shape->w_pitch == shape->k / 8 &&
           shape->scale_pitch == shape->k / shape->group_size;
}

static struct w4_prefill_sum head_of(const struct w4_case *test)
{
    struct w4_prefill_sum sum = {.m = test->shape.m,
                                 .group_size = test->shape.group_size,
                                 .dtype = test->shape.dtype,
                                 .zero_point = test->shape.zero_point,
                                 .time_ms = NAN};
    w4_text_copy(sum.model, sizeof(sum.model), test->model);
    w4_text_copy(sum.kernel, sizeof(sum.kernel), test->kernel);
    return sum;
}

// The sum's place: behind the last of the same prompt, else at the end. Known sums are left alone.
static void add_head(struct w4_prefill *prefill, const struct w4_prefill_sum *sum)
{
    size_t at = prefill->count;
    for (size_t i = 0; i < prefill->count; ++i) {
        if (!w4_prefill_is_same_prompt(&prefill->sums[i], sum))
            continue;
        if (strcmp(prefill->sums[i].kernel, sum->kernel) == 0)
            return;
        at = i + 1;
    }
    memmove(&prefill->sums[at + 1], &prefill->sums[at], (prefill->count - at) * sizeof(*sum));
    prefill->sums[at] = *sum;
    ++prefill->count;
}

static void add_missing(struct w4_prefill_sum *sum, const char *layer, const char *why)
{
    size_t used = strlen(sum->missing);
    snprintf(sum->missing + used, sizeof(sum->missing) - used, "%s%s%s%s%s", used ? ", " : "", layer,
             why[0] ? " (" : "", why, why[0] ? ")" : "");
}

static const struct w4_result *find_layer(const struct w4_run *run, const struct w4_prefill_sum *sum,
                                          const struct w4_layer *layer)
{
    for (size_t i = 0; i < run->case_count; ++i) {
        const struct w4_case *test = &run->cases[i].test;
        const struct w4_prefill_sum head = head_of(test);
        if (strcmp(test->layer, layer->name) == 0 && strcmp(test->kernel, sum->kernel) == 0 &&
            w4_prefill_is_same_prompt(&head, sum) && is_dense(&test->shape))
            return &run->cases[i];
    }
    return NULL;
}

// The layer's time for one prompt; NaN with a note in the sum when there is none.
static double layer_ms(const struct w4_run *run, struct w4_prefill_sum *sum, const struct w4_layer *layer)
{
    const struct w4_result *result = find_layer(run, sum, layer);
    struct w4_figures figures;
    if (!result) {
        add_missing(sum, layer->name, "");
        return NAN;
    }
    if (result->test.shape.n != layer->n || result->test.shape.k != layer->k) {
        add_missing(sum, layer->name, "of another size in this run");
        return NAN;
    }
    w4_figures_of(result, &figures);
    if (result->state != W4_CASE_OK || !figures.timed) {
        add_missing(sum, layer->name, w4_case_state_name(result->state));
        return NAN;
    }
    ++sum->present;
    return (double)layer->count * figures.time_ms;
}

static void sum_layers(const struct w4_run *run, const struct w4_model *model, struct w4_prefill_sum *sum)
{
    sum->time_ms = 0;
    for (size_t i = 0; i < model->layer_count; ++i) {
        if (model->layers[i].upstream)
            continue;
        ++sum->layers;
        sum->time_ms += layer_ms(run, sum, &model->layers[i]); // NaN stays
    }
}

// False when the model stands for none and has no place among the sums.
static bool fill(const struct w4_run *run, const char *shapes, struct w4_prefill_sum *sum)
{
    struct w4_model model = {0};
    struct w4_error reason = {0};
    char *path = w4_listing_path(shapes, sum->model);
    enum w4_status status = path ? w4_model_load(path, &model, &reason) : W4_MEMORY;
    bool counts = true;
    if (status != W4_OK)
        snprintf(sum->missing, sizeof(sum->missing), "the model's layers are not known here: %.200s", reason.message);
    else if (strcmp(model.source_id, "none") == 0)
        counts = false;
    else
        sum_layers(run, &model, sum);
    if (status == W4_OK)
        w4_model_fini(&model);
    free(path);
    return counts;
}

enum w4_status w4_prefill_of(const struct w4_run *run, const char *shapes, struct w4_prefill *prefill,
                             struct w4_error *error)
{
    prefill->count = 0;
    prefill->sums = calloc(run->case_count + 1, sizeof(*prefill->sums));
    if (!prefill->sums)
        return w4_fail(error, W4_MEMORY, "out of memory for the sums of %zu cases", run->case_count);
    for (size_t i = 0; i < run->case_count; ++i) {
        const struct w4_prefill_sum head = head_of(&run->cases[i].test);
        if (is_dense(&run->cases[i].test.shape))
            add_head(prefill, &head);
    }
    size_t kept = 0;
    for (size_t i = 0; i < prefill->count; ++i) {
        struct w4_prefill_sum sum = prefill->sums[i];
        if (fill(run, shapes, &sum))
            prefill->sums[kept++] = sum;
    }
    prefill->count = kept;
    return W4_OK;
}

void w4_prefill_fini(struct w4_prefill *prefill)
{
    free(prefill->sums);
    *prefill = (struct w4_prefill){0};
}
