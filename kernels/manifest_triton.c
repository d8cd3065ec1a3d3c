// Entries of the Triton kernels: a code object holds one kernel of a row of triton/variants.def, named as its id, and a
// description of its launch lies beside it (triton/compile.py writes both).
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../base/json.h"
#include "manifest.h"

enum { GROUP_SIZE = 128, FP16 = 1, BF16 = 2 };

struct triton_row {
    uint32_t bm, bn, bk, waves, num_stages, unroll_k;
    const char *unpack;
    unsigned types;
    bool spills_expected;
};

#define fp16 FP16
#define bf16 BF16
#define W4_TRITON(bm, bn, bk, waves, stages, unroll_k, unpack, types, spills)                                          \
    {bm, bn, bk, waves, stages, unroll_k, #unpack, types, spills},
static const struct triton_row rows[] = {
#include "triton/variants.def"
};
#undef W4_TRITON
#undef fp16
#undef bf16

static const struct {
    const char *name;
    unsigned bit;
} types[] = {{"fp16", FP16}, {"bf16", BF16}};

// A kernel of a row.
struct instance {
    const struct triton_row *row;
    const char *type;
    bool zero_point;
};

static void row_name(const struct triton_row *row, char name[MANIFEST_NAME_MAX_BYTES])
{
    snprintf(name, MANIFEST_NAME_MAX_BYTES, "triton-%ux%ux%u-w%u-s%u-u%u-%s", row->bm, row->bn, row->bk, row->waves,
             row->num_stages, row->unroll_k, row->unpack);
}

static void instance_name(const struct instance *instance, char name[MANIFEST_NAME_MAX_BYTES])
{
    row_name(instance->row, name);
    const size_t length = strlen(name);
    snprintf(name + length, MANIFEST_NAME_MAX_BYTES - length, "-%s-g%d-%s", instance->type, GROUP_SIZE,
             instance->zero_point ? "zp" : "sym");
}

static bool find_instance(const char *path, struct instance *found)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        for (size_t t = 0; t < 4; t++) {
            char name[MANIFEST_NAME_MAX_BYTES];
            const struct instance instance = {&rows[i], types[t / 2].name, t % 2 == 1};
            if (!(rows[i].types & types[t / 2].bit))
                continue;
            instance_name(&instance, name);
            const size_t length = strlen(name);
            if (strncmp(manifest_base_name(path), name, length) == 0 &&
                strcmp(manifest_base_name(path) + length, ".hsaco") == 0) {
                *found = instance;
                return true;
            }
        }
    return false;
}

bool manifest_is_triton(const char *path)
{
    struct instance instance;
    return find_instance(path, &instance);
}

// Symbol and dynamic LDS, from the file beside the code object.
static enum w4_status read_description(const char *path, struct w4_json *json, const char **symbol, uint32_t *lds_bytes,
                                       struct w4_error *error)
{
    static const char *const keys[] = {"compiler", "dynamic_lds_bytes", "symbol", NULL};
    char beside[PATH_MAX];
    const int length = snprintf(beside, sizeof(beside), "%.*s.json", (int)(strlen(path) - strlen(".hsaco")), path);
    if (length < 0 || (size_t)length >= sizeof(beside))
        return w4_fail(error, W4_RANGE, "%s: the path is too long", path);
    enum w4_status status = w4_json_load(json, beside, error);
    if (status != W4_OK)
        return status;
    const struct w4_json_at root = w4_json_root(json);
    int64_t bytes = 0;
    status = w4_json_keys(&root, keys, error);
    if (status == W4_OK)
        status = w4_json_get_integer(&root, "dynamic_lds_bytes", 0, 65536, &bytes, error);
    if (status == W4_OK)
        status = w4_json_get_string(&root, "symbol", symbol, error);
    *lds_bytes = (uint32_t)bytes;
    return status;
}

static enum w4_status add_instance(const struct instance *instance, const char *symbol, uint32_t lds_bytes,
                                   const struct code_object *file, struct triton_total *total, json_t *variants,
                                   struct w4_error *error)
{
    const struct triton_row *row = instance->row;
    const struct co_kernel *kernel = co_object_find_kernel(&file->object, symbol);
    if (!kernel)
        return w4_fail(error, W4_NOT_FOUND, "%s: kernel %s is missing; rebuild the kernels", file->path, symbol);
    char id[MANIFEST_NAME_MAX_BYTES];
    instance_name(instance, id);
    const struct manifest_entry entry = {
        .id = id,
        .family = "triton",
        .symbol = symbol,
        .type = instance->type,
        .tile = json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:s}", "bm", row->bm, "bn", row->bn, "bk", row->bk, "waves",
                          row->waves, "unroll_k", row->unroll_k, "num_stages", row->num_stages, "unpack", row->unpack),
        .group_size = GROUP_SIZE,
        .zero_point = instance->zero_point,
        .spills_expected = row->spills_expected,
        .convention = "triton",
        .dynamic_lds_bytes = lds_bytes,
    };
    if (total->row != row)
        manifest_print_triton(total);
    total->row = row;
    total->kernels++;
    return manifest_add(&entry, file, kernel, variants, &total->worst, error);
}

void manifest_print_triton(struct triton_total *total)
{
    char name[MANIFEST_NAME_MAX_BYTES];
    if (total->row) {
        row_name(total->row, name);
        resources_print_row(name, total->kernels, &total->worst, total->row->waves, total->row->spills_expected);
    }
    *total = (struct triton_total){0};
}

enum w4_status manifest_add_triton(const struct code_object *file, struct triton_total *total, json_t *variants,
                                   struct w4_error *error)
{
    struct w4_json json = {0};
    struct instance instance = {0};
    const char *symbol = "";
    uint32_t lds_bytes = 0;
    if (!find_instance(file->path, &instance))
        return w4_fail(error, W4_NOT_FOUND, "%s: no row of triton/variants.def has this name", file->path);
    enum w4_status status = read_description(file->path, &json, &symbol, &lds_bytes, error);
    if (status == W4_OK)
        status = add_instance(&instance, symbol, lds_bytes, file, total, variants, error);
    w4_json_fini(&json);
    return status;
}

json_t *manifest_triton_convention(void)
{
    // The order of w4_triton's parameters in triton/kernel.py; two pointers that Triton adds and this kernel does not
    // use follow. What compile.py promises the compiler: multiples of 16, and sizes that fit a buffer resource.
    return json_pack("{s:[sssssssssssssss], s:[ss], s:i, s:I}", "arguments", "a", "w", "scales", "zeros", "c", "m", "n",
                     "k", "a_pitch", "w_pitch", "scale_pitch", "c_pitch", "group_size", "zero64", "zero64", "grid", "m",
                     "n", "pitch_multiple", 16, "operand_bytes_max", (json_int_t)INT32_MAX);
}
