// What the ledger proves about the gate.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../statistics/blocks.h"
#include "../../statistics/order.h"
#include "../table.h"
#include "ledger.h"

#define CONFIDENCE_ALPHA 0.05
#define DETECTION_POWER  0.95

static struct w4_control_night control_night(const struct w4_ledger_night *night)
{
    const char *fail = w4_outcome_word(W4_OUTCOME_FAIL);
    return (struct w4_control_night){
        .unchanged = night->same.blocks > 0,
        .alarms = strcmp(night->same.outcome, fail) == 0,
        .controls = night->injected.blocks > 0,
        .controls_caught = strcmp(night->injected.outcome, fail) == 0,
    };
}

static enum w4_status write_bounds(const struct w4_ledger_nights *nights, FILE *out, struct w4_error *error)
{
    struct w4_control_night *records = calloc(nights->count + 1, sizeof(*records));
    if (!records)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu nights", nights->count);
    for (size_t i = 0; i < nights->count; ++i)
        records[i] = control_night(&nights->nights[i]);
    const struct w4_ledger ledger = w4_ledger_of(records, nights->count, CONFIDENCE_ALPHA);
    free(records);
    fprintf(out, "%zu nights, %llu of them with an A/A control\n", nights->count, (unsigned long long)ledger.nights);
    fprintf(out, "false alarms: in %llu of %llu nights; with 95 %% confidence in at most %.2f %% of nights\n",
            (unsigned long long)ledger.alarm_nights, (unsigned long long)ledger.nights, 100 * ledger.alarm_night_bound);
    fprintf(out, "injected slowdowns: %llu of %llu caught; with 95 %% confidence at least %.2f %% are\n",
            (unsigned long long)ledger.controls_caught, (unsigned long long)ledger.controls,
            100 * ledger.control_catch_bound);
    fprintf(out, "blind nights (no control, or one that was missed): %llu\n", (unsigned long long)ledger.blind_nights);
    return W4_OK;
}

// A case's noise: the median deviation of its blocks over the nights that had it as a control.
struct case_noise {
    const char *id;
    double *sigmas; // owned
    size_t count;
    int64_t cap_blocks; // of the last such night
    double level;
};

static int compare_cases(const void *left, const void *right)
{
    return strcmp(((const struct case_noise *)left)->id, ((const struct case_noise *)right)->id);
}

static struct case_noise *find_or_add(struct case_noise *cases, size_t *count, const char *id, size_t nights)
{
    for (size_t i = 0; i < *count; ++i) {
        if (strcmp(cases[i].id, id) == 0)
            return &cases[i];
    }
    cases[*count] = (struct case_noise){.id = id, .sigmas = calloc(2 * nights, sizeof(double))};
    return cases[*count].sigmas ? &cases[(*count)++] : NULL;
}

static enum w4_status collect(const struct w4_ledger_nights *nights, struct case_noise *cases, size_t *count,
                              struct w4_error *error)
{
    for (size_t i = 0; i < nights->count; ++i) {
        const struct w4_ledger_night *night = &nights->nights[i];
        const struct w4_ledger_control *const both[] = {&night->same, &night->injected};
        for (size_t j = 0; j < 2; ++j) {
            if (!both[j]->id[0] || !(both[j]->sigma_d > 0))
                continue;
            struct case_noise *noise = find_or_add(cases, count, both[j]->id, nights->count);
            if (!noise)
                return w4_fail(error, W4_MEMORY, "out of memory for the cases of the ledger");
            noise->sigmas[noise->count++] = both[j]->sigma_d;
            noise->cap_blocks = night->cap_blocks;
            noise->level = night->level;
        }
    }
    qsort(cases, *count, sizeof(*cases), compare_cases);
    return W4_OK;
}

static void add_row(struct w4_table *table, const struct case_noise *noise)
{
    const double sigma = w4_median(noise->sigmas, noise->count);
    const double change = w4_block_detectable(w4_log_of_loss(W4_DEFAULT_TOLERANCE), noise->level, DETECTION_POWER,
                                              sigma, (size_t)noise->cap_blocks);
    w4_table_cell(table, W4_COLOUR_NONE, "%s", noise->id);
    w4_table_cell(table, W4_COLOUR_NONE, "%zu", noise->count);
    w4_table_cell(table, W4_COLOUR_NONE, "%.2f %%", 100 * sigma);
    w4_table_cell(table, W4_COLOUR_NONE, isfinite(change) ? "-%.1f %%" : "none", 100 * w4_loss_of_log(change));
}

static enum w4_status write_cases(const struct w4_ledger_nights *nights, FILE *out, bool colours,
                                  struct w4_error *error)
{
    static const struct w4_column columns[] = {
        {"case", true}, {"nights", false}, {"block deviation", false}, {"smallest loss seen 95 % of the time", false}};
    struct case_noise *cases = calloc(2 * nights->count + 1, sizeof(*cases));
    size_t count = 0;
    if (!cases)
        return w4_fail(error, W4_MEMORY, "out of memory for the cases of the ledger");
    enum w4_status status = collect(nights, cases, &count, error);
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < count && status == W4_OK; ++i)
        add_row(table, &cases[i]);
    fputc('\n', out);
    if (status == W4_OK && w4_table_write_terminal(table, out, colours) != 0)
        status = w4_fail(error, W4_MEMORY, "out of memory for the table");
    w4_table_destroy(table);
    for (size_t i = 0; i < count; ++i)
        free(cases[i].sigmas);
    free(cases);
    return status;
}

enum w4_status w4_ledger_print(const struct w4_ledger_nights *nights, FILE *out, bool colours, struct w4_error *error)
{
    enum w4_status status = write_bounds(nights, out, error);
    return status == W4_OK ? write_cases(nights, out, colours, error) : status;
}
