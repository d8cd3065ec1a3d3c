// The tables, and how an older file becomes one of this version. Rows are only ever added: triggers refuse the rest.
#include <stdio.h>

#include "store.h"

#define APPLICATION_ID 0x57344248 // "W4BH"; told apart from other people's SQLite files by it

// clang-format off
static const char schema_1[] =
    // A device key is measured or modelled for good.
    "CREATE TABLE device (key TEXT PRIMARY KEY NOT NULL, modelled INTEGER NOT NULL CHECK (modelled IN (0, 1))) STRICT;"
    "CREATE TABLE run ("
    "  id INTEGER PRIMARY KEY,"
    "  identity TEXT NOT NULL UNIQUE,"
    "  content TEXT NOT NULL,"        // hash of the run's contents
    "  time_utc TEXT NOT NULL,"
    "  revision TEXT NOT NULL,"
    "  suite TEXT NOT NULL,"
    "  device_key TEXT NOT NULL REFERENCES device (key),"
    "  model_version TEXT NOT NULL,"  // '' when measured
    "  clock_mhz REAL NOT NULL,"      // of modelled times, 0 when measured
    "  interrupted INTEGER NOT NULL,"
    "  document_bytes INTEGER NOT NULL,"
    "  document BLOB NOT NULL"        // the result file, zstd
    ") STRICT;"
    "CREATE INDEX run_order ON run (time_utc, id);"
    "CREATE TABLE fact ("
    "  run INTEGER NOT NULL REFERENCES run (id), name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, name)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE result ("
    "  run INTEGER NOT NULL REFERENCES run (id),"
    "  case_id TEXT NOT NULL,"
    "  state TEXT NOT NULL,"
    "  variant TEXT NOT NULL,"
    "  code_object_hash TEXT NOT NULL,"
    "  time_ms REAL NOT NULL,"        // median of the samples; 0: not timed
    "  tflops REAL NOT NULL,"
    "  engine_mhz REAL NOT NULL,"    // 0: no sensor, or modelled
    "  samples INTEGER NOT NULL,"
    "  PRIMARY KEY (case_id, run)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX result_of_run ON result (run, state);" // the key finds cases, this the results of a run
#define APPEND_ONLY(table) \
    "CREATE TRIGGER " table "_no_update BEFORE UPDATE ON " table \
    " BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;" \
    "CREATE TRIGGER " table "_no_delete BEFORE DELETE ON " table \
    " BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;"
    APPEND_ONLY("device") APPEND_ONLY("run") APPEND_ONLY("fact") APPEND_ONLY("result");
// clang-format on

// From version i to i + 1.
static const char *const migrations[W4_HISTORY_SCHEMA] = {schema_1};

static enum w4_status read_number(struct w4_history *history, const char *sql, int64_t *number, struct w4_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    enum w4_status status = history_prepare(history, sql, &statement, error);
    if (status == W4_OK)
        status = history_step(history, statement, &row, error);
    *number = status == W4_OK && row ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return status;
}

static enum w4_status apply(struct w4_history *history, int64_t version, struct w4_error *error)
{
    char mark[128];
    snprintf(mark, sizeof(mark), "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", APPLICATION_ID,
             (int)W4_HISTORY_SCHEMA);
    enum w4_status status = W4_OK;
    for (int64_t i = version; i < W4_HISTORY_SCHEMA && status == W4_OK; ++i)
        status = history_execute(history, migrations[i], error);
    return status == W4_OK ? history_execute(history, mark, error) : status;
}

// Called with the file's state as of now; another process may be making it at the same time, so that the state is read
// again inside the transaction.
static enum w4_status create_or_upgrade(struct w4_history *history, struct w4_error *error)
{
    int64_t version = 0;
    enum w4_status status = history_execute(history, "BEGIN IMMEDIATE", error);
    if (status != W4_OK)
        return status;
    status = read_number(history, "PRAGMA user_version", &version, error);
    if (status == W4_OK)
        status = apply(history, version, error);
    if (status != W4_OK)
        history_execute(history, "ROLLBACK", NULL); // what failed is recorded
    return status;
}

enum w4_status history_migrate(struct w4_history *history, bool may_create, struct w4_error *error)
{
    int64_t tables = 0;
    int64_t application = 0;
    int64_t version = 0;
    enum w4_status status = read_number(history, "SELECT count(*) FROM sqlite_master", &tables, error);
    if (status == W4_OK)
        status = read_number(history, "PRAGMA application_id", &application, error);
    if (status == W4_OK)
        status = read_number(history, "PRAGMA user_version", &version, error);
    if (status != W4_OK)
        return status;
    if (tables == 0 && !may_create)
        return w4_fail(error, W4_NOT_FOUND, "%s: an empty file; w4bench history add RESULTS.json fills it",
                       history->path);
    if (tables > 0 && application != APPLICATION_ID)
        return w4_fail(error, W4_PARSE, "%s: an SQLite file of something else; name another with --database",
                       history->path);
    if (version > W4_HISTORY_SCHEMA)
        return w4_fail(error, W4_PARSE,
                       "%s: a newer w4bench made this history (schema %lld, this one knows %d): use that one",
                       history->path, (long long)version, (int)W4_HISTORY_SCHEMA);
    return version < W4_HISTORY_SCHEMA ? create_or_upgrade(history, error) : W4_OK;
}
