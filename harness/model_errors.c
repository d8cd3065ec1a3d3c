// Judges the accepted figures as if the model had just given them.
#include "model_errors.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "text.h"
#include "validation/judge.h"

void w4_model_errors_fini(struct w4_model_errors *errors)
{
    free(errors->series);
    *errors = (struct w4_model_errors){0};
}

static enum w4_status judge(const struct w4_validation *validation, const struct w4_accepted *accepted,
                            struct w4_model_errors *errors, struct w4_error *error)
{
    struct w4_validation_outcome *outcomes = calloc(validation->row_count + 1, sizeof(*outcomes));
    double *model = calloc(validation->row_count + 1, sizeof(*model));
    errors->series = calloc(validation->series_count + 1, sizeof(*errors->series));
    enum w4_status status = W4_OK;
    if (!outcomes || !model || !errors->series) {
        status = w4_fail(error, W4_MEMORY, "out of memory for %zu rows of the validation", validation->row_count);
        goto out;
    }
    for (size_t i = 0; i < validation->row_count; ++i) {
        outcomes[i].state = accepted->model[i] > 0 ? W4_VALIDATION_DONE : W4_VALIDATION_OPEN;
        outcomes[i].model = accepted->model[i];
    }
    for (size_t i = 0; i < validation->series_count; ++i) {
        struct w4_validation_judgement judgement = {0};
        w4_validation_judge(validation, i, NULL, outcomes, accepted, model, &judgement);
        if (judgement.now.count == 0)
            continue;
        struct w4_model_error_series *series = &errors->series[errors->count++];
        w4_text_copy(series->title, sizeof(series->title), validation->series[i].title);
        series->statistics = judgement.now;
        series->fitted = validation->series[i].fitted;
    }
    w4_text_copy(errors->model_key, sizeof(errors->model_key), accepted->model_key);
out:
    free(outcomes);
    free(model);
    return status;
}

enum w4_status w4_model_errors_load(const char *folder, struct w4_model_errors *errors, struct w4_error *error)
{
    char path[4096];
    struct w4_validation validation = {0};
    struct w4_accepted accepted = {0};
    *errors = (struct w4_model_errors){0};
    int length = snprintf(path, sizeof(path), "%s/series.json", folder);
    if (length < 0 || (size_t)length >= sizeof(path) || access(path, F_OK) != 0)
        return W4_OK;
    enum w4_status status = w4_validation_load(folder, &validation, error);
    if (status == W4_OK)
        status = w4_accepted_load(folder, &validation, &accepted, error);
    if (status == W4_OK && accepted.model_key[0])
        status = judge(&validation, &accepted, errors, error);
    w4_accepted_fini(&accepted);
    w4_validation_fini(&validation);
    if (status != W4_OK)
        w4_model_errors_fini(errors);
    return status;
}
