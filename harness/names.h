// Names that become part of case ids, file names and glob patterns: read and checked in one place.
#ifndef W4_HARNESS_NAMES_H
#define W4_HARNESS_NAMES_H

#include <string.h>

#include "../base/json.h"
#include "model.h"

// Reads a string of 1..W4_NAME_MAX - 1 letters, digits, '.', '_' and '-' that does not begin with '.'.
static inline enum w4_status w4_name_read(const struct w4_json_at *at, char name[W4_NAME_MAX], struct w4_error *error)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *text;
    const enum w4_status status = w4_json_string(at, &text, error);
    if (status) {
        return status;
    }
    const size_t length = strlen(text);
    if (length == 0 || length >= W4_NAME_MAX || text[0] == '.' || strspn(text, allowed) != length) {
        return w4_json_fail(at, error, "\"%.80s\" is no name: 1 to %d letters, digits, '.', '_', '-'", text,
                            W4_NAME_MAX - 1);
    }
    memcpy(name, text, length + 1);
    return W4_OK;
}

static inline enum w4_status w4_name_get(const struct w4_json_at *at, const char *key, char name[W4_NAME_MAX],
                                         struct w4_error *error)
{
    struct w4_json_at member;
    const enum w4_status status = w4_json_member(at, key, &member, error);
    return status ? status : w4_name_read(&member, name, error);
}

// A file's "name" must be the file's own, since files are found by it.
static inline enum w4_status w4_name_get_own(const struct w4_json_at *root, const char *path, char name[W4_NAME_MAX],
                                             struct w4_error *error)
{
    struct w4_json_at member;
    enum w4_status status = w4_json_member(root, "name", &member, error);
    if (!status) {
        status = w4_name_read(&member, name, error);
    }
    if (status) {
        return status;
    }
    const char *file = strrchr(path, '/');
    file = file ? file + 1 : path;
    const size_t length = strlen(name);
    if (strncmp(file, name, length) != 0 || strcmp(file + length, ".json") != 0) {
        return w4_json_fail(&member, error, "\"%s\" differs from the file's name; call one as the other", name);
    }
    return W4_OK;
}

#endif
