// Gate decisions on hand-made runs and baselines.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>

#include "../../../harness/gate.h"
#include "../../../harness/gate/expected.h"
#include "../sample.h"

struct fixture {
    struct w4_run run;
    struct w4_baselines baselines;
    struct w4_gate gate;
};

static double case_tflops(const struct sample_row *row)
{
    return 2.0 * (double)row->m * (double)row->n * (double)row->k / row->time_ms * 1e-9;
}

// Baselines that are what the run measured.
static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (!fixture)
        return -1;
    *state = fixture;
    sample_run(&fixture->run);
    w4_text_copy(fixture->baselines.device_key, sizeof(fixture->baselines.device_key), fixture->run.device.key);
    fixture->baselines.clock_mhz = fixture->run.clock_mhz;
    fixture->baselines.entries = calloc(SAMPLE_COUNT, sizeof(*fixture->baselines.entries));
    if (!fixture->baselines.entries || fixture->run.case_count != SAMPLE_COUNT)
        return -1;
    for (size_t i = 0; i < SAMPLE_COUNT; ++i) {
        struct w4_baseline_entry *entry = &fixture->baselines.entries[i];
        w4_text_copy(entry->id, sizeof(entry->id), sample_rows[i].id);
        entry->now.tflops = case_tflops(&sample_rows[i]);
        entry->tolerance = 0.05;
        w4_text_copy(entry->suites[0], sizeof(entry->suites[0]), "pr");
        entry->suite_count = 1;
    }
    fixture->baselines.count = SAMPLE_COUNT;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    w4_gate_fini(&fixture->gate);
    w4_baselines_fini(&fixture->baselines);
    w4_run_fini(&fixture->run);
    free(fixture);
    return 0;
}

static int decide(struct fixture *fixture, double tolerance)
{
    struct w4_error error = {0};
    if (w4_gate_decide(&fixture->run, &fixture->baselines, false, tolerance, &fixture->gate, &error) != W4_OK)
        fail_msg("%s", error.message);
    return w4_gate_exit_code(&fixture->gate);
}

static void gate_passes_on_equal_figures(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decide(fixture, -1), 0);
    assert_int_equal(fixture->gate.counts[W4_VERDICT_PASS], SAMPLE_COUNT);
    assert_string_equal(w4_gate_word(&fixture->gate), "PASS");
}

struct tolerance_row {
    double factor; // of the baseline
    double tolerance;
    enum w4_verdict verdict;
    int exit_code;
};

// A regression iff new < base * (1 - tolerance), an improvement iff new > base * (1 + tolerance).
static void the_tolerance_has_two_sides_and_exact_edges(void **state)
{
    struct fixture *fixture = *state;
    static const struct tolerance_row rows[] = {
        {1.04, -1, W4_VERDICT_PASS, 0},   {1.06, -1, W4_VERDICT_FAIL, 1},   {1.06, 0.07, W4_VERDICT_PASS, 0},
        {1.002, 0, W4_VERDICT_FAIL, 1},   {0.96, -1, W4_VERDICT_PASS, 0},   {0.94, -1, W4_VERDICT_IMPROVED, 0},
        {1.0525, -1, W4_VERDICT_PASS, 0}, {1.0527, -1, W4_VERDICT_FAIL, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        fixture->baselines.entries[1].now.tflops = rows[i].factor * case_tflops(&sample_rows[1]);
        assert_int_equal(decide(fixture, rows[i].tolerance), rows[i].exit_code);
        assert_int_equal(fixture->gate.items[1].verdict, rows[i].verdict);
        w4_gate_fini(&fixture->gate);
    }
}

static void a_regression_is_named_with_its_figures(void **state)
{
    struct fixture *fixture = *state;
    struct w4_baseline_entry *entry = &fixture->baselines.entries[0];
    entry->now.tflops = 30;
    w4_text_copy(entry->now.date, sizeof(entry->now.date), "2026-01-01");
    assert_int_equal(decide(fixture, -1), 1);
    assert_string_equal(fixture->gate.items[0].note,
                        "24.45 TFLOPS, baseline 30 of 2026-01-01: -18.5 % (tolerance 5 %); "
                        "the code object changed");
}

// Within 5 % of the last baseline, and far from what it once was: passes, and says so.
static void a_slow_loss_passes_and_is_named(void **state)
{
    struct fixture *fixture = *state;
    struct w4_baseline_entry *entry = &fixture->baselines.entries[0];
    struct w4_baseline_version *log = calloc(2, sizeof(*log));
    assert_non_null(log);
    log[0] = (struct w4_baseline_version){.tflops = 28, .date = "2025-12-01"};
    log[1] = (struct w4_baseline_version){.tflops = 30, .date = "2026-01-10"};
    entry->log = log;
    entry->log_count = 2;
    w4_text_copy(entry->now.date, sizeof(entry->now.date), "2026-01-20");
    assert_int_equal(decide(fixture, -1), 0);
    assert_string_equal(fixture->gate.items[0].note,
                        "-18.5 % against the best baseline (30 of 2026-01-10); "
                        "-12.7 % against the baseline of 30 nights ago (28 of 2025-12-01)");
    assert_string_equal(fixture->gate.items[1].note, "");
}

static void a_case_that_was_not_run_is_missing(void **state)
{
    struct fixture *fixture = *state;
    free(fixture->run.cases[SAMPLE_COUNT - 1].samples_ms);
    --fixture->run.case_count;
    assert_int_equal(decide(fixture, -1), 3);
    assert_int_equal(fixture->gate.counts[W4_VERDICT_MISSING], 1);
    assert_string_equal(fixture->gate.items[SAMPLE_COUNT - 1].id, sample_rows[SAMPLE_COUNT - 1].id);
    assert_null(fixture->gate.items[SAMPLE_COUNT - 1].result);
}

static void a_case_without_baseline_is_missing(void **state)
{
    struct fixture *fixture = *state;
    --fixture->baselines.count;
    assert_int_equal(decide(fixture, -1), 3);
    assert_int_equal(fixture->gate.items[SAMPLE_COUNT - 1].verdict, W4_VERDICT_MISSING);
}

static void nothing_measured_is_never_green(void **state)
{
    struct fixture *fixture = *state;
    size_t count = fixture->run.case_count;
    fixture->run.case_count = 0;
    fixture->baselines.count = 0;
    assert_int_equal(decide(fixture, -1), 3);
    w4_gate_fini(&fixture->gate);
    struct w4_error error = {0};
    assert_int_equal(w4_gate_decide(&fixture->run, NULL, false, -1, &fixture->gate, &error), W4_OK);
    assert_int_equal(w4_gate_exit_code(&fixture->gate), 3);
    fixture->run.case_count = count;
}

static void exit_codes_rank_wrong_before_regression_before_missing(void **state)
{
    struct fixture *fixture = *state;
    fixture->run.cases[3].state = W4_CASE_SKIPPED;
    assert_int_equal(decide(fixture, -1), 3);
    w4_gate_fini(&fixture->gate);
    fixture->baselines.entries[0].now.tflops *= 2;
    assert_int_equal(decide(fixture, -1), 1);
    w4_gate_fini(&fixture->gate);
    fixture->run.cases[1].state = W4_CASE_WRONG;
    assert_int_equal(decide(fixture, -1), 2);
}

static void other_devices_and_clocks_are_refused_by_both_names(void **state)
{
    struct fixture *fixture = *state;
    struct w4_error error = {0};
    w4_text_copy(fixture->baselines.device_key, sizeof(fixture->baselines.device_key), "gfx1151-silicon");
    assert_int_equal(w4_gate_decide(&fixture->run, &fixture->baselines, false, -1, &fixture->gate, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "gfx1151-silicon"));
    assert_non_null(strstr(error.message, "gfx1151-emulator-issue-1"));
    w4_text_copy(fixture->baselines.device_key, sizeof(fixture->baselines.device_key), fixture->run.device.key);
    fixture->baselines.clock_mhz = 2600;
    error = (struct w4_error){0};
    assert_int_equal(w4_gate_decide(&fixture->run, &fixture->baselines, false, -1, &fixture->gate, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "2600"));
}

static void informational_figures_decide_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct w4_error error = {0};
    fixture->baselines.entries[0].now.tflops *= 2;
    assert_int_equal(w4_gate_decide(&fixture->run, &fixture->baselines, true, -1, &fixture->gate, &error), W4_OK);
    assert_int_equal(w4_gate_exit_code(&fixture->gate), 0);
    assert_true(fabs(fixture->gate.items[0].change + 0.5) < 1e-12);
}

struct selection_row {
    const char *suite, *filter, *model, *layer, *kernels, *m;
    bool expected;
};

static void selections_are_applied_to_ids(void **state)
{
    (void)state;
    struct w4_baseline_entry entry = {
        .id = "qwen2.5-7b/qkv_proj/m1606/fp16/g128/sym/tuned/pitch+16", .suites = {"smoke", "pr"}, .suite_count = 2};
    static const struct selection_row rows[] = {
        {"pr", "", "", "", "", "", true},
        {"smoke", "", "", "", "", "", true},
        {"nightly", "", "", "", "", "", false},
        {"pr", "qkv", "", "", "", "", true},
        {"pr", "o_proj", "", "", "", "", false},
        {"pr", "*/sym/*", "", "", "", "", true},
        {"pr", "*/zp/*", "", "", "", "", false},
        {"pr", "", "qwen2.5-7b", "qkv_proj", "baseline,tuned", "1,1606", true},
        {"pr", "", "qwen2.5-7", "", "", "", false},
        {"pr", "", "", "qkv", "", "", false},
        {"pr", "", "", "", "baseline,tune", "", false},
        {"pr", "", "", "", "", "160,16060", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        struct w4_run_options options = {0};
        w4_text_copy(options.suite, sizeof(options.suite), rows[i].suite);
        w4_text_copy(options.filter, sizeof(options.filter), rows[i].filter);
        w4_text_copy(options.model, sizeof(options.model), rows[i].model);
        w4_text_copy(options.layer, sizeof(options.layer), rows[i].layer);
        w4_text_copy(options.kernels, sizeof(options.kernels), rows[i].kernels);
        w4_text_copy(options.m, sizeof(options.m), rows[i].m);
        if (w4_gate_expects(&options, &entry) != rows[i].expected)
            fail_msg("row %zu is %s", i, rows[i].expected ? "not expected" : "expected");
    }
}

int main(void)
{
#define GATE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        GATE_TEST(gate_passes_on_equal_figures),
        GATE_TEST(the_tolerance_has_two_sides_and_exact_edges),
        GATE_TEST(a_regression_is_named_with_its_figures),
        GATE_TEST(a_slow_loss_passes_and_is_named),
        GATE_TEST(a_case_that_was_not_run_is_missing),
        GATE_TEST(a_case_without_baseline_is_missing),
        GATE_TEST(nothing_measured_is_never_green),
        GATE_TEST(exit_codes_rank_wrong_before_regression_before_missing),
        GATE_TEST(other_devices_and_clocks_are_refused_by_both_names),
        GATE_TEST(informational_figures_decide_nothing),
        cmocka_unit_test(selections_are_applied_to_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
