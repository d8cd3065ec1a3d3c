// Launches until the clock has settled.
#ifndef W4_HARNESS_MEASURE_WARM_UP_H
#define W4_HARNESS_MEASURE_WARM_UP_H

#include "measure.h"

// At least warm_up_min_s of launches; then until the looks at the engine clock - without that sensor, the launch times
// between looks - have levelled out. At warm_up_max_s it gives up and marks the result CLOCK_NOT_SETTLED.
enum w4_status w4_warm_up(struct w4_measure *measure, const struct w4_launchable *launchable, struct w4_result *result,
                          double *launch_ms, struct w4_error *error);

// Launches a window that lasts the protocol's time: 1 .. batch_launches_max.
size_t w4_window_launches(const struct w4_protocol *protocol, double launch_ms);

#endif
