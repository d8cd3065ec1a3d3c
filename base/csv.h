// Plain comma-separated tables: a header line, then rows with as many cells. No quotes: a cell holds no comma.
#ifndef W4_BASE_CSV_H
#define W4_BASE_CSV_H

#include <stddef.h>

#include "error.h"

struct w4_csv {
    char *name; // file name for messages
    char *text; // owns the cells
    const char **header, **cells;
    size_t columns, rows;
};

// Reads a file. Quotes, rows of another width, an empty or repeated column name and a file without a row are errors
// that name file and line. On success the caller calls w4_csv_fini.
enum w4_status w4_csv_load(struct w4_csv *csv, const char *path, struct w4_error *error);
// The same from a text; `name` stands for the file in messages.
enum w4_status w4_csv_parse(struct w4_csv *csv, const char *name, const char *text, struct w4_error *error);
void w4_csv_fini(struct w4_csv *csv);

// The column's index; W4_NOT_FOUND names the file and the columns that it has.
enum w4_status w4_csv_column(const struct w4_csv *csv, const char *name, size_t *column, struct w4_error *error);
const char *w4_csv_cell(const struct w4_csv *csv, size_t row, size_t column);
// "FILE:LINE: COLUMN: message".
enum w4_status w4_csv_fail(const struct w4_csv *csv, size_t row, const char *column, struct w4_error *error,
                           const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
