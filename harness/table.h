// A table of text cells, written as an aligned terminal table or as a markdown table. Decides nothing about contents.
#ifndef W4_HARNESS_TABLE_H
#define W4_HARNESS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct w4_table;

struct w4_column {
    const char *title;
    bool left; // else right-aligned
};

enum w4_colour { W4_COLOUR_NONE, W4_COLOUR_GOOD, W4_COLOUR_BAD, W4_COLOUR_WARN, W4_COLOUR_DIM };

// Columns are borrowed. NULL when memory runs out; the calls below accept NULL and do nothing then.
struct w4_table *w4_table_create(const struct w4_column *columns, size_t count);
void w4_table_destroy(struct w4_table *table);

// The next cell, row by row; a row is complete after `count` cells.
void w4_table_cell(struct w4_table *table, enum w4_colour colour, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// A heading over the rows that follow (only between complete rows).
void w4_table_section(struct w4_table *table, const char *title);

// Both return 0, or -1 when the table is NULL or had run out of memory.
int w4_table_write_terminal(const struct w4_table *table, FILE *out, bool colours);
int w4_table_write_markdown(const struct w4_table *table, FILE *out);

#endif
