// What the reader should take away: counts, speed-up of the tuned kernel, distance to the ceiling, and how far the
// figures can be trusted.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../model_errors.h"
#include "report.h"

struct trust_row {
    const char *model_key_prefix, *text;
};

// Known timing models by the beginning of their key.
static const struct trust_row trust_rows[] = {
    {"issue", "modelled (issue only): the cycles that the SIMDs need to issue the kernel's instructions, at the waves "
              "that fit. Latency, dependencies, bank conflicts, caches, DRAM bandwidth and row strides cost nothing in "
              "this model: its TFLOPS are upper bounds. It shows a change in the work that a kernel issues; it cannot "
              "rank kernels that differ in how they hide latency, and says nothing of memory-bound shapes (small M)."},
    {"cycles", "modelled (cycles): workgroups are run instruction by instruction on the whole modelled chip, memory "
               "included; large launches are extrapolated from a steady part. docs/model-validation.md says what it "
               "was compared with on hardware, and with what errors."},
};

static const char *trust_text(const struct w4_run *run)
{
    if (!run->device.modelled)
        return "measured: medians of windows of launches between the device's events, after the clock had settled; "
               "weights, scales and zero points rotate through more memory than the caches hold, activations stay hot. "
               "A case that bears a mark deserves less trust (docs/measuring.md).";
    for (size_t i = 0; i < sizeof(trust_rows) / sizeof(trust_rows[0]); ++i) {
        if (strncmp(run->device.model_key, trust_rows[i].model_key_prefix, strlen(trust_rows[i].model_key_prefix)) == 0)
            return trust_rows[i].text;
    }
    return "modelled: predicted by the timing model that the device key names, not read from hardware; docs/ says how "
           "good it is.";
}

const char *w4_report_label(const struct w4_run *run)
{
    if (!run->device.modelled)
        return "measured";
    return run->device.model_label[0] ? run->device.model_label : "modelled";
}

static const struct w4_result *find_partner(const struct w4_run *run, const struct w4_result *from, const char *kernel)
{
    char key[320];
    char other[320];
    w4_case_shape_key(&from->test, key, sizeof(key));
    for (size_t i = 0; i < run->case_count; ++i) {
        const struct w4_result *result = &run->cases[i];
        w4_case_shape_key(&result->test, other, sizeof(other));
        if (result->state == W4_CASE_OK && strcmp(result->test.kernel, kernel) == 0 && strcmp(key, other) == 0)
            return result;
    }
    return NULL;
}

double w4_report_speed_up(const struct w4_run *run, const char *model, const char *from, const char *to, size_t *pairs)
{
    double sum = 0;
    *pairs = 0;
    for (size_t i = 0; i < run->case_count; ++i) {
        const struct w4_result *result = &run->cases[i];
        if (result->state != W4_CASE_OK || strcmp(result->test.kernel, from) != 0 ||
            strcmp(result->test.model, model) != 0)
            continue;
        const struct w4_result *partner = find_partner(run, result, to);
        struct w4_figures before;
        struct w4_figures after;
        w4_figures_of(result, &before);
        if (!partner || !before.timed)
            continue;
        w4_figures_of(partner, &after);
        if (!after.timed)
            continue;
        sum += log(before.time_ms / after.time_ms);
        ++*pairs;
    }
    return *pairs ? exp(sum / (double)*pairs) : NAN;
}

static bool is_first_of_model(const struct w4_run *run, size_t index)
{
    for (size_t i = 0; i < index; ++i) {
        if (strcmp(run->cases[i].test.model, run->cases[index].test.model) == 0)
            return false;
    }
    return true;
}

// The same ratio over the shapes of a model for which others published both kernels, beside ours on just these.
static void write_published_speed_up(const struct w4_report *report, FILE *out, const char *bullet, const char *model,
                                     const char *const kernels[2])
{
    const struct w4_run *run = report->run;
    double ours = 0;
    double theirs = 0;
    size_t pairs = 0;
    for (size_t i = 0; report->published && i < run->case_count; ++i) {
        const struct w4_result *result = &run->cases[i];
        if (result->state != W4_CASE_OK || strcmp(result->test.kernel, kernels[0]) != 0 ||
            strcmp(result->test.model, model) != 0)
            continue;
        const struct w4_result *partner = find_partner(run, result, kernels[1]);
        const struct w4_published_entry *from = w4_published_find(report->published, &result->test);
        const struct w4_published_entry *to = partner ? w4_published_find(report->published, &partner->test) : NULL;
        struct w4_figures before;
        struct w4_figures after;
        if (!from || !to || strcmp(from->kernel, kernels[0]) != 0 || strcmp(to->kernel, kernels[1]) != 0)
            continue;
        w4_figures_of(result, &before);
        w4_figures_of(partner, &after);
        if (!before.timed || !after.timed)
            continue;
        ours += log(before.time_ms / after.time_ms);
        theirs += log(to->tflops / from->tflops);
        ++pairs;
    }
    if (pairs > 0)
        fprintf(out, "%s%s: published for %zu of these shapes: %.3fx (here, on the same: %.3fx)\n", bullet, model,
                pairs, exp(theirs / (double)pairs), exp(ours / (double)pairs));
}

static void write_speed_ups(const struct w4_report *report, FILE *out, const char *bullet)
{
    static const char *const kernel_pairs[][2] = {{"baseline", "tuned"}, {"before", "after"}};
    const struct w4_run *run = report->run;
    for (size_t p = 0; p < sizeof(kernel_pairs) / sizeof(kernel_pairs[0]); ++p) {
        for (size_t i = 0; i < run->case_count; ++i) {
            const char *model = run->cases[i].test.model;
            size_t pairs = 0;
            if (!is_first_of_model(run, i))
                continue;
            double speed_up = w4_report_speed_up(run, model, kernel_pairs[p][0], kernel_pairs[p][1], &pairs);
            if (pairs == 0)
                continue;
            fprintf(out, "%s%s: %s over %s, geometric mean of %zu shapes: %.3fx\n", bullet, model, kernel_pairs[p][1],
                    kernel_pairs[p][0], pairs, speed_up);
            write_published_speed_up(report, out, bullet, model, kernel_pairs[p]);
        }
    }
}

static bool has_published(const struct w4_report *report)
{
    for (size_t i = 0; report->published && i < report->run->case_count; ++i) {
        if (w4_published_find(report->published, &report->run->cases[i].test))
            return true;
    }
    return false;
}

static void write_ceiling(const struct w4_report *report, FILE *out, const char *bullet)
{
    const struct w4_gate_item *best = NULL;
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = &report->gate->items[i];
        if (item->result && item->result->state == W4_CASE_OK && item->figures.timed &&
            (!best || item->figures.tflops > best->figures.tflops))
            best = item;
    }
    if (!best)
        return;
    fprintf(out, "%sbest: %.2f TFLOPS %s (%s), %.0f %% of the %.1f TFLOPS that WMMA alone reaches at 2.89 GHz", bullet,
            best->figures.tflops, w4_report_label(report->run), best->id,
            100 * best->figures.tflops / W4_WMMA_CEILING_TFLOPS, W4_WMMA_CEILING_TFLOPS);
    if (best->figures.flop_per_clock_cu > 0)
        fprintf(out, "; %.0f of %.0f FLOP/clk/CU", best->figures.flop_per_clock_cu, W4_WMMA_CEILING_FLOP_PER_CLOCK_CU);
    fputc('\n', out);
}

static size_t count_state(const struct w4_run *run, enum w4_case_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < run->case_count; ++i)
        count += run->cases[i].state == state;
    return count;
}

void w4_report_summary(const struct w4_report *report, FILE *out, const char *bullet)
{
    const struct w4_run *run = report->run;
    const size_t invalid = count_state(run, W4_CASE_INVALID);
    fprintf(out, "%s%zu cases: %zu right, %zu wrong, %zu failed to run, %zu skipped%s", bullet, run->case_count,
            count_state(run, W4_CASE_OK), count_state(run, W4_CASE_WRONG), count_state(run, W4_CASE_ERROR),
            count_state(run, W4_CASE_SKIPPED), run->interrupted ? " (interrupted)" : "");
    if (invalid > 0)
        fprintf(out, ", %zu invalid", invalid);
    fputc('\n', out);
    if (report->gate->controls.text[0])
        fprintf(out, "%s%s\n", bullet, report->gate->controls.text);
    write_speed_ups(report, out, bullet);
    if (report->prefill)
        w4_report_prefill(report->prefill, w4_report_label(run), out, bullet);
    write_ceiling(report, out, bullet);
}

void w4_report_trust(const struct w4_report *report, FILE *out, const char *bullet)
{
    fprintf(out, "%stimes are %s\n", bullet, trust_text(report->run));
}

void w4_report_published(const struct w4_report *report, FILE *out, const char *bullet)
{
    if (has_published(report))
        fprintf(out, "%spublished*: %s, another kernel in another language on the same shape\n", bullet,
                report->published->label);
}

void w4_report_model_errors(const struct w4_report *report, FILE *out, const char *bullet)
{
    for (size_t i = 0; report->errors && i < report->errors->count; ++i) {
        const struct w4_model_error_series *series = &report->errors->series[i];
        const struct w4_prediction_statistics *statistics = &series->statistics;
        fprintf(out, "%s%s: %zu figures, median error %.1f %%, 90th percentile %.1f %%, worst %+.1f %%", bullet,
                series->title, statistics->count, 100 * statistics->median, 100 * statistics->percentile_90,
                100 * statistics->worst);
        if (!isnan(statistics->kendall_tau))
            fprintf(out, ", Kendall tau %.2f", statistics->kendall_tau);
        fputs(series->fitted ? " (the model was fitted to them)\n" : " (the model was not fitted to them)\n", out);
    }
}

void w4_report_verdict_line(const struct w4_gate *gate, FILE *out)
{
    fprintf(out, "%s: %s -", gate->gated ? "gate" : "result", w4_gate_word(gate));
    const char *separator = " ";
    for (int i = 0; i < W4_VERDICT_COUNT; ++i) {
        if (gate->counts[i] == 0)
            continue;
        fprintf(out, "%s%zu %s", separator, gate->counts[i], w4_verdict_word((enum w4_verdict)i));
        separator = ", ";
    }
    if (gate->quarantined > 0)
        fprintf(out, "%s%zu in quarantine", separator, gate->quarantined);
    if (gate->quarantine_expired > 0)
        fprintf(out, " (%zu quarantines have run out)", gate->quarantine_expired);
    fprintf(out, "%sof %zu cases\n", gate->count ? " " : " nothing measured ", gate->count);
}
