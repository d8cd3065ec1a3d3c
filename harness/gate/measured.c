// Screen and confirmation of one case.
#include "measured.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../anchors.h"
#include "../text.h"
#include "blocks.h"
#include "expected.h"

static bool is_held_against(const struct w4_run *run, const struct w4_baseline_entry *entry)
{
    for (size_t i = 0; i < run->case_count; ++i) {
        if (strcmp(run->cases[i].test.id, entry->id) == 0)
            return true;
    }
    return w4_gate_expects(&run->options, entry);
}

enum w4_status w4_gate_check_machine(const struct w4_run *run, const struct w4_baselines *baselines,
                                     struct w4_error *error)
{
    for (size_t i = 0; i < baselines->count; ++i) {
        const struct w4_baseline_entry *entry = &baselines->entries[i];
        const struct w4_baseline_machine *machine = w4_baselines_machine(baselines, entry->now.machine);
        char fields[512];
        if (!machine || !is_held_against(run, entry) ||
            !w4_fingerprint_differs(&machine->fingerprint, &run->fingerprint, fields, sizeof(fields)))
            continue;
        return w4_fail(error, W4_USAGE,
                       "the machine is not the one of the baseline of %s (%s): %s; put it back, or accept baselines of "
                       "the changed machine (w4bench baseline merge)",
                       entry->id, entry->now.date, fields);
    }
    return W4_OK;
}

static bool is_same_code(const struct w4_gate_item *item)
{
    const struct w4_baseline_version *now = &item->entry->now;
    return strcmp(now->code_object_hash, item->result->code_object_hash) == 0 &&
           strcmp(now->variant, item->result->variant) == 0;
}

void w4_gate_screen(struct w4_gate_item *item, const struct w4_run *run)
{
    struct w4_gate_evidence *evidence = &item->evidence;
    const struct w4_baseline_version *before = &item->entry->now;
    const struct w4_result *result = item->result;
    const enum w4_anchor anchor = w4_anchor_for(&result->test.shape, &run->protocol);
    const double anchor_before_ms = anchor == W4_ANCHOR_WMMA ? before->anchor_wmma_ms : before->anchor_bandwidth_ms;
    const double anchor_now_ms = w4_anchor_time_ms(&result->measured, anchor);
    const double before_ms = w4_shape_flop(&result->test.shape) / (before->tflops * 1e12) * 1e3;
    const double delta = w4_log_of_loss(item->tolerance);
    evidence->screened = true;
    evidence->same_code = is_same_code(item);
    evidence->anchored = anchor_before_ms > 0 && anchor_now_ms > 0;
    evidence->log_change = w4_screen_change(item->figures.time_ms, before_ms, evidence->anchored ? anchor_now_ms : 1,
                                            evidence->anchored ? anchor_before_ms : 1);
    evidence->log_threshold = w4_screen_threshold(delta, before->spread > 0 ? before->spread : NAN,
                                                  w4_log_of_loss(W4_SCREEN_LOSS), W4_SCREEN_MISS);
    evidence->screen = w4_screen_of(evidence->log_change, evidence->log_threshold, delta);
}

static double percent(double log_ratio)
{
    return -100 * w4_loss_of_log(log_ratio);
}

// "20.1 TFLOPS, baseline 22.3 of 2026-01-31: -9.8 % (-9.1 % against the anchor; tolerance 5 %)"
static void write_screen(struct w4_gate_item *item)
{
    char anchored[64] = "no anchor";
    if (item->evidence.anchored)
        snprintf(anchored, sizeof(anchored), "%+.1f %% against the anchor", percent(item->evidence.log_change));
    snprintf(item->note, sizeof(item->note), "%.4g TFLOPS, baseline %.4g of %s: %+.1f %% (%s; tolerance %.3g %%)",
             item->figures.tflops, item->entry->now.tflops, item->entry->now.date, 100 * item->change, anchored,
             100 * item->tolerance);
}

static void add_note(struct w4_gate_item *item, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_note(struct w4_gate_item *item, const char *format, ...)
{
    size_t used = strlen(item->note);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(item->note + used, sizeof(item->note) - used, format, arguments);
    va_end(arguments);
}

// The same code object on the same geometry: whatever moved, the code did not. Small moves are the machine's noise.
static void judge_same_code(struct w4_gate_item *item)
{
    const double delta = w4_log_of_loss(item->tolerance);
    if (fabs(item->evidence.log_change) <= delta) {
        item->verdict = W4_VERDICT_PASS;
        return;
    }
    item->verdict = W4_VERDICT_DRIFT;
    write_screen(item);
    add_note(item, "; the code object is the same: machine or driver, no regression");
}

static void write_confirmation(struct w4_gate_item *item, const struct w4_block_decision *decision)
{
    const struct w4_interval *interval = &decision->interval;
    if (isfinite(interval->lower) && isfinite(interval->upper))
        add_note(item, "; A/B of %zu blocks: %+.2f %% [%+.2f, %+.2f]", item->evidence.blocks, percent(interval->median),
                 percent(interval->upper), percent(interval->lower));
    else
        add_note(item, "; A/B of %zu blocks: %+.2f %%", item->evidence.blocks, percent(interval->median));
}

static void judge_blocks(struct w4_gate_item *item, const struct w4_block_design *design,
                         const struct w4_block_values *values)
{
    static const enum w4_verdict by_outcome[W4_OUTCOME_COUNT] = {
        [W4_OUTCOME_PASS] = W4_VERDICT_PASS,         [W4_OUTCOME_FAIL] = W4_VERDICT_FAIL,
        [W4_OUTCOME_IMPROVED] = W4_VERDICT_IMPROVED, [W4_OUTCOME_INCONCLUSIVE] = W4_VERDICT_INCONCLUSIVE,
        [W4_OUTCOME_DRIFT] = W4_VERDICT_DRIFT,
    };
    const struct w4_block_decision decision = w4_block_decide(design, values->d, values->count, false);
    item->evidence.blocks = values->count;
    item->evidence.interval = decision.interval;
    item->evidence.pass_upper = decision.pass_upper;
    // More blocks were asked for and never came: nothing was settled.
    item->verdict = decision.more_blocks ? W4_VERDICT_INCONCLUSIVE : by_outcome[decision.outcome];
    write_screen(item);
    if (values->count > 0)
        write_confirmation(item, &decision);
    if (item->verdict == W4_VERDICT_INCONCLUSIVE && values->failed > 0)
        add_note(item, "; a block failed: %s", values->message);
    else if (item->verdict == W4_VERDICT_INCONCLUSIVE)
        add_note(item, decision.more_blocks ? "; it was not confirmed to the end" : "; not settled within %zu blocks",
                 design->cap_blocks);
    if (item->verdict == W4_VERDICT_IMPROVED)
        add_note(item, "; `w4bench baseline accept` takes it over");
}

enum w4_status w4_gate_judge_measured(struct w4_gate_item *item, const struct w4_run *run, struct w4_error *error)
{
    struct w4_block_values values;
    item->change = item->figures.tflops / item->entry->now.tflops - 1;
    w4_gate_screen(item, run);
    if (item->evidence.screen == W4_SCREEN_CLEAR) {
        item->verdict = W4_VERDICT_PASS;
        return W4_OK;
    }
    if (item->evidence.same_code) {
        judge_same_code(item);
        return W4_OK;
    }
    if (!run->gate_plan.active) {
        item->verdict = W4_VERDICT_INCONCLUSIVE;
        write_screen(item);
        add_note(item, "; flagged, and nothing confirmed it: run `w4bench gate` on the machine");
        return W4_OK;
    }
    const struct w4_block_design design = w4_gate_design(&run->gate_plan, item->tolerance);
    enum w4_status status =
        w4_block_values_of(&item->result->measured, W4_KIND_CONFIRM, item->entry->now.code_object_hash,
                           item->result->code_object_hash, &values, error);
    if (status == W4_OK)
        judge_blocks(item, &design, &values);
    free(values.d);
    return status;
}
