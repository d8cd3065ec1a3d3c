// Conventions of a manifest: what arrives, how an argument block is packed, which variant the further knobs choose, and
// which shapes a convention turns away.
#include "catalog_test.h"

static int load(void **state)
{
    static struct w4_manifest manifest; // cmocka hands it from setup to the tests
    struct w4_error error = {0};
    if (w4_manifest_load(W4_TEST_DATA "/conventions.json", &manifest, &error))
        fail_msg("%s", error.message);
    *state = &manifest;
    return 0;
}

static int unload(void **state)
{
    w4_manifest_fini(*state);
    return 0;
}

// Every value differs, so that a wrong one is seen.
static const struct w4_gemm_args values = {
    .a = 0x1a1a1a1a1a1a1a1a,
    .w = 0x2b2b2b2b2b2b2b2b,
    .scales = 0x3c3c3c3c3c3c3c3c,
    .zeros = 0x4d4d4d4d4d4d4d4d,
    .c = 0x5e5e5e5e5e5e5e5e,
    .m = 6,
    .n = 7,
    .k = 8,
    .a_pitch = 9,
    .w_pitch = 10,
    .scale_pitch = 11,
    .c_pitch = 12,
};

static void hip_kernels_take_the_block_of_abi_h(void **state)
{
    const struct w4_manifest *manifest = *state;
    unsigned char block[W4_CONVENTION_BLOCK_MAX_BYTES];
    assert_int_equal(w4_convention_pack(&manifest->variants[3].convention, &values, 128, block), sizeof(values));
    assert_memory_equal(block, &values, sizeof(values));
    assert_false(manifest->variants[3].convention.n_first);
    assert_int_equal(manifest->variants[3].convention.dynamic_lds_bytes, 0);
}

static void other_conventions_pack_by_name_at_natural_alignment(void **state)
{
    const struct w4_manifest *manifest = *state;
    const struct w4_convention *convention = &manifest->variants[0].convention;
    const struct {
        uint32_t zero32, pad;
        uint64_t w;
        uint32_t group_size, a_pitch;
        uint64_t zero64;
    } expected = {.w = values.w, .group_size = 128, .a_pitch = 9};
    unsigned char block[W4_CONVENTION_BLOCK_MAX_BYTES];
    memset(block, 0xee, sizeof(block));
    assert_int_equal(w4_convention_pack(convention, &values, 128, block), sizeof(expected));
    assert_memory_equal(block, &expected, sizeof(expected));
    assert_true(convention->n_first);
    assert_int_equal(convention->dynamic_lds_bytes, 4096);
    assert_int_equal(convention->pitch_multiple, 16);
    assert_int_equal(convention->operand_bytes_max, 65536);
}

static const char *choose(const struct w4_manifest *manifest, const char *table, const struct w4_shape *shape,
                          struct w4_error *error)
{
    struct w4_rules *rules;
    const struct w4_variant *variant;
    *error = (struct w4_error){0};
    assert_ok(w4_rules_load(W4_TEST_DATA "/rules", table, &rules, error), *error);
    const enum w4_status status = w4_rules_choose(rules, manifest, shape, &variant, error);
    w4_rules_destroy(rules);
    return status ? NULL : variant->symbol;
}

static struct w4_shape shape_of(int64_t m, enum w4_dtype dtype)
{
    return (struct w4_shape){.m = m,
                             .n = 16,
                             .k = 128,
                             .group_size = 128,
                             .dtype = dtype,
                             .a_pitch = 128,
                             .w_pitch = 16,
                             .scale_pitch = 1,
                             .c_pitch = 16};
}

static void stages_unpack_and_type_choose_among_equal_tiles(void **state)
{
    static const struct {
        const char *table;
        int64_t m;
        enum w4_dtype dtype;
        const char *symbol;
    } rows[] = {
        {"staged", 100, W4_FP16, "s1"},   {"staged", 100, W4_BF16, "s3"},   {"staged", 8, W4_FP16, "s4"},
        {"restaged", 100, W4_FP16, "s2"}, {"restaged", 100, W4_BF16, "s3"}, {"restaged", 8, W4_FP16, "s2"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct w4_error error;
        const struct w4_shape shape = shape_of(rows[i].m, rows[i].dtype);
        const char *symbol = choose(*state, rows[i].table, &shape, &error);
        if (!symbol || strcmp(symbol, rows[i].symbol) != 0)
            fail_msg("row %zu chose %s: %s", i, symbol ? symbol : "nothing", error.message);
    }
}

static void knobs_that_nothing_has_are_named(void **state)
{
    struct w4_error error;
    const struct w4_shape shape = shape_of(9, W4_FP16);
    assert_null(choose(*state, "staged", &shape, &error));
    assert_message(&error, "wants staged tile 64x256x64 with 8 waves, unroll_k 1, num_stages 7, packed, fp16");
}

static void shapes_that_a_convention_cannot_take_are_refused(void **state)
{
    struct w4_error error;
    struct w4_shape shape = shape_of(100, W4_FP16);
    shape.a_pitch = 129;
    assert_null(choose(*state, "staged", &shape, &error));
    assert_message(&error, "s1 needs a pitch of A that is a multiple of 16, not 129");
    shape = shape_of(100, W4_FP16);
    shape.w_pitch = 17;
    assert_null(choose(*state, "staged", &shape, &error));
    assert_message(&error, "s1 needs a pitch of W that is a multiple of 16, not 17");
    shape = shape_of(256, W4_FP16); // A: 256 * 128 * 2 bytes, just small enough
    assert_non_null(choose(*state, "staged", &shape, &error));
    shape.m = 257;
    assert_null(choose(*state, "staged", &shape, &error));
    assert_message(&error, "s1 takes A of at most 65536 bytes, not 65792");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hip_kernels_take_the_block_of_abi_h),
        cmocka_unit_test(other_conventions_pack_by_name_at_natural_alignment),
        cmocka_unit_test(stages_unpack_and_type_choose_among_equal_tiles),
        cmocka_unit_test(knobs_that_nothing_has_are_named),
        cmocka_unit_test(shapes_that_a_convention_cannot_take_are_refused),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
