// One timed window: launches between two events.
#ifndef W4_HARNESS_MEASURE_WINDOW_H
#define W4_HARNESS_MEASURE_WINDOW_H

#include <stddef.h>

#include "../../device/hip.h"

// Something that can be launched over and over: a kernel with its operands, of which `buffers` copies take turns.
struct w4_launchable {
    void *context; // borrowed
    enum w4_status (*launch)(void *context, size_t buffer, struct w4_error *error);
    size_t buffers; // >= 1
};

struct w4_timer {
    struct w4_device *device; // borrowed
    w4_event start, stop;
};

enum w4_status w4_timer_init(struct w4_timer *timer, struct w4_device *device, struct w4_error *error);
void w4_timer_fini(struct w4_timer *timer);

// Queues `lead` launches, the first event, `launches` launches, the second event; waits, and gives milliseconds a
// launch. Copies take turns from *next_buffer on, which moves along. The lead keeps the queue from running dry while
// the host fills it, so that the host's launch latency is outside; the gap between two kernels of a queue is inside.
enum w4_status w4_window_time(struct w4_timer *timer, const struct w4_launchable *launchable, size_t lead,
                              size_t launches, size_t *next_buffer, double *launch_ms, struct w4_error *error);

#endif
