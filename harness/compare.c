// Pairs the cases of two runs and writes the before/after table.
#include "compare.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { SHAPE_KEY_MAX = 320 };

static enum w4_status check_comparable(const struct w4_run *before, const struct w4_run *after, struct w4_error *error)
{
    if (before->device.modelled != after->device.modelled)
        return w4_fail(error, W4_USAGE, "one file is measured (%s), the other modelled (%s): never compared",
                       before->device.modelled ? after->device.key : before->device.key,
                       before->device.modelled ? before->device.key : after->device.key);
    if (strcmp(before->device.key, after->device.key) != 0)
        return w4_fail(error, W4_USAGE, "the files come from different devices: \"%s\" and \"%s\"", before->device.key,
                       after->device.key);
    if (fabs(before->clock_mhz - after->clock_mhz) > 0)
        return w4_fail(error, W4_USAGE, "the files are at different clocks: %g and %g MHz", before->clock_mhz,
                       after->clock_mhz);
    return W4_OK;
}

static const struct w4_result *find_partner(const struct w4_run *run, const char *shape_key, const char *kernel)
{
    char key[SHAPE_KEY_MAX];
    for (size_t i = 0; i < run->case_count; ++i) {
        if (strcmp(run->cases[i].test.kernel, kernel) != 0)
            continue;
        w4_case_shape_key(&run->cases[i].test, key, sizeof(key));
        if (strcmp(key, shape_key) == 0)
            return &run->cases[i];
    }
    return NULL;
}

static double speed_up(const struct w4_result *before, const struct w4_result *after)
{
    struct w4_figures old_figures;
    struct w4_figures new_figures;
    w4_figures_of(before, &old_figures);
    w4_figures_of(after, &new_figures);
    if (before->state != W4_CASE_OK || after->state != W4_CASE_OK || !old_figures.timed || !new_figures.timed)
        return NAN;
    return old_figures.time_ms / new_figures.time_ms;
}

static size_t count_kernel(const struct w4_run *run, const char *kernel)
{
    size_t count = 0;
    for (size_t i = 0; i < run->case_count; ++i)
        count += !kernel || strcmp(run->cases[i].test.kernel, kernel) == 0;
    return count;
}

enum w4_status w4_compare_runs(const struct w4_run *before, const struct w4_run *after, const char *from,
                               const char *to, struct w4_compare *compare, struct w4_error *error)
{
    memset(compare, 0, sizeof(*compare));
    enum w4_status status = check_comparable(before, after, error);
    if (status != W4_OK)
        return status;
    compare->rows = calloc(before->case_count + 1, sizeof(*compare->rows));
    if (!compare->rows)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu rows", before->case_count);
    compare->label = w4_report_label(before);
    w4_text_copy(compare->from, sizeof(compare->from), from ? from : "before");
    w4_text_copy(compare->to, sizeof(compare->to), to ? to : "after");
    double sum = 0;
    for (size_t i = 0; i < before->case_count; ++i) {
        const struct w4_result *result = &before->cases[i];
        char key[SHAPE_KEY_MAX];
        if (from && strcmp(result->test.kernel, from) != 0)
            continue;
        w4_case_shape_key(&result->test, key, sizeof(key));
        const struct w4_result *partner = find_partner(after, key, to ? to : result->test.kernel);
        if (!partner)
            continue;
        struct w4_compare_row *row = &compare->rows[compare->count++];
        *row = (struct w4_compare_row){result, partner, speed_up(result, partner)};
        if (isfinite(row->speed_up)) {
            sum += log(row->speed_up);
            ++compare->compared;
        }
    }
    compare->unmatched = count_kernel(before, from) + count_kernel(after, to) - 2 * compare->count;
    compare->mean = compare->compared ? exp(sum / (double)compare->compared) : NAN;
    return W4_OK;
}

void w4_compare_fini(struct w4_compare *compare)
{
    free(compare->rows);
    compare->rows = NULL;
    compare->count = 0;
}

static void add_time(struct w4_table *table, const struct w4_result *result)
{
    struct w4_figures figures;
    w4_figures_of(result, &figures);
    if (result->state == W4_CASE_OK && figures.timed)
        w4_table_cell(table, W4_COLOUR_NONE, "%.4g (%.1f)", figures.time_ms, figures.tflops);
    else
        w4_table_cell(table, W4_COLOUR_BAD, "%s", w4_case_state_name(result->state));
}

static void add_row(struct w4_table *table, const struct w4_compare_row *row)
{
    const struct w4_case *test = &row->before->test;
    w4_table_cell(table, W4_COLOUR_NONE, "%s", test->model);
    w4_table_cell(table, W4_COLOUR_NONE, "%s", test->layer);
    w4_table_cell(table, W4_COLOUR_NONE, "%" PRId64 " x %" PRId64 " x %" PRId64, test->shape.m, test->shape.n,
                  test->shape.k);
    w4_table_cell(table, W4_COLOUR_NONE, "%s g%" PRId64 " %s", w4_text_dtype(test->shape.dtype), test->shape.group_size,
                  w4_text_zero_point(test->shape.zero_point));
    if (strcmp(test->kernel, row->after->test.kernel) == 0)
        w4_table_cell(table, W4_COLOUR_NONE, "%s", test->kernel);
    else
        w4_table_cell(table, W4_COLOUR_NONE, "%s -> %s", test->kernel, row->after->test.kernel);
    add_time(table, row->before);
    add_time(table, row->after);
    enum w4_colour colour = row->speed_up > 1.01   ? W4_COLOUR_GOOD
                            : row->speed_up < 0.99 ? W4_COLOUR_BAD
                                                   : W4_COLOUR_NONE;
    if (isfinite(row->speed_up))
        w4_table_cell(table, colour, "%.3fx", row->speed_up);
    else
        w4_table_cell(table, W4_COLOUR_BAD, "-");
}

enum w4_status w4_compare_write(const struct w4_compare *compare, enum w4_format format, FILE *out, bool colours,
                                struct w4_error *error)
{
    static const struct w4_column columns[] = {{"model", true},
                                               {"layer", true},
                                               {"shape (M x N x K)", true},
                                               {"operands", true},
                                               {"kernel", true},
                                               {"before ms (TFLOPS)", false},
                                               {"after ms (TFLOPS)", false},
                                               {"speed-up", false}};
    fprintf(out, "Times are %s.\n\n", compare->label);
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < compare->count; ++i)
        add_row(table, &compare->rows[i]);
    int failed = format == W4_FORMAT_MARKDOWN ? w4_table_write_markdown(table, out)
                                              : w4_table_write_terminal(table, out, colours);
    w4_table_destroy(table);
    if (failed)
        return w4_fail(error, W4_MEMORY, "out of memory for the table");
    fprintf(out, "\n%s%zu of %zu pairs compared", format == W4_FORMAT_MARKDOWN ? "- " : "", compare->compared,
            compare->count);
    if (compare->compared)
        fprintf(out, ", geometric mean of the speed-ups %.3fx", compare->mean);
    if (compare->unmatched)
        fprintf(out, "; %zu cases have no partner", compare->unmatched);
    fputc('\n', out);
    return W4_OK;
}
