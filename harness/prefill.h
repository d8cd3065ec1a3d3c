// What a prompt of M tokens costs in a model's quantised GEMMs: the times of its layers, each as often as a forward
// pass runs it. A sum exists only when every layer was timed and right.
#ifndef W4_HARNESS_PREFILL_H
#define W4_HARNESS_PREFILL_H

#include <stddef.h>

#include "../base/error.h"
#include "results.h"

struct w4_prefill_sum {
    char model[W4_NAME_MAX], kernel[W4_NAME_MAX];
    int64_t m, group_size;
    enum w4_dtype dtype;
    bool zero_point;
    double time_ms;         // NaN: something is missing
    size_t layers, present; // that a forward pass has; that have a right figure
    char missing[256];      // "o_proj, down_proj (wrong)", or why nothing can be summed; "" when complete
};

struct w4_prefill {
    struct w4_prefill_sum *sums; // owned; in the run's order, the kernels of one shape class beside each other
    size_t count;
};

// Sums for every model, M, operand type and kernel of the run. Models come from the folder `shapes`; their upstream
// layers, padded rows, and models that stand for none (source "none") do not take part. A model that is not there, or
// has other sizes than the run, makes sums that say so. MEMORY is the only error.
enum w4_status w4_prefill_of(const struct w4_run *run, const char *shapes, struct w4_prefill *prefill,
                             struct w4_error *error);
void w4_prefill_fini(struct w4_prefill *prefill);

// True when the two are the same prompt, kernel aside.
bool w4_prefill_is_same_prompt(const struct w4_prefill_sum *a, const struct w4_prefill_sum *b);

#endif
