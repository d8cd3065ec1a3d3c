// Sweeps on made times: ranking, scores, fitted rule tables, ablations.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../harness/sweep/sweep.h"
#include "../../../harness/text.h"

enum { TILES = 4, OPERANDS = 4, VARIANTS = TILES * OPERANDS, CASES_MAX = 2048 };

// Tile i is its index in these, so that a test's table of times may name tiles by digits.
static const struct w4_tile tiles[TILES] = {
    {128, 64, 64, 8, 1, 0, ""}, {64, 256, 64, 8, 1, 0, ""}, {64, 256, 64, 8, 4, 0, ""}, {64, 64, 32, 4, 1, 0, ""}};

struct made {
    char folder[64];
    struct w4_variant variants[VARIANTS];
    struct w4_manifest manifest;
    struct w4_result results[CASES_MAX];
    double samples[CASES_MAX];
    struct w4_run run;
};

static const struct w4_variant *variant_of(const struct made *made, size_t tile, enum w4_dtype dtype, bool zero_point)
{
    return &made->variants[tile * OPERANDS + (dtype == W4_BF16 ? 2 : 0) + (zero_point ? 1 : 0)];
}

static int setup(void **state)
{
    struct made *made = calloc(1, sizeof(*made));
    if (!made)
        return -1;
    *state = made;
    strcpy(made->folder, "/tmp/w4sweep-XXXXXX");
    if (!mkdtemp(made->folder))
        return -1;
    for (size_t i = 0; i < VARIANTS; ++i) {
        struct w4_variant *variant = &made->variants[i];
        variant->tile = tiles[i / OPERANDS];
        variant->dtype = i % OPERANDS / 2 ? W4_BF16 : W4_FP16;
        variant->zero_point = i % 2;
        variant->group_size = 128;
        variant->convention.pitch_multiple = 1;
        strcpy(variant->family, "prefill");
        snprintf(variant->id, sizeof(variant->id), "prefill-%zu-%s-%s", i / OPERANDS, w4_text_dtype(variant->dtype),
                 w4_text_zero_point(variant->zero_point));
    }
    made->manifest = (struct w4_manifest){.variants = made->variants, .variant_count = VARIANTS};
    made->run.cases = made->results;
    return 0;
}

static int teardown(void **state)
{
    struct made *made = *state;
    char path[128];
    snprintf(path, sizeof(path), "%s/made.json", made->folder);
    unlink(path);
    int failed = rmdir(made->folder);
    free(made);
    return failed;
}

static void add_result(struct made *made, const char *layer, struct w4_shape shape, size_t tile, double time_ms)
{
    size_t index = made->run.case_count++;
    struct w4_result *result = &made->results[index];
    const struct w4_variant *variant = variant_of(made, tile, shape.dtype, shape.zero_point);
    assert_true(index < CASES_MAX);
    shape.group_size = 128;
    w4_text_copy(result->test.model, sizeof(result->test.model), "made");
    w4_text_copy(result->test.layer, sizeof(result->test.layer), layer);
    w4_text_copy(result->test.kernel, sizeof(result->test.kernel), variant->id);
    w4_text_copy(result->variant, sizeof(result->variant), variant->id);
    result->test.shape = shape;
    result->tile = variant->tile;
    made->samples[index] = time_ms;
    result->samples_ms = &made->samples[index];
    result->sample_count = 1;
}

// One shape: 1 ms for tile `best`, and more for the others.
static void add_shape(struct made *made, const char *layer, struct w4_shape shape, size_t best)
{
    for (size_t tile = 0; tile < TILES; ++tile)
        add_result(made, layer, shape, tile, tile == best ? 1 : 1.5 + (double)tile);
}

static struct w4_sweep rank(const struct made *made)
{
    struct w4_sweep sweep;
    struct w4_error error = {0};
    assert_int_equal(w4_sweep_rank(&made->run, &sweep, &error), W4_OK);
    return sweep;
}

// Fits rules, writes them to made.json, and returns how many there are.
static size_t fit(const struct made *made, const struct w4_sweep *sweep, double slack)
{
    char path[128];
    char *text = NULL;
    size_t rules = 0;
    struct w4_error error = {0};
    if (w4_sweep_fit_rules(sweep, &made->manifest, "made", "a test", slack, &text, &rules, &error) != W4_OK)
        fail_msg("%s", error.message);
    snprintf(path, sizeof(path), "%s/made.json", made->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    free(text);
    return rules;
}

static struct w4_sweep_score score_made(const struct made *made, const struct w4_sweep *sweep)
{
    struct w4_sweep_score score;
    struct w4_error error = {0};
    if (w4_sweep_score(sweep, &made->manifest, made->folder, "made", &score, &error) != W4_OK)
        fail_msg("%s", error.message);
    return score;
}

// The tile that the written table chooses for a shape.
static size_t chosen_tile(const struct made *made, struct w4_shape shape)
{
    struct w4_rules *rules = NULL;
    const struct w4_variant *variant = NULL;
    struct w4_error error = {0};
    shape.group_size = 128;
    assert_int_equal(w4_rules_load(made->folder, "made", &rules, &error), W4_OK);
    if (w4_rules_choose(rules, &made->manifest, &shape, &variant, &error) != W4_OK)
        fail_msg("%s", error.message);
    w4_rules_destroy(rules);
    return (size_t)(variant - made->variants) / OPERANDS;
}

static void shapes_are_ranked_by_time_and_failures_do_not_count(void **state)
{
    struct made *made = *state;
    const struct w4_shape shape = {.m = 64, .n = 256, .k = 128};
    add_result(made, "a", shape, 0, 3);
    add_result(made, "a", shape, 1, 2);
    add_result(made, "a", shape, 2, 1);
    add_result(made, "a", shape, 3, 4);
    made->results[2].state = W4_CASE_WRONG;
    struct w4_sweep sweep = rank(made);
    assert_int_equal(sweep.count, 1);
    assert_int_equal(sweep.shapes[0].count, 3);
    assert_int_equal(sweep.shapes[0].failed, 1);
    assert_string_equal(sweep.shapes[0].entries[0].result->variant, "prefill-1-fp16-sym");
    assert_string_equal(sweep.shapes[0].entries[2].result->variant, "prefill-3-fp16-sym");
    w4_sweep_fini(&sweep);
}

static void a_ladder_of_m_needs_one_rule_a_step(void **state)
{
    static const int64_t m[] = {1, 16, 64, 128, 512, 1606, 4096};
    static const size_t best[] = {3, 3, 3, 0, 0, 2, 2};
    static const struct {
        const char *name;
        int64_t n, k;
    } layers[] = {{"qkv_proj", 6144, 2560}, {"o_proj", 2560, 4096}, {"gate_up_proj", 19456, 2560}};
    struct made *made = *state;
    for (size_t l = 0; l < 3; ++l) {
        for (size_t i = 0; i < 7; ++i)
            add_shape(made, layers[l].name, (struct w4_shape){.m = m[i], .n = layers[l].n, .k = layers[l].k}, best[i]);
    }
    struct w4_sweep sweep = rank(made);
    assert_int_equal(fit(made, &sweep, 0), 3);
    struct w4_sweep_score score = score_made(made, &sweep);
    assert_int_equal(score.chosen, 21);
    assert_float_equal(score.worst_share, 1, 0);
    // Between swept M the larger one's tile, beyond the last its own, other layers alike.
    assert_int_equal(chosen_tile(made, (struct w4_shape){.m = 64, .n = 999, .k = 128}), 3);
    assert_int_equal(chosen_tile(made, (struct w4_shape){.m = 65, .n = 999, .k = 128}), 0);
    assert_int_equal(chosen_tile(made, (struct w4_shape){.m = 513, .n = 999, .k = 128}), 2);
    assert_int_equal(chosen_tile(made, (struct w4_shape){.m = 99999, .n = 999, .k = 128}), 2);
    w4_sweep_fini(&sweep);
}

static void an_m_between_two_swept_ones_gets_the_larger_ones_tile(void **state)
{
    static const int64_t m[] = {64, 128, 512};
    struct made *made = *state;
    for (size_t i = 0; i < 3; ++i)
        add_shape(made, "a", (struct w4_shape){.m = m[i], .n = 256, .k = 128}, i == 0 ? 3 : 2);
    struct w4_sweep sweep = rank(made);
    assert_int_equal(fit(made, &sweep, 0), 2);
    assert_int_equal(chosen_tile(made, (struct w4_shape){.m = 1, .n = 256, .k = 128}), 3);
    assert_int_equal(chosen_tile(made, (struct w4_shape){.m = 64, .n = 256, .k = 128}), 3);
    assert_int_equal(chosen_tile(made, (struct w4_shape){.m = 65, .n = 256, .k = 128}), 2);
    assert_int_equal(chosen_tile(made, (struct w4_shape){.m = 513, .n = 256, .k = 128}), 2);
    w4_sweep_fini(&sweep);
}

static void an_exception_of_one_layer_or_operand_takes_one_rule_more(void **state)
{
    struct made *made = *state;
    for (int i = 0; i < 16; ++i) {
        bool zero_point = i % 2;
        enum w4_dtype dtype = i / 2 % 2 ? W4_BF16 : W4_FP16;
        int64_t n = i / 4 % 2 ? 2560 : 6144;
        int64_t m = i / 8 ? 1606 : 64;
        struct w4_shape shape = {.m = m, .n = n, .k = 2560, .dtype = dtype, .zero_point = zero_point};
        add_shape(made, n == 2560 ? "o_proj" : "qkv_proj", shape, dtype == W4_BF16 && zero_point ? 3 : 1);
    }
    struct w4_sweep sweep = rank(made);
    assert_int_equal(fit(made, &sweep, 0), 2);
    assert_float_equal(score_made(made, &sweep).worst_share, 1, 0);
    w4_sweep_fini(&sweep);
}

// No structure at all: the rules must still give every shape its best.
static void fitted_rules_reproduce_any_choice(void **state)
{
    static const int64_t m[] = {1, 17, 64, 130, 1606};
    static const int64_t sizes[][2] = {{6144, 2560}, {2560, 4096}, {19456, 2560}, {2560, 9728}};
    struct made *made = *state;
    uint32_t random = 12345;
    for (int round = 0; round < 20; ++round) {
        made->run.case_count = 0;
        for (size_t i = 0; i < 5 * 4 * OPERANDS; ++i) {
            random = random * 1664525u + 1013904223u;
            const struct w4_shape shape = {.m = m[i % 5],
                                           .n = sizes[i / 5 % 4][0],
                                           .k = sizes[i / 5 % 4][1],
                                           .dtype = i / 20 % 2 ? W4_BF16 : W4_FP16,
                                           .zero_point = i / 40 % 2};
            add_shape(made, "layer", shape, random >> 24 & 3);
        }
        struct w4_sweep sweep = rank(made);
        size_t rules = fit(made, &sweep, 0);
        struct w4_sweep_score score = score_made(made, &sweep);
        assert_int_equal(score.chosen, sweep.count);
        assert_float_equal(score.worst_share, 1, 0);
        assert_true(rules < sweep.count);
        w4_sweep_fini(&sweep);
    }
}

static void slack_buys_fewer_rules_and_bounds_the_loss(void **state)
{
    struct made *made = *state;
    for (int64_t m = 1; m <= 6; ++m) {
        const struct w4_shape shape = {.m = m, .n = 256, .k = 128};
        add_result(made, "a", shape, 0, m % 2 ? 1 : 1.015);
        add_result(made, "a", shape, 1, m % 2 ? 1.3 : 1);
    }
    struct w4_sweep sweep = rank(made);
    assert_true(fit(made, &sweep, 0) > 1);
    assert_int_equal(fit(made, &sweep, 0.02), 1);
    struct w4_sweep_score score = score_made(made, &sweep);
    assert_true(fabs(score.worst_share - 1 / 1.015) < 1e-12);
    w4_sweep_fini(&sweep);
}

static void a_score_is_the_geometric_mean_of_the_shares(void **state)
{
    struct made *made = *state;
    const struct w4_shape small = {.m = 16, .n = 256, .k = 128};
    const struct w4_shape large = {.m = 32, .n = 256, .k = 128};
    const struct w4_shape other = {.m = 64, .n = 256, .k = 128};
    add_result(made, "a", small, 0, 1);
    struct w4_sweep one = rank(made);
    assert_int_equal(fit(made, &one, 0), 1); // everything gets tile 0
    w4_sweep_fini(&one);
    add_result(made, "a", small, 1, 0.5);
    add_result(made, "a", large, 0, 1);
    add_result(made, "a", large, 1, 0.125);
    add_result(made, "a", other, 1, 1); // tile 0 was not swept here
    struct w4_sweep sweep = rank(made);
    struct w4_sweep_score score = score_made(made, &sweep);
    assert_int_equal(score.chosen, 2);
    assert_int_equal(score.without, 1);
    assert_float_equal(score.share, 0.25, 1e-12);
    assert_float_equal(score.worst_share, 0.125, 1e-12);
    assert_int_equal(score.worst->test->shape.m, 32);
    w4_sweep_fini(&sweep);
}

static void an_ablation_changes_one_axis_at_a_time_and_names_the_missing_ones(void **state)
{
    struct made *made = *state;
    const struct w4_shape shape = {.m = 64, .n = 256, .k = 128};
    struct w4_error error = {0};
    char *text = NULL;
    size_t size = 0;
    add_result(made, "a", shape, 1, 1);
    struct w4_sweep base = rank(made);
    fit(made, &base, 0); // everything gets tile 1: 64x256x64 w8 u1
    w4_sweep_fini(&base);
    add_result(made, "a", shape, 0, 1.25); // another tile
    add_result(made, "a", shape, 2, 0.8);  // UNROLL_K 4
    add_result(made, "a", shape, 3, 0.5);  // another tile and other waves: no ablation
    struct w4_sweep sweep = rank(made);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(w4_sweep_write_ablation(&sweep, &made->manifest, made->folder, "made", "measured",
                                             W4_FORMAT_MARKDOWN, out, false, &error),
                     W4_OK);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "| UNROLL_K | 1 -&gt; 4 | 1 |"));
    assert_non_null(strstr(text, "| +25.0 % |"));
    assert_non_null(strstr(text, "| tile | 64x256x64 -&gt; 128x64x64 | 1 |"));
    assert_non_null(strstr(text, "| -20.0 % |"));
    assert_null(strstr(text, "64x64x32"));
    assert_non_null(strstr(text, "in only: waves, "));
    free(text);
    w4_sweep_fini(&sweep);
}

static void a_sweep_runs_every_variant_that_fits_each_shape_once(void **state)
{
    struct made *made = *state;
    struct w4_case items[3] = {0};
    struct w4_cases cases;
    struct w4_error error = {0};
    for (int i = 0; i < 3; ++i) {
        strcpy(items[i].model, "made");
        strcpy(items[i].layer, "a");
        strcpy(items[i].kernel, i == 1 ? "tuned" : "baseline");
        items[i].shape =
            (struct w4_shape){.m = i == 2 ? 9 : 8, .n = 256, .k = 128, .group_size = 128, .dtype = W4_BF16};
    }
    made->variants[2].m_max = 8; // tile 0, bf16, symmetric
    const struct w4_cases shapes = {items, 3};
    assert_int_equal(w4_sweep_cases(&shapes, &made->manifest, NULL, &cases, &error), W4_OK);
    assert_int_equal(cases.count, TILES + TILES - 1); // items 0 and 1 are one shape; M = 9 is too much for one variant
    assert_string_equal(cases.items[0].kernel, "prefill-0-bf16-sym");
    assert_string_equal(cases.items[TILES].kernel, "prefill-1-bf16-sym");
    w4_cases_fini(&cases);
    assert_int_equal(w4_sweep_cases(&shapes, &made->manifest, "*prefill-3*", &cases, &error), W4_OK);
    assert_int_equal(cases.count, 2);
    w4_cases_fini(&cases);
    assert_int_equal(w4_sweep_cases(&shapes, &made->manifest, "nothing", &cases, &error), W4_NOT_FOUND);
}

int main(void)
{
#define MADE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        MADE_TEST(shapes_are_ranked_by_time_and_failures_do_not_count),
        MADE_TEST(a_ladder_of_m_needs_one_rule_a_step),
        MADE_TEST(an_m_between_two_swept_ones_gets_the_larger_ones_tile),
        MADE_TEST(an_exception_of_one_layer_or_operand_takes_one_rule_more),
        MADE_TEST(fitted_rules_reproduce_any_choice),
        MADE_TEST(slack_buys_fewer_rules_and_bounds_the_loss),
        MADE_TEST(a_score_is_the_geometric_mean_of_the_shares),
        MADE_TEST(an_ablation_changes_one_axis_at_a_time_and_names_the_missing_ones),
        MADE_TEST(a_sweep_runs_every_variant_that_fits_each_shape_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
