// The history from result files of the real program: adding, trend, bisect, and what goes wrong.
#include "e2e.h"

#include <stdio.h>
#include <unistd.h>

#define HISTORY "--database @/store/history.sqlite"
#define NIGHTS  6
#define TUNED   "tiny/wide/m17/fp16/g128/sym/tuned"

// Puts another value behind the first `key` of a result file: `"key": "old"`.
static void set_text(const struct e2e *test, const char *name, const char *key, const char *value)
{
    char *text = e2e_read(test, name);
    char *changed = NULL;
    char label[64];
    snprintf(label, sizeof(label), "\"%s\": \"", key);
    char *found = strstr(text, label);
    if (!found) {
        free(text);
        fail_msg("%s has no %s", name, key);
        return;
    }
    char *at = found + strlen(label);
    assert_true(asprintf(&changed, "%.*s%s%s", (int)(at - text), text, value, strchr(at, '"')) > 0);
    e2e_write(test, name, changed);
    free(changed);
    free(text);
}

// The result file of night `day`, every time multiplied, in out/results.json. The suite runs once a slowdown.
static void run_night(struct e2e *test, int day, const char *slowdown)
{
    char environment[64];
    char value[32];
    snprintf(value, sizeof(value), "slowdown-%s.json", slowdown);
    if (!e2e_exists(test, value)) {
        snprintf(environment, sizeof(environment), "W4_STUB_SLOWDOWN=%s", slowdown);
        e2e_run(test, environment, "run " E2E_FIXTURE);
        e2e_expect(test, 0, "RIGHT");
        char *text = e2e_read(test, "out/results.json");
        e2e_write(test, value, text);
        free(text);
    }
    char *text = e2e_read(test, value);
    e2e_write(test, "out/results.json", text);
    free(text);
    snprintf(value, sizeof(value), "2026-02-%02dT03:00:00Z", day);
    set_text(test, "out/results.json", "time_utc", value);
    snprintf(value, sizeof(value), "%04dbeef", day);
    set_text(test, "out/results.json", "git_revision", value);
}

static void add_night(struct e2e *test, int day, const char *slowdown)
{
    run_night(test, day, slowdown);
    e2e_run(test, NULL, "history add @/out/results.json " HISTORY);
    e2e_expect(test, 0, "results.json: run ");
}

// Nights 2..6 as they should be, 7..12 at 1.25 times the time.
static void add_nights_with_a_step(struct e2e *test)
{
    for (int day = 2; day <= 2 * NIGHTS; ++day)
        add_night(test, day, day <= NIGHTS ? "1" : "1.25");
}

static void a_result_file_is_added_once(void **state)
{
    struct e2e *test = *state;
    add_night(test, 1, "1");
    e2e_run(test, NULL, "history add @/out/results.json " HISTORY);
    e2e_expect(test, 0, "run 1, there already");
    e2e_run(test, NULL, "history list " HISTORY " --format json");
    e2e_expect(test, 0, "\"revision\": \"0001beef\"");
    assert_null(strstr(test->out, "\"run\": 2"));
}

static void trend_names_the_night_of_a_step_and_what_changed(void **state)
{
    struct e2e *test = *state;
    add_night(test, 1, "1");
    e2e_run(test, NULL, "history trend wide " HISTORY " --format svg"); // without any change
    e2e_expect(test, 0, "<svg");
    add_nights_with_a_step(test);
    e2e_run(test, NULL, "history trend " TUNED " " HISTORY);
    e2e_expect(test, 0, "step at run 7 (2026-02-07, revision 0007beef): -20.0 %");
    e2e_expect(test, 0, "code object unchanged: machine or driver, not the code");
    e2e_expect(test, 0, "revision 0006beef -> 0007beef");
    e2e_expect(test, 0, "TFLOPS of 12 runs");
    e2e_run(test, NULL, "history trend " TUNED " " HISTORY " --format json");
    e2e_expect(test, 0, "\"first_run\": 7");
    e2e_run(test, NULL, "history trend wide " HISTORY " --format svg");
    e2e_expect(test, 0, "<svg");
    e2e_expect(test, 0, TUNED);
    e2e_run(test, NULL, "history trend no_such_case " HISTORY);
    e2e_expect_error(test, 4, "no case in the history matches \"no_such_case\"");
}

static void bisect_names_the_first_bad_run_and_what_changed_there(void **state)
{
    struct e2e *test = *state;
    for (int day = 1; day <= 6; ++day) {
        run_night(test, day, day <= 4 ? "1" : "1.25");
        if (day >= 5)
            set_text(test, "out/results.json", "kernel_compiler_version", "clang 99");
        e2e_run(test, NULL, "history add @/out/results.json " HISTORY);
    }
    e2e_run(test, NULL, "history bisect --good 2 --bad 0006beef " HISTORY);
    e2e_expect(test, 0, "8 cases compared, 8 turned bad");
    e2e_expect(test, 0, "first bad: run 5 (2026-02-05T03:00:00Z, revision 0005beef)");
    e2e_expect(test, 0, "last good: run 4 (2026-02-04T03:00:00Z, revision 0004beef)");
    e2e_expect(test, 0, "kernel compiler's version: 0 -> clang 99");
    e2e_run(test, NULL, "history bisect --good 2 --bad 6 " TUNED " " HISTORY);
    e2e_expect(test, 0, "1 cases compared, 1 turned bad");
    e2e_run(test, NULL, "history bisect --good 1 --bad 4 " HISTORY);
    e2e_expect(test, 3, "8 cases compared, 0 turned bad");
    e2e_run(test, NULL, "history bisect --good 2 --bad 6 --tolerance 0.3 " HISTORY);
    e2e_expect(test, 3, "0 turned bad");
    e2e_run(test, NULL, "history bisect --good 6 --bad 2 " HISTORY);
    e2e_expect_error(test, 4, "is not before run 2");
}

static void measured_and_modelled_runs_are_never_one_series(void **state)
{
    struct e2e *test = *state;
    add_night(test, 1, "1");
    e2e_run(test, NULL,
            "run --device " E2E_STUB_MEASURED " --suite tiny --shapes @/shapes --heuristics @/heuristics --manifest "
            "@/kernels.json --baselines @/baselines --out @/measured --repeat 3 --layer wide --kernel tuned --set "
            "warm_up_min_s=0 --set warm_up_max_s=0.01");
    e2e_run(test, NULL, "history add @/measured/results.json " HISTORY);
    e2e_expect(test, 0, "run 2");
    e2e_run(test, NULL, "history trend " TUNED " " HISTORY);
    e2e_expect(test, 0, ", modelled (");
    e2e_expect(test, 0, ", measured; TFLOPS of 1 runs");
    e2e_run(test, NULL, "history bisect --good 1 --bad 2 " HISTORY);
    e2e_expect_error(test, 4, "are never compared");
}

static void an_added_file_comes_back_as_it_was(void **state)
{
    struct e2e *test = *state;
    add_night(test, 1, "1");
    e2e_run(test, NULL, "history export 0001beef --out @/back.json " HISTORY);
    e2e_expect(test, 0, "");
    char *before = e2e_read(test, "out/results.json");
    char *after = e2e_read(test, "back.json");
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void what_is_no_result_is_refused_and_the_rest_is_kept(void **state)
{
    struct e2e *test = *state;
    add_night(test, 1, "1");
    run_night(test, 2, "1");
    e2e_write(test, "bad.json", "{\"schema\": 2, \"cases\": [");
    e2e_run(test, NULL, "history add @/out/results.json @/bad.json @/kernels.json " HISTORY);
    e2e_expect_error(test, 4, "bad.json:1");
    e2e_run(test, NULL, "history add @/kernels.json " HISTORY);
    e2e_expect_error(test, 4, "kernels.json");
    set_text(test, "out/results.json", "git_revision", "edited");
    set_text(test, "out/results.json", "time_utc", "yesterday");
    e2e_run(test, NULL, "history add @/out/results.json " HISTORY);
    e2e_expect_error(test, 4, "has no place in the history");
    e2e_run(test, NULL, "history list " HISTORY " --format json");
    e2e_expect(test, 0, "\"revision\": \"0002beef\"");
    assert_null(strstr(test->out, "edited"));
}

static void an_edited_copy_of_a_run_is_refused(void **state)
{
    struct e2e *test = *state;
    add_night(test, 1, "1");
    e2e_replace(test, "out/results.json", "\"worst_m\": ", "\"worst_m\": 1");
    e2e_run(test, NULL, "history add @/out/results.json " HISTORY);
    e2e_expect_error(test, 4, "with other contents");
}

static void a_damaged_or_missing_store_is_named_with_the_remedy(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "history list " HISTORY);
    e2e_expect_error(test, 4, "no history there");
    add_night(test, 1, "1");
    char path[E2E_PATH_MAX];
    snprintf(path, sizeof(path), "%s/store/history.sqlite", test->folder);
    assert_int_equal(truncate(path, 8192), 0);
    e2e_run(test, NULL, "history add @/out/results.json " HISTORY);
    e2e_expect_error(test, 4, "damaged");
}

static void a_full_disk_is_an_error_and_loses_nothing(void **state)
{
    struct e2e *test = *state;
    add_night(test, 1, "1");
    run_night(test, 2, "1");
    test->file_limit_bytes = 4096;
    e2e_run(test, NULL, "history add @/out/results.json " HISTORY);
    e2e_expect_error(test, 4, "nothing was added");
    test->file_limit_bytes = 0;
    e2e_run(test, NULL, "history add @/out/results.json " HISTORY);
    e2e_expect(test, 0, "run 2");
}

int main(void)
{
#define E2E_TEST(function) cmocka_unit_test_setup_teardown(function, e2e_setup, e2e_teardown)
    const struct CMUnitTest tests[] = {
        E2E_TEST(a_result_file_is_added_once),
        E2E_TEST(trend_names_the_night_of_a_step_and_what_changed),
        E2E_TEST(bisect_names_the_first_bad_run_and_what_changed_there),
        E2E_TEST(measured_and_modelled_runs_are_never_one_series),
        E2E_TEST(an_added_file_comes_back_as_it_was),
        E2E_TEST(what_is_no_result_is_refused_and_the_rest_is_kept),
        E2E_TEST(an_edited_copy_of_a_run_is_refused),
        E2E_TEST(a_damaged_or_missing_store_is_named_with_the_remedy),
        E2E_TEST(a_full_disk_is_an_error_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
