// Reads sensors now and then.
#include "looks.h"

#include <stdlib.h>
#include <time.h>

double w4_looks_now(void)
{
    struct timespec time;
    return clock_gettime(CLOCK_MONOTONIC, &time) == 0 ? (double)time.tv_sec + 1e-9 * (double)time.tv_nsec : 0;
}

// Room grows by doubling: it is full whenever the count is a power of two.
static enum w4_status make_room(struct w4_measured *measured, struct w4_error *error)
{
    size_t count = measured->reading_count;
    if (count != 0 && (count & (count - 1)) != 0)
        return W4_OK;
    struct w4_reading *grown = reallocarray(measured->readings, count ? 2 * count : 1, sizeof(*grown));
    if (!grown)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu sensor readings", 2 * count);
    measured->readings = grown;
    return W4_OK;
}

enum w4_status w4_looks_pass(struct w4_looks *looks, double spent_s, struct w4_measured *measured, bool *looked,
                             struct w4_error *error)
{
    looks->since_s += spent_s;
    *looked = looks->since_s >= looks->interval_s;
    if (!*looked)
        return W4_OK;
    looks->since_s = 0;
    enum w4_status status = make_room(measured, error);
    if (status != W4_OK)
        return status;
    w4_sensors_read(looks->sensors, w4_looks_now() - looks->start_s, &measured->readings[measured->reading_count++]);
    if (w4_sensors_vanished(looks->sensors))
        measured->marks |= W4_MARK_SENSORS_VANISHED;
    return W4_OK;
}
