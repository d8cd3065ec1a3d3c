// The report as JSON: verdicts and derived figures for programs. Raw samples stay in the result file.
#include <jansson.h>
#include <math.h>

#include "report.h"

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

// What the execution-driven model says besides the time.
static json_t *modelled_to_json(const struct w4_result *result)
{
    const struct w4_modelled *modelled = &result->modelled;
    json_t *object = json_pack("{s:f, s:f, s:s, s:I}", "cycles", result->cycles, "occupancy_waves_per_simd",
                               result->occupancy_waves_per_simd, "limiter", modelled->limiter, "workgroups_timed",
                               (json_int_t)modelled->workgroups_timed);
    int failed = !object;
#define X(member, words, source) failed |= json_object_set_new(object, #member, number(modelled->member));
    W4_TIME_SHARES(X)
    W4_LEVELS(X)
#undef X
    if (!failed)
        return object;
    json_decref(object);
    return NULL;
}

// What a verdict on a measured device rests on; logarithms of time ratios, above 0 is slower.
static json_t *evidence_to_json(const struct w4_gate_evidence *evidence)
{
    if (!evidence->screened)
        return json_null();
    json_t *object = json_pack("{s:b, s:b, s:o, s:o, s:I}", "same_code", evidence->same_code, "anchored",
                               evidence->anchored, "log_change", number(evidence->log_change), "log_threshold",
                               number(evidence->log_threshold), "blocks", (json_int_t)evidence->blocks);
    if (object && evidence->blocks > 0 &&
        (json_object_set_new(object, "log_median", number(evidence->interval.median)) != 0 ||
         json_object_set_new(object, "log_lower", number(evidence->interval.lower)) != 0 ||
         json_object_set_new(object, "log_upper", number(evidence->interval.upper)) != 0)) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *item_to_json(const struct w4_report *report, const struct w4_gate_item *item)
{
    json_t *object =
        json_pack("{s:s, s:s, s:s}", "id", item->id, "verdict", w4_verdict_word(item->verdict), "note", item->note);
    if (!object)
        return NULL;
    int failed = json_object_set_new(object, "tolerance", number(item->tolerance));
    if (item->entry) {
        failed |= json_object_set_new(object, "baseline_tflops", number(item->entry->now.tflops));
        failed |= json_object_set_new(object, "change_best", number(item->frog.best));
        failed |= json_object_set_new(object, "change_30_nights", number(item->frog.old));
        failed |= json_object_set_new(object, "quarantined", json_boolean(item->quarantined));
        failed |= json_object_set_new(object, "change", item->figures.timed ? number(item->change) : json_null());
    }
    if (item->result) {
        const struct w4_published_entry *published =
            report->published ? w4_published_find(report->published, &item->result->test) : NULL;
        failed |= json_object_set_new(object, "state", json_string(w4_case_state_name(item->result->state)));
        failed |= json_object_set_new(object, "variant", json_string(item->result->variant));
        failed |= json_object_set_new(object, "worst_ratio", number(item->result->verification.worst_ratio));
        failed |= json_object_set_new(object, "evidence", evidence_to_json(&item->evidence));
        failed |= json_object_set_new(object, "published_tflops", published ? number(published->tflops) : json_null());
    }
    if (item->figures.timed) {
        failed |= json_object_set_new(object, "time_ms", number(item->figures.time_ms));
        failed |= json_object_set_new(object, "tflops", number(item->figures.tflops));
        failed |= json_object_set_new(object, "weight_gbs", number(item->figures.weight_gbs));
        failed |= json_object_set_new(object, "flop_per_clock_cu", number(item->figures.flop_per_clock_cu));
        failed |= json_object_set_new(object, "ceiling_share", number(item->figures.ceiling_share));
    }
    if (item->result && item->result->modelled.workgroups_timed)
        failed |= json_object_set_new(object, "modelled", modelled_to_json(item->result));
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *counts_to_json(const struct w4_gate *gate)
{
    json_t *counts = json_object();
    for (int i = 0; i < W4_VERDICT_COUNT && counts; ++i) {
        if (json_object_set_new(counts, w4_verdict_word((enum w4_verdict)i),
                                json_integer((json_int_t)gate->counts[i])) != 0) {
            json_decref(counts);
            return NULL;
        }
    }
    return counts;
}

enum w4_status w4_report_json(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error)
{
    (void)colours;
    const struct w4_run *run = report->run;
    json_t *cases = json_array();
    int failed = !cases;
    for (size_t i = 0; !failed && i < report->gate->count; ++i)
        failed = json_array_append_new(cases, item_to_json(report, &report->gate->items[i]));
    json_t *root = json_pack("{s:i, s:s, s:i, s:s, s:s, s:s, s:s, s:b}", "schema", 1, "verdict",
                             w4_gate_word(report->gate), "exit_code", w4_gate_exit_code(report->gate), "device",
                             run->device.key, "times", w4_report_label(run), "revision", run->git_revision, "time_utc",
                             run->time_utc, "gated", report->gate->gated);
    if (root && report->gate->controls.text[0])
        failed |= json_object_set_new(root, "controls", json_string(report->gate->controls.text)) != 0;
    failed |= !root || json_object_set_new(root, "counts", counts_to_json(report->gate)) != 0;
    failed |= !root || json_object_set(root, "cases", cases) != 0;
    if (!failed)
        failed = json_dumpf(root, out, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(7)) != 0 ||
                 fputc('\n', out) == EOF;
    json_decref(cases);
    json_decref(root);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory (or disk) while writing the JSON report") : W4_OK;
}
