// The run's equipment, and the order of what is done for a case.
#include "measure.h"

#include "sampling.h"
#include "warm_up.h"

enum w4_status w4_measure_init(struct w4_measure *measure, struct w4_device *device, const struct w4_protocol *protocol,
                               const char *sensor_root, const char *kernels, struct w4_error *error)
{
    *measure = (struct w4_measure){.protocol = protocol};
    enum w4_status status = w4_timer_init(&measure->timer, device, error);
    if (status != W4_OK)
        return status;
    measure->sensors = w4_sensors_create(sensor_root);
    if (!measure->sensors)
        return w4_fail(error, W4_MEMORY, "out of memory for the sensors");
    measure->looks = (struct w4_looks){
        .sensors = measure->sensors, .start_s = w4_looks_now(), .interval_s = protocol->look_interval_s};
    if (protocol->anchor_batches > 0)
        w4_anchors_init(&measure->anchors, device, kernels, protocol->anchor_bytes);
    return W4_OK;
}

void w4_measure_fini(struct w4_measure *measure)
{
    w4_anchors_fini(&measure->anchors);
    w4_sensors_destroy(measure->sensors);
    w4_timer_fini(&measure->timer);
}

static enum w4_status measure_anchors(struct w4_measure *measure, struct w4_result *result, struct w4_error *error)
{
    const struct w4_protocol *protocol = measure->protocol;
    return w4_anchors_measure(&measure->anchors, &measure->timer, (size_t)protocol->anchor_batches,
                              (size_t)protocol->lead_launches, &result->measured, error);
}

enum w4_status w4_measure_warm_up(struct w4_measure *measure, const struct w4_launchable *launchable,
                                  struct w4_result *result, double *launch_ms, struct w4_error *error)
{
    const struct w4_launchable same = {launchable->context, launchable->launch, 1};
    const struct w4_samples hot = {&result->measured.hot_samples_ms, &result->measured.hot_sample_count,
                                   &result->measured.hot_windows, &result->measured.hot_window_count};
    if (!w4_sensors_has_engine_clock(measure->sensors))
        result->measured.marks |= W4_MARK_NO_SENSORS;
    enum w4_status status = w4_warm_up(measure, launchable, result, launch_ms, error);
    if (status == W4_OK)
        status = measure_anchors(measure, result, error);
    if (status == W4_OK && measure->protocol->hot)
        status = w4_sample(measure, &same, 0, *launch_ms, &hot, &result->measured, error);
    return status;
}

enum w4_status w4_measure_samples(struct w4_measure *measure, const struct w4_launchable *launchable, double launch_ms,
                                  struct w4_result *result, struct w4_error *error)
{
    const struct w4_samples cold = {&result->samples_ms, &result->sample_count, &result->measured.windows,
                                    &result->measured.window_count};
    // Copy 0 was the hot one.
    enum w4_status status =
        w4_sample(measure, launchable, 1 % launchable->buffers, launch_ms, &cold, &result->measured, error);
    return status == W4_OK ? measure_anchors(measure, result, error) : status;
}
