// Timed windows until the median is precise.
#ifndef W4_HARNESS_MEASURE_SAMPLING_H
#define W4_HARNESS_MEASURE_SAMPLING_H

#include "measure.h"

// Where samples go: arrays of a result, empty before.
struct w4_samples {
    double **times_ms;
    size_t *time_count;
    struct w4_window **windows;
    size_t *window_count;
};

// Marks: IMPRECISE, CLOCK_MOVED, CPU_BUSY, SENSORS_VANISHED. Copies take turns from `first_buffer` on.
enum w4_status w4_sample(struct w4_measure *measure, const struct w4_launchable *launchable, size_t first_buffer,
                         double launch_ms, const struct w4_samples *samples, struct w4_measured *measured,
                         struct w4_error *error);

#endif
