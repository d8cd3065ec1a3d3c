// `sweep` with the real program on the stand-in device: results, rule table, resuming, refusals.
#include "e2e.h"

#include <signal.h>

#define SWEEP                                                                                                          \
    "sweep --device " E2E_STUB " --suite tiny --shapes @/shapes --manifest @/kernels.json --baselines @/baselines "    \
    "--out @/out "
#define TABLES "--heuristics @/heuristics"

static void a_sweep_runs_all_variants_and_writes_rules_that_work_at_once(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, SWEEP TABLES);
    e2e_expect(test, 0, "Best variants of each shape, times modelled (stand-in)");
    e2e_expect(test, 0, "2 of 2");
    e2e_expect(test, 0, "swept");
    assert_true(e2e_exists(test, "out/sweep.md"));
    char *results = e2e_read(test, "out/sweep.json");
    assert_non_null(strstr(results, "/prefill-32x64x64-w2-u1-fp16-g128-zp\""));
    free(results);
    // The table gives each swept shape its best, and is there for the next run.
    e2e_run(test, NULL,
            SWEEP "--resume --heuristics @/out/heuristics --kernel swept,tuned --name again --format markdown");
    e2e_expect(test, 0, "| swept | 4 of 4 | 100.0 % | 100.0 % |");
    e2e_run(test, NULL,
            "run --device " E2E_STUB " --suite tiny --shapes @/shapes --manifest @/kernels.json --baselines "
            "@/baselines --kernel swept --heuristics @/out/heuristics --out @/run");
    e2e_expect(test, 0, "4 RIGHT of 4 cases");
    e2e_run(test, NULL, "report @/out/sweep.json --format json --shapes @/shapes --baselines @/baselines");
    e2e_expect(test, 0, "prefill-16x32x64-w1-u1-fp16-g128-sym");
}

static void a_resumed_sweep_runs_only_what_is_missing(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, SWEEP TABLES);
    e2e_expect(test, 0, "swept");
    // The first sweep's figures differ from what the device would now say: what is kept shows.
    e2e_replace(test, "out/sweep.json", "\"state\": \"ok\"", "\"state\": \"skipped\"");
    e2e_run(test, "W4_STUB_SLOWDOWN=2", SWEEP TABLES " --resume --layer square");
    e2e_expect(test, 0, "2 of 2");
    char *all = e2e_read(test, "out/sweep.json");
    e2e_run(test, "W4_STUB_SLOWDOWN=9", SWEEP TABLES " --resume --layer square");
    char *kept = e2e_read(test, "out/sweep.json");
    const char *first = strstr(all, "\"time_ms\": ");
    assert_non_null(first);
    assert_non_null(strstr(kept, "\"time_ms\": "));
    assert_memory_equal(first, strstr(kept, "\"time_ms\": "), strcspn(first, "\n"));
    free(all);
    free(kept);
    e2e_run(test, NULL, SWEEP TABLES " --resume --seed 9");
    e2e_expect_error(test, 4, "made with --seed 1");
    e2e_run(test, NULL, SWEEP TABLES " --resume --clock-mhz 1000");
    e2e_expect_error(test, 4, "the earlier results are at 2900 MHz");
}

static void an_interrupted_sweep_keeps_what_it_finished_and_makes_no_rules(void **state)
{
    struct e2e *test = *state;
    e2e_run_and_signal(test, "W4_STUB=hang W4_STUB_AFTER=3 W4_STUB_MARK=@/hangs", "hangs", SIGINT, SWEEP TABLES);
    e2e_expect(test, 3, "w4bench sweep --resume");
    assert_false(e2e_exists(test, "out/heuristics/swept.json"));
    e2e_run(test, NULL, SWEEP TABLES " --resume");
    e2e_expect(test, 0, "4 of 4");
    assert_true(e2e_exists(test, "out/heuristics/swept.json"));
}

static void a_measured_sweep_is_labelled_and_resumes_on_the_same_protocol_only(void **state)
{
    struct e2e *test = *state;
#define MEASURED                                                                                                       \
    "sweep --device " E2E_STUB_MEASURED " --suite tiny --shapes @/shapes --manifest @/kernels.json --out @/out "       \
    "--filter *square*/sym/* --repeat 3 --set warm_up_max_s=0.01 " TABLES " "
    e2e_run(test, NULL, MEASURED "--set warm_up_min_s=0");
    e2e_expect(test, 0, "Best variants of each shape, times measured");
    e2e_expect(test, 0, "1 of 1");
    e2e_run(test, NULL, MEASURED "--set warm_up_min_s=0.01 --resume");
    e2e_expect_error(test, 4, "measured by another protocol");
    e2e_run(test, NULL, MEASURED "--set warm_up_min_s=0 --resume");
    e2e_expect(test, 0, "times measured");
#undef MEASURED
}

static void wrong_results_are_never_the_best(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB=nan", SWEEP TABLES);
    e2e_expect(test, 2, "WRONG");
    assert_false(e2e_exists(test, "out/heuristics/swept.json"));
}

static void unusable_requests_are_refused_before_anything_runs(void **state)
{
    static const struct {
        const char *options, *message;
    } rows[] = {
        {"--name a/b", "letters, digits"},
        {"--base nothing", "unknown kernel \"nothing\""},
        {"--format junit", "--format is table or markdown"},
        {"--filter nothing", "no compiled variant fits"},
    };
    struct e2e *test = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        e2e_run(test, NULL, SWEEP TABLES " %s", rows[i].options);
        e2e_expect_error(test, 4, rows[i].message);
        assert_false(e2e_exists(test, "out/sweep.json"));
    }
}

int main(void)
{
#define E2E_TEST(function) cmocka_unit_test_setup_teardown(function, e2e_setup, e2e_teardown)
    const struct CMUnitTest tests[] = {
        E2E_TEST(a_sweep_runs_all_variants_and_writes_rules_that_work_at_once),
        E2E_TEST(a_resumed_sweep_runs_only_what_is_missing),
        E2E_TEST(an_interrupted_sweep_keeps_what_it_finished_and_makes_no_rules),
        E2E_TEST(a_measured_sweep_is_labelled_and_resumes_on_the_same_protocol_only),
        E2E_TEST(wrong_results_are_never_the_best),
        E2E_TEST(unusable_requests_are_refused_before_anything_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
