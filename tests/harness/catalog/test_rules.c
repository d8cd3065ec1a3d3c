// Rule tables choose the first rule that holds and the variant with its tile.
#include "catalog_test.h"

struct tables {
    struct w4_manifest manifest;
    struct w4_rules *base, *user;
};

static int setup(void **state)
{
    static struct tables tables; // cmocka hands it from setup to the tests
    if (w4_manifest_load(W4_TEST_DATA "/kernels.json", &tables.manifest, NULL) ||
        w4_rules_load(W4_TEST_DATA "/rules", "base", &tables.base, NULL) ||
        w4_rules_load(W4_TEST_DATA "/rules", "user", &tables.user, NULL)) {
        return -1;
    }
    *state = &tables;
    return 0;
}

static int teardown(void **state)
{
    struct tables *tables = *state;
    w4_manifest_fini(&tables->manifest);
    w4_rules_destroy(tables->base);
    w4_rules_destroy(tables->user);
    w4_rules_destroy(NULL);
    return 0;
}

static const char *choose(const struct tables *tables, const struct w4_rules *rules, struct w4_shape shape,
                          struct w4_error *error)
{
    const struct w4_variant *variant;
    *error = (struct w4_error){0};
    const enum w4_status status = w4_rules_choose(rules, &tables->manifest, &shape, &variant, error);
    if (status) {
        assert_int_equal(status, W4_NOT_FOUND);
        assert_null(variant);
        return NULL;
    }
    return variant->symbol;
}

static void first_rule_that_holds_decides(void **state)
{
    const struct tables *t = *state;
    struct w4_error error;
    assert_string_equal(choose(t, t->base, (struct w4_shape){.m = 8, .n = 99, .k = 256, .group_size = 128}, &error),
                        "d");
    assert_string_equal(choose(t, t->base, (struct w4_shape){.m = 9, .n = 99, .k = 256, .group_size = 128}, &error),
                        "a");
    assert_string_equal(choose(t, t->base, (struct w4_shape){.m = 8, .n = 100, .k = 256, .group_size = 128}, &error),
                        "a");
}

static void bk_is_capped_at_the_group_size(void **state)
{
    const struct tables *t = *state;
    struct w4_error error;
    const struct w4_shape shape = {.m = 9, .n = 1000, .k = 256, .group_size = 32, .dtype = W4_BF16, .zero_point = true};
    assert_string_equal(choose(t, t->base, shape, &error), "b"); // the rule says 128
}

static void use_takes_the_other_table_and_replaces_its_unroll(void **state)
{
    const struct tables *t = *state;
    struct w4_error error;
    const struct w4_shape small = {.m = 999, .n = 100, .k = 256, .group_size = 128};
    const struct w4_shape large = {.m = 1000, .n = 100, .k = 256, .group_size = 128};
    assert_string_equal(choose(t, t->user, small, &error), "a");
    assert_string_equal(choose(t, t->user, large, &error), "c");
}

static void no_rule_and_no_variant_say_what_was_wanted(void **state)
{
    const struct tables *t = *state;
    struct w4_error error;
    assert_null(choose(t, t->base, (struct w4_shape){.m = 9, .n = 1000, .k = 256, .group_size = 128}, &error));
    assert_message(&error, "\"base\" has no rule for M = 9, N = 1000, K = 256, G = 128");
    assert_null(choose(t, t->base, (struct w4_shape){.m = 150, .n = 100, .k = 256, .group_size = 128}, &error));
    assert_message(&error, "wants prefill tile 1x2x3 with 4 waves, unroll_k 1, fp16, g128, sym");
    assert_null(choose(t, t->base, (struct w4_shape){.m = 9, .n = 100, .k = 256, .group_size = 64}, &error));
    assert_message(&error, "wants prefill tile 64x256x64 with 8 waves, unroll_k 4, fp16, g64, sym");
}

static void committed_tables_load(void **state)
{
    (void)state;
    const char *const names[] = {"baseline", "tuned",         "decode",       "before",
                                 "after",    "triton-before", "triton-after", "triton-upstream"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct w4_rules *rules;
        struct w4_error error = {0};
        assert_ok(w4_rules_load(SOURCE_PATHS.heuristics, names[i], &rules, &error), error);
        w4_rules_destroy(rules);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_rule_that_holds_decides),
        cmocka_unit_test(bk_is_capped_at_the_group_size),
        cmocka_unit_test(use_takes_the_other_table_and_replaces_its_unroll),
        cmocka_unit_test(no_rule_and_no_variant_say_what_was_wanted),
        cmocka_unit_test(committed_tables_load),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
