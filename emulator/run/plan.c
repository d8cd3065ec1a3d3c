// Parses LAUNCH.json. Strict: unknown and duplicate keys, wrong types and values out of range are errors that name
// file, line and field.
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/json.h"

#define BYTES_MAX ((int64_t)1 << 40)

static enum w4_status no_memory(struct w4_error *error)
{
    return w4_fail(error, W4_MEMORY, "out of memory while reading the launch file");
}

// `text` relative to the folder of `path`; the caller frees it.
static char *resolve(const char *path, const char *text)
{
    const char *slash = strrchr(path, '/');
    char *out;
    if (*text == '/' || !slash)
        return strdup(text);
    return asprintf(&out, "%.*s/%s", (int)(slash - path), path, text) < 0 ? NULL : out;
}

static enum w4_status read_path(const struct w4_json_at *at, const char *path, char **out, struct w4_error *error)
{
    const char *text;
    enum w4_status status = w4_json_string(at, &text, error);
    if (status != W4_OK)
        return status;
    if (!*text)
        return w4_json_fail(at, error, "an empty path");
    free(*out);
    *out = resolve(path, text);
    return *out ? W4_OK : no_memory(error);
}

static enum w4_status read_size(const struct w4_json_at *root, const char *key, uint32_t out[3], struct w4_error *error)
{
    struct w4_json_at at;
    size_t length = 0;
    enum w4_status status = w4_json_member(root, key, &at, error);
    if (status == W4_OK)
        status = w4_json_array(&at, &length, error);
    if (status == W4_OK && length != 3)
        status = w4_json_fail(&at, error, "%zu numbers, wanted [x, y, z]", length);
    for (size_t i = 0; status == W4_OK && i < 3; i++) {
        const struct w4_json_at item = w4_json_item(&at, i);
        int64_t value = 0;
        status = w4_json_integer(&item, 1, UINT32_MAX, &value, error);
        out[i] = (uint32_t)value;
    }
    return status;
}

static size_t find_buffer(const struct plan *plan, const char *name)
{
    size_t i = 0;
    while (i < plan->buffer_count && strcmp(plan->buffers[i].name, name) != 0)
        i++;
    return i;
}

static enum w4_status read_fill(const struct w4_json_at *at, struct plan_buffer *buffer, struct w4_error *error)
{
    static const struct {
        const char *name;
        enum plan_fill fill;
    } fills[] = {{"zero", PLAN_ZERO},
                 {"random", PLAN_RANDOM},
                 {"random_f16", PLAN_RANDOM_F16},
                 {"random_bf16", PLAN_RANDOM_BF16},
                 {"random_f32", PLAN_RANDOM_F32}};
    const char *text;
    if (json_is_object(at->value)) {
        static const char *const known[] = {"u32", NULL};
        int64_t word = 0;
        enum w4_status status = w4_json_keys(at, known, error);
        if (status == W4_OK)
            status = w4_json_get_integer(at, "u32", 0, UINT32_MAX, &word, error);
        buffer->fill = PLAN_WORD;
        buffer->word = (uint32_t)word;
        return status;
    }
    enum w4_status status = w4_json_string(at, &text, error);
    if (status != W4_OK)
        return status;
    for (size_t i = 0; i < sizeof fills / sizeof *fills; i++) {
        if (strcmp(fills[i].name, text) != 0)
            continue;
        buffer->fill = fills[i].fill;
        return W4_OK;
    }
    return w4_json_fail(at, error, "'%s' is none of zero, random, random_f16, random_bf16, random_f32, {\"u32\": x}",
                        text);
}

// The optional members of a buffer argument; `fresh` when the name is new.
static enum w4_status read_buffer_members(const struct w4_json_at *at, const char *path, bool fresh,
                                          struct plan_buffer *buffer, struct w4_error *error)
{
    struct w4_json_at bytes, file, fill, seed;
    int64_t number = 0;
    enum w4_status status = W4_OK;
    w4_json_optional(at, "bytes", &bytes);
    w4_json_optional(at, "file", &file);
    w4_json_optional(at, "fill", &fill);
    w4_json_optional(at, "seed", &seed);
    if (file.value && fill.value)
        return w4_json_fail(&fill, error, "a buffer is filled or read from a file, not both");
    if (fresh && !bytes.value && !file.value)
        return w4_json_fail(at, error, "buffer %s needs bytes or file", buffer->name);
    if (!fresh && (file.value || fill.value || seed.value))
        return w4_json_fail(at, error, "buffer %s is described where it is named first", buffer->name);
    if (bytes.value) {
        status = w4_json_integer(&bytes, 1, BYTES_MAX, &number, error);
        if (status == W4_OK && !fresh && (uint64_t)number != buffer->bytes)
            status = w4_json_fail(&bytes, error, "buffer %s had %llu bytes before", buffer->name,
                                  (unsigned long long)buffer->bytes);
        buffer->bytes = (uint64_t)number;
    }
    if (status == W4_OK && file.value) {
        buffer->fill = PLAN_FILE;
        status = read_path(&file, path, &buffer->file, error);
    }
    if (status == W4_OK && fill.value)
        status = read_fill(&fill, buffer, error);
    if (status == W4_OK && seed.value) {
        status = w4_json_integer(&seed, 0, INT64_MAX, &number, error);
        buffer->seed = (uint64_t)number;
    }
    return status;
}

static enum w4_status read_buffer(struct plan *plan, const struct w4_json_at *at, const char *path,
                                  struct plan_arg *arg, struct w4_error *error)
{
    static const char *const known[] = {"buffer", "bytes", "file", "fill", "seed", NULL};
    const char *name;
    enum w4_status status = w4_json_keys(at, known, error);
    if (status == W4_OK)
        status = w4_json_get_string(at, "buffer", &name, error);
    if (status != W4_OK)
        return status;
    const size_t index = find_buffer(plan, name);
    const bool fresh = index == plan->buffer_count;
    if (fresh) {
        struct plan_buffer *grown = realloc(plan->buffers, (index + 1) * sizeof *grown);
        if (!grown)
            return no_memory(error);
        plan->buffers = grown;
        grown[index] = (struct plan_buffer){.name = strdup(name)};
        if (!grown[index].name)
            return no_memory(error);
        plan->buffer_count++;
    }
    *arg = (struct plan_arg){.kind = PLAN_ARG_BUFFER, .bytes = 8, .buffer = index};
    return read_buffer_members(at, path, fresh, &plan->buffers[index], error);
}

static enum w4_status read_integer(const struct w4_json_at *at, const char *key, struct plan_arg *arg,
                                   struct w4_error *error)
{
    static const struct {
        const char *key;
        enum plan_arg_kind kind;
        uint8_t bytes;
        int64_t minimum, maximum;
    } kinds[] = {
        {"i32", PLAN_ARG_INTEGER, 4, INT32_MIN, INT32_MAX}, {"u32", PLAN_ARG_INTEGER, 4, 0, UINT32_MAX},
        {"i64", PLAN_ARG_INTEGER, 8, INT64_MIN, INT64_MAX}, {"u64", PLAN_ARG_INTEGER, 8, 0, INT64_MAX},
        {"ptr", PLAN_ARG_POINTER, 8, 0, INT64_MAX},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int64_t value = 0;
        if (strcmp(kinds[i].key, key) != 0)
            continue;
        enum w4_status status = w4_json_get_integer(at, key, kinds[i].minimum, kinds[i].maximum, &value, error);
        *arg = (struct plan_arg){.kind = kinds[i].kind, .bytes = kinds[i].bytes, .value = (uint64_t)value};
        return status;
    }
    return w4_json_fail(at, error, "'%s' is none of buffer, i32, u32, i64, u64, f32, f64, ptr", key);
}

static enum w4_status read_arg(struct plan *plan, const struct w4_json_at *at, const char *path, struct plan_arg *arg,
                               struct w4_error *error)
{
    if (!json_is_object(at->value))
        return w4_json_fail(at, error, "an argument is an object such as {\"i32\": 1}");
    if (json_object_get(at->value, "buffer"))
        return read_buffer(plan, at, path, arg, error);
    if (json_object_size(at->value) != 1)
        return w4_json_fail(at, error, "a scalar argument has exactly one key");
    const char *key = json_object_iter_key(json_object_iter(at->value));
    const bool single = strcmp(key, "f32") == 0;
    if (!single && strcmp(key, "f64") != 0)
        return read_integer(at, key, arg, error);
    double value = 0;
    const double limit = single ? 3.5e38 : 1.7e308;
    enum w4_status status = w4_json_get_real(at, key, -limit, limit, &value, error);
    const float narrow = (float)value;
    *arg = (struct plan_arg){.kind = PLAN_ARG_FLOAT, .bytes = single ? 4 : 8};
    memcpy(&arg->value, single ? (const void *)&narrow : (const void *)&value, arg->bytes);
    return status;
}

static enum w4_status read_args(struct plan *plan, const struct w4_json_at *root, const char *path,
                                struct w4_error *error)
{
    struct w4_json_at at;
    size_t count = 0;
    enum w4_status status = w4_json_member(root, "args", &at, error);
    if (status == W4_OK)
        status = w4_json_array(&at, &count, error);
    if (status != W4_OK)
        return status;
    plan->args = calloc(count ? count : 1, sizeof *plan->args);
    if (!plan->args)
        return no_memory(error);
    for (size_t i = 0; status == W4_OK && i < count; i++) {
        const struct w4_json_at item = w4_json_item(&at, i);
        status = read_arg(plan, &item, path, &plan->args[i], error);
        plan->arg_count = i + 1;
    }
    return status;
}

static enum w4_status read_dumps(struct plan *plan, const struct w4_json_at *root, const char *path,
                                 struct w4_error *error)
{
    struct w4_json_at at;
    const char *key;
    json_t *value;
    w4_json_optional(root, "dump", &at);
    if (!at.value)
        return W4_OK;
    if (!json_is_object(at.value))
        return w4_json_fail(&at, error, "wanted an object of buffer names and paths");
    json_object_foreach(at.value, key, value)
    {
        struct w4_json_at item;
        const size_t index = find_buffer(plan, key);
        w4_json_optional(&at, key, &item);
        if (index == plan->buffer_count)
            return w4_json_fail(&item, error, "no argument is a buffer named %s", key);
        enum w4_status status = read_path(&item, path, &plan->buffers[index].dump, error);
        if (status != W4_OK)
            return status;
    }
    return W4_OK;
}

static enum w4_status read_mode(struct plan *plan, const struct w4_json_at *root, struct w4_error *error)
{
    static const struct {
        const char *name;
        enum plan_mode mode;
    } modes[] = {{"function", PLAN_FUNCTION},
                 {"timing", PLAN_TIMING},
                 {"function+timing", PLAN_FUNCTION_TIMING},
                 {"check", PLAN_CHECK}};
    struct w4_json_at at;
    const char *text;
    plan->mode = PLAN_FUNCTION_TIMING;
    w4_json_optional(root, "mode", &at);
    if (!at.value)
        return W4_OK;
    enum w4_status status = w4_json_string(&at, &text, error);
    if (status != W4_OK)
        return status;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(modes[i].name, text) != 0)
            continue;
        plan->mode = modes[i].mode;
        return W4_OK;
    }
    return w4_json_fail(&at, error, "'%s' is none of function, timing, function+timing, check", text);
}

static enum w4_status read_workgroups(struct plan *plan, const struct w4_json_at *root, struct w4_error *error)
{
    struct w4_json_at at;
    int64_t number = 0;
    w4_json_optional(root, "workgroups", &at);
    if (!at.value)
        return W4_OK;
    if (json_is_string(at.value)) {
        if (strcmp(json_string_value(at.value), "all") == 0)
            return W4_OK;
        return w4_json_fail(&at, error, "wanted \"all\", a count, or a list of linear ids");
    }
    if (!json_is_array(at.value)) {
        enum w4_status status = w4_json_integer(&at, 1, INT64_MAX, &number, error);
        plan->sample = (uint64_t)number;
        return status;
    }
    enum w4_status status = w4_json_array(&at, &plan->list_count, error);
    if (status == W4_OK && plan->list_count == 0)
        status = w4_json_fail(&at, error, "an empty list runs nothing");
    if (status != W4_OK)
        return status;
    plan->list = calloc(plan->list_count, sizeof *plan->list);
    if (!plan->list)
        return no_memory(error);
    for (size_t i = 0; status == W4_OK && i < plan->list_count; i++) {
        const struct w4_json_at item = w4_json_item(&at, i);
        status = w4_json_integer(&item, i ? (int64_t)plan->list[i - 1] + 1 : 0, INT64_MAX - 1, &number, error);
        plan->list[i] = (uint64_t)number;
    }
    return status;
}

static enum w4_status read_root(struct plan *plan, const struct w4_json_at *root, const char *path,
                                struct w4_error *error)
{
    static const char *const known[] = {"code_object", "kernel", "grid", "block",      "dynamic_lds_bytes",
                                        "args",        "dump",   "mode", "workgroups", NULL};
    struct w4_json_at at;
    const char *text;
    int64_t number = 0;
    enum w4_status status = w4_json_keys(root, known, error);
    if (status == W4_OK)
        status = w4_json_member(root, "code_object", &at, error);
    if (status == W4_OK)
        status = read_path(&at, path, &plan->code_object, error);
    if (status == W4_OK)
        status = w4_json_get_string(root, "kernel", &text, error);
    if (status == W4_OK && !(plan->kernel = strdup(text)))
        status = no_memory(error);
    if (status == W4_OK)
        status = read_size(root, "grid", plan->grid, error);
    if (status == W4_OK)
        status = read_size(root, "block", plan->block, error);
    if (status == W4_OK)
        w4_json_optional(root, "dynamic_lds_bytes", &at);
    if (status == W4_OK && at.value)
        status = w4_json_integer(&at, 0, UINT32_MAX, &number, error);
    plan->dynamic_lds_bytes = (uint32_t)number;
    if (status == W4_OK)
        status = read_args(plan, root, path, error);
    if (status == W4_OK)
        status = read_dumps(plan, root, path, error);
    if (status == W4_OK)
        status = read_mode(plan, root, error);
    if (status == W4_OK)
        status = read_workgroups(plan, root, error);
    return status;
}

enum w4_status plan_load(struct plan *plan, const char *path, struct w4_error *error)
{
    struct w4_json json;
    memset(plan, 0, sizeof *plan);
    enum w4_status status = w4_json_load(&json, path, error);
    if (status != W4_OK)
        return status;
    const struct w4_json_at root = w4_json_root(&json);
    status = read_root(plan, &root, path, error);
    w4_json_fini(&json);
    return status;
}

void plan_fini(struct plan *plan)
{
    for (size_t i = 0; i < plan->buffer_count; i++) {
        free(plan->buffers[i].name);
        free(plan->buffers[i].file);
        free(plan->buffers[i].dump);
    }
    free(plan->buffers);
    free(plan->args);
    free(plan->code_object);
    free(plan->kernel);
    free(plan->list);
    memset(plan, 0, sizeof *plan);
}
