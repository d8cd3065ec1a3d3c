// Runs one row of the validation on the emulator's cycles model and gives the figure that stands beside the published
// one.
#ifndef W4_HARNESS_VALIDATION_ROW_H
#define W4_HARNESS_VALIDATION_ROW_H

#include "../catalog.h"
#include "series.h"

enum w4_validation_state {
    W4_VALIDATION_OPEN, // not run yet, or interrupted
    W4_VALIDATION_DONE,
    W4_VALIDATION_FAILED, // it did not run: see message
    W4_VALIDATION_MISSING // there is no kernel for it in this build
};

struct w4_validation_outcome {
    enum w4_validation_state state;
    double model; // same quantity and unit as the row's hardware figure
    double host_seconds;
    uint64_t workgroups, workgroups_simulated;
    char message[256];
    char model_key[64], model_label[64]; // of the timing model that ran
};

// A what-if value of a parameter of the timing model.
struct w4_validation_setting {
    char name[W4_NAME_MAX];
    double value;
};

// Borrowed by the rows that run.
struct w4_validation_setup {
    const struct w4_validation *validation;
    const char *kernels;                // folder of the validation's own code objects
    const char *heuristics;             // folder of rule tables
    const struct w4_manifest *manifest; // NULL: the build has none; `manifest_error` says why
    const char *manifest_error;
    double clock_mhz; // instead of the rows' own; 0: not
    const struct w4_validation_setting *settings;
    size_t setting_count;
};

// Opens the emulator and runs the row; meant for a process of its own, because the emulated device is one a process.
void w4_validation_run_row(const struct w4_validation_setup *setup, const struct w4_validation_row *row,
                           struct w4_validation_outcome *outcome);

#endif
