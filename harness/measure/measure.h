// Takes a case's times by the protocol: warm-up, anchors, hot and cold windows. One per run; the caller owns what is
// launched and the buffer that is verified.
#ifndef W4_HARNESS_MEASURE_MEASURE_H
#define W4_HARNESS_MEASURE_MEASURE_H

#include "anchors.h"
#include "looks.h"
#include "protocol.h"
#include "window.h"

struct w4_measure {
    const struct w4_protocol *protocol; // borrowed
    struct w4_timer timer;
    struct w4_sensors *sensors;
    struct w4_looks looks;
    struct w4_anchors anchors;
};

// `sensor_root` as in w4_sensors_create; `kernels` is the folder that holds anchor.hsaco. Fails only when the device or
// memory does. Call w4_measure_fini in any case.
enum w4_status w4_measure_init(struct w4_measure *measure, struct w4_device *device, const struct w4_protocol *protocol,
                               const char *sensor_root, const char *kernels, struct w4_error *error);
void w4_measure_fini(struct w4_measure *measure);

// Before the case's output is poisoned: launches until the clock has settled, times the anchors and, when the protocol
// says so, the hot figures. *launch_ms receives what a launch took in the end.
enum w4_status w4_measure_warm_up(struct w4_measure *measure, const struct w4_launchable *launchable,
                                  struct w4_result *result, double *launch_ms, struct w4_error *error);
// After it: the cold windows, until precise enough or the budget is spent, and the anchors again. `launch_ms` is an
// estimate that sets the launches a window.
enum w4_status w4_measure_samples(struct w4_measure *measure, const struct w4_launchable *launchable, double launch_ms,
                                  struct w4_result *result, struct w4_error *error);

#endif
