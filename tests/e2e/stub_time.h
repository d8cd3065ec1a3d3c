// The stand-in's clock: how long launches take, as environment variables script it.
//   W4_STUB_RAMP_MS=X           the engine clock climbs from 60 % to 100 % over the first X milliseconds
//   W4_STUB_WAVER=S             it hops between 1 - S and 1 + S every 700 ms, for ever
//   W4_STUB_HOT=S               a launch that reads the same weights as the one before takes the share S
//   W4_STUB_CLOCK_FILE=PATH     an hwmon freq1_input that is kept up to date (in Hz; full clock is 2.9 GHz) ...
//   W4_STUB_CLOCK_VANISHES=N    ... until the N-th launch, which removes it
#ifndef W4_TESTS_E2E_STUB_TIME_H
#define W4_TESTS_E2E_STUB_TIME_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct stub_time {
    double now_ms, written_share;
    uint64_t last_weights;
    int launches;
};

static inline double stub_environment(const char *name, double otherwise)
{
    const char *text = getenv(name);
    return text ? strtod(text, NULL) : otherwise;
}

static inline double stub_clock_share(const struct stub_time *time)
{
    const double ramp_ms = stub_environment("W4_STUB_RAMP_MS", 0);
    const double waver = stub_environment("W4_STUB_WAVER", 0);
    const double risen = time->now_ms < ramp_ms ? 0.6 + 0.4 * time->now_ms / ramp_ms : 1;
    return risen * (1 + ((int64_t)(time->now_ms / 700) % 2 ? waver : -waver));
}

static inline void stub_write_clock(struct stub_time *time, double share)
{
    const char *path = getenv("W4_STUB_CLOCK_FILE");
    const double vanishes = stub_environment("W4_STUB_CLOCK_VANISHES", 1e18);
    if (!path || time->launches > vanishes)
        return;
    if (time->launches >= vanishes) {
        remove(path);
        return;
    }
    if (share == time->written_share)
        return;
    FILE *file = fopen(path, "w");
    if (!file)
        return;
    fprintf(file, "%.0f\n", 2.9e9 * share);
    fclose(file);
    time->written_share = share;
}

// A launch of `full_clock_ms`; `weights` is the address it reads, 0 when it has none.
static inline void stub_time_pass(struct stub_time *time, double full_clock_ms, uint64_t weights)
{
    const double share = stub_clock_share(time);
    const double hot = weights && weights == time->last_weights ? stub_environment("W4_STUB_HOT", 1) : 1;
    time->last_weights = weights;
    time->launches++;
    stub_write_clock(time, share);
    time->now_ms += full_clock_ms * hot / share;
}

#endif
