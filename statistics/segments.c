// Dynamic programming over prefix sums; exhaustive search for a slide.
#include "segments.h"

#include <math.h>
#include <stdlib.h>

double w4_segment_residual(const double *values, size_t count)
{
    double mean = 0;
    double residual = 0;
    for (size_t i = 0; i < count; ++i) {
        // Welford's update: no cancellation, and exactly 0 for equal values.
        const double step = values[i] - mean;
        mean += step / (double)(i + 1);
        residual += step * (values[i] - mean);
    }
    return residual;
}

// best[e]: least cost of the first e values; from[e]: where their last piece starts.
static void find_pieces(const double *values, size_t count, size_t shortest, double penalty, double *best, size_t *from)
{
    best[0] = 0;
    for (size_t end = 1; end <= count; ++end) {
        double mean = 0;
        double residual = 0;
        best[end] = INFINITY;
        from[end] = 0;
        for (size_t start = end; start-- > 0;) {
            const double step = values[start] - mean;
            mean += step / (double)(end - start);
            residual += step * (values[start] - mean);
            const double cost = best[start] + residual + penalty;
            // Everything before the first cut that is allowed has infinite cost, but for nothing at all.
            if (end - start >= shortest && cost < best[end]) {
                best[end] = cost;
                from[end] = start;
            }
        }
    }
}

size_t w4_segments_fit(const double *values, size_t count, size_t shortest, double penalty, size_t *starts)
{
    if (count == 0)
        return 0;
    double *best = calloc(count + 1, sizeof(*best));
    size_t *from = calloc(count + 1, sizeof(*from));
    size_t pieces = 0;
    if (best && from) {
        find_pieces(values, count, shortest < count ? shortest : count, penalty, best, from);
        for (size_t end = count; end > 0; end = from[end])
            ++pieces;
        size_t place = pieces;
        for (size_t end = count; end > 0; end = from[end])
            starts[--place] = from[end];
    }
    free(best);
    free(from);
    return pieces;
}

// Regression of the values on a slide from 0 to 1 between first and last.
static struct w4_slide fit_between(const double *values, size_t count, size_t first, size_t last)
{
    double sum_r = 0;
    double sum_rr = 0;
    double sum_y = 0;
    double sum_ry = 0;
    double sum_yy = 0;
    for (size_t i = 0; i < count; ++i) {
        const double y = values[i] - values[0]; // keeps the sums small beside their differences
        const double r = i <= first ? 0 : i >= last ? 1 : (double)(i - first) / (double)(last - first);
        sum_r += r;
        sum_rr += r * r;
        sum_y += y;
        sum_ry += r * y;
        sum_yy += y * y;
    }
    const double n = (double)count;
    const double slope = (sum_ry - sum_r * sum_y / n) / (sum_rr - sum_r * sum_r / n);
    const double base = (sum_y - slope * sum_r) / n;
    const double residual = sum_yy - base * sum_y - slope * sum_ry;
    return (struct w4_slide){first, last, values[0] + base, values[0] + base + slope, fmax(residual, 0)};
}

bool w4_slide_fit(const double *values, size_t count, size_t shortest, struct w4_slide *slide)
{
    if (shortest == 0 || count <= shortest)
        return false;
    slide->residual = INFINITY;
    for (size_t first = 0; first + shortest < count; ++first) {
        for (size_t last = first + shortest; last < count; ++last) {
            const struct w4_slide fit = fit_between(values, count, first, last);
            if (fit.residual < slide->residual)
                *slide = fit;
        }
    }
    return isfinite(slide->residual);
}
