// gfx1151-run as a command: what it prints, what it writes, and how it refuses each bad launch file.
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../base/file.h"
#include "../../../base/json.h"

#define OUTPUT WORK "/stdout.txt"
#define ERRORS WORK "/stderr.txt"

static char *slurp(const char *path)
{
    char *text;
    size_t size;
    struct w4_error error = {0};
    if (w4_file_read(path, 1u << 24, &text, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    return text;
}

static void redirect(const char *path, int to)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0 || dup2(file, to) < 0)
        _exit(126);
}

// Runs the command with a NULL-terminated list of arguments; returns its exit code.
static int run_list(const char *const *arguments)
{
    char *argv[8] = {(char *)(uintptr_t)RUN};
    for (size_t i = 0; arguments[i]; i++)
        argv[i + 1] = (char *)(uintptr_t)arguments[i];
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        redirect(OUTPUT, STDOUT_FILENO);
        redirect(ERRORS, STDERR_FILENO);
        execv(RUN, argv);
        _exit(127);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int run(const char *path)
{
    return run_list((const char *const[]){path, NULL});
}

// Writes WORK/launch.json from the members behind the code object.
static void write_launch(const char *members)
{
    char text[4096];
    struct w4_error error = {0};
    const int length = snprintf(text, sizeof text, "{\"code_object\": \"%s/wave32.hsaco\", %s}", SAMPLES, members);
    assert_true(length > 0 && length < (int)sizeof text);
    if (w4_file_write_atomic(WORK "/launch.json", text, (size_t)length, &error) != W4_OK)
        fail_msg("%s", error.message);
}

static int run_launch(const char *members)
{
    write_launch(members);
    return run(WORK "/launch.json");
}

static void expect_error(const char *word)
{
    char *text = slurp(ERRORS);
    if (!strstr(text, word))
        fail_msg("'%s' does not mention '%s'", text, word);
    if (strchr(text, '\n') != text + strlen(text) - 1)
        fail_msg("more than one line: %s", text);
    free(text);
}

static const char sum_members[] =
    "\"kernel\": \"sum\", \"grid\": [4, 1, 1], \"block\": [64, 1, 1], \"args\": [{\"buffer\": \"total\", \"bytes\": 4},"
    "{\"buffer\": \"values\", \"bytes\": 1000, \"fill\": {\"u32\": 3}}, {\"u32\": 250}],"
    "\"dump\": {\"total\": \"total.bin\"}";

static void a_launch_prints_one_object_and_dumps_its_buffers(void **state)
{
    (void)state;
    struct w4_json json;
    struct w4_error error = {0};
    int64_t number = 0;
    const char *text;
    assert_int_equal(run_launch(sum_members), 0);
    if (w4_json_load(&json, OUTPUT, &error) != W4_OK)
        fail_msg("%s", error.message);
    const struct w4_json_at root = w4_json_root(&json);
    assert_int_equal(w4_json_get_integer(&root, "workgroups_run", 0, 100, &number, &error), W4_OK);
    assert_int_equal(number, 4);
    assert_int_equal(w4_json_get_integer(&root, "wave_instructions", 1, 10000, &number, &error), W4_OK);
    assert_int_equal(w4_json_get_string(&root, "kernel", &text, &error), W4_OK);
    assert_string_equal(text, "sum");
    static const char *const others[] = {
        "host_seconds", "cycles", "clock_mhz",    "milliseconds", "occupancy_waves_per_simd",
        "limiter",      "stalls", "instructions", "checks"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_non_null(json_object_get(json.root, others[i]));
    w4_json_fini(&json);

    char *total = slurp(WORK "/total.bin");
    uint32_t value;
    memcpy(&value, total, sizeof value);
    assert_int_equal(value, 750);
    free(total);
}

static void runs_repeat_to_the_byte(void **state)
{
    (void)state;
    static const char members[] =
        "\"kernel\": \"sum\", \"grid\": [4, 1, 1], \"block\": [64, 1, 1], \"args\": [{\"buffer\": \"total\", "
        "\"bytes\": 4},"
        "{\"buffer\": \"values\", \"bytes\": 1000, \"fill\": \"random\", \"seed\": 7}, {\"u32\": 250}],"
        "\"dump\": {\"total\": \"total.bin\", \"values\": \"values.bin\"}";
    char *first[2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(run_launch(members), 0);
        first[i] = slurp(WORK "/values.bin");
    }
    assert_memory_equal(first[0], first[1], 1000);
    uint32_t expected = 0, total;
    for (int i = 0; i < 250; i++) {
        uint32_t word;
        memcpy(&word, first[0] + 4 * i, 4);
        expected += word;
    }
    char *dumped = slurp(WORK "/total.bin");
    memcpy(&total, dumped, 4);
    assert_int_equal(total, expected);
    free(dumped);
    free(first[0]);
    free(first[1]);
}

static void a_profile_stands_in_the_report_and_a_trace_in_its_file(void **state)
{
    (void)state;
    struct w4_json json;
    struct w4_error error = {0};
    write_launch(sum_members);
    assert_int_equal(
        run_list((const char *const[]){"--profile", "--trace", WORK "/trace.json", WORK "/launch.json", NULL}), 0);
    if (w4_json_load(&json, OUTPUT, &error) != W4_OK)
        fail_msg("%s", error.message);
    const json_t *profile = json_object_get(json.root, "profile");
    assert_int_equal(json_integer_value(json_object_get(profile, "waves_simulated")), 4 * 2);
    const json_t *instructions = json_object_get(profile, "instructions");
    assert_true(json_array_size(instructions) > 5);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(instructions, 0), "executions")), 4 * 2);
    w4_json_fini(&json);
    char *text = slurp(ERRORS);
    assert_non_null(strstr(text, "outside loops"));
    free(text);
    if (w4_json_load(&json, WORK "/trace.json", &error) != W4_OK)
        fail_msg("%s", error.message);
    assert_true(json_array_size(json_object_get(json.root, "traceEvents")) > 10);
    w4_json_fini(&json);

    char members[1024];
    snprintf(members, sizeof members, "%s, \"mode\": \"function\"", sum_members);
    write_launch(members);
    assert_int_equal(run_list((const char *const[]){"--profile", WORK "/launch.json", NULL}), 4);
    expect_error("mode");
}

static void a_fault_is_reported_and_exits_2(void **state)
{
    (void)state;
    assert_int_equal(run_launch("\"kernel\": \"fails\", \"grid\": [2, 1, 1], \"block\": [32, 1, 1], \"args\": "
                                "[{\"buffer\": \"out\", \"bytes\": 64}, {\"u32\": 1}]"),
                     2);
    expect_error("workgroup (1,0,0)");
    char *text = slurp(OUTPUT);
    assert_non_null(strstr(text, "\"kind\": \"fault\""));
    free(text);
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *args, *word;
    } cases[] = {
        {"[{\"buffer\": \"total\", \"bytes\": 4}, {\"ptr\": 0}]", "is missing"},
        {"[{\"buffer\": \"total\", \"bytes\": 4}, {\"ptr\": 0}, {\"u32\": 1}, {\"u32\": 1}]", "takes no more"},
        {"[{\"i32\": 4}, {\"ptr\": 0}, {\"u32\": 1}]", "do not fit argument 0"},
        {"[{\"buffer\": \"total\", \"bytes\": 4}, {\"ptr\": 0}, {\"u64\": 1}]", "do not fit argument 2"},
        {"[{\"buffer\": \"total\", \"bytes\": 4, \"file\": \"nowhere.bin\"}, {\"ptr\": 0}, {\"u32\": 1}]",
         "nowhere.bin"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char members[512];
        snprintf(members, sizeof members,
                 "\"kernel\": \"sum\", \"grid\": [1, 1, 1], \"block\": [64, 1, 1], \"args\": %s", cases[i].args);
        assert_int_equal(run_launch(members), 4);
        expect_error(cases[i].word);
    }
    assert_int_equal(run_launch("\"kernel\": \"none\", \"grid\": [1, 1, 1], \"block\": [64, 1, 1], \"args\": []"), 4);
    expect_error("no kernel none");
    assert_int_equal(run_launch("\"kernel\": \"aborts\", \"grid\": [1, 1, 1], \"block\": [2048, 1, 1], \"args\": []"),
                     4);
    expect_error("at most 1024");
}

// Each file of bad/, and what the one line on standard error must mention beside the file's name.
static void every_bad_launch_file_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *word;
    } cases[] = {
        {"unknown-key", "colour"},
        {"duplicate-key", "duplicate"},
        {"missing-kernel", "kernel"},
        {"truncated", "truncated.json:"},
        {"not-json", "not-json.json:1:"},
        {"root-array", "object"},
        {"grid-string", "grid"},
        {"grid-two", "[x, y, z]"},
        {"grid-zero", "grid[1]"},
        {"grid-huge", "grid[2]"},
        {"arg-unknown", "i16"},
        {"arg-range", "args[0].i32"},
        {"arg-two-keys", "exactly one key"},
        {"arg-number", "args[0]"},
        {"buffer-without-size", "bytes or file"},
        {"buffer-zero", "args[0].bytes"},
        {"buffer-two-sizes", "8 bytes before"},
        {"buffer-fill-and-file", "not both"},
        {"fill-unknown", "'ones'"},
        {"dump-unknown", "buffer named c"},
        {"mode-unknown", "'fast'"},
        {"workgroups-unsorted", "workgroups[1]"},
        {"workgroups-empty", "empty list"},
        {"workgroups-word", "linear ids"},
        {"code-object-missing", "k.hsaco"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char arguments[512];
        snprintf(arguments, sizeof arguments, "%s/bad/%s.json", W4_TEST_DATA, cases[i].name);
        const int code = run(arguments);
        if (code != 4)
            fail_msg("%s: exit code %d", cases[i].name, code);
        expect_error(cases[i].word);
    }
    assert_int_equal(run("/nowhere/launch.json"), 4);
    expect_error("/nowhere/launch.json");
    assert_int_equal(run_list((const char *const[]){NULL}), 4);
    assert_int_equal(run_list((const char *const[]){"--threads", "many", "x.json", NULL}), 4);
    assert_int_equal(run_list((const char *const[]){"x.json", "--trace", NULL}), 4);
    assert_int_equal(run("--help"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_launch_prints_one_object_and_dumps_its_buffers),
        cmocka_unit_test(runs_repeat_to_the_byte),
        cmocka_unit_test(a_profile_stands_in_the_report_and_a_trace_in_its_file),
        cmocka_unit_test(a_fault_is_reported_and_exits_2),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(every_bad_launch_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
