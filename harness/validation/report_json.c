// model-validation.json: every row with both figures, and the statistics of every series.
#include "report.h"

#include <math.h>
#include <string.h>

#include "../../base/json.h"
#include "../context.h"

static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *row_json(const struct w4_validation_report *report, size_t i)
{
    static const char *const states[] = {"not run", "done", "failed", "no kernel"};
    const struct w4_validation_row *row = &report->validation->rows[i];
    const struct w4_validation_outcome *outcome = &report->outcomes[i];
    const bool done = outcome->state == W4_VALIDATION_DONE;
    return json_pack(
        "{ss,ss,ss,sf,so,so,so,ss,sI,sI,sf,sf}", "id", row->id, "series", report->validation->series[row->series].name,
        "state", states[outcome->state], "hardware", row->hardware, "modelled",
        real_or_null(done ? outcome->model : NAN), "compared", real_or_null(report->model[i]), "error",
        real_or_null(w4_prediction_error(report->model[i], row->hardware)), "message", outcome->message, "workgroups",
        (json_int_t)outcome->workgroups, "workgroups_simulated", (json_int_t)outcome->workgroups_simulated,
        "host_seconds", outcome->host_seconds, "clock_mhz", report->clock_mhz > 0 ? report->clock_mhz : row->clock_mhz);
}

static json_t *series_json(const struct w4_validation_report *report, size_t i)
{
    const struct w4_validation_series *series = &report->validation->series[i];
    const struct w4_validation_judgement *judgement = &report->judgements[i];
    const struct w4_prediction_statistics *now = &judgement->now;
    return json_pack("{ss,ss,ss,sb,sI,sI,so,so,so,so,so,so,so,so,sI,sI,sb,sb}", "name", series->name, "title",
                     series->title, "unit", series->unit, "fitted", (int)series->fitted, "rows",
                     (json_int_t)series->row_count, "done", (json_int_t)judgement->done, "median",
                     real_or_null(now->median), "percentile_90", real_or_null(now->percentile_90), "worst",
                     real_or_null(now->worst), "bias", real_or_null(now->bias), "median_of_min",
                     real_or_null(now->median_of_min), "worst_pair", real_or_null(now->worst_pair), "geometric_ratio",
                     real_or_null(now->geometric_ratio), "kendall_tau", real_or_null(now->kendall_tau), "order_pairs",
                     (json_int_t)judgement->order_pairs, "order_wrong", (json_int_t)judgement->order_wrong,
                     "target_met", (int)judgement->target_met, "worse", (int)judgement->worse);
}

static json_t *list(const struct w4_validation_report *report, size_t count,
                    json_t *(*item)(const struct w4_validation_report *, size_t), bool rows)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count && array; ++i) {
        if (rows ? !report->selected[i] : report->judgements[i].selected == 0)
            continue;
        if (json_array_append_new(array, item(report, i)) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

enum w4_status w4_validation_save_json(const struct w4_validation_report *report, const char *folder,
                                       struct w4_error *error)
{
    char path[W4_PATH_MAX];
    enum w4_status status = w4_path_join(path, folder, "model-validation.json", error);
    if (status != W4_OK)
        return status;
    json_t *root = json_pack("{si,ss,ss,ss,sf,sb,so,so}", "schema", 1, "model", report->model_key, "label",
                             report->model_label, "what_if", report->what_if, "clock_mhz",
                             report->validation->clock_mhz, "interrupted", (int)report->interrupted, "series",
                             list(report, report->validation->series_count, series_json, false), "rows",
                             list(report, report->validation->row_count, row_json, true));
    status = root ? w4_json_write(path, root, error) : w4_fail(error, W4_MEMORY, "%s: out of memory", path);
    json_decref(root);
    return status;
}
