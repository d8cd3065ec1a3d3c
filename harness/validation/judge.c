// Statistics, targets, and the comparison with accepted figures.
#include "judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// How much a statistic may grow (a falling tau: its negative) without being worse. More than rounding: a newer compiler
// makes slightly other kernels.
static const struct {
    const char *name;
    size_t offset;
    double sign, slack;
} compared[] = {
    {"median error", offsetof(struct w4_prediction_statistics, median), 1, 0.002},
    {"90th percentile", offsetof(struct w4_prediction_statistics, percentile_90), 1, 0.005},
    {"worst error", offsetof(struct w4_prediction_statistics, worst), 0, 0.01}, // sign 0: the magnitude
    {"Kendall tau", offsetof(struct w4_prediction_statistics, kendall_tau), -1, 0.01},
};

static double badness(const struct w4_prediction_statistics *statistics, size_t i)
{
    double value = 0;
    memcpy(&value, (const unsigned char *)statistics + compared[i].offset, sizeof(value));
    return compared[i].sign == 0 ? fabs(value) : compared[i].sign * value;
}

static void judge_worse(struct w4_validation_judgement *judgement)
{
    for (size_t i = 0; i < sizeof(compared) / sizeof(compared[0]) && judgement->accepted.count && !judgement->worse;
         ++i) {
        const double now = badness(&judgement->common, i);
        const double then = badness(&judgement->accepted, i);
        // A statistic that a selection does not have (tau of one row) is NaN in both.
        if ((isnan(now) && isnan(then)) || now <= then + compared[i].slack)
            continue;
        judgement->worse = true;
        snprintf(judgement->why_worse, sizeof(judgement->why_worse), "%s %.4g, accepted %.4g", compared[i].name,
                 fabs(now), fabs(then));
    }
}

// Pairs of rows that differ by more than the threshold on hardware, and those of them that the model orders otherwise.
static void judge_order(const double *model, const double *hardware, size_t count, double threshold,
                        struct w4_validation_judgement *judgement)
{
    for (size_t i = 0; i < count; ++i)
        for (size_t j = 0; j < i; ++j) {
            const double change = hardware[i] / hardware[j] - 1;
            if (!(fabs(change) > threshold))
                continue;
            ++judgement->order_pairs;
            judgement->order_wrong += !((model[i] - model[j]) * change > 0);
        }
}

static void judge_target(const struct w4_validation_target *target, struct w4_validation_judgement *judgement)
{
    const struct {
        const char *name;
        double limit, value;
    } limits[] = {
        {"median", target->median, judgement->now.median},
        {"worst", target->worst, fabs(judgement->now.worst)},
        {"ratio", target->worst_pair, judgement->now.worst_pair},
        {"order", target->order_threshold >= 0 ? 0 : -1, (double)judgement->order_wrong},
        // tau lies in -1..1, the distance from 1 is what it may be at most.
        {"tau", target->tau >= 0 ? 1 - target->tau : -1, 1 - judgement->now.kendall_tau},
    };
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); ++i) {
        if (limits[i].limit < 0)
            continue;
        judgement->target_asked = true;
        if (limits[i].value <= limits[i].limit)
            continue;
        const size_t used = strlen(judgement->missed);
        snprintf(judgement->missed + used, sizeof(judgement->missed) - used, "%s%s", used ? ", " : "", limits[i].name);
    }
    judgement->target_met = judgement->target_asked && judgement->now.count && !judgement->missed[0];
}

// Figures of rows in order, without holes.
struct column {
    double *model, *hardware, *accepted_model, *common_model, *common_hardware;
    size_t count, common;
};

// Scales to the same geometric mean.
static void scale_to(double *model, const double *hardware, size_t count)
{
    struct w4_prediction_statistics statistics;
    w4_prediction_statistics_of(model, hardware, count, &statistics);
    for (size_t i = 0; i < count; ++i)
        model[i] /= statistics.geometric_ratio;
}

static void count_states(const struct w4_validation_series *series, const bool *selected,
                         const struct w4_validation_outcome *outcomes, struct w4_validation_judgement *judgement)
{
    for (size_t i = series->first_row; i < series->first_row + series->row_count; ++i) {
        if (selected && !selected[i])
            continue;
        ++judgement->selected;
        judgement->done += outcomes[i].state == W4_VALIDATION_DONE;
        judgement->failed += outcomes[i].state == W4_VALIDATION_FAILED;
        judgement->missing += outcomes[i].state == W4_VALIDATION_MISSING;
        judgement->open += outcomes[i].state == W4_VALIDATION_OPEN;
    }
}

static void gather(const struct w4_validation *validation, const struct w4_validation_series *series,
                   const struct w4_validation_outcome *outcomes, const struct w4_accepted *accepted,
                   struct column *column, struct w4_validation_judgement *judgement)
{
    for (size_t i = series->first_row; i < series->first_row + series->row_count; ++i) {
        const double hardware = validation->rows[i].hardware;
        const double then = accepted->model[i];
        if (outcomes[i].state != W4_VALIDATION_DONE)
            continue;
        column->model[column->count] = outcomes[i].model;
        column->hardware[column->count++] = hardware;
        if (!(then > 0))
            continue;
        column->accepted_model[column->common] = then;
        column->common_model[column->common] = outcomes[i].model;
        column->common_hardware[column->common++] = hardware;
        judgement->changed += !(fabs(outcomes[i].model / then - 1) <= 1e-9);
    }
    if (series->relative) {
        scale_to(column->model, column->hardware, column->count);
        scale_to(column->accepted_model, column->common_hardware, column->common);
        scale_to(column->common_model, column->common_hardware, column->common);
    }
}

void w4_validation_judge(const struct w4_validation *validation, size_t series_index, const bool *selected,
                         const struct w4_validation_outcome *outcomes, const struct w4_accepted *accepted,
                         double *model, struct w4_validation_judgement *judgement)
{
    const struct w4_validation_series *series = &validation->series[series_index];
    const size_t count = series->row_count;
    double *memory = calloc(5 * count, sizeof(*memory));
    *judgement = (struct w4_validation_judgement){0};
    for (size_t i = series->first_row; i < series->first_row + count; ++i)
        model[i] = NAN;
    count_states(series, selected, outcomes, judgement);
    w4_prediction_statistics_of(NULL, NULL, 0, &judgement->now);
    judgement->common = judgement->accepted = judgement->now;
    if (!memory)
        return; // no statistics: no target is met
    struct column column = {memory, memory + count, memory + 2 * count, memory + 3 * count, memory + 4 * count, 0, 0};
    gather(validation, series, outcomes, accepted, &column, judgement);
    for (size_t i = series->first_row, k = 0; i < series->first_row + count; ++i)
        if (outcomes[i].state == W4_VALIDATION_DONE)
            model[i] = column.model[k++];
    w4_prediction_statistics_of(column.model, column.hardware, column.count, &judgement->now);
    w4_prediction_statistics_of(column.common_model, column.common_hardware, column.common, &judgement->common);
    w4_prediction_statistics_of(column.accepted_model, column.common_hardware, column.common, &judgement->accepted);
    if (series->target.order_threshold >= 0)
        judge_order(column.model, column.hardware, column.count, series->target.order_threshold, judgement);
    judge_target(&series->target, judgement);
    judge_worse(judgement);
    free(memory);
}

void w4_validation_judge_change(const struct w4_validation *validation, const struct w4_validation_change *change,
                                const struct w4_validation_outcome *outcomes,
                                struct w4_validation_change_judgement *judgement)
{
    const size_t before = validation->series[change->before].first_row;
    const size_t after = validation->series[change->after].first_row;
    *judgement = (struct w4_validation_change_judgement){0};
    for (size_t i = 0; i < validation->series[change->before].row_count; ++i) {
        if (outcomes[before + i].state != W4_VALIDATION_DONE || outcomes[after + i].state != W4_VALIDATION_DONE)
            continue;
        const double hardware = validation->rows[after + i].hardware / validation->rows[before + i].hardware - 1;
        const double model = outcomes[after + i].model / outcomes[before + i].model - 1;
        ++judgement->pairs;
        if (!(fabs(hardware) > change->threshold))
            continue;
        ++judgement->judged;
        judgement->wrong += !(model * hardware > 0);
    }
}
