// Adds runs: one transaction each, so that a run is in the store whole or not at all.
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "store.h"

enum { COMPRESSION_LEVEL = 9 };

// The run with this identity; *id 0: none.
static enum w4_status find_identity(struct w4_history *history, const struct w4_history_run *run, int64_t *id,
                                    struct w4_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    char content[64] = "";
    *id = 0;
    enum w4_status status =
        history_prepare(history, "SELECT id, content FROM run WHERE identity = ?", &statement, error);
    if (status == W4_OK) {
        sqlite3_bind_text(statement, 1, run->identity, -1, SQLITE_STATIC);
        status = history_step(history, statement, &row, error);
    }
    if (status == W4_OK && row) {
        *id = sqlite3_column_int64(statement, 0);
        history_text(statement, 1, content, sizeof(content));
        if (strcmp(content, run->content) != 0)
            status = w4_fail(error, W4_USAGE,
                             "the run of %s on %s is in the history already (run %lld) with other contents: this file "
                             "was edited, or continued after it was added; the history keeps what it has",
                             run->time_utc, run->device_key, (long long)*id);
    }
    sqlite3_finalize(statement);
    return status;
}

static enum w4_status add_device(struct w4_history *history, const struct w4_history_run *run, struct w4_error *error)
{
    static const char *const kinds[] = {"measured", "modelled"};
    sqlite3_stmt *statement = NULL;
    bool row = false;
    enum w4_status status = history_prepare(
        history, "INSERT INTO device (key, modelled) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", &statement, error);
    if (status == W4_OK) {
        sqlite3_bind_text(statement, 1, run->device_key, -1, SQLITE_STATIC);
        sqlite3_bind_int(statement, 2, run->modelled);
        status = history_step(history, statement, &row, error);
    }
    sqlite3_finalize(statement);
    if (status == W4_OK)
        status = history_prepare(history, "SELECT modelled FROM device WHERE key = ?", &statement, error);
    if (status != W4_OK)
        return status;
    sqlite3_bind_text(statement, 1, run->device_key, -1, SQLITE_STATIC);
    status = history_step(history, statement, &row, error);
    if (status == W4_OK && row && (sqlite3_column_int(statement, 0) != 0) != run->modelled)
        status =
            w4_fail(error, W4_USAGE, "device key %s is %s in the history and %s in this file: the two are never mixed",
                    run->device_key, kinds[!run->modelled], kinds[run->modelled]);
    sqlite3_finalize(statement);
    return status;
}

static enum w4_status compress(const struct w4_history_run *run, void **blob, size_t *bytes, struct w4_error *error)
{
    size_t bound = ZSTD_compressBound(run->document_bytes);
    *blob = malloc(bound + 1);
    if (!*blob)
        return w4_fail(error, W4_MEMORY, "out of memory for a result file of %zu bytes", run->document_bytes);
    *bytes = ZSTD_compress(*blob, bound, run->document, run->document_bytes, COMPRESSION_LEVEL);
    if (ZSTD_isError(*bytes))
        return w4_fail(error, W4_INTERNAL, "zstd: %s", ZSTD_getErrorName(*bytes));
    return W4_OK;
}

static enum w4_status add_run(struct w4_history *history, const struct w4_history_run *run, int64_t *id,
                              struct w4_error *error)
{
    static const char sql[] =
        "INSERT INTO run (identity, content, time_utc, revision, suite, device_key, model_version, clock_mhz, "
        "interrupted, document_bytes, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const char *const texts[] = {run->identity, run->content,    run->time_utc,     run->revision,
                                 run->suite,    run->device_key, run->model_version};
    enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };
    sqlite3_stmt *statement = NULL;
    void *blob = NULL;
    size_t bytes = 0;
    bool row = false;
    enum w4_status status = compress(run, &blob, &bytes, error);
    if (status == W4_OK)
        status = history_prepare(history, sql, &statement, error);
    if (status == W4_OK) {
        for (int i = 0; i < TEXTS; ++i)
            sqlite3_bind_text(statement, i + 1, texts[i], -1, SQLITE_STATIC);
        sqlite3_bind_double(statement, TEXTS + 1, run->clock_mhz);
        sqlite3_bind_int(statement, TEXTS + 2, run->interrupted);
        sqlite3_bind_int64(statement, TEXTS + 3, (int64_t)run->document_bytes);
        sqlite3_bind_blob64(statement, TEXTS + 4, blob, bytes, SQLITE_STATIC);
        status = history_step(history, statement, &row, error);
    }
    *id = sqlite3_last_insert_rowid(history->database);
    sqlite3_finalize(statement);
    free(blob);
    return status;
}

static enum w4_status add_facts(struct w4_history *history, const struct w4_history_run *run, int64_t id,
                                struct w4_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    enum w4_status status =
        history_prepare(history, "INSERT INTO fact (run, name, value) VALUES (?, ?, ?)", &statement, error);
    for (size_t i = 0; i < run->fact_count && status == W4_OK; ++i) {
        sqlite3_bind_int64(statement, 1, id);
        sqlite3_bind_text(statement, 2, run->facts[i].name, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 3, run->facts[i].value, -1, SQLITE_STATIC);
        status = history_step(history, statement, &row, error);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return status;
}

static enum w4_status add_results(struct w4_history *history, const struct w4_history_run *run, int64_t id,
                                  struct w4_error *error)
{
    static const char sql[] = "INSERT INTO result (run, case_id, state, variant, code_object_hash, time_ms, tflops, "
                              "samples, engine_mhz) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sqlite3_stmt *statement = NULL;
    bool row = false;
    enum w4_status status = history_prepare(history, sql, &statement, error);
    for (size_t i = 0; i < run->result_count && status == W4_OK; ++i) {
        const struct w4_history_result *result = &run->results[i];
        sqlite3_bind_int64(statement, 1, id);
        sqlite3_bind_text(statement, 2, result->case_id, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 3, result->state, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 4, result->variant, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 5, result->code_object_hash, -1, SQLITE_STATIC);
        sqlite3_bind_double(statement, 6, result->time_ms);
        sqlite3_bind_double(statement, 7, result->tflops);
        sqlite3_bind_int64(statement, 8, result->samples);
        sqlite3_bind_double(statement, 9, result->engine_mhz);
        status = history_step(history, statement, &row, error);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return status;
}

static enum w4_status add_inside(struct w4_history *history, const struct w4_history_run *run, int64_t *id,
                                 struct w4_error *error)
{
    enum w4_status status = add_device(history, run, error);
    if (status == W4_OK)
        status = add_run(history, run, id, error);
    if (status == W4_OK)
        status = add_facts(history, run, *id, error);
    return status == W4_OK ? add_results(history, run, *id, error) : status;
}

enum w4_status w4_history_add(struct w4_history *history, const struct w4_history_run *run,
                              enum w4_history_added *added, int64_t *id, struct w4_error *error)
{
    *added = W4_HISTORY_NEW;
    *id = 0;
    enum w4_status status = history_execute(history, "BEGIN IMMEDIATE", error);
    if (status != W4_OK)
        return status;
    status = find_identity(history, run, id, error);
    if (status == W4_OK && *id)
        *added = W4_HISTORY_KNOWN;
    else if (status == W4_OK)
        status = add_inside(history, run, id, error);
    if (status == W4_OK)
        status = history_execute(history, "COMMIT", error);
    // SQLite has rolled back by itself after some errors; then this one fails, and that is as good.
    if (status != W4_OK)
        history_execute(history, "ROLLBACK", NULL);
    return status;
}
