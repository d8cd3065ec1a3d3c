// Medians, quantiles and spreads of samples of any order.
#include "order.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

// Samples and blocks come by the dozen, and are sorted after every batch: there insertion beats qsort's calls.
enum { SHORT = 48 };

static void sort_short(double *values, size_t count)
{
    for (size_t i = 1; i < count; ++i) {
        const double value = values[i];
        size_t place = i;
        for (; place > 0 && values[place - 1] > value; --place)
            values[place] = values[place - 1];
        values[place] = value;
    }
}

bool w4_sort(double *values, size_t count)
{
    for (size_t i = 0; i < count; ++i)
        if (isnan(values[i]))
            return false;
    if (count <= SHORT)
        sort_short(values, count);
    else
        qsort(values, count, sizeof(*values), compare_doubles);
    return true;
}

// A sorted copy, owned by the caller; NULL when there is none.
static double *sorted_copy(const double *values, size_t count)
{
    if (count == 0 || count > SIZE_MAX / sizeof(*values))
        return NULL;
    double *sorted = malloc(count * sizeof(*sorted));
    if (!sorted)
        return NULL;
    memcpy(sorted, values, count * sizeof(*sorted));
    if (!w4_sort(sorted, count)) {
        free(sorted);
        return NULL;
    }
    return sorted;
}

double w4_quantile_sorted(const double *sorted, size_t count, double share)
{
    if (count == 0 || !(share >= 0 && share <= 1))
        return NAN;
    const double place = share * (double)(count - 1);
    const size_t below = (size_t)place;
    const double part = place - (double)below;
    // No arithmetic where none is needed: infinite neighbours would give NaN.
    return part > 0 ? sorted[below] + part * (sorted[below + 1] - sorted[below]) : sorted[below];
}

double w4_quantile(const double *values, size_t count, double share)
{
    double *sorted = sorted_copy(values, count);
    if (!sorted)
        return NAN;
    const double quantile = w4_quantile_sorted(sorted, count, share);
    free(sorted);
    return quantile;
}

double w4_median(const double *values, size_t count)
{
    return w4_quantile(values, count, 0.5);
}

double w4_mad(const double *values, size_t count)
{
    const double median = w4_median(values, count);
    if (isnan(median))
        return NAN;
    double *distances = malloc(count * sizeof(*distances));
    if (!distances)
        return NAN;
    for (size_t i = 0; i < count; ++i)
        distances[i] = fabs(values[i] - median);
    const double mad = w4_median(distances, count);
    free(distances);
    return mad;
}

double w4_mean(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; ++i)
        sum += values[i];
    return count ? sum / (double)count : NAN;
}

double w4_deviation(const double *values, size_t count)
{
    if (count < 2)
        return NAN;
    const double mean = w4_mean(values, count);
    double sum = 0;
    for (size_t i = 0; i < count; ++i)
        sum += (values[i] - mean) * (values[i] - mean);
    return sqrt(sum / (double)(count - 1));
}

double w4_wider_deviation(const double *values, size_t count)
{
    return fmax(w4_deviation(values, count), W4_MAD_TO_SIGMA * w4_mad(values, count));
}

double w4_geometric_mean(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
        if (!(values[i] > 0))
            return NAN;
        sum += log(values[i]);
    }
    return count ? exp(sum / (double)count) : NAN;
}
