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

// Sums over values[0 .. i - 1], relative to the first value, which keeps them small beside their differences.
struct sums {
    double y;  // of y
    double iy; // of i y
};

static double sum_squares(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; ++i)
        sum += (values[i] - values[0]) * (values[i] - values[0]);
    return sum;
}

// Regression on r = 0 up to `first`, then a straight slide, 1 from `last` on: all sums in closed form or by difference.
static struct w4_slide fit_between(const struct sums *sums, double sum_yy, size_t count, size_t first, size_t last)
{
    const double n = (double)count;
    const double steps = (double)(last - first);
    const double behind = (double)(count - last);
    const double sum_r = (steps - 1) / 2 + behind;
    const double sum_rr = (steps - 1) * (2 * steps - 1) / (6 * steps) + behind;
    const double slide_y = sums[last].y - sums[first + 1].y;
    const double slide_iy = sums[last].iy - sums[first + 1].iy;
    const double sum_y = sums[count].y;
    const double sum_ry = (slide_iy - (double)first * slide_y) / steps + sum_y - sums[last].y;
    const double slope = (sum_ry - sum_r * sum_y / n) / (sum_rr - sum_r * sum_r / n);
    const double base = (sum_y - slope * sum_r) / n;
    return (struct w4_slide){first, last, base, base + slope, fmax(sum_yy - base * sum_y - slope * sum_ry, 0)};
}

bool w4_slide_fit(const double *values, size_t count, size_t shortest, struct w4_slide *slide)
{
    if (shortest == 0 || count <= shortest)
        return false;
    struct sums *sums = calloc(count + 1, sizeof(*sums));
    if (!sums)
        return false;
    for (size_t i = 0; i < count; ++i) {
        const double y = values[i] - values[0];
        sums[i + 1] = (struct sums){sums[i].y + y, sums[i].iy + (double)i * y};
    }
    const double sum_yy = sum_squares(values, count);
    slide->residual = INFINITY;
    for (size_t first = 0; first + shortest < count; ++first) {
        for (size_t last = first + shortest; last < count; ++last) {
            const struct w4_slide fit = fit_between(sums, sum_yy, count, first, last);
            if (fit.residual < slide->residual)
                *slide = fit;
        }
    }
    free(sums);
    slide->before += values[0];
    slide->after += values[0];
    return isfinite(slide->residual);
}
