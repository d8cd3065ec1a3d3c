// Loads a model's shape file (shapes/<model>.json) and checks that every layer is a usable GEMM.
#include <stdlib.h>
#include <string.h>

#include "../base/json.h"
#include "catalog.h"
#include "names.h"
#include "text.h"

static enum w4_status read_source(const struct w4_json_at *root, struct w4_model *model, struct w4_error *error)
{
    static const char *const keys[] = {"model_id", "revision", "config", "note", NULL};
    const struct {
        const char *key;
        char *out;
        size_t size;
    } texts[] = {{"model_id", model->source_id, sizeof(model->source_id)},
                 {"revision", model->source_revision, sizeof(model->source_revision)}};
    struct w4_json_at source, member;
    enum w4_status status = w4_json_member(root, "source", &source, error);
    if (!status) {
        status = w4_json_keys(&source, keys, error);
    }
    for (size_t i = 0; !status && i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char *text;
        status = w4_json_get_string(&source, texts[i].key, &text, error);
        if (!status && !w4_text_copy(texts[i].out, texts[i].size, text)) {
            w4_json_optional(&source, texts[i].key, &member);
            status = w4_json_fail(&member, error, "longer than %zu characters", texts[i].size - 1);
        }
    }
    if (status) {
        return status;
    }
    w4_json_optional(&source, "config", &member); // provenance; its keys are the model's own
    if (member.value && !json_is_object(member.value)) {
        return w4_json_fail(&member, error, "must be an object of the config fields used");
    }
    return W4_OK;
}

static enum w4_status read_quantisation(const struct w4_json_at *root, struct w4_model *model, struct w4_error *error)
{
    static const char *const keys[] = {"group_size", "zero_point", "type", NULL};
    struct w4_json_at quantisation, type;
    enum w4_status status = w4_json_member(root, "quantisation", &quantisation, error);
    if (!status) {
        status = w4_json_keys(&quantisation, keys, error);
    }
    if (!status) {
        status = w4_json_get_integer(&quantisation, "group_size", 1, INT32_MAX, &model->group_size, error);
    }
    if (!status) {
        status = w4_json_get_bool(&quantisation, "zero_point", &model->zero_point, error);
    }
    if (!status) {
        w4_json_optional(&quantisation, "type", &type);
        const char *text = "int4";
        status = type.value ? w4_json_string(&type, &text, error) : W4_OK;
        if (!status && strcmp(text, "int4") != 0) {
            status = w4_json_fail(&type, error, "\"%.40s\" is not known; this suite measures \"int4\"", text);
        }
    }
    return status;
}

static enum w4_status check_layer(const struct w4_json_at *at, const struct w4_model *model,
                                  const struct w4_layer *layer, struct w4_error *error)
{
    struct w4_shape shape = {
        .m = 1, .n = layer->n, .k = layer->k, .group_size = model->group_size, .zero_point = model->zero_point};
    struct w4_error inner = {0};
    if (w4_shape_check(&shape, &inner)) {
        return w4_json_fail(at, error, "layer \"%s\": %s", layer->name, inner.message);
    }
    for (const struct w4_layer *other = model->layers; other < layer; other++) {
        if (strcmp(other->name, layer->name) == 0) {
            return w4_json_fail(at, error, "layer \"%s\" is there twice", layer->name);
        }
    }
    return W4_OK;
}

static enum w4_status read_layer(const struct w4_json_at *at, const struct w4_model *model, struct w4_layer *layer,
                                 struct w4_error *error)
{
    static const char *const keys[] = {"name", "n", "k", "count", "upstream", "note", NULL};
    enum w4_status status = w4_json_keys(at, keys, error);
    if (!status) {
        status = w4_name_get(at, "name", layer->name, error);
    }
    if (!status) {
        status = w4_json_get_integer(at, "n", 1, INT32_MAX, &layer->n, error);
    }
    if (!status) {
        status = w4_json_get_integer(at, "k", 1, INT32_MAX, &layer->k, error);
    }
    if (!status) {
        status = w4_json_get_integer(at, "count", 1, INT32_MAX, &layer->count, error);
    }
    if (status) {
        return status;
    }
    struct w4_json_at upstream;
    w4_json_optional(at, "upstream", &upstream);
    if (upstream.value) {
        status = w4_json_bool(&upstream, &layer->upstream, error);
    }
    return status ? status : check_layer(at, model, layer, error);
}

static enum w4_status read_layers(const struct w4_json_at *root, struct w4_model *model, struct w4_error *error)
{
    struct w4_json_at layers;
    size_t count = 0;
    enum w4_status status = w4_json_member(root, "layers", &layers, error);
    if (!status) {
        status = w4_json_array(&layers, &count, error);
    }
    if (!status && count == 0) {
        status = w4_json_fail(&layers, error, "a model needs at least one layer");
    }
    if (status) {
        return status;
    }
    model->layers = calloc(count, sizeof(*model->layers));
    if (!model->layers) {
        return w4_fail(error, W4_MEMORY, "no memory for %zu layers", count);
    }
    for (; !status && model->layer_count < count; model->layer_count++) {
        const struct w4_json_at item = w4_json_item(&layers, model->layer_count);
        status = read_layer(&item, model, &model->layers[model->layer_count], error);
    }
    return status;
}

enum w4_status w4_model_load(const char *path, struct w4_model *model, struct w4_error *error)
{
    static const char *const keys[] = {"name", "note", "source", "quantisation", "layers", NULL};
    memset(model, 0, sizeof(*model));
    struct w4_json json;
    enum w4_status status = w4_json_load(&json, path, error);
    if (status) {
        return status;
    }
    const struct w4_json_at root = w4_json_root(&json);
    status = w4_json_keys(&root, keys, error);
    if (!status) {
        status = w4_name_get_own(&root, path, model->name, error);
    }
    if (!status) {
        status = read_source(&root, model, error);
    }
    if (!status) {
        status = read_quantisation(&root, model, error);
    }
    if (!status) {
        status = read_layers(&root, model, error);
    }
    w4_json_fini(&json);
    if (status) {
        w4_model_fini(model);
    }
    return status;
}

void w4_model_fini(struct w4_model *model)
{
    free(model->layers);
    memset(model, 0, sizeof(*model));
}
