// Error statistics of predictions against values worked out by hand.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "../../statistics/prediction.h"

static void assert_near(double got, double wanted)
{
    if (!(fabs(got - wanted) <= 1e-12))
        fail_msg("got %.17g, wanted %.17g", got, wanted);
}

static void errors_are_signed_and_relative(void **state)
{
    (void)state;
    assert_near(w4_prediction_error(110, 100), 0.1);
    assert_near(w4_prediction_error(80, 100), -0.2);
    assert_near(w4_prediction_error_symmetric(200, 100), 1);
    assert_near(w4_prediction_error_symmetric(50, 100), -1);
    assert_true(isnan(w4_prediction_error(1, 0)));
    assert_true(isnan(w4_prediction_error(-1, 1)));
    assert_true(isnan(w4_prediction_error(INFINITY, 1)));
    assert_true(isnan(w4_prediction_error_symmetric(NAN, 1)));
}

// Errors +10 %, -20 %, +50 %, 0: magnitudes sorted 0, 0.1, 0.2, 0.5.
static void a_table_of_four_rows_comes_out(void **state)
{
    (void)state;
    static const double hardware[] = {100, 10, 2, 7};
    static const double model[] = {110, 8, 3, 7};
    struct w4_prediction_statistics s;
    w4_prediction_statistics_of(model, hardware, 4, &s);
    assert_int_equal(s.count, 4);
    assert_near(s.median, 0.15);
    assert_near(s.percentile_90, 0.41); // type 7: 2.7 of 0..3, 0.2 + 0.7 * 0.3
    assert_near(s.worst, 0.5);
    assert_near(s.bias, 0.1);
    assert_near(s.median_of_min, 0.175);      // 0.1, 0.25, 0.5, 0
    assert_near(s.worst_pair, 1.5 / 0.8 - 1); // rows 3 and 2
    assert_near(s.geometric_ratio, pow(1.1 * 0.8 * 1.5, 0.25));
    assert_near(s.kendall_tau, 1); // hardware 2 < 7 < 10 < 100, model 3 < 7 < 8 < 110
    w4_prediction_statistics_of(hardware, model, 4, &s);
    assert_near(s.worst, 2.0 / 3 - 1);
}

static void the_worst_error_keeps_its_sign(void **state)
{
    (void)state;
    static const double hardware[] = {100, 100, 100};
    static const double model[] = {120, 60, 101};
    struct w4_prediction_statistics s;
    w4_prediction_statistics_of(model, hardware, 3, &s);
    assert_near(s.worst, -0.4);
    assert_true(isnan(s.kendall_tau)); // all of hardware is tied
}

// n = 5, one tie in x: 9 pairs not tied in x, 10 in y; 8 concordant and 1 discordant, then 6 and 3.
static void kendall_counts_ties_in_its_denominator(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 2, 3, 4};
    static const double y[] = {1, 3, 2, 5, 4};
    static const double swapped[] = {3, 1, 2, 5, 4};
    static const double opposite[] = {5, 4, 3, 2, 1};
    static const double rising[] = {1, 2, 3, 4, 5};
    assert_near(w4_kendall_tau_b(x, y, 5), (8 - 1) / sqrt(9 * 10));
    assert_near(w4_kendall_tau_b(x, swapped, 5), (6 - 3) / sqrt(9 * 10));
    assert_near(w4_kendall_tau_b(rising, opposite, 5), -1);
    assert_true(isnan(w4_kendall_tau_b(x, y, 1)));
    static const double unusable[] = {1, NAN, 3, 4, 5};
    assert_true(isnan(w4_kendall_tau_b(rising, unusable, 5)));
}

static void nothing_usable_gives_no_number(void **state)
{
    (void)state;
    static const double hardware[] = {1, 2};
    static const double model[] = {1, 0};
    struct w4_prediction_statistics s;
    w4_prediction_statistics_of(model, hardware, 2, &s);
    assert_int_equal(s.count, 2);
    assert_true(isnan(s.median) && isnan(s.percentile_90) && isnan(s.worst) && isnan(s.bias));
    assert_true(isnan(s.median_of_min) && isnan(s.worst_pair) && isnan(s.geometric_ratio) && isnan(s.kendall_tau));
    w4_prediction_statistics_of(model, hardware, 0, &s);
    assert_int_equal(s.count, 0);
    assert_true(isnan(s.median));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_signed_and_relative), cmocka_unit_test(a_table_of_four_rows_comes_out),
        cmocka_unit_test(the_worst_error_keeps_its_sign), cmocka_unit_test(kendall_counts_ties_in_its_denominator),
        cmocka_unit_test(nothing_usable_gives_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
