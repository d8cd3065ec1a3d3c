// Tables that tie the members of a plain struct to the keys of a JSON object, so that reading and writing a file cannot
// drift apart. Decides nothing about which files exist.
#ifndef W4_HARNESS_FIELDS_H
#define W4_HARNESS_FIELDS_H

#include <jansson.h>
#include <stddef.h>

#include "../base/error.h"
#include "../base/json.h"

enum w4_field_kind {
    W4_FIELD_TEXT, // char[size]
    W4_FIELD_I32,
    W4_FIELD_I64,
    W4_FIELD_U64,     // up to INT64_MAX in files
    W4_FIELD_REAL,    // double; a value that is not finite is written as null and read back as infinity
    W4_FIELD_READING, // double of a sensor; NaN (no answer) is null
    W4_FIELD_BOOL,
    W4_FIELD_DTYPE // enum w4_dtype as "fp16" or "bf16"
};

struct w4_field {
    const char *key;
    enum w4_field_kind kind;
    size_t offset, size;
    double minimum; // lowest number accepted when reading (I32, I64, U64, REAL)
};

#define W4_FIELD(type, member, kind, minimum)                                                                          \
    {#member, kind, offsetof(type, member), sizeof(((type *)0)->member), minimum}

// Adds every field of *base to the object. Returns 0, or -1 when memory ran out or a text is not UTF-8.
int w4_fields_write(json_t *object, const void *base, const struct w4_field *fields, size_t count);

// Fills *base from an object that must hold every field; keys outside the table and the NULL-terminated `extras` (may
// be NULL) are errors.
enum w4_status w4_fields_read(const struct w4_json_at *at, void *base, const struct w4_field *fields, size_t count,
                              const char *const *extras, struct w4_error *error);

#endif
