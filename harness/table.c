// Cells in one growing array; widths are found when writing.
#include "table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct cell {
    char *text;
    enum w4_colour colour;
    bool section; // fills a whole row of its own
};

struct w4_table {
    const struct w4_column *columns;
    size_t column_count;
    struct cell *cells;
    size_t count, capacity;
    bool failed;
};

struct w4_table *w4_table_create(const struct w4_column *columns, size_t count)
{
    struct w4_table *table = calloc(1, sizeof(*table));
    if (!table)
        return NULL;
    table->columns = columns;
    table->column_count = count;
    return table;
}

void w4_table_destroy(struct w4_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->count; ++i)
        free(table->cells[i].text);
    free(table->cells);
    free(table);
}

static void add_cell(struct w4_table *table, char *text, enum w4_colour colour, bool section)
{
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 64;
        struct cell *grown = reallocarray(table->cells, capacity, sizeof(*grown));
        if (!grown) {
            table->failed = true;
            free(text);
            return;
        }
        table->cells = grown;
        table->capacity = capacity;
    }
    table->cells[table->count++] = (struct cell){.text = text, .colour = colour, .section = section};
}

void w4_table_cell(struct w4_table *table, enum w4_colour colour, const char *format, ...)
{
    if (!table)
        return;
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        table->failed = true;
    else
        add_cell(table, text, colour, false);
}

void w4_table_section(struct w4_table *table, const char *title)
{
    if (!table)
        return;
    char *text = strdup(title);
    if (!text)
        table->failed = true;
    else
        add_cell(table, text, W4_COLOUR_NONE, true);
}

// Terminal columns a UTF-8 text takes: its code points (nothing here is wider than one).
static size_t text_width(const char *text)
{
    size_t width = 0;
    for (; *text; ++text)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static void write_padding(FILE *out, size_t width)
{
    for (size_t i = 0; i < width; ++i)
        fputc(' ', out);
}

static void write_cell(FILE *out, const char *text, size_t width, bool left, const char *colour)
{
    size_t used = text_width(text);
    size_t padding = width > used ? width - used : 0;
    if (!left)
        write_padding(out, padding);
    fprintf(out, "%s%s%s", colour, text, colour[0] ? "\033[0m" : "");
    if (left)
        write_padding(out, padding);
}

static void find_widths(const struct w4_table *table, size_t *widths)
{
    for (size_t i = 0; i < table->column_count; ++i)
        widths[i] = text_width(table->columns[i].title);
    size_t column = 0;
    for (size_t i = 0; i < table->count; ++i) {
        if (table->cells[i].section)
            continue;
        size_t width = text_width(table->cells[i].text);
        if (width > widths[column])
            widths[column] = width;
        column = (column + 1) % table->column_count;
    }
}

int w4_table_write_terminal(const struct w4_table *table, FILE *out, bool colours)
{
    static const char *const codes[] = {"", "\033[32m", "\033[31m", "\033[33m", "\033[2m"};
    size_t *widths = table && !table->failed ? calloc(table->column_count, sizeof(*widths)) : NULL;
    if (!widths)
        return -1;
    find_widths(table, widths);
    for (size_t i = 0; i < table->column_count; ++i) {
        write_cell(out, table->columns[i].title, widths[i], table->columns[i].left, colours ? "\033[1m" : "");
        fputs(i + 1 < table->column_count ? "  " : "\n", out);
    }
    size_t column = 0;
    for (size_t i = 0; i < table->count; ++i) {
        const struct cell *cell = &table->cells[i];
        if (cell->section) {
            fprintf(out, "%s%s%s\n", colours ? "\033[1m" : "", cell->text, colours ? "\033[0m" : "");
            continue;
        }
        write_cell(out, cell->text, widths[column], table->columns[column].left, colours ? codes[cell->colour] : "");
        fputs(column + 1 < table->column_count ? "  " : "\n", out);
        column = (column + 1) % table->column_count;
    }
    free(widths);
    return 0;
}

// Cells are one line, bars are escaped, and nothing becomes HTML.
static void write_markdown_text(FILE *out, const char *text)
{
    static const char special[] = "|<>&\n";
    static const char *const escapes[] = {"\\|", "&lt;", "&gt;", "&amp;", " "};
    for (; *text; ++text) {
        const char *found = strchr(special, *text);
        if (found)
            fputs(escapes[found - special], out);
        else
            fputc(*text, out);
    }
}

int w4_table_write_markdown(const struct w4_table *table, FILE *out)
{
    if (!table || table->failed)
        return -1;
    for (size_t i = 0; i < table->column_count; ++i) {
        fputs("| ", out);
        write_markdown_text(out, table->columns[i].title);
        fputc(' ', out);
    }
    fputs("|\n", out);
    for (size_t i = 0; i < table->column_count; ++i)
        fputs(table->columns[i].left ? "|---" : "|---:", out);
    fputs("|\n", out);
    size_t column = 0;
    for (size_t i = 0; i < table->count; ++i) {
        const struct cell *cell = &table->cells[i];
        if (cell->section) {
            fputs("| **", out);
            write_markdown_text(out, cell->text);
            fputs("** ", out);
            for (size_t j = 1; j < table->column_count; ++j)
                fputs("| ", out);
            fputs("|\n", out);
            continue;
        }
        fputs("| ", out);
        write_markdown_text(out, cell->text);
        fputs(column + 1 < table->column_count ? " " : " |\n", out);
        column = (column + 1) % table->column_count;
    }
    return 0;
}
