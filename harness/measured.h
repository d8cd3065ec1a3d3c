// What the measurement of one case leaves behind besides its samples. Plain data; filled by measure/ and, for blocks,
// by the gate's confirmation. All arrays are owned by the result and freed by w4_result_fini.
#ifndef W4_HARNESS_MEASURED_H
#define W4_HARNESS_MEASURED_H

#include <stddef.h>
#include <stdint.h>

#include "../telemetry/reading.h"

// X(code, name in files, words for people): why a time deserves less trust. Bits of w4_measured.marks.
#define W4_MARKS(X)                                                                                                    \
    X(CLOCK_NOT_SETTLED, "clock_not_settled", "the clock had not settled when warm-up ended")                          \
    X(SENSORS_VANISHED, "sensors_vanished", "sensors that answered at first no longer did")                            \
    X(NO_SENSORS, "no_sensors", "no sensor answered; settling was judged from batch times alone")                      \
    X(IMPRECISE, "imprecise", "the budget was spent before the median was precise enough")                             \
    X(ROTATION_SHORT, "rotation_short", "memory did not suffice to rotate past the caches")                            \
    X(CLOCK_MOVED, "clock_moved", "the engine clock moved while the case was timed")                                   \
    X(CPU_BUSY, "cpu_busy", "other processes kept the host busy while the case was timed")                             \
    X(NO_ANCHORS, "no_anchors", "the anchor kernels could not be timed")

enum w4_mark_bit {
#define X(code, name, words) W4_MARK_BIT_##code,
    W4_MARKS(X)
#undef X
        W4_MARK_COUNT
};
enum w4_mark {
#define X(code, name, words) W4_MARK_##code = 1 << W4_MARK_BIT_##code,
    W4_MARKS(X)
#undef X
};

// One timed window: `launches` launches between two events, over `buffers` different copies of the weights.
struct w4_window {
    int32_t launches, buffers;
    double start_s; // since the run began
};

// One turn of one process in an interleaved A/B comparison; docs/gate.md.
struct w4_block {
    char kind[16];             // what the block is for: "confirm", "same" or "injected" (gate/blocks.h)
    char side[16];             // "baseline" or "candidate"
    int32_t index;             // of the block within its kind, from 0
    int32_t order;             // position in the block, from 0: A B B A or B A A B
    char code_object_hash[33]; // what ran
    int64_t process_id;
    double *samples_ms; // owned; milliseconds a launch; empty when the process gave none
    size_t sample_count;
    char message[256]; // "" or why there are no samples
};

struct w4_measured {
    struct w4_window *windows; // one a sample of w4_result.samples_ms, or none
    size_t window_count;
    double *hot_samples_ms; // operands left in the caches: never mixed with samples_ms
    size_t hot_sample_count;
    struct w4_window *hot_windows;
    size_t hot_window_count;
    struct w4_reading *readings; // sensors while this case was warmed up and timed
    size_t reading_count;
    double *anchor_wmma_ms; // milliseconds a launch of the WMMA-bound anchor around this case's group, in time's order
    size_t anchor_wmma_count;
    double *anchor_bandwidth_ms; // the same of the bandwidth-bound one
    size_t anchor_bandwidth_count;
    struct w4_block *blocks; // of a confirmation
    size_t block_count;
    double warm_up_s;
    int32_t run_position; // the how-manyth case of the run this was, from 0; -1: it did not run
    uint32_t marks;       // of w4_mark
};

const char *w4_mark_name(enum w4_mark_bit bit);
const char *w4_mark_words(enum w4_mark_bit bit);

#endif
