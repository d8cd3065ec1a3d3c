// The measurement protocol: every constant that decides how a time is taken. docs/measuring.md says why each has its
// value. The result file records all of them.
#ifndef W4_HARNESS_MEASURE_PROTOCOL_H
#define W4_HARNESS_MEASURE_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

#include "../../base/error.h"

struct w4_protocol {
    bool active;             // false: modelled times, one launch a case; nothing below was applied
    bool hot;                // also time with operands that stay in the caches, as figures of their own
    uint64_t cache_bytes;    // L2 + MALL that rotation must get past
    uint64_t rotation_bytes; // copies of weights + scales + zero points cover this much; >= 4 * cache_bytes
    double warm_up_min_s;    // of timed launches, never less, whether or not sensors answer
    double warm_up_max_s;    // then the case is timed all the same and marked
    int32_t settle_looks;    // three windows of so many looks (at the clock, else at launch times) must agree ...
    double settle_spread;    // ... within this share, median against median
    double look_interval_s;  // of launches between looks at sensors and settling; never inside a timed window
    double batch_min_ms;     // a timed window holds enough launches to last this long
    int32_t batch_launches_max;
    int32_t lead_launches; // untimed ones queued before a window's first event: they hide the host's launch latency
    int32_t batches_min, batches_max; // samples a case
    double relative_error;            // stop when half the median's 95 % interval is below this share of the median
    double budget_s;                  // or when the timed windows of a case add up to this; it is marked then
    double cpu_load_max;              // busier hosts get a mark
    int32_t anchor_batches;           // windows of each anchor kernel, before and after every case
    uint64_t anchor_bytes;            // that the bandwidth-bound anchor reads
    double roofline_tflops;           // above roofline * (1 + margin) a result is INVALID
    double roofline_cold_gbs;         // of weights from DRAM
    double roofline_hot_gbs;          // of the share of weights that the caches can hold
    double roofline_margin;
};

// The values for gfx1151; active is false.
void w4_protocol_default(struct w4_protocol *protocol);

// Replaces the constants that a JSON object names ({"warm_up_min_s": 1}); unknown ones are errors by line and field.
enum w4_status w4_protocol_load(const char *path, struct w4_protocol *protocol, struct w4_error *error);
// The same for one "NAME=VALUE".
enum w4_status w4_protocol_set(const char *setting, struct w4_protocol *protocol, struct w4_error *error);
// Whether the constants make sense together: a rotation that the caches could hold is refused, and so on.
enum w4_status w4_protocol_check(const struct w4_protocol *protocol, struct w4_error *error);

#endif
