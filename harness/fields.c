// Reads and writes plain structs through their field tables.
#include "fields.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "text.h"

enum { KEYS_MAX = 64 };

static json_t *field_value(const struct w4_field *field, const void *place)
{
    double real = 0;
    switch (field->kind) {
    case W4_FIELD_TEXT: return json_string(place);
    case W4_FIELD_I32: return json_integer(*(const int32_t *)place);
    case W4_FIELD_I64: return json_integer(*(const int64_t *)place);
    case W4_FIELD_U64: return json_integer((json_int_t) * (const uint64_t *)place);
    case W4_FIELD_REAL:
    case W4_FIELD_READING: memcpy(&real, place, sizeof(real)); return isfinite(real) ? json_real(real) : json_null();
    case W4_FIELD_BOOL: return json_boolean(*(const bool *)place);
    case W4_FIELD_DTYPE: return json_string(w4_text_dtype(*(const enum w4_dtype *)place));
    }
    return NULL;
}

int w4_fields_write(json_t *object, const void *base, const struct w4_field *fields, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        json_t *value = field_value(&fields[i], (const unsigned char *)base + fields[i].offset);
        if (json_object_set_new(object, fields[i].key, value) != 0)
            return -1;
    }
    return 0;
}

static enum w4_status read_text(const struct w4_json_at *at, const struct w4_field *field, void *place,
                                struct w4_error *error)
{
    const char *text = NULL;
    enum w4_status status = w4_json_string(at, &text, error);
    if (status != W4_OK)
        return status;
    if (field->kind == W4_FIELD_DTYPE) {
        enum w4_dtype dtype = strcmp(text, "bf16") == 0 ? W4_BF16 : W4_FP16;
        if (dtype == W4_FP16 && strcmp(text, "fp16") != 0)
            return w4_json_fail(at, error, "\"%s\" is not a type (fp16 or bf16)", text);
        memcpy(place, &dtype, sizeof(dtype));
        return W4_OK;
    }
    if (!w4_text_copy(place, field->size, text))
        return w4_json_fail(at, error, "text is longer than %zu bytes", field->size - 1);
    return W4_OK;
}

static enum w4_status read_integer(const struct w4_json_at *at, const struct w4_field *field, void *place,
                                   struct w4_error *error)
{
    int64_t value = 0;
    int64_t maximum = field->kind == W4_FIELD_I32 ? INT32_MAX : INT64_MAX;
    enum w4_status status = w4_json_integer(at, (int64_t)field->minimum, maximum, &value, error);
    if (status != W4_OK)
        return status;
    int32_t narrow = (int32_t)(field->kind == W4_FIELD_I32 ? value : 0);
    if (field->kind == W4_FIELD_I32)
        memcpy(place, &narrow, sizeof(narrow));
    else
        memcpy(place, &value, sizeof(value));
    return W4_OK;
}

static enum w4_status read_real(const struct w4_json_at *at, const struct w4_field *field, void *place,
                                struct w4_error *error)
{
    double value = field->kind == W4_FIELD_READING ? NAN : INFINITY;
    if (!json_is_null(at->value)) {
        enum w4_status status = w4_json_real(at, field->minimum, DBL_MAX, &value, error);
        if (status != W4_OK)
            return status;
    }
    memcpy(place, &value, sizeof(value));
    return W4_OK;
}

static enum w4_status read_field(const struct w4_json_at *object, const struct w4_field *field, void *base,
                                 struct w4_error *error)
{
    struct w4_json_at at;
    enum w4_status status = w4_json_member(object, field->key, &at, error);
    if (status != W4_OK)
        return status;
    void *place = (unsigned char *)base + field->offset;
    switch (field->kind) {
    case W4_FIELD_TEXT:
    case W4_FIELD_DTYPE: return read_text(&at, field, place, error);
    case W4_FIELD_I32:
    case W4_FIELD_I64:
    case W4_FIELD_U64: return read_integer(&at, field, place, error);
    case W4_FIELD_REAL:
    case W4_FIELD_READING: return read_real(&at, field, place, error);
    case W4_FIELD_BOOL: return w4_json_bool(&at, place, error);
    }
    return w4_fail(error, W4_INTERNAL, "field %s has no kind", field->key);
}

enum w4_status w4_fields_read(const struct w4_json_at *at, void *base, const struct w4_field *fields, size_t count,
                              const char *const *extras, struct w4_error *error)
{
    const char *keys[KEYS_MAX + 1];
    size_t key_count = 0;
    for (size_t i = 0; i < count && key_count < KEYS_MAX; ++i)
        keys[key_count++] = fields[i].key;
    for (size_t i = 0; extras && extras[i] && key_count < KEYS_MAX; ++i)
        keys[key_count++] = extras[i];
    keys[key_count] = NULL;
    enum w4_status status = w4_json_keys(at, keys, error);
    for (size_t i = 0; i < count && status == W4_OK; ++i)
        status = read_field(at, &fields[i], base, error);
    return status;
}
