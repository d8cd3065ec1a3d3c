// Reads and writes baselines/<device key>.json.
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/file.h"
#include "../../base/json.h"
#include "../baseline.h"
#include "../date.h"
#include "../fields.h"
#include "../results_fields.h"
#include "../text.h"

enum { LOG_MAX = 100000 };

#define VERSION_FIELD(member, kind, minimum) W4_FIELD(struct w4_baseline_version, member, kind, minimum)

static const struct w4_field version_fields[] = {
    VERSION_FIELD(tflops, W4_FIELD_REAL, 1e-9), VERSION_FIELD(nights, W4_FIELD_I32, 1),
    VERSION_FIELD(date, W4_FIELD_TEXT, 0),      VERSION_FIELD(reason, W4_FIELD_TEXT, 0),
    VERSION_FIELD(source, W4_FIELD_TEXT, 0),    VERSION_FIELD(code_object_hash, W4_FIELD_TEXT, 0),
    VERSION_FIELD(variant, W4_FIELD_TEXT, 0),
};
enum { VERSION_FIELD_COUNT = sizeof(version_fields) / sizeof(version_fields[0]) };

// The member "measured", absent when times are modelled.
static const struct w4_field measured_fields[] = {
    VERSION_FIELD(machine, W4_FIELD_TEXT, 0),
    VERSION_FIELD(anchor_wmma_ms, W4_FIELD_REAL, 0),
    VERSION_FIELD(anchor_bandwidth_ms, W4_FIELD_REAL, 0),
    VERSION_FIELD(spread, W4_FIELD_REAL, 0),
};
enum { MEASURED_FIELD_COUNT = sizeof(measured_fields) / sizeof(measured_fields[0]) };

static const struct w4_field quarantine_fields[] = {
    {"until", W4_FIELD_TEXT, offsetof(struct w4_baseline_entry, quarantine_until),
     sizeof(((struct w4_baseline_entry *)0)->quarantine_until), 0},
    {"reason", W4_FIELD_TEXT, offsetof(struct w4_baseline_entry, quarantine_reason),
     sizeof(((struct w4_baseline_entry *)0)->quarantine_reason), 0},
};
enum { QUARANTINE_FIELD_COUNT = sizeof(quarantine_fields) / sizeof(quarantine_fields[0]) };

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
    for (size_t i = 0; i < baselines->count; ++i)
        free(baselines->entries[i].log);
    free(baselines->entries);
    free(baselines->machines);
    baselines->entries = NULL;
    baselines->machines = NULL;
    baselines->count = baselines->machine_count = 0;
}

static int compare_entries(const void *left, const void *right)
{
    return strcmp(((const struct w4_baseline_entry *)left)->id, ((const struct w4_baseline_entry *)right)->id);
}

static int compare_id(const void *key, const void *entry)
{
    return strcmp(key, ((const struct w4_baseline_entry *)entry)->id);
}

struct w4_baseline_entry *w4_baselines_find(const struct w4_baselines *baselines, const char *id)
{
    if (baselines->count == 0)
        return NULL;
    return bsearch(id, baselines->entries, baselines->count, sizeof(*baselines->entries), compare_id);
}

const struct w4_baseline_machine *w4_baselines_machine(const struct w4_baselines *baselines, const char *key)
{
    for (size_t i = 0; i < baselines->machine_count; ++i) {
        if (strcmp(baselines->machines[i].key, key) == 0)
            return &baselines->machines[i];
    }
    return NULL;
}

bool w4_baselines_remove(struct w4_baselines *baselines, const char *id)
{
    struct w4_baseline_entry *entry = w4_baselines_find(baselines, id);
    if (!entry)
        return false;
    free(entry->log);
    size_t behind = (size_t)(baselines->entries + baselines->count - (entry + 1));
    memmove(entry, entry + 1, behind * sizeof(*entry));
    --baselines->count;
    return true;
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

static enum w4_status check_date(const struct w4_json_at *at, const char *key, const char *date, struct w4_error *error)
{
    int64_t day = 0;
    if (w4_date_day(date, &day))
        return W4_OK;
    struct w4_json_at member;
    w4_json_optional(at, key, &member);
    return w4_json_fail(&member, error, "\"%s\" is not a date (2026-01-31)", date);
}

static enum w4_status read_version(const struct w4_json_at *at, const char *const *extras,
                                   struct w4_baseline_version *version, struct w4_error *error)
{
    enum w4_status status = w4_fields_read(at, version, version_fields, VERSION_FIELD_COUNT, extras, error);
    if (status == W4_OK)
        status = check_date(at, "date", version->date, error);
    struct w4_json_at measured;
    w4_json_optional(at, "measured", &measured);
    if (status != W4_OK || !measured.value)
        return status;
    return w4_fields_read(&measured, version, measured_fields, MEASURED_FIELD_COUNT, NULL, error);
}

static enum w4_status read_log(const struct w4_json_at *parent, struct w4_baseline_entry *entry, struct w4_error *error)
{
    static const char *const extras[] = {"measured", NULL};
    struct w4_json_at at;
    size_t length = 0;
    w4_json_optional(parent, "log", &at);
    if (!at.value)
        return W4_OK;
    enum w4_status status = w4_json_array(&at, &length, error);
    if (status == W4_OK && length > LOG_MAX)
        return w4_json_fail(&at, error, "more than %d older baselines", (int)LOG_MAX);
    if (status != W4_OK || length == 0)
        return status;
    entry->log = calloc(length, sizeof(*entry->log));
    if (!entry->log)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu older baselines", length);
    entry->log_count = length;
    for (size_t i = 0; i < length && status == W4_OK; ++i) {
        struct w4_json_at item = w4_json_item(&at, i);
        status = read_version(&item, extras, &entry->log[i], error);
    }
    return status;
}

static enum w4_status read_quarantine(const struct w4_json_at *parent, struct w4_baseline_entry *entry,
                                      struct w4_error *error)
{
    struct w4_json_at at;
    w4_json_optional(parent, "quarantine", &at);
    if (!at.value)
        return W4_OK;
    enum w4_status status = w4_fields_read(&at, entry, quarantine_fields, QUARANTINE_FIELD_COUNT, NULL, error);
    return status == W4_OK ? check_date(&at, "until", entry->quarantine_until, error) : status;
}

static enum w4_status read_entry(const struct w4_json_at *at, struct w4_baseline_entry *entry, struct w4_error *error)
{
    static const char *const extras[] = {"tolerance", "suites", "log", "quarantine", "measured", NULL};
    if (!w4_text_copy(entry->id, sizeof(entry->id), at->key))
        return w4_json_fail(at, error, "case id is longer than %d bytes", W4_CASE_ID_MAX - 1);
    enum w4_status status = read_version(at, extras, &entry->now, error);
    if (status == W4_OK)
        status = w4_json_get_real(at, "tolerance", 0, 1, &entry->tolerance, error);
    if (status == W4_OK && !(entry->tolerance < 1))
        return w4_json_fail(at, error, "tolerance is a fraction below 1 (0.05 is 5 %%)");
    if (status == W4_OK)
        status = read_suites(at, entry, error);
    if (status == W4_OK)
        status = read_log(at, entry, error);
    return status == W4_OK ? read_quarantine(at, entry, error) : status;
}

// Every machine that an entry names must be there, or its fingerprint could not be compared.
static enum w4_status check_machine(const struct w4_json_at *at, const struct w4_baselines *baselines,
                                    const struct w4_baseline_entry *entry, struct w4_error *error)
{
    if (!entry->now.machine[0] || w4_baselines_machine(baselines, entry->now.machine))
        return W4_OK;
    return w4_json_fail(at, error, "machine %s is not among \"machines\"", entry->now.machine);
}

static enum w4_status read_machines(const struct w4_json_at *root, struct w4_baselines *baselines,
                                    struct w4_error *error)
{
    struct w4_json_at at;
    const char *key = NULL;
    json_t *value = NULL;
    w4_json_optional(root, "machines", &at);
    if (!at.value)
        return W4_OK;
    if (!json_is_object(at.value))
        return w4_json_fail(&at, error, "must be an object: hash -> fingerprint");
    baselines->machines = calloc(json_object_size(at.value) + 1, sizeof(*baselines->machines));
    if (!baselines->machines)
        return w4_fail(error, W4_MEMORY, "out of memory for the machines");
    enum w4_status status = W4_OK;
    json_object_foreach(at.value, key, value)
    {
        struct w4_json_at item = {.file = at.file, .value = value, .parent = &at, .key = key};
        struct w4_baseline_machine *machine = &baselines->machines[baselines->machine_count++];
        if (!w4_text_copy(machine->key, sizeof(machine->key), key))
            status = w4_json_fail(&item, error, "the key is longer than %zu bytes", sizeof(machine->key) - 1);
        if (status == W4_OK)
            status = w4_fields_read(&item, &machine->fingerprint, w4_fingerprint_fields,
                                    W4_COUNT(w4_fingerprint_fields), NULL, error);
        if (status != W4_OK)
            break;
    }
    return status;
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
        struct w4_baseline_entry *entry = &baselines->entries[baselines->count++];
        status = read_entry(&at, entry, error);
        if (status == W4_OK)
            status = check_machine(&at, baselines, entry, error);
        if (status != W4_OK)
            return status;
    }
    qsort(baselines->entries, baselines->count, sizeof(*baselines->entries), compare_entries);
    return W4_OK;
}

static enum w4_status check_schema(const struct w4_json_at *root, struct w4_error *error)
{
    int64_t schema = 0;
    struct w4_json_at at;
    enum w4_status status = w4_json_get_integer(root, "schema", 0, INT32_MAX, &schema, error);
    if (status != W4_OK || schema == W4_BASELINE_SCHEMA)
        return status;
    w4_json_optional(root, "schema", &at);
    return w4_json_fail(&at, error,
                        "baseline files of schema %lld are not known here (%d is): use the w4bench that wrote it, or "
                        "accept results anew",
                        (long long)schema, (int)W4_BASELINE_SCHEMA);
}

enum w4_status w4_baselines_load(const char *path, struct w4_baselines *baselines, struct w4_error *error)
{
    static const char *const extras[] = {"schema", "cases", "machines", NULL};
    memset(baselines, 0, sizeof(*baselines));
    struct w4_json file;
    enum w4_status status = w4_json_load(&file, path, error);
    if (status != W4_OK)
        return status;
    struct w4_json_at root = w4_json_root(&file);
    status = check_schema(&root, error);
    if (status == W4_OK)
        status = w4_fields_read(&root, baselines, file_fields, FILE_FIELD_COUNT, extras, error);
    if (status == W4_OK)
        status = read_machines(&root, baselines, error);
    if (status == W4_OK)
        status = read_entries(&root, baselines, error);
    w4_json_fini(&file);
    if (status != W4_OK)
        w4_baselines_fini(baselines);
    return status;
}

static int add_fields(json_t *parent, const char *key, const void *base, const struct w4_field *fields, size_t count)
{
    json_t *object = json_object();
    int failed = !object || w4_fields_write(object, base, fields, count) != 0;
    return json_object_set_new(parent, key, object) | failed;
}

static json_t *version_to_json(const struct w4_baseline_version *version)
{
    json_t *object = json_object();
    int failed = !object || w4_fields_write(object, version, version_fields, VERSION_FIELD_COUNT) != 0;
    if (!failed && version->machine[0])
        failed = add_fields(object, "measured", version, measured_fields, MEASURED_FIELD_COUNT);
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static int add_suites(json_t *object, const struct w4_baseline_entry *entry)
{
    json_t *suites = json_array();
    int failed = !suites;
    for (size_t i = 0; !failed && i < entry->suite_count; ++i)
        failed = json_array_append_new(suites, json_string(entry->suites[i]));
    return json_object_set_new(object, "suites", suites) | failed;
}

static int add_log(json_t *object, const struct w4_baseline_entry *entry)
{
    json_t *log = json_array();
    int failed = !log;
    for (size_t i = 0; !failed && i < entry->log_count; ++i)
        failed = json_array_append_new(log, version_to_json(&entry->log[i]));
    return json_object_set_new(object, "log", log) | failed;
}

static json_t *entry_to_json(const struct w4_baseline_entry *entry)
{
    json_t *object = version_to_json(&entry->now);
    if (!object)
        return NULL;
    int failed = json_object_set_new(object, "tolerance", json_real(entry->tolerance)) | add_suites(object, entry);
    if (entry->log_count > 0)
        failed |= add_log(object, entry);
    if (entry->quarantine_until[0])
        failed |= add_fields(object, "quarantine", entry, quarantine_fields, QUARANTINE_FIELD_COUNT);
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

static json_t *cases_to_json(const struct w4_baselines *baselines)
{
    json_t *cases = json_object();
    for (size_t i = 0; cases && i < baselines->count; ++i) {
        if (json_object_set_new(cases, baselines->entries[i].id, entry_to_json(&baselines->entries[i])) != 0) {
            json_decref(cases);
            return NULL;
        }
    }
    return cases;
}

static json_t *machines_to_json(const struct w4_baselines *baselines)
{
    json_t *machines = json_object();
    for (size_t i = 0; machines && i < baselines->machine_count; ++i) {
        const struct w4_baseline_machine *machine = &baselines->machines[i];
        if (add_fields(machines, machine->key, &machine->fingerprint, w4_fingerprint_fields,
                       W4_COUNT(w4_fingerprint_fields)) != 0) {
            json_decref(machines);
            return NULL;
        }
    }
    return machines;
}

enum w4_status w4_baselines_save(const char *path, const struct w4_baselines *baselines, struct w4_error *error)
{
    json_t *root = json_object();
    int failed = !root || json_object_set_new(root, "schema", json_integer(W4_BASELINE_SCHEMA)) != 0 ||
                 w4_fields_write(root, baselines, file_fields, FILE_FIELD_COUNT) != 0 ||
                 json_object_set_new(root, "cases", cases_to_json(baselines)) != 0;
    if (!failed && baselines->machine_count > 0)
        failed = json_object_set_new(root, "machines", machines_to_json(baselines)) != 0;
    enum w4_status status = failed ? w4_fail(error, W4_MEMORY, "%s: out of memory while writing baselines", path)
                                   : write_rounded(path, root, error);
    json_decref(root);
    return status;
}
