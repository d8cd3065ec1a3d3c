// One line on standard error that says where a run is. Silent unless standard error is a terminal.
#ifndef W4_HARNESS_PROGRESS_H
#define W4_HARNESS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "results.h"

struct w4_progress {
    bool enabled;
    size_t total, done;
    double start_seconds;
    char last[64]; // the figure of the case before
};

void w4_progress_start(struct w4_progress *progress, size_t total);
// `what` begins.
void w4_progress_show(struct w4_progress *progress, const char *what);
void w4_progress_done_text(struct w4_progress *progress, const char *figure);
void w4_progress_done(struct w4_progress *progress, const struct w4_run *run, const struct w4_result *result);
// Clears the line.
void w4_progress_finish(struct w4_progress *progress);

#endif
