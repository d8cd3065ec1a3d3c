// What did not go by the book in a measured run, and the figures with hot weights: lines below the summary.
#include <math.h>

#include "../../statistics/order.h"
#include "report.h"

enum { NAMED_CASES = 5 };

static void write_mark(const struct w4_run *run, enum w4_mark_bit bit, FILE *out, const char *bullet)
{
    size_t count = 0;
    for (size_t i = 0; i < run->case_count; ++i)
        count += run->cases[i].measured.marks >> bit & 1;
    if (count == 0)
        return;
    fprintf(out, "%smark on %zu of %zu cases: %s", bullet, count, run->case_count, w4_mark_words(bit));
    size_t named = 0;
    // A mark that all cases bear needs no list of them.
    for (size_t i = 0; i < run->case_count && count < run->case_count; ++i) {
        if (!(run->cases[i].measured.marks >> bit & 1))
            continue;
        if (named == NAMED_CASES) {
            fprintf(out, " and %zu more", count - named);
            break;
        }
        fprintf(out, "%s%s", named ? ", " : ": ", run->cases[i].test.id);
        ++named;
    }
    fputc('\n', out);
}

static void write_hot(const struct w4_result *result, FILE *out, const char *bullet)
{
    struct w4_figures figures;
    double hot_ms = w4_median(result->measured.hot_samples_ms, result->measured.hot_sample_count);
    w4_figures_of(result, &figures);
    if (!(hot_ms > 0) || !figures.timed)
        return;
    fprintf(out, "%shot (weights in the caches, compared with nothing) %s: %.4g ms, %.2f TFLOPS, %.2fx the cold one\n",
            bullet, result->test.id, hot_ms, figures.tflops * figures.time_ms / hot_ms, figures.time_ms / hot_ms);
}

void w4_report_measurement(const struct w4_report *report, FILE *out, const char *bullet)
{
    for (int bit = 0; bit < W4_MARK_COUNT; ++bit)
        write_mark(report->run, (enum w4_mark_bit)bit, out, bullet);
    for (size_t i = 0; i < report->run->case_count; ++i)
        write_hot(&report->run->cases[i], out, bullet);
}
