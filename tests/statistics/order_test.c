// Order statistics and random numbers against hand-made samples.
#include "statistics_test.h"

#include <math.h>

#include "../../statistics/order.h"
#include "../../statistics/rng.h"

static void medians_and_geometric_means_are_the_hand_made_ones(void **state)
{
    (void)state;
    const double odd[] = {5, 1, 3};
    const double even[] = {4, 1, 3, 100};
    assert_float_equal(w4_median(odd, 3), 3, 0);
    assert_float_equal(w4_median(even, 4), 3.5, 0);
    assert_float_equal(odd[0], 5, 0);
    const double factors[] = {2, 8};
    assert_close(w4_geometric_mean(factors, 2), 4, 1e-12);
    const double bad[] = {1, 0};
    assert_true(isnan(w4_geometric_mean(bad, 2)));
    assert_true(isnan(w4_geometric_mean(bad, 0)));
}

static void quantiles_interpolate_between_neighbours(void **state)
{
    (void)state;
    const double values[] = {40, 10, 30, 20, 50};
    assert_float_equal(w4_quantile(values, 5, 0), 10, 0);
    assert_float_equal(w4_quantile(values, 5, 1), 50, 0);
    assert_float_equal(w4_quantile(values, 5, 0.25), 20, 0);
    assert_close(w4_quantile(values, 5, 0.9), 46, 1e-12);
    assert_true(isnan(w4_quantile(values, 5, 1.5)));
}

static void spreads_are_the_hand_made_ones(void **state)
{
    (void)state;
    // Distances from the median 3 are 2 1 0 1 97: the outlier does not count.
    const double values[] = {1, 2, 3, 4, 100};
    assert_float_equal(w4_mad(values, 5), 1, 0);
    const double eight[] = {2, 4, 4, 4, 5, 5, 7, 9};
    assert_close(w4_deviation(eight, 8), sqrt(32.0 / 7), 1e-12);
    assert_float_equal(w4_mean(eight, 8), 5, 0);
    assert_true(isnan(w4_deviation(eight, 1)));
}

static void unusable_samples_give_no_number(void **state)
{
    (void)state;
    // NaN compares with nothing: it must not end up at a side and be forgotten.
    const double first[] = {NAN, 1, 3, 5, 7};
    const double last[] = {1, 3, 5, 7, NAN};
    assert_true(isnan(w4_median(first, 5)) && isnan(w4_median(last, 5)));
    assert_true(isnan(w4_mad(first, 5)) && isnan(w4_mad(last, 5)));
    assert_true(isnan(w4_quantile(first, 5, 0.25)) && isnan(w4_quantile(last, 5, 0.25)));
    assert_true(isnan(w4_median(first, 0)));
    assert_true(isnan(w4_mean(first, 0)));
}

static void samples_of_any_size_are_sorted(void **state)
{
    (void)state;
    struct w4_rng rng = w4_rng_start(3, 0, 0);
    for (size_t count = 0; count <= 100; ++count) {
        double values[100];
        double sum = 0;
        for (size_t i = 0; i < count; ++i) {
            values[i] = (double)w4_rng_below(&rng, 50);
            sum += values[i];
        }
        assert_true(w4_sort(values, count));
        for (size_t i = 0; i < count; ++i) {
            assert_true(i == 0 || values[i - 1] <= values[i]);
            sum -= values[i];
        }
        assert_float_equal(sum, 0, 0);
    }
}

static void infinite_values_keep_their_place(void **state)
{
    (void)state;
    const double values[] = {INFINITY, 1, 2, -INFINITY, 3};
    assert_float_equal(w4_median(values, 5), 2, 0);
}

static void streams_differ_by_seed_purpose_and_index(void **state)
{
    (void)state;
    struct w4_rng first = w4_rng_start(1, 2, 3);
    struct w4_rng again = w4_rng_start(1, 2, 3);
    struct w4_rng others[] = {w4_rng_start(2, 2, 3), w4_rng_start(1, 3, 3), w4_rng_start(1, 2, 4)};
    const uint64_t number = w4_rng_next(&first);
    assert_true(number == w4_rng_next(&again));
    for (size_t i = 0; i < 3; ++i)
        assert_true(number != w4_rng_next(&others[i]));
}

static void normal_deviates_have_the_moments_of_a_normal(void **state)
{
    (void)state;
    static const int count = 200000;
    struct w4_rng rng = w4_rng_start(7, 0, 0);
    double moments[4] = {0};
    for (int i = 0; i < count; ++i) {
        const double z = w4_rng_normal(&rng);
        moments[0] += z;
        moments[1] += z * z;
        moments[2] += z * z * z;
        moments[3] += z * z * z * z;
    }
    // Five standard errors of each moment: sqrt(1, 2, 15, 96 / count).
    static const double expected[] = {0, 1, 0, 3};
    static const double variances[] = {1, 2, 15, 96};
    for (int i = 0; i < 4; ++i)
        assert_true(fabs(moments[i] / count - expected[i]) < 5 * sqrt(variances[i] / count));
}

static void bounded_numbers_and_shuffles_are_even(void **state)
{
    (void)state;
    enum { ROUNDS = 60000 };
    struct w4_rng rng = w4_rng_start(11, 0, 0);
    int faces[6] = {0};
    int places[3][3] = {{0}};
    for (int i = 0; i < ROUNDS; ++i) {
        ++faces[w4_rng_below(&rng, 6)];
        size_t order[3];
        w4_rng_shuffle(&rng, order, 3);
        assert_int_equal(order[0] + order[1] + order[2], 3);
        for (size_t place = 0; place < 3; ++place)
            ++places[place][order[place]];
    }
    for (int i = 0; i < 6; ++i)
        assert_true(abs(faces[i] - ROUNDS / 6) < 5 * 92); // sqrt(60000 * 5 / 36) = 91.3
    for (int i = 0; i < 9; ++i)
        assert_true(abs(places[i / 3][i % 3] - ROUNDS / 3) < 5 * 116);
    assert_int_equal(w4_rng_below(&rng, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians_and_geometric_means_are_the_hand_made_ones),
        cmocka_unit_test(quantiles_interpolate_between_neighbours),
        cmocka_unit_test(spreads_are_the_hand_made_ones),
        cmocka_unit_test(unusable_samples_give_no_number),
        cmocka_unit_test(samples_of_any_size_are_sorted),
        cmocka_unit_test(infinite_values_keep_their_place),
        cmocka_unit_test(streams_differ_by_seed_purpose_and_index),
        cmocka_unit_test(normal_deviates_have_the_moments_of_a_normal),
        cmocka_unit_test(bounded_numbers_and_shuffles_are_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
