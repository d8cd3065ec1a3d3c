// Strict JSON on top of jansson: duplicate keys, unknown keys, wrong types and missing fields are errors that name
// file, line, column and field. Writing is sorted and indented, so that files diff.
#ifndef W4_BASE_JSON_H
#define W4_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

// A parsed file with its text, from which the place of a value is found when an error must name it.
struct w4_json {
    char *name; // file name for messages
    char *text;
    json_t *root; // owned
};

// Parses a file, or a text under a display name. On success the caller calls w4_json_fini.
enum w4_status w4_json_load(struct w4_json *json, const char *path, struct w4_error *error);
enum w4_status w4_json_parse(struct w4_json *json, const char *name, const char *text, struct w4_error *error);
void w4_json_fini(struct w4_json *json);

// A value inside a file together with its path ("layers[2].n"); made on the stack by the walk below.
struct w4_json_at {
    const struct w4_json *file;
    json_t *value;
    const struct w4_json_at *parent;
    const char *key; // in an object, else NULL
    size_t index;    // in an array
};

struct w4_json_at w4_json_root(const struct w4_json *json);

// Fails with "FILE:LINE:COLUMN: FIELD: message".
enum w4_status w4_json_fail(const struct w4_json_at *at, struct w4_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Checks that `at` is an object whose keys all stand in the NULL-terminated list.
enum w4_status w4_json_keys(const struct w4_json_at *at, const char *const *known, struct w4_error *error);

// The member of an object: required (error when absent) or optional (out->value is NULL when absent).
enum w4_status w4_json_member(const struct w4_json_at *at, const char *key, struct w4_json_at *out,
                              struct w4_error *error);
void w4_json_optional(const struct w4_json_at *at, const char *key, struct w4_json_at *out);
// Array access; w4_json_array checks the type and returns the length.
enum w4_status w4_json_array(const struct w4_json_at *at, size_t *length, struct w4_error *error);
struct w4_json_at w4_json_item(const struct w4_json_at *at, size_t index);

// Typed values with range checks. Strings are borrowed from the file.
enum w4_status w4_json_integer(const struct w4_json_at *at, int64_t minimum, int64_t maximum, int64_t *out,
                               struct w4_error *error);
enum w4_status w4_json_real(const struct w4_json_at *at, double minimum, double maximum, double *out,
                            struct w4_error *error);
enum w4_status w4_json_bool(const struct w4_json_at *at, bool *out, struct w4_error *error);
enum w4_status w4_json_string(const struct w4_json_at *at, const char **out, struct w4_error *error);

// Member and type in one call: required fields.
enum w4_status w4_json_get_integer(const struct w4_json_at *at, const char *key, int64_t minimum, int64_t maximum,
                                   int64_t *out, struct w4_error *error);
enum w4_status w4_json_get_real(const struct w4_json_at *at, const char *key, double minimum, double maximum,
                                double *out, struct w4_error *error);
enum w4_status w4_json_get_bool(const struct w4_json_at *at, const char *key, bool *out, struct w4_error *error);
enum w4_status w4_json_get_string(const struct w4_json_at *at, const char *key, const char **out,
                                  struct w4_error *error);

// Writes sorted and indented, atomically (see w4_file_write_atomic).
enum w4_status w4_json_write(const char *path, const json_t *root, struct w4_error *error);

#endif
