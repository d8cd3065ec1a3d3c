// The progress line: case, share, elapsed and remaining time, the latest figure.
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double now_seconds(void)
{
    struct timespec time;
    return clock_gettime(CLOCK_MONOTONIC, &time) == 0 ? (double)time.tv_sec + 1e-9 * (double)time.tv_nsec : 0;
}

void w4_progress_start(struct w4_progress *progress, size_t total)
{
    *progress = (struct w4_progress){.enabled = isatty(STDERR_FILENO), .total = total, .start_seconds = now_seconds()};
}

void w4_progress_show(struct w4_progress *progress, const struct w4_case *test)
{
    if (!progress->enabled)
        return;
    double elapsed = now_seconds() - progress->start_seconds;
    fprintf(stderr, "\r\033[K[%zu/%zu] %.60s  %.0f s", progress->done + 1, progress->total, test->id, elapsed);
    if (progress->done > 0)
        fprintf(stderr, ", %.0f s left", elapsed / (double)progress->done * (double)(progress->total - progress->done));
    fprintf(stderr, "%s", progress->last);
    fflush(stderr);
}

void w4_progress_done(struct w4_progress *progress, const struct w4_run *run, const struct w4_result *result)
{
    struct w4_figures figures;
    ++progress->done;
    w4_figures_of(result, &figures);
    if (result->state == W4_CASE_OK)
        snprintf(progress->last, sizeof(progress->last), "; last %.2f TFLOPS %s", figures.tflops,
                 run->device.modelled ? "modelled" : "measured");
    else
        snprintf(progress->last, sizeof(progress->last), "; last %s", w4_case_state_name(result->state));
}

void w4_progress_finish(struct w4_progress *progress)
{
    if (progress->enabled)
        fputs("\r\033[K", stderr);
    progress->enabled = false;
}
