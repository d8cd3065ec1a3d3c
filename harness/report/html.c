// The report as one self-contained page: the verdict, what is not PASS, the table, plots, details. What stands where is
// the template's business (reports/html), here are the values.
#include <stdlib.h>
#include <string.h>

#include "../model_errors.h"
#include "../text.h"
#include "html.h"
#include "template.h"

static const struct {
    const char *name, *text;
} page_files[] = {
#include "html_templates.h"
};

static const char *page_file(const char *name)
{
    for (size_t i = 0; i < sizeof(page_files) / sizeof(page_files[0]); ++i) {
        if (strcmp(page_files[i].name, name) == 0)
            return page_files[i].text;
    }
    return "";
}

void w4_html_anchor(size_t index, char anchor[W4_HTML_ANCHOR_MAX])
{
    snprintf(anchor, W4_HTML_ANCHOR_MAX, "case-%zu", index + 1);
}

const char *w4_html_tone(enum w4_verdict verdict)
{
    int exit_code = w4_verdict_exit_code(verdict);
    if (exit_code == 0)
        return w4_verdict_junit(verdict) ? "warn" : "good";
    return exit_code == 3 ? "warn" : "bad";
}

// What each verdict says to somebody who reads it for the first time.
static const char *verdict_meaning(enum w4_verdict verdict)
{
    static const char *const meanings[W4_VERDICT_COUNT] = {
        [W4_VERDICT_PASS] = "Right, and not slower than its baseline beyond the tolerance.",
        [W4_VERDICT_IMPROVED] = "Faster than its baseline beyond the tolerance: a new baseline can be accepted.",
        [W4_VERDICT_UNGATED] = "Every judged element is within its error bound; held against no baseline.",
        [W4_VERDICT_DRIFT] = "The same code object got another time: the machine or its driver moved, not the kernel.",
        [W4_VERDICT_FAIL] = "Slower than its baseline beyond the tolerance.",
        [W4_VERDICT_WRONG] = "The result is beyond its error bound, or not written where it must be.",
        [W4_VERDICT_INCONCLUSIVE] = "Flagged as slower, and not settled within the blocks that were allowed.",
        [W4_VERDICT_INVALID] = "Faster than the chip can be: the measurement is at fault.",
        [W4_VERDICT_MISSING] = "Had to be measured, or to have a baseline, and was or had not.",
        [W4_VERDICT_ERROR] = "The harness or the device failed before there was a result.",
    };
    return meanings[verdict];
}

static const char *whole_meaning(const struct w4_gate *gate)
{
    static const char *const meanings[] = {
        "Every case is right, and none is slower than its baseline beyond the tolerance.",
        "At least one case is slower than its baseline beyond the tolerance.",
        "At least one case computes a wrong result.",
        "Something that had to be measured was not, or could not be decided. This is not green.",
    };
    int exit_code = w4_gate_exit_code(gate);
    if (exit_code == 0 && !gate->gated)
        return "Every case is right: within its error bound. Nothing was held against baselines.";
    return meanings[exit_code];
}

// Beside the verdicts: what somebody set aside.
static void add_count(struct w4_view *view, json_t *counts, size_t cases, const char *word)
{
    if (cases == 0)
        return;
    json_t *count = w4_view_item(view, counts);
    w4_view_text(view, count, "count", "%zu", cases);
    w4_view_text(view, count, "word", "%s", word);
    w4_view_text(view, count, "tone", "%s", "warn");
}

static void add_verdict(struct w4_view *view, const struct w4_gate *gate)
{
    static const char *const tones[] = {"good", "bad", "bad", "warn"};
    json_t *verdict = w4_view_object(view, view->root, "verdict");
    w4_view_text(view, verdict, "word", "%s", w4_gate_word(gate));
    w4_view_text(view, verdict, "tone", "%s", tones[w4_gate_exit_code(gate)]);
    w4_view_text(view, verdict, "meaning", "%s", whole_meaning(gate));
    json_t *counts = w4_view_list(view, verdict, "counts");
    json_t *words = w4_view_list(view, view->root, "words");
    for (int i = 0; i < W4_VERDICT_COUNT; ++i) {
        enum w4_verdict each = (enum w4_verdict)i;
        if (gate->counts[i] == 0)
            continue;
        json_t *count = w4_view_item(view, counts);
        w4_view_text(view, count, "count", "%zu", gate->counts[i]);
        w4_view_text(view, count, "word", "%s", w4_verdict_word(each));
        w4_view_text(view, count, "tone", "%s", w4_html_tone(each));
        json_t *word = w4_view_item(view, words);
        w4_view_text(view, word, "word", "%s", w4_verdict_word(each));
        w4_view_text(view, word, "tone", "%s", w4_html_tone(each));
        w4_view_text(view, word, "meaning", "%s", verdict_meaning(each));
    }
    add_count(view, counts, gate->quarantined, "in quarantine");
    add_count(view, counts, gate->quarantine_expired, "with a quarantine that has run out");
    w4_view_text(view, view->root, "case_count", "%zu", gate->count);
}

static void add_finding(struct w4_view *view, json_t *list, const struct w4_gate_item *item, size_t index)
{
    char anchor[W4_HTML_ANCHOR_MAX];
    json_t *entry = w4_view_item(view, list);
    w4_html_anchor(index, anchor);
    w4_view_text(view, entry, "anchor", "%s", anchor);
    w4_view_text(view, entry, "id", "%s", item->id);
    w4_view_text(view, entry, "word", "%s", w4_verdict_word(item->verdict));
    w4_view_text(view, entry, "tone", "%s", w4_html_tone(item->verdict));
    w4_view_text(view, entry, "why", "%s", item->note);
}

// The gravest first.
static void add_not_passed(struct w4_view *view, const struct w4_gate *gate)
{
    static const char *const tones[] = {"bad", "warn", "good"};
    json_t *list = w4_view_list(view, view->root, "not_passed");
    for (size_t t = 0; t < sizeof(tones) / sizeof(tones[0]); ++t) {
        for (size_t i = 0; i < gate->count; ++i) {
            const struct w4_gate_item *item = &gate->items[i];
            if (w4_report_is_listed(item) && strcmp(w4_html_tone(item->verdict), tones[t]) == 0)
                add_finding(view, list, item, i);
        }
    }
    w4_view_flag(view, view->root, "has_not_passed", json_array_size(list) > 0);
}

static void add_optional_fact(struct w4_view *view, json_t *facts, const char *name, const char *value)
{
    if (value[0])
        w4_view_fact(view, facts, name, "%s", value);
}

static void add_facts(struct w4_view *view, const struct w4_run *run)
{
    json_t *facts = w4_view_list(view, view->root, "facts");
    w4_view_fact(view, facts, "Device", "%s (%s)", run->device.name, run->device.provider);
    w4_view_fact(view, facts, "Device key", "%s", run->device.key);
    w4_view_fact(view, facts, "Times", "%s", w4_report_label(run));
    add_optional_fact(view, facts, "Timing model", run->device.model_key);
    if (run->clock_mhz > 0)
        w4_view_fact(view, facts, "Clock", "%.0f MHz", run->clock_mhz);
    w4_view_fact(view, facts, "Date", "%s", run->time_utc);
    w4_view_fact(view, facts, "Revision", "%s", run->git_revision);
    w4_view_fact(view, facts, "Suite", "%s, seed %llu", run->options.suite[0] ? run->options.suite : "-",
                 (unsigned long long)run->seed);
    add_optional_fact(view, facts, "Filter", run->options.filter);
    if (run->protocol.active)
        w4_view_fact(view, facts, "Protocol",
                     "%.0f MiB of weights rotated, warm-up of %.3g to %.3g s, windows of %.3g ms or more, until the "
                     "median is within %.2g %% or for %.3g s; order seed %llu",
                     (double)run->protocol.rotation_bytes / 1048576, run->protocol.warm_up_min_s,
                     run->protocol.warm_up_max_s, run->protocol.batch_min_ms, 100 * run->protocol.relative_error,
                     run->protocol.budget_s, (unsigned long long)run->order_seed);
    w4_view_fact(view, facts, "Kernels by", "%s",
                 run->toolchain.kernel_compiler_version[0] ? run->toolchain.kernel_compiler_version
                                                           : run->toolchain.kernel_compiler);
    add_optional_fact(view, facts, "Kernel flags", run->toolchain.kernel_flags);
    add_optional_fact(view, facts, "Host compiler", run->toolchain.host_compiler);
    add_optional_fact(view, facts, "Sensors", run->sensors);
#define X(member, words, bytes)                                                                                        \
    if (!run->device.modelled)                                                                                         \
        add_optional_fact(view, facts, words, run->fingerprint.member);
    W4_FINGERPRINT_FIELDS(X)
#undef X
}

typedef void (*line_writer)(const struct w4_report *report, FILE *out);

static void write_summary(const struct w4_report *report, FILE *out)
{
    w4_report_summary(report, out, "");
    w4_report_measurement(report, out, "");
}

static void write_trust(const struct w4_report *report, FILE *out)
{
    w4_report_trust(report, out, "");
    w4_report_published(report, out, "");
}

static void write_model_errors(const struct w4_report *report, FILE *out)
{
    w4_report_model_errors(report, out, "");
}

// A list of texts from the lines that a writer shared with the other reports makes.
static void add_lines(struct w4_view *view, const char *key, const struct w4_report *report, line_writer write)
{
    json_t *list = w4_view_list(view, view->root, key);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out) {
        view->failed = true;
        return;
    }
    write(report, out);
    if (fclose(out) != 0)
        view->failed = true;
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        if (line[0] && json_array_append_new(list, json_string(line)) != 0)
            view->failed = true;
    }
    free(text);
}

static void add_head(struct w4_view *view, const struct w4_report *report)
{
    const struct w4_run *run = report->run;
    w4_view_text(view, view->root, "title", "%s: %s on %s", w4_gate_word(report->gate),
                 run->options.suite[0] ? run->options.suite : "w4bench", run->device.key);
    w4_view_text(view, view->root, "suite", "%s", run->options.suite);
    w4_view_text(view, view->root, "label", "%s", w4_report_label(run));
    w4_view_text(view, view->root, "device", "%s", run->device.key);
    w4_view_text(view, view->root, "obtained", "%s", run->device.modelled ? "modelled" : "measured");
    w4_view_text(view, view->root, "version", "%s", W4_VERSION);
    w4_view_text(view, view->root, "revision", "%s", run->git_revision);
    w4_view_text(view, view->root, "time_utc", "%s", run->time_utc);
    w4_view_flag(view, view->root, "has_model_errors", report->errors && report->errors->count > 0);
    w4_view_text(view, view->root, "published", "%s",
                 report->published && report->published->label[0] ? report->published->label : "none at hand");
    w4_view_markup(view, view->root, "style", page_file("style"));
    w4_view_markup(view, view->root, "script", page_file("script"));
}

enum w4_status w4_report_html(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error)
{
    (void)colours;
    struct w4_view view;
    w4_view_init(&view);
    add_head(&view, report);
    add_verdict(&view, report->gate);
    add_not_passed(&view, report->gate);
    add_facts(&view, report->run);
    add_lines(&view, "summary", report, write_summary);
    add_lines(&view, "trust", report, write_trust);
    add_lines(&view, "model_errors", report, write_model_errors);
    w4_html_add_table(&view, report);
    w4_html_add_details(&view, report);
    w4_html_add_plots(&view, report);
    enum w4_status status = view.failed
                                ? w4_fail(error, W4_MEMORY, "out of memory for the HTML report")
                                : w4_template_write("reports/html/page.html", page_file("page"), view.root, out, error);
    w4_view_fini(&view);
    return status;
}
