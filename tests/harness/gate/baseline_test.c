// Baseline files: round trip, acceptance, published figures.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "../../../harness/baseline.h"
#include "../sample.h"

static void make_path(char path[64])
{
    strcpy(path, "/tmp/w4bench-baseline-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
}

static void accepted_baselines_survive_a_round_trip(void **state)
{
    (void)state;
    struct w4_run run;
    struct w4_baselines made = {0};
    struct w4_baselines read = {0};
    struct w4_error error = {0};
    char path[64];
    size_t accepted = 0;
    sample_run(&run);
    make_path(path);
    assert_int_equal(w4_baselines_accept(&made, &run, NULL, "first", -1, &accepted, &error), W4_OK);
    assert_int_equal(accepted, SAMPLE_COUNT);
    assert_int_equal(w4_baselines_save(path, &made, &error), W4_OK);
    assert_int_equal(w4_baselines_load(path, &read, &error), W4_OK);
    assert_int_equal(read.count, SAMPLE_COUNT);
    assert_string_equal(read.device_key, run.device.key);
    const struct w4_baseline_entry *entry = w4_baselines_find(&read, sample_rows[0].id);
    assert_non_null(entry);
    // 53.046411264 GFLOP in 2.17 ms
    assert_float_equal(entry->tflops, 24.445, 0.001);
    assert_float_equal(entry->tolerance, 0.05, 0);
    assert_string_equal(entry->date, "2026-01-31");
    assert_string_equal(entry->reason, "first");
    assert_string_equal(entry->source, "0123456789ab");
    assert_string_equal(entry->suites[0], "pr");
    assert_null(w4_baselines_find(&read, "nonesuch"));
    unlink(path);
    w4_baselines_fini(&made);
    w4_baselines_fini(&read);
    w4_run_fini(&run);
}

static void accepting_again_replaces_the_figure_and_keeps_the_tolerance(void **state)
{
    (void)state;
    struct w4_run run;
    struct w4_baselines baselines = {0};
    struct w4_error error = {0};
    size_t accepted = 0;
    sample_run(&run);
    assert_int_equal(w4_baselines_accept(&baselines, &run, NULL, "first", 0.08, &accepted, &error), W4_OK);
    run.cases[0].samples_ms[0] /= 2;
    w4_text_copy(run.options.suite, sizeof(run.options.suite), "nightly");
    assert_int_equal(w4_baselines_accept(&baselines, &run, "*qkv_proj*baseline", "second", -1, &accepted, &error),
                     W4_OK);
    assert_int_equal(accepted, 1);
    assert_int_equal(baselines.count, SAMPLE_COUNT);
    const struct w4_baseline_entry *entry = w4_baselines_find(&baselines, sample_rows[0].id);
    assert_float_equal(entry->tflops, 48.89, 0.001);
    assert_float_equal(entry->tolerance, 0.08, 0);
    assert_int_equal(entry->suite_count, 2);
    assert_string_equal(w4_baselines_find(&baselines, sample_rows[1].id)->reason, "first");
    w4_baselines_fini(&baselines);
    w4_run_fini(&run);
}

static void wrong_results_and_empty_matches_are_refused(void **state)
{
    (void)state;
    struct w4_run run;
    struct w4_baselines baselines = {0};
    struct w4_error error = {0};
    size_t accepted = 0;
    sample_run(&run);
    assert_int_equal(w4_baselines_accept(&baselines, &run, "nonesuch", "x", -1, &accepted, &error), W4_NOT_FOUND);
    w4_baselines_fini(&baselines);
    run.cases[2].state = W4_CASE_WRONG;
    error = (struct w4_error){0};
    assert_int_equal(w4_baselines_accept(&baselines, &run, NULL, "x", -1, &accepted, &error), W4_USAGE);
    assert_non_null(strstr(error.message, sample_rows[2].id));
    w4_baselines_fini(&baselines);
    w4_run_fini(&run);
}

static void file_names_are_made_safe(void **state)
{
    (void)state;
    char path[64];
    assert_true(w4_baselines_path("b", "gfx1151 radeon/8060s", path, sizeof(path)));
    assert_string_equal(path, "b/gfx1151_radeon_8060s.json");
    assert_false(w4_baselines_path("b", "gfx1151", path, 10));
}

struct published_row {
    const char *kernel;
    int64_t m, n, k;
    enum w4_dtype dtype;
    bool zero_point;
    double tflops; // 0: none
};

// Figures taken by hand from data/*.csv.
static void published_figures_are_found_by_shape_and_kernel(void **state)
{
    (void)state;
    static const struct published_row rows[] = {
        {"baseline", 1606, 37888, 3584, W4_FP16, false, 23.5}, {"tuned", 1606, 37888, 3584, W4_FP16, false, 25.2},
        {"tuned", 1606, 37888, 3584, W4_FP16, true, 24.5},     {"baseline", 1606, 37888, 3584, W4_FP16, true, 0},
        {"decode", 1, 3840, 2560, W4_FP16, false, 0.782},      {"decode", 1, 3840, 2560, W4_BF16, true, -1},
        {"tuned", 1607, 37888, 3584, W4_FP16, false, 0},
    };
    struct w4_published published;
    struct w4_error error = {0};
    assert_int_equal(w4_published_load(W4_SOURCE_DIR "/baselines/gfx1151-published.json", &published, &error), W4_OK);
    assert_int_equal(published.count, 16 + 416);
    assert_string_equal(published.label, "measured by others on real hardware");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        const struct published_row *row = &rows[i];
        struct w4_case test = {.shape = {.m = row->m,
                                         .n = row->n,
                                         .k = row->k,
                                         .group_size = 128,
                                         .dtype = row->dtype,
                                         .zero_point = row->zero_point,
                                         .a_pitch = row->k,
                                         .w_pitch = row->k / 8,
                                         .scale_pitch = row->k / 128,
                                         .c_pitch = row->n}};
        w4_text_copy(test.kernel, sizeof(test.kernel), row->kernel);
        const struct w4_published_entry *entry = w4_published_find(&published, &test);
        if (row->tflops > 0) {
            assert_non_null(entry);
            assert_float_equal(entry->tflops, row->tflops, 1e-9);
        } else if (row->tflops < 0) {
            assert_non_null(entry);
        } else {
            assert_null(entry);
        }
        test.shape.a_pitch += 8; // padded rows are another measurement
        assert_null(w4_published_find(&published, &test));
    }
    w4_published_fini(&published);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_baselines_survive_a_round_trip),
        cmocka_unit_test(accepting_again_replaces_the_figure_and_keeps_the_tolerance),
        cmocka_unit_test(wrong_results_and_empty_matches_are_refused),
        cmocka_unit_test(file_names_are_made_safe),
        cmocka_unit_test(published_figures_are_found_by_shape_and_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
