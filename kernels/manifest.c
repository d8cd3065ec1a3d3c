// kernel-manifest: writes kernels.json, which tells the harness what was compiled: every kernel of the code objects
// with its place in variants.def or triton/variants.def, and what the compiler needed for it. Fails when a code object
// and the table disagree.
//
//   kernel-manifest --out FILE --compiler NAME --compiler-version TEXT --flags TEXT [--groups MASK] CODE_OBJECT...
//
// Code objects lie beside FILE and are named as their rows. --groups: the group sizes of the HIP kernels (an or), when
// these are not the table's.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "../base/json.h"
#include "../codeobject/codeobject.h"
#include "manifest.h"

enum { CODE_OBJECT_MAX_BYTES = 64 << 20 };

struct options {
    const char *out, *compiler, *compiler_version, *flags;
    uint32_t groups; // 0: the table's
};

const char *manifest_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static json_t *entry_json(const struct manifest_entry *entry, const struct code_object *file,
                          const struct resources *used)
{
    json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:i, s:s, s:i, s:b, s:i, s:i, s:i, s:i, s:i, s:i, s:b}",
                             "id", entry->id, "family", entry->family, "symbol", entry->symbol, "code_object",
                             manifest_base_name(file->path), "code_object_hash", file->hash, "tile", entry->tile,
                             "m_max", entry->m_max, "type", entry->type, "group_size", entry->group_size, "zero_point",
                             entry->zero_point, "lds_bytes", used->lds_bytes, "vgprs", used->vgprs, "sgprs",
                             used->sgprs, "vgpr_spills", used->vgpr_spills, "sgpr_spills", used->sgpr_spills,
                             "scratch_bytes", used->scratch_bytes, "spills_expected", entry->spills_expected);
    if (json && entry->convention &&
        (json_object_set_new(json, "convention", json_string(entry->convention)) != 0 ||
         json_object_set_new(json, "dynamic_lds_bytes", json_integer(entry->dynamic_lds_bytes)) != 0)) {
        json_decref(json);
        return NULL;
    }
    return json;
}

enum w4_status manifest_add(const struct manifest_entry *entry, const struct code_object *file,
                            const struct co_kernel *kernel, json_t *variants, struct resources *worst,
                            struct w4_error *error)
{
    const struct resources used = {.vgprs = kernel->vgpr_count,
                                   .sgprs = kernel->sgpr_count,
                                   .lds_bytes = kernel->lds_bytes + entry->dynamic_lds_bytes,
                                   .vgpr_spills = kernel->vgpr_spill_count,
                                   .sgpr_spills = kernel->sgpr_spill_count,
                                   .scratch_bytes = kernel->scratch_bytes};
    resources_merge(worst, &used);
    if (json_array_append_new(variants, entry_json(entry, file, &used)) != 0)
        return w4_fail(error, W4_MEMORY, "%s: out of memory", file->path);
    return W4_OK;
}

static enum w4_status add_entries(const struct options *options, const struct code_object *file,
                                  struct triton_total *total, json_t *variants, struct w4_error *error)
{
    return manifest_is_hip(file->path) ? manifest_add_hip(file, options->groups, variants, error)
                                       : manifest_add_triton(file, total, variants, error);
}

static enum w4_status add_code_object(const struct options *options, const char *path, struct triton_total *total,
                                      json_t *variants, struct w4_error *error)
{
    char *data = NULL;
    size_t size = 0;
    if (!manifest_is_hip(path) && !manifest_is_triton(path))
        return w4_fail(error, W4_NOT_FOUND, "%s: no row of variants.def or triton/variants.def has this name", path);
    enum w4_status status = w4_file_read(path, CODE_OBJECT_MAX_BYTES, &data, &size, error);
    if (status != W4_OK)
        return status;
    struct code_object file = {.path = path};
    status = co_object_parse(data, size, path, &file.object, error);
    if (status == W4_OK) {
        w4_hash_hex(data, size, file.hash);
        status = add_entries(options, &file, total, variants, error);
        co_object_fini(&file.object);
    }
    free(data);
    return status;
}

static int compare_ids(const void *a, const void *b)
{
    const char *left = json_string_value(json_object_get(*(json_t *const *)a, "id"));
    const char *right = json_string_value(json_object_get(*(json_t *const *)b, "id"));
    return strcmp(left, right);
}

// A new array with the variants in the order of their ids.
static json_t *sorted_by_id(json_t *variants)
{
    const size_t count = json_array_size(variants);
    json_t **items = calloc(count + 1, sizeof(*items));
    json_t *sorted = json_array();
    if (!items || !sorted)
        goto failed;
    for (size_t i = 0; i < count; i++)
        items[i] = json_array_get(variants, i);
    qsort(items, count, sizeof(*items), compare_ids);
    for (size_t i = 0; i < count; i++)
        if (json_array_append(sorted, items[i]) != 0)
            goto failed;
    free(items);
    return sorted;
failed:
    free(items);
    json_decref(sorted);
    return NULL;
}

static enum w4_status write_manifest(const struct options *options, json_t *variants, struct w4_error *error)
{
    json_t *root = json_pack("{s:i, s:{s:s, s:s, s:s}, s:{s:o}, s:o}", "schema", 1, "toolchain", "compiler",
                             options->compiler, "version", options->compiler_version, "flags", options->flags,
                             "conventions", "triton", manifest_triton_convention(), "variants", sorted_by_id(variants));
    if (!root)
        return w4_fail(error, W4_MEMORY, "%s: out of memory, or the compiler's name is not UTF-8", options->out);
    const enum w4_status status = w4_json_write(options->out, root, error);
    json_decref(root);
    return status;
}

// Parses options; *first is the first code object.
static enum w4_status parse_options(int argc, char **argv, struct options *options, int *first, struct w4_error *error)
{
    const char *groups = NULL;
    const struct {
        const char *name, **value;
    } known[] = {{"--out", &options->out},
                 {"--compiler", &options->compiler},
                 {"--compiler-version", &options->compiler_version},
                 {"--flags", &options->flags},
                 {"--groups", &groups}};
    int at = 1;
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        size_t i = 0;
        while (i < sizeof(known) / sizeof(*known) && strcmp(argv[at], known[i].name) != 0)
            i++;
        if (i == sizeof(known) / sizeof(*known))
            return w4_fail(error, W4_USAGE, "unknown option %s", argv[at]);
        *known[i].value = argv[at + 1];
    }
    if (groups) {
        char *end = NULL;
        const unsigned long mask = strtoul(groups, &end, 10);
        if (*end != 0 || mask == 0 || (mask & ~(32UL | 64 | 128 | 256)) != 0)
            return w4_fail(error, W4_USAGE, "--groups %s is not a sum of 32, 64, 128, 256", groups);
        options->groups = (uint32_t)mask;
    }
    if (!options->out || !options->compiler || !options->compiler_version || !options->flags || at >= argc)
        return w4_fail(error, W4_USAGE,
                       "usage: kernel-manifest --out FILE --compiler NAME --compiler-version TEXT "
                       "--flags TEXT [--groups MASK] CODE_OBJECT...");
    *first = at;
    return W4_OK;
}

int main(int argc, char **argv)
{
    struct w4_error error = {0};
    struct options options = {0};
    struct triton_total total = {0};
    int first = 0;
    json_t *variants = NULL;
    enum w4_status status = parse_options(argc, argv, &options, &first, &error);
    if (status != W4_OK)
        goto out;
    variants = json_array();
    if (!variants) {
        status = w4_fail(&error, W4_MEMORY, "out of memory");
        goto out;
    }
    resources_print_head();
    for (int i = first; i < argc && status == W4_OK; i++)
        status = add_code_object(&options, argv[i], &total, variants, &error);
    manifest_print_triton(&total);
    if (status == W4_OK)
        status = write_manifest(&options, variants, &error);
out:
    json_decref(variants);
    if (status != W4_OK)
        fprintf(stderr, "kernel-manifest: %s\n", error.message);
    return w4_status_exit_code(status);
}
