// Turns a run's figures into baselines. Decides which cases may become one; the file format is baseline_file.c's.
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "text.h"

static bool matches(const char *pattern, const char *id)
{
    return !pattern || fnmatch(pattern, id, 0) == 0;
}

static enum w4_status check_run(const struct w4_baselines *baselines, const struct w4_run *run, const char *pattern,
                                struct w4_error *error)
{
    if (baselines->count > 0 && strcmp(baselines->device_key, run->device.key) != 0)
        return w4_fail(error, W4_USAGE, "baselines of device %s cannot take figures of device %s",
                       baselines->device_key, run->device.key);
    if (baselines->count > 0 && fabs(baselines->clock_mhz - run->clock_mhz) > 0)
        return w4_fail(error, W4_USAGE, "the baselines are at %g MHz, the run at %g MHz: run with --clock-mhz %g",
                       baselines->clock_mhz, run->clock_mhz, baselines->clock_mhz);
    for (size_t i = 0; i < run->case_count; ++i) {
        const struct w4_result *result = &run->cases[i];
        if (matches(pattern, result->test.id) && result->state != W4_CASE_OK)
            return w4_fail(error, W4_USAGE, "case %s is %s (%s): only right, measured results become baselines",
                           result->test.id, w4_case_state_name(result->state), result->message);
    }
    return W4_OK;
}

static void add_suite(struct w4_baseline_entry *entry, const char *suite)
{
    if (!suite[0])
        return;
    for (size_t i = 0; i < entry->suite_count; ++i) {
        if (strcmp(entry->suites[i], suite) == 0)
            return;
    }
    if (entry->suite_count < W4_BASELINE_SUITES_MAX)
        w4_text_copy(entry->suites[entry->suite_count++], W4_NAME_MAX, suite);
}

// The entry of an id, made at the end when new. The array has room.
static struct w4_baseline_entry *entry_for(struct w4_baselines *baselines, size_t sorted_count, const char *id)
{
    for (size_t i = 0; i < sorted_count; ++i) {
        if (strcmp(baselines->entries[i].id, id) == 0)
            return &baselines->entries[i];
    }
    struct w4_baseline_entry *entry = &baselines->entries[baselines->count++];
    memset(entry, 0, sizeof(*entry));
    w4_text_copy(entry->id, sizeof(entry->id), id);
    entry->tolerance = W4_DEFAULT_TOLERANCE;
    return entry;
}

static int compare_entries(const void *left, const void *right)
{
    return strcmp(((const struct w4_baseline_entry *)left)->id, ((const struct w4_baseline_entry *)right)->id);
}

enum w4_status w4_baselines_accept(struct w4_baselines *baselines, const struct w4_run *run, const char *pattern,
                                   const char *reason, double tolerance, size_t *accepted, struct w4_error *error)
{
    *accepted = 0;
    enum w4_status status = check_run(baselines, run, pattern, error);
    if (status != W4_OK)
        return status;
    size_t old_count = baselines->count;
    struct w4_baseline_entry *grown =
        reallocarray(baselines->entries, old_count + run->case_count + 1, sizeof(*baselines->entries));
    if (!grown)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu baselines", old_count + run->case_count);
    baselines->entries = grown;
    w4_text_copy(baselines->device_key, sizeof(baselines->device_key), run->device.key);
    baselines->clock_mhz = run->clock_mhz;
    for (size_t i = 0; i < run->case_count; ++i) {
        const struct w4_result *result = &run->cases[i];
        struct w4_figures figures;
        w4_figures_of(result, &figures);
        if (!matches(pattern, result->test.id) || !figures.timed)
            continue;
        struct w4_baseline_entry *entry = entry_for(baselines, old_count, result->test.id);
        // Six digits: more than any tolerance needs, and the file stays readable.
        entry->tflops = round(figures.tflops * 1e4) > 0 ? round(figures.tflops * 1e4) / 1e4 : figures.tflops;
        if (tolerance >= 0)
            entry->tolerance = tolerance;
        w4_text_copy(entry->date, 11, run->time_utc);
        w4_text_copy(entry->reason, sizeof(entry->reason), reason);
        w4_text_copy(entry->source, sizeof(entry->source), run->git_revision);
        w4_text_copy(entry->code_object_hash, sizeof(entry->code_object_hash), result->code_object_hash);
        add_suite(entry, run->options.suite);
        ++*accepted;
    }
    qsort(baselines->entries, baselines->count, sizeof(*baselines->entries), compare_entries);
    if (*accepted == 0)
        return w4_fail(error, W4_NOT_FOUND, "no case of the result file matches \"%s\"", pattern ? pattern : "*");
    return W4_OK;
}
