// How well a model predicts: errors of predictions against what was measured.
#ifndef W4_STATISTICS_PREDICTION_H
#define W4_STATISTICS_PREDICTION_H

#include <stddef.h>

// Signed errors of one prediction of a positive quantity. NaN unless both are positive and finite.
// (model - hardware) / hardware
double w4_prediction_error(double model, double hardware);
// (model - hardware) / min(model, hardware): twice too large and half as large count the same (+1 and -1).
double w4_prediction_error_symmetric(double model, double hardware);

struct w4_prediction_statistics {
    size_t count;
    double median;          // of |error|
    double percentile_90;   // of |error|
    double worst;           // the error with the largest magnitude, signed
    double bias;            // mean of the errors, signed
    double median_of_min;   // median of |symmetric error|
    double worst_pair;      // largest |(m_i / m_j) / (h_i / h_j) - 1| of any two: how wrong a ratio can be; 0 of one
    double geometric_ratio; // exp(mean(ln(model / hardware)))
    double kendall_tau;     // w4_kendall_tau_b; NaN below two different values
};

// Fills *statistics from `count` pairs. Everything is NaN (count is kept) when there is no pair, a value is not
// positive and finite, or memory ran out.
void w4_prediction_statistics_of(const double *model, const double *hardware, size_t count,
                                 struct w4_prediction_statistics *statistics);

// Kendall's rank correlation with ties, tau-b (Kendall, Biometrika 33, 1945): +1 same order, -1 opposite order. NaN
// when one of the two has no two different values, or a value is NaN.
double w4_kendall_tau_b(const double *x, const double *y, size_t count);

#endif
