// `w4bench profile` on the emulator: the forms agree with each other and with `run`.
#include "e2e.h"

#include <jansson.h>
#include <stdio.h>

#define CASE "synthetic/odd_n/m33/fp16/g128/zp/baseline"

static json_t *parse(const char *text)
{
    json_error_t problem;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &problem);
    if (!root)
        fail_msg("line %d: %s", problem.line, problem.text);
    return root;
}

static void text_and_json_tell_of_the_case_and_its_kernel(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "profile --suite smoke " CASE);
    e2e_expect(test, 0, "case " CASE ": 33 x 200 x 384, prefill-128x64x64");
    e2e_expect(test, 0, "modelled (cycles) at 2900 MHz");
    e2e_expect(test, 0, "loop 1: 0x");
    e2e_expect(test, 0, "v_wmma_f32_16x16x16_f16");
    e2e_expect(test, 0, "prefill.h:");
    const char *loop = strstr(test->out, "loop 1: 0x");
    const char *rest = strstr(test->out, "outside loops");
    assert_true(loop && rest && loop < rest);

    e2e_run(test, NULL, "profile --suite smoke --format json " CASE);
    json_t *root = parse(test->out);
    json_t *profile = json_object_get(root, "profile");
    assert_string_equal(json_string_value(json_object_get(root, "case")), CASE);
    double shares = 0;
    size_t index;
    json_t *row;
    json_array_foreach(json_object_get(profile, "instructions"), index, row) shares +=
        json_real_value(json_object_get(row, "time_share"));
    assert_true(shares > 0.999999 && shares < 1.000001);
    // The same launch as `run` times.
    const double cycles = json_real_value(json_object_get(profile, "cycles"));
    json_decref(root);
    e2e_run(test, NULL, "run --device emulator --suite smoke --filter " CASE " --out @/out");
    char *results = e2e_read(test, "out/results.json");
    root = parse(results);
    const json_t *result = json_array_get(json_object_get(root, "cases"), 0);
    const double run_cycles = json_real_value(json_object_get(result, "cycles"));
    // Operands lie at other addresses, hence in other channels.
    assert_true(cycles > 0.9 * run_cycles && cycles < 1.1 * run_cycles);
    json_decref(root);
    free(results);
}

static void a_trace_is_written_and_what_it_leaves_out_is_said(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "profile --suite smoke --trace @/trace.json " CASE);
    e2e_expect(test, 0, "trace: waves of 1 of 20 WGPs");
    char *text = e2e_read(test, "trace.json");
    json_t *root = parse(text);
    assert_true(json_array_size(json_object_get(root, "traceEvents")) > 100);
    json_decref(root);
    free(text);
    e2e_run(test, NULL, "profile --suite smoke --trace @/absent/trace.json " CASE);
    e2e_expect_error(test, 4, "absent/trace.json");
}

int main(void)
{
#define E2E_TEST(function) cmocka_unit_test_setup_teardown(function, e2e_setup, e2e_teardown)
    const struct CMUnitTest tests[] = {
        E2E_TEST(text_and_json_tell_of_the_case_and_its_kernel),
        E2E_TEST(a_trace_is_written_and_what_it_leaves_out_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
