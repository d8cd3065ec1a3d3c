// What the store's own files share: the open database, statements, and SQLite's errors in the user's words.
#ifndef W4_HISTORY_STORE_H
#define W4_HISTORY_STORE_H

#include <sqlite3.h>

#include "history.h"

struct w4_history {
    sqlite3 *database;
    char *path; // owned, for messages
};

// Records what SQLite answered: place, cause, remedy.
enum w4_status history_fail(const struct w4_history *history, int code, struct w4_error *error);

// Runs statements that return nothing.
enum w4_status history_execute(struct w4_history *history, const char *sql, struct w4_error *error);

// The caller finalizes *statement, also after an error (it is NULL then).
enum w4_status history_prepare(struct w4_history *history, const char *sql, sqlite3_stmt **statement,
                               struct w4_error *error);
// *row is false after the last one.
enum w4_status history_step(struct w4_history *history, sqlite3_stmt *statement, bool *row, struct w4_error *error);

// Text of a column, cut to the buffer; "" for NULL.
void history_text(sqlite3_stmt *statement, int column, char *out, size_t size);

// Brings a new or older file to W4_HISTORY_SCHEMA in one transaction; refuses foreign and newer files. `may_create`
// false: an empty file is an error.
enum w4_status history_migrate(struct w4_history *history, bool may_create, struct w4_error *error);

#endif
