// The sampling loop and what its readings say afterwards.
#include "sampling.h"

#include <math.h>
#include <stdlib.h>

#include "../../statistics/precision.h"
#include "warm_up.h"

static enum w4_status allocate(const struct w4_samples *samples, size_t count, struct w4_error *error)
{
    *samples->times_ms = calloc(count, sizeof(**samples->times_ms));
    *samples->windows = calloc(count, sizeof(**samples->windows));
    if (!*samples->times_ms || !*samples->windows)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu samples", count);
    return W4_OK;
}

// Readings from `first` on belong to this sampling.
static void mark_conditions(const struct w4_protocol *protocol, struct w4_measured *measured, size_t first)
{
    double lowest = INFINITY;
    double highest = 0;
    for (size_t i = first; i < measured->reading_count; ++i) {
        const struct w4_reading *reading = &measured->readings[i];
        lowest = fmin(lowest, reading->engine_mhz); // fmin and fmax pass over NaN
        highest = fmax(highest, reading->engine_mhz);
        if (reading->cpu_load > protocol->cpu_load_max)
            measured->marks |= W4_MARK_CPU_BUSY;
    }
    if (highest > lowest * (1 + 2 * protocol->settle_spread))
        measured->marks |= W4_MARK_CLOCK_MOVED;
}

enum w4_status w4_sample(struct w4_measure *measure, const struct w4_launchable *launchable, size_t first_buffer,
                         double launch_ms, const struct w4_samples *samples, struct w4_measured *measured,
                         struct w4_error *error)
{
    const struct w4_protocol *protocol = measure->protocol;
    const struct w4_stop_rule rule = {.relative_error = protocol->relative_error,
                                      .min_samples = (size_t)protocol->batches_min,
                                      .max_samples = (size_t)protocol->batches_max,
                                      .budget_s = protocol->budget_s};
    const size_t launches = w4_window_launches(protocol, launch_ms);
    const size_t first_reading = measured->reading_count;
    size_t buffer = first_buffer;
    double spent_s = 0;
    enum w4_stop stop = W4_STOP_NOT_YET;
    enum w4_status status = allocate(samples, rule.max_samples, error);
    while (status == W4_OK && stop == W4_STOP_NOT_YET) {
        const size_t at = *samples->time_count;
        double *time_ms = &(*samples->times_ms)[at];
        bool looked = false;
        (*samples->windows)[at] =
            (struct w4_window){.launches = (int32_t)launches,
                               .buffers = (int32_t)(launches < launchable->buffers ? launches : launchable->buffers),
                               .start_s = w4_looks_now() - measure->looks.start_s};
        status = w4_window_time(&measure->timer, launchable, (size_t)protocol->lead_launches, launches, &buffer,
                                time_ms, error);
        if (status != W4_OK)
            break;
        *samples->time_count = *samples->window_count = at + 1;
        double window_s = *time_ms * 1e-3 * (double)launches;
        spent_s += window_s;
        status = w4_looks_pass(&measure->looks, window_s, measured, &looked, error);
        stop = w4_stop_of(&rule, *samples->times_ms, at + 1, spent_s);
    }
    if (status == W4_OK && stop != W4_STOP_PRECISE)
        measured->marks |= W4_MARK_IMPRECISE;
    mark_conditions(protocol, measured, first_reading);
    return status;
}
