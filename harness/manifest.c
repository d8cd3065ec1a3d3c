// Loads kernels.json, the build's list of compiled variants. Which of them runs a shape is rules.c's to say.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/json.h"
#include "catalog.h"
#include "manifest_convention.h"
#include "text.h"

enum { SCHEMA = 1 };

// Copies a string member into a fixed buffer.
static enum w4_status get_text(const struct w4_json_at *at, const char *key, char *out, size_t size,
                               struct w4_error *error)
{
    const char *text;
    const enum w4_status status = w4_json_get_string(at, key, &text, error);
    if (status || w4_text_copy(out, size, text)) {
        return status;
    }
    struct w4_json_at member;
    w4_json_optional(at, key, &member);
    return w4_json_fail(&member, error, "longer than %zu characters", size - 1);
}

// A row ties a key to a member of struct w4_variant or struct w4_tile.
struct number_field {
    const char *key;
    size_t offset;
    int64_t minimum;
};

static const struct number_field tile_fields[] = {
    {"bm", offsetof(struct w4_tile, bm), 1},
    {"bn", offsetof(struct w4_tile, bn), 1},
    {"bk", offsetof(struct w4_tile, bk), 1},
    {"waves", offsetof(struct w4_tile, waves), 1},
    {"unroll_k", offsetof(struct w4_tile, unroll_k), 1},
};

static const struct number_field stages_field = {"num_stages", offsetof(struct w4_tile, num_stages), 1};

static const struct number_field variant_fields[] = {
    {"m_max", offsetof(struct w4_variant, m_max), 0},
    {"group_size", offsetof(struct w4_variant, group_size), 1},
    {"lds_bytes", offsetof(struct w4_variant, lds_bytes), 0},
    {"vgprs", offsetof(struct w4_variant, vgprs), 0},
    {"sgprs", offsetof(struct w4_variant, sgprs), 0},
    {"vgpr_spills", offsetof(struct w4_variant, vgpr_spills), 0},
    {"sgpr_spills", offsetof(struct w4_variant, sgpr_spills), 0},
    {"scratch_bytes", offsetof(struct w4_variant, scratch_bytes), 0},
};

// All members are 32 bits wide and values are limited to INT32_MAX, so signed and unsigned are stored alike.
static enum w4_status get_numbers(const struct w4_json_at *at, const struct number_field *fields, size_t count,
                                  void *base, struct w4_error *error)
{
    for (size_t i = 0; i < count; i++) {
        int64_t value;
        const enum w4_status status =
            w4_json_get_integer(at, fields[i].key, fields[i].minimum, INT32_MAX, &value, error);
        if (status) {
            return status;
        }
        const int32_t stored = (int32_t)value;
        memcpy((char *)base + fields[i].offset, &stored, sizeof(stored));
    }
    return W4_OK;
}

static enum w4_status get_tile(const struct w4_json_at *at, struct w4_tile *tile, struct w4_error *error)
{
    static const char *const keys[] = {"bm", "bn", "bk", "waves", "unroll_k", "num_stages", "unpack", NULL};
    struct w4_json_at member, knob;
    enum w4_status status = w4_json_member(at, "tile", &member, error);
    if (!status) {
        status = w4_json_keys(&member, keys, error);
    }
    if (!status) {
        status = get_numbers(&member, tile_fields, sizeof(tile_fields) / sizeof(tile_fields[0]), tile, error);
    }
    if (status) {
        return status;
    }
    w4_json_optional(&member, "num_stages", &knob);
    if (knob.value) {
        status = get_numbers(&member, &stages_field, 1, tile, error);
    }
    w4_json_optional(&member, "unpack", &knob);
    return !status && knob.value ? get_text(&member, "unpack", tile->unpack, sizeof(tile->unpack), error) : status;
}

static enum w4_status get_type(const struct w4_json_at *at, enum w4_dtype *dtype, struct w4_error *error)
{
    const char *text;
    const enum w4_status status = w4_json_get_string(at, "type", &text, error);
    if (status) {
        return status;
    }
    *dtype = strcmp(text, "bf16") == 0 ? W4_BF16 : W4_FP16;
    if (strcmp(text, w4_text_dtype(*dtype)) != 0) {
        struct w4_json_at member;
        w4_json_optional(at, "type", &member);
        return w4_json_fail(&member, error, "\"%.40s\" is neither \"fp16\" nor \"bf16\"", text);
    }
    return W4_OK;
}

// Makes the code object's path absolute; relative ones count from the manifest's folder.
static enum w4_status get_code_object(const struct w4_json_at *at, const char *folder, char **path,
                                      struct w4_error *error)
{
    const char *text;
    const enum w4_status status = w4_json_get_string(at, "code_object", &text, error);
    if (status) {
        return status;
    }
    if (!text[0]) {
        return w4_json_fail(at, error, "code_object is empty");
    }
    const int length = text[0] == '/' ? asprintf(path, "%s", text) : asprintf(path, "%s/%s", folder, text);
    if (length < 0) {
        *path = NULL;
        return w4_fail(error, W4_MEMORY, "no memory for a path");
    }
    return W4_OK;
}

static enum w4_status read_variant(const struct w4_json_at *at, const char *folder,
                                   const struct w4_json_at *conventions, struct w4_variant *variant,
                                   struct w4_error *error)
{
    static const char *const keys[] = {
        "id",          "family",        "symbol",          "code_object", "code_object_hash",  "tile",  "m_max",
        "type",        "group_size",    "zero_point",      "vgprs",       "lds_bytes",         "sgprs", "vgpr_spills",
        "sgpr_spills", "scratch_bytes", "spills_expected", "convention",  "dynamic_lds_bytes", NULL};
    const struct {
        const char *key;
        char *out;
        size_t size;
    } texts[] = {{"id", variant->id, sizeof(variant->id)},
                 {"family", variant->family, sizeof(variant->family)},
                 {"symbol", variant->symbol, sizeof(variant->symbol)},
                 {"code_object_hash", variant->code_object_hash, sizeof(variant->code_object_hash)}};
    enum w4_status status = w4_json_keys(at, keys, error);
    for (size_t i = 0; !status && i < sizeof(texts) / sizeof(texts[0]); i++) {
        status = get_text(at, texts[i].key, texts[i].out, texts[i].size, error);
    }
    if (!status) {
        status = get_tile(at, &variant->tile, error);
    }
    if (!status) {
        status = get_numbers(at, variant_fields, sizeof(variant_fields) / sizeof(variant_fields[0]), variant, error);
    }
    if (!status) {
        status = get_type(at, &variant->dtype, error);
    }
    if (!status) {
        status = w4_json_get_bool(at, "zero_point", &variant->zero_point, error);
    }
    bool spills_expected; // the build's own test looks at it
    if (!status) {
        status = w4_json_get_bool(at, "spills_expected", &spills_expected, error);
    }
    if (!status) {
        status = w4_manifest_convention(at, conventions, &variant->convention, error);
    }
    return status ? status : get_code_object(at, folder, &variant->code_object, error);
}

static enum w4_status check_unique(const struct w4_json_at *at, const struct w4_variant *first,
                                   const struct w4_variant *variant, struct w4_error *error)
{
    for (const struct w4_variant *other = first; other < variant; other++) {
        if (strcmp(other->id, variant->id) == 0) {
            return w4_json_fail(at, error, "id \"%s\" is there twice", variant->id);
        }
        if (strcmp(other->symbol, variant->symbol) == 0 && strcmp(other->code_object, variant->code_object) == 0) {
            return w4_json_fail(at, error, "symbol \"%s\" of %s is there twice", variant->symbol, variant->code_object);
        }
    }
    return W4_OK;
}

static enum w4_status read_variants(const struct w4_json_at *root, const char *folder, struct w4_manifest *manifest,
                                    struct w4_error *error)
{
    struct w4_json_at variants, conventions;
    size_t count = 0;
    w4_json_optional(root, "conventions", &conventions);
    enum w4_status status = w4_json_member(root, "variants", &variants, error);
    if (!status) {
        status = w4_json_array(&variants, &count, error);
    }
    if (!status && count == 0) {
        status = w4_json_fail(&variants, error, "no kernel was compiled; see the build's messages");
    }
    if (status) {
        return status;
    }
    manifest->variants = calloc(count, sizeof(*manifest->variants));
    if (!manifest->variants) {
        return w4_fail(error, W4_MEMORY, "no memory for %zu variants", count);
    }
    for (size_t i = 0; !status && i < count; i++) {
        struct w4_variant *variant = &manifest->variants[manifest->variant_count++];
        const struct w4_json_at item = w4_json_item(&variants, i);
        status = read_variant(&item, folder, &conventions, variant, error);
        if (!status) {
            status = check_unique(&item, manifest->variants, variant, error);
        }
    }
    return status;
}

// The folder of a file as an absolute path, in a fresh string.
static enum w4_status folder_of(const char *path, char **folder, struct w4_error *error)
{
    char *full = realpath(path, NULL);
    if (!full) {
        return w4_fail(error, W4_IO, "%s: %m", path);
    }
    *strrchr(full, '/') = '\0';
    *folder = full;
    return W4_OK;
}

static enum w4_status read_toolchain(const struct w4_json_at *root, struct w4_manifest *manifest,
                                     struct w4_error *error)
{
    static const char *const keys[] = {"compiler", "version", "flags", NULL};
    struct w4_json_at at;
    enum w4_status status = w4_json_member(root, "toolchain", &at, error);
    if (!status) {
        status = w4_json_keys(&at, keys, error);
    }
    if (!status) {
        status = get_text(&at, "compiler", manifest->compiler, sizeof(manifest->compiler), error);
    }
    if (!status) {
        status = get_text(&at, "version", manifest->compiler_version, sizeof(manifest->compiler_version), error);
    }
    return status ? status : get_text(&at, "flags", manifest->flags, sizeof(manifest->flags), error);
}

enum w4_status w4_manifest_load(const char *path, struct w4_manifest *manifest, struct w4_error *error)
{
    static const char *const keys[] = {"schema", "toolchain", "conventions", "variants", NULL};
    memset(manifest, 0, sizeof(*manifest));
    struct w4_json json;
    enum w4_status status = w4_json_load(&json, path, error);
    if (status) {
        return status;
    }
    char *folder = NULL;
    int64_t schema;
    const struct w4_json_at root = w4_json_root(&json);
    status = w4_json_keys(&root, keys, error);
    if (!status) {
        status = w4_json_get_integer(&root, "schema", SCHEMA, SCHEMA, &schema, error);
    }
    if (!status) {
        status = read_toolchain(&root, manifest, error);
    }
    if (!status) {
        status = folder_of(path, &folder, error);
    }
    if (!status) {
        status = read_variants(&root, folder, manifest, error);
    }
    free(folder);
    w4_json_fini(&json);
    if (status) {
        w4_manifest_fini(manifest);
    }
    return status;
}

const struct w4_variant *w4_manifest_find(const struct w4_manifest *manifest, const char *id)
{
    for (size_t i = 0; i < manifest->variant_count; i++) {
        if (strcmp(manifest->variants[i].id, id) == 0) {
            return &manifest->variants[i];
        }
    }
    return NULL;
}

void w4_manifest_fini(struct w4_manifest *manifest)
{
    for (size_t i = 0; i < manifest->variant_count; i++) {
        free(manifest->variants[i].code_object);
    }
    free(manifest->variants);
    memset(manifest, 0, sizeof(*manifest));
}
