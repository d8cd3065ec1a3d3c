// The warm-up loop. Time here is the device's own, so that a slow host does not shorten what the chip gets.
#include "warm_up.h"

#include <math.h>
#include <stdlib.h>

#include "../../statistics/precision.h"

size_t w4_window_launches(const struct w4_protocol *protocol, double launch_ms)
{
    double launches = ceil(protocol->batch_min_ms / launch_ms);
    double most = protocol->batch_launches_max;
    return launches > 1 ? (size_t)fmin(launches, most) : 1;
}

// What settling is judged from: one value a look.
struct track {
    double *values;
    size_t count, capacity;
    double sum_ms; // of launch times since the last look
    size_t windows;
};

static enum w4_status push(struct track *track, double value, struct w4_error *error)
{
    if (track->count == track->capacity) {
        size_t capacity = track->capacity ? 2 * track->capacity : 64;
        double *grown = reallocarray(track->values, capacity, sizeof(*grown));
        if (!grown)
            return w4_fail(error, W4_MEMORY, "out of memory for %zu looks at the warm-up", capacity);
        track->values = grown;
        track->capacity = capacity;
    }
    track->values[track->count++] = value;
    return W4_OK;
}

// A clock that stopped answering leaves NaN, which never settles: the row is then marked, as it must be.
static enum w4_status take_look(struct w4_measure *measure, struct track *track, double window_s, double launch_ms,
                                struct w4_measured *measured, struct w4_error *error)
{
    bool looked = false;
    track->sum_ms += launch_ms;
    ++track->windows;
    enum w4_status status = w4_looks_pass(&measure->looks, window_s, measured, &looked, error);
    if (status != W4_OK || !looked)
        return status;
    bool by_clock = w4_sensors_has_engine_clock(measure->sensors);
    double value =
        by_clock ? measured->readings[measured->reading_count - 1].engine_mhz : track->sum_ms / (double)track->windows;
    track->sum_ms = 0;
    track->windows = 0;
    return push(track, value, error);
}

enum w4_status w4_warm_up(struct w4_measure *measure, const struct w4_launchable *launchable, struct w4_result *result,
                          double *launch_ms, struct w4_error *error)
{
    const struct w4_protocol *protocol = measure->protocol;
    struct w4_measured *measured = &result->measured;
    struct track track = {0};
    size_t next = 0;
    size_t launches = 1;
    bool settled = false;
    enum w4_status status = W4_OK;
    // The first launch pays for loading code and tables: it is no estimate of the next ones.
    status = w4_window_time(&measure->timer, launchable, 0, 1, &next, launch_ms, error);
    const double begin_s = w4_looks_now();
    // The host's clock limits it too: a device whose events lie would never get there by its own.
    while (status == W4_OK && !settled && measured->warm_up_s < protocol->warm_up_max_s &&
           w4_looks_now() - begin_s < 2 * protocol->warm_up_max_s) {
        status = w4_window_time(&measure->timer, launchable, 0, launches, &next, launch_ms, error);
        if (status != W4_OK)
            break;
        double window_s = *launch_ms * 1e-3 * (double)launches;
        measured->warm_up_s += window_s;
        launches = w4_window_launches(protocol, *launch_ms);
        status = take_look(measure, &track, window_s, *launch_ms, measured, error);
        settled = measured->warm_up_s >= protocol->warm_up_min_s &&
                  w4_is_settled(track.values, track.count, (size_t)protocol->settle_looks, protocol->settle_spread);
    }
    if (status == W4_OK && !settled)
        measured->marks |= W4_MARK_CLOCK_NOT_SETTLED;
    free(track.values);
    return status;
}
