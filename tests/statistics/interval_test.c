// Binomial tails, proportions, normal quantiles and the interval of a median: against closed forms, published tables
// and simulated coverage.
#include "statistics_test.h"

#include <math.h>

#include "../../statistics/binomial.h"
#include "../../statistics/interval.h"
#include "../../statistics/normal.h"
#include "../../statistics/rng.h"

static void normal_quantiles_are_the_tabulated_ones(void **state)
{
    (void)state;
    assert_close(w4_normal_quantile(0.975), 1.959963984540054, 1e-14);
    assert_close(w4_normal_quantile(0.995), 2.5758293035489004, 1e-14);
    assert_close(w4_normal_quantile(1e-10), -6.361340902404056, 1e-13);
    assert_float_equal(w4_normal_quantile(0.5), 0, 1e-16);
    assert_true(isinf(w4_normal_quantile(0)) && isinf(w4_normal_quantile(1)));
    assert_true(isnan(w4_normal_quantile(-0.1)) && isnan(w4_normal_quantile(NAN)));
    for (int i = 1; i < 100; ++i) {
        const double p = i / 100.0;
        assert_close(w4_normal_cdf(w4_normal_quantile(p)), p, 1e-12);
        const double small = pow(10, -i);
        assert_close(w4_normal_cdf(w4_normal_quantile(small)), small, 1e-11);
    }
}

// 1 - Phi(delta / (sqrt 2 CV)): the figures of the plain comparison, 5 % tolerance.
static void plain_comparison_has_the_known_false_alarm_rates(void **state)
{
    (void)state;
    static const double rates[][2] = {{0.01, 0.00014}, {0.015, 0.0078}, {0.02, 0.035}, {0.03, 0.113}};
    for (size_t i = 0; i < 4; ++i)
        assert_close(w4_normal_cdf(-0.051293 / (sqrt(2) * rates[i][0])), rates[i][1], 0.05);
}

static void binomial_tails_are_the_hand_made_ones(void **state)
{
    (void)state;
    assert_close(w4_binomial_at_most(1, 20, 0.5), 21.0 / 1048576, 1e-12);
    assert_close(w4_binomial_at_least(19, 20, 0.5), 21.0 / 1048576, 1e-12);
    assert_close(w4_binomial_at_most(2, 3, 0.25), 1 - 1.0 / 64, 1e-12);
    assert_close(w4_binomial_at_least(300, 300, 0.5), pow(2, -300), 1e-10);
    assert_float_equal(w4_binomial_at_most(5, 5, 0.3), 1, 0);
    assert_float_equal(w4_binomial_at_least(0, 5, 0.3), 1, 0);
    assert_float_equal(w4_binomial_at_least(6, 5, 0.3), 0, 0);
    for (uint64_t k = 0; k < 40; ++k)
        assert_close(w4_binomial_at_most(k, 40, 0.3) + w4_binomial_at_least(k + 1, 40, 0.3), 1, 1e-12);
}

static void proportion_bounds_are_the_tabulated_ones(void **state)
{
    (void)state;
    assert_close(w4_proportion_upper(0, 300, 0.05), 1 - pow(0.05, 1.0 / 300), 1e-12);
    // Clopper & Pearson's two-sided 95 % limits of 2 in 10 and 5 in 10, as every table has them.
    assert_close(w4_proportion_lower(2, 10, 0.025), 0.02521073, 1e-6);
    assert_close(w4_proportion_upper(2, 10, 0.025), 0.55609546, 1e-6);
    assert_close(w4_proportion_lower(5, 10, 0.025), 0.18708603, 1e-6);
    assert_close(w4_proportion_lower(10, 10, 0.05), pow(0.05, 0.1), 1e-12);
    // At alpha above 1/2 the bound lies below the share seen.
    assert_close(w4_binomial_at_most(1, 20, w4_proportion_upper(1, 20, 0.95)), 0.95, 1e-9);
    assert_float_equal(w4_proportion_upper(0, 0, 0.05), 1, 0);
    assert_float_equal(w4_proportion_lower(0, 0, 0.05), 0, 0);
    assert_true(isnan(w4_proportion_upper(3, 2, 0.05)));
}

static void smallest_counts_are_the_known_ones(void **state)
{
    (void)state;
    static const struct {
        double alpha;
        size_t count;
    } known[] = {{0.05, 6}, {0.01, 8}, {0.05 / 200, 13}, {0.05 / 1000, 16}};
    for (size_t i = 0; i < 4; ++i) {
        assert_int_equal(w4_interval_smallest(known[i].alpha), known[i].count);
        assert_int_equal(w4_interval_rank(known[i].count, known[i].alpha), 1);
        assert_int_equal(w4_interval_rank(known[i].count - 1, known[i].alpha), 0);
    }
    // Ranks of the sign test's 95 % interval in the usual tables (Conover).
    assert_int_equal(w4_interval_rank(10, 0.05), 2);
    assert_int_equal(w4_interval_rank(20, 0.05), 6);
    assert_int_equal(w4_interval_rank(50, 0.05), 18);
    assert_int_equal(w4_interval_smallest(0), 0);
}

static void an_interval_is_cut_from_the_sorted_sample(void **state)
{
    (void)state;
    const double values[] = {9, 2, 8, 1, 5, 3, 7, 4, 6, 10};
    const struct w4_interval interval = w4_median_interval(values, 10, 0.05);
    assert_float_equal(interval.median, 5.5, 0);
    assert_float_equal(interval.lower, 2, 0);
    assert_float_equal(interval.upper, 9, 0);
    assert_close(interval.confidence, 1 - 22.0 / 1024, 1e-12);
}

static void too_few_or_unusable_values_bound_nothing(void **state)
{
    (void)state;
    const double values[] = {1, 2, 3, 4, 5, NAN};
    const struct w4_interval few = w4_median_interval(values, 5, 0.05);
    assert_float_equal(few.median, 3, 0);
    assert_true(isinf(few.lower) && few.lower < 0 && isinf(few.upper) && few.upper > 0);
    const struct w4_interval unusable = w4_median_interval(values, 6, 0.05);
    assert_true(isnan(unusable.median) && isinf(unusable.lower) && isinf(unusable.upper));
    assert_true(isinf(w4_median_interval(values, 0, 0.05).upper));
}

// A skewed value whose median is 0: whatever the shape, the interval must keep its word.
static double skewed(struct w4_rng *rng)
{
    return exp(1.5 * w4_rng_normal(rng)) - 1;
}

static double heavy_tailed(struct w4_rng *rng)
{
    return tan(M_PI * (w4_rng_uniform(rng) - 0.5));
}

static double covered_share(double (*draw)(struct w4_rng *rng), uint64_t purpose, size_t count)
{
    enum { SEEDS = 10000, MOST = 64 };
    int covered = 0;
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        struct w4_rng rng = w4_rng_start(seed, purpose, count);
        double values[MOST];
        for (size_t i = 0; i < count; ++i)
            values[i] = draw(&rng);
        const struct w4_interval interval = w4_median_interval(values, count, 0.05);
        covered += interval.lower <= 0 && 0 <= interval.upper;
    }
    return (double)covered / (double)SEEDS;
}

static void the_95_percent_interval_covers_94_to_97_percent(void **state)
{
    (void)state;
    // Counts whose discrete interval is closest to 95 %: 96.1 %, 95.1 %, 95.9 %, 95.1 %.
    static const size_t counts[] = {9, 17, 20, 44};
    double (*const draws[])(struct w4_rng *) = {w4_rng_normal, skewed, heavy_tailed};
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); ++i) {
        for (uint64_t kind = 0; kind < 3; ++kind) {
            const double share = covered_share(draws[kind], kind, counts[i]);
            if (!(share >= 0.94 && share <= 0.97))
                fail_msg("%zu values of kind %d: covered in %.4f of 10000 seeds", counts[i], (int)kind, share);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_quantiles_are_the_tabulated_ones),
        cmocka_unit_test(plain_comparison_has_the_known_false_alarm_rates),
        cmocka_unit_test(binomial_tails_are_the_hand_made_ones),
        cmocka_unit_test(proportion_bounds_are_the_tabulated_ones),
        cmocka_unit_test(smallest_counts_are_the_known_ones),
        cmocka_unit_test(an_interval_is_cut_from_the_sorted_sample),
        cmocka_unit_test(too_few_or_unusable_values_bound_nothing),
        cmocka_unit_test(the_95_percent_interval_covers_94_to_97_percent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
