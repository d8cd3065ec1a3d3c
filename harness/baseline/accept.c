// Turns a run's figures into baselines. Decides which cases may become one; the file format is file.c's.
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/file.h"
#include "../anchors.h"
#include "../baseline.h"
#include "../date.h"
#include "../text.h"
#include "enter.h"

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
    int64_t day = 0;
    if (!w4_date_day(run->time_utc, &day))
        return w4_fail(error, W4_USAGE, "the result file has no date (time_utc is \"%s\"), and a baseline needs one",
                       run->time_utc);
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

// The entry of an id, made at the end when new, with what it was in its log. The array has room. NULL: no memory.
static struct w4_baseline_entry *entry_for(struct w4_baselines *baselines, size_t sorted_count, const char *id)
{
    for (size_t i = 0; i < sorted_count; ++i) {
        struct w4_baseline_entry *entry = &baselines->entries[i];
        if (strcmp(entry->id, id) != 0)
            continue;
        struct w4_baseline_version *grown = reallocarray(entry->log, entry->log_count + 1, sizeof(*grown));
        if (!grown)
            return NULL;
        entry->log = grown;
        entry->log[entry->log_count++] = entry->now;
        return entry;
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

// Of the texts alone: bytes behind their ends may be anything.
static void fingerprint_key(const struct w4_fingerprint *fingerprint, char key[33])
{
    char text[sizeof(*fingerprint)] = {0};
    size_t used = 0;
#define X(member, words, bytes) used += (size_t)snprintf(text + used, sizeof(text) - used, "%s\n", fingerprint->member);
    W4_FINGERPRINT_FIELDS(X)
#undef X
    w4_hash_hex(text, used, key);
}

// The machine of a measured run, added when it is new; "" when modelled. NULL: no memory.
static const char *machine_of(struct w4_baselines *baselines, const struct w4_run *run)
{
    struct w4_baseline_machine machine = {.fingerprint = run->fingerprint};
    if (run->device.modelled)
        return "";
    fingerprint_key(&run->fingerprint, machine.key);
    const struct w4_baseline_machine *known = w4_baselines_machine(baselines, machine.key);
    if (known)
        return known->key;
    struct w4_baseline_machine *grown = reallocarray(baselines->machines, baselines->machine_count + 1, sizeof(*grown));
    if (!grown)
        return NULL;
    baselines->machines = grown;
    grown[baselines->machine_count] = machine;
    return grown[baselines->machine_count++].key;
}

// What all entries of one acceptance have in common.
struct entering {
    const struct w4_run *run;
    const struct w4_acceptance *wish;
    const char *machine;
};

// To six digits: more than any tolerance needs, and the file stays readable.
static double rounded(double value)
{
    char text[32];
    snprintf(text, sizeof(text), "%.6g", value);
    return strtod(text, NULL);
}

static void enter(struct w4_baseline_entry *entry, const struct entering *from, const struct w4_result *result,
                  const struct w4_nights *nights)
{
    const struct w4_run *run = from->run;
    const struct w4_acceptance *wish = from->wish;
    struct w4_figures figures;
    w4_figures_of(result, &figures);
    struct w4_baseline_version *now = &entry->now;
    now->tflops = rounded(figures.tflops);
    now->nights = nights->count;
    now->spread = nights->spread;
    if (wish->tolerance >= 0)
        entry->tolerance = wish->tolerance;
    w4_text_copy(now->date, 11, run->time_utc);
    w4_text_copy(now->reason, sizeof(now->reason), wish->reason);
    w4_text_copy(now->source, sizeof(now->source), run->git_revision);
    w4_text_copy(now->code_object_hash, sizeof(now->code_object_hash), result->code_object_hash);
    w4_text_copy(now->variant, sizeof(now->variant), result->variant);
    w4_text_copy(now->machine, sizeof(now->machine), from->machine);
    now->anchor_wmma_ms = w4_anchor_time_ms(&result->measured, W4_ANCHOR_WMMA);
    now->anchor_bandwidth_ms = w4_anchor_time_ms(&result->measured, W4_ANCHOR_BANDWIDTH);
    add_suite(entry, run->options.suite);
}

enum w4_status w4_baselines_enter(struct w4_baselines *baselines, const struct w4_run *run,
                                  const struct w4_nights *nights, const struct w4_acceptance *wish, size_t *accepted,
                                  struct w4_error *error)
{
    static const struct w4_nights one_night = {.count = 1};
    *accepted = 0;
    enum w4_status status = check_run(baselines, run, wish->pattern, error);
    if (status != W4_OK)
        return status;
    size_t old_count = baselines->count;
    struct w4_baseline_entry *grown =
        reallocarray(baselines->entries, old_count + run->case_count + 1, sizeof(*baselines->entries));
    if (!grown)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu baselines", old_count + run->case_count);
    baselines->entries = grown;
    struct entering from = {.run = run, .wish = wish, .machine = machine_of(baselines, run)};
    if (!from.machine)
        return w4_fail(error, W4_MEMORY, "out of memory for the machine");
    w4_text_copy(baselines->device_key, sizeof(baselines->device_key), run->device.key);
    baselines->clock_mhz = run->clock_mhz;
    for (size_t i = 0; i < run->case_count && status == W4_OK; ++i) {
        const struct w4_result *result = &run->cases[i];
        struct w4_figures figures;
        w4_figures_of(result, &figures);
        if (!matches(wish->pattern, result->test.id) || !figures.timed)
            continue;
        struct w4_baseline_entry *entry = entry_for(baselines, old_count, result->test.id);
        if (!entry) {
            status = w4_fail(error, W4_MEMORY, "out of memory for the log of %s", result->test.id);
            break;
        }
        enter(entry, &from, result, nights ? &nights[i] : &one_night);
        ++*accepted;
    }
    qsort(baselines->entries, baselines->count, sizeof(*baselines->entries), compare_entries);
    if (status == W4_OK && *accepted == 0)
        return w4_fail(error, W4_NOT_FOUND, "no case of the result file matches \"%s\"",
                       wish->pattern ? wish->pattern : "*");
    return status;
}

enum w4_status w4_baselines_accept(struct w4_baselines *baselines, const struct w4_run *run,
                                   const struct w4_acceptance *wish, size_t *accepted, struct w4_error *error)
{
    return w4_baselines_enter(baselines, run, NULL, wish, accepted, error);
}
