// Prompt times: each layer as often as a forward pass runs it, and no sum without all of them.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../harness/prefill.h"
#include "../../../harness/report/report.h"
#include "../../../harness/text.h"

static const char model_text[] =
    "{\"name\": \"two\", \"quantisation\": {\"group_size\": 128, \"type\": \"int4\", \"zero_point\": false},\n"
    "\"source\": {\"model_id\": \"Some/Two\", \"revision\": \"main\"},\n"
    "\"layers\": [{\"name\": \"a\", \"n\": 256, \"k\": 128, \"count\": 2}, {\"name\": \"b\", \"n\": 128, \"k\": 256, "
    "\"count\": 30},\n{\"name\": \"up\", \"n\": 64, \"k\": 128, \"count\": 500, \"upstream\": true}]}\n";

struct row {
    const char *layer, *kernel;
    int64_t m, n, k;
    enum w4_case_state state;
    double time_ms; // 0: no sample
};

enum { ROWS_MAX = 12 };

struct fixture {
    char folder[64], path[96];
    struct w4_run run;
    struct w4_result results[ROWS_MAX];
    double samples[ROWS_MAX];
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (!fixture)
        return -1;
    strcpy(fixture->folder, "/tmp/w4prefill-XXXXXX");
    *state = fixture;
    if (!mkdtemp(fixture->folder))
        return -1;
    snprintf(fixture->path, sizeof(fixture->path), "%s/two.json", fixture->folder);
    FILE *file = fopen(fixture->path, "w");
    if (!file)
        return -1;
    fputs(model_text, file);
    return fclose(file);
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->path);
    int failed = rmdir(fixture->folder);
    free(fixture);
    return failed;
}

static void make_run(struct fixture *fixture, const char *model, const struct row *rows, size_t count)
{
    memset(&fixture->run, 0, sizeof(fixture->run));
    memset(fixture->results, 0, sizeof(fixture->results));
    fixture->run.cases = fixture->results;
    fixture->run.case_count = count;
    for (size_t i = 0; i < count; ++i) {
        struct w4_result *result = &fixture->results[i];
        const struct row *row = &rows[i];
        w4_text_copy(result->test.model, sizeof(result->test.model), model);
        w4_text_copy(result->test.layer, sizeof(result->test.layer), row->layer);
        w4_text_copy(result->test.kernel, sizeof(result->test.kernel), row->kernel);
        result->test.shape = (struct w4_shape){.m = row->m,
                                               .n = row->n,
                                               .k = row->k,
                                               .group_size = 128,
                                               .a_pitch = row->k,
                                               .w_pitch = row->k / 8,
                                               .scale_pitch = row->k / 128,
                                               .c_pitch = row->n};
        result->state = row->state;
        fixture->samples[i] = row->time_ms;
        result->samples_ms = &fixture->samples[i];
        result->sample_count = row->time_ms > 0;
    }
}

static struct w4_prefill sums_of(struct fixture *fixture)
{
    struct w4_prefill prefill;
    struct w4_error error = {0};
    assert_int_equal(w4_prefill_of(&fixture->run, fixture->folder, &prefill, &error), W4_OK);
    return prefill;
}

static void each_layer_counts_as_often_as_a_forward_pass_runs_it(void **state)
{
    static const struct row rows[] = {
        {"a", "baseline", 16, 256, 128, W4_CASE_OK, 1.5},  {"up", "baseline", 16, 64, 128, W4_CASE_OK, 9},
        {"b", "baseline", 16, 128, 256, W4_CASE_OK, 0.25}, {"a", "tuned", 16, 256, 128, W4_CASE_OK, 1},
        {"b", "tuned", 16, 128, 256, W4_CASE_OK, 0.125},   {"a", "baseline", 32, 256, 128, W4_CASE_OK, 3},
        {"b", "baseline", 32, 128, 256, W4_CASE_OK, 0.5},
    };
    make_run(*state, "two", rows, sizeof(rows) / sizeof(rows[0]));
    struct w4_prefill prefill = sums_of(*state);
    assert_int_equal(prefill.count, 3);
    assert_float_equal(prefill.sums[0].time_ms, 2 * 1.5 + 30 * 0.25, 1e-12);
    assert_string_equal(prefill.sums[1].kernel, "tuned");
    assert_float_equal(prefill.sums[1].time_ms, 2 * 1.0 + 30 * 0.125, 1e-12);
    assert_int_equal(prefill.sums[2].m, 32);
    assert_float_equal(prefill.sums[2].time_ms, 2 * 3.0 + 30 * 0.5, 1e-12);
    w4_prefill_fini(&prefill);
}

static void nothing_is_summed_when_a_layer_is_missing_wrong_or_of_another_size(void **state)
{
    static const struct {
        struct row rows[2];
        size_t count;
        const char *missing;
    } cases[] = {
        {{{"a", "tuned", 16, 256, 128, W4_CASE_OK, 1}}, 1, "b"},
        {{{"up", "tuned", 16, 64, 128, W4_CASE_OK, 1}}, 1, "a, b"},
        {{{"a", "tuned", 16, 256, 128, W4_CASE_OK, 1}, {"b", "tuned", 16, 128, 256, W4_CASE_WRONG, 1}}, 2, "b (wrong)"},
        {{{"a", "tuned", 16, 256, 128, W4_CASE_SKIPPED, 0}, {"b", "tuned", 16, 128, 256, W4_CASE_OK, 1}},
         2,
         "a (skipped)"},
        {{{"a", "tuned", 16, 256, 256, W4_CASE_OK, 1}, {"b", "tuned", 16, 128, 256, W4_CASE_OK, 1}},
         2,
         "a (of another size in this run)"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
        make_run(*state, "two", cases[i].rows, cases[i].count);
        struct w4_prefill prefill = sums_of(*state);
        assert_int_equal(prefill.count, 1);
        assert_true(isnan(prefill.sums[0].time_ms));
        assert_string_equal(prefill.sums[0].missing, cases[i].missing);
        w4_prefill_fini(&prefill);
    }
}

static void an_unknown_model_is_said_and_not_summed(void **state)
{
    static const struct row rows[] = {{"a", "tuned", 16, 256, 128, W4_CASE_OK, 1}};
    make_run(*state, "other", rows, 1);
    struct w4_prefill prefill = sums_of(*state);
    assert_int_equal(prefill.count, 1);
    assert_true(isnan(prefill.sums[0].time_ms));
    assert_non_null(strstr(prefill.sums[0].missing, "not known here"));
    w4_prefill_fini(&prefill);
}

static void compare_shows_both_sums_and_their_ratio(void **state)
{
    static const struct row rows[] = {
        {"a", "baseline", 16, 256, 128, W4_CASE_OK, 1.5}, {"b", "baseline", 16, 128, 256, W4_CASE_OK, 0.25},
        {"a", "tuned", 16, 256, 128, W4_CASE_OK, 1},      {"b", "tuned", 16, 128, 256, W4_CASE_OK, 0.125},
        {"a", "baseline", 32, 256, 128, W4_CASE_OK, 3},   {"a", "tuned", 32, 256, 128, W4_CASE_OK, 3},
    };
    make_run(*state, "two", rows, sizeof(rows) / sizeof(rows[0]));
    struct w4_prefill prefill = sums_of(*state);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct w4_error error = {0};
    assert_non_null(out);
    assert_int_equal(
        w4_report_prefill_compare(&prefill, &prefill, "baseline", "tuned", W4_FORMAT_MARKDOWN, false, out, &error),
        W4_OK);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "| two | 16 | fp16 g128 sym | baseline -&gt; tuned | 10.5 | 5.75 | 1.826x |"));
    assert_non_null(strstr(text,
                           "\n- prompts that are not summed, because layers are missing: 1 (two, 32 tokens, fp16 g128 "
                           "sym: baseline lacks b)\n"));
    free(text);
    w4_prefill_fini(&prefill);
}

static void the_summary_names_one_of_the_prompts_that_are_not_summed(void **state)
{
    static const struct row rows[] = {
        {"a", "baseline", 16, 256, 128, W4_CASE_OK, 1.5}, {"b", "baseline", 16, 128, 256, W4_CASE_OK, 0.25},
        {"a", "tuned", 16, 256, 128, W4_CASE_OK, 1},      {"a", "tuned", 32, 256, 128, W4_CASE_OK, 3},
        {"a", "tuned", 64, 256, 128, W4_CASE_OK, 3},
    };
    make_run(*state, "two", rows, sizeof(rows) / sizeof(rows[0]));
    struct w4_prefill prefill = sums_of(*state);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    w4_report_prefill(&prefill, "modelled", out, "- ");
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "- two, 16 tokens, fp16 g128 sym: GEMMs of one forward pass baseline 10.5 ms modelled; "
                              "tuned lacks b\n"
                              "- prompts that are not summed, because layers are missing: 2 (two, 32 tokens, fp16 g128 "
                              "sym: tuned lacks b)\n");
    free(text);
    w4_prefill_fini(&prefill);
}

int main(void)
{
#define FIXTURE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(each_layer_counts_as_often_as_a_forward_pass_runs_it),
        FIXTURE_TEST(nothing_is_summed_when_a_layer_is_missing_wrong_or_of_another_size),
        FIXTURE_TEST(an_unknown_model_is_said_and_not_summed),
        FIXTURE_TEST(compare_shows_both_sums_and_their_ratio),
        FIXTURE_TEST(the_summary_names_one_of_the_prompts_that_are_not_summed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
