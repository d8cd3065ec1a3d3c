// kernel-manifest: writes kernels.json, which tells the harness what was compiled: every kernel of the code objects
// with its place in variants.def, and what the compiler needed for it. Fails when a code object and the table disagree.
//
//   kernel-manifest --out FILE --compiler NAME --compiler-version TEXT --flags TEXT [--groups MASK] CODE_OBJECT...
//
// Code objects are named family-BMxBNxBK-wWAVES-uUNROLL.hsaco and lie beside FILE. --groups: the group sizes they were
// compiled for (an or), when these are not the table's.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "../base/json.h"
#include "../codeobject/codeobject.h"
#include "resources.h"

struct row {
    const char *family;
    uint32_t bm, bn, bk, waves, unroll_k, m_max, groups;
    bool spills_expected;
};

#define W4_VARIANT(family, bm, bn, bk, waves, unroll_k, m_max, groups, spills)                                         \
    {#family, bm, bn, bk, waves, unroll_k, m_max, groups, spills},
static const struct row rows[] = {
#include "variants.def"
};
#undef W4_VARIANT

static const char *const types[] = {"fp16", "bf16"};
static const char *const zero_tags[] = {"sym", "zp"};

enum { NAME_MAX_BYTES = 128, CODE_OBJECT_MAX_BYTES = 64 << 20 };

struct options {
    const char *out, *compiler, *compiler_version, *flags;
    uint32_t groups; // 0: the table's
};

static void row_name(const struct row *row, char name[NAME_MAX_BYTES])
{
    snprintf(name, NAME_MAX_BYTES, "%s-%ux%ux%u-w%u-u%u", row->family, row->bm, row->bn, row->bk, row->waves,
             row->unroll_k);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const struct row *find_row(const char *path)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char name[NAME_MAX_BYTES + 8];
        row_name(&rows[i], name);
        strcat(name, ".hsaco");
        if (strcmp(name, base_name(path)) == 0)
            return &rows[i];
    }
    return NULL;
}

static struct resources kernel_resources(const struct co_kernel *kernel)
{
    return (struct resources){.vgprs = kernel->vgpr_count,
                              .sgprs = kernel->sgpr_count,
                              .lds_bytes = kernel->lds_bytes,
                              .vgpr_spills = kernel->vgpr_spill_count,
                              .sgpr_spills = kernel->sgpr_spill_count,
                              .scratch_bytes = kernel->scratch_bytes};
}

// What tells the kernels of one code object apart.
struct instance {
    const char *type, *zero_tag;
    uint32_t group;
};

static json_t *variant_json(const struct row *row, const struct instance *instance, const char *symbol,
                            const char *path, const char *hash, const struct resources *used)
{
    char name[NAME_MAX_BYTES], id[NAME_MAX_BYTES + 32];
    row_name(row, name);
    snprintf(id, sizeof(id), "%s-%s-g%u-%s", name, instance->type, instance->group, instance->zero_tag);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:{s:i, s:i, s:i, s:i, s:i}, s:i, s:s, s:i, s:b, s:i, s:i, s:i, s:i, s:i, "
        "s:i, s:b}",
        "id", id, "family", row->family, "symbol", symbol, "code_object", base_name(path), "code_object_hash", hash,
        "tile", "bm", row->bm, "bn", row->bn, "bk", row->bk, "waves", row->waves, "unroll_k", row->unroll_k, "m_max",
        row->m_max, "type", instance->type, "group_size", instance->group, "zero_point",
        strcmp(instance->zero_tag, "zp") == 0, "lds_bytes", used->lds_bytes, "vgprs", used->vgprs, "sgprs", used->sgprs,
        "vgpr_spills", used->vgpr_spills, "sgpr_spills", used->sgpr_spills, "scratch_bytes", used->scratch_bytes,
        "spills_expected", row->spills_expected);
}

static enum w4_status add_instance(const struct row *row, const struct instance *instance, const char *path,
                                   const char *hash, const struct co_object *object, json_t *variants,
                                   struct resources *worst, struct w4_error *error)
{
    char symbol[NAME_MAX_BYTES + 32];
    snprintf(symbol, sizeof(symbol), "w4_%s_%ux%ux%u_w%u_u%u_%s_g%u_%s", row->family, row->bm, row->bn, row->bk,
             row->waves, row->unroll_k, instance->type, instance->group, instance->zero_tag);
    const struct co_kernel *kernel = co_object_find_kernel(object, symbol);
    if (!kernel)
        return w4_fail(error, W4_NOT_FOUND, "%s: kernel %s is missing; rebuild the kernels", path, symbol);
    const struct resources used = kernel_resources(kernel);
    resources_merge(worst, &used);
    if (json_array_append_new(variants, variant_json(row, instance, symbol, path, hash, &used)) != 0)
        return w4_fail(error, W4_MEMORY, "%s: out of memory", path);
    return W4_OK;
}

static enum w4_status add_kernels(const struct options *options, const struct row *row, const char *path,
                                  const char *hash, const struct co_object *object, json_t *variants,
                                  struct w4_error *error)
{
    struct resources worst = {0};
    const size_t first = json_array_size(variants);
    const uint32_t groups = options->groups ? options->groups : row->groups;
    for (uint32_t group = 32; group <= 256; group *= 2)
        for (size_t type = 0; (groups & group) && type < 2; type++)
            for (size_t zero = 0; zero < 2; zero++) {
                const struct instance instance = {types[type], zero_tags[zero], group};
                const enum w4_status status = add_instance(row, &instance, path, hash, object, variants, &worst, error);
                if (status != W4_OK)
                    return status;
            }
    const size_t count = json_array_size(variants) - first;
    if (count != object->kernel_count)
        return w4_fail(error, W4_PARSE, "%s: %zu kernels, but variants.def names %zu; rebuild the kernels", path,
                       object->kernel_count, count);
    char name[NAME_MAX_BYTES];
    row_name(row, name);
    resources_print_row(name, count, &worst, row->waves, row->spills_expected);
    return W4_OK;
}

static enum w4_status add_code_object(const struct options *options, const char *path, json_t *variants,
                                      struct w4_error *error)
{
    char *data = NULL;
    size_t size = 0;
    const struct row *row = find_row(path);
    if (!row)
        return w4_fail(error, W4_NOT_FOUND, "%s: no row of variants.def has this name", path);
    enum w4_status status = w4_file_read(path, CODE_OBJECT_MAX_BYTES, &data, &size, error);
    if (status != W4_OK)
        return status;
    struct co_object object = {0};
    status = co_object_parse(data, size, path, &object, error);
    if (status == W4_OK) {
        char hash[33];
        w4_hash_hex(data, size, hash);
        status = add_kernels(options, row, path, hash, &object, variants, error);
        co_object_fini(&object);
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
    json_t *root =
        json_pack("{s:i, s:{s:s, s:s, s:s}, s:o}", "schema", 1, "toolchain", "compiler", options->compiler, "version",
                  options->compiler_version, "flags", options->flags, "variants", sorted_by_id(variants));
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
        status = add_code_object(&options, argv[i], variants, &error);
    if (status == W4_OK)
        status = write_manifest(&options, variants, &error);
out:
    json_decref(variants);
    if (status != W4_OK)
        fprintf(stderr, "kernel-manifest: %s\n", error.message);
    return w4_status_exit_code(status);
}
