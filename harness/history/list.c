// The runs of a history as a table.
#include <jansson.h>
#include <stdlib.h>

#include "../context.h"
#include "../table.h"
#include "nights.h"

static enum w4_status write_json(const struct w4_history_infos *infos, FILE *out, struct w4_error *error)
{
    json_t *runs = json_array();
    int failed = !runs;
    for (size_t i = 0; !failed && i < infos->count; ++i) {
        const struct w4_history_info *info = &infos->items[i];
        failed = json_array_append_new(
            runs, json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:f, s:I, s:I}", "run", (json_int_t)info->id,
                            "identity", info->identity, "time_utc", info->time_utc, "revision", info->revision, "suite",
                            info->suite, "device_key", info->device_key, "model_version", info->model_version,
                            "modelled", info->modelled, "interrupted", info->interrupted, "clock_mhz", info->clock_mhz,
                            "cases", (json_int_t)info->cases, "right", (json_int_t)info->right));
    }
    failed = failed || json_dumpf(runs, out, JSON_INDENT(2) | JSON_SORT_KEYS) != 0 || fputc('\n', out) == EOF;
    json_decref(runs);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for the list of runs, or it cannot be written") : W4_OK;
}

static enum w4_status write_table(const struct w4_history_infos *infos, enum w4_format format, FILE *out,
                                  struct w4_error *error)
{
    static const struct w4_column columns[] = {{"run", false},   {"time (UTC)", true}, {"revision", true},
                                               {"suite", true},  {"device", true},     {"times", true},
                                               {"cases", false}, {"right", false},     {"", true}};
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < infos->count; ++i) {
        const struct w4_history_info *info = &infos->items[i];
        w4_table_cell(table, W4_COLOUR_NONE, "%lld", (long long)info->id);
        w4_table_cell(table, W4_COLOUR_NONE, "%s", info->time_utc);
        w4_table_cell(table, W4_COLOUR_NONE, "%s", info->revision);
        w4_table_cell(table, W4_COLOUR_NONE, "%s", info->suite[0] ? info->suite : "-");
        w4_table_cell(table, W4_COLOUR_NONE, "%s", info->device_key);
        if (info->modelled)
            w4_table_cell(table, W4_COLOUR_NONE, "modelled, %.0f MHz", info->clock_mhz);
        else
            w4_table_cell(table, W4_COLOUR_NONE, "measured");
        w4_table_cell(table, W4_COLOUR_NONE, "%lld", (long long)info->cases);
        w4_table_cell(table, info->right < info->cases ? W4_COLOUR_WARN : W4_COLOUR_NONE, "%lld",
                      (long long)info->right);
        w4_table_cell(table, W4_COLOUR_WARN, "%s", info->interrupted ? "interrupted" : "");
    }
    int failed = format == W4_FORMAT_MARKDOWN ? w4_table_write_markdown(table, out)
                                              : w4_table_write_terminal(table, out, w4_use_colours());
    w4_table_destroy(table);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for the list of runs") : W4_OK;
}

enum w4_status w4_nights_list(struct w4_history *history, const char *device_key, enum w4_format format, FILE *out,
                              struct w4_error *error)
{
    struct w4_history_infos infos;
    enum w4_status status = w4_history_runs(history, device_key, &infos, error);
    if (status != W4_OK)
        return status;
    status = format == W4_FORMAT_JSON ? write_json(&infos, out, error) : write_table(&infos, format, out, error);
    w4_history_infos_fini(&infos);
    return status;
}
