// Error statistics of a model; sizes are tables of some hundred rows, so that pairs are simply walked through.
#include "prediction.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "order.h"

static bool usable(double model, double hardware)
{
    return isfinite(model) && isfinite(hardware) && model > 0 && hardware > 0;
}

double w4_prediction_error(double model, double hardware)
{
    return usable(model, hardware) ? (model - hardware) / hardware : NAN;
}

double w4_prediction_error_symmetric(double model, double hardware)
{
    return usable(model, hardware) ? (model - hardware) / fmin(model, hardware) : NAN;
}

double w4_kendall_tau_b(const double *x, const double *y, size_t count)
{
    double score = 0;   // concordant minus discordant pairs
    double x_pairs = 0; // not tied in x
    double y_pairs = 0;
    for (size_t i = 0; i < count; ++i) {
        if (isnan(x[i]) || isnan(y[i]))
            return NAN;
        for (size_t j = 0; j < i; ++j) {
            const int dx = (x[i] > x[j]) - (x[i] < x[j]);
            const int dy = (y[i] > y[j]) - (y[i] < y[j]);
            score += dx * dy;
            x_pairs += dx != 0;
            y_pairs += dy != 0;
        }
    }
    return x_pairs > 0 && y_pairs > 0 ? score / sqrt(x_pairs * y_pairs) : NAN;
}

static double worst_of(const double *errors, size_t count)
{
    double worst = errors[0];
    for (size_t i = 1; i < count; ++i)
        if (fabs(errors[i]) > fabs(worst))
            worst = errors[i];
    return worst;
}

// The two rows whose ratio is predicted worst are those with the largest and the smallest model / hardware.
static double worst_pair_of(const double *errors, size_t count)
{
    double low = errors[0];
    double high = errors[0];
    for (size_t i = 1; i < count; ++i) {
        low = fmin(low, errors[i]);
        high = fmax(high, errors[i]);
    }
    return (1 + high) / (1 + low) - 1;
}

void w4_prediction_statistics_of(const double *model, const double *hardware, size_t count,
                                 struct w4_prediction_statistics *statistics)
{
    *statistics = (struct w4_prediction_statistics){count, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    double *errors = count ? calloc(4 * count, sizeof(*errors)) : NULL;
    if (!errors)
        return;
    double *magnitudes = errors + count;
    double *symmetric = errors + 2 * count;
    double *ratios = errors + 3 * count;
    bool all_usable = true;
    for (size_t i = 0; i < count; ++i) {
        all_usable = all_usable && usable(model[i], hardware[i]);
        errors[i] = w4_prediction_error(model[i], hardware[i]);
        magnitudes[i] = fabs(errors[i]);
        symmetric[i] = fabs(w4_prediction_error_symmetric(model[i], hardware[i]));
        ratios[i] = 1 + errors[i];
    }
    if (all_usable)
        *statistics = (struct w4_prediction_statistics){
            .count = count,
            .median = w4_median(magnitudes, count),
            .percentile_90 = w4_quantile(magnitudes, count, 0.9),
            .worst = worst_of(errors, count),
            .bias = w4_mean(errors, count),
            .median_of_min = w4_median(symmetric, count),
            .worst_pair = worst_pair_of(errors, count),
            .geometric_ratio = w4_geometric_mean(ratios, count),
            .kendall_tau = w4_kendall_tau_b(model, hardware, count),
        };
    free(errors);
}
