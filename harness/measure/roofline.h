// Is a time possible at all?
#ifndef W4_HARNESS_MEASURE_ROOFLINE_H
#define W4_HARNESS_MEASURE_ROOFLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "../results.h"

// Bytes a second (1e9) at which weights can arrive at most when `rotated_bytes` of copies take turns: the caches can
// hold cache_bytes / rotated_bytes of them and serve that share at roofline_hot_gbs, DRAM serves the rest.
double w4_roofline_weight_gbs(const struct w4_protocol *protocol, double rotated_bytes);

// True when the median of the cold samples, or of the hot ones, is faster than the machine can be by more than the
// margin; `text` then says which figure and which ceiling. Hot weights have no ceiling here but the FLOPS: how fast the
// L2 can be is not published.
bool w4_roofline_is_broken(const struct w4_protocol *protocol, const struct w4_result *result, double rotated_bytes,
                           char *text, size_t size);

#endif
