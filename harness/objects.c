// The store of code objects.
#include "objects.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/file.h"
#include "../base/json.h"
#include "text.h"

enum { OBJECT_LIMIT_BYTES = 64 << 20, HASH_DIGITS = 32 };

// Hashes come from files and become file names.
static enum w4_status object_path(const char *folder, const char *hash, const char *suffix, char path[W4_PATH_MAX],
                                  struct w4_error *error)
{
    char name[HASH_DIGITS + 16];
    size_t digits = 0;
    while (isxdigit((unsigned char)hash[digits]))
        ++digits;
    if (digits != HASH_DIGITS || hash[digits])
        return w4_fail(error, W4_PARSE, "\"%.64s\" is no hash of a code object (32 hexadecimal digits)", hash);
    snprintf(name, sizeof(name), "%s%s", hash, suffix);
    return w4_path_join(path, folder, name, error);
}

static enum w4_status check_object(const char *path, const char *hash, struct w4_error *error)
{
    char *image = NULL;
    size_t size = 0;
    char found[HASH_DIGITS + 1];
    if (access(path, F_OK) != 0)
        return w4_fail(error, W4_NOT_FOUND,
                       "%s: the code object was not kept: accept the baseline again from a run on this machine", path);
    enum w4_status status = w4_file_read(path, OBJECT_LIMIT_BYTES, &image, &size, error);
    if (status != W4_OK)
        return status;
    w4_hash_hex(image, size, found);
    free(image);
    if (strcmp(found, hash) == 0)
        return W4_OK;
    return w4_fail(error, W4_PARSE,
                   "%s: its bytes have the hash %s: the file was changed; delete it and accept the baseline again",
                   path, found);
}

enum w4_status w4_objects_find(const char *folder, const char *hash, char manifest[W4_PATH_MAX], struct w4_error *error)
{
    char object[W4_PATH_MAX];
    enum w4_status status = object_path(folder, hash, ".hsaco", object, error);
    if (status == W4_OK)
        status = object_path(folder, hash, ".json", manifest, error);
    if (status == W4_OK)
        status = check_object(object, hash, error);
    if (status == W4_OK && access(manifest, R_OK) != 0)
        return w4_fail(error, W4_NOT_FOUND, "%s: the description of a kept code object is gone: accept it again",
                       manifest);
    return status;
}

// kernels.json reduced to the rows of one code object, which then lies beside it. NULL when memory ran out; *file is
// the code object's path in the manifest's words, borrowed, NULL when no row has this hash.
static json_t *select_rows(const json_t *manifest, const char *hash, const char **file)
{
    char name[HASH_DIGITS + 16];
    json_t *copy = json_deep_copy(manifest);
    json_t *rows = json_array();
    size_t index = 0;
    json_t *row = NULL;
    int failed = !copy || !rows;
    snprintf(name, sizeof(name), "%s.hsaco", hash);
    *file = NULL;
    json_array_foreach(json_object_get(copy, "variants"), index, row)
    {
        const char *row_hash = json_string_value(json_object_get(row, "code_object_hash"));
        if (failed || !row_hash || strcmp(row_hash, hash) != 0)
            continue;
        *file = json_string_value(
            json_object_get(json_array_get(json_object_get(manifest, "variants"), index), "code_object"));
        failed |= json_object_set_new(row, "code_object", json_string(name)) | json_array_append(rows, row);
    }
    failed = failed || json_object_set(copy, "variants", rows) != 0;
    json_decref(rows);
    if (failed) {
        json_decref(copy);
        return NULL;
    }
    return copy;
}

// A build whose file is gone or changed has nothing to keep: *kept stays false.
static enum w4_status copy_object(const char *manifest_path, const char *file, const char *hash, const char *to,
                                  bool *kept, struct w4_error *error)
{
    char from[W4_PATH_MAX];
    const char *slash = strrchr(manifest_path, '/');
    int folder_length = slash ? (int)(slash - manifest_path) + 1 : 0;
    char *image = NULL;
    size_t size = 0;
    int length = file[0] == '/' ? snprintf(from, sizeof(from), "%s", file)
                                : snprintf(from, sizeof(from), "%.*s%s", folder_length, manifest_path, file);
    if (length < 0 || length >= (int)sizeof(from))
        return w4_fail(error, W4_RANGE, "%.200s...: the path is too long", file);
    if (check_object(from, hash, NULL) != W4_OK)
        return W4_OK;
    enum w4_status status = w4_file_read(from, OBJECT_LIMIT_BYTES, &image, &size, error);
    if (status == W4_OK)
        status = w4_file_write_atomic(to, image, size, error);
    free(image);
    *kept = status == W4_OK;
    return status;
}

// Adds to the store; *kept tells whether the object is there afterwards.
static enum w4_status keep_one(const char *folder, const char *manifest_path, const json_t *manifest, const char *hash,
                               bool *kept, struct w4_error *error)
{
    char object[W4_PATH_MAX];
    char description[W4_PATH_MAX];
    const char *file = NULL;
    enum w4_status status = object_path(folder, hash, ".hsaco", object, error);
    if (status == W4_OK)
        status = object_path(folder, hash, ".json", description, error);
    if (status != W4_OK)
        return status;
    *kept = check_object(object, hash, NULL) == W4_OK && access(description, R_OK) == 0;
    if (*kept || !manifest)
        return W4_OK;
    json_t *rows = select_rows(manifest, hash, &file);
    if (!rows)
        return w4_fail(error, W4_MEMORY, "out of memory for the description of a code object");
    if (file) {
        status = copy_object(manifest_path, file, hash, object, kept, error);
        if (status == W4_OK && *kept)
            status = w4_json_write(description, rows, error);
    }
    json_decref(rows);
    return status;
}

static bool is_first_of_hash(const struct w4_run *run, size_t index)
{
    for (size_t i = 0; i < index; ++i) {
        if (strcmp(run->cases[i].code_object_hash, run->cases[index].code_object_hash) == 0)
            return false;
    }
    return run->cases[index].code_object_hash[0] != '\0';
}

enum w4_status w4_objects_keep(const char *folder, const char *manifest, const struct w4_run *run, size_t *kept,
                               size_t *absent, struct w4_error *error)
{
    struct w4_json file = {0};
    *kept = *absent = 0;
    enum w4_status status = w4_folder_create(folder, error);
    bool has_manifest = status == W4_OK && access(manifest, R_OK) == 0;
    if (has_manifest)
        status = w4_json_load(&file, manifest, error);
    for (size_t i = 0; i < run->case_count && status == W4_OK; ++i) {
        bool there = false;
        if (!is_first_of_hash(run, i))
            continue;
        status =
            keep_one(folder, manifest, has_manifest ? file.root : NULL, run->cases[i].code_object_hash, &there, error);
        *kept += there;
        *absent += !there;
    }
    if (has_manifest)
        w4_json_fini(&file);
    return status;
}
