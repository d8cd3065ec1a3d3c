// Verdicts of single cases and of a whole run against stored baselines.
#include "../gate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "blocks.h"
#include "expected.h"
#include "measured.h"

struct verdict_row {
    const char *word, *junit;
    int exit_code;
};

static const struct verdict_row verdict_rows[] = {
#define X(code, word, exit_code, junit) {word, junit, exit_code},
    W4_VERDICTS(X)
#undef X
};

const char *w4_verdict_word(enum w4_verdict verdict)
{
    return verdict_rows[verdict].word;
}

int w4_verdict_exit_code(enum w4_verdict verdict)
{
    return verdict_rows[verdict].exit_code;
}

const char *w4_verdict_junit(enum w4_verdict verdict)
{
    return verdict_rows[verdict].junit;
}

static void set_note(struct w4_gate_item *item, const char *text)
{
    w4_text_copy(item->note, sizeof(item->note), text);
}

// Modelled times are exact: one figure, no screen, no confirmation.
// A loss must be below base * (1 - tolerance), a gain above base * (1 + tolerance); NaN is neither and so a loss.
static void compare_exactly(struct w4_gate_item *item)
{
    double base = item->entry->now.tflops;
    double now = item->figures.tflops;
    item->change = now / base - 1;
    if (!(now >= base * (1 - item->tolerance)))
        item->verdict = W4_VERDICT_FAIL;
    else
        item->verdict = now > base * (1 + item->tolerance) ? W4_VERDICT_IMPROVED : W4_VERDICT_PASS;
    if (item->verdict == W4_VERDICT_PASS)
        return;
    bool same_code = strcmp(item->entry->now.code_object_hash, item->result->code_object_hash) == 0;
    snprintf(item->note, sizeof(item->note), "%.4g TFLOPS, baseline %.4g of %s: %+.1f %% (tolerance %.3g %%)%s", now,
             base, item->entry->now.date, 100 * item->change, 100 * item->tolerance,
             same_code ? "; the code object is the same" : "; the code object changed");
}

static enum w4_status judge_item(struct w4_gate_item *item, const struct w4_run *run, bool gated, double tolerance,
                                 struct w4_error *error)
{
    const struct w4_result *result = item->result;
    w4_figures_of(result, &item->figures);
    if (item->entry)
        w4_baseline_frog(item->entry, item->figures.timed ? item->figures.tflops : NAN, run->time_utc, &item->frog);
    item->tolerance = tolerance >= 0 ? tolerance : item->entry ? item->entry->tolerance : W4_DEFAULT_TOLERANCE;
    if (result->state != W4_CASE_OK) {
        static const enum w4_verdict by_state[] = {W4_VERDICT_PASS, W4_VERDICT_WRONG, W4_VERDICT_ERROR,
                                                   W4_VERDICT_MISSING, W4_VERDICT_INVALID};
        item->verdict = by_state[result->state];
        set_note(item, result->message);
    } else if (!item->figures.timed) {
        item->verdict = W4_VERDICT_MISSING;
        set_note(item, "no time was measured");
    } else if (!gated) {
        item->verdict = W4_VERDICT_UNGATED;
        item->change = item->entry ? item->figures.tflops / item->entry->now.tflops - 1 : 0;
    } else if (!item->entry) {
        item->verdict = W4_VERDICT_MISSING;
        set_note(item, "no baseline for this case: `w4bench baseline accept` makes one");
    } else if (run->device.modelled) {
        compare_exactly(item);
    } else {
        return w4_gate_judge_measured(item, run, error);
    }
    return W4_OK;
}

// What a quarantine excuses is timing: a wrong, broken or missing case stays what it is.
static bool is_excusable(enum w4_verdict verdict)
{
    static const bool excusable[W4_VERDICT_COUNT] = {
        [W4_VERDICT_PASS] = true, [W4_VERDICT_IMPROVED] = true,     [W4_VERDICT_DRIFT] = true,
        [W4_VERDICT_FAIL] = true, [W4_VERDICT_INCONCLUSIVE] = true, [W4_VERDICT_INVALID] = true,
    };
    return excusable[verdict];
}

static void apply_quarantine(struct w4_gate_item *item, const struct w4_run *run)
{
    enum w4_quarantine quarantine = w4_baseline_quarantine(item->entry, run->time_utc);
    if (quarantine == W4_QUARANTINE_NONE)
        return;
    item->quarantined = quarantine == W4_QUARANTINE_ACTIVE && is_excusable(item->verdict);
    item->quarantine_expired = quarantine == W4_QUARANTINE_EXPIRED;
    const char *words = "in quarantine, which excuses timing only,";
    if (item->quarantined)
        words = "in quarantine";
    else if (item->quarantine_expired)
        words = "no longer in quarantine, which was";
    size_t used = strlen(item->note);
    snprintf(item->note + used, sizeof(item->note) - used, "%s%s until %s: %s", used ? "; " : "", words,
             item->entry->quarantine_until, item->entry->quarantine_reason);
}

// "-6.2 % against the best baseline (22.3 of 2025-11-02)" behind what the note says already.
static void add_loss(struct w4_gate_item *item, double change, const struct w4_baseline_version *version,
                     const char *words)
{
    size_t used = strlen(item->note);
    // NaN: there is no such baseline. The last one is what the verdict is about.
    if (!(change < -item->tolerance) || version == &item->entry->now)
        return;
    snprintf(item->note + used, sizeof(item->note) - used, "%s%+.1f %% against %s (%.4g of %s)", used ? "; " : "",
             100 * change, words, version->tflops, version->date);
}

// A loss that no single night shows, because each stayed within its tolerance.
static void note_slow_loss(struct w4_gate_item *item)
{
    add_loss(item, item->frog.best, item->frog.best_version, "the best baseline");
    if (item->frog.old_version != item->frog.best_version)
        add_loss(item, item->frog.old, item->frog.old_version, "the baseline of 30 nights ago");
}

static void count_items(struct w4_gate *gate)
{
    for (size_t i = 0; i < gate->count; ++i) {
        const struct w4_gate_item *item = &gate->items[i];
        gate->quarantined += item->quarantined;
        gate->quarantine_expired += item->quarantine_expired;
        gate->counts[item->verdict] += !item->quarantined;
    }
}

static bool run_has(const struct w4_gate *gate, size_t count, const char *id)
{
    for (size_t i = 0; i < count; ++i) {
        if (strcmp(gate->items[i].id, id) == 0)
            return true;
    }
    return false;
}

static void add_missing(struct w4_gate *gate, const struct w4_run *run, const struct w4_baselines *baselines)
{
    for (size_t i = 0; i < baselines->count; ++i) {
        const struct w4_baseline_entry *entry = &baselines->entries[i];
        if (!w4_gate_expects(&run->options, entry) || run_has(gate, run->case_count, entry->id))
            continue;
        struct w4_gate_item *item = &gate->items[gate->count++];
        item->id = entry->id;
        item->entry = entry;
        item->frog = (struct w4_frog){.last = NAN, .best = NAN, .old = NAN};
        item->verdict = W4_VERDICT_MISSING;
        item->tolerance = entry->tolerance;
        snprintf(item->note, sizeof(item->note),
                 "has a baseline (%.4g TFLOPS of %s) and was not run: the suite does not hold it any "
                 "more; if it was deleted on purpose, `w4bench baseline remove` drops it",
                 entry->now.tflops, entry->now.date);
    }
}

static enum w4_status check_comparable(const struct w4_run *run, const struct w4_baselines *baselines,
                                       struct w4_error *error)
{
    if (strcmp(run->device.key, baselines->device_key) != 0)
        return w4_fail(error, W4_USAGE, "results of device \"%s\" cannot be held against baselines of device \"%s\"",
                       run->device.key, baselines->device_key);
    if (fabs(run->clock_mhz - baselines->clock_mhz) > 0)
        return w4_fail(error, W4_USAGE,
                       "results at %g MHz cannot be held against baselines at %g MHz: run with --clock-mhz %g",
                       run->clock_mhz, baselines->clock_mhz, baselines->clock_mhz);
    return run->device.modelled ? W4_OK : w4_gate_check_machine(run, baselines, error);
}

// A plan whose confirmations could never fail a case is refused, also when it comes from a file.
static enum w4_status check_plan(const struct w4_run *run, struct w4_error *error)
{
    if (!run->gate_plan.active)
        return W4_OK;
    const struct w4_block_design design = w4_gate_design(&run->gate_plan, W4_DEFAULT_TOLERANCE);
    return w4_block_check(&design, error);
}

enum w4_status w4_gate_decide(const struct w4_run *run, const struct w4_baselines *baselines, bool informational,
                              double tolerance, struct w4_gate *gate, struct w4_error *error)
{
    memset(gate, 0, sizeof(*gate));
    enum w4_status status = baselines ? check_comparable(run, baselines, error) : W4_OK;
    if (status == W4_OK)
        status = check_plan(run, error);
    if (status != W4_OK)
        return status;
    size_t capacity = run->case_count + (baselines ? baselines->count : 0) + 1;
    gate->items = calloc(capacity, sizeof(*gate->items));
    if (!gate->items)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu gate verdicts", capacity);
    gate->gated = baselines && !informational;
    for (size_t i = 0; i < run->case_count && status == W4_OK; ++i) {
        struct w4_gate_item *item = &gate->items[gate->count++];
        item->id = run->cases[i].test.id;
        item->result = &run->cases[i];
        item->entry = baselines ? w4_baselines_find(baselines, item->id) : NULL;
        item->frog = (struct w4_frog){.last = NAN, .best = NAN, .old = NAN};
        status = judge_item(item, run, gate->gated, tolerance, error);
        if (gate->gated && item->entry) {
            note_slow_loss(item);
            apply_quarantine(item, run);
        }
    }
    if (gate->gated)
        add_missing(gate, run, baselines);
    count_items(gate);
    if (status == W4_OK && gate->gated && !run->device.modelled)
        status = w4_gate_judge_controls(run, &gate->controls, error);
    return status;
}

void w4_gate_fini(struct w4_gate *gate)
{
    free(gate->items);
    gate->items = NULL;
    gate->count = 0;
}

static enum w4_verdict worst_verdict(const struct w4_gate *gate)
{
    static const enum w4_verdict order[] = {W4_VERDICT_WRONG,   W4_VERDICT_FAIL,         W4_VERDICT_ERROR,
                                            W4_VERDICT_INVALID, W4_VERDICT_INCONCLUSIVE, W4_VERDICT_MISSING};
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); ++i) {
        if (gate->counts[order[i]] > 0)
            return order[i];
    }
    size_t measured = gate->counts[W4_VERDICT_PASS] + gate->counts[W4_VERDICT_IMPROVED] +
                      gate->counts[W4_VERDICT_UNGATED] + gate->counts[W4_VERDICT_DRIFT];
    if (measured == 0)
        return W4_VERDICT_MISSING;
    if (gate->controls.blind)
        return W4_VERDICT_INCONCLUSIVE;
    return gate->gated ? W4_VERDICT_PASS : W4_VERDICT_UNGATED;
}

int w4_gate_exit_code(const struct w4_gate *gate)
{
    return w4_verdict_exit_code(worst_verdict(gate));
}

const char *w4_gate_word(const struct w4_gate *gate)
{
    return w4_verdict_word(worst_verdict(gate));
}
