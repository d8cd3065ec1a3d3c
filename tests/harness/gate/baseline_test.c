// Baseline files: round trip, acceptance, published figures.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "../../../harness/baseline.h"
#include "../../../harness/date.h"
#include "../sample.h"

static void make_path(char path[64])
{
    strcpy(path, "/tmp/w4bench-baseline-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
}

static enum w4_status accept(struct w4_baselines *baselines, const struct w4_run *run, const char *pattern,
                             const char *reason, double tolerance, size_t *accepted, struct w4_error *error)
{
    const struct w4_acceptance wish = {.pattern = pattern, .reason = reason, .tolerance = tolerance};
    return w4_baselines_accept(baselines, run, &wish, accepted, error);
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
    assert_int_equal(accept(&made, &run, NULL, "first", -1, &accepted, &error), W4_OK);
    assert_int_equal(accepted, SAMPLE_COUNT);
    assert_int_equal(w4_baselines_save(path, &made, &error), W4_OK);
    assert_int_equal(w4_baselines_load(path, &read, &error), W4_OK);
    assert_int_equal(read.count, SAMPLE_COUNT);
    assert_string_equal(read.device_key, run.device.key);
    const struct w4_baseline_entry *entry = w4_baselines_find(&read, sample_rows[0].id);
    assert_non_null(entry);
    // 53.046411264 GFLOP in 2.17 ms
    assert_float_equal(entry->now.tflops, 24.445, 0.001);
    assert_float_equal(entry->tolerance, 0.05, 0);
    assert_string_equal(entry->now.date, "2026-01-31");
    assert_string_equal(entry->now.reason, "first");
    assert_string_equal(entry->now.source, "0123456789ab");
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
    assert_int_equal(accept(&baselines, &run, NULL, "first", 0.08, &accepted, &error), W4_OK);
    run.cases[0].samples_ms[0] /= 2;
    w4_text_copy(run.options.suite, sizeof(run.options.suite), "nightly");
    assert_int_equal(accept(&baselines, &run, "*qkv_proj*baseline", "second", -1, &accepted, &error), W4_OK);
    assert_int_equal(accepted, 1);
    assert_int_equal(baselines.count, SAMPLE_COUNT);
    const struct w4_baseline_entry *entry = w4_baselines_find(&baselines, sample_rows[0].id);
    assert_float_equal(entry->now.tflops, 48.89, 0.001);
    assert_float_equal(entry->tolerance, 0.08, 0);
    assert_int_equal(entry->suite_count, 2);
    assert_string_equal(w4_baselines_find(&baselines, sample_rows[1].id)->now.reason, "first");
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
    assert_int_equal(accept(&baselines, &run, "nonesuch", "x", -1, &accepted, &error), W4_NOT_FOUND);
    w4_baselines_fini(&baselines);
    run.cases[2].state = W4_CASE_WRONG;
    error = (struct w4_error){0};
    assert_int_equal(accept(&baselines, &run, NULL, "x", -1, &accepted, &error), W4_USAGE);
    assert_non_null(strstr(error.message, sample_rows[2].id));
    w4_baselines_fini(&baselines);
    w4_run_fini(&run);
}

static void what_an_acceptance_replaces_stays_in_the_log(void **state)
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
    assert_int_equal(accept(&made, &run, NULL, "first", -1, &accepted, &error), W4_OK);
    w4_text_copy(run.time_utc, sizeof(run.time_utc), "2026-02-10T01:00:00Z");
    run.cases[0].samples_ms[0] *= 2;
    assert_int_equal(accept(&made, &run, sample_rows[0].id, "second", -1, &accepted, &error), W4_OK);
    assert_int_equal(w4_baselines_save(path, &made, &error), W4_OK);
    assert_int_equal(w4_baselines_load(path, &read, &error), W4_OK);
    const struct w4_baseline_entry *entry = w4_baselines_find(&read, sample_rows[0].id);
    assert_int_equal(entry->log_count, 1);
    assert_float_equal(entry->log[0].tflops, 24.445, 0.001);
    assert_string_equal(entry->log[0].reason, "first");
    assert_string_equal(entry->log[0].date, "2026-01-31");
    assert_string_equal(entry->now.reason, "second");
    assert_int_equal(w4_baselines_find(&read, sample_rows[1].id)->log_count, 0);
    assert_true(w4_baselines_remove(&read, sample_rows[0].id));
    assert_null(w4_baselines_find(&read, sample_rows[0].id));
    assert_false(w4_baselines_remove(&read, sample_rows[0].id));
    assert_non_null(w4_baselines_find(&read, sample_rows[3].id));
    unlink(path);
    w4_baselines_fini(&made);
    w4_baselines_fini(&read);
    w4_run_fini(&run);
}

static void make_measured(struct w4_run *run, const char *time_utc, const char *kernel)
{
    sample_run(run);
    run->device.modelled = false;
    run->clock_mhz = 0;
    w4_text_copy(run->time_utc, sizeof(run->time_utc), time_utc);
    w4_text_copy(run->device.key, sizeof(run->device.key), "gfx1151-box");
    w4_text_copy(run->fingerprint.kernel, sizeof(run->fingerprint.kernel), kernel);
}

static void the_machine_of_a_measured_night_is_kept_once(void **state)
{
    (void)state;
    struct w4_run run;
    struct w4_baselines made = {0};
    struct w4_baselines read = {0};
    struct w4_error error = {0};
    char path[64];
    size_t accepted = 0;
    make_path(path);
    make_measured(&run, "2026-02-01T00:00:00Z", "6.14.0");
    assert_int_equal(accept(&made, &run, NULL, "first", -1, &accepted, &error), W4_OK);
    assert_int_equal(made.machine_count, 1);
    w4_text_copy(run.fingerprint.kernel, sizeof(run.fingerprint.kernel), "6.15.2");
    assert_int_equal(accept(&made, &run, sample_rows[2].id, "new kernel", -1, &accepted, &error), W4_OK);
    assert_int_equal(w4_baselines_save(path, &made, &error), W4_OK);
    assert_int_equal(w4_baselines_load(path, &read, &error), W4_OK);
    assert_int_equal(read.machine_count, 2);
    const struct w4_baseline_version *old = &w4_baselines_find(&read, sample_rows[0].id)->now;
    const struct w4_baseline_version *changed = &w4_baselines_find(&read, sample_rows[2].id)->now;
    assert_string_equal(w4_baselines_machine(&read, old->machine)->fingerprint.kernel, "6.14.0");
    assert_string_equal(w4_baselines_machine(&read, changed->machine)->fingerprint.kernel, "6.15.2");
    unlink(path);
    w4_baselines_fini(&made);
    w4_baselines_fini(&read);
    w4_run_fini(&run);
}

static void fini_runs(struct w4_run *runs, size_t count)
{
    for (size_t i = 0; i < count; ++i)
        w4_run_fini(&runs[i]);
}

// Times 2.17 ms x {1, 0.5, 4}: the best would be 0.5, the mean 1.83; the median is 1.
static void merging_nights_takes_the_median_and_never_the_best(void **state)
{
    (void)state;
    static const double factors[] = {1, 0.5, 4};
    static const char *const times[] = {"2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z", "2026-02-03T00:00:00Z"};
    struct w4_run runs[3];
    struct w4_baselines made = {0};
    struct w4_error error = {0};
    const struct w4_acceptance wish = {.reason = "three nights", .tolerance = -1};
    size_t accepted = 0;
    for (size_t i = 0; i < 3; ++i) {
        make_measured(&runs[i], times[i], "6.14.0");
        runs[i].cases[0].samples_ms[0] *= factors[i];
        double *anchor = malloc(sizeof(*anchor));
        assert_non_null(anchor);
        *anchor = factors[i]; // a machine that is slower by the factor: the spread of time over anchor is 0
        runs[i].cases[0].measured.anchor_wmma_ms = anchor;
        runs[i].cases[0].measured.anchor_wmma_count = 1;
    }
    runs[1].cases[1].state = W4_CASE_ERROR;
    assert_int_equal(w4_baselines_merge(&made, runs, 3, &wish, &accepted, &error), W4_OK);
    assert_int_equal(accepted, SAMPLE_COUNT);
    const struct w4_baseline_version *merged = &w4_baselines_find(&made, sample_rows[0].id)->now;
    assert_float_equal(merged->tflops, 24.445, 0.001);
    assert_int_equal(merged->nights, 3);
    assert_string_equal(merged->date, "2026-02-03");
    assert_float_equal(merged->anchor_wmma_ms, 1, 0);
    assert_float_equal(merged->spread, 0, 1e-6);
    assert_int_equal(w4_baselines_find(&made, sample_rows[1].id)->now.nights, 2);
    w4_baselines_fini(&made);
    fini_runs(runs, 3);
}

static void expect_merge_refused(struct w4_run *runs, size_t count, const char *text)
{
    struct w4_baselines made = {0};
    struct w4_error error = {0};
    const struct w4_acceptance wish = {.reason = "x", .tolerance = -1};
    size_t accepted = 0;
    assert_int_equal(w4_baselines_merge(&made, runs, count, &wish, &accepted, &error), W4_USAGE);
    if (!strstr(error.message, text))
        fail_msg("\"%s\" is not in \"%s\"", text, error.message);
    w4_baselines_fini(&made);
}

static void nights_that_do_not_belong_together_are_not_merged(void **state)
{
    (void)state;
    struct w4_run runs[2];
    make_measured(&runs[0], "2026-02-01T00:00:00Z", "6.14.0");
    make_measured(&runs[1], "2026-02-01T00:00:00Z", "6.14.0");
    expect_merge_refused(runs, 2, "given twice");
    w4_text_copy(runs[1].time_utc, sizeof(runs[1].time_utc), "2026-02-02T00:00:00Z");
    runs[0].cases[1].code_object_hash[0] = 'f';
    expect_merge_refused(runs, 2, "its code object changed");
    runs[0].cases[1].code_object_hash[0] = '0';
    runs[0].cases[2].state = W4_CASE_WRONG;
    expect_merge_refused(runs, 2, "was wrong in the night of 2026-02-01");
    runs[0].cases[2].state = W4_CASE_OK;
    w4_text_copy(runs[1].fingerprint.kernel, sizeof(runs[1].fingerprint.kernel), "6.15.2");
    expect_merge_refused(runs, 2, "kernel \"6.14.0\" -> \"6.15.2\"");
    w4_text_copy(runs[0].device.key, sizeof(runs[0].device.key), "gfx1151-other");
    expect_merge_refused(runs, 2, "gfx1151-other");
    fini_runs(runs, 2);
}

// Losing 2 % a month stays within every night's tolerance; the best and the old figure show it.
static void slow_losses_show_against_the_best_and_the_old_baseline(void **state)
{
    (void)state;
    struct w4_baseline_version log[] = {{.tflops = 40, .date = "2026-01-01"}, {.tflops = 42, .date = "2026-01-20"}};
    struct w4_baseline_entry entry = {.now = {.tflops = 38, .date = "2026-02-15"}, .log = log, .log_count = 2};
    struct w4_frog frog;
    w4_baseline_frog(&entry, 37, "2026-02-18T01:00:00Z", &frog);
    assert_float_equal(frog.last, 37.0 / 38 - 1, 1e-6);
    assert_float_equal(frog.best, 37.0 / 42 - 1, 1e-6);
    assert_float_equal(frog.old, 37.0 / 40 - 1, 1e-6); // 2026-01-19 was still the first one's time
    assert_ptr_equal(frog.old_version, &log[0]);
    w4_baseline_frog(&entry, 37, "2026-02-19", &frog);
    assert_ptr_equal(frog.old_version, &log[1]);
    w4_baseline_frog(&entry, 37, "2026-01-30", &frog);
    assert_null(frog.old_version);
    assert_true(isnan(frog.old));
}

static void a_quarantine_ends_with_its_last_day(void **state)
{
    (void)state;
    struct w4_baseline_entry entry = {0};
    assert_int_equal(w4_baseline_quarantine(&entry, "2026-02-01T00:00:00Z"), W4_QUARANTINE_NONE);
    w4_text_copy(entry.quarantine_until, sizeof(entry.quarantine_until), "2026-02-28");
    assert_int_equal(w4_baseline_quarantine(&entry, "2026-02-28T23:59:59Z"), W4_QUARANTINE_ACTIVE);
    assert_int_equal(w4_baseline_quarantine(&entry, "2026-03-01T00:00:00Z"), W4_QUARANTINE_EXPIRED);
    assert_int_equal(w4_baseline_quarantine(&entry, "unknown"), W4_QUARANTINE_EXPIRED);
}

static void only_dates_that_exist_are_dates(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "2026", "2026-2-03", "2026-02-30", "2026-13-01", "2026-01-01x", "20a6-01-01"};
    int64_t day = 0;
    assert_true(w4_date_day("1970-01-02", &day));
    assert_int_equal(day, 1);
    assert_true(w4_date_day("2024-02-29T12:00:00Z", &day));
    assert_int_equal(day, 19782);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
        if (w4_date_day(bad[i], &day))
            fail_msg("\"%s\" was taken for a date", bad[i]);
    }
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
        cmocka_unit_test(what_an_acceptance_replaces_stays_in_the_log),
        cmocka_unit_test(the_machine_of_a_measured_night_is_kept_once),
        cmocka_unit_test(merging_nights_takes_the_median_and_never_the_best),
        cmocka_unit_test(nights_that_do_not_belong_together_are_not_merged),
        cmocka_unit_test(slow_losses_show_against_the_best_and_the_old_baseline),
        cmocka_unit_test(a_quarantine_ends_with_its_last_day),
        cmocka_unit_test(only_dates_that_exist_are_dates),
        cmocka_unit_test(file_names_are_made_safe),
        cmocka_unit_test(published_figures_are_found_by_shape_and_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
