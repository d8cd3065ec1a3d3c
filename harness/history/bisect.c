// `history bisect`: which run between a good and a bad one was the first bad one, and what changed there.
#include "../../history/bisect.h"

#include <stdlib.h>
#include <string.h>

#include "nights.h"

struct turned {
    const struct w4_history_series *series;
    struct w4_bisect found;
    struct w4_history_point good, bad; // of the case, at last_good and first_bad
};

struct search {
    struct w4_history *history;
    struct w4_history_info good, bad;
    struct w4_history_infos runs; // of the device, model version and clock, from good to bad
    struct w4_history_series_list list;
    struct turned *turned; // owned
    size_t turned_count, compared, unmeasured;
    double tolerance;
};

static bool is_same_series(const struct w4_history_info *a, const struct w4_history_info *b)
{
    return strcmp(a->device_key, b->device_key) == 0 && strcmp(a->model_version, b->model_version) == 0 &&
           !(a->clock_mhz < b->clock_mhz) && !(a->clock_mhz > b->clock_mhz);
}

// Keeps the runs between the two, both included.
static enum w4_status keep_between(struct search *search, struct w4_error *error)
{
    size_t kept = 0;
    bool inside = false;
    bool ended = false;
    for (size_t i = 0; i < search->runs.count && !ended; ++i) {
        const struct w4_history_info *info = &search->runs.items[i];
        inside |= info->id == search->good.id;
        ended = inside && info->id == search->bad.id;
        if (inside && is_same_series(info, &search->good))
            search->runs.items[kept++] = *info;
    }
    search->runs.count = kept;
    if (!ended || kept < 2)
        return w4_fail(error, W4_USAGE, "run %lld (good, %s) is not before run %lld (bad, %s)",
                       (long long)search->good.id, search->good.time_utc, (long long)search->bad.id,
                       search->bad.time_utc);
    return W4_OK;
}

static enum w4_status find_runs(struct search *search, const char *good, const char *bad, struct w4_error *error)
{
    enum w4_status status = w4_history_find(search->history, good, &search->good, error);
    if (status == W4_OK)
        status = w4_history_find(search->history, bad, &search->bad, error);
    if (status != W4_OK)
        return status;
    if (!is_same_series(&search->good, &search->bad))
        return w4_fail(error, W4_USAGE,
                       "run %lld is of %s (%s) and run %lld of %s (%s): different devices, timing models or clocks are "
                       "never compared",
                       (long long)search->good.id, search->good.device_key,
                       search->good.modelled ? "modelled" : "measured", (long long)search->bad.id,
                       search->bad.device_key, search->bad.modelled ? "modelled" : "measured");
    status = w4_history_runs(search->history, search->good.device_key, &search->runs, error);
    return status == W4_OK ? keep_between(search, error) : status;
}

static struct w4_bisect_value value_of(const struct w4_history_point *point)
{
    if (strcmp(point->state, "wrong") == 0)
        return (struct w4_bisect_value){.state = W4_BISECT_WRONG};
    if (w4_history_is_figure(point))
        return (struct w4_bisect_value){W4_BISECT_FIGURE, point->tflops};
    return (struct w4_bisect_value){.state = W4_BISECT_UNKNOWN};
}

// The case's value in each run of the search; a run without the case tells nothing.
static void spread(const struct search *search, const struct w4_history_points *points, struct w4_bisect_value *values,
                   struct w4_history_point *at)
{
    for (size_t r = 0; r < search->runs.count; ++r) {
        values[r] = (struct w4_bisect_value){.state = W4_BISECT_UNKNOWN};
        for (size_t i = 0; i < points->count; ++i) {
            if (points->items[i].run != search->runs.items[r].id)
                continue;
            values[r] = value_of(&points->items[i]);
            at[r] = points->items[i];
        }
    }
}

static enum w4_status search_case(struct search *search, const struct w4_history_series *series, struct w4_error *error)
{
    struct w4_history_points points;
    enum w4_status status = w4_history_points(search->history, series, &points, error);
    if (status != W4_OK)
        return status;
    size_t count = search->runs.count;
    struct w4_bisect_value *values = calloc(count, sizeof(*values));
    struct w4_history_point *at = calloc(count, sizeof(*at));
    if (values && at) {
        spread(search, &points, values, at);
        struct w4_bisect found = w4_bisect(values, count, search->tolerance);
        search->compared += found.kind != W4_BISECT_UNMEASURED;
        search->unmeasured += found.kind == W4_BISECT_UNMEASURED;
        if (found.kind == W4_BISECT_FOUND)
            search->turned[search->turned_count++] =
                (struct turned){series, found, at[found.last_good], at[found.first_bad]};
    } else {
        status = w4_fail(error, W4_MEMORY, "out of memory for %zu runs", count);
    }
    free(values);
    free(at);
    w4_history_points_fini(&points);
    return status;
}

static enum w4_status search_cases(struct search *search, const char *pattern, struct w4_error *error)
{
    enum w4_status status =
        w4_history_find_series(search->history, pattern ? pattern : "*", search->good.device_key, &search->list, error);
    if (status != W4_OK)
        return status;
    search->turned = calloc(search->list.count + 1, sizeof(*search->turned));
    if (!search->turned)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu cases", search->list.count);
    for (size_t i = 0; i < search->list.count && status == W4_OK; ++i) {
        const struct w4_history_series *series = &search->list.items[i];
        bool same = strcmp(series->model_version, search->good.model_version) == 0 &&
                    !(series->clock_mhz < search->good.clock_mhz) && !(series->clock_mhz > search->good.clock_mhz);
        if (same)
            status = search_case(search, series, error);
    }
    if (status == W4_OK && search->compared + search->unmeasured == 0)
        status = w4_fail(error, W4_NOT_FOUND, "no case of device %s in the history matches \"%s\"",
                         search->good.device_key, pattern ? pattern : "*");
    return status;
}

static const char *fact_value(const struct w4_history_facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->count; ++i) {
        if (strcmp(facts->items[i].name, name) == 0)
            return facts->items[i].value;
    }
    return "unknown";
}

enum w4_status w4_nights_write_differences(struct w4_history *history, const struct w4_history_info *before,
                                           const struct w4_history_info *after, const char *indent, FILE *out,
                                           struct w4_error *error)
{
    struct w4_history_facts old = {0};
    struct w4_history_facts new = {0};
    size_t differences = 0;
    enum w4_status status = w4_history_facts(history, before->id, &old, error);
    if (status == W4_OK)
        status = w4_history_facts(history, after->id, &new, error);
    if (status == W4_OK && strcmp(before->revision, after->revision) != 0)
        differences += fprintf(out, "%srevision %s -> %s\n", indent, before->revision, after->revision) > 0;
    for (size_t i = 0; status == W4_OK && i < new.count; ++i) {
        const char *value = fact_value(&old, new.items[i].name);
        if (strcmp(value, new.items[i].value) != 0)
            differences += fprintf(out, "%s%s: %s -> %s\n", indent, new.items[i].name, value, new.items[i].value) > 0;
    }
    for (size_t i = 0; status == W4_OK && i < old.count; ++i) {
        if (strcmp(fact_value(&new, old.items[i].name), "unknown") == 0)
            differences += fprintf(out, "%s%s: %s -> unknown\n", indent, old.items[i].name, old.items[i].value) > 0;
    }
    if (status == W4_OK && differences == 0)
        fprintf(out, "%srevision, toolchain, driver and machine are the same\n", indent);
    w4_history_facts_fini(&old);
    w4_history_facts_fini(&new);
    return status;
}

static void write_case(const struct turned *turned, FILE *out)
{
    const struct w4_history_point *good = &turned->good;
    const struct w4_history_point *bad = &turned->bad;
    bool same = strcmp(good->code_object_hash, bad->code_object_hash) == 0;
    fprintf(out, "  %s: %.4g -> ", turned->series->case_id, good->tflops);
    if (strcmp(bad->state, "wrong") == 0)
        fputs("WRONG", out);
    else
        fprintf(out, "%.4g TFLOPS (%+.1f %%)", bad->tflops, 100 * (bad->tflops / good->tflops - 1));
    if (same)
        fprintf(out, ", the same code object %.8s\n", good->code_object_hash);
    else
        fprintf(out, ", code object %.8s -> %.8s\n", good->code_object_hash, bad->code_object_hash);
    if (turned->found.bad_before)
        fprintf(out, "    earlier runs that were bad too, and good again since: %zu; history trend shows them\n",
                turned->found.bad_before);
}

// The cases that turned at the same place, and what changed there.
static enum w4_status write_group(const struct search *search, size_t first, FILE *out, struct w4_error *error)
{
    const struct w4_bisect *found = &search->turned[first].found;
    const struct w4_history_info *good = &search->runs.items[found->last_good];
    const struct w4_history_info *bad = &search->runs.items[found->first_bad];
    fprintf(out, "\nfirst bad: run %lld (%s, revision %s)\nlast good: run %lld (%s, revision %s)\n", (long long)bad->id,
            bad->time_utc, bad->revision, (long long)good->id, good->time_utc, good->revision);
    if (found->unknown)
        fprintf(out, "  runs between them that tell nothing of it: %zu; the change may have come with any of these\n",
                found->unknown);
    for (size_t i = first; i < search->turned_count; ++i) {
        const struct turned *turned = &search->turned[i];
        if (turned->found.first_bad == found->first_bad && turned->found.last_good == found->last_good)
            write_case(turned, out);
    }
    fputs("  changed between the two:\n", out);
    return w4_nights_write_differences(search->history, good, bad, "    ", out, error);
}

static enum w4_status write_groups(const struct search *search, FILE *out, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < search->turned_count && status == W4_OK; ++i) {
        bool written = false;
        for (size_t j = 0; j < i; ++j)
            written |= search->turned[j].found.first_bad == search->turned[i].found.first_bad &&
                       search->turned[j].found.last_good == search->turned[i].found.last_good;
        if (!written)
            status = write_group(search, i, out, error);
    }
    return status;
}

enum w4_status w4_nights_bisect(struct w4_history *history, const char *good, const char *bad, const char *pattern,
                                double tolerance, FILE *out, size_t *found, struct w4_error *error)
{
    struct search search = {.history = history, .tolerance = tolerance};
    *found = 0;
    enum w4_status status = find_runs(&search, good, bad, error);
    if (status == W4_OK)
        status = search_cases(&search, pattern, error);
    if (status == W4_OK) {
        fprintf(out, "run %lld (good) .. run %lld (bad) on %s, %s: %zu runs, tolerance %g %%\n",
                (long long)search.good.id, (long long)search.bad.id, search.good.device_key,
                search.good.modelled ? "modelled" : "measured", search.runs.count, 100 * tolerance);
        fprintf(out, "%zu cases compared, %zu turned bad, %zu without a figure in one of the two\n", search.compared,
                search.turned_count, search.unmeasured);
        *found = search.turned_count;
        status = write_groups(&search, out, error);
    }
    free(search.turned);
    w4_history_series_fini(&search.list);
    w4_history_infos_fini(&search.runs);
    return status;
}
