// `gate`, `baseline`, `compare`, `report` from run to verdict, with the real program.
#include "e2e.h"

#include <stdio.h>

#define BASELINES "baselines/gfx1151-emulator-stub-1.json"

static void accept_baselines(struct e2e *test)
{
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_expect(test, 0, "8 right");
    e2e_run(test, NULL, "baseline accept --all --results @/out/results.json --reason first --baselines @/baselines");
    e2e_expect(test, 0, "8 baselines written to");
}

static void gate_passes_on_its_own_baselines(void **state)
{
    struct e2e *test = *state;
    accept_baselines(test);
    e2e_run(test, NULL, "gate " E2E_FIXTURE);
    e2e_expect(test, 0, "gate: PASS - 8 PASS of 8 cases");
    assert_true(e2e_exists(test, "out/report.md"));
    assert_true(e2e_exists(test, "out/report.html"));
    assert_true(e2e_exists(test, "out/report.json"));
    assert_true(e2e_exists(test, "out/junit.xml"));
}

static void gate_passes_when_a_baseline_is_raised_by_4_percent(void **state)
{
    struct e2e *test = *state;
    accept_baselines(test);
    e2e_scale_number(test, BASELINES, "\"tflops\": ", 1.04);
    e2e_run(test, NULL, "gate " E2E_FIXTURE);
    e2e_expect(test, 0, "gate: PASS");
    e2e_run(test, NULL, "gate " E2E_FIXTURE " --tolerance 3%%");
    e2e_expect(test, 1, "1 FAIL");
}

static void gate_fails_when_a_baseline_is_raised_by_6_percent(void **state)
{
    struct e2e *test = *state;
    accept_baselines(test);
    e2e_scale_number(test, BASELINES, "\"tflops\": ", 1.06);
    e2e_run(test, NULL, "gate " E2E_FIXTURE);
    e2e_expect(test, 1, "gate: FAIL - 7 PASS, 1 FAIL of 8 cases");
    e2e_expect(test, 1, "-5.7 % (tolerance 5 %)");
    e2e_run(test, NULL, "gate --results @/out/results.json --baselines @/baselines --format junit");
    e2e_expect(test, 1, "type=\"FAIL\"");
}

static void gate_reports_an_improvement_and_passes(void **state)
{
    struct e2e *test = *state;
    accept_baselines(test);
    e2e_scale_number(test, BASELINES, "\"tflops\": ", 0.9);
    e2e_run(test, NULL, "gate " E2E_FIXTURE);
    e2e_expect(test, 0, "gate: PASS - 7 PASS, 1 IMPROVED of 8 cases");
    e2e_expect(test, 0, "IMPROVED tiny/");
}

static void gate_is_inconclusive_when_a_case_left_the_suite(void **state)
{
    struct e2e *test = *state;
    accept_baselines(test);
    e2e_replace(test, "shapes/suites/tiny.json", "\"zero_point\": [false, true]", "\"zero_point\": [false]");
    e2e_run(test, NULL, "gate " E2E_FIXTURE);
    e2e_expect(test, 3, "gate: MISSING - 4 PASS, 4 MISSING of 8 cases");
    e2e_expect(test, 3, "was not run");
}

static void gate_is_inconclusive_without_baselines(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "gate " E2E_FIXTURE);
    e2e_expect(test, 3, "baseline accept");
}

static void gate_counts_only_what_was_selected(void **state)
{
    struct e2e *test = *state;
    accept_baselines(test);
    e2e_run(test, NULL, "gate " E2E_FIXTURE " --layer wide --kernel tuned");
    e2e_expect(test, 0, "gate: PASS - 2 PASS of 2 cases");
}

static void a_wrong_kernel_outranks_a_regression(void **state)
{
    struct e2e *test = *state;
    accept_baselines(test);
    e2e_scale_number(test, BASELINES, "\"tflops\": ", 1.5);
    e2e_run(test, "W4_STUB=wrong_zero_point", "gate " E2E_FIXTURE);
    e2e_expect(test, 2, "WRONG");
    e2e_expect(test, 2, "FAIL");
}

static void gate_refuses_another_clock(void **state)
{
    struct e2e *test = *state;
    accept_baselines(test);
    e2e_run(test, NULL, "gate " E2E_FIXTURE " --clock-mhz 2600");
    e2e_expect_error(test, 4, "run with --clock-mhz 2900");
}

static void gate_refuses_another_device_by_both_keys(void **state)
{
    struct e2e *test = *state;
    accept_baselines(test);
    e2e_replace(test, BASELINES, "\"device_key\": \"gfx1151-emulator-stub-1\"", "\"device_key\": \"gfx1151-real\"");
    e2e_run(test, NULL, "gate " E2E_FIXTURE);
    e2e_expect_error(test, 4, "gfx1151-real");
    e2e_expect_error(test, 4, "gfx1151-emulator-stub-1");
}

static void wrong_results_do_not_become_baselines(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB=nan", "run " E2E_FIXTURE);
    e2e_expect(test, 2, "WRONG");
    e2e_run(test, NULL, "baseline accept --all --results @/out/results.json --reason bad --baselines @/baselines");
    e2e_expect_error(test, 4, "only right, measured results become baselines");
    assert_false(e2e_exists(test, BASELINES));
}

static void accept_takes_single_cases_and_diff_shows_them(void **state)
{
    struct e2e *test = *state;
    accept_baselines(test);
    e2e_run(test, "W4_STUB_SLOWDOWN=1.1", "run " E2E_FIXTURE);
    e2e_run(test, NULL, "baseline diff --results @/out/results.json --baselines @/baselines");
    e2e_expect(test, 0, "-9.09 %");
    e2e_run(test, NULL,
            "baseline accept */wide/*/tuned --results @/out/results.json --reason slower --baselines @/baselines");
    e2e_expect(test, 0, "2 baselines written");
    e2e_run(test, NULL, "baseline show --results @/out/results.json --baselines @/baselines");
    e2e_expect(test, 0, "slower");
    e2e_run(test, "W4_STUB_SLOWDOWN=1.1", "gate " E2E_FIXTURE);
    e2e_expect(test, 1, "gate: FAIL - 2 PASS, 6 FAIL of 8 cases");
}

static void compare_shows_before_and_after_and_refuses_measured_against_modelled(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_run(test, "W4_STUB_SLOWDOWN=0.8",
            "run --device " E2E_STUB " --suite tiny --shapes @/shapes --heuristics @/heuristics --manifest "
            "@/kernels.json --baselines @/baselines --out @/after");
    e2e_run(test, NULL, "compare @/out/results.json @/after/results.json --format markdown");
    e2e_expect(test, 0, "8 of 8 pairs compared, geometric mean of the speed-ups 1.250x");
    e2e_expect(test, 0, "| before ms (TFLOPS) | after ms (TFLOPS) | speed-up |");
    e2e_run(test, NULL, "compare @/out/results.json --kernels baseline,tuned");
    e2e_expect(test, 0, "4 of 4 pairs compared, geometric mean of the speed-ups 1.111x");
    e2e_run(test, NULL,
            "run --device " E2E_STUB_MEASURED " --suite tiny --shapes @/shapes --heuristics @/heuristics --manifest "
            "@/kernels.json --baselines @/baselines --out @/measured");
    e2e_expect(test, 0, "measured");
    e2e_run(test, NULL, "compare @/out/results.json @/measured/results.json");
    e2e_expect_error(test, 4, "never compared");
    e2e_run(test, NULL, "compare @/out/results.json --kernels baseline,before");
    e2e_expect(test, 3, "0 of 0 pairs compared");
}

static void report_can_be_redone_from_the_file_alone(void **state)
{
    struct e2e *test = *state;
    accept_baselines(test);
    e2e_run(test, NULL, "gate " E2E_FIXTURE);
    char *first = e2e_read(test, "out/report.md");
    e2e_run(test, NULL, "report @/out/results.json --out @/again --baselines @/baselines --shapes @/shapes");
    e2e_expect(test, 0, "gate: PASS");
    char *second = e2e_read(test, "again/report.md");
    assert_string_equal(first, second);
    free(first);
    free(second);
}

// Two runs of which the second is 1.25 times as slow, and a history of one night.
static void the_page_compares_runs_and_needs_no_history(void **state)
{
    struct e2e *test = *state;
    const char *const where = "--baselines @/baselines --shapes @/shapes";
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    char *before = e2e_read(test, "out/results.json");
    e2e_write(test, "before.json", before);
    free(before);
    e2e_run(test, "W4_STUB_SLOWDOWN=1.25", "run " E2E_FIXTURE);
    e2e_run(test, NULL, "history add @/before.json --database @/nights.sqlite");
    e2e_run(test, NULL, "report @/out/results.json --before @/before.json --history @/nights.sqlite --format html %s",
            where);
    e2e_expect(test, 0, "<!DOCTYPE html>");
    if (!strstr(test->out, "Left out: gnuplot"))
        e2e_expect(test, 0, "8 pairs, geometric mean of the speed-ups 0.800x (above 1: after is faster).");
    e2e_run(test, NULL, "report @/out/results.json --history @/nonesuch.sqlite --format html %s", where);
    e2e_expect_error(test, 4, "nonesuch.sqlite");
    e2e_replace(test, "before.json", "gfx1151-emulator-stub-1", "another");
    e2e_run(test, NULL, "report @/out/results.json --before @/before.json --format html %s", where);
    e2e_expect_error(test, 4, "different devices");
}

int main(void)
{
#define E2E_TEST(function) cmocka_unit_test_setup_teardown(function, e2e_setup, e2e_teardown)
    const struct CMUnitTest tests[] = {
        E2E_TEST(gate_passes_on_its_own_baselines),
        E2E_TEST(gate_passes_when_a_baseline_is_raised_by_4_percent),
        E2E_TEST(gate_fails_when_a_baseline_is_raised_by_6_percent),
        E2E_TEST(gate_reports_an_improvement_and_passes),
        E2E_TEST(gate_is_inconclusive_when_a_case_left_the_suite),
        E2E_TEST(gate_is_inconclusive_without_baselines),
        E2E_TEST(gate_counts_only_what_was_selected),
        E2E_TEST(a_wrong_kernel_outranks_a_regression),
        E2E_TEST(gate_refuses_another_clock),
        E2E_TEST(gate_refuses_another_device_by_both_keys),
        E2E_TEST(wrong_results_do_not_become_baselines),
        E2E_TEST(accept_takes_single_cases_and_diff_shows_them),
        E2E_TEST(compare_shows_before_and_after_and_refuses_measured_against_modelled),
        E2E_TEST(report_can_be_redone_from_the_file_alone),
        E2E_TEST(the_page_compares_runs_and_needs_no_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
