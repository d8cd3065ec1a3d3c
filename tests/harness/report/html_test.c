// The HTML page: written for runs with every verdict, hostile texts, samples and sensors. The pages stay in the build
// folder, where page_valid.py and page_browser.py look at them.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "../../../base/file.h"
#include "../../../harness/compare.h"
#include "../../../harness/history/nights.h"
#include "../../../harness/model_errors.h"
#include "../../../harness/report/report.h"
#include "../sample.h"

#define HOSTILE "<script>alert('1')</script>&\"|\x01 \xe2\x82\xac {{title}} </details>"

struct fixture {
    struct w4_run run;
    struct w4_gate gate;
    struct w4_compare compare;
    struct w4_baseline_entry entry; // of every third case
    const struct w4_trends *trends;
    const struct w4_model_errors *errors;
};

// A case for every verdict: the sample's four rows again and again, at different M.
static int make_cases(struct fixture *fixture)
{
    struct w4_run *run = &fixture->run;
    sample_run(run);
    w4_run_fini(run);
    fixture->entry = (struct w4_baseline_entry){.tolerance = 0.05, .now = {.tflops = 2, .date = "2026-01-31"}};
    run->cases = calloc(W4_VERDICT_COUNT, sizeof(*run->cases));
    fixture->gate.items = calloc(W4_VERDICT_COUNT, sizeof(*fixture->gate.items));
    if (!run->cases || !fixture->gate.items)
        return -1;
    for (size_t i = 0; i < W4_VERDICT_COUNT; ++i) {
        struct w4_result *result = &run->cases[i];
        struct w4_gate_item *item = &fixture->gate.items[i];
        sample_case(&sample_rows[i % 2], result);
        result->test.shape.m = 64 << (i / 2);
        result->samples_ms[0] = 3.0 - 0.2 * (double)i;
        snprintf(result->test.id, sizeof(result->test.id), "qwen2.5-7b/qkv_proj/m%d/%s", (int)result->test.shape.m,
                 result->test.kernel);
        *item = (struct w4_gate_item){.id = result->test.id, .verdict = (enum w4_verdict)i, .result = result};
        w4_figures_of(result, &item->figures);
        if (i % 3 == 0) {
            item->entry = &fixture->entry;
            item->change = item->figures.tflops / fixture->entry.now.tflops - 1;
        }
        if (item->verdict != W4_VERDICT_PASS && item->verdict != W4_VERDICT_UNGATED)
            snprintf(item->note, sizeof(item->note), "why it is %s", w4_verdict_word(item->verdict));
        ++fixture->gate.counts[i];
    }
    run->case_count = W4_VERDICT_COUNT;
    fixture->gate.count = W4_VERDICT_COUNT;
    fixture->gate.gated = true;
    return 0;
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (!fixture || make_cases(fixture) != 0)
        return -1;
    *state = fixture;
    return w4_compare_runs(&fixture->run, &fixture->run, "baseline", "tuned", &fixture->compare, NULL) == W4_OK ? 0
                                                                                                                : -1;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    w4_compare_fini(&fixture->compare);
    w4_gate_fini(&fixture->gate);
    w4_run_fini(&fixture->run);
    free(fixture);
    return 0;
}

// The page, also kept in a file; the caller frees it.
static char *write_page(const struct fixture *fixture, const char *name)
{
    const struct w4_report report = {.run = &fixture->run,
                                     .gate = &fixture->gate,
                                     .compare = &fixture->compare,
                                     .trends = fixture->trends,
                                     .errors = fixture->errors};
    struct w4_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    enum w4_status status = w4_report_write(&report, W4_FORMAT_HTML, out, false, &error);
    assert_int_equal(fclose(out), 0);
    if (status == W4_OK)
        status = w4_folder_create(W4_BUILD_DIR "/tests/pages", &error);
    char path[512];
    snprintf(path, sizeof(path), "%s/tests/pages/%s", W4_BUILD_DIR, name);
    if (status == W4_OK)
        status = w4_file_write_atomic(path, text, size, &error);
    if (status != W4_OK)
        fail_msg("%s", error.message);
    return text;
}

static void assert_has(const char *page, const char *text)
{
    if (!strstr(page, text))
        fail_msg("\"%s\" is not in the page", text);
}

static void every_verdict_has_its_word_and_its_sign(void **state)
{
    struct fixture *fixture = *state;
    // Where the model says where the time goes, the page draws it.
    for (size_t i = 0; i < fixture->run.case_count; ++i) {
        struct w4_modelled *modelled = &fixture->run.cases[i].modelled;
        *modelled = (struct w4_modelled){.workgroups_timed = 40,
                                         .limiter = "vgpr",
                                         .wmma_share = 0.5,
                                         .memory_share = 0.375,
                                         .no_wave_share = 0.125,
                                         .l2_bytes = 8e7,
                                         .dram_bytes = 2e7};
    }
    struct w4_prediction_statistics statistics = {
        .count = 9, .median = 0.02, .percentile_90 = 0.1, .worst = -0.25, .kendall_tau = NAN};
    struct w4_model_error_series series[2] = {
        {.title = "loops & GEMMs", .fitted = true, .statistics = statistics},
        {.title = "unseen", .statistics = statistics},
    };
    series[1].statistics.kendall_tau = 0.875;
    const struct w4_model_errors errors = {.series = series, .count = 2};
    fixture->errors = &errors;
    char *page = write_page(fixture, "modelled.html");
    fixture->errors = NULL;
    assert_has(page, "<li>loops &amp; GEMMs: 9 figures, median error 2.0 %, 90th percentile 10.0 %, worst -25.0 % (the "
                     "model was fitted to them)</li>");
    assert_has(page, ", worst -25.0 %, Kendall tau 0.88 (the model was not fitted to them)</li>");
    for (int i = 0; i < W4_VERDICT_COUNT; ++i) {
        char text[128];
        enum w4_verdict verdict = (enum w4_verdict)i;
        const char *tone = w4_verdict_exit_code(verdict) == 3                                               ? "warn"
                           : w4_verdict_exit_code(verdict) != 0                                             ? "bad"
                           : w4_verdict_junit(verdict) && strcmp(w4_verdict_junit(verdict), "skipped") == 0 ? "warn"
                                                                                                            : "good";
        snprintf(text, sizeof(text),
                 "<li class=\"badge %s\"><span class=\"sign\" aria-hidden=\"true\"></span>1 %s</li>", tone,
                 w4_verdict_word(verdict));
        assert_has(page, text);
        snprintf(text, sizeof(text), "<p>why it is %s</p>", w4_verdict_word(verdict));
        bool plain = verdict == W4_VERDICT_PASS || verdict == W4_VERDICT_UNGATED;
        assert_int_equal(strstr(page, text) == NULL, plain);
    }
    // The gravest stand first, and the worst verdict is the page's.
    assert_true(strstr(page, "why it is WRONG") < strstr(page, "why it is DRIFT"));
    assert_true(strstr(page, "why it is DRIFT") < strstr(page, "why it is IMPROVED"));
    assert_has(page, "<section id=\"verdict\" class=\"verdict bad\">\n<h1><span class=\"sign\" aria-hidden=\"true\">"
                     "</span>WRONG</h1>");
    assert_has(page, "<dt>memory</dt><dd>37.5 %</dd>");
    assert_has(page, "<dt>from DRAM</dt><dd>20 MB</dd>");
    assert_has(page, "limited by vgpr");
    free(page);
}

static void hostile_texts_stay_texts(void **state)
{
    struct fixture *fixture = *state;
    struct w4_result *result = &fixture->run.cases[W4_VERDICT_FAIL];
    struct w4_gate_item *item = &fixture->gate.items[W4_VERDICT_FAIL];
    w4_text_copy(result->test.id, sizeof(result->test.id), "id " HOSTILE);
    w4_text_copy(result->test.layer, sizeof(result->test.layer), "l " HOSTILE);
    w4_text_copy(result->test.kernel, sizeof(result->test.kernel), "k " HOSTILE);
    w4_text_copy(result->variant, sizeof(result->variant), HOSTILE "\xff");
    // A picture's label is cut in the middle of the euro sign.
    result[1].modelled.workgroups_timed = 1;
    w4_text_copy(result[1].test.layer, sizeof(result[1].test.layer), "123456789012345678\xe2\x82\xac");
    w4_text_copy(item->note, sizeof(item->note), "note " HOSTILE);
    w4_text_copy(fixture->run.device.name, sizeof(fixture->run.device.name), HOSTILE);
    w4_text_copy(fixture->run.options.suite, sizeof(fixture->run.options.suite), "s " HOSTILE);
    char *page = write_page(fixture, "hostile.html");
    assert_null(strstr(page, "<script>alert"));
    assert_null(strstr(page, "</details>&"));
    assert_null(strchr(page, '\x01'));
    assert_null(strchr(page, '\xff'));
    // Four times in the text at least: finding, row, summary of the details, facts.
    size_t count = 0;
    for (const char *at = page;
         (at = strstr(at, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;|? \xe2\x82\xac "
                          "{{title}} &lt;/details&gt;"));
         ++at)
        ++count;
    assert_true(count >= 4);
    free(page);
}

static void measured_cases_show_samples_and_sensors(void **state)
{
    struct fixture *fixture = *state;
    struct w4_result *result = &fixture->run.cases[0];
    const double samples[] = {2.0, 2.5, 2.25, 3.0};
    fixture->run.device.modelled = false;
    fixture->run.clock_mhz = 0;
    w4_text_copy(fixture->run.fingerprint.bios, sizeof(fixture->run.fingerprint.bios), "1.08");
    free(result->samples_ms);
    result->samples_ms = calloc(4, sizeof(*samples));
    result->measured.readings = calloc(2, sizeof(*result->measured.readings));
    assert_non_null(result->samples_ms);
    assert_non_null(result->measured.readings);
    memcpy(result->samples_ms, samples, sizeof(samples));
    result->sample_count = 4;
    result->measured.reading_count = 2;
    result->measured.readings[0] = (struct w4_reading){0, 2800, NAN, 120, 61, 0.25};
    result->measured.readings[1] = (struct w4_reading){1, 2600, NAN, 130, 63, 0.75};
    result->measured.marks = W4_MARK_IMPRECISE;
    // e^0.0953 is 1.1: ten percent more time.
    fixture->gate.items[0].evidence =
        (struct w4_gate_evidence){.screened = true,
                                  .anchored = true,
                                  .log_change = 0.0953101798,
                                  .log_threshold = 0.0253178079,
                                  .blocks = 13,
                                  .interval = {0.0953101798, 0.0487901642, INFINITY, 0.95}};
    char *page = write_page(fixture, "measured.html");
    // 2.0 to 3.0 ms over 280 units from 10: the median 2.375 at 115, 2.25 at 80.
    assert_has(page, "4 samples, median 2.375 ms, range 42.11 % of it");
    assert_has(page, "<path class=\"median\" d=\"M115.0 8V34\"/>");
    assert_has(page, "<circle cx=\"80.0\" cy=\"16\" r=\"3\"/>");
    assert_has(page, "<dt>engine clock</dt><dd>2700 MHz (2600 to 2800)</dd>");
    assert_has(page, "<dt>host load</dt><dd>50 % (25 to 75)</dd>");
    assert_has(page, "<dt>BIOS</dt><dd>1.08</dd>");
    assert_has(page, "<td class=\"number\" data-sort=\"1\">! 1</td>");
    assert_has(page, "the budget was spent before the median was precise enough");
    assert_has(page, "<dd>+10.00 %, the anchors&#39; change taken off</dd>");
    assert_has(page, "<dd>+10.00 % (+5.00 to +inf %)</dd>");
    assert_null(strstr(page, "memory clock")); // no sensor, no figure
    assert_null(strstr(page, "modelled"));
    free(page);
}

// Three nights of a case, the last slower; and three of it by another timing model, which are another machine's.
static void trends_are_of_this_model_only(void **state)
{
    struct fixture *fixture = *state;
    struct w4_history_point points[3];
    struct w4_change change = {.kind = W4_CHANGE_STEP, .first = 2, .last = 2};
    struct w4_trend items[2];
    const struct w4_trends trends = {items, 2};
    const char *id = fixture->run.cases[0].test.id;
    memset(points, 0, sizeof(points));
    memset(items, 0, sizeof(items));
    for (size_t i = 0; i < 3; ++i) {
        points[i].tflops = i < 2 ? 40 : 36;
        points[i].time_ms = 1;
        snprintf(points[i].time_utc, sizeof(points[i].time_utc), "2026-01-%02zuT02:00:00Z", 10 + i);
        w4_text_copy(points[i].state, sizeof(points[i].state), "ok");
    }
    for (size_t i = 0; i < 2; ++i) {
        items[i].points = (struct w4_history_points){points, 3};
        items[i].series.clock_mhz = fixture->run.clock_mhz;
        w4_text_copy(items[i].series.case_id, sizeof(items[i].series.case_id), id);
        w4_text_copy(items[i].series.model_version, sizeof(items[i].series.model_version),
                     i == 0 ? fixture->run.device.model_key : "other-1");
    }
    items[0].changes = (struct w4_change_list){.items = &change, .count = 1};
    fixture->trends = &trends;
    char *page = write_page(fixture, "trend.html");
    if (!strstr(page, "Left out: gnuplot")) {
        assert_has(page, "<section id=\"trend\">");
        assert_has(page, "qwen2.5-7b qkv_proj, M 64</figcaption>");
        assert_has(page, ">step<");
    }
    items[0].series.clock_mhz += 1;
    free(page);
    page = write_page(fixture, "trend.html");
    assert_null(strstr(page, "<section id=\"trend\">"));
    fixture->trends = NULL;
    free(page);
}

static void a_page_without_gnuplot_says_what_is_left_out(void **state)
{
    struct fixture *fixture = *state;
    const char *path = getenv("PATH");
    char *kept = strdup(path ? path : "");
    assert_non_null(kept);
    assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
    char *page = write_page(fixture, "no-plots.html");
    assert_int_equal(setenv("PATH", kept, 1), 0);
    assert_has(page, "Left out: gnuplot is not installed");
    assert_null(strstr(page, "<figure>"));
    free(page);
    free(kept);
}

static void a_run_without_cases_is_a_page_that_is_not_green(void **state)
{
    struct fixture *fixture = *state;
    struct w4_gate none = {.gated = true};
    size_t kept = fixture->run.case_count;
    struct fixture empty = {.run = fixture->run, .gate = none};
    empty.run.case_count = 0;
    char *page = write_page(&empty, "empty.html");
    assert_has(page, "class=\"verdict warn\"");
    assert_has(page, "of 0 cases");
    assert_int_equal(fixture->run.case_count, kept);
    free(page);
}

int main(void)
{
#define PAGE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        PAGE_TEST(every_verdict_has_its_word_and_its_sign),
        PAGE_TEST(hostile_texts_stay_texts),
        PAGE_TEST(measured_cases_show_samples_and_sensors),
        PAGE_TEST(trends_are_of_this_model_only),
        PAGE_TEST(a_page_without_gnuplot_says_what_is_left_out),
        PAGE_TEST(a_run_without_cases_is_a_page_that_is_not_green),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
