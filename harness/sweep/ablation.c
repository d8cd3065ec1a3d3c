// What one change of a variant is worth: the base, and what differs from it along one axis only.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../table.h"
#include "sweep.h"

enum { CHANGES_MAX = 64, VALUE_MAX = 48 };

// An axis is a group of members of a variant. An axis without any is one that no kernel of the suite has.
struct axis {
    const char *name;
    void (*value)(const struct w4_variant *variant, char text[VALUE_MAX]); // NULL: no kernel has it
};

static void unroll_value(const struct w4_variant *variant, char text[VALUE_MAX])
{
    snprintf(text, VALUE_MAX, "%d", variant->tile.unroll_k);
}

static void tile_value(const struct w4_variant *variant, char text[VALUE_MAX])
{
    snprintf(text, VALUE_MAX, "%dx%dx%d", variant->tile.bm, variant->tile.bn, variant->tile.bk);
}

static void waves_value(const struct w4_variant *variant, char text[VALUE_MAX])
{
    snprintf(text, VALUE_MAX, "%d", variant->tile.waves);
}

static void stages_value(const struct w4_variant *variant, char text[VALUE_MAX])
{
    snprintf(text, VALUE_MAX, "%d", variant->tile.num_stages);
}

static void unpack_value(const struct w4_variant *variant, char text[VALUE_MAX])
{
    snprintf(text, VALUE_MAX, "%s", variant->tile.unpack[0] ? variant->tile.unpack : "plain");
}

static const struct axis axes[] = {
    {"UNROLL_K", unroll_value}, {"tile", tile_value},     {"waves", waves_value}, {"stages", stages_value},
    {"split-K", NULL},          {"unpack", unpack_value}, {"epilogue", NULL},
};
enum { AXES = sizeof(axes) / sizeof(axes[0]) };

// One row: a change of the base along an axis, over the shapes that both ran.
struct change {
    size_t axis;
    char from[VALUE_MAX], to[VALUE_MAX];
    double log_ratio, log_tflops; // sums: ln(base time / time), ln TFLOPS
    size_t shapes;
};

struct ablation {
    const struct w4_variant *base; // of the first shape; others of this table differ in type, G and zero points at most
    double log_tflops;
    size_t shapes, without; // where the base ran; where it has no figure
    struct change changes[CHANGES_MAX];
    size_t change_count, dropped;
};

static bool is_same(const struct w4_variant *a, const struct w4_variant *b)
{
    if (strcmp(a->family, b->family) != 0)
        return false;
    for (size_t i = 0; i < AXES; ++i) {
        char left[VALUE_MAX];
        char right[VALUE_MAX];
        if (!axes[i].value)
            continue;
        axes[i].value(a, left);
        axes[i].value(b, right);
        if (strcmp(left, right) != 0)
            return false;
    }
    return true;
}

// The only axis along which the two differ, or AXES.
static size_t only_difference(const struct w4_variant *base, const struct w4_variant *other, char from[VALUE_MAX],
                              char to[VALUE_MAX])
{
    size_t found = AXES;
    if (strcmp(base->family, other->family) != 0)
        return AXES;
    for (size_t i = 0; i < AXES; ++i) {
        char left[VALUE_MAX];
        char right[VALUE_MAX];
        if (!axes[i].value)
            continue;
        axes[i].value(base, left);
        axes[i].value(other, right);
        if (strcmp(left, right) == 0)
            continue;
        if (found != AXES)
            return AXES;
        found = i;
        strcpy(from, left);
        strcpy(to, right);
    }
    return found;
}

static struct change *change_of(struct ablation *ablation, size_t axis, const char *from, const char *to)
{
    for (size_t i = 0; i < ablation->change_count; ++i) {
        if (ablation->changes[i].axis == axis && strcmp(ablation->changes[i].to, to) == 0)
            return &ablation->changes[i];
    }
    if (ablation->change_count == CHANGES_MAX) {
        ++ablation->dropped;
        return NULL;
    }
    struct change *change = &ablation->changes[ablation->change_count++];
    *change = (struct change){.axis = axis};
    strcpy(change->from, from);
    strcpy(change->to, to);
    return change;
}

static void add_shape(struct ablation *ablation, const struct w4_sweep_shape *shape, const struct w4_manifest *manifest,
                      const struct w4_variant *base)
{
    const struct w4_sweep_entry *entry = w4_sweep_find(shape, base->id);
    if (!entry) {
        ++ablation->without;
        return;
    }
    ++ablation->shapes;
    ablation->log_tflops += log(entry->tflops);
    for (size_t i = 0; i < shape->count; ++i) {
        char from[VALUE_MAX];
        char to[VALUE_MAX];
        const struct w4_variant *other = w4_manifest_find(manifest, shape->entries[i].result->variant);
        size_t axis = other ? only_difference(base, other, from, to) : AXES;
        struct change *change = axis < AXES ? change_of(ablation, axis, from, to) : NULL;
        if (!change)
            continue;
        change->log_ratio += log(entry->time_ms / shape->entries[i].time_ms);
        change->log_tflops += log(shape->entries[i].tflops);
        ++change->shapes;
    }
}

static void write_changes(struct w4_table *table, const struct ablation *ablation, size_t axis)
{
    for (size_t i = 0; i < ablation->change_count; ++i) {
        const struct change *change = &ablation->changes[i];
        if (change->axis != axis)
            continue;
        double count = (double)change->shapes;
        double difference = 100 * expm1(change->log_ratio / count);
        w4_table_cell(table, W4_COLOUR_NONE, "%s", axes[axis].name);
        w4_table_cell(table, W4_COLOUR_NONE, "%s -> %s", change->from, change->to);
        w4_table_cell(table, W4_COLOUR_NONE, "%zu", change->shapes);
        w4_table_cell(table, W4_COLOUR_NONE, "%.4g", exp(change->log_tflops / count));
        w4_table_cell(table,
                      difference > 1    ? W4_COLOUR_GOOD
                      : difference < -1 ? W4_COLOUR_BAD
                                        : W4_COLOUR_NONE,
                      "%+.1f %%", difference);
    }
}

static void write_missing_axes(const struct ablation *ablation, FILE *out)
{
    const char *separator = "no variant differs from the base in only: ";
    bool any = false;
    for (size_t axis = 0; axis < AXES; ++axis) {
        bool present = false;
        for (size_t i = 0; i < ablation->change_count; ++i)
            present |= ablation->changes[i].axis == axis;
        if (present)
            continue;
        fprintf(out, "%s%s", separator, axes[axis].name);
        separator = ", ";
        any = true;
    }
    if (any)
        fputs(" (kernels/variants.def lists what is compiled)\n", out);
}

static enum w4_status write_table(const struct ablation *ablation, const char *label, enum w4_format format, FILE *out,
                                  bool colours, struct w4_error *error)
{
    static const struct w4_column columns[] = {
        {"axis", true}, {"change", true}, {"shapes", false}, {"TFLOPS", false}, {"difference", false}};
    const struct w4_tile *tile = &ablation->base->tile;
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    fprintf(out, "\nOne change at a time of %s %dx%dx%d, %d waves, UNROLL_K %d; TFLOPS are geometric means, %s:\n\n",
            ablation->base->family, tile->bm, tile->bn, tile->bk, tile->waves, tile->unroll_k, label);
    w4_table_cell(table, W4_COLOUR_NONE, "base");
    w4_table_cell(table, W4_COLOUR_NONE, "-");
    w4_table_cell(table, W4_COLOUR_NONE, "%zu", ablation->shapes);
    w4_table_cell(table, W4_COLOUR_NONE, "%.4g", exp(ablation->log_tflops / (double)ablation->shapes));
    w4_table_cell(table, W4_COLOUR_NONE, "-");
    for (size_t axis = 0; axis < AXES; ++axis)
        write_changes(table, ablation, axis);
    int failed = format == W4_FORMAT_MARKDOWN ? w4_table_write_markdown(table, out)
                                              : w4_table_write_terminal(table, out, colours);
    w4_table_destroy(table);
    fputc('\n', out);
    write_missing_axes(ablation, out);
    if (ablation->without)
        fprintf(out, "shapes where the base has no right figure: %zu\n", ablation->without);
    if (ablation->dropped)
        fprintf(out, "changes beyond the first %d are not shown\n", (int)CHANGES_MAX);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for the table of ablations") : W4_OK;
}

// The tables' bases in order of their first shape; `chosen` has a variant (or NULL) for each shape.
static enum w4_status write_tables(const struct w4_sweep *sweep, const struct w4_manifest *manifest,
                                   const struct w4_variant *const *chosen, const char *label, enum w4_format format,
                                   FILE *out, bool colours, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < sweep->count && status == W4_OK; ++i) {
        bool known = !chosen[i];
        for (size_t j = 0; j < i && !known; ++j)
            known = chosen[j] && is_same(chosen[i], chosen[j]);
        if (known)
            continue;
        struct ablation ablation = {.base = chosen[i]};
        for (size_t j = i; j < sweep->count; ++j) {
            if (chosen[j] && is_same(chosen[i], chosen[j]))
                add_shape(&ablation, &sweep->shapes[j], manifest, chosen[j]);
        }
        if (ablation.shapes > 0)
            status = write_table(&ablation, label, format, out, colours, error);
    }
    return status;
}

enum w4_status w4_sweep_write_ablation(const struct w4_sweep *sweep, const struct w4_manifest *manifest,
                                       const char *folder, const char *base, const char *label, enum w4_format format,
                                       FILE *out, bool colours, struct w4_error *error)
{
    struct w4_rules *rules = NULL;
    const struct w4_variant **chosen = calloc(sweep->count + 1, sizeof(*chosen));
    if (!chosen)
        return w4_fail(error, W4_MEMORY, "out of memory for the bases of %zu shapes", sweep->count);
    enum w4_status status = w4_rules_load(folder, base, &rules, error);
    for (size_t i = 0; i < sweep->count && status == W4_OK; ++i) {
        struct w4_error reason = {0};
        status = w4_rules_choose(rules, manifest, &sweep->shapes[i].test->shape, &chosen[i], &reason);
        if (status == W4_NOT_FOUND)
            status = W4_OK; // chosen[i] is NULL
        else if (status != W4_OK)
            w4_fail(error, status, "%s: %s", base, reason.message);
    }
    if (status == W4_OK)
        status = write_tables(sweep, manifest, chosen, label, format, out, colours, error);
    w4_rules_destroy(rules);
    free(chosen);
    return status;
}
