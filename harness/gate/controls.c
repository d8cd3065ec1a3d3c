// What a night's controls prove: that unchanged code raises no alarm, and that a slowdown is caught.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../statistics/order.h"
#include "../text.h"
#include "blocks.h"
#include "measured.h"

static const struct w4_result *find_case(const struct w4_run *run, const char *id)
{
    for (size_t i = 0; i < run->case_count; ++i) {
        if (id[0] && strcmp(run->cases[i].test.id, id) == 0)
            return &run->cases[i];
    }
    return NULL;
}

// Both sides run this night's code object; the sides differ in what is done to the candidate.
static enum w4_status judge(const struct w4_run *run, const char *id, const char *kind, struct w4_gate_control *control,
                            struct w4_error *error)
{
    struct w4_block_values values;
    const struct w4_result *result = find_case(run, id);
    *control = (struct w4_gate_control){.id = id, .outcome = W4_OUTCOME_INCONCLUSIVE};
    if (!result)
        return W4_OK;
    enum w4_status status =
        w4_block_values_of(&result->measured, kind, result->code_object_hash, result->code_object_hash, &values, error);
    if (status == W4_OK && values.count > 0) {
        const struct w4_block_design design = w4_gate_design(&run->gate_plan, W4_DEFAULT_TOLERANCE);
        const struct w4_block_decision decision = w4_block_decide(&design, values.d, values.count, false);
        control->blocks = values.count;
        control->interval = decision.interval;
        control->sigma_d = w4_deviation(values.d, values.count);
        control->decided = decision.more_blocks == 0;
        control->outcome = control->decided ? decision.outcome : W4_OUTCOME_INCONCLUSIVE;
    }
    w4_text_copy(control->message, sizeof(control->message), status == W4_OK ? values.message : "");
    free(values.d);
    return status;
}

static void write_text(struct w4_gate_controls *controls, const struct w4_run *run)
{
    const struct w4_gate_control *same = &controls->same;
    const struct w4_gate_control *injected = &controls->injected;
    char same_text[512] = "no A/A control";
    char injected_text[512] = "no injected slowdown";
    if (same->blocks > 0)
        snprintf(same_text, sizeof(same_text), "A/A on %s: %s after %zu blocks%s", same->id,
                 w4_outcome_word(same->outcome), same->blocks, controls->night.alarms ? " - a FALSE ALARM" : "");
    if (injected->blocks > 0)
        snprintf(injected_text, sizeof(injected_text), "-%.3g %% injected into %s: %s after %zu blocks",
                 100 * run->gate_plan.injected_share, injected->id,
                 controls->night.controls_caught ? "caught" : "MISSED", injected->blocks);
    snprintf(controls->text, sizeof(controls->text), "controls: %s; %s%s", same_text, injected_text,
             controls->blind ? ": the gate was blind tonight, its PASS proves nothing" : "");
}

enum w4_status w4_gate_judge_controls(const struct w4_run *run, struct w4_gate_controls *controls,
                                      struct w4_error *error)
{
    memset(controls, 0, sizeof(*controls));
    enum w4_status status = judge(run, run->gate_plan.same_case, W4_KIND_SAME, &controls->same, error);
    if (status == W4_OK)
        status = judge(run, run->gate_plan.injected_case, W4_KIND_INJECTED, &controls->injected, error);
    if (status != W4_OK)
        return status;
    controls->night = (struct w4_control_night){
        .unchanged = controls->same.decided,
        .alarms = controls->same.outcome == W4_OUTCOME_FAIL,
        .controls = controls->injected.blocks > 0,
        .controls_caught = controls->injected.outcome == W4_OUTCOME_FAIL,
    };
    controls->blind = w4_control_night_is_blind(&controls->night);
    write_text(controls, run);
    return W4_OK;
}
