// Before/after tables of two result files, or of two kernels of one, as a pull request needs them.
#ifndef W4_HARNESS_COMPARE_H
#define W4_HARNESS_COMPARE_H

#include <stddef.h>
#include <stdio.h>

#include "../base/error.h"
#include "report/report.h"
#include "results.h"

struct w4_compare_row {
    const struct w4_result *before, *after; // borrowed; never NULL
    double speed_up;                        // time before / time after; NaN when one is wrong or unmeasured
};

struct w4_compare {
    struct w4_compare_row *rows; // owned, in the order of the first file
    size_t count;
    size_t compared;                         // rows with a speed-up
    size_t unmatched;                        // cases without a partner, of both files
    double mean;                             // geometric mean of the speed-ups, NaN when there is none
    const char *label;                       // of the times
    char from[W4_NAME_MAX], to[W4_NAME_MAX]; // what is compared: two kernels, or "before" and "after"
};

// Pairs cases of the same GEMM and kernel. With kernels given, the cases of kernel `from` in `before` are paired with
// those of `to` in `after`. Refuses runs of different device keys or clocks (so never measured against modelled).
enum w4_status w4_compare_runs(const struct w4_run *before, const struct w4_run *after, const char *from,
                               const char *to, struct w4_compare *compare, struct w4_error *error);
void w4_compare_fini(struct w4_compare *compare);

// format: W4_FORMAT_TABLE or W4_FORMAT_MARKDOWN.
enum w4_status w4_compare_write(const struct w4_compare *compare, enum w4_format format, FILE *out, bool colours,
                                struct w4_error *error);

#endif
