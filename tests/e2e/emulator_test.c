// The real kernels on the emulator: right, gated, independent of the host's threads, stopped by a signal; and broken
// copies of them are found.
#include "e2e.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

static void smoke_is_right_on_the_emulator(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "run --device emulator --suite smoke --out @/out");
    e2e_expect(test, 0, "7 cases: 7 right, 0 wrong");
    e2e_expect(test, 0, "ms modelled");
    e2e_expect(test, 0, "gfx1151-emulator-cycles-1");
}

// The choice of model changes the key and the times, and nothing of what is verified.
static void the_issue_model_has_another_key_and_other_times(void **state)
{
    struct e2e *test = *state;
    static const char command[] = "run --device emulator --suite smoke --filter odd_n --out @/out --format json";
    e2e_run(test, NULL, "%s", command);
    e2e_expect(test, 0, "\"device\": \"gfx1151-emulator-cycles-1\"");
    char *cycles = e2e_read(test, "out/results.json");
    assert_non_null(strstr(cycles, "\"modelled\": {"));
    assert_non_null(strstr(cycles, "\"workgroups_timed\": 4"));
    free(cycles);
    e2e_run(test, NULL, "%s --timing-model issue", command);
    e2e_expect(test, 0, "\"device\": \"gfx1151-emulator-issue-1\"");
    char *issue = e2e_read(test, "out/results.json");
    assert_null(strstr(issue, "\"modelled\": {"));
    free(issue);
}

static void odd_sizes_and_padded_rows_are_right_in_every_workgroup(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL,
            "run --device emulator --timing-model issue --suite ragged --filter prime_n --workgroups all --out @/out");
    e2e_expect(test, 0, " 0 wrong, 0 failed to run, 0 skipped");
}

static void gate_holds_on_its_own_baselines_and_fails_when_one_is_raised(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "run --device emulator --suite smoke --out @/out --baselines @/baselines");
    e2e_expect(test, 0, "7 right");
    e2e_run(test, NULL, "baseline accept --all --results @/out/results.json --reason test --baselines @/baselines");
    e2e_expect(test, 0, "7 baselines written");
    e2e_run(test, NULL, "gate --device emulator --suite smoke --out @/out --baselines @/baselines");
    e2e_expect(test, 0, "gate: PASS - 7 PASS of 7 cases");
    char file[128];
    e2e_only_file(test, "baselines", file, sizeof(file));
    e2e_scale_number(test, file, "\"tflops\": ", 1.06);
    e2e_run(test, NULL, "gate --results @/out/results.json --baselines @/baselines");
    e2e_expect(test, 1, "1 FAIL");
}

static void times_do_not_depend_on_the_hosts_threads(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "run --device emulator --suite smoke --jobs 1 --out @/out --format json");
    char *first = strdup(strstr(test->out, "\"cases\"") ? strstr(test->out, "\"cases\"") : "");
    assert_non_null(first);
    e2e_run(test, NULL, "run --device emulator --suite smoke --jobs 3 --out @/out --format json");
    const char *second = strstr(test->out, "\"cases\"");
    assert_non_null(second);
    size_t length = (size_t)(strstr(second, "\"device\"") - second);
    assert_int_equal(strncmp(first, second, length), 0);
    free(first);
}

static void broken_kernels_are_found(void **state)
{
    struct e2e *test = *state;
    static const char *const faults[] = {"wrong_nibble", "missed_tail_row", "wrong_zero_point"};
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); ++i) {
        e2e_run(test, NULL,
                "gate --device emulator --timing-model issue --suite smoke --out @/out --manifest "
                "%s/tests/broken/%s/kernels.json",
                W4_BUILD_DIR, faults[i]);
        e2e_expect(test, 2, "gate: WRONG");
    }
}

static void a_signal_stops_a_long_launch(void **state)
{
    struct e2e *test = *state;
    test->signal_delay_ms = 6000; // operands are made by then, and the launch takes longer than that
    time_t start = time(NULL);
    e2e_run_and_signal(test, NULL, "out/results.json", SIGINT,
                       "run --device emulator --model qwen2.5-7b --layer gate_up_proj --workgroups all --out @/out");
    e2e_expect(test, 3, "(interrupted)");
    // The whole suite takes minutes; generous, because test machines are busy.
    assert_true(time(NULL) - start < 60);
}

int main(void)
{
#define E2E_TEST(function) cmocka_unit_test_setup_teardown(function, e2e_setup, e2e_teardown)
    const struct CMUnitTest tests[] = {
        E2E_TEST(smoke_is_right_on_the_emulator),
        E2E_TEST(the_issue_model_has_another_key_and_other_times),
        E2E_TEST(odd_sizes_and_padded_rows_are_right_in_every_workgroup),
        E2E_TEST(gate_holds_on_its_own_baselines_and_fails_when_one_is_raised),
        E2E_TEST(times_do_not_depend_on_the_hosts_threads),
        E2E_TEST(broken_kernels_are_found),
        E2E_TEST(a_signal_stops_a_long_launch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
