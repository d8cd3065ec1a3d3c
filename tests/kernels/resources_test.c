// What the compiler needed for each kernel, and whether every rule table can be served from what was compiled.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../kernels/resources.h"
#include "variants.h"

enum { SGPRS_AND_VCC = 106 + 2 }; // the metadata counts VCC

static int load(void **state)
{
    static struct variants variants; // cmocka hands fixtures over by pointer
    variants_load(W4_BUILD_DIR "/kernels", &variants);
    *state = &variants;
    return 0;
}

static int unload(void **state)
{
    variants_fini(*state);
    return 0;
}

static void kernels_spill_only_where_the_table_says_so(void **state)
{
    const struct variants *variants = *state;
    for (size_t i = 0; i < variants->count; i++) {
        const struct variant *v = &variants->items[i];
        const int spills = v->vgpr_spills + v->sgpr_spills + v->scratch_bytes;
        if ((spills != 0) != (v->spills_expected != 0))
            fail_msg("%s: %d VGPRs and %d SGPRs spilled, %d bytes of scratch, but variants.def expects %s", v->id,
                     v->vgpr_spills, v->sgpr_spills, v->scratch_bytes, v->spills_expected ? "spills" : "none");
    }
}

static void kernels_fit_a_workgroup_of_gfx1151(void **state)
{
    const struct variants *variants = *state;
    for (size_t i = 0; i < variants->count; i++) {
        const struct variant *v = &variants->items[i];
        if (v->vgprs < 1 || v->vgprs > 256 || v->sgprs > SGPRS_AND_VCC || v->lds_bytes < 1 || v->lds_bytes > 65536 ||
            v->waves < 1 || v->waves > 32)
            fail_msg("%s: %d VGPRs, %d SGPRs, %d bytes of LDS, %d waves", v->id, v->vgprs, v->sgprs, v->lds_bytes,
                     v->waves);
        const struct resources used = {.vgprs = (uint32_t)v->vgprs, .lds_bytes = (uint32_t)v->lds_bytes};
        assert_true(resources_waves_per_simd(&used, (uint32_t)v->waves) >= 1);
    }
}

static void occupancy_follows_registers_and_lds(void **state)
{
    (void)state;
    // VGPRs, LDS bytes, waves a workgroup -> waves a SIMD, by hand from 1536 / roundup(VGPRs, 24) and 128 KiB / LDS.
    static const struct {
        struct resources used;
        uint32_t workgroup_waves, waves;
    } rows[] = {
        {{.vgprs = 96, .lds_bytes = 1024}, 8, 16},  {{.vgprs = 97, .lds_bytes = 1024}, 8, 12},
        {{.vgprs = 192, .lds_bytes = 27648}, 8, 8}, {{.vgprs = 193, .lds_bytes = 27648}, 8, 7},
        {{.vgprs = 256, .lds_bytes = 1024}, 8, 5},  {{.vgprs = 256, .lds_bytes = 46080}, 8, 4},
        {{.vgprs = 40, .lds_bytes = 65536}, 4, 2},  {{.vgprs = 257, .lds_bytes = 1024}, 8, 0},
        {{.vgprs = 40, .lds_bytes = 65537}, 4, 0},  {{.vgprs = 1, .lds_bytes = 0}, 32, 16},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        assert_int_equal(resources_waves_per_simd(&rows[i].used, rows[i].workgroup_waves), rows[i].waves);
}

static void manifest_is_sorted_and_names_its_toolchain(void **state)
{
    const struct variants *variants = *state;
    for (size_t i = 1; i < variants->count; i++)
        assert_true(strcmp(variants->items[i - 1].id, variants->items[i].id) < 0);
    const char *compiler = NULL, *version = NULL, *flags = NULL;
    assert_int_equal(json_unpack(variants->file, "{s:{s:s, s:s, s:s}}", "toolchain", "compiler", &compiler, "version",
                                 &version, "flags", &flags),
                     0);
    assert_true(compiler[0] != 0 && strstr(version, "clang") != NULL && strstr(flags, "gfx1151") != NULL);
}

// Triton's tables: a rule may be for one type, and names more knobs.
static void require_triton_variants(const struct variants *variants, const char *table, json_t *rule, const int tile[4],
                                    int unroll_k)
{
    static const char *const types[] = {"fp16", "bf16"}, *const zero_tags[] = {"sym", "zp"};
    const char *only = json_string_value(json_object_get(rule, "type"));
    for (int i = 0; i < 4; i++) {
        char id[256];
        if (only && strcmp(only, types[i / 2]) != 0)
            continue;
        snprintf(id, sizeof(id), "triton-%dx%dx%d-w%d-s%d-u%d-%s-%s-g128-%s", tile[0], tile[1], tile[2], tile[3],
                 (int)json_integer_value(json_object_get(rule, "num_stages")), unroll_k,
                 json_string_value(json_object_get(rule, "unpack")), types[i / 2], zero_tags[i % 2]);
        if (!variants_find(variants, id))
            fail_msg("%s.json asks for %s, which triton/variants.def does not have", table, id);
    }
}

static void require_variants(const struct variants *variants, const char *table, const char *family, const int tile[4],
                             int unroll_k)
{
    static const char *const types[] = {"fp16", "bf16"}, *const zero_tags[] = {"sym", "zp"};
    for (int group = 32; group <= 256; group *= 2)
        for (int i = 0; i < 4; i++) {
            char id[256];
            snprintf(id, sizeof(id), "%s-%dx%dx%d-w%d-u%d-%s-g%d-%s", family, tile[0], tile[1],
                     tile[2] < group ? tile[2] : group, tile[3], unroll_k, types[i / 2], group, zero_tags[i % 2]);
            if (!variants_find(variants, id))
                fail_msg("%s.json asks for %s, which variants.def does not have", table, id);
        }
}

static void find_tiles(const struct variants *variants, const char *const *tables)
{
    for (size_t t = 0; tables[t]; t++) {
        char path[1024];
        json_error_t error;
        snprintf(path, sizeof(path), "%s/kernels/heuristics/%s.json", W4_SOURCE_DIR, tables[t]);
        json_t *table = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
        if (!table)
            fail_msg("%s:%d: %s", path, error.line, error.text);
        json_t *rules = json_object_get(table, "rules");
        assert_true(json_array_size(rules) > 0);
        for (size_t i = 0; i < json_array_size(rules); i++) {
            json_t *rule = json_array_get(rules, i);
            if (json_object_get(rule, "use"))
                continue;
            int tile[4], unroll_k = 0;
            const char *family = NULL;
            assert_int_equal(json_unpack(rule, "{s:s, s:i, s:[iiii]}", "family", &family, "unroll_k", &unroll_k, "tile",
                                         &tile[0], &tile[1], &tile[2], &tile[3]),
                             0);
            if (strcmp(family, "triton") == 0)
                require_triton_variants(variants, tables[t], rule, tile, unroll_k);
            else
                require_variants(variants, tables[t], family, tile, unroll_k);
        }
        json_decref(table);
    }
}

static void every_rule_table_finds_its_tiles(void **state)
{
    static const char *const tables[] = {"baseline", "tuned", "decode", "before", "after", "upstream_2026_fp16", NULL};
    find_tiles(*state, tables);
}

static void every_triton_rule_table_finds_its_tiles(void **state)
{
    static const char *const tables[] = {"triton-before", "triton-after", "triton-upstream", NULL};
    if (!variants_have(*state, "triton")) {
        print_message("built without Triton: the configure log says why\n");
        skip();
    }
    find_tiles(*state, tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_spill_only_where_the_table_says_so),
        cmocka_unit_test(kernels_fit_a_workgroup_of_gfx1151),
        cmocka_unit_test(occupancy_follows_registers_and_lds),
        cmocka_unit_test(manifest_is_sorted_and_names_its_toolchain),
        cmocka_unit_test(every_rule_table_finds_its_tiles),
        cmocka_unit_test(every_triton_rule_table_finds_its_tiles),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
