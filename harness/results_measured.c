// Reads and writes what was measured: samples, windows, sensor readings, blocks, marks. Every array is a row of a
// table.
#include "results_measured.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

enum { ITEMS_MAX = 10000000 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct w4_field window_fields[] = {
    W4_FIELD(struct w4_window, launches, W4_FIELD_I32, 1),
    W4_FIELD(struct w4_window, buffers, W4_FIELD_I32, 1),
    W4_FIELD(struct w4_window, start_s, W4_FIELD_REAL, 0),
};

// A temperature may lie below zero; nothing else may.
static const struct w4_field reading_fields[] = {
    W4_FIELD(struct w4_reading, time_s, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_reading, engine_mhz, W4_FIELD_READING, 0),
    W4_FIELD(struct w4_reading, memory_mhz, W4_FIELD_READING, 0),
    W4_FIELD(struct w4_reading, power_w, W4_FIELD_READING, 0),
    W4_FIELD(struct w4_reading, temperature_c, W4_FIELD_READING, -273.15),
    W4_FIELD(struct w4_reading, cpu_load, W4_FIELD_READING, 0),
};

static const struct w4_field block_fields[] = {
    W4_FIELD(struct w4_block, kind, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_block, side, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_block, index, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_block, order, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_block, code_object_hash, W4_FIELD_TEXT, 0),
    W4_FIELD(struct w4_block, process_id, W4_FIELD_I64, 0),
    W4_FIELD(struct w4_block, message, W4_FIELD_TEXT, 0),
};

static const struct w4_field measured_fields[] = {
    W4_FIELD(struct w4_measured, warm_up_s, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_measured, run_position, W4_FIELD_I32, -1),
};

// An array of plain structs: pointer and count in w4_measured.
struct struct_array {
    const char *key;
    size_t pointer, count, item_bytes;
    const struct w4_field *fields;
    size_t field_count;
};

#define STRUCTS(key, counter, type, fields)                                                                            \
    {#key,         offsetof(struct w4_measured, key), offsetof(struct w4_measured, counter), sizeof(type), fields,     \
     COUNT(fields)}

static const struct struct_array struct_arrays[] = {
    STRUCTS(windows, window_count, struct w4_window, window_fields),
    STRUCTS(hot_windows, hot_window_count, struct w4_window, window_fields),
    STRUCTS(readings, reading_count, struct w4_reading, reading_fields),
};

// An array of milliseconds.
struct time_array {
    const char *key;
    size_t pointer, count;
};

#define TIMES(key, counter) {#key, offsetof(struct w4_measured, key), offsetof(struct w4_measured, counter)}

static const struct time_array time_arrays[] = {
    TIMES(hot_samples_ms, hot_sample_count),
    TIMES(anchor_wmma_ms, anchor_wmma_count),
    TIMES(anchor_bandwidth_ms, anchor_bandwidth_count),
};

static json_t *times_to_json(const double *times_ms, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < count; ++i) {
        if (json_array_append_new(array, json_real(times_ms[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *structs_to_json(const void *items, size_t count, const struct struct_array *row)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < count; ++i) {
        json_t *object = json_object();
        int failed = !object || w4_fields_write(object, (const unsigned char *)items + i * row->item_bytes, row->fields,
                                                row->field_count) != 0;
        if (failed)
            json_decref(object);
        if (failed || json_array_append_new(array, object) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *block_to_json(const struct w4_block *block)
{
    json_t *object = json_object();
    if (!object || w4_fields_write(object, block, block_fields, COUNT(block_fields)) != 0 ||
        json_object_set_new(object, "samples_ms", times_to_json(block->samples_ms, block->sample_count)) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *blocks_to_json(const struct w4_measured *measured)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < measured->block_count; ++i) {
        if (json_array_append_new(array, block_to_json(&measured->blocks[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *marks_to_json(uint32_t marks)
{
    json_t *array = json_array();
    for (int bit = 0; array && bit < W4_MARK_COUNT; ++bit) {
        if ((marks >> bit & 1) && json_array_append_new(array, json_string(w4_mark_name((enum w4_mark_bit)bit))) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

int w4_measured_write(json_t *object, const struct w4_result *result)
{
    const unsigned char *base = (const unsigned char *)&result->measured;
    json_t *measured = json_object();
    int failed = !measured || w4_fields_write(measured, base, measured_fields, COUNT(measured_fields)) != 0;
    for (size_t i = 0; !failed && i < COUNT(struct_arrays); ++i) {
        const void *items = *(void *const *)(const void *)(base + struct_arrays[i].pointer);
        size_t count = *(const size_t *)(const void *)(base + struct_arrays[i].count);
        failed |= json_object_set_new(measured, struct_arrays[i].key, structs_to_json(items, count, &struct_arrays[i]));
    }
    for (size_t i = 0; !failed && i < COUNT(time_arrays); ++i) {
        const double *times_ms = *(double *const *)(const void *)(base + time_arrays[i].pointer);
        size_t count = *(const size_t *)(const void *)(base + time_arrays[i].count);
        failed |= json_object_set_new(measured, time_arrays[i].key, times_to_json(times_ms, count));
    }
    if (!failed) {
        failed |= json_object_set_new(measured, "blocks", blocks_to_json(&result->measured));
        failed |= json_object_set_new(measured, "marks", marks_to_json(result->measured.marks));
        failed |= json_object_set_new(object, "samples_ms", times_to_json(result->samples_ms, result->sample_count));
    }
    if (failed) {
        json_decref(measured);
        return -1;
    }
    return json_object_set_new(object, "measured", measured);
}

// Checks the array's length and makes room for it; *items stays NULL when it is empty.
static enum w4_status open_array(const struct w4_json_at *parent, const char *key, size_t item_bytes,
                                 struct w4_json_at *at, void **items, size_t *count, struct w4_error *error)
{
    enum w4_status status = w4_json_member(parent, key, at, error);
    if (status == W4_OK)
        status = w4_json_array(at, count, error);
    if (status != W4_OK || *count == 0)
        return status;
    size_t length = *count;
    *count = 0;
    if (length > ITEMS_MAX)
        return w4_json_fail(at, error, "more than %d items", (int)ITEMS_MAX);
    *items = calloc(length, item_bytes);
    if (!*items)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu items of %s", length, key);
    *count = length;
    return W4_OK;
}

static enum w4_status read_times(const struct w4_json_at *parent, const char *key, double **times_ms, size_t *count,
                                 struct w4_error *error)
{
    struct w4_json_at at;
    void *items = NULL;
    enum w4_status status = open_array(parent, key, sizeof(**times_ms), &at, &items, count, error);
    *times_ms = items;
    for (size_t i = 0; status == W4_OK && i < *count; ++i) {
        struct w4_json_at item = w4_json_item(&at, i);
        status = w4_json_real(&item, DBL_MIN, DBL_MAX, &(*times_ms)[i], error);
    }
    return status;
}

static enum w4_status read_structs(const struct w4_json_at *parent, const struct struct_array *row, void *base,
                                   struct w4_error *error)
{
    struct w4_json_at at;
    void *items = NULL;
    size_t count = 0;
    enum w4_status status = open_array(parent, row->key, row->item_bytes, &at, &items, &count, error);
    memcpy((unsigned char *)base + row->pointer, &items, sizeof(items));
    memcpy((unsigned char *)base + row->count, &count, sizeof(count));
    for (size_t i = 0; status == W4_OK && i < count; ++i) {
        struct w4_json_at item = w4_json_item(&at, i);
        status = w4_fields_read(&item, (unsigned char *)items + i * row->item_bytes, row->fields, row->field_count,
                                NULL, error);
    }
    return status;
}

static enum w4_status read_blocks(const struct w4_json_at *parent, struct w4_measured *measured, struct w4_error *error)
{
    static const char *const extras[] = {"samples_ms", NULL};
    struct w4_json_at at;
    void *items = NULL;
    enum w4_status status =
        open_array(parent, "blocks", sizeof(*measured->blocks), &at, &items, &measured->block_count, error);
    measured->blocks = items;
    for (size_t i = 0; status == W4_OK && i < measured->block_count; ++i) {
        struct w4_json_at item = w4_json_item(&at, i);
        struct w4_block *block = &measured->blocks[i];
        status = w4_fields_read(&item, block, block_fields, COUNT(block_fields), extras, error);
        if (status == W4_OK)
            status = read_times(&item, "samples_ms", &block->samples_ms, &block->sample_count, error);
    }
    return status;
}

static enum w4_status read_mark(const struct w4_json_at *at, uint32_t *marks, struct w4_error *error)
{
    const char *text = NULL;
    enum w4_status status = w4_json_string(at, &text, error);
    if (status != W4_OK)
        return status;
    for (int bit = 0; bit < W4_MARK_COUNT; ++bit) {
        if (strcmp(text, w4_mark_name((enum w4_mark_bit)bit)) == 0) {
            *marks |= UINT32_C(1) << bit;
            return W4_OK;
        }
    }
    return w4_json_fail(at, error, "\"%.60s\" is not a mark of this schema", text);
}

static enum w4_status read_marks(const struct w4_json_at *parent, uint32_t *marks, struct w4_error *error)
{
    struct w4_json_at at;
    size_t length = 0;
    enum w4_status status = w4_json_member(parent, "marks", &at, error);
    if (status == W4_OK)
        status = w4_json_array(&at, &length, error);
    for (size_t i = 0; status == W4_OK && i < length; ++i) {
        struct w4_json_at item = w4_json_item(&at, i);
        status = read_mark(&item, marks, error);
    }
    return status;
}

// A window belongs to each sample, or to none.
static enum w4_status check_windows(const struct w4_json_at *at, size_t windows, size_t samples, const char *key,
                                    struct w4_error *error)
{
    if (windows == 0 || windows == samples)
        return W4_OK;
    return w4_json_fail(at, error, "%s has %zu items for %zu samples", key, windows, samples);
}

enum w4_status w4_measured_read(const struct w4_json_at *object, struct w4_result *result, struct w4_error *error)
{
    static const char *const extras[] = {"windows",        "hot_windows",    "readings",
                                         "hot_samples_ms", "anchor_wmma_ms", "anchor_bandwidth_ms",
                                         "blocks",         "marks",          NULL};
    struct w4_measured *measured = &result->measured;
    struct w4_json_at at;
    enum w4_status status = read_times(object, "samples_ms", &result->samples_ms, &result->sample_count, error);
    if (status == W4_OK)
        status = w4_json_member(object, "measured", &at, error);
    if (status == W4_OK)
        status = w4_fields_read(&at, measured, measured_fields, COUNT(measured_fields), extras, error);
    for (size_t i = 0; status == W4_OK && i < COUNT(struct_arrays); ++i)
        status = read_structs(&at, &struct_arrays[i], measured, error);
    for (size_t i = 0; status == W4_OK && i < COUNT(time_arrays); ++i) {
        unsigned char *base = (unsigned char *)measured;
        status = read_times(&at, time_arrays[i].key, (double **)(void *)(base + time_arrays[i].pointer),
                            (size_t *)(void *)(base + time_arrays[i].count), error);
    }
    if (status == W4_OK)
        status = read_blocks(&at, measured, error);
    if (status == W4_OK)
        status = read_marks(&at, &measured->marks, error);
    if (status == W4_OK)
        status = check_windows(&at, measured->window_count, result->sample_count, "windows", error);
    return status == W4_OK
               ? check_windows(&at, measured->hot_window_count, measured->hot_sample_count, "hot_windows", error)
               : status;
}
