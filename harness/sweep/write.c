// The tables of a sweep for people.
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../table.h"
#include "../text.h"
#include "sweep.h"

enum { SHOWN = 3 };

static enum w4_status finish(struct w4_table *table, enum w4_format format, FILE *out, bool colours,
                             struct w4_error *error)
{
    int failed = format == W4_FORMAT_MARKDOWN ? w4_table_write_markdown(table, out)
                                              : w4_table_write_terminal(table, out, colours);
    w4_table_destroy(table);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for a table of the sweep") : W4_OK;
}

static void add_shape(struct w4_table *table, const struct w4_case *test)
{
    w4_table_cell(table, W4_COLOUR_NONE, "%s", test->layer);
    w4_table_cell(table, W4_COLOUR_NONE, "%" PRId64 " x %" PRId64 " x %" PRId64, test->shape.m, test->shape.n,
                  test->shape.k);
    w4_table_cell(table, W4_COLOUR_NONE, "%s g%" PRId64 " %s", w4_text_dtype(test->shape.dtype), test->shape.group_size,
                  w4_text_zero_point(test->shape.zero_point));
}

// A variant's id without the type, group and zero point that the row says already.
static int short_length(const struct w4_result *result)
{
    char tail[48];
    const struct w4_shape *shape = &result->test.shape;
    snprintf(tail, sizeof(tail), "-%s-g%" PRId64 "-%s", w4_text_dtype(shape->dtype), shape->group_size,
             w4_text_zero_point(shape->zero_point));
    size_t length = strlen(result->variant);
    size_t cut = strlen(tail);
    bool has = length > cut && strcmp(result->variant + length - cut, tail) == 0;
    return (int)(has ? length - cut : length);
}

enum w4_status w4_sweep_write_best(const struct w4_sweep *sweep, const char *label, enum w4_format format, FILE *out,
                                   bool colours, struct w4_error *error)
{
    static const struct w4_column columns[] = {{"layer", true},   {"M x N x K", true}, {"operands", true},
                                               {"right", false},  {"best", true},      {"TFLOPS", false},
                                               {"second", true},  {"behind", false},   {"third", true},
                                               {"behind", false}, {"slowest", false}};
    const char *model = "";
    fprintf(out, "Best variants of each shape, times %s; \"behind\" is the further time a variant takes:\n\n", label);
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < sweep->count; ++i) {
        const struct w4_sweep_shape *shape = &sweep->shapes[i];
        if (strcmp(model, shape->test->model) != 0)
            w4_table_section(table, shape->test->model);
        model = shape->test->model;
        add_shape(table, shape->test);
        w4_table_cell(table, shape->failed ? W4_COLOUR_WARN : W4_COLOUR_NONE, "%zu of %zu", shape->count,
                      shape->count + shape->failed);
        for (size_t rank = 0; rank < SHOWN; ++rank) {
            const struct w4_sweep_entry *entry = rank < shape->count ? &shape->entries[rank] : NULL;
            if (!entry) {
                w4_table_cell(table, W4_COLOUR_DIM, "-");
                w4_table_cell(table, W4_COLOUR_DIM, "-");
                continue;
            }
            w4_table_cell(table, W4_COLOUR_NONE, "%.*s", short_length(entry->result), entry->result->variant);
            if (rank == 0)
                w4_table_cell(table, W4_COLOUR_NONE, "%.4g", entry->tflops);
            else
                w4_table_cell(table, W4_COLOUR_NONE, "%+.1f %%",
                              100 * (entry->time_ms / shape->entries[0].time_ms - 1));
        }
        if (shape->count)
            w4_table_cell(table, W4_COLOUR_DIM, "%+.0f %%",
                          100 * (shape->entries[shape->count - 1].time_ms / shape->entries[0].time_ms - 1));
        else
            w4_table_cell(table, W4_COLOUR_DIM, "-");
    }
    return finish(table, format, out, colours, error);
}

enum w4_status w4_sweep_write_scores(const struct w4_sweep_score *scores, size_t count, size_t shapes,
                                     enum w4_format format, FILE *out, bool colours, struct w4_error *error)
{
    static const struct w4_column columns[] = {
        {"rule table", true}, {"shapes", true}, {"share of the best", false}, {"worst", false}, {"worst shape", true}};
    fputs("\nRule tables: the best time over theirs, geometric mean over the shapes that each has a swept kernel "
          "for:\n\n",
          out);
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < count; ++i) {
        const struct w4_sweep_score *score = &scores[i];
        w4_table_cell(table, W4_COLOUR_NONE, "%s", score->name);
        w4_table_cell(table, score->chosen < shapes ? W4_COLOUR_WARN : W4_COLOUR_NONE, "%zu of %zu", score->chosen,
                      shapes);
        if (!score->worst) {
            for (int cell = 0; cell < 3; ++cell)
                w4_table_cell(table, W4_COLOUR_DIM, "-");
            continue;
        }
        const struct w4_case *test = score->worst->test;
        w4_table_cell(table, W4_COLOUR_NONE, "%.1f %%", 100 * score->share);
        w4_table_cell(table, score->worst_share < 0.9 ? W4_COLOUR_BAD : W4_COLOUR_NONE, "%.1f %%",
                      100 * score->worst_share);
        w4_table_cell(table, W4_COLOUR_NONE, "%s/%s, M = %" PRId64 ", %s g%" PRId64 " %s", test->model, test->layer,
                      test->shape.m, w4_text_dtype(test->shape.dtype), test->shape.group_size,
                      w4_text_zero_point(test->shape.zero_point));
    }
    return finish(table, format, out, colours, error);
}
