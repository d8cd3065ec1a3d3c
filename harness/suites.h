// Suites (shapes/suites/<name>.json) as lists that are still to be multiplied out; cases.c does that.
#ifndef W4_HARNESS_SUITES_H
#define W4_HARNESS_SUITES_H

#include "catalog.h"

struct w4_names {
    char (*items)[W4_NAME_MAX]; // owned
    size_t count;
};

struct w4_numbers {
    int64_t *items; // owned
    size_t count;
};

// One product of lists. An empty `layers` means every layer but the upstream ones, an empty `group_sizes` the model's.
struct w4_suite_set {
    struct w4_names models, layers, kernels;
    struct w4_numbers m;
    struct w4_numbers types;       // enum w4_dtype
    struct w4_numbers zero_points; // 0 or 1
    struct w4_numbers group_sizes;
    struct w4_numbers pitch_pads; // elements added to every operand's rows; {0} when not given
};

struct w4_suite {
    char name[W4_NAME_MAX];
    struct w4_suite_set *sets; // owned
    size_t count;
};

// The file: {"name", "note", "models", "layers", "kernels", "m", "types", "zero_point", "group_size", "pitch_pad",
// "cases": [{the same lists}, ...]}. Every list is an array. With "cases" each entry is a set of its own that takes
// from the top what it does not say itself; without, the top is the only set. layers, group_size and pitch_pad may be
// absent. Unknown models and kernels are errors that list what there is.
enum w4_status w4_suite_load(const struct w4_paths *paths, const char *name, struct w4_suite *suite,
                             struct w4_error *error);
void w4_suite_fini(struct w4_suite *suite);

#endif
