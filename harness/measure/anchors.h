// The two frozen anchor kernels (kernels/hip/anchor.hip): measured beside every case, as a drift meter.
#ifndef W4_HARNESS_MEASURE_ANCHORS_H
#define W4_HARNESS_MEASURE_ANCHORS_H

#include <stdbool.h>

#include "../results.h"
#include "window.h"

struct w4_anchors {
    bool ready;
    char reason[512]; // not ready: why
    char hash[33];    // of their code object
    struct w4_device *device;
    w4_module module;
    w4_function wmma, bandwidth;
    uint64_t in, out; // device addresses
    uint64_t read_bytes;
};

// Loads FOLDER/anchor.hsaco and allocates what the anchors read. Whatever is missing leaves them not ready with the
// reason: a run without anchors is a run with marks, not an error.
void w4_anchors_init(struct w4_anchors *anchors, struct w4_device *device, const char *folder, uint64_t read_bytes);
void w4_anchors_fini(struct w4_anchors *anchors);

// Times `windows` windows of each and appends milliseconds a launch to the result.
enum w4_status w4_anchors_measure(struct w4_anchors *anchors, struct w4_timer *timer, size_t windows, size_t lead,
                                  struct w4_measured *measured, struct w4_error *error);

#endif
