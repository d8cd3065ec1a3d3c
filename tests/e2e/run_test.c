// `run`: right results pass, every kind of wrong one is found, and whatever stops a run leaves a whole result file.
#include "e2e.h"

#include <signal.h>
#include <stdio.h>

static void a_right_kernel_passes_and_every_case_is_in_the_file(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_expect(test, 0, "8 cases: 8 right, 0 wrong");
    e2e_expect(test, 0, "ms modelled");
    e2e_expect(test, 0, "tuned over baseline, geometric mean of 4 shapes: 1.111x");
    char *results = e2e_read(test, "out/results.json");
    assert_non_null(strstr(results, "\"state\": \"ok\""));
    assert_null(strstr(results, "\"state\": \"skipped\""));
    assert_non_null(strstr(results, "gfx1151-emulator-stub-1"));
    free(results);
}

static void a_measured_device_is_labelled_measured_and_repeats(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL,
            "run --device " E2E_STUB_MEASURED " --suite tiny --shapes @/shapes --heuristics @/heuristics --manifest "
            "@/kernels.json --baselines @/baselines --out @/out --repeat 3");
    e2e_expect(test, 0, "ms measured");
    assert_null(strstr(test->out, "ms modelled"));
    char *results = e2e_read(test, "out/results.json");
    assert_null(strstr(results, "emulator"));
    free(results);
    e2e_run(test, NULL, "run " E2E_FIXTURE " --device %s", E2E_STUB_MEASURED);
    e2e_expect_error(test, 4, "--device is given twice");
}

static void only_the_sampled_workgroups_are_judged_and_the_share_is_printed(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "run " E2E_FIXTURE " --workgroups 3 --layer wide --kernel baseline");
    e2e_expect(test, 0, "3/14 (21.4 %)");
    e2e_run(test, NULL, "run " E2E_FIXTURE " --workgroups all --layer wide --kernel baseline");
    e2e_expect(test, 0, "all 14");
}

struct wrong_row {
    const char *how, *message;
};

static void every_kind_of_wrong_result_is_found(void **state)
{
    struct e2e *test = *state;
    static const struct wrong_row rows[] = {
        {"wrong_nibble", "beyond their bound"},
        {"wrong_zero_point", "beyond their bound"},
        {"missed_row", "were never written"},
        {"nan", "beyond their bound"},
        {"zeros", "are zero"},
        {"beyond_c", "outside C's elements"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        char environment[64];
        snprintf(environment, sizeof(environment), "W4_STUB=%s", rows[i].how);
        e2e_run(test, environment, "run " E2E_FIXTURE);
        e2e_expect(test, 2, rows[i].message);
        e2e_expect(test, 2, "result: WRONG");
    }
}

static void damage_in_the_pitch_padding_is_found(void **state)
{
    struct e2e *test = *state;
    e2e_replace(test, "shapes/suites/tiny.json", "\"m\": [17],", "\"m\": [17], \"pitch_pad\": [8],");
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_expect(test, 0, "8 right");
    e2e_run(test, "W4_STUB=pitch_padding", "run " E2E_FIXTURE);
    e2e_expect(test, 2, "2 bytes outside C's elements");
}

static void a_failing_launch_is_an_error_of_its_case_and_exits_3(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB=launch_fails W4_STUB_AFTER=3", "run " E2E_FIXTURE);
    e2e_expect(test, 3, "unspecified launch failure");
    e2e_expect(test, 3, "3 right, 0 wrong, 5 failed to run");
}

static void memory_that_is_refused_is_named(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB=malloc_fails", "run " E2E_FIXTURE);
    e2e_expect(test, 3, "hipMalloc failed: out of memory");
}

static void a_lost_device_ends_the_run_and_keeps_what_was_finished(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB=lost W4_STUB_AFTER=2", "run " E2E_FIXTURE);
    e2e_expect(test, 3, "the device was lost in");
    e2e_expect(test, 3, "2 right, 0 wrong, 6 failed to run");
    char *results = e2e_read(test, "out/results.json");
    assert_non_null(strstr(results, "the device was lost in"));
    free(results);
}

static void an_interrupted_run_keeps_what_was_finished(void **state)
{
    struct e2e *test = *state;
    static const int signals[] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); ++i) {
        e2e_run_and_signal(test, "W4_STUB=hang W4_STUB_AFTER=2 W4_STUB_MARK=@/hangs", "hangs", signals[i],
                           "run " E2E_FIXTURE);
        e2e_expect(test, 3, "2 right, 0 wrong, 0 failed to run, 6 skipped (interrupted)");
        char *results = e2e_read(test, "out/results.json");
        assert_non_null(strstr(results, "\"interrupted\": true"));
        assert_non_null(strstr(results, "interrupted before it ran"));
        free(results);
        e2e_run(test, NULL, "report @/out/results.json --format table --baselines @/baselines");
        e2e_expect(test, 0, "MISSING");
        char path[E2E_PATH_MAX];
        snprintf(path, sizeof(path), "%s/hangs", test->folder);
        assert_int_equal(remove(path), 0);
    }
}

static void the_same_seed_gives_the_same_file_but_for_times(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "run " E2E_FIXTURE " --seed 7 --format json");
    e2e_expect(test, 0, "\"verdict\": \"RIGHT\"");
    char *first = strdup(test->out);
    assert_non_null(first);
    e2e_run(test, NULL, "run " E2E_FIXTURE " --seed 7 --format json");
    char *cases = strstr(test->out, "\"cases\"");
    assert_non_null(cases);
    assert_string_equal(strncmp(cases, strstr(first, "\"cases\""), 2000) == 0 ? "same" : "different", "same");
    free(first);
}

int main(void)
{
#define E2E_TEST(function) cmocka_unit_test_setup_teardown(function, e2e_setup, e2e_teardown)
    const struct CMUnitTest tests[] = {
        E2E_TEST(a_right_kernel_passes_and_every_case_is_in_the_file),
        E2E_TEST(a_measured_device_is_labelled_measured_and_repeats),
        E2E_TEST(only_the_sampled_workgroups_are_judged_and_the_share_is_printed),
        E2E_TEST(every_kind_of_wrong_result_is_found),
        E2E_TEST(damage_in_the_pitch_padding_is_found),
        E2E_TEST(a_failing_launch_is_an_error_of_its_case_and_exits_3),
        E2E_TEST(memory_that_is_refused_is_named),
        E2E_TEST(a_lost_device_ends_the_run_and_keeps_what_was_finished),
        E2E_TEST(an_interrupted_run_keeps_what_was_finished),
        E2E_TEST(the_same_seed_gives_the_same_file_but_for_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
