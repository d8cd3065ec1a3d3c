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

void w4_progress_show(struct w4_progress *progress, const char *what)
{
    if (!progress->enabled)
        return;
    double elapsed = now_seconds() - progress->start_seconds;
    fprintf(stderr, "\r\033[K[%zu/%zu] %.60s  %.0f s",
            progress->done < progress->total ? progress->done + 1 : progress->total, progress->total, what, elapsed);
    if (progress->done > 0)
        fprintf(stderr, ", %.0f s left", elapsed / (double)progress->done * (double)(progress->total - progress->done));
    fprintf(stderr, "%s", progress->last);
    fflush(stderr);
}

void w4_progress_done_text(struct w4_progress *progress, const char *figure)
{
    ++progress->done;
    snprintf(progress->last, sizeof(progress->last), "; last %s", figure);
}

void w4_progress_done(struct w4_progress *progress, const struct w4_run *run, const struct w4_result *result)
{
    struct w4_figures figures;
    char text[48];
    w4_figures_of(result, &figures);
    if (result->state == W4_CASE_OK)
        snprintf(text, sizeof(text), "%.2f TFLOPS %s", figures.tflops, run->device.modelled ? "modelled" : "measured");
    else
        snprintf(text, sizeof(text), "%s", w4_case_state_name(result->state));
    w4_progress_done_text(progress, text);
}

void w4_progress_finish(struct w4_progress *progress)
{
    if (progress->enabled)
        fputs("\r\033[K", stderr);
    progress->enabled = false;
}
