// From a result file to a run of the history.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/file.h"
#include "../../base/json.h"
#include "../../statistics/order.h"
#include "../results.h"
#include "nights.h"

enum { FILE_LIMIT_BYTES = 256 << 20, FACTS_MAX = 40, IDENTITY_TEXT_MAX = 2048 };

// Everything that tells one run from another, figures aside: what an edited copy of a file still has in common with it.
static void make_identity(const struct w4_run *run, char identity[33])
{
    char text[IDENTITY_TEXT_MAX];
    int length =
        snprintf(text, sizeof(text), "%s|%s|%s|%llu|%llu|%g|%s|%s|%s|%s|%s|%s|%s|%d", run->device.key, run->time_utc,
                 run->git_revision, (unsigned long long)run->seed, (unsigned long long)run->order_seed, run->clock_mhz,
                 run->options.suite, run->options.filter, run->options.model, run->options.layer, run->options.kernels,
                 run->options.m, run->options.workgroups, (int)run->options.repeat);
    w4_hash_hex(text, length > 0 && length < IDENTITY_TEXT_MAX ? (size_t)length : IDENTITY_TEXT_MAX - 1, identity);
}

// The hash of what the file says, whatever its layout.
static enum w4_status hash_content(const char *path, const char *text, char content[33], struct w4_error *error)
{
    struct w4_json file;
    enum w4_status status = w4_json_parse(&file, path, text, error);
    if (status != W4_OK)
        return status;
    char *canonical = json_dumps(file.root, JSON_COMPACT | JSON_SORT_KEYS);
    w4_json_fini(&file);
    if (!canonical)
        return w4_fail(error, W4_MEMORY, "%s: out of memory", path);
    w4_hash_hex(canonical, strlen(canonical), content);
    free(canonical);
    return W4_OK;
}

// Runs are ordered by their times as text, so that these must look alike.
static enum w4_status check_time(const char *path, const char *time_utc, struct w4_error *error)
{
    static const char pattern[] = "dddd-dd-ddTdd:dd:ddZ";
    bool fits = strlen(time_utc) == sizeof(pattern) - 1;
    for (size_t i = 0; fits && pattern[i]; ++i)
        fits = pattern[i] == 'd' ? time_utc[i] >= '0' && time_utc[i] <= '9' : time_utc[i] == pattern[i];
    return fits ? W4_OK
                : w4_fail(error, W4_PARSE,
                          "%s: time_utc \"%s\" is no time such as 2026-01-31T12:00:00Z: the run has no place in the "
                          "history",
                          path, time_utc);
}

static size_t make_facts(const struct w4_run *run, struct w4_history_fact facts[FACTS_MAX])
{
    size_t count = 0;
    const struct w4_history_fact own[] = {{"timing model", run->device.model_label},
                                          {"HIP library", run->device.library},
                                          {"kernel compiler", run->toolchain.kernel_compiler},
                                          {"kernel compiler's version", run->toolchain.kernel_compiler_version},
                                          {"kernel flags", run->toolchain.kernel_flags},
                                          {"host compiler", run->toolchain.host_compiler},
#define X(member, words, bytes) {words, run->fingerprint.member},
                                          W4_FINGERPRINT_FIELDS(X)
#undef X
    };
    _Static_assert(sizeof(own) / sizeof(own[0]) <= FACTS_MAX, "room for every fact");
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); ++i) {
        if (own[i].value[0])
            facts[count++] = own[i];
    }
    return count;
}

// The median of what the sensor said while the case was timed; 0 when it said nothing.
static double engine_mhz(const struct w4_result *result)
{
    const struct w4_measured *measured = &result->measured;
    double *known = calloc(measured->reading_count + 1, sizeof(*known));
    size_t count = 0;
    for (size_t i = 0; known && i < measured->reading_count; ++i) {
        if (isfinite(measured->readings[i].engine_mhz))
            known[count++] = measured->readings[i].engine_mhz;
    }
    double median = count ? w4_median(known, count) : 0;
    free(known);
    return isfinite(median) ? median : 0;
}

static void make_result(const struct w4_result *from, struct w4_history_result *to)
{
    struct w4_figures figures;
    w4_figures_of(from, &figures);
    *to = (struct w4_history_result){.case_id = from->test.id,
                                     .state = w4_case_state_name(from->state),
                                     .variant = from->variant,
                                     .code_object_hash = from->code_object_hash,
                                     .time_ms = figures.timed ? figures.time_ms : 0,
                                     .tflops = figures.timed ? figures.tflops : 0,
                                     .engine_mhz = engine_mhz(from),
                                     .samples = (int64_t)from->sample_count};
}

static enum w4_status add_run(struct w4_history *history, const char *path, const struct w4_run *run, const char *text,
                              size_t size, enum w4_history_added *added, int64_t *id, struct w4_error *error)
{
    char identity[33];
    char content[33];
    struct w4_history_fact facts[FACTS_MAX];
    enum w4_status status = check_time(path, run->time_utc, error);
    if (status == W4_OK)
        status = hash_content(path, text, content, error);
    if (status != W4_OK)
        return status;
    struct w4_history_result *results = calloc(run->case_count + 1, sizeof(*results));
    if (!results)
        return w4_fail(error, W4_MEMORY, "%s: out of memory for %zu cases", path, run->case_count);
    make_identity(run, identity);
    for (size_t i = 0; i < run->case_count; ++i)
        make_result(&run->cases[i], &results[i]);
    const struct w4_history_run night = {.identity = identity,
                                         .content = content,
                                         .time_utc = run->time_utc,
                                         .revision = run->git_revision,
                                         .suite = run->options.suite,
                                         .device_key = run->device.key,
                                         .model_version = run->device.model_key,
                                         .modelled = run->device.modelled,
                                         .interrupted = run->interrupted,
                                         .clock_mhz = run->clock_mhz,
                                         .facts = facts,
                                         .fact_count = make_facts(run, facts),
                                         .results = results,
                                         .result_count = run->case_count,
                                         .document = text,
                                         .document_bytes = size};
    struct w4_error cause = {0};
    status = w4_history_add(history, &night, added, id, &cause);
    if (status != W4_OK)
        w4_fail(error, status, "%s: %s", path, cause.message);
    free(results);
    return status;
}

enum w4_status w4_nights_add_file(struct w4_history *history, const char *path, enum w4_history_added *added,
                                  int64_t *id, struct w4_error *error)
{
    struct w4_run run = {0};
    char *text = NULL;
    size_t size = 0;
    enum w4_status status = w4_run_load(path, &run, error);
    if (status == W4_OK && run.case_count == 0)
        status = w4_fail(error, W4_PARSE, "%s: a run without cases; nothing was added", path);
    if (status == W4_OK)
        status = w4_file_read(path, FILE_LIMIT_BYTES, &text, &size, error);
    if (status == W4_OK)
        status = add_run(history, path, &run, text, size, added, id, error);
    free(text);
    w4_run_fini(&run);
    return status;
}
