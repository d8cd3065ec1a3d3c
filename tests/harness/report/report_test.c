// Reports against golden files. W4_UPDATE_GOLDEN=1 rewrites them; the change is then read in review.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "../../../base/file.h"
#include "../../../harness/compare.h"
#include "../../../harness/model_errors.h"
#include "../../../harness/report/report.h"
#include "../sample.h"

struct fixture {
    struct w4_run run;
    struct w4_baselines baselines;
    struct w4_gate gate;
    struct w4_published published;
};

// Made up: the timing model's errors that a report tells.
static struct w4_model_error_series error_series[] = {
    {.title = "sums & products",
     .fitted = true,
     .statistics = {.count = 9, .median = 0.02, .percentile_90 = 0.1, .worst = -0.25, .kendall_tau = 0.875}}};
static const struct w4_model_errors model_errors = {.series = error_series, .count = 1};

// One case of every verdict: pass, regression, improvement, wrong, missing; and a text that XML and markdown must
// escape.
static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct w4_error error = {0};
    size_t accepted = 0;
    if (!fixture)
        return -1;
    *state = fixture;
    sample_run(&fixture->run);
    const struct w4_acceptance everything = {.reason = "first", .tolerance = -1};
    if (w4_baselines_accept(&fixture->baselines, &fixture->run, &everything, &accepted, &error) != W4_OK)
        return -1;
    fixture->baselines.entries[0].now.tflops *= 1.1;
    fixture->baselines.entries[1].now.tflops *= 0.9;
    struct w4_result *wrong = &fixture->run.cases[2];
    wrong->state = W4_CASE_WRONG;
    wrong->verification = (struct w4_verification){.worst_ratio = INFINITY, .judged = 1000, .beyond = 3};
    w4_text_copy(wrong->message, sizeof(wrong->message), "3 < 4 & \"a|b\" > 'c'\n\x01\xc3\xa9");
    free(fixture->run.cases[3].samples_ms);
    fixture->run.case_count = 3;
    fixture->published = (struct w4_published){.label = "measured by others on real hardware"};
    fixture->published.entries = calloc(1, sizeof(*fixture->published.entries));
    if (!fixture->published.entries)
        return -1;
    fixture->published.count = 1;
    fixture->published.entries[0] = (struct w4_published_entry){
        .m = 1606, .n = 4608, .k = 3584, .group_size = 128, .tflops = 24.5, .kernel = "baseline", .source = "pr879"};
    return w4_gate_decide(&fixture->run, &fixture->baselines, false, -1, &fixture->gate, &error) == W4_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    w4_gate_fini(&fixture->gate);
    w4_published_fini(&fixture->published);
    w4_baselines_fini(&fixture->baselines);
    w4_run_fini(&fixture->run);
    free(fixture);
    return 0;
}

static void assert_golden(const char *name, const char *text)
{
    char path[512];
    char *golden = NULL;
    size_t size = 0;
    struct w4_error error = {0};
    snprintf(path, sizeof(path), "%s/golden/%s", W4_TEST_DATA, name);
    if (getenv("W4_UPDATE_GOLDEN")) {
        if (w4_file_write_atomic(path, text, strlen(text), &error) != W4_OK)
            fail_msg("%s", error.message);
        return;
    }
    if (w4_file_read(path, 1 << 20, &golden, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    bool same = golden && strcmp(golden, text) == 0;
    free(golden);
    if (!same)
        fail_msg("%s differs (W4_UPDATE_GOLDEN=1 rewrites it); now it is:\n%s", path, text);
}

// Not inlined: gcc 12 then takes the text for the pointer's own storage and warns of a dangling pointer.
__attribute__((noinline)) static char *write_report(const struct fixture *fixture, enum w4_format format, bool colours)
{
    const struct w4_report report = {
        .run = &fixture->run, .gate = &fixture->gate, .published = &fixture->published, .errors = &model_errors};
    struct w4_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(w4_report_write(&report, format, out, colours, &error), W4_OK);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void check_format(const struct fixture *fixture, enum w4_format format, bool colours, const char *name)
{
    char *text = write_report(fixture, format, colours);
    assert_golden(name, text);
    free(text);
}

static void terminal_report_is_the_golden_one(void **state)
{
    check_format(*state, W4_FORMAT_TABLE, false, "report.txt");
    check_format(*state, W4_FORMAT_TABLE, true, "report-colours.txt");
}

static void markdown_report_is_the_golden_one(void **state)
{
    check_format(*state, W4_FORMAT_MARKDOWN, false, "report.md");
}

// Only where the execution-driven model ran: figures that were not obtained are not printed.
static void where_the_time_goes_is_told_of_cases_that_it_is_known_of(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        enum w4_format format;
        const char *words[4];
    } rows[] = {
        {W4_FORMAT_TABLE, {"dependency %", "8.0 (vgpr)", "70.3", "318/468"}},
        {W4_FORMAT_MARKDOWN, {"Where SIMD time goes", "8.0 (vgpr)", "| 70.3 |", "| 12.3 |"}},
        {W4_FORMAT_JSON,
         {"\"wmma_share\": 0.703", "\"limiter\": \"vgpr\"", "\"dram_bytes\": 1.234e7", "\"workgroups_timed\": 318"}},
    };
    for (int known = 0; known < 2; ++known) {
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
            char *text = write_report(fixture, rows[i].format, false);
            for (size_t k = 0; k < 4; ++k)
                if ((strstr(text, rows[i].words[k]) != NULL) != (known != 0))
                    fail_msg("\"%s\" %s in:\n%s", rows[i].words[k], known ? "is missing" : "stands", text);
            free(text);
        }
        fixture->run.cases[1].occupancy_waves_per_simd = 8;
        fixture->run.cases[1].modelled = (struct w4_modelled){
            .workgroups_timed = 318, .limiter = "vgpr", .wmma_share = 0.703, .dram_bytes = 12.34e6};
    }
}

static void junit_report_is_the_golden_one(void **state)
{
    check_format(*state, W4_FORMAT_JUNIT, false, "junit.xml");
}

// A stray byte, an overlong form, a surrogate and U+FFFF become question marks, one a byte.
static void junit_holds_only_what_xml_may_hold(void **state)
{
    struct fixture *fixture = *state;
    w4_text_copy(fixture->gate.items[2].note, sizeof(fixture->gate.items[2].note),
                 "\xff|\xc0\xaf|\xed\xa0\x80|\xef\xbf\xbf|\xe2\x82\xac|\xf0\x9f\x98\x80|\xe2\x82");
    check_format(fixture, W4_FORMAT_JUNIT, false, "junit-bytes.xml");
}

static void json_report_is_the_golden_one(void **state)
{
    check_format(*state, W4_FORMAT_JSON, false, "report.json");
}

static void compare_table_is_the_golden_one(void **state)
{
    struct fixture *fixture = *state;
    struct w4_compare compare;
    struct w4_error error = {0};
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(w4_compare_runs(&fixture->run, &fixture->run, "baseline", "tuned", &compare, &error), W4_OK);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(w4_compare_write(&compare, W4_FORMAT_MARKDOWN, out, false, &error), W4_OK);
    assert_int_equal(fclose(out), 0);
    // 2.17 ms and 1.085 ms: exactly twice as fast.
    assert_int_equal(compare.compared, 1);
    assert_float_equal(compare.mean, 2, 1e-12);
    assert_golden("compare.md", text);
    free(text);
    w4_compare_fini(&compare);
}

static void compare_refuses_measured_against_modelled(void **state)
{
    struct fixture *fixture = *state;
    struct w4_run other = fixture->run;
    struct w4_compare compare;
    struct w4_error error = {0};
    other.device.modelled = false;
    assert_int_equal(w4_compare_runs(&fixture->run, &other, NULL, NULL, &compare, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "modelled"));
    other.device.modelled = true;
    other.device.key[0] = 'X';
    error = (struct w4_error){0};
    assert_int_equal(w4_compare_runs(&fixture->run, &other, NULL, NULL, &compare, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "Xfx1151"));
}

static void speed_up_is_the_geometric_mean_of_the_pairs(void **state)
{
    (void)state;
    struct w4_run run;
    size_t pairs = 0;
    sample_run(&run);
    w4_text_copy(run.cases[2].test.model, W4_NAME_MAX, "qwen2.5-7b");
    w4_text_copy(run.cases[3].test.model, W4_NAME_MAX, "qwen2.5-7b");
    // 2.0 and 1.25: sqrt(2.5)
    assert_float_equal(w4_report_speed_up(&run, "qwen2.5-7b", "baseline", "tuned", &pairs), 1.58113883, 1e-8);
    assert_int_equal(pairs, 2);
    assert_true(isnan(w4_report_speed_up(&run, "nonesuch", "baseline", "tuned", &pairs)));
    assert_int_equal(pairs, 0);
    w4_run_fini(&run);
}

int main(void)
{
#define REPORT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        REPORT_TEST(terminal_report_is_the_golden_one),
        REPORT_TEST(markdown_report_is_the_golden_one),
        REPORT_TEST(where_the_time_goes_is_told_of_cases_that_it_is_known_of),
        REPORT_TEST(junit_report_is_the_golden_one),
        REPORT_TEST(junit_holds_only_what_xml_may_hold),
        REPORT_TEST(json_report_is_the_golden_one),
        REPORT_TEST(compare_table_is_the_golden_one),
        REPORT_TEST(compare_refuses_measured_against_modelled),
        cmocka_unit_test(speed_up_is_the_geometric_mean_of_the_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
