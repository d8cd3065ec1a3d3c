// Looks at the sensors between timed windows, at the protocol's interval, kept with the case.
#ifndef W4_HARNESS_MEASURE_LOOKS_H
#define W4_HARNESS_MEASURE_LOOKS_H

#include <stdbool.h>

#include "../../telemetry/sensors.h"
#include "../results.h"

struct w4_looks {
    struct w4_sensors *sensors; // borrowed
    double start_s;             // of the run, on w4_looks_now's clock
    double interval_s;          // of device time between looks
    double since_s;             // device time since the last one
};

double w4_looks_now(void); // monotonic, seconds

// Counts `spent_s` of device time; when the interval is over, reads the sensors into the result's readings, and *looked
// is true. Marks the result when sensors vanished.
enum w4_status w4_looks_pass(struct w4_looks *looks, double spent_s, struct w4_measured *measured, bool *looked,
                             struct w4_error *error);

#endif
