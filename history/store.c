// Opens the database, runs statements, and says in plain words what SQLite could not do.
#include "store.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/file.h"

static const struct {
    int code;
    enum w4_status status;
    const char *text;
} causes[] = {
    {SQLITE_NOTADB, W4_PARSE, "is no history (not an SQLite file); name another with --database"},
    {SQLITE_CORRUPT, W4_PARSE,
     "the history is damaged; nothing was changed. Put a copy back, or move the file away and add the result files "
     "again"},
    {SQLITE_BUSY, W4_IO, "another process is writing to the history; nothing was changed. Try again"},
    {SQLITE_LOCKED, W4_IO, "another process is writing to the history; nothing was changed. Try again"},
    {SQLITE_FULL, W4_IO, "the disk is full; nothing was added. Make room and add the same files again"},
    {SQLITE_IOERR, W4_IO, "reading or writing failed (is the disk full?); nothing was added"},
    {SQLITE_READONLY, W4_IO, "may not be written to; nothing was added. Check the rights of the file and its folder"},
    {SQLITE_CANTOPEN, W4_IO, "cannot be opened; check that it is a file and that its folder may be written to"},
    {SQLITE_PERM, W4_IO, "cannot be opened; check the rights of the file"},
    {SQLITE_AUTH, W4_IO, "cannot be opened; check the rights of the file"},
    {SQLITE_NOMEM, W4_MEMORY, "out of memory"},
};

enum w4_status history_fail(const struct w4_history *history, int code, struct w4_error *error)
{
    const char *detail = history->database ? sqlite3_errmsg(history->database) : sqlite3_errstr(code);
    for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); ++i) {
        if (causes[i].code == (code & 0xff))
            return w4_fail(error, causes[i].status, "%s: %s (%s)", history->path, causes[i].text, detail);
    }
    return w4_fail(error, W4_INTERNAL, "%s: SQLite answers: %s", history->path, detail);
}

enum w4_status history_execute(struct w4_history *history, const char *sql, struct w4_error *error)
{
    int code = sqlite3_exec(history->database, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? W4_OK : history_fail(history, code, error);
}

enum w4_status history_prepare(struct w4_history *history, const char *sql, sqlite3_stmt **statement,
                               struct w4_error *error)
{
    *statement = NULL;
    int code = sqlite3_prepare_v2(history->database, sql, -1, statement, NULL);
    return code == SQLITE_OK ? W4_OK : history_fail(history, code, error);
}

enum w4_status history_step(struct w4_history *history, sqlite3_stmt *statement, bool *row, struct w4_error *error)
{
    int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? W4_OK : history_fail(history, code, error);
}

void history_text(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    size_t length = text ? strnlen(text, size - 1) : 0;
    if (length)
        memcpy(out, text, length);
    out[length] = '\0';
}

// SQLite's check of the file's own structure; it answers "ok", or what is wrong.
static enum w4_status check(struct w4_history *history, struct w4_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    char answer[256] = "";
    enum w4_status status = history_prepare(history, "PRAGMA quick_check(1)", &statement, error);
    if (status == W4_OK)
        status = history_step(history, statement, &row, error);
    if (status == W4_OK)
        history_text(statement, 0, answer, sizeof(answer));
    if (status == W4_OK && strcmp(answer, "ok") != 0)
        status = w4_fail(error, W4_PARSE,
                         "%s: the history is damaged; nothing was changed. Put a copy back, or move the file away and "
                         "add the result files again (%s)",
                         history->path, answer);
    sqlite3_finalize(statement);
    return status;
}

static enum w4_status open_file(struct w4_history *history, enum w4_history_mode mode, int busy_ms,
                                struct w4_error *error)
{
    int flags = SQLITE_OPEN_READWRITE | (mode == W4_HISTORY_ADD ? SQLITE_OPEN_CREATE : 0);
    int code = sqlite3_open_v2(history->path, &history->database, flags, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(history->database, busy_ms);
    if (code != SQLITE_OK)
        return history_fail(history, code, error);
    enum w4_status status = history_execute(history, "PRAGMA foreign_keys = ON", error);
    if (status == W4_OK)
        status = check(history, error);
    return status == W4_OK ? history_migrate(history, mode == W4_HISTORY_ADD, error) : status;
}

static enum w4_status make_folder(const char *path, struct w4_error *error)
{
    char *copy = strdup(path);
    if (!copy)
        return w4_fail(error, W4_MEMORY, "%s: out of memory", path);
    enum w4_status status = w4_folder_create(dirname(copy), error);
    free(copy);
    return status;
}

enum w4_status w4_history_open(const char *path, enum w4_history_mode mode, int busy_ms, struct w4_history **history,
                               struct w4_error *error)
{
    *history = NULL;
    if (mode == W4_HISTORY_READ && access(path, F_OK) != 0)
        return w4_fail(error, W4_NOT_FOUND, "%s: no history there; w4bench history add RESULTS.json makes one", path);
    enum w4_status status = mode == W4_HISTORY_ADD ? make_folder(path, error) : W4_OK;
    if (status != W4_OK)
        return status;
    struct w4_history *opened = calloc(1, sizeof(*opened));
    if (opened)
        opened->path = strdup(path);
    if (!opened || !opened->path) {
        free(opened);
        return w4_fail(error, W4_MEMORY, "%s: out of memory", path);
    }
    status = open_file(opened, mode, busy_ms, error);
    if (status == W4_OK)
        *history = opened;
    else
        w4_history_close(opened);
    return status;
}

void w4_history_close(struct w4_history *history)
{
    if (!history)
        return;
    sqlite3_close(history->database); // accepts NULL; every statement is finalized by now
    free(history->path);
    free(history);
}
