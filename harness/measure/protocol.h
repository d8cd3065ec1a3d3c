// The measurement protocol: every constant that decides how a time is taken. docs/measuring.md says why each has its
// value. The result file records all of them.
#ifndef W4_HARNESS_MEASURE_PROTOCOL_H
#define W4_HARNESS_MEASURE_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

struct w4_protocol {
    bool active;             // false: modelled times, one launch a case; nothing below was applied
    bool hot;                // also time with operands that stay in the caches, as figures of their own
    uint64_t cache_bytes;    // L2 + MALL that rotation must get past
    uint64_t rotation_bytes; // copies of weights + scales + zero points cover this much; >= 4 * cache_bytes
    double warm_up_min_s;    // never shorter, whether or not sensors answer
    double warm_up_max_s;    // then the case is timed all the same and marked
    int32_t settle_batches;  // so many batches (or clock readings) in a row must agree ...
    double settle_spread;    // ... within this share of their median
    double batch_min_ms;     // a timed window holds enough launches to last this long
    int32_t batch_launches_max;
    int32_t batches_min, batches_max; // samples a case
    double relative_error;            // stop when half the median's interval is below this share of the median ...
    double confidence;                // ... at this level
    double budget_s;                  // or when timing the case took this long; it is marked then
    double reading_interval_s;        // between looks at the sensors; they are read between batches, never inside
    int32_t anchor_batches;           // of each anchor kernel, before and after every group of cases
    double roofline_tflops;           // above roofline * (1 + margin) a result is INVALID
    double roofline_cold_gbs;         // weights when the rotation defeats the caches: DRAM
    double roofline_hot_gbs;          // weights that the MALL can hold
    double roofline_margin;
};

#endif
