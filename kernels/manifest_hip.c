// Entries of the HIP kernels: a code object holds the kernels of one row of variants.def, one for each group size, type
// and zero-point mode. It is named source-BMxBNxBK-wWAVES-uUNROLL.hsaco.
#include <stdio.h>
#include <string.h>

#include "manifest.h"

struct row {
    const char *source;
    uint32_t bm, bn, bk, waves, unroll_k, m_max, groups;
    bool spills_expected;
};

#define W4_VARIANT(source, bm, bn, bk, waves, unroll_k, m_max, groups, spills)                                         \
    {#source, bm, bn, bk, waves, unroll_k, m_max, groups, spills},
static const struct row rows[] = {
#include "variants.def"
};
#undef W4_VARIANT

static const char *const types[] = {"fp16", "bf16"};
static const char *const zero_tags[] = {"sym", "zp"};

static void row_name(const struct row *row, char name[MANIFEST_NAME_MAX_BYTES])
{
    snprintf(name, MANIFEST_NAME_MAX_BYTES, "%s-%ux%ux%u-w%u-u%u", row->source, row->bm, row->bn, row->bk, row->waves,
             row->unroll_k);
}

static const struct row *find_row(const char *path)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char name[MANIFEST_NAME_MAX_BYTES + 8];
        row_name(&rows[i], name);
        strcat(name, ".hsaco");
        if (strcmp(name, manifest_base_name(path)) == 0)
            return &rows[i];
    }
    return NULL;
}

bool manifest_is_hip(const char *path)
{
    return find_row(path) != NULL;
}

// What tells the kernels of one code object apart.
struct instance {
    const char *type, *zero_tag;
    uint32_t group;
};

// "prefill_packed": the family before the underscore, the unpacking behind it; NULL without one.
static const char *split_source(const char *source, char family[MANIFEST_NAME_MAX_BYTES])
{
    const char *rest = strchr(source, '_');
    snprintf(family, MANIFEST_NAME_MAX_BYTES, "%.*s", (int)(rest ? rest - source : (int)strlen(source)), source);
    return rest ? rest + 1 : NULL;
}

static enum w4_status add_instance(const struct row *row, const struct instance *instance,
                                   const struct code_object *file, json_t *variants, struct resources *worst,
                                   struct w4_error *error)
{
    char family[MANIFEST_NAME_MAX_BYTES];
    char symbol[MANIFEST_NAME_MAX_BYTES + 32], name[MANIFEST_NAME_MAX_BYTES], id[MANIFEST_NAME_MAX_BYTES + 32];
    snprintf(symbol, sizeof(symbol), "w4_%s_%ux%ux%u_w%u_u%u_%s_g%u_%s", row->source, row->bm, row->bn, row->bk,
             row->waves, row->unroll_k, instance->type, instance->group, instance->zero_tag);
    const struct co_kernel *kernel = co_object_find_kernel(&file->object, symbol);
    if (!kernel)
        return w4_fail(error, W4_NOT_FOUND, "%s: kernel %s is missing; rebuild the kernels", file->path, symbol);
    row_name(row, name);
    const char *unpack = split_source(row->source, family);
    snprintf(id, sizeof(id), "%s-%s-g%u-%s", name, instance->type, instance->group, instance->zero_tag);
    const struct manifest_entry entry = {
        .id = id,
        .family = family,
        .symbol = symbol,
        .type = instance->type,
        // An absent unpack is the family's own.
        .tile = json_pack("{s:i, s:i, s:i, s:i, s:i, s:s*}", "bm", row->bm, "bn", row->bn, "bk", row->bk, "waves",
                          row->waves, "unroll_k", row->unroll_k, "unpack", unpack),
        .m_max = row->m_max,
        .group_size = instance->group,
        .zero_point = strcmp(instance->zero_tag, "zp") == 0,
        .spills_expected = row->spills_expected,
    };
    return manifest_add(&entry, file, kernel, variants, worst, error);
}

enum w4_status manifest_add_hip(const struct code_object *file, uint32_t groups, json_t *variants,
                                struct w4_error *error)
{
    const struct row *row = find_row(file->path);
    struct resources worst = {0};
    size_t count = 0;
    if (!groups)
        groups = row->groups;
    for (uint32_t group = 32; group <= 256; group *= 2)
        for (size_t type = 0; (groups & group) && type < 2; type++)
            for (size_t zero = 0; zero < 2; zero++) {
                const struct instance instance = {types[type], zero_tags[zero], group};
                const enum w4_status status = add_instance(row, &instance, file, variants, &worst, error);
                if (status != W4_OK)
                    return status;
                count++;
            }
    if (count != file->object.kernel_count)
        return w4_fail(error, W4_PARSE, "%s: %zu kernels, but variants.def names %zu; rebuild the kernels", file->path,
                       file->object.kernel_count, count);
    char name[MANIFEST_NAME_MAX_BYTES];
    row_name(row, name);
    resources_print_row(name, count, &worst, row->waves, row->spills_expected);
    return W4_OK;
}
