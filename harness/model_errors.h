// How far the timing model is from hardware, from the figures that were accepted last for each published row
// (validation/). Reports say it beside modelled times.
#ifndef W4_HARNESS_MODEL_ERRORS_H
#define W4_HARNESS_MODEL_ERRORS_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/error.h"
#include "../statistics/prediction.h"
#include "model.h"

struct w4_model_error_series {
    char title[160];
    struct w4_prediction_statistics statistics; // errors are fractions: model / hardware - 1
    bool fitted;                                // the model's parameters were chosen with these rows in sight
};

struct w4_model_errors {
    char model_key[W4_NAME_MAX];          // "cycles-1"; "": nothing was accepted yet
    struct w4_model_error_series *series; // owned; those with accepted rows
    size_t count;
};

// From the folder validation/. A folder without validation is an empty set.
enum w4_status w4_model_errors_load(const char *folder, struct w4_model_errors *errors, struct w4_error *error);
void w4_model_errors_fini(struct w4_model_errors *errors);

#endif
