// A manifest's rows arrive in the struct as they stand in the file.
#include "catalog_test.h"

static void every_field_arrives(void **state)
{
    (void)state;
    struct w4_manifest manifest;
    struct w4_error error = {0};
    assert_ok(w4_manifest_load(W4_TEST_DATA "/kernels.json", &manifest, &error), error);
    assert_string_equal(manifest.compiler, "clang");
    assert_string_equal(manifest.compiler_version, "22.1");
    assert_string_equal(manifest.flags, "-O3");
    assert_int_equal(manifest.variant_count, 4);
    const struct w4_variant *variant = &manifest.variants[1];
    assert_string_equal(variant->id, "prefill-64x256x32-w8-u4-bf16-g32-zp");
    assert_string_equal(variant->family, "prefill");
    assert_string_equal(variant->symbol, "b");
    assert_string_equal(variant->code_object_hash, "0123456789abcdef0123456789abcdef");
    const struct w4_tile tile = {.bm = 64, .bn = 256, .bk = 32, .waves = 8, .unroll_k = 4};
    assert_memory_equal(&variant->tile, &tile, sizeof(tile));
    assert_int_equal(variant->m_max, 0);
    assert_int_equal(variant->dtype, W4_BF16);
    assert_int_equal(variant->group_size, 32);
    assert_true(variant->zero_point);
    assert_int_equal(variant->lds_bytes, 9216);
    assert_int_equal(variant->vgprs, 201);
    assert_int_equal(variant->sgprs, 41);
    assert_int_equal(variant->vgpr_spills, 1);
    assert_int_equal(variant->sgpr_spills, 2);
    assert_int_equal(variant->scratch_bytes, 3);
    assert_int_equal(manifest.variants[3].m_max, 8);
    w4_manifest_fini(&manifest);
}

static void code_objects_lie_beside_the_manifest(void **state)
{
    (void)state;
    struct w4_manifest manifest;
    struct w4_error error = {0};
    assert_ok(w4_manifest_load(W4_TEST_DATA "/../catalog/kernels.json", &manifest, &error), error);
    assert_string_equal(manifest.variants[0].code_object, W4_TEST_DATA "/one.hsaco");
    assert_string_equal(manifest.variants[2].code_object, "/tmp/two.hsaco");
    w4_manifest_fini(&manifest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_arrives),
        cmocka_unit_test(code_objects_lie_beside_the_manifest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
