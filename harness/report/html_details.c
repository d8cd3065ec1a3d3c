// The details of each case: groups of facts, and its samples as a strip of dots. A fact that was not obtained is left
// out.
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "../../statistics/order.h"
#include "../text.h"
#include "html.h"

typedef void (*group_function)(struct w4_view *view, json_t *facts, const struct w4_report *report,
                               const struct w4_gate_item *item);

static void add_gemm(struct w4_view *view, json_t *facts, const struct w4_report *report,
                     const struct w4_gate_item *item)
{
    (void)report;
    const struct w4_shape *shape = &item->result->test.shape;
    w4_view_fact(view, facts, "M \xc3\x97 N \xc3\x97 K", "%" PRId64 " \xc3\x97 %" PRId64 " \xc3\x97 %" PRId64, shape->m,
                 shape->n, shape->k);
    w4_view_fact(view, facts, "activations", "%s", w4_text_dtype(shape->dtype));
    w4_view_fact(view, facts, "weights a scale", "%" PRId64, shape->group_size);
    w4_view_fact(view, facts, "zero points", "%s", shape->zero_point ? "yes" : "no (symmetric)");
    w4_view_fact(view, facts, "row pitch A, C", "%" PRId64 ", %" PRId64 " elements", shape->a_pitch, shape->c_pitch);
    w4_view_fact(view, facts, "row pitch W, scales", "%" PRId64 " words, %" PRId64 " elements", shape->w_pitch,
                 shape->scale_pitch);
}

static void add_kernel(struct w4_view *view, json_t *facts, const struct w4_report *report,
                       const struct w4_gate_item *item)
{
    (void)report;
    const struct w4_result *result = item->result;
    char tile[W4_TILE_TEXT_MAX];
    w4_report_tile(&result->tile, tile);
    w4_view_fact(view, facts, "rule table", "%s", result->test.kernel);
    if (result->variant[0])
        w4_view_fact(view, facts, "variant", "%s", result->variant);
    w4_view_fact(view, facts, "tile", "%s", tile);
    if (result->code_object_hash[0])
        w4_view_fact(view, facts, "code object", "%s", result->code_object_hash);
    if (result->occupancy_waves_per_simd > 0)
        w4_view_fact(view, facts, "waves a SIMD", "%.3g%s%s", result->occupancy_waves_per_simd,
                     result->modelled.limiter[0] ? ", limited by " : "", result->modelled.limiter);
}

static void add_timing(struct w4_view *view, json_t *facts, const struct w4_report *report,
                       const struct w4_gate_item *item)
{
    const struct w4_figures *figures = &item->figures;
    if (!figures->timed)
        return;
    w4_view_fact(view, facts, "time", "%.5g ms (%s)", figures->time_ms, w4_report_label(report->run));
    w4_view_fact(view, facts, "rate", "%.2f TFLOPS", figures->tflops);
    w4_view_fact(view, facts, "weights read", "%.1f GB/s", figures->weight_gbs);
    if (item->result->cycles > 0)
        w4_view_fact(view, facts, "cycles", "%.0f", item->result->cycles);
    if (figures->flop_per_clock_cu > 0)
        w4_view_fact(view, facts, "FLOP/clk/CU", "%.1f (%.1f %% of 480)", figures->flop_per_clock_cu,
                     100 * figures->ceiling_share);
}

static void add_time_shares(struct w4_view *view, json_t *facts, const struct w4_report *report,
                            const struct w4_gate_item *item)
{
    (void)report;
    const struct w4_modelled *modelled = &item->result->modelled;
    if (modelled->workgroups_timed == 0)
        return;
#define X(member, words, source) w4_view_fact(view, facts, words, "%.1f %%", 100 * modelled->member);
    W4_TIME_SHARES(X)
#undef X
    w4_view_fact(view, facts, "from", "%" PRIu64 " workgroups, in %.1f s of the host", modelled->workgroups_timed,
                 modelled->timing_seconds);
}

static void add_bytes(struct w4_view *view, json_t *facts, const struct w4_report *report,
                      const struct w4_gate_item *item)
{
    (void)report;
    const struct w4_modelled *modelled = &item->result->modelled;
    if (modelled->workgroups_timed == 0)
        return;
#define X(member, words, source) w4_view_fact(view, facts, "from " words, "%.4g MB", modelled->member * 1e-6);
    W4_LEVELS(X)
#undef X
    if (item->figures.timed)
        w4_view_fact(view, facts, "DRAM rate", "%.1f GB/s", modelled->dram_bytes / item->figures.time_ms * 1e-6);
}

static void add_baseline(struct w4_view *view, json_t *facts, const struct w4_report *report,
                         const struct w4_gate_item *item)
{
    const struct w4_baseline_entry *entry = item->entry;
    const struct w4_published_entry *published =
        item->result && report->published ? w4_published_find(report->published, &item->result->test) : NULL;
    if (entry) {
        w4_view_fact(view, facts, "stored", "%.2f TFLOPS, %s", entry->now.tflops, entry->now.date);
        w4_view_fact(view, facts, "tolerance", "%.3g %%", 100 * item->tolerance);
        if (item->figures.timed)
            w4_view_fact(view, facts, "change", "%+.2f %%", w4_report_shown_percent(item->change));
        if (entry->log_count > 0 && isfinite(item->frog.best))
            w4_view_fact(view, facts, "against the best", "%+.2f %%", w4_report_shown_percent(item->frog.best));
        if (entry->log_count > 0 && isfinite(item->frog.old))
            w4_view_fact(view, facts, "against 30 nights ago", "%+.2f %%", w4_report_shown_percent(item->frog.old));
        if (entry->now.nights > 1)
            w4_view_fact(view, facts, "median of", "%d nights", (int)entry->now.nights);
        if (entry->quarantine_until[0])
            w4_view_fact(view, facts, "quarantine", "until %s%s: %s", entry->quarantine_until,
                         item->quarantine_expired ? ", which is over" : "", entry->quarantine_reason);
        w4_view_fact(view, facts, "accepted because", "%s", entry->now.reason[0] ? entry->now.reason : "-");
        w4_view_fact(view, facts, "its code object", "%s",
                     entry->now.code_object_hash[0] ? entry->now.code_object_hash : "unknown");
    }
    if (published)
        w4_view_fact(view, facts, "published*", "%.1f TFLOPS (%s, %s)", published->tflops, published->variant,
                     published->source);
}

// What the verdict of a measured device rests on.
static void add_decision(struct w4_view *view, json_t *facts, const struct w4_report *report,
                         const struct w4_gate_item *item)
{
    (void)report;
    const struct w4_gate_evidence *evidence = &item->evidence;
    if (!evidence->screened)
        return;
    w4_view_fact(view, facts, "time against stored", "%+.2f %%%s", 100 * expm1(evidence->log_change),
                 evidence->anchored ? ", the anchors' change taken off" : "");
    w4_view_fact(view, facts, "flagged beyond", "%+.2f %%", 100 * expm1(evidence->log_threshold));
    w4_view_fact(view, facts, "code object", "%s", evidence->same_code ? "the baseline's own" : "another one");
    if (evidence->blocks == 0)
        return;
    w4_view_fact(view, facts, "A/B blocks", "%zu, in fresh processes", evidence->blocks);
    w4_view_fact(view, facts, "time, new over old", "%+.2f %% (%+.2f to %+.2f %%)",
                 100 * expm1(evidence->interval.median), 100 * expm1(evidence->interval.lower),
                 100 * expm1(evidence->interval.upper));
}

static void add_verification(struct w4_view *view, json_t *facts, const struct w4_report *report,
                             const struct w4_gate_item *item)
{
    (void)report;
    const struct w4_result *result = item->result;
    const struct w4_verification *found = &result->verification;
    w4_view_fact(view, facts, "state", "%s", w4_case_state_name(result->state));
    if (found->judged == 0)
        return;
    w4_view_fact(view, facts, "worst error/bound", "%.4g at row %" PRId64 ", column %" PRId64, found->worst_ratio,
                 found->worst_m, found->worst_n);
    w4_view_fact(view, facts, "judged", "%" PRIu64 " elements", found->judged);
    w4_view_fact(view, facts, "beyond the bound", "%" PRIu64, found->beyond);
    w4_view_fact(view, facts, "not written", "%" PRIu64, found->unwritten);
    w4_view_fact(view, facts, "guard bytes hurt", "%" PRIu64, found->guard_damage);
    w4_view_fact(view, facts, "workgroups", "%" PRIu64 " of %" PRIu64, result->workgroups_run, result->workgroups);
    w4_view_fact(view, facts, "host time", "%.2f s", result->host_seconds);
}

// Lowest, median and highest of what one sensor said; nothing when it said nothing.
static void add_sensor(struct w4_view *view, json_t *facts, const struct w4_measured *measured, const char *name,
                       size_t offset, const char *unit, double scale)
{
    double *values = calloc(measured->reading_count + 1, sizeof(*values));
    size_t count = 0;
    if (!values) {
        view->failed = true;
        return;
    }
    double low = INFINITY;
    double high = -INFINITY;
    for (size_t i = 0; i < measured->reading_count; ++i) {
        double value = *(const double *)((const char *)&measured->readings[i] + offset);
        if (!isfinite(value))
            continue;
        values[count++] = value;
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (count > 0)
        w4_view_fact(view, facts, name, "%.4g %s (%.4g to %.4g)", scale * w4_median(values, count), unit, scale * low,
                     scale * high);
    free(values);
}

static void add_measurement(struct w4_view *view, json_t *facts, const struct w4_report *report,
                            const struct w4_gate_item *item)
{
    static const struct {
        const char *name, *unit;
        size_t offset;
        double scale;
    } sensors[] = {
        {"engine clock", "MHz", offsetof(struct w4_reading, engine_mhz), 1},
        {"memory clock", "MHz", offsetof(struct w4_reading, memory_mhz), 1},
        {"package power", "W", offsetof(struct w4_reading, power_w), 1},
        {"temperature",
         "\xc2\xb0"
         "C",
         offsetof(struct w4_reading, temperature_c), 1},
        {"host load", "%", offsetof(struct w4_reading, cpu_load), 100},
    };
    const struct w4_measured *measured = &item->result->measured;
    if (report->run->device.modelled)
        return;
    if (measured->run_position >= 0)
        w4_view_fact(view, facts, "run as number", "%d", (int)measured->run_position + 1);
    if (measured->warm_up_s > 0)
        w4_view_fact(view, facts, "warm-up", "%.2f s", measured->warm_up_s);
    if (measured->window_count > 0)
        w4_view_fact(view, facts, "windows", "%zu, the first of %d launches over %d buffers", measured->window_count,
                     (int)measured->windows[0].launches, (int)measured->windows[0].buffers);
    for (size_t i = 0; i < sizeof(sensors) / sizeof(sensors[0]); ++i)
        add_sensor(view, facts, measured, sensors[i].name, sensors[i].offset, sensors[i].unit, sensors[i].scale);
    if (measured->anchor_wmma_count > 0)
        w4_view_fact(view, facts, "WMMA anchor", "%.4g ms",
                     w4_median(measured->anchor_wmma_ms, measured->anchor_wmma_count));
    if (measured->anchor_bandwidth_count > 0)
        w4_view_fact(view, facts, "bandwidth anchor", "%.4g ms",
                     w4_median(measured->anchor_bandwidth_ms, measured->anchor_bandwidth_count));
    if (measured->hot_sample_count > 0)
        w4_view_fact(view, facts, "hot, not compared", "%.4g ms",
                     w4_median(measured->hot_samples_ms, measured->hot_sample_count));
    for (int i = 0; i < W4_MARK_COUNT; ++i) {
        if (measured->marks & (1U << i))
            w4_view_fact(view, facts, "mark", "%s", w4_mark_words((enum w4_mark_bit)i));
    }
}

static const struct {
    const char *title;
    bool needs_result;
    group_function add;
} groups[] = {
    {"GEMM", true, add_gemm},
    {"Kernel", true, add_kernel},
    {"Timing", true, add_timing},
    {"Where SIMD time goes", true, add_time_shares},
    {"Bytes", true, add_bytes},
    {"Baseline", false, add_baseline},
    {"Decision", true, add_decision},
    {"Verification", true, add_verification},
    {"Measurement", true, add_measurement},
};

static void add_groups(struct w4_view *view, json_t *detail, const struct w4_report *report,
                       const struct w4_gate_item *item)
{
    json_t *list = w4_view_list(view, detail, "groups");
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); ++i) {
        if (groups[i].needs_result && !item->result)
            continue;
        json_t *group = w4_view_item(view, list);
        w4_view_text(view, group, "title", "%s", groups[i].title);
        json_t *facts = w4_view_list(view, group, "facts");
        groups[i].add(view, facts, report, item);
        if (json_array_size(facts) == 0 && json_array_remove(list, json_array_size(list) - 1) != 0)
            view->failed = true;
    }
}

// Samples in their order from top to bottom, times from left to right; the strip is 300 wide.
static void add_samples(struct w4_view *view, json_t *detail, const struct w4_result *result)
{
    enum { TOP = 10, ROWS = 6, SHOWN_MAX = 200 };
    const double left = 10;
    const double width = 280;
    if (result->sample_count < 2)
        return;
    double low = result->samples_ms[0];
    double high = low;
    for (size_t i = 0; i < result->sample_count; ++i) {
        low = fmin(low, result->samples_ms[i]);
        high = fmax(high, result->samples_ms[i]);
    }
    double scale = high > low ? width / (high - low) : 0;
    double median = w4_median(result->samples_ms, result->sample_count);
    json_t *samples = w4_view_object(view, detail, "samples");
    w4_view_text(view, samples, "low", "%.5g ms", low);
    w4_view_text(view, samples, "high", "%.5g ms", high);
    w4_view_text(view, samples, "median", "%.1f", left + (median - low) * scale);
    size_t step = (result->sample_count + SHOWN_MAX - 1) / SHOWN_MAX;
    char shown[48] = "";
    if (step > 1)
        snprintf(shown, sizeof(shown), "; one dot for %zu", step);
    w4_view_text(view, samples, "description", "%zu samples, median %.5g ms, range %.2f %% of it%s",
                 result->sample_count, median, 100 * (high - low) / median, shown);
    json_t *dots = w4_view_list(view, samples, "dots");
    for (size_t i = 0; i < result->sample_count; i += step) {
        json_t *dot = w4_view_item(view, dots);
        w4_view_text(view, dot, "x", "%.1f", left + (result->samples_ms[i] - low) * scale);
        w4_view_text(view, dot, "y", "%d", (int)(TOP + 3 * (i / step % ROWS)));
    }
}

void w4_html_add_details(struct w4_view *view, const struct w4_report *report)
{
    json_t *list = w4_view_list(view, view->root, "details");
    for (size_t i = 0; i < report->gate->count; ++i) {
        const struct w4_gate_item *item = &report->gate->items[i];
        char anchor[W4_HTML_ANCHOR_MAX];
        json_t *detail = w4_view_item(view, list);
        w4_html_anchor(i, anchor);
        w4_view_text(view, detail, "anchor", "%s", anchor);
        w4_view_text(view, detail, "id", "%s", item->id);
        w4_view_text(view, detail, "word", "%s", w4_verdict_word(item->verdict));
        w4_view_text(view, detail, "tone", "%s", w4_html_tone(item->verdict));
        w4_view_text(view, detail, "note", "%s", item->note);
        w4_view_text(view, detail, "figure", "%s", "");
        if (item->figures.timed)
            w4_view_text(view, detail, "figure", "%.2f TFLOPS", item->figures.tflops);
        add_groups(view, detail, report, item);
        if (item->result)
            add_samples(view, detail, item->result);
    }
}
