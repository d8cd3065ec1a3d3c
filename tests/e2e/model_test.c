// `model`: validation of the timing model on the emulator, with a small table of series.
#include "e2e.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#define VALIDATE "model validate --validation @/validation --heuristics @/heuristics --out @/out --jobs 1"

static const char series[] =
    "{\"schema\": 1, \"clock\": {\"mhz\": 2700, \"reason\": \"a test\"},\n"
    " \"series\": [{\"name\": \"loops\", \"title\": \"two loops\", \"kind\": \"loop\", \"data\": \"loops.csv\",\n"
    "  \"columns\": {\"name\": \"loop\", \"hardware\": \"cycles\"}, \"label\": \"{loop}\", \"unit\": \"cycles\",\n"
    "  \"fitted\": true, \"target\": {\"worst\": 0.01}, \"quick_every\": 2}],\n"
    " \"changes\": []}\n";

static int setup(void **state)
{
    if (e2e_setup(state) != 0)
        return -1;
    struct e2e *test = *state;
    char path[E2E_PATH_MAX];
    snprintf(path, sizeof(path), "%s/validation", test->folder);
    if (mkdir(path, 0777) != 0)
        return -1;
    e2e_write(test, "validation/series.json", series);
    e2e_write(test, "validation/loops.csv",
              "loop,cycles\nwmma_f32_16x16x16_f16,34\nwmma_i32_16x16x16_iu4,17.1\nwmma f16 wave64,34\n");
    return 0;
}

static void accepted_errors_are_what_a_run_is_compared_with(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, VALIDATE);
    e2e_expect(test, 3, "3 rows were never accepted");
    e2e_run(test, NULL, VALIDATE " --accept --reason first");
    e2e_expect(test, 0, "the same");
    e2e_run(test, NULL, VALIDATE);
    e2e_expect(test, 0, "loops   3 of 3");
    e2e_run(test, NULL, VALIDATE " --quick");
    e2e_expect(test, 0, "loops   2 of 3");
    e2e_run(test, NULL, "model accepted --validation @/validation");
    e2e_expect(test, 0, "first");
    // As if the model had been better.
    e2e_scale_number(test, "validation/accepted.json", "\"loops/wmma_i32_16x16x16_iu4\":", 1.0058);
    e2e_scale_number(test, "validation/accepted.json", "\"loops/wmma_f32_16x16x16_f16\":", 1.05);
    e2e_run(test, NULL, VALIDATE " --filter iu4");
    e2e_expect(test, 1, "WORSE: median error");
    e2e_run(test, NULL, VALIDATE " --filter f32");
    e2e_expect(test, 0, "median was 5.0 %, 1 rows changed");
}

static void reports_hold_both_figures(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, VALIDATE " --accept --reason first");
    char *json = e2e_read(test, "out/model-validation.json");
    assert_non_null(strstr(json, "\"id\": \"loops/wmma_i32_16x16x16_iu4\""));
    assert_non_null(strstr(json, "\"hardware\": 17.1"));
    assert_non_null(strstr(json, "\"modelled\": 17.0"));
    assert_non_null(strstr(json, "\"model\": \"cycles-1\""));
    free(json);
    char *markdown = e2e_read(test, "out/model-validation.md");
    assert_non_null(strstr(markdown, "| wmma_i32_16x16x16_iu4 | 17.10 | 17.00 | -0.6 % |"));
    assert_true(strstr(markdown, "](model-validation-cycles.svg)") || strstr(markdown, "No plots: gnuplot"));
    free(markdown);
}

static void what_if_is_marked_and_never_accepted(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, VALIDATE " --accept --reason first");
    e2e_run(test, NULL, VALIDATE " --filter f32 --set issue_wmma=68");
    e2e_expect(test, 0, "WHAT IF, never to be accepted: issue_wmma=68");
    e2e_expect(test, 0, "+100.0 %");
    char *json = e2e_read(test, "out/model-validation.json");
    assert_non_null(strstr(json, "\"what_if\": \"issue_wmma=68\""));
    free(json);
    e2e_run(test, NULL, VALIDATE " --set issue_wmma=68 --accept --reason no");
    e2e_expect_error(test, 4, "--accept takes whole series as they are");
}

static void a_row_without_a_kernel_is_missing_unless_optional(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, VALIDATE " --accept --reason first");
    e2e_write(test, "validation/gemm.csv", "m,n,k,tflops\n16,256,512,1\n");
    e2e_replace(
        test, "validation/series.json", "\"quick_every\": 2}",
        "\"quick_every\": 2},\n {\"name\": \"gemm\", \"title\": \"t\", \"kind\": \"gemm\", \"kernel\": \"none\","
        "\"data\": \"gemm.csv\", \"columns\": {\"m\": \"m\", \"n\": \"n\", \"k\": \"k\", \"hardware\": \"tflops\"},"
        "\"constants\": {\"group_size\": \"128\", \"type\": \"fp16\", \"zero_point\": \"0\"}, \"label\": \"{m}\","
        "\"unit\": \"TFLOPS\", \"fitted\": false, \"target\": {}, \"quick_every\": 0}");
    e2e_run(test, NULL, VALIDATE);
    e2e_expect(test, 3, "1 rows have no kernel in this build (0 of them in optional series); the first is gemm/16");
    e2e_replace(test, "validation/series.json", "\"target\": {},", "\"target\": {}, \"optional\": true,");
    e2e_run(test, NULL, VALIDATE);
    e2e_expect(test, 0, "1 of them in optional series");
    e2e_run(test, NULL, VALIDATE " --series gemm");
    e2e_expect(test, 3, "no kernel");
}

static void an_unknown_loop_fails_its_row_alone(void **state)
{
    struct e2e *test = *state;
    e2e_replace(test, "validation/loops.csv", "wmma f16 wave64", "wmma f16 + luck");
    e2e_run(test, NULL, VALIDATE);
    e2e_expect(test, 3, "1 rows failed; the first is loops/wmma f16 + luck: ");
    e2e_expect(test, 3, "loops   2 of 3");
    e2e_run(test, NULL, VALIDATE " --accept --reason no");
    e2e_expect_error(test, 4, "nothing was accepted: loops/wmma f16 + luck did not run");
    assert_false(e2e_exists(test, "validation/accepted.json"));
}

static void an_interrupted_run_keeps_finished_rows(void **state)
{
    struct e2e *test = *state;
    e2e_run_and_signal(test, NULL, "out/model-validation.json", SIGINT, VALIDATE);
    e2e_expect(test, 3, "interrupted: ");
    char *json = e2e_read(test, "out/model-validation.json");
    assert_non_null(strstr(json, "\"interrupted\": true"));
    assert_non_null(strstr(json, "\"state\": \"done\""));
    assert_non_null(strstr(json, "\"state\": \"not run\""));
    free(json);
}

static void wrong_options_are_named(void **state)
{
    struct e2e *test = *state;
    static const struct {
        const char *words, *message;
    } rows[] = {
        {"--series nothing", "--series nothing: there are loops"},
        {"--filter nothing", "no row of the validation is selected"},
        {"--set luck=1", "--set luck=1: no such parameter"},
        {"--set issue_wmma", "wants NAME=VALUE"},
        {"--set issue_wmma=x", "wants NAME=VALUE"},
        {"--accept", "--accept wants a --reason"},
        {"--reason because", "--reason belongs to --accept"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        e2e_run(test, NULL, VALIDATE " %s", rows[i].words);
        e2e_expect_error(test, 4, rows[i].message);
    }
    e2e_run(test, NULL, "model");
    e2e_expect_error(test, 4, "model: what?");
    e2e_write(test, "validation/accepted.json", "{\"schema\": 1,\n \"rows\": 1}");
    e2e_run(test, NULL, VALIDATE);
    e2e_expect_error(test, 4, "accepted.json:");
}

static void parameters_are_listed(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "model parameters");
    e2e_expect(test, 0, "| `issue_wmma` | 34 | cycles | measured |");
}

int main(void)
{
#define MODEL_TEST(function) cmocka_unit_test_setup_teardown(function, setup, e2e_teardown)
    const struct CMUnitTest tests[] = {
        MODEL_TEST(accepted_errors_are_what_a_run_is_compared_with),
        MODEL_TEST(reports_hold_both_figures),
        MODEL_TEST(what_if_is_marked_and_never_accepted),
        MODEL_TEST(a_row_without_a_kernel_is_missing_unless_optional),
        MODEL_TEST(an_unknown_loop_fails_its_row_alone),
        MODEL_TEST(an_interrupted_run_keeps_finished_rows),
        MODEL_TEST(wrong_options_are_named),
        MODEL_TEST(parameters_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
