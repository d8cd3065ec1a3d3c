// The order in which cases run.
#ifndef W4_HARNESS_MEASURE_ORDER_H
#define W4_HARNESS_MEASURE_ORDER_H

#include "../results.h"

// Fills order[0 .. case_count - 1] with indices into run->cases: cases of the same GEMM follow each other, because they
// share operands, and differ in kernel only. With seed 0 groups and cases keep the selection's order; else the groups
// are shuffled, and the cases within each. The same seed and cases give the same order on every host.
enum w4_status w4_order_cases(const struct w4_run *run, uint64_t seed, size_t *order, struct w4_error *error);

#endif
