// The gate on a measured device from run to ledger, with the real program, its A/B processes and a stand-in GPU whose
// code objects can be slower than each other (stub_hip.c).
#include "e2e.h"

#include <stdio.h>
#include <unistd.h>

static const char small_protocol[] =
    "{\"cache_bytes\": 100000, \"rotation_bytes\": 400000, \"anchor_bytes\": 200000}\n";

#define FILES                                                                                                          \
    "--shapes @/shapes --heuristics @/heuristics --manifest @/kernels.json --baselines @/baselines --out @/out "       \
    "--objects @/objects --protocol @/protocol.json --sensor-root @/nothing --order-seed 7 --suite tiny "
#define LIVE     "gate --device " E2E_STUB_MEASURED " " FILES "--filter *wide*sym/tuned --blocks 6 --jobs 1 "
#define REPLAY   "gate --results @/out/results.json --baselines @/baselines "
#define BASELINE " --baselines @/baselines --objects @/objects --manifest @/kernels.json "

static char current_hash[33];

// A new build: the same kernels, slower by so much (faster when the first build was slower still).
static void rebuild(const struct e2e *test, unsigned per_mille_slower)
{
    char hash[33];
    e2e_write_code_object(test, per_mille_slower, hash);
    e2e_replace(test, "kernels.json", current_hash, hash);
    strcpy(current_hash, hash);
}

// A first build, 20 % slower than the stand-in can be, measured and accepted.
static int setup(void **state)
{
    if (e2e_setup(state) != 0)
        return -1;
    struct e2e *test = *state;
    e2e_write_code_object(test, 0, current_hash);
    rebuild(test, 200);
    e2e_write(test, "protocol.json", small_protocol);
    e2e_run(test, NULL, "run --device " E2E_STUB_MEASURED " " FILES "--filter *wide*sym/tuned");
    e2e_expect(test, 0, "1 right");
    e2e_run(test, NULL, "baseline accept --all --results @/out/results.json --reason first" BASELINE);
    e2e_expect(test, 0, "1 baselines written");
    return 0;
}

static void unchanged_code_passes_and_both_controls_speak(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, LIVE);
    e2e_expect(test, 0, "gate: PASS - 1 PASS of 1 cases");
    e2e_expect(test, 0, "controls: A/A on tiny/wide/");
    e2e_expect(test, 0, "caught after 6 blocks");
    e2e_run(test, NULL, "gate ledger --out @/out");
    e2e_expect(test, 0, "1 nights, 1 of them with an A/A control");
    e2e_expect(test, 0, "false alarms: in 0 of 1 nights; with 95 % confidence in at most 95.00 % of nights");
    e2e_expect(test, 0, "injected slowdowns: 1 of 1 caught");
    e2e_run(test, NULL, LIVE);
    e2e_run(test, NULL, "gate ledger --out @/out");
    e2e_expect(test, 0, "in 0 of 2 nights; with 95 % confidence in at most 77.64 % of nights");
}

static void a_slower_build_fails_and_replays_without_a_gpu(void **state)
{
    struct e2e *test = *state;
    rebuild(test, 335); // 1.335 / 1.2: -10.1 % TFLOPS
    e2e_run(test, NULL, LIVE);
    e2e_expect(test, 1, "gate: FAIL - 1 FAIL of 1 cases");
    e2e_expect(test, 1, "A/B of 6 blocks: -10.11 % [-10.11, -10.11]");
    char *live = e2e_read(test, "out/report.json");
    e2e_run(test, NULL, REPLAY "--out @/again");
    e2e_expect(test, 1, "gate: FAIL - 1 FAIL of 1 cases");
    char *replayed = e2e_read(test, "again/report.json");
    assert_string_equal(live, replayed);
    free(live);
    free(replayed);
    assert_false(e2e_exists(test, "again/ledger.jsonl"));
}

static void a_faster_build_is_an_improvement(void **state)
{
    struct e2e *test = *state;
    rebuild(test, 0);
    e2e_run(test, NULL, LIVE);
    e2e_expect(test, 0, "1 IMPROVED of 1 cases");
}

static void a_slower_machine_is_drift(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB_SLOWDOWN=1.12", LIVE);
    e2e_expect(test, 0, "gate: PASS - 1 DRIFT of 1 cases");
    e2e_expect(test, 0, "no regression");
}

static void a_kept_code_object_that_is_changed_or_gone_is_said(void **state)
{
    struct e2e *test = *state;
    char name[E2E_PATH_MAX];
    char path[2 * E2E_PATH_MAX];
    snprintf(name, sizeof(name), "objects/%s.hsaco", current_hash);
    snprintf(path, sizeof(path), "%s/%s", test->folder, name);
    e2e_write(test, name, "something else");
    rebuild(test, 335);
    e2e_run(test, NULL, LIVE);
    e2e_expect(test, 3, "1 INCONCLUSIVE");
    e2e_expect(test, 3, "the file was changed");
    assert_int_equal(unlink(path), 0);
    e2e_run(test, NULL, LIVE);
    e2e_expect(test, 3, "1 INCONCLUSIVE");
    e2e_expect(test, 3, "the code object was not kept");
}

static void a_process_that_is_killed_is_repeated_once(void **state)
{
    struct e2e *test = *state;
    rebuild(test, 335);
    e2e_run(test, "W4_STUB=turns_killed W4_STUB_MARK=@/mark", LIVE);
    e2e_expect(test, 1, "1 FAIL");
    e2e_expect(test, 1, "killed by signal 9");
    e2e_run(test, "W4_STUB=turns_killed", LIVE);
    e2e_expect(test, 3, "1 INCONCLUSIVE");
    e2e_expect(test, 3, "a block failed: an A/B process was killed by signal 9");
    e2e_run(test, NULL, REPLAY);
    e2e_expect(test, 3, "a block failed: an A/B process was killed by signal 9");
}

static void a_process_that_hangs_or_babbles_is_no_measurement(void **state)
{
    struct e2e *test = *state;
    rebuild(test, 335);
    e2e_run(test, "W4_STUB=turns_hang", LIVE "--turn-limit 0.5");
    e2e_expect(test, 3, "gave no answer within 0.5 s");
    e2e_run(test, "W4_STUB=turns_rubbish", LIVE);
    e2e_expect(test, 3, "answered rubbish");
    e2e_expect(test, 3, "blind");
}

static void another_machine_is_refused_by_field(void **state)
{
    struct e2e *test = *state;
    char file[E2E_PATH_MAX];
    e2e_only_file(test, "baselines", file, sizeof(file));
    e2e_replace(test, file, "\"kernel\": \"", "\"kernel\": \"other ");
    e2e_run(test, NULL, REPLAY);
    e2e_expect_error(test, 4, "kernel \"other ");
}

static void block_counts_that_can_never_fail_a_case_are_refused_first(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL,
            "gate --device " E2E_STUB_MEASURED " " FILES "--filter *wide*sym/tuned --blocks 4 --ledger @/l.jsonl");
    e2e_expect_error(test, 4, "blocks");
    assert_false(e2e_exists(test, "l.jsonl"));
}

static void edited_and_truncated_ledgers_are_refused_by_line(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, LIVE);
    char *line = e2e_read(test, "out/ledger.jsonl");
    char *twice = NULL;
    assert_true(asprintf(&twice, "%s%.40s", line, line) > 0);
    e2e_write(test, "out/ledger.jsonl", twice);
    e2e_run(test, NULL, "gate ledger --out @/out");
    e2e_expect_error(test, 4, "ledger.jsonl, line 2");
    e2e_write(test, "out/ledger.jsonl", line);
    e2e_replace(test, "out/ledger.jsonl", "\"cases\"", "\"case\"");
    e2e_run(test, NULL, "gate ledger --out @/out");
    e2e_expect_error(test, 4, "case");
    e2e_run(test, NULL, "gate ledger --out @/nowhere");
    e2e_expect_error(test, 4, "no ledger there");
    free(line);
    free(twice);
}

static void nights_are_merged_and_cases_quarantined(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB_SLOWDOWN=1.02", "run --device " E2E_STUB_MEASURED " " FILES "--filter *wide*sym/tuned");
    char *second = e2e_read(test, "out/results.json");
    e2e_write(test, "second.json", second);
    free(second);
    e2e_replace(test, "second.json", "\"time_utc\": \"2", "\"time_utc\": \"3");
    e2e_run(test, NULL, "baseline merge @/out/results.json @/second.json --reason two" BASELINE);
    e2e_expect(test, 0, "1 baselines, each the median of the nights that measured it (of 2)");
    e2e_run(test, NULL, "baseline log --baselines @/baselines");
    e2e_expect(test, 0, "first");
    e2e_expect(test, 0, "two");
    rebuild(test, 400);
    e2e_run(test, NULL, "baseline quarantine *sym* --until 9999-12-31 --reason flaky --baselines @/baselines");
    e2e_expect(test, 0, "in quarantine: tiny/wide/");
    e2e_run(test, NULL, LIVE);
    e2e_expect(test, 3, "gate: MISSING - 1 in quarantine of 1 cases");
    e2e_run(test, NULL, "baseline quarantine *sym* --until 2020-01-01 --reason flaky --baselines @/baselines");
    e2e_run(test, NULL, REPLAY);
    e2e_expect(test, 1, "gate: FAIL - 1 FAIL (1 quarantines have run out) of 1 cases");
}

int main(void)
{
#define LIVE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, e2e_teardown)
    const struct CMUnitTest tests[] = {
        LIVE_TEST(unchanged_code_passes_and_both_controls_speak),
        LIVE_TEST(a_slower_build_fails_and_replays_without_a_gpu),
        LIVE_TEST(a_faster_build_is_an_improvement),
        LIVE_TEST(a_slower_machine_is_drift),
        LIVE_TEST(a_kept_code_object_that_is_changed_or_gone_is_said),
        LIVE_TEST(a_process_that_is_killed_is_repeated_once),
        LIVE_TEST(a_process_that_hangs_or_babbles_is_no_measurement),
        LIVE_TEST(another_machine_is_refused_by_field),
        LIVE_TEST(block_counts_that_can_never_fail_a_case_are_refused_first),
        LIVE_TEST(edited_and_truncated_ledgers_are_refused_by_line),
        LIVE_TEST(nights_are_merged_and_cases_quarantined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
