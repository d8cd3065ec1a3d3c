// Reads and writes baselines/<device key>.json.
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "../base/json.h"
#include "baseline.h"
#include "fields.h"
#include "text.h"

#define ENTRY_FIELD(member, kind, minimum) W4_FIELD(struct w4_baseline_entry, member, kind, minimum)

static const struct w4_field entry_fields[] = {
    ENTRY_FIELD(tflops, W4_FIELD_REAL, 1e-9), ENTRY_FIELD(tolerance, W4_FIELD_REAL, 0),
    ENTRY_FIELD(date, W4_FIELD_TEXT, 0),      ENTRY_FIELD(reason, W4_FIELD_TEXT, 0),
    ENTRY_FIELD(source, W4_FIELD_TEXT, 0),    ENTRY_FIELD(code_object_hash, W4_FIELD_TEXT, 0),
};
enum { ENTRY_FIELD_COUNT = sizeof(entry_fields) / sizeof(entry_fields[0]) };

static const struct w4_field file_fields[] = {
    W4_FIELD(struct w4_baselines, device_key, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_baselines, clock_mhz, W4_FIELD_REAL, 0),
};
enum { FILE_FIELD_COUNT = sizeof(file_fields) / sizeof(file_fields[0]) };

bool w4_baselines_path(const char *folder, const char *device_key, char *path, size_t size)
{
    int prefix = snprintf(path, size, "%s/", folder);
    if (prefix < 0 || (size_t)prefix + strlen(device_key) + sizeof(".json") > size)
        return false;
    char *out = path + prefix;
    for (const char *in = device_key; *in; ++in)
        *out++ = (char)(isalnum((unsigned char)*in) || strchr("._+-", *in) ? *in : '_');
    memcpy(out, ".json", sizeof(".json"));
    return true;
}

void w4_baselines_fini(struct w4_baselines *baselines)
{
    free(baselines->entries);
    baselines->entries = NULL;
    baselines->count = 0;
}

static int compare_entries(const void *left, const void *right)
{
    return strcmp(((const struct w4_baseline_entry *)left)->id, ((const struct w4_baseline_entry *)right)->id);
}

static int compare_id(const void *key, const void *entry)
{
    return strcmp(key, ((const struct w4_baseline_entry *)entry)->id);
}

const struct w4_baseline_entry *w4_baselines_find(const struct w4_baselines *baselines, const char *id)
{
    if (baselines->count == 0)
        return NULL;
    return bsearch(id, baselines->entries, baselines->count, sizeof(*baselines->entries), compare_id);
}

static enum w4_status read_suites(const struct w4_json_at *parent, struct w4_baseline_entry *entry,
                                  struct w4_error *error)
{
    struct w4_json_at at;
    size_t length = 0;
    enum w4_status status = w4_json_member(parent, "suites", &at, error);
    if (status == W4_OK)
        status = w4_json_array(&at, &length, error);
    if (status == W4_OK && length > W4_BASELINE_SUITES_MAX)
        return w4_json_fail(&at, error, "more than %d suites", (int)W4_BASELINE_SUITES_MAX);
    for (size_t i = 0; i < length && status == W4_OK; ++i) {
        struct w4_json_at item = w4_json_item(&at, i);
        const char *name = NULL;
        status = w4_json_string(&item, &name, error);
        if (status == W4_OK && !w4_text_copy(entry->suites[i], sizeof(entry->suites[i]), name))
            status = w4_json_fail(&item, error, "suite name is too long");
        entry->suite_count = i + 1;
    }
    return status;
}

static enum w4_status read_entry(const struct w4_json_at *at, struct w4_baseline_entry *entry, struct w4_error *error)
{
    static const char *const extras[] = {"suites", NULL};
    if (!w4_text_copy(entry->id, sizeof(entry->id), at->key))
        return w4_json_fail(at, error, "case id is longer than %d bytes", W4_CASE_ID_MAX - 1);
    enum w4_status status = w4_fields_read(at, entry, entry_fields, ENTRY_FIELD_COUNT, extras, error);
    if (status == W4_OK && !(entry->tolerance < 1))
        return w4_json_fail(at, error, "tolerance is a fraction below 1 (0.05 is 5 %%)");
    return status == W4_OK ? read_suites(at, entry, error) : status;
}

static enum w4_status read_entries(const struct w4_json_at *root, struct w4_baselines *baselines,
                                   struct w4_error *error)
{
    struct w4_json_at cases;
    enum w4_status status = w4_json_member(root, "cases", &cases, error);
    if (status != W4_OK)
        return status;
    if (!json_is_object(cases.value))
        return w4_json_fail(&cases, error, "must be an object: case id -> entry");
    size_t length = json_object_size(cases.value);
    if (length == 0)
        return W4_OK;
    baselines->entries = calloc(length, sizeof(*baselines->entries));
    if (!baselines->entries)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu baselines", length);
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(cases.value, key, value)
    {
        struct w4_json_at at = {.file = cases.file, .value = value, .parent = &cases, .key = key};
        status = read_entry(&at, &baselines->entries[baselines->count++], error);
        if (status != W4_OK)
            return status;
    }
    qsort(baselines->entries, baselines->count, sizeof(*baselines->entries), compare_entries);
    return W4_OK;
}

enum w4_status w4_baselines_load(const char *path, struct w4_baselines *baselines, struct w4_error *error)
{
    static const char *const extras[] = {"schema", "cases", NULL};
    memset(baselines, 0, sizeof(*baselines));
    struct w4_json file;
    enum w4_status status = w4_json_load(&file, path, error);
    if (status != W4_OK)
        return status;
    struct w4_json_at root = w4_json_root(&file);
    int64_t schema = 0;
    status = w4_json_get_integer(&root, "schema", W4_BASELINE_SCHEMA, W4_BASELINE_SCHEMA, &schema, error);
    if (status == W4_OK)
        status = w4_fields_read(&root, baselines, file_fields, FILE_FIELD_COUNT, extras, error);
    if (status == W4_OK)
        status = read_entries(&root, baselines, error);
    w4_json_fini(&file);
    if (status != W4_OK)
        w4_baselines_fini(baselines);
    return status;
}

static json_t *entry_to_json(const struct w4_baseline_entry *entry)
{
    json_t *object = json_object();
    json_t *suites = json_array();
    int failed = !object || !suites;
    for (size_t i = 0; !failed && i < entry->suite_count; ++i)
        failed = json_array_append_new(suites, json_string(entry->suites[i]));
    if (!failed)
        failed =
            w4_fields_write(object, entry, entry_fields, ENTRY_FIELD_COUNT) | json_object_set(object, "suites", suites);
    json_decref(suites);
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

// Seven digits: more than a tolerance needs, and 24.45 does not become 24.449999999999999.
static enum w4_status write_rounded(const char *path, const json_t *root, struct w4_error *error)
{
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(7));
    if (!text)
        return w4_fail(error, W4_MEMORY, "%s: out of memory while writing baselines", path);
    size_t length = strlen(text);
    text[length] = '\n'; // in place of the NUL: the size goes along
    enum w4_status status = w4_file_write_atomic(path, text, length + 1, error);
    free(text);
    return status;
}

enum w4_status w4_baselines_save(const char *path, const struct w4_baselines *baselines, struct w4_error *error)
{
    json_t *root = json_object();
    json_t *cases = json_object();
    int failed = !root || !cases;
    for (size_t i = 0; !failed && i < baselines->count; ++i)
        failed = json_object_set_new(cases, baselines->entries[i].id, entry_to_json(&baselines->entries[i]));
    if (!failed)
        failed = json_object_set_new(root, "schema", json_integer(W4_BASELINE_SCHEMA)) |
                 w4_fields_write(root, baselines, file_fields, FILE_FIELD_COUNT) |
                 json_object_set(root, "cases", cases);
    enum w4_status status = failed ? w4_fail(error, W4_MEMORY, "%s: out of memory while writing baselines", path)
                                   : write_rounded(path, root, error);
    json_decref(cases);
    json_decref(root);
    return status;
}
