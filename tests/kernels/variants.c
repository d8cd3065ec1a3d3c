// Reads kernels.json for the tests of this folder.
#include "variants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void read_variant(json_t *row, const char *folder, struct variant *v)
{
    json_error_t error;
    const int status = json_unpack_ex(
        row, &error, JSON_STRICT,
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:{s:i, s:i, s:i, s:i, s:i}, s:i, s:i, s:b, s:i, s:i, s:i, s:i, "
        "s:i, s:i, s:b}",
        "id", &v->id, "family", &v->family, "symbol", &v->symbol, "code_object", &v->code_object, "code_object_hash",
        &(const char *){NULL}, "type", &v->type, "tile", "bm", &v->bm, "bn", &v->bn, "bk", &v->bk, "waves", &v->waves,
        "unroll_k", &v->unroll_k, "m_max", &v->m_max, "group_size", &v->group_size, "zero_point", &v->zero_point,
        "lds_bytes", &v->lds_bytes, "vgprs", &v->vgprs, "sgprs", &v->sgprs, "vgpr_spills", &v->vgpr_spills,
        "sgpr_spills", &v->sgpr_spills, "scratch_bytes", &v->scratch_bytes, "spills_expected", &v->spills_expected);
    if (status != 0)
        fail_msg("%s/kernels.json: %s", folder, error.text);
    snprintf(v->path, sizeof(v->path), "%s/%s", folder, v->code_object);
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
        read_variant(json_array_get(rows, i), folder, &variants->items[i]);
}

void variants_fini(struct variants *variants)
{
    free(variants->items);
    json_decref(variants->file);
    *variants = (struct variants){0};
}

const struct variant *variants_find(const struct variants *variants, const char *id)
{
    for (size_t i = 0; i < variants->count; i++)
        if (strcmp(variants->items[i].id, id) == 0)
            return &variants->items[i];
    return NULL;
}
