// Questions to the store: runs, series, points, facts, the result file of a run.
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "store.h"

enum { REVISION_PREFIX_MIN = 4 };

enum row { ROW_KEEP, ROW_SKIP, ROW_NO_MEMORY };

// How a row becomes an item; `context` is the caller's.
typedef enum row (*row_reader)(sqlite3_stmt *statement, const void *context, void *item);

// What a statement yields, and what kind of items its rows become.
struct collection {
    sqlite3_stmt *statement;
    size_t item_bytes;
    row_reader read;
    const void *context;
};

// All rows of the statement as items of a fresh array, which grows by doubling. On an error the items so far are there
// all the same, for the caller to free.
static enum w4_status collect(struct w4_history *history, const struct collection *collection, void **items,
                              size_t *count, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (bool row = true; status == W4_OK;) {
        status = history_step(history, collection->statement, &row, error);
        if (status != W4_OK || !row)
            break;
        if ((*count & (*count - 1)) == 0) { // full: the capacity is a power of two
            void *grown = reallocarray(*items, *count ? 2 * *count : 1, collection->item_bytes);
            if (!grown)
                return w4_fail(error, W4_MEMORY, "out of memory for %zu rows of the history", *count);
            *items = grown;
        }
        enum row outcome = collection->read(collection->statement, collection->context,
                                            (unsigned char *)*items + *count * collection->item_bytes);
        *count += outcome == ROW_KEEP;
        if (outcome == ROW_NO_MEMORY)
            status = w4_fail(error, W4_MEMORY, "out of memory for row %zu of the history", *count);
    }
    return status;
}

#define RUN_COLUMNS                                                                                                    \
    "SELECT run.id, identity, time_utc, revision, suite, device_key, model_version, modelled, interrupted, "           \
    "clock_mhz, "                                                                                                      \
    "(SELECT count(*) FROM result WHERE result.run = run.id), "                                                        \
    "(SELECT count(*) FROM result WHERE result.run = run.id AND state = 'ok') "                                        \
    "FROM run JOIN device ON device.key = device_key "

static enum row read_info(sqlite3_stmt *statement, const void *context, void *item)
{
    struct w4_history_info *info = item;
    (void)context;
    memset(info, 0, sizeof(*info));
    info->id = sqlite3_column_int64(statement, 0);
    history_text(statement, 1, info->identity, sizeof(info->identity));
    history_text(statement, 2, info->time_utc, sizeof(info->time_utc));
    history_text(statement, 3, info->revision, sizeof(info->revision));
    history_text(statement, 4, info->suite, sizeof(info->suite));
    history_text(statement, 5, info->device_key, sizeof(info->device_key));
    history_text(statement, 6, info->model_version, sizeof(info->model_version));
    info->modelled = sqlite3_column_int(statement, 7) != 0;
    info->interrupted = sqlite3_column_int(statement, 8) != 0;
    info->clock_mhz = sqlite3_column_double(statement, 9);
    info->cases = sqlite3_column_int64(statement, 10);
    info->right = sqlite3_column_int64(statement, 11);
    return ROW_KEEP;
}

enum w4_status w4_history_runs(struct w4_history *history, const char *device_key, struct w4_history_infos *infos,
                               struct w4_error *error)
{
    sqlite3_stmt *statement = NULL;
    *infos = (struct w4_history_infos){0};
    enum w4_status status = history_prepare(
        history, RUN_COLUMNS "WHERE ?1 IS NULL OR device_key = ?1 ORDER BY time_utc, run.id", &statement, error);
    if (status == W4_OK)
        sqlite3_bind_text(statement, 1, device_key, -1, SQLITE_STATIC);
    if (status == W4_OK) {
        const struct collection collection = {statement, sizeof(*infos->items), read_info, NULL};
        void *items = NULL;
        status = collect(history, &collection, &items, &infos->count, error);
        infos->items = items;
    }
    sqlite3_finalize(statement);
    if (status != W4_OK)
        w4_history_infos_fini(infos);
    return status;
}

void w4_history_infos_fini(struct w4_history_infos *infos)
{
    free(infos->items);
    *infos = (struct w4_history_infos){0};
}

// A word of digits is a run's number, unless no run has it and it may begin a revision.
static bool names_run(const struct w4_history_info *info, const char *name)
{
    char number[24];
    snprintf(number, sizeof(number), "%lld", (long long)info->id);
    return strcmp(number, name) == 0;
}

enum w4_status w4_history_find(struct w4_history *history, const char *name, struct w4_history_info *info,
                               struct w4_error *error)
{
    struct w4_history_infos infos;
    enum w4_status status = w4_history_runs(history, NULL, &infos, error);
    if (status != W4_OK)
        return status;
    size_t length = strlen(name);
    const struct w4_history_info *exact = NULL;
    const struct w4_history_info *first = NULL;
    const struct w4_history_info *second = NULL;
    for (size_t i = 0; i < infos.count; ++i) {
        const struct w4_history_info *item = &infos.items[i];
        if (names_run(item, name))
            exact = item;
        if (length >= REVISION_PREFIX_MIN && strncmp(item->revision, name, length) == 0) {
            second = first ? item : NULL;
            first = first ? first : item;
        }
    }
    if (exact || (first && !second))
        *info = exact ? *exact : *first;
    else if (second)
        status =
            w4_fail(error, W4_USAGE, "revision %s has several runs, %lld and %lld among them: name one by its number",
                    name, (long long)first->id, (long long)second->id);
    else
        status = w4_fail(error, W4_NOT_FOUND,
                         "%s: no run has this number or revision (at least %d characters of it); w4bench history list "
                         "shows the runs",
                         name, (int)REVISION_PREFIX_MIN);
    w4_history_infos_fini(&infos);
    return status;
}

enum match { MATCH_ID, MATCH_GLOB, MATCH_PART };

static enum match kind_of(struct w4_history *history, const char *pattern, struct w4_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    if (strpbrk(pattern, "*?["))
        return MATCH_GLOB;
    if (history_prepare(history, "SELECT 1 FROM result WHERE case_id = ? LIMIT 1", &statement, error) == W4_OK) {
        sqlite3_bind_text(statement, 1, pattern, -1, SQLITE_STATIC);
        if (history_step(history, statement, &row, error) != W4_OK)
            row = false;
    }
    sqlite3_finalize(statement);
    return row ? MATCH_ID : MATCH_PART;
}

static bool is_match(enum match kind, const char *pattern, const char *case_id)
{
    switch (kind) {
    case MATCH_ID: return strcmp(pattern, case_id) == 0;
    case MATCH_GLOB: return fnmatch(pattern, case_id, 0) == 0;
    case MATCH_PART: return strstr(case_id, pattern) != NULL;
    }
    return false;
}

struct matcher {
    enum match kind;
    const char *pattern;
};

static enum row read_series(sqlite3_stmt *statement, const void *context, void *item)
{
    const struct matcher *matcher = context;
    struct w4_history_series *series = item;
    memset(series, 0, sizeof(*series));
    history_text(statement, 0, series->case_id, sizeof(series->case_id));
    history_text(statement, 1, series->device_key, sizeof(series->device_key));
    history_text(statement, 2, series->model_version, sizeof(series->model_version));
    series->clock_mhz = sqlite3_column_double(statement, 3);
    series->modelled = sqlite3_column_int(statement, 4) != 0;
    return is_match(matcher->kind, matcher->pattern, series->case_id) ? ROW_KEEP : ROW_SKIP;
}

enum w4_status w4_history_find_series(struct w4_history *history, const char *pattern, const char *device_key,
                                      struct w4_history_series_list *list, struct w4_error *error)
{
    static const char sql[] =
        "SELECT DISTINCT case_id, device_key, model_version, clock_mhz, modelled FROM result "
        "JOIN run ON run.id = result.run JOIN device ON device.key = device_key "
        "WHERE ?1 IS NULL OR device_key = ?1 ORDER BY case_id, device_key, model_version, clock_mhz";
    sqlite3_stmt *statement = NULL;
    *list = (struct w4_history_series_list){0};
    struct w4_error failure = {0};
    const struct matcher matcher = {kind_of(history, pattern, &failure), pattern};
    if (failure.status != W4_OK)
        return w4_fail(error, failure.status, "%s", failure.message);
    enum w4_status status = history_prepare(history, sql, &statement, error);
    if (status == W4_OK)
        sqlite3_bind_text(statement, 1, device_key, -1, SQLITE_STATIC);
    if (status == W4_OK) {
        const struct collection collection = {statement, sizeof(*list->items), read_series, &matcher};
        void *items = NULL;
        status = collect(history, &collection, &items, &list->count, error);
        list->items = items;
    }
    sqlite3_finalize(statement);
    if (status != W4_OK)
        w4_history_series_fini(list);
    return status;
}

void w4_history_series_fini(struct w4_history_series_list *list)
{
    free(list->items);
    *list = (struct w4_history_series_list){0};
}

static enum row read_point(sqlite3_stmt *statement, const void *context, void *item)
{
    struct w4_history_point *point = item;
    (void)context;
    memset(point, 0, sizeof(*point));
    point->run = sqlite3_column_int64(statement, 0);
    history_text(statement, 1, point->time_utc, sizeof(point->time_utc));
    history_text(statement, 2, point->revision, sizeof(point->revision));
    history_text(statement, 3, point->state, sizeof(point->state));
    history_text(statement, 4, point->variant, sizeof(point->variant));
    history_text(statement, 5, point->code_object_hash, sizeof(point->code_object_hash));
    point->time_ms = sqlite3_column_double(statement, 6);
    point->tflops = sqlite3_column_double(statement, 7);
    point->samples = sqlite3_column_int64(statement, 8);
    point->engine_mhz = sqlite3_column_double(statement, 9);
    return ROW_KEEP;
}

enum w4_status w4_history_points(struct w4_history *history, const struct w4_history_series *series,
                                 struct w4_history_points *points, struct w4_error *error)
{
    static const char sql[] =
        "SELECT run.id, time_utc, revision, state, variant, code_object_hash, time_ms, tflops, samples, engine_mhz "
        "FROM result "
        "JOIN run ON run.id = result.run WHERE case_id = ? AND device_key = ? AND model_version = ? AND clock_mhz = ? "
        "ORDER BY time_utc, run.id";
    sqlite3_stmt *statement = NULL;
    *points = (struct w4_history_points){0};
    enum w4_status status = history_prepare(history, sql, &statement, error);
    if (status == W4_OK) {
        sqlite3_bind_text(statement, 1, series->case_id, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, series->device_key, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 3, series->model_version, -1, SQLITE_STATIC);
        sqlite3_bind_double(statement, 4, series->clock_mhz);
    }
    if (status == W4_OK) {
        const struct collection collection = {statement, sizeof(*points->items), read_point, NULL};
        void *items = NULL;
        status = collect(history, &collection, &items, &points->count, error);
        points->items = items;
    }
    sqlite3_finalize(statement);
    if (status != W4_OK)
        w4_history_points_fini(points);
    return status;
}

void w4_history_points_fini(struct w4_history_points *points)
{
    free(points->items);
    *points = (struct w4_history_points){0};
}

bool w4_history_is_figure(const struct w4_history_point *point)
{
    return strcmp(point->state, "ok") == 0 && point->tflops > 0;
}

static enum row read_fact(sqlite3_stmt *statement, const void *context, void *item)
{
    struct w4_history_fact_row *fact = item;
    const char *value = (const char *)sqlite3_column_text(statement, 1);
    (void)context;
    history_text(statement, 0, fact->name, sizeof(fact->name));
    fact->value = strdup(value ? value : "");
    return fact->value ? ROW_KEEP : ROW_NO_MEMORY;
}

enum w4_status w4_history_facts(struct w4_history *history, int64_t run, struct w4_history_facts *facts,
                                struct w4_error *error)
{
    sqlite3_stmt *statement = NULL;
    *facts = (struct w4_history_facts){0};
    enum w4_status status =
        history_prepare(history, "SELECT name, value FROM fact WHERE run = ? ORDER BY name", &statement, error);
    if (status == W4_OK)
        sqlite3_bind_int64(statement, 1, run);
    if (status == W4_OK) {
        const struct collection collection = {statement, sizeof(*facts->items), read_fact, NULL};
        void *items = NULL;
        status = collect(history, &collection, &items, &facts->count, error);
        facts->items = items;
    }
    sqlite3_finalize(statement);
    if (status != W4_OK)
        w4_history_facts_fini(facts);
    return status;
}

void w4_history_facts_fini(struct w4_history_facts *facts)
{
    for (size_t i = 0; i < facts->count; ++i)
        free(facts->items[i].value);
    free(facts->items);
    *facts = (struct w4_history_facts){0};
}

static enum w4_status decompress(sqlite3_stmt *statement, int64_t run, char **text, size_t *size,
                                 struct w4_error *error)
{
    const void *blob = sqlite3_column_blob(statement, 0);
    size_t blob_bytes = (size_t)sqlite3_column_bytes(statement, 0);
    *size = (size_t)sqlite3_column_int64(statement, 1);
    *text = malloc(*size + 1);
    if (!*text)
        return w4_fail(error, W4_MEMORY, "out of memory for the result file of run %lld (%zu bytes)", (long long)run,
                       *size);
    size_t written = ZSTD_decompress(*text, *size, blob, blob_bytes);
    if (ZSTD_isError(written) || written != *size)
        return w4_fail(error, W4_PARSE, "the result file of run %lld is damaged: %s", (long long)run,
                       ZSTD_isError(written) ? ZSTD_getErrorName(written) : "its length differs");
    (*text)[*size] = '\0';
    return W4_OK;
}

enum w4_status w4_history_document(struct w4_history *history, int64_t run, char **text, size_t *size,
                                   struct w4_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    *text = NULL;
    enum w4_status status =
        history_prepare(history, "SELECT document, document_bytes FROM run WHERE id = ?", &statement, error);
    if (status == W4_OK) {
        sqlite3_bind_int64(statement, 1, run);
        status = history_step(history, statement, &row, error);
    }
    if (status == W4_OK)
        status = row ? decompress(statement, run, text, size, error)
                     : w4_fail(error, W4_NOT_FOUND, "the history has no run %lld", (long long)run);
    sqlite3_finalize(statement);
    if (status != W4_OK) {
        free(*text);
        *text = NULL;
    }
    return status;
}
