// Derives a model's shape file from a Hugging Face config.json: which matrices a decoder layer multiplies with, and how
// they are fused when served (q, k, v into one; gate and up into one). The foreign file's other keys are of no concern.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/json.h"
#include "catalog.h"

// Architectures whose decoder layer is: qkv_proj, o_proj, gate_up_proj, down_proj.
static const char *const known_types[] = {"qwen2", "qwen3", "llama"};

enum { LARGEST_SIZE = 1 << 20, DEFAULT_GROUP_SIZE = 128 };

struct config {
    const char *model_type;
    int64_t hidden_size, intermediate_size, layers, heads, kv_heads;
    int64_t head_dim;
    int64_t group_size;
    bool zero_point;
};

static enum w4_status read_model_type(const struct w4_json_at *root, struct config *config, struct w4_error *error)
{
    struct w4_json_at at;
    enum w4_status status = w4_json_member(root, "model_type", &at, error);
    if (!status) {
        status = w4_json_string(&at, &config->model_type, error);
    }
    if (status) {
        return status;
    }
    for (size_t i = 0; i < sizeof(known_types) / sizeof(known_types[0]); i++) {
        if (strcmp(config->model_type, known_types[i]) == 0) {
            return W4_OK;
        }
    }
    return w4_json_fail(&at, error, "\"%.40s\" is not known (qwen2, qwen3, llama); write its shape file by hand",
                        config->model_type);
}

static enum w4_status read_sizes(const struct w4_json_at *root, struct config *config, struct w4_error *error)
{
    const struct {
        const char *key;
        int64_t *out;
    } fields[] = {{"hidden_size", &config->hidden_size},      {"intermediate_size", &config->intermediate_size},
                  {"num_hidden_layers", &config->layers},     {"num_attention_heads", &config->heads},
                  {"num_key_value_heads", &config->kv_heads}, {"head_dim", &config->head_dim}};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct w4_json_at at;
        w4_json_optional(root, fields[i].key, &at);
        if (fields[i].out == &config->head_dim && (!at.value || json_is_null(at.value))) {
            if (config->hidden_size % config->heads != 0) {
                return w4_json_fail(root, error,
                                    "hidden_size %" PRId64 " is not a multiple of num_attention_heads %" PRId64
                                    ", and head_dim is absent",
                                    config->hidden_size, config->heads);
            }
            config->head_dim = config->hidden_size / config->heads;
            continue;
        }
        const enum w4_status status = w4_json_get_integer(root, fields[i].key, 1, LARGEST_SIZE, fields[i].out, error);
        if (status) {
            return status;
        }
    }
    return W4_OK;
}

// AWQ writes zero_point, GPTQ sym and desc_act; both bits and group_size.
static enum w4_status read_quantisation(const struct w4_json_at *root, struct config *config, struct w4_error *error)
{
    config->group_size = DEFAULT_GROUP_SIZE;
    struct w4_json_at at, member;
    w4_json_optional(root, "quantization_config", &at);
    if (!at.value || json_is_null(at.value)) {
        return W4_OK;
    }
    int64_t bits;
    enum w4_status status = w4_json_get_integer(&at, "bits", 1, 64, &bits, error);
    if (!status && bits != 4) {
        w4_json_optional(&at, "bits", &member);
        status = w4_json_fail(&member, error, "%" PRId64 " bits; this suite measures 4-bit weights", bits);
    }
    if (!status) {
        status = w4_json_get_integer(&at, "group_size", 1, LARGEST_SIZE, &config->group_size, error);
    }
    w4_json_optional(&at, "zero_point", &member);
    if (!status && member.value) {
        return w4_json_bool(&member, &config->zero_point, error);
    }
    w4_json_optional(&at, "sym", &member);
    if (!status && member.value) {
        bool symmetric;
        status = w4_json_bool(&member, &symmetric, error);
        config->zero_point = !status && !symmetric;
    }
    return status;
}

static json_t *make_layers(const struct config *config)
{
    const int64_t query = config->heads * config->head_dim;
    const struct {
        const char *name;
        int64_t n, k;
    } rows[] = {{"qkv_proj", query + 2 * config->kv_heads * config->head_dim, config->hidden_size},
                {"o_proj", config->hidden_size, query},
                {"gate_up_proj", 2 * config->intermediate_size, config->hidden_size},
                {"down_proj", config->hidden_size, config->intermediate_size}};
    json_t *layers = json_array();
    for (size_t i = 0; layers && i < sizeof(rows) / sizeof(rows[0]); i++) {
        json_t *layer = json_pack("{s:s, s:I, s:I, s:I}", "name", rows[i].name, "n", (json_int_t)rows[i].n, "k",
                                  (json_int_t)rows[i].k, "count", (json_int_t)config->layers);
        if (!layer || json_array_append_new(layers, layer)) {
            json_decref(layers);
            return NULL;
        }
    }
    return layers;
}

// The model's own name is in _name_or_path in some files, and nowhere in others.
static const char *optional_text(const struct w4_json_at *root, const char *key, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(root->value, key));
    return text && text[0] ? text : otherwise;
}

static char *make_text(const struct w4_json_at *root, const struct config *config, const char *name)
{
    json_t *layers = make_layers(config);
    json_t *file =
        layers ? json_pack("{s:s, s:{s:s, s:s, s:{s:s, s:I, s:I, s:I, s:I, s:I, s:I}}, s:{s:s, s:I, s:b}, s:o}", "name",
                           name, "source", "model_id", optional_text(root, "_name_or_path", name), "revision",
                           optional_text(root, "_commit_hash", "unknown"), "config", "model_type", config->model_type,
                           "hidden_size", (json_int_t)config->hidden_size, "intermediate_size",
                           (json_int_t)config->intermediate_size, "num_hidden_layers", (json_int_t)config->layers,
                           "num_attention_heads", (json_int_t)config->heads, "num_key_value_heads",
                           (json_int_t)config->kv_heads, "head_dim", (json_int_t)config->head_dim, "quantisation",
                           "type", "int4", "group_size", (json_int_t)config->group_size, "zero_point",
                           (int)config->zero_point, "layers", layers)
               : NULL;
    char *body = json_dumps(file, JSON_INDENT(2) | JSON_SORT_KEYS);
    json_decref(file);
    char *text = NULL;
    if (body && asprintf(&text, "%s\n", body) < 0) {
        text = NULL;
    }
    free(body);
    return text;
}

// The derived layers must be GEMMs that can be run, else the file would be refused later without saying why.
static enum w4_status check_layers(const struct w4_json_at *root, const struct config *config, struct w4_error *error)
{
    const int64_t query = config->heads * config->head_dim;
    const int64_t ks[] = {config->hidden_size, query, config->intermediate_size};
    for (size_t i = 0; i < sizeof(ks) / sizeof(ks[0]); i++) {
        struct w4_shape shape = {.m = 1, .n = 1, .k = ks[i], .group_size = config->group_size};
        struct w4_error inner = {0};
        if (w4_shape_check(&shape, &inner)) {
            return w4_json_fail(root, error, "a layer cannot be run: %s", inner.message);
        }
    }
    return W4_OK;
}

enum w4_status w4_model_derive(const char *config_path, const char *name, char **json_text, struct w4_error *error)
{
    *json_text = NULL;
    struct w4_json json;
    enum w4_status status = w4_json_load(&json, config_path, error);
    if (status) {
        return status;
    }
    struct config config = {0};
    const struct w4_json_at root = w4_json_root(&json);
    status = read_model_type(&root, &config, error);
    if (!status) {
        status = read_sizes(&root, &config, error);
    }
    if (!status) {
        status = read_quantisation(&root, &config, error);
    }
    if (!status) {
        status = check_layers(&root, &config, error);
    }
    if (!status) {
        *json_text = make_text(&root, &config, name);
        if (!*json_text) {
            status = w4_fail(error, W4_MEMORY, "no memory for the shape file of %s", config_path);
        }
    }
    w4_json_fini(&json);
    return status;
}
