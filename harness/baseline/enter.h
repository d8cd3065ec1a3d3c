// What `accept` and `merge` share.
#ifndef W4_HARNESS_BASELINE_ENTER_H
#define W4_HARNESS_BASELINE_ENTER_H

#include "../baseline.h"

// What several nights say of one case.
struct w4_nights {
    int32_t count;
    double spread; // see w4_baseline_version
};

// Enters the matching cases; `nights` has one element a case of the run (NULL: one night).
enum w4_status w4_baselines_enter(struct w4_baselines *baselines, const struct w4_run *run,
                                  const struct w4_nights *nights, const struct w4_acceptance *wish, size_t *accepted,
                                  struct w4_error *error);

#endif
