// Reads kernels.json for the tests of this folder.
#include "variants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void read_convention(json_t *row, struct variant *v)
{
    json_t *arguments = NULL;
    const char *x = "", *y = "";
    json_int_t bytes = 0;
    struct w4_convention *convention = &v->convention;
    if (json_unpack(row, "{s:o, s:[ss!], s:i, s:I!}", "arguments", &arguments, "grid", &x, &y, "pitch_multiple",
                    &convention->pitch_multiple, "operand_bytes_max", &bytes) != 0)
        fail_msg("%s: its convention is not in the file", v->id);
    convention->operand_bytes_max = (uint64_t)bytes;
    convention->n_first = strcmp(x, "n") == 0;
    convention->argument_count = json_array_size(arguments);
    assert_true(convention->argument_count <= W4_CONVENTION_ARGUMENTS_MAX);
    for (size_t i = 0; i < convention->argument_count; i++) {
        const int argument = w4_convention_argument(json_string_value(json_array_get(arguments, i)));
        assert_true(argument >= 0);
        convention->arguments[i] = (uint8_t)argument;
    }
}

static void read_variant(json_t *file, json_t *row, const char *folder, struct variant *v)
{
    json_error_t error;
    const char *convention = NULL;
    int dynamic_lds_bytes = 0;
    v->unpack = "";
    const int status = json_unpack_ex(
        row, &error, JSON_STRICT,
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:{s:i, s:i, s:i, s:i, s:i, s?i, s?s}, s:i, s:i, s:b, s:i, s:i, s:i, s:i, "
        "s:i, s:i, s:b, s?s, s?i}",
        "id", &v->id, "family", &v->family, "symbol", &v->symbol, "code_object", &v->code_object, "code_object_hash",
        &(const char *){NULL}, "type", &v->type, "tile", "bm", &v->bm, "bn", &v->bn, "bk", &v->bk, "waves", &v->waves,
        "unroll_k", &v->unroll_k, "num_stages", &v->num_stages, "unpack", &v->unpack, "m_max", &v->m_max, "group_size",
        &v->group_size, "zero_point", &v->zero_point, "lds_bytes", &v->lds_bytes, "vgprs", &v->vgprs, "sgprs",
        &v->sgprs, "vgpr_spills", &v->vgpr_spills, "sgpr_spills", &v->sgpr_spills, "scratch_bytes", &v->scratch_bytes,
        "spills_expected", &v->spills_expected, "convention", &convention, "dynamic_lds_bytes", &dynamic_lds_bytes);
    if (status != 0)
        fail_msg("%s/kernels.json: %s", folder, error.text);
    snprintf(v->path, sizeof(v->path), "%s/%s", folder, v->code_object);
    v->convention = w4_convention_hip;
    if (convention)
        read_convention(json_object_get(json_object_get(file, "conventions"), convention), v);
    v->convention.dynamic_lds_bytes = (uint32_t)dynamic_lds_bytes;
}

void variants_load(const char *folder, struct variants *variants)
{
    char path[1024];
    json_error_t error;
    snprintf(path, sizeof(path), "%s/kernels.json", folder);
    variants->file = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!variants->file)
        fail_msg("%s: %s", path, error.text);
    json_t *rows = json_object_get(variants->file, "variants");
    variants->count = json_array_size(rows);
    assert_true(variants->count > 0);
    variants->items = calloc(variants->count, sizeof(*variants->items));
    assert_non_null(variants->items);
    for (size_t i = 0; i < variants->count; i++)
        read_variant(variants->file, json_array_get(rows, i), folder, &variants->items[i]);
}

void variants_fini(struct variants *variants)
{
    free(variants->items);
    json_decref(variants->file);
    *variants = (struct variants){0};
}

bool variants_have(const struct variants *variants, const char *family)
{
    for (size_t i = 0; i < variants->count; i++)
        if (strcmp(variants->items[i].family, family) == 0)
            return true;
    return false;
}

const struct variant *variants_find(const struct variants *variants, const char *id)
{
    for (size_t i = 0; i < variants->count; i++)
        if (strcmp(variants->items[i].id, id) == 0)
            return &variants->items[i];
    return NULL;
}
