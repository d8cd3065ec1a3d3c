// The plan's members as keys of JSON.
#ifndef W4_HARNESS_GATE_PLAN_FIELDS_H
#define W4_HARNESS_GATE_PLAN_FIELDS_H

#include "../fields.h"
#include "plan.h"

static const struct w4_field w4_gate_plan_fields[] = {
    W4_FIELD(struct w4_gate_plan, active, W4_FIELD_BOOL, 0),
    W4_FIELD(struct w4_gate_plan, alpha, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_gate_plan, pass_alpha, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_gate_plan, comparisons, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_gate_plan, pass_blocks, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_gate_plan, first_blocks, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_gate_plan, step_blocks, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_gate_plan, cap_blocks, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_gate_plan, visit_samples, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_gate_plan, injected_share, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_gate_plan, process_limit_s, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_gate_plan, coin_seed, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_gate_plan, same_case, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_gate_plan, injected_case, W4_FIELD_TEXT, 0),
};

#endif
