// Launches between events.
#include "window.h"

enum w4_status w4_timer_init(struct w4_timer *timer, struct w4_device *device, struct w4_error *error)
{
    *timer = (struct w4_timer){.device = device};
    enum w4_status status = w4_device_event_create(device, &timer->start, error);
    if (status == W4_OK)
        status = w4_device_event_create(device, &timer->stop, error);
    if (status != W4_OK)
        w4_timer_fini(timer);
    return status;
}

void w4_timer_fini(struct w4_timer *timer)
{
    // What fails here failed before, and that error is recorded.
    if (timer->stop)
        w4_device_event_destroy(timer->device, timer->stop, NULL);
    if (timer->start)
        w4_device_event_destroy(timer->device, timer->start, NULL);
    *timer = (struct w4_timer){0};
}

static enum w4_status launch_many(const struct w4_launchable *launchable, size_t count, size_t *next_buffer,
                                  struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < count && status == W4_OK; ++i) {
        status = launchable->launch(launchable->context, *next_buffer, error);
        *next_buffer = (*next_buffer + 1) % launchable->buffers;
    }
    return status;
}

enum w4_status w4_window_time(struct w4_timer *timer, const struct w4_launchable *launchable, size_t lead,
                              size_t launches, size_t *next_buffer, double *launch_ms, struct w4_error *error)
{
    double window_ms = 0;
    enum w4_status status = launch_many(launchable, lead, next_buffer, error);
    if (status == W4_OK)
        status = w4_device_event_record(timer->device, timer->start, error);
    if (status == W4_OK)
        status = launch_many(launchable, launches, next_buffer, error);
    if (status == W4_OK)
        status = w4_device_event_record(timer->device, timer->stop, error);
    if (status == W4_OK)
        status = w4_device_event_elapsed(timer->device, timer->start, timer->stop, &window_ms, error);
    if (status != W4_OK)
        return status;
    if (!(window_ms > 0))
        return w4_fail(error, W4_DEVICE, "the device's events say that %zu launches took %g ms", launches, window_ms);
    *launch_ms = window_ms / (double)launches;
    return W4_OK;
}
