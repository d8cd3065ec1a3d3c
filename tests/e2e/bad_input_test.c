// Every class of unusable input: one clear message that names the place and the remedy, exit code 4, no damaged file.
#include "e2e.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct command_row {
    const char *command, *message;
};

static void unusable_commands_name_the_remedy(void **state)
{
    struct e2e *test = *state;
    static const struct command_row rows[] = {
        {"", "no command given"},
        {"rum", "did you mean run?"},
        {"profile", "profile wants one case"},
        {"profile --filter a b", "named twice"},
        {"profile nonesuch", "filter"},
        {"profile --suite smoke odd_n", "2 match"},
        {"profile --suite smoke --format markdown odd_n", "table or json"},
        {"profile --repeat 3 odd_n", "unknown option --repeat"},
        {"profile one two", "unexpected argument"},
        {"profile --suite smoke --device " E2E_STUB " m1/fp16/g128/sym/decode", "no timing model to profile with"},
        {"run --suit tiny", "did you mean --suite?"},
        {"run --no-verify", "unknown option --no-verify"},
        {"run --m", "--m wants a value"},
        {"run --m 0", "wants an integer from 1"},
        {"run --m 1,,2", "wants an integer"},
        {"run --m 3.5", "wants an integer"},
        {"run --m 99999999999999999999", "wants an integer"},
        {"run --workgroups none", "wants all, auto, or a count"},
        {"run --workgroups 0", "wants all, auto, or a count"},
        {"run --format xml", "wants table, markdown, json, junit"},
        {"run --repeat -1", "wants an integer"},
        {"run --clock-mhz nan", "wants a number"},
        {"run --seed 1 --seed 2", "given twice"},
        {"run --device emulator --timing-model guess", "the emulator has issue and cycles"},
        {"run surplus", "unexpected argument"},
        {"run --help=yes", "takes no value"},
        {"run -x", "options are written --name"},
        {"gate --tolerance 5", "5%"},
        {"compare", "which result files"},
        {"compare one.json", "two files, or --kernels"},
        {"compare one.json two.json --kernels a", "wants two names"},
        {"report", "which result file"},
        {"report /nonexistent.json", "/nonexistent.json"},
        {"baseline", "accept, merge, quarantine"},
        {"baseline accept", "--reason TEXT"},
        {"shapes derive", "which file"},
        {"shapes derive /nonexistent.json", "/nonexistent.json"},
        {"list rubbish", "cases, suites, models or kernels"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        e2e_run(test, NULL, "%s", rows[i].command);
        if (test->exit_code != 4 || !strstr(test->err, rows[i].message))
            fail_msg("`w4bench %s`: exit %d, not 4 with \"%s\":\n%s", rows[i].command, test->exit_code, rows[i].message,
                     test->err);
    }
}

static void unknown_names_list_what_there_is(void **state)
{
    struct e2e *test = *state;
    static const struct command_row rows[] = {
        {"--model nonesuch", "tiny"},
        {"--layer nonesuch", "wide"},
        {"--kernel nonesuch", "tuned"},
        {"--filter nonesuch", "filter"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        e2e_run(test, NULL, "run " E2E_FIXTURE " %s", rows[i].command);
        e2e_expect_error(test, 4, rows[i].message);
        assert_false(e2e_exists(test, "out/results.json"));
    }
    e2e_run(test, NULL, "run --suite nonesuch --shapes @/shapes --heuristics @/heuristics");
    e2e_expect_error(test, 4, "tiny");
}

struct file_row {
    const char *file, *from, *to, *message;
};

static void broken_files_are_refused_by_file_and_field(void **state)
{
    struct e2e *test = *state;
    static const struct file_row rows[] = {
        {"shapes/tiny.json", "\"k\": 128", "\"k\": 120", "tiny.json"},
        {"shapes/tiny.json", "\"k\": 128", "\"k\": 0", "layers[0]"},
        {"shapes/tiny.json", "\"n\": 96", "\"n\": 9223372036854775807", "layers[0]"},
        {"shapes/tiny.json", "\"n\": 96", "\"n\": \"96\"", "layers[0]"},
        {"shapes/tiny.json", "\"n\": 96", "\"n\": 96, \"n\": 97", "duplicate"},
        {"shapes/tiny.json", "\"n\": 96", "\"n\": 96, \"extra\": 1", "extra"},
        {"shapes/tiny.json", "\"n\": 96,", "\"n\": 96", "tiny.json:"},
        {"shapes/suites/tiny.json", "\"m\": [17]", "\"m\": [-1]", "tiny.json"},
        {"heuristics/tuned.json", "\"rules\"", "\"rulez\"", "tuned.json"},
        {"kernels.json", "\"schema\": 1", "\"schema\": 99", "kernels.json"},
        {"kernels.json", "\"code_object\": \"kernel.hsaco\"", "\"code_object\": \"absent.hsaco\"", "absent.hsaco"},
        {"kernels.json", "\"code_object_hash\": \"", "\"code_object_hash\": \"0", "kernels"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        char *original = e2e_read(test, rows[i].file);
        e2e_replace(test, rows[i].file, rows[i].from, rows[i].to);
        e2e_run(test, NULL, "run " E2E_FIXTURE);
        if (test->exit_code != 4 || !strstr(test->err, rows[i].message))
            fail_msg("%s with %s: exit %d, not 4 with \"%s\":\n%s", rows[i].file, rows[i].to, test->exit_code,
                     rows[i].message, test->err);
        e2e_write(test, rows[i].file, original);
        free(original);
    }
    assert_false(e2e_exists(test, "out/results.json"));
}

static void a_changed_or_foreign_code_object_stops_the_run_before_it_begins(void **state)
{
    struct e2e *test = *state;
    e2e_write(test, "kernel.hsaco", "not an ELF file");
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_expect_error(test, 4, "build the kernels again");
    assert_int_equal(e2e_teardown(state), 0);
    assert_int_equal(e2e_setup(state), 0);
    test = *state;
    e2e_run(test, "W4_STUB=foreign_object", "run " E2E_FIXTURE);
    e2e_expect_error(test, 4, "the device does not load it");
    assert_false(e2e_exists(test, "out/results.json"));
}

static void devices_that_cannot_be_used_say_why(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB=no_device", "run " E2E_FIXTURE);
    e2e_expect_error(test, 4, "no ROCm-capable device");
    e2e_run(test, "W4_STUB=other_arch", "run " E2E_FIXTURE);
    e2e_expect_error(test, 4, "gfx90a");
    e2e_run(test, NULL,
            "run --device /nonexistent/lib.so --suite tiny --shapes @/shapes --heuristics @/heuristics --out @/out");
    e2e_expect_error(test, 4, "/nonexistent/lib.so");
    e2e_run(test, NULL,
            "run --device " E2E_STUB_MEASURED " --clock-mhz 2900 --suite tiny --shapes @/shapes --heuristics "
            "@/heuristics --manifest @/kernels.json --out @/out");
    e2e_expect_error(test, 4, "--clock-mhz sets the clock of modelled times");
    e2e_run(test, NULL,
            "run --device " E2E_STUB_MEASURED " --timing-model cycles --suite tiny --shapes @/shapes --heuristics "
            "@/heuristics --manifest @/kernels.json --out @/out");
    e2e_expect_error(test, 4, "--timing-model chooses the model of modelled times");
}

static void an_unwritable_folder_is_found_before_the_run(void **state)
{
    struct e2e *test = *state;
    e2e_write(test, "file", "in the way\n");
    e2e_run(test, NULL,
            "run --device " E2E_STUB " --suite tiny --shapes @/shapes --heuristics @/heuristics --manifest "
            "@/kernels.json --out @/file/out");
    e2e_expect_error(test, 4, "/file");
    e2e_run(test, NULL,
            "run --device " E2E_STUB " --suite tiny --shapes @/shapes --heuristics @/heuristics --manifest "
            "@/kernels.json --out /proc/w4bench");
    e2e_expect_error(test, 4, "/proc/w4bench");
}

static void a_full_disk_leaves_the_old_result_file(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_expect(test, 0, "8 right");
    char *before = e2e_read(test, "out/results.json");
    test->file_limit_bytes = 4096;
    e2e_run(test, NULL, "run " E2E_FIXTURE " --seed 2");
    e2e_expect_error(test, 4, "out/results.json");
    test->file_limit_bytes = 0;
    char *after = e2e_read(test, "out/results.json");
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void a_disk_that_fills_up_during_the_run_costs_no_figure(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_expect(test, 0, "8 right");
    char *whole = e2e_read(test, "out/results.json");
    // Room for the file without its last case.
    test->file_limit_bytes = (long)strlen(whole) - 100;
    free(whole);
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_expect(test, 4, "the run goes on and tries again after every case");
    e2e_expect(test, 4, "8 cases: 8 right, 0 wrong");
    assert_non_null(strstr(test->err, "w4bench: "));
    assert_non_null(strstr(strstr(test->err, "w4bench: "), "out/results.json"));
    test->file_limit_bytes = 0;
    e2e_run(test, NULL, "report @/out/results.json --format table --baselines @/baselines");
    e2e_expect(test, 0, "7 right");
}

static void two_runs_never_share_an_output_folder(void **state)
{
    struct e2e *test = *state;
    char path[E2E_PATH_MAX];
    char holder[64];
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_expect(test, 0, "8 right");
    assert_false(e2e_exists(test, "out/.w4bench-lock"));
    char *before = e2e_read(test, "out/results.json");
    snprintf(path, sizeof(path), "%s/out/.w4bench-lock", test->folder);
    snprintf(holder, sizeof(holder), "process %ld is writing results", (long)getpid());
    int lock = open(path, O_CREAT | O_RDWR, 0644);
    assert_true(lock >= 0 && flock(lock, LOCK_EX) == 0);
    assert_true(dprintf(lock, "%ld\n", (long)getpid()) > 0);
    e2e_run(test, NULL, "run " E2E_FIXTURE " --seed 2");
    e2e_expect_error(test, 4, holder);
    char *after = e2e_read(test, "out/results.json");
    assert_string_equal(before, after);
    free(before);
    free(after);
    // Left behind by a process that ended: nobody holds it any more.
    close(lock);
    assert_true(e2e_exists(test, "out/.w4bench-lock"));
    e2e_run(test, NULL, "run " E2E_FIXTURE " --seed 2");
    e2e_expect(test, 0, "8 right");
}

static void a_killed_run_leaves_a_whole_file_and_no_lock(void **state)
{
    struct e2e *test = *state;
    e2e_run_and_signal(test, "W4_STUB=hang W4_STUB_AFTER=2 W4_STUB_MARK=@/hangs", "hangs", SIGKILL, "run " E2E_FIXTURE);
    assert_int_equal(test->exit_code, 128 + SIGKILL);
    e2e_run(test, NULL, "report @/out/results.json --format table --baselines @/baselines");
    e2e_expect(test, 0, "2 right");
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_expect(test, 0, "8 right");
}

static void a_table_that_cannot_be_printed_is_no_success(void **state)
{
    struct e2e *test = *state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    test->stdout_path = "/dev/full";
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_expect(test, 4, "cannot write to standard output");
    assert_true(e2e_exists(test, "out/results.json"));
}

static void damaged_result_files_are_refused_by_place(void **state)
{
    struct e2e *test = *state;
    static const struct file_row rows[] = {
        {"out/results.json", "\"schema\": 2", "\"schema\": 1", "run again, or use the older w4bench"},
        {"out/results.json", "\"schema\": 2", "\"schema\": 3", "use the newer w4bench"},
        {"out/results.json", "\"marks\": []", "\"marks\": [\"tired\"]", "cases[0].measured.marks[0]"},
        {"out/results.json", "\"state\": \"ok\"", "\"state\": \"fine\"", "cases[0].state"},
        {"out/results.json", "\"seed\": 1", "\"seed\": -1", "seed"},
        {"out/results.json", "\"seed\": 1", "\"seed\": 1, \"surplus\": 1", "surplus"},
        {"out/results.json", "\"k\": 128", "\"k\": 100", "cases[0].shape"},
        {"out/results.json", "\"dtype\": \"fp16\"", "\"dtype\": \"fp8\"", "dtype"},
        {"out/results.json", "\"cases\": [", "\"cases\": {", "results.json:"},
    };
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_expect(test, 0, "8 right");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        char *original = e2e_read(test, rows[i].file);
        e2e_replace(test, rows[i].file, rows[i].from, rows[i].to);
        e2e_run(test, NULL, "gate --results @/%s --baselines @/baselines", rows[i].file);
        e2e_expect_error(test, 4, rows[i].message);
        e2e_write(test, rows[i].file, original);
        free(original);
    }
    char *whole = e2e_read(test, "out/results.json");
    whole[strlen(whole) / 2] = '\0';
    e2e_write(test, "out/results.json", whole);
    free(whole);
    e2e_run(test, NULL, "report @/out/results.json");
    e2e_expect_error(test, 4, "results.json:");
}

static void damaged_baselines_are_refused_by_place(void **state)
{
    struct e2e *test = *state;
    static const struct file_row rows[] = {
        {"", "\"tolerance\": 0.05", "\"tolerance\": 5", "tolerance"},
        {"", "\"tflops\": ", "\"tflops\": -", "tflops"},
        {"", "\"reason\": \"r\"", "\"reason\": 1", "reason"},
        {"", "\"suites\"", "\"suits\"", "suits"},
        {"", "\"schema\": 2", "\"schema\": 7", "schema"},
        {"", "\"date\": \"", "\"date\": \"1", "is not a date"},
        {"", "\"nights\": 1", "\"nights\": 0", "nights"},
    };
    static const char file[] = "baselines/gfx1151-emulator-stub-1.json";
    e2e_run(test, NULL, "run " E2E_FIXTURE);
    e2e_run(test, NULL, "baseline accept --all --results @/out/results.json --reason r --baselines @/baselines");
    e2e_expect(test, 0, "8 baselines");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        char *original = e2e_read(test, file);
        e2e_replace(test, file, rows[i].from, rows[i].to);
        e2e_run(test, NULL, "gate --results @/out/results.json --baselines @/baselines");
        e2e_expect_error(test, 4, rows[i].message);
        e2e_write(test, file, original);
        free(original);
    }
}

int main(void)
{
#define E2E_TEST(function) cmocka_unit_test_setup_teardown(function, e2e_setup, e2e_teardown)
    const struct CMUnitTest tests[] = {
        E2E_TEST(unusable_commands_name_the_remedy),
        E2E_TEST(unknown_names_list_what_there_is),
        E2E_TEST(broken_files_are_refused_by_file_and_field),
        E2E_TEST(a_changed_or_foreign_code_object_stops_the_run_before_it_begins),
        E2E_TEST(devices_that_cannot_be_used_say_why),
        E2E_TEST(an_unwritable_folder_is_found_before_the_run),
        E2E_TEST(a_full_disk_leaves_the_old_result_file),
        E2E_TEST(a_disk_that_fills_up_during_the_run_costs_no_figure),
        E2E_TEST(two_runs_never_share_an_output_folder),
        E2E_TEST(a_killed_run_leaves_a_whole_file_and_no_lock),
        E2E_TEST(a_table_that_cannot_be_printed_is_no_success),
        E2E_TEST(damaged_result_files_are_refused_by_place),
        E2E_TEST(damaged_baselines_are_refused_by_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
