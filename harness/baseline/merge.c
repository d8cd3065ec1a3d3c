// The median of several nights as one run. A best-of would sit at the noise's edge and eat the tolerance.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../statistics/screen.h"
#include "../anchors.h"
#include "../baseline.h"
#include "enter.h"

static const struct w4_result *find_case(const struct w4_run *run, const char *id)
{
    for (size_t i = 0; i < run->case_count; ++i) {
        if (strcmp(run->cases[i].test.id, id) == 0)
            return &run->cases[i];
    }
    return NULL;
}

static const struct w4_run *latest(const struct w4_run *nights, size_t count)
{
    const struct w4_run *last = &nights[0];
    for (size_t i = 1; i < count; ++i) {
        if (strcmp(nights[i].time_utc, last->time_utc) > 0)
            last = &nights[i];
    }
    return last;
}

static enum w4_status check_nights(const struct w4_run *nights, size_t count, struct w4_error *error)
{
    for (size_t i = 0; i < count; ++i) {
        if (strcmp(nights[i].device.key, nights[0].device.key) != 0)
            return w4_fail(error, W4_USAGE, "nights of different devices have no median: %s and %s",
                           nights[0].device.key, nights[i].device.key);
        if (fabs(nights[i].clock_mhz - nights[0].clock_mhz) > 0)
            return w4_fail(error, W4_USAGE, "nights at different clocks have no median: %g MHz and %g MHz",
                           nights[0].clock_mhz, nights[i].clock_mhz);
        char fields[512];
        if (!nights[0].device.modelled &&
            w4_fingerprint_differs(&nights[0].fingerprint, &nights[i].fingerprint, fields, sizeof(fields)))
            return w4_fail(error, W4_USAGE, "nights of different machines have no median: %s", fields);
        for (size_t j = 0; j < i; ++j) {
            if (strcmp(nights[i].time_utc, nights[j].time_utc) == 0)
                return w4_fail(error, W4_USAGE, "the night of %s is given twice", nights[i].time_utc);
        }
    }
    return W4_OK;
}

static void fini_case(struct w4_result *merged)
{
    free(merged->samples_ms);
    free(merged->measured.anchor_wmma_ms);
    free(merged->measured.anchor_bandwidth_ms);
}

// A copy of the last night's case without any of its arrays; then each night adds one sample and one time an anchor.
static enum w4_status init_case(struct w4_result *merged, const struct w4_result *last, size_t night_count,
                                struct w4_error *error)
{
    *merged = *last;
    merged->measured = (struct w4_measured){0};
    merged->sample_count = 0;
    merged->samples_ms = calloc(night_count, sizeof(double));
    merged->measured.anchor_wmma_ms = calloc(night_count, sizeof(double));
    merged->measured.anchor_bandwidth_ms = calloc(night_count, sizeof(double));
    if (merged->samples_ms && merged->measured.anchor_wmma_ms && merged->measured.anchor_bandwidth_ms)
        return W4_OK;
    return w4_fail(error, W4_MEMORY, "out of memory for %zu nights", night_count);
}

static enum w4_status check_case(const struct w4_run *run, const struct w4_result *night,
                                 const struct w4_result *merged, struct w4_error *error)
{
    if (night->state == W4_CASE_WRONG)
        return w4_fail(error, W4_USAGE, "case %s was wrong in the night of %s: only right results become baselines",
                       merged->test.id, run->time_utc);
    if (night->state == W4_CASE_OK && strcmp(night->code_object_hash, merged->code_object_hash) != 0)
        return w4_fail(error, W4_USAGE,
                       "case %s: its code object changed between the nights (%s in that of %s, %s in the last): merge "
                       "nights of one code only",
                       merged->test.id, night->code_object_hash, run->time_utc, merged->code_object_hash);
    return W4_OK;
}

static void add_anchor(double *times_ms, size_t *count, const struct w4_measured *measured, enum w4_anchor anchor)
{
    double time_ms = w4_anchor_time_ms(measured, anchor);
    if (time_ms > 0)
        times_ms[(*count)++] = time_ms;
}

// Each night's median is one sample of the merged case. Nights that did not measure it do not count.
static enum w4_status merge_case(const struct w4_run *runs, size_t run_count, struct w4_result *merged,
                                 struct w4_nights *nights, struct w4_error *error)
{
    struct w4_measured *measured = &merged->measured;
    double *logs = calloc(run_count, sizeof(*logs));
    size_t log_count = 0;
    enum w4_status status = logs ? W4_OK : w4_fail(error, W4_MEMORY, "out of memory for %zu nights", run_count);
    for (size_t i = 0; i < run_count && status == W4_OK; ++i) {
        const struct w4_result *night = find_case(&runs[i], merged->test.id);
        struct w4_figures figures;
        if (!night)
            continue;
        status = check_case(&runs[i], night, merged, error);
        w4_figures_of(night, &figures);
        if (status != W4_OK || night->state != W4_CASE_OK || !figures.timed)
            continue;
        merged->samples_ms[merged->sample_count++] = figures.time_ms;
        add_anchor(measured->anchor_wmma_ms, &measured->anchor_wmma_count, &night->measured, W4_ANCHOR_WMMA);
        add_anchor(measured->anchor_bandwidth_ms, &measured->anchor_bandwidth_count, &night->measured,
                   W4_ANCHOR_BANDWIDTH);
        double anchor_ms = w4_anchor_time_ms(&night->measured, w4_anchor_for(&night->test.shape, &runs[i].protocol));
        if (anchor_ms > 0)
            logs[log_count++] = log(figures.time_ms / anchor_ms);
    }
    nights->count = (int32_t)merged->sample_count;
    // The baseline is the median of the same nights.
    const double spread = w4_screen_spread(logs, log_count, log_count);
    nights->spread = spread > 0 ? spread : 0;
    free(logs);
    return status;
}

enum w4_status w4_baselines_merge(struct w4_baselines *baselines, const struct w4_run *nights, size_t night_count,
                                  const struct w4_acceptance *wish, size_t *accepted, struct w4_error *error)
{
    *accepted = 0;
    enum w4_status status = check_nights(nights, night_count, error);
    if (status != W4_OK)
        return status;
    const struct w4_run *last = latest(nights, night_count);
    struct w4_run merged = *last; // borrows everything but the cases' samples
    merged.cases = calloc(last->case_count + 1, sizeof(*merged.cases));
    struct w4_nights *counts = calloc(last->case_count + 1, sizeof(*counts));
    merged.case_count = 0;
    if (!merged.cases || !counts)
        status = w4_fail(error, W4_MEMORY, "out of memory for %zu cases", last->case_count);
    for (size_t i = 0; i < last->case_count && status == W4_OK; ++i) {
        status = init_case(&merged.cases[i], &last->cases[i], night_count, error);
        merged.case_count = i + 1;
        if (status == W4_OK)
            status = merge_case(nights, night_count, &merged.cases[i], &counts[i], error);
    }
    if (status == W4_OK)
        status = w4_baselines_enter(baselines, &merged, counts, wish, accepted, error);
    for (size_t i = 0; i < merged.case_count; ++i)
        fini_case(&merged.cases[i]);
    free(merged.cases);
    free(counts);
    return status;
}
