// Normal distribution function by erfc, its inverse by a rational approximation that is then refined.
#include "normal.h"

#include <math.h>

double w4_normal_cdf(double z)
{
    return 0.5 * erfc(-z / sqrt(2));
}

static double polynomial(const double *coefficients, int degree, double x)
{
    double value = coefficients[0];
    for (int i = 1; i <= degree; ++i)
        value = value * x + coefficients[i];
    return value;
}

static double tail(double p)
{
    static const double above[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                                   -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
    static const double below[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                                   3.754408661907416e+00, 1};
    const double q = sqrt(-2 * log(p));
    return polynomial(above, 5, q) / polynomial(below, 4, q);
}

static double middle(double p)
{
    static const double above[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                                   1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
    static const double below[] = {-5.447609879822406e+01, 1.615858368580409e+02,  -1.556989798598866e+02,
                                   6.680131188771972e+01,  -1.328068155288572e+01, 1};
    const double q = p - 0.5;
    const double r = q * q;
    return polynomial(above, 5, r) * q / polynomial(below, 5, r);
}

double w4_normal_quantile_coarse(double p)
{
    static const double tail_below = 0.02425;
    if (p > 0.5) // 1 - p is exact here, and the lower tail keeps its digits
        return -w4_normal_quantile_coarse(1 - p);
    return p < tail_below ? tail(p) : middle(p);
}

double w4_normal_quantile(double p)
{
    if (!(p >= 0 && p <= 1))
        return NAN;
    if (p <= 0)
        return -INFINITY;
    if (p >= 1)
        return INFINITY;
    if (p > 0.5)
        return -w4_normal_quantile(1 - p);
    const double z = w4_normal_quantile_coarse(p);
    const double error = w4_normal_cdf(z) - p;
    const double step = error * sqrt(2 * M_PI) * exp(z * z / 2);
    return z - step / (1 + z * step / 2);
}
