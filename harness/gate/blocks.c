// Parts of blocks to block values.
#include "blocks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../statistics/order.h"
#include "../text.h"

// One block while its parts are put together.
struct block {
    double baseline_ms[W4_BLOCK_TURNS], candidate_ms[W4_BLOCK_TURNS];
    size_t baseline_turns, candidate_turns;
    char message[256];
};

static void add_part(struct block *block, const struct w4_block *part, const char *baseline_hash,
                     const char *candidate_hash)
{
    bool is_baseline = strcmp(part->side, W4_SIDE_BASELINE) == 0;
    const char *hash = is_baseline ? baseline_hash : candidate_hash;
    size_t *turns = is_baseline ? &block->baseline_turns : &block->candidate_turns;
    double *times_ms = is_baseline ? block->baseline_ms : block->candidate_ms;
    if (part->message[0])
        w4_text_copy(block->message, sizeof(block->message), part->message);
    else if (strcmp(part->code_object_hash, hash) != 0)
        snprintf(block->message, sizeof(block->message), "the %s's turn ran code object %.12s, not %.12s", part->side,
                 part->code_object_hash, hash);
    else if (part->sample_count > 0 && *turns < W4_BLOCK_TURNS)
        // The median: one interrupted window must not decide the block.
        times_ms[(*turns)++] = w4_median(part->samples_ms, part->sample_count);
}

static double block_value(struct block *block)
{
    enum { TURNS_A_SIDE = W4_BLOCK_TURNS / 2 };
    if (block->message[0])
        return NAN;
    if (block->baseline_turns != TURNS_A_SIDE || block->candidate_turns != TURNS_A_SIDE) {
        snprintf(block->message, sizeof(block->message), "the block has %zu + %zu turns instead of 2 + 2",
                 block->baseline_turns, block->candidate_turns);
        return NAN;
    }
    return w4_block_difference(block->baseline_ms, TURNS_A_SIDE, block->candidate_ms, TURNS_A_SIDE);
}

static void add_block(struct w4_block_values *values, struct block *block, size_t *failed_in_a_row)
{
    double d = block_value(block);
    ++values->attempts;
    if (isfinite(d)) {
        values->d[values->count++] = d;
        *failed_in_a_row = 0;
        return;
    }
    ++values->failed;
    ++*failed_in_a_row;
    values->broken |= *failed_in_a_row >= W4_BLOCK_ATTEMPTS;
    w4_text_copy(values->message, sizeof(values->message), block->message[0] ? block->message : "a time is no number");
}

enum w4_status w4_block_values_of(const struct w4_measured *measured, const char *kind, const char *baseline_hash,
                                  const char *candidate_hash, struct w4_block_values *values, struct w4_error *error)
{
    struct block block = {0};
    size_t failed_in_a_row = 0;
    int32_t index = -1;
    *values = (struct w4_block_values){.d = calloc(measured->block_count + 1, sizeof(*values->d))};
    if (!values->d)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu blocks", measured->block_count);
    for (size_t i = 0; i < measured->block_count; ++i) {
        const struct w4_block *part = &measured->blocks[i];
        if (strcmp(part->kind, kind) != 0)
            continue;
        if (part->index != index) {
            if (index >= 0)
                add_block(values, &block, &failed_in_a_row);
            block = (struct block){0};
            index = part->index;
        }
        add_part(&block, part, baseline_hash, candidate_hash);
    }
    if (index >= 0)
        add_block(values, &block, &failed_in_a_row);
    return W4_OK;
}

struct w4_block_design w4_gate_design(const struct w4_gate_plan *plan, double tolerance)
{
    return (struct w4_block_design){
        .tolerance = tolerance,
        .alpha = plan->alpha,
        .comparisons = (size_t)plan->comparisons,
        .first_blocks = (size_t)plan->first_blocks,
        .step_blocks = (size_t)plan->step_blocks,
        .cap_blocks = (size_t)plan->cap_blocks,
        .pass_alpha = plan->pass_alpha,
        .pass_blocks = (size_t)plan->pass_blocks,
    };
}
