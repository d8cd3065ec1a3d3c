// Splits a file into cells in place.
#include "csv.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

enum { FILE_LIMIT_BYTES = 64 << 20 };

static size_t count_of(const char *text, char what)
{
    size_t count = 0;
    for (; *text; ++text)
        count += *text == what;
    return count;
}

// Cuts the line at *rest into cells; returns how many there were, and stores at most `room`.
static size_t cut_line(char **rest, const char **cells, size_t room)
{
    size_t count = 0;
    char *line = strsep(rest, "\n");
    const size_t length = strlen(line);
    if (length && line[length - 1] == '\r')
        line[length - 1] = '\0';
    for (char *cell = strsep(&line, ","); cell; cell = strsep(&line, ","))
        if (count++ < room)
            cells[count - 1] = cell;
    return count;
}

static enum w4_status check_header(const struct w4_csv *csv, struct w4_error *error)
{
    for (size_t i = 0; i < csv->columns; ++i) {
        if (!csv->header[i][0])
            return w4_fail(error, W4_PARSE, "%s:1: column %zu has no name", csv->name, i + 1);
        for (size_t k = 0; k < i; ++k)
            if (strcmp(csv->header[i], csv->header[k]) == 0)
                return w4_fail(error, W4_PARSE, "%s:1: two columns are named \"%s\"", csv->name, csv->header[i]);
    }
    return W4_OK;
}

static enum w4_status cut(struct w4_csv *csv, struct w4_error *error)
{
    char *rest = csv->text;
    if (strchr(csv->text, '"'))
        return w4_fail(error, W4_PARSE, "%s: quotes are not read here: write cells without commas", csv->name);
    const size_t lines = count_of(csv->text, '\n') + 1;
    const size_t commas = count_of(csv->text, ',');
    csv->header = calloc(commas + 1, sizeof(*csv->header));
    csv->cells = calloc(commas + lines, sizeof(*csv->cells));
    if (!csv->header || !csv->cells)
        return w4_fail(error, W4_MEMORY, "%s: out of memory", csv->name);
    csv->columns = cut_line(&rest, csv->header, commas + 1);
    enum w4_status status = check_header(csv, error);
    while (status == W4_OK && rest && *rest) {
        const size_t got = cut_line(&rest, csv->cells + csv->rows * csv->columns, csv->columns);
        ++csv->rows;
        if (got != csv->columns)
            status = w4_fail(error, W4_PARSE, "%s:%zu: %zu cells instead of %zu", csv->name, csv->rows + 1, got,
                             csv->columns);
    }
    if (status == W4_OK && csv->rows == 0)
        status = w4_fail(error, W4_PARSE, "%s: has no row", csv->name);
    return status;
}

enum w4_status w4_csv_parse(struct w4_csv *csv, const char *name, const char *text, struct w4_error *error)
{
    *csv = (struct w4_csv){.name = strdup(name), .text = strdup(text)};
    enum w4_status status =
        csv->name && csv->text ? cut(csv, error) : w4_fail(error, W4_MEMORY, "%s: out of memory", name);
    if (status != W4_OK)
        w4_csv_fini(csv);
    return status;
}

enum w4_status w4_csv_load(struct w4_csv *csv, const char *path, struct w4_error *error)
{
    char *text = NULL;
    size_t size = 0;
    *csv = (struct w4_csv){0};
    enum w4_status status = w4_file_read(path, FILE_LIMIT_BYTES, &text, &size, error);
    if (status == W4_OK && strlen(text) != size)
        status = w4_fail(error, W4_PARSE, "%s: holds a zero byte", path);
    if (status == W4_OK)
        status = w4_csv_parse(csv, path, text, error);
    free(text);
    return status;
}

void w4_csv_fini(struct w4_csv *csv)
{
    free(csv->name);
    free(csv->text);
    free(csv->header);
    free(csv->cells);
    *csv = (struct w4_csv){0};
}

enum w4_status w4_csv_column(const struct w4_csv *csv, const char *name, size_t *column, struct w4_error *error)
{
    char all[512] = "";
    for (size_t i = 0; i < csv->columns; ++i) {
        if (strcmp(csv->header[i], name) == 0) {
            *column = i;
            return W4_OK;
        }
        const size_t used = strlen(all);
        snprintf(all + used, sizeof(all) - used, "%s%s", i ? ", " : "", csv->header[i]);
    }
    return w4_fail(error, W4_NOT_FOUND, "%s: has no column \"%s\"; there are: %s", csv->name, name, all);
}

const char *w4_csv_cell(const struct w4_csv *csv, size_t row, size_t column)
{
    return csv->cells[row * csv->columns + column];
}

enum w4_status w4_csv_fail(const struct w4_csv *csv, size_t row, const char *column, struct w4_error *error,
                           const char *format, ...)
{
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return w4_fail(error, W4_PARSE, "%s:%zu: %s: %s", csv->name, row + 2, column, message);
}
