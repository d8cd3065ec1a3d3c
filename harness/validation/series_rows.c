// Rows of a series: which lines of its CSV file, which cell is which field.
#include "series_internal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/csv.h"
#include "../text.h"

enum field_kind { TEXT, INTEGER, REAL, TYPE, ZERO_POINT };

#define BIT(kind) (1u << W4_VALIDATION_##kind)
#define SIZES     (BIT(ROW_STRIDE) | BIT(GEMM))
#define ALL       (BIT(LOOP) | BIT(CEILING) | BIT(ROW_STRIDE) | BIT(GEMM))
#define AT(m)     offsetof(struct w4_validation_row, m)

// What a column or a constant may be, and which kinds of series must have it.
static const struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    unsigned needed_by;
} fields[] = {
    {"name", TEXT, AT(name), BIT(LOOP) | BIT(CEILING)},
    {"m", INTEGER, AT(shape.m), SIZES},
    {"n", INTEGER, AT(shape.n), SIZES},
    {"k", INTEGER, AT(shape.k), SIZES},
    {"row_stride", INTEGER, AT(row_stride_bytes), BIT(ROW_STRIDE)},
    {"group_size", INTEGER, AT(shape.group_size), BIT(GEMM)},
    {"type", TYPE, AT(shape.dtype), BIT(GEMM)},
    {"zero_point", ZERO_POINT, AT(shape.zero_point), BIT(GEMM)},
    {"clock_mhz", REAL, AT(clock_mhz), 0},
    {"hardware", REAL, AT(hardware), ALL},
};
enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

// Where each field of a series comes from.
struct binding {
    const char *constant; // else the column, when bound
    bool bound;
    size_t column;
};

struct table {
    const struct w4_csv *csv;
    const struct w4_json_at *series; // in series.json
    struct binding bindings[FIELD_COUNT];
};

static enum w4_status set_field(const struct table *table, size_t row, const struct field *field, const char *text,
                                struct w4_validation_row *out, struct w4_error *error)
{
    void *place = (unsigned char *)out + field->offset;
    char *end = NULL;
    double number = 0;
    if (field->kind == TEXT) {
        return w4_text_copy(place, sizeof(out->name), text)
                   ? W4_OK
                   : w4_csv_fail(table->csv, row, field->name, error, "\"%.40s...\" is too long", text);
    }
    if (field->kind == TYPE) {
        enum w4_dtype type = strcmp(text, "bf16") == 0 ? W4_BF16 : W4_FP16;
        if (type == W4_FP16 && strcmp(text, "fp16") != 0)
            return w4_csv_fail(table->csv, row, field->name, error, "\"%.40s\" is not fp16 or bf16", text);
        memcpy(place, &type, sizeof(type));
        return W4_OK;
    }
    errno = 0;
    number = strtod(text, &end);
    const double most = field->kind == ZERO_POINT ? 1 : 1e12;
    const double least = field->kind == ZERO_POINT ? 0 : field->kind == INTEGER ? 1 : 1e-12;
    if (end == text || *end || errno || !(number >= least && number <= most) ||
        (field->kind != REAL && number != floor(number)))
        return w4_csv_fail(table->csv, row, field->name, error, "\"%.40s\" is no such number", text);
    if (field->kind == REAL)
        memcpy(place, &number, sizeof(number));
    else if (field->kind == INTEGER)
        *(int64_t *)place = (int64_t)number;
    else
        *(bool *)place = number != 0;
    return W4_OK;
}

static enum w4_status bind_one(struct table *table, const struct field *field, struct binding *binding,
                               struct w4_error *error)
{
    struct w4_json_at columns, constants, member;
    const char *text = NULL;
    enum w4_status status = w4_json_member(table->series, "columns", &columns, error);
    w4_json_optional(table->series, "constants", &constants);
    if (status != W4_OK)
        return status;
    w4_json_optional(&columns, field->name, &member);
    if (member.value) {
        status = w4_json_string(&member, &text, error);
        binding->bound = true;
        return status == W4_OK ? w4_csv_column(table->csv, text, &binding->column, error) : status;
    }
    if (constants.value)
        w4_json_optional(&constants, field->name, &member);
    if (!member.value)
        return W4_OK;
    binding->bound = true;
    return w4_json_string(&member, &binding->constant, error);
}

static enum w4_status bind_all(struct table *table, enum w4_validation_kind kind, struct w4_error *error)
{
    const char *known[FIELD_COUNT + 1] = {0};
    struct w4_json_at object;
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < FIELD_COUNT; ++i)
        known[i] = fields[i].name;
    static const char *const places[] = {"columns", "constants"};
    for (size_t i = 0; i < 2 && status == W4_OK; ++i) {
        w4_json_optional(table->series, places[i], &object);
        if (object.value)
            status = w4_json_keys(&object, known, error);
    }
    for (size_t i = 0; i < FIELD_COUNT && status == W4_OK; ++i) {
        status = bind_one(table, &fields[i], &table->bindings[i], error);
        if (status == W4_OK && !table->bindings[i].bound && (fields[i].needed_by & (1u << kind)))
            status = w4_json_fail(table->series, error, "no column and no constant is \"%s\"", fields[i].name);
    }
    return status;
}

// "where": {column: [values]}: the row's cell is one of them, for every column.
static enum w4_status row_is_wanted(const struct table *table, size_t row, bool *wanted, struct w4_error *error)
{
    struct w4_json_at where;
    const char *name;
    json_t *values;
    w4_json_optional(table->series, "where", &where);
    *wanted = true;
    if (where.value && !json_is_object(where.value))
        return w4_json_fail(&where, error, "must be an object of lists");
    json_object_foreach(where.value, name, values)
    {
        const struct w4_json_at list = {where.file, values, &where, name, 0};
        size_t column = 0, count = 0;
        bool found = false;
        enum w4_status status = w4_csv_column(table->csv, name, &column, error);
        if (status == W4_OK)
            status = w4_json_array(&list, &count, error);
        for (size_t i = 0; i < count && status == W4_OK; ++i) {
            const struct w4_json_at item = w4_json_item(&list, i);
            const char *text = NULL;
            status = w4_json_string(&item, &text, error);
            found = found || (status == W4_OK && strcmp(text, w4_csv_cell(table->csv, row, column)) == 0);
        }
        if (status != W4_OK)
            return status;
        *wanted = *wanted && found;
    }
    return W4_OK;
}

// Packed weights and scales over the time of the published figure: whether memory bounded it.
static double weight_gbytes_per_s(const struct w4_validation_row *row)
{
    const struct w4_shape *shape = &row->shape;
    const double weights = (double)shape->n * (double)shape->k;
    const double bytes = weights / 2 + weights / (double)shape->group_size * (shape->zero_point ? 4 : 2);
    const double time_s = 2 * weights * (double)shape->m / (row->hardware * 1e12);
    return bytes / time_s * 1e-9;
}

// "{column}" in the label becomes the row's cell.
static enum w4_status make_id(const struct table *table, size_t row, const char *series, char *out, size_t size,
                              struct w4_error *error)
{
    struct w4_json_at member;
    const char *label = NULL;
    enum w4_status status = w4_json_member(table->series, "label", &member, error);
    if (status == W4_OK)
        status = w4_json_string(&member, &label, error);
    if (status != W4_OK)
        return status;
    size_t used = (size_t)snprintf(out, size, "%s/", series);
    while (*label && used < size) {
        char name[W4_NAME_MAX];
        const size_t plain = strcspn(label, "{");
        const size_t inside = label[plain] ? strcspn(label + plain + 1, "}") : 0;
        used += (size_t)snprintf(out + used, size - used, "%.*s", (int)plain, label);
        label += plain;
        if (!*label)
            break;
        size_t column = 0;
        if (label[1 + inside] != '}')
            return w4_json_fail(&member, error, "has a { without its }");
        snprintf(name, sizeof(name), "%.*s", (int)inside, label + 1);
        status = w4_csv_column(table->csv, name, &column, error);
        if (status != W4_OK)
            return status;
        if (used < size)
            used += (size_t)snprintf(out + used, size - used, "%s", w4_csv_cell(table->csv, row, column));
        label += inside + 2;
    }
    return used < size ? W4_OK : w4_csv_fail(table->csv, row, "label", error, "is longer than %zu bytes", size - 1);
}

static enum w4_status read_row(const struct table *table, size_t index, const struct w4_validation_series *series,
                               struct w4_validation_row *row, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < FIELD_COUNT && status == W4_OK; ++i) {
        const struct binding *from = &table->bindings[i];
        if (from->bound)
            status =
                set_field(table, index, &fields[i],
                          from->constant ? from->constant : w4_csv_cell(table->csv, index, from->column), row, error);
    }
    return status == W4_OK ? make_id(table, index, series->name, row->id, sizeof(row->id), error) : status;
}

static enum w4_status add_table(struct w4_validation *validation, size_t series_index, struct table *table,
                                struct w4_error *error)
{
    struct w4_validation_series *series = &validation->series[series_index];
    struct w4_json_at member;
    double least_gbytes_per_s = 0;
    enum w4_status status = bind_all(table, series->kind, error);
    w4_json_optional(table->series, "minimum_weight_gbytes_per_s", &member);
    if (status == W4_OK && member.value)
        status = w4_json_real(&member, 0, 1e6, &least_gbytes_per_s, error);
    void *grown = reallocarray(validation->rows, validation->row_count + table->csv->rows, sizeof(*validation->rows));
    if (!grown)
        return w4_fail(error, W4_MEMORY, "%s: out of memory", table->csv->name);
    validation->rows = grown;
    series->first_row = validation->row_count;
    for (size_t i = 0; i < table->csv->rows && status == W4_OK; ++i) {
        struct w4_validation_row *row = &validation->rows[validation->row_count];
        bool wanted = false;
        *row = (struct w4_validation_row){.series = series_index, .clock_mhz = validation->clock_mhz};
        status = row_is_wanted(table, i, &wanted, error);
        if (status == W4_OK && wanted)
            status = read_row(table, i, series, row, error);
        if (status != W4_OK || !wanted || (least_gbytes_per_s > 0 && weight_gbytes_per_s(row) < least_gbytes_per_s))
            continue;
        row->quick = series->quick_every && series->row_count % (size_t)series->quick_every == 0;
        ++series->row_count;
        ++validation->row_count;
    }
    if (status == W4_OK && series->row_count == 0)
        status = w4_json_fail(table->series, error, "no row of %s is wanted", table->csv->name);
    return status;
}

enum w4_status w4_validation_add_rows(struct w4_validation *validation, size_t index, const struct w4_json_at *at,
                                      const char *path, struct w4_error *error)
{
    struct w4_csv csv;
    enum w4_status status = w4_csv_load(&csv, path, error);
    if (status != W4_OK)
        return status;
    struct table table = {.csv = &csv, .series = at};
    status = add_table(validation, index, &table, error);
    w4_csv_fini(&csv);
    return status;
}
