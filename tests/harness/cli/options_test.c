// The option parser and its suggestions.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "../../../harness/options.h"

static enum w4_status parse(struct w4_options *options, enum w4_command_bit command, const char *const *words,
                            struct w4_error *error)
{
    char *argv[16];
    int argc = 0;
    for (; words[argc]; ++argc)
        argv[argc] = (char *)(uintptr_t)words[argc];
    *error = (struct w4_error){0};
    return w4_options_parse(options, command, "run", argc, argv, error);
}

static void values_come_behind_a_space_or_an_equals_sign(void **state)
{
    (void)state;
    struct w4_options options;
    struct w4_error error;
    const char *const words[] = {"--suite", "smoke", "--seed=42", "--workgroups=7", "--clock-mhz", "2600.5", NULL};
    assert_int_equal(parse(&options, W4_FOR_RUN, words, &error), W4_OK);
    assert_string_equal(options.suite, "smoke");
    assert_int_equal(options.seed, 42);
    assert_int_equal(options.workgroups, W4_WORKGROUPS_COUNT);
    assert_int_equal(options.workgroup_count, 7);
    assert_true(options.clock_mhz > 2600.4 && options.clock_mhz < 2600.6);
    w4_options_fini(&options);
}

static void lists_grow_over_commas_and_repetitions(void **state)
{
    (void)state;
    struct w4_options options;
    struct w4_error error;
    const char *const words[] = {"--kernel", "baseline,tuned", "--heuristic=after", "--m", "1,8", "--m=1606", NULL};
    static const char *const kernels[] = {"baseline", "tuned", "after"};
    static const int64_t m[] = {1, 8, 1606};
    assert_int_equal(parse(&options, W4_FOR_RUN, words, &error), W4_OK);
    assert_int_equal(options.kernel_count, 3);
    assert_int_equal(options.m_count, 3);
    for (size_t i = 0; i < 3; ++i) {
        assert_string_equal(options.kernels[i], kernels[i]);
        assert_int_equal(options.m[i], m[i]);
    }
    assert_null(options.kernels[3]);
    w4_options_fini(&options);
}

struct tolerance_row {
    const char *text;
    double value; // -1: refused
};

static void tolerances_are_fractions_or_percentages(void **state)
{
    (void)state;
    static const struct tolerance_row rows[] = {{"0.05", 0.05}, {"5%", 0.05}, {"0", 0},    {"5", -1},
                                                {"100%", -1},   {"-1%", -1},  {"nan", -1}, {"", -1}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        struct w4_options options;
        struct w4_error error;
        const char *const words[] = {"--tolerance", rows[i].text, NULL};
        enum w4_status status = parse(&options, W4_FOR_GATE, words, &error);
        assert_int_equal(status, rows[i].value < 0 ? W4_USAGE : W4_OK);
        if (status == W4_OK)
            assert_float_equal(options.tolerance, rows[i].value, 1e-15);
        w4_options_fini(&options);
    }
}

static void options_of_other_commands_are_unknown(void **state)
{
    (void)state;
    struct w4_options options;
    struct w4_error error;
    const char *const words[] = {"--reason", "x", NULL};
    assert_int_equal(parse(&options, W4_FOR_RUN, words, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "--reason"));
    w4_options_fini(&options);
}

static void words_behind_two_dashes_are_no_options(void **state)
{
    (void)state;
    struct w4_options options;
    struct w4_error error;
    const char *const words[] = {"--", "--suite", NULL};
    assert_int_equal(parse(&options, W4_FOR_RUN, words, &error), W4_OK);
    assert_int_equal(options.positional_count, 1);
    assert_string_equal(options.positionals[0], "--suite");
    w4_options_fini(&options);
}

struct nearest_row {
    const char *word, *nearest;
};

static void slips_are_recognised_and_strangers_are_not(void **state)
{
    (void)state;
    static const char *const words[] = {"suite", "filter", "model", "kernel", "workgroups"};
    static const struct nearest_row rows[] = {
        {"siute", "suite"},
        {"suit", "suite"},
        {"workgroup", "workgroups"},
        {"fliter", "filter"},
        {"zzzzz", NULL},
        {"a-very-long-word-that-is-longer-than-any-option-could-ever-be", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        const char *nearest = w4_nearest_word(rows[i].word, words, sizeof(words) / sizeof(words[0]));
        if (!rows[i].nearest)
            assert_null(nearest);
        else
            assert_string_equal(nearest, rows[i].nearest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_behind_a_space_or_an_equals_sign),
        cmocka_unit_test(lists_grow_over_commas_and_repetitions),
        cmocka_unit_test(tolerances_are_fractions_or_percentages),
        cmocka_unit_test(options_of_other_commands_are_unknown),
        cmocka_unit_test(words_behind_two_dashes_are_no_options),
        cmocka_unit_test(slips_are_recognised_and_strangers_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
