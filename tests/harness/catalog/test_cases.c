// Suites expand to the cases that the published tables need, and the command line's selection narrows them.
#include <stdio.h>
#include <stdlib.h>

#include "catalog_test.h"

static struct w4_cases expand(struct w4_selection selection)
{
    struct w4_cases cases;
    struct w4_error error = {0};
    const struct w4_paths paths = SOURCE_PATHS;
    assert_ok(w4_cases_expand(&paths, &selection, &cases, &error), error);
    return cases;
}

static void refuse(struct w4_selection selection, enum w4_status status, const char *const *parts)
{
    struct w4_cases cases;
    struct w4_error error = {0};
    const struct w4_paths paths = SOURCE_PATHS;
    assert_int_equal(w4_cases_expand(&paths, &selection, &cases, &error), status);
    assert_null(cases.items);
    for (; *parts; parts++) {
        assert_message(&error, *parts);
    }
}

static bool has(const struct w4_cases *cases, const char *id)
{
    for (size_t i = 0; i < cases->count; i++) {
        if (strcmp(cases->items[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

static void pr_is_every_layer_of_both_models(void **state)
{
    (void)state;
    struct w4_cases cases = expand((struct w4_selection){.suite = "pr"});
    assert_int_equal(cases.count, 2 * 4 * 2 * 2); // models, layers, zero points, kernels
    const char *const layers[] = {"qkv_proj", "o_proj", "gate_up_proj", "down_proj"};
    const char *const models[] = {"qwen2.5-7b", "qwen3-4b"}, *const tails[] = {"sym/baseline", "sym/tuned",
                                                                               "zp/baseline", "zp/tuned"};
    for (int i = 0; i < 32; i++) {
        char id[W4_CASE_ID_MAX];
        snprintf(id, sizeof(id), "%s/%s/m1606/fp16/g128/%s", models[i / 16], layers[i / 4 % 4], tails[i % 4]);
        assert_true(has(&cases, id));
    }
    w4_cases_fini(&cases);
}

static void regression_is_the_published_file(void **state)
{
    (void)state;
    struct w4_cases cases = expand((struct w4_selection){.suite = "regression"});
    FILE *file = fopen(W4_SOURCE_DIR "/data/pr879_regression_reference.csv", "r");
    assert_non_null(file);
    char line[256];
    assert_non_null(fgets(line, sizeof(line), file));
    size_t rows = 0;
    for (; fgets(line, sizeof(line), file); rows++) {
        enum { M, K, N, G, ZERO_POINT, FIELDS };
        long field[FIELDS];
        char *at = line;
        for (int i = 0; i < FIELDS; i++) {
            field[i] = strtol(at, &at, 10);
            assert_int_equal(*at++, ',');
        }
        size_t matches = 0;
        for (size_t i = 0; i < cases.count; i++) {
            const struct w4_shape *s = &cases.items[i].shape;
            matches += s->m == field[M] && s->k == field[K] && s->n == field[N] && s->group_size == field[G] &&
                       s->zero_point == (field[ZERO_POINT] != 0);
        }
        assert_int_equal(matches, 1);
    }
    fclose(file);
    assert_int_equal(rows, 8);
    assert_int_equal(cases.count, 8);
    w4_cases_fini(&cases);
}

static void every_suite_expands_without_duplicates(void **state)
{
    (void)state;
    const char *const suites[] = {"pr", "smoke", "decode", "ragged", "regression"};
    for (size_t s = 0; s < sizeof(suites) / sizeof(suites[0]); s++) {
        struct w4_cases cases = expand((struct w4_selection){.suite = suites[s]});
        for (size_t i = 0; i < cases.count; i++) {
            for (size_t j = 0; j < i; j++) {
                assert_string_not_equal(cases.items[i].id, cases.items[j].id);
            }
        }
        w4_cases_fini(&cases);
    }
}

static void ragged_has_tails_paddings_groups_and_types(void **state)
{
    (void)state;
    struct w4_cases cases = expand((struct w4_selection){.suite = "ragged"});
    bool g32 = false, g64 = false, g256 = false, odd_n = false, padded = false, bf16 = false, sym = false;
    int64_t m_seen = 0;
    for (size_t i = 0; i < cases.count; i++) {
        const struct w4_shape *s = &cases.items[i].shape;
        g32 |= s->group_size == 32;
        g64 |= s->group_size == 64;
        g256 |= s->group_size == 256;
        odd_n |= s->n % 16 != 0;
        padded |= s->a_pitch == s->k + 16 && s->w_pitch == s->k / 8 + 16 && s->c_pitch == s->n + 16 &&
                  s->scale_pitch == s->k / s->group_size + 16;
        bf16 |= s->dtype == W4_BF16;
        sym |= !s->zero_point;
        m_seen |= (s->m == 1) | (s->m == 3) << 1 | (s->m == 17) << 2 | (s->m == 1322) << 3;
    }
    assert_true(g32 && g64 && g256 && odd_n && padded && bf16 && sym);
    assert_int_equal(m_seen, 15);
    w4_cases_fini(&cases);
}

static void selection_narrows_a_suite(void **state)
{
    (void)state;
    const char *const tuned[] = {"tuned", NULL};
    const int64_t m[] = {5, 7};
    struct w4_cases cases = expand((struct w4_selection){
        .suite = "pr", .model = "qwen3-4b", .layer = "o_proj", .kernels = tuned, .m = m, .m_count = 2});
    assert_int_equal(cases.count, 4);
    assert_true(has(&cases, "qwen3-4b/o_proj/m5/fp16/g128/sym/tuned"));
    assert_true(has(&cases, "qwen3-4b/o_proj/m7/fp16/g128/zp/tuned"));
    w4_cases_fini(&cases);
    cases = expand((struct w4_selection){.suite = "pr", .filter = "*/o_proj/*/zp/base*"});
    assert_int_equal(cases.count, 2);
    w4_cases_fini(&cases);
    cases = expand((struct w4_selection){.suite = "pr", .filter = "gate_up"});
    assert_int_equal(cases.count, 8);
    w4_cases_fini(&cases);
}

static void kernels_replaced_on_the_command_line_leave_no_duplicates(void **state)
{
    (void)state;
    const char *const twice[] = {"before", "before", NULL};
    struct w4_cases cases = expand((struct w4_selection){.suite = "smoke", .kernels = twice});
    for (size_t i = 0; i < cases.count; i++) {
        assert_string_equal(cases.items[i].kernel, "before");
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(cases.items[i].id, cases.items[j].id);
        }
    }
    w4_cases_fini(&cases);
}

static void without_a_suite_any_model_and_layer_may_be_named(void **state)
{
    (void)state;
    struct w4_cases cases = expand((struct w4_selection){0});
    assert_int_equal(cases.count, 32);
    w4_cases_fini(&cases);
    cases = expand((struct w4_selection){.model = "synthetic", .layer = "prime_n"});
    assert_int_equal(cases.count, 4);
    w4_cases_fini(&cases);
    cases = expand((struct w4_selection){.model = "qwen3-4b", .layer = "o_proj_upstream"});
    assert_int_equal(cases.count, 4);
    assert_int_equal(cases.items[0].shape.k, 2560);
    w4_cases_fini(&cases);
}

static void unknown_names_list_what_there_is(void **state)
{
    (void)state;
    const char *const kernels[] = {"tuned", "fast", NULL};
    refuse((struct w4_selection){.suite = "nightly"}, W4_NOT_FOUND,
           (const char *const[]){"unknown suite \"nightly\"", "pr, ragged, regression, smoke", NULL});
    refuse((struct w4_selection){.model = "gpt"}, W4_NOT_FOUND,
           (const char *const[]){"unknown model \"gpt\"", "qwen2.5-7b, qwen3-4b, synthetic", NULL});
    refuse((struct w4_selection){.model = "../shapes/qwen3-4b"}, W4_NOT_FOUND,
           (const char *const[]){"unknown model", NULL});
    refuse((struct w4_selection){.layer = "lm_head"}, W4_NOT_FOUND,
           (const char *const[]){"unknown layer \"lm_head\"", "qkv_proj", "down_proj", NULL});
    refuse((struct w4_selection){.kernels = kernels}, W4_NOT_FOUND,
           (const char *const[]){"unknown kernel \"fast\"", "baseline", "tuned", NULL});
}

static void nothing_left_is_an_error(void **state)
{
    (void)state;
    const int64_t zero[] = {0}, huge[] = {INT64_MAX}, large[] = {INT32_MAX};
    refuse((struct w4_selection){.suite = "pr", .filter = "nothing-like-this"}, W4_NOT_FOUND,
           (const char *const[]){"no case of suite \"pr\" is left", "filter nothing-like-this", NULL});
    refuse((struct w4_selection){.suite = "pr", .model = "synthetic"}, W4_NOT_FOUND,
           (const char *const[]){"no case of suite \"pr\"", "model synthetic", NULL});
    refuse((struct w4_selection){.m = zero, .m_count = 1}, W4_RANGE, (const char *const[]){"M = 0", NULL});
    refuse((struct w4_selection){.m = huge, .m_count = 1}, W4_RANGE,
           (const char *const[]){"M = 9223372036854775807", NULL});
    refuse((struct w4_selection){.m = large, .m_count = 1}, W4_RANGE,
           (const char *const[]){"layer", "exceeds 2^40 bytes", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pr_is_every_layer_of_both_models),
        cmocka_unit_test(regression_is_the_published_file),
        cmocka_unit_test(every_suite_expands_without_duplicates),
        cmocka_unit_test(ragged_has_tails_paddings_groups_and_types),
        cmocka_unit_test(selection_narrows_a_suite),
        cmocka_unit_test(kernels_replaced_on_the_command_line_leave_no_duplicates),
        cmocka_unit_test(without_a_suite_any_model_and_layer_may_be_named),
        cmocka_unit_test(unknown_names_list_what_there_is),
        cmocka_unit_test(nothing_left_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
