// Prompt times as lines of the summary and as the before/after table of `compare`.
#include "../prefill.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../text.h"
#include "report.h"

enum { KERNELS_SHOWN = 6 };

static void write_prompt(const struct w4_prefill_sum *sum, FILE *out)
{
    fprintf(out, "%s, %" PRId64 " tokens, %s g%" PRId64 " %s", sum->model, sum->m, w4_text_dtype(sum->dtype),
            sum->group_size, w4_text_zero_point(sum->zero_point));
}

// The kernels of one prompt: sums[0 .. count - 1]. Kernels that lack the same layers are named together.
static void write_line(const struct w4_prefill_sum *sums, size_t count, const char *label, const char *bullet,
                       FILE *out)
{
    size_t shown = 0;
    fputs(bullet, out);
    write_prompt(sums, out);
    fputs(": GEMMs of one forward pass ", out);
    for (size_t i = 0; i < count && shown < KERNELS_SHOWN; ++i) {
        if (isfinite(sums[i].time_ms))
            fprintf(out, "%s%s %.4g ms", shown++ ? ", " : "", sums[i].kernel, sums[i].time_ms);
    }
    fprintf(out, " %s", label);
    for (size_t i = 0; i < count; ++i) {
        bool told = isfinite(sums[i].time_ms);
        for (size_t j = 0; j < i; ++j)
            told |= !isfinite(sums[j].time_ms) && strcmp(sums[j].missing, sums[i].missing) == 0;
        if (told)
            continue;
        fprintf(out, "; %s lacks %s", sums[i].kernel, sums[i].missing);
    }
    fputc('\n', out);
}

static void write_partial(const struct w4_prefill_sum *example, size_t count, const char *bullet, FILE *out)
{
    fprintf(out, "%sprompts that are not summed, because layers are missing: %zu (", bullet, count);
    write_prompt(example, out);
    fprintf(out, ": %s lacks %s)\n", example->kernel, example->missing);
}

void w4_report_prefill(const struct w4_prefill *prefill, const char *label, FILE *out, const char *bullet)
{
    const struct w4_prefill_sum *partial = NULL; // the first prompt that no kernel has all layers of
    size_t first = 0;
    size_t partial_count = 0;
    bool any = false;
    for (size_t i = 0; i < prefill->count; ++i) {
        any |= isfinite(prefill->sums[i].time_ms);
        if (i + 1 < prefill->count && w4_prefill_is_same_prompt(&prefill->sums[first], &prefill->sums[i + 1]))
            continue;
        if (any)
            write_line(&prefill->sums[first], i + 1 - first, label, bullet, out);
        partial = any || partial ? partial : &prefill->sums[first];
        partial_count += !any;
        first = i + 1;
        any = false;
    }
    if (partial)
        write_partial(partial, partial_count, bullet, out);
}

static const struct w4_prefill_sum *find_partner(const struct w4_prefill *prefill, const struct w4_prefill_sum *sum,
                                                 const char *kernel)
{
    for (size_t i = 0; i < prefill->count; ++i) {
        if (w4_prefill_is_same_prompt(&prefill->sums[i], sum) && strcmp(prefill->sums[i].kernel, kernel) == 0)
            return &prefill->sums[i];
    }
    return NULL;
}

static void add_time(struct w4_table *table, const struct w4_prefill_sum *sum)
{
    if (isfinite(sum->time_ms))
        w4_table_cell(table, W4_COLOUR_NONE, "%.4g", sum->time_ms);
    else
        w4_table_cell(table, W4_COLOUR_WARN, "lacks %s", sum->missing);
}

enum w4_status w4_report_prefill_compare(const struct w4_prefill *before, const struct w4_prefill *after,
                                         const char *from, const char *to, enum w4_format format, bool colours,
                                         FILE *out, struct w4_error *error)
{
    static const struct w4_column columns[] = {{"prompt", true},   {"tokens", false},    {"operands", true},
                                               {"kernel", true},   {"before ms", false}, {"after ms", false},
                                               {"speed-up", false}};
    const struct w4_prefill_sum *partial = NULL; // the first that neither has all layers of
    size_t partial_count = 0;
    size_t rows = 0;
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < before->count; ++i) {
        const struct w4_prefill_sum *old = &before->sums[i];
        const struct w4_prefill_sum *new = find_partner(after, old, to ? to : old->kernel);
        if (!new || (from && strcmp(old->kernel, from) != 0))
            continue;
        if (!isfinite(old->time_ms) && !isfinite(new->time_ms)) {
            partial = partial ? partial : old;
            ++partial_count;
            continue;
        }
        bool both = isfinite(old->time_ms) && isfinite(new->time_ms);
        double speed_up = both ? old->time_ms / new->time_ms : (double)NAN;
        w4_table_cell(table, W4_COLOUR_NONE, "%s", old->model);
        w4_table_cell(table, W4_COLOUR_NONE, "%" PRId64, old->m);
        w4_table_cell(table, W4_COLOUR_NONE, "%s g%" PRId64 " %s", w4_text_dtype(old->dtype), old->group_size,
                      w4_text_zero_point(old->zero_point));
        w4_table_cell(table, W4_COLOUR_NONE, from ? "%s -> %s" : "%s", old->kernel, new->kernel);
        add_time(table, old);
        add_time(table, new);
        enum w4_colour colour = speed_up > 1.01 ? W4_COLOUR_GOOD : speed_up < 0.99 ? W4_COLOUR_BAD : W4_COLOUR_NONE;
        w4_table_cell(table, colour, both ? "%.3fx" : "-", speed_up);
        ++rows;
    }
    int failed = 0;
    if (rows) {
        fputs(
            "\nGEMM time of a prompt, summed over all layers of a model, each as often as a forward pass runs it:\n\n",
            out);
        failed = format == W4_FORMAT_MARKDOWN ? w4_table_write_markdown(table, out)
                                              : w4_table_write_terminal(table, out, colours);
    }
    w4_table_destroy(table);
    if (partial)
        write_partial(partial, partial_count, format == W4_FORMAT_MARKDOWN ? "\n- " : "\n", out);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for the table of prompts") : W4_OK;
}
