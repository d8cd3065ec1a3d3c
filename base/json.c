// Strict reading of JSON values. jansson parses; this file checks keys and types and finds the place of a value.
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "json_place.h"

enum { FILE_LIMIT_BYTES = 256 << 20, PATH_MAX_BYTES = 256 };

enum w4_status w4_json_parse(struct w4_json *json, const char *name, const char *text, struct w4_error *error)
{
    *json = (struct w4_json){0};
    json_error_t place;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &place);
    if (!root)
        return w4_fail(error, W4_PARSE, "%s:%d:%d: %s", name, place.line, place.column, place.text);
    json->root = root;
    json->name = strdup(name);
    json->text = strdup(text);
    if (!json->name || !json->text) {
        w4_json_fini(json);
        return w4_fail(error, W4_MEMORY, "%s: out of memory while parsing", name);
    }
    return W4_OK;
}

enum w4_status w4_json_load(struct w4_json *json, const char *path, struct w4_error *error)
{
    *json = (struct w4_json){0};
    char *text = NULL;
    size_t size = 0;
    enum w4_status status = w4_file_read(path, FILE_LIMIT_BYTES, &text, &size, error);
    if (status != W4_OK)
        return status;
    if (strlen(text) != size)
        status = w4_fail(error, W4_PARSE, "%s: holds a NUL byte, so it is no JSON text", path);
    else
        status = w4_json_parse(json, path, text, error);
    free(text);
    return status;
}

void w4_json_fini(struct w4_json *json)
{
    json_decref(json->root);
    free(json->name);
    free(json->text);
    *json = (struct w4_json){0};
}

struct w4_json_at w4_json_root(const struct w4_json *json)
{
    return (struct w4_json_at){.file = json, .value = json->root};
}

static size_t write_path(const struct w4_json_at *at, char *buffer, size_t size)
{
    if (!at->parent)
        return 0;
    const size_t used = write_path(at->parent, buffer, size);
    if (used >= size)
        return used;
    const int added = at->key ? snprintf(buffer + used, size - used, "%s%s", used ? "." : "", at->key)
                              : snprintf(buffer + used, size - used, "[%zu]", at->index);
    return used + (size_t)(added > 0 ? added : 0);
}

enum w4_status w4_json_fail(const struct w4_json_at *at, struct w4_error *error, const char *format, ...)
{
    char path[PATH_MAX_BYTES] = "";
    write_path(at, path, sizeof path);
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const struct w4_json_place place = w4_json_find_place(at);
    return w4_fail(error, W4_PARSE, "%s:%d:%d: %s%s%s", at->file->name, place.line, place.column, path,
                   *path ? ": " : "", text);
}

static const char *type_name(const json_t *value)
{
    static const char *const names[] = {"an object",     "an array", "a string", "an integer",
                                        "a real number", "true",     "false",    "null"};
    return names[json_typeof(value)];
}

static enum w4_status fail_type(const struct w4_json_at *at, const char *wanted, struct w4_error *error)
{
    return w4_json_fail(at, error, "is %s, must be %s", type_name(at->value), wanted);
}

enum w4_status w4_json_keys(const struct w4_json_at *at, const char *const *known, struct w4_error *error)
{
    if (!json_is_object(at->value))
        return fail_type(at, "an object", error);
    const char *key;
    json_t *value;
    json_object_foreach(at->value, key, value)
    {
        size_t i = 0;
        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (known[i])
            continue;
        char list[256] = "";
        for (size_t used = 0, k = 0; known[k] && used < sizeof list - 1; k++)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", k ? ", " : "", known[k]);
        const struct w4_json_at member = {at->file, value, at, key, 0};
        return w4_json_fail(&member, error, "unknown key; known here: %s", list);
    }
    return W4_OK;
}

void w4_json_optional(const struct w4_json_at *at, const char *key, struct w4_json_at *out)
{
    *out = (struct w4_json_at){at->file, json_object_get(at->value, key), at, key, 0};
}

enum w4_status w4_json_member(const struct w4_json_at *at, const char *key, struct w4_json_at *out,
                              struct w4_error *error)
{
    if (!json_is_object(at->value))
        return fail_type(at, "an object", error);
    w4_json_optional(at, key, out);
    if (!out->value)
        return w4_json_fail(at, error, "lacks the field \"%s\"", key);
    return W4_OK;
}

enum w4_status w4_json_array(const struct w4_json_at *at, size_t *length, struct w4_error *error)
{
    if (!json_is_array(at->value))
        return fail_type(at, "an array", error);
    *length = json_array_size(at->value);
    return W4_OK;
}

struct w4_json_at w4_json_item(const struct w4_json_at *at, size_t index)
{
    return (struct w4_json_at){at->file, json_array_get(at->value, index), at, NULL, index};
}

enum w4_status w4_json_integer(const struct w4_json_at *at, int64_t minimum, int64_t maximum, int64_t *out,
                               struct w4_error *error)
{
    if (!json_is_integer(at->value))
        return fail_type(at, "an integer", error);
    const int64_t value = json_integer_value(at->value);
    if (value < minimum || value > maximum)
        return w4_json_fail(at, error, "%lld is outside %lld..%lld", (long long)value, (long long)minimum,
                            (long long)maximum);
    *out = value;
    return W4_OK;
}

enum w4_status w4_json_real(const struct w4_json_at *at, double minimum, double maximum, double *out,
                            struct w4_error *error)
{
    if (!json_is_number(at->value))
        return fail_type(at, "a number", error);
    const double value = json_number_value(at->value);
    if (!(value >= minimum && value <= maximum))
        return w4_json_fail(at, error, "%g is outside %g..%g", value, minimum, maximum);
    *out = value;
    return W4_OK;
}

enum w4_status w4_json_bool(const struct w4_json_at *at, bool *out, struct w4_error *error)
{
    if (!json_is_boolean(at->value))
        return fail_type(at, "true or false", error);
    *out = json_is_true(at->value);
    return W4_OK;
}

enum w4_status w4_json_string(const struct w4_json_at *at, const char **out, struct w4_error *error)
{
    if (!json_is_string(at->value))
        return fail_type(at, "a string", error);
    *out = json_string_value(at->value);
    return W4_OK;
}

// Member and type in one call; the four differ only in the type.
#define GET(suffix, parameters, arguments)                                                                             \
    enum w4_status w4_json_get_##suffix parameters                                                                     \
    {                                                                                                                  \
        struct w4_json_at member;                                                                                      \
        const enum w4_status status = w4_json_member(at, key, &member, error);                                         \
        return status == W4_OK ? w4_json_##suffix arguments : status;                                                  \
    }

GET(integer,
    (const struct w4_json_at *at, const char *key, int64_t minimum, int64_t maximum, int64_t *out,
     struct w4_error *error),
    (&member, minimum, maximum, out, error))
GET(real,
    (const struct w4_json_at *at, const char *key, double minimum, double maximum, double *out, struct w4_error *error),
    (&member, minimum, maximum, out, error))
GET(bool, (const struct w4_json_at *at, const char *key, bool *out, struct w4_error *error), (&member, out, error))
GET(string, (const struct w4_json_at *at, const char *key, const char **out, struct w4_error *error),
    (&member, out, error))

enum w4_status w4_json_write(const char *path, const json_t *root, struct w4_error *error)
{
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(17));
    if (!text)
        return w4_fail(error, W4_INTERNAL, "%s: not expressible as JSON (a NaN, or text that is no UTF-8)", path);
    const size_t length = strlen(text);
    text[length] = '\n'; // replaces the NUL: the size is passed along
    const enum w4_status status = w4_file_write_atomic(path, text, length + 1, error);
    free(text);
    return status;
}
