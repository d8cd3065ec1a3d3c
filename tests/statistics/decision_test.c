// Outcomes, block designs, screen, stop rule and ledger against hand-made cases.
#include "statistics_test.h"

#include <math.h>

#include "../../statistics/blocks.h"
#include "../../statistics/ledger.h"
#include "../../statistics/precision.h"
#include "../../statistics/rng.h"
#include "../../statistics/screen.h"

static const double delta = 0.05129329438755058; // -ln 0.95

static void outcomes_follow_from_the_interval(void **state)
{
    (void)state;
    static const struct {
        struct w4_interval interval;
        enum w4_outcome outcome, same_code;
    } cases[] = {
        {{0.08, 0.06, 0.10, 1}, W4_OUTCOME_FAIL, W4_OUTCOME_DRIFT},
        {{0.08, 0.01, 0.30, 1}, W4_OUTCOME_FAIL, W4_OUTCOME_DRIFT},
        {{0.08, -0.01, 0.30, 1}, W4_OUTCOME_INCONCLUSIVE, W4_OUTCOME_INCONCLUSIVE},
        {{0.03, 0.01, 0.04, 1}, W4_OUTCOME_PASS, W4_OUTCOME_PASS},
        {{0.03, 0.01, 0.06, 1}, W4_OUTCOME_INCONCLUSIVE, W4_OUTCOME_INCONCLUSIVE},
        {{-0.03, -0.04, -0.01, 1}, W4_OUTCOME_PASS, W4_OUTCOME_PASS},
        {{-0.08, -0.10, -0.01, 1}, W4_OUTCOME_IMPROVED, W4_OUTCOME_DRIFT},
        {{-0.08, -0.10, 0.01, 1}, W4_OUTCOME_PASS, W4_OUTCOME_PASS},
        {{0.08, -INFINITY, INFINITY, 1}, W4_OUTCOME_INCONCLUSIVE, W4_OUTCOME_INCONCLUSIVE},
        {{NAN, -INFINITY, INFINITY, 1}, W4_OUTCOME_INCONCLUSIVE, W4_OUTCOME_INCONCLUSIVE},
        {{NAN, NAN, NAN, 1}, W4_OUTCOME_INCONCLUSIVE, W4_OUTCOME_INCONCLUSIVE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); ++i) {
        assert_int_equal(w4_outcome_of(&cases[i].interval, delta, false), cases[i].outcome);
        assert_int_equal(w4_outcome_of(&cases[i].interval, delta, true), cases[i].same_code);
    }
    assert_string_equal(w4_outcome_word(W4_OUTCOME_FAIL), "FAIL");
    assert_close(w4_log_of_loss(0.05), delta, 1e-14);
    assert_close(w4_loss_of_log(delta), 0.05, 1e-14);
    assert_true(isnan(w4_log_of_loss(1)));
}

static struct w4_block_design design_of(size_t first, size_t step, size_t cap)
{
    return (struct w4_block_design){0.05, 0.05, 200, first, step, cap, 0, 0};
}

static void designs_that_can_never_fire_are_refused(void **state)
{
    (void)state;
    struct w4_error error = {0};
    const struct w4_block_design enough = design_of(13, 0, 13);
    assert_int_equal(w4_block_check(&enough, &error), W4_OK);
    const struct w4_block_design few = design_of(12, 0, 12);
    assert_int_equal(w4_block_check(&few, &error), W4_RANGE);
    assert_non_null(strstr(error.message, "at least 13"));
    // Three looks share the level: 15 blocks for the first.
    const struct w4_block_design looks = design_of(14, 8, 30);
    error = (struct w4_error){0};
    assert_int_equal(w4_block_looks(&looks), 3);
    assert_int_equal(w4_block_check(&looks, &error), W4_RANGE);
    assert_non_null(strstr(error.message, "at least 15"));
    const struct w4_block_design wrong[] = {
        {0, 0.05, 1, 20, 0, 20, 0, 0},    {NAN, 0.05, 1, 20, 0, 20, 0, 0},   {0.05, 0, 1, 20, 0, 20, 0, 0},
        {0.05, 0.05, 0, 20, 0, 20, 0, 0}, {0.05, 0.05, 1, 20, 0, 10, 0, 0},  {0.05, 0.05, 1, 20, 0, 30, 0, 0},
        {0.05, 0.05, 1, 20, 0, 20, 1, 0}, {0.05, 0.05, 1, 20, 0, 20, -1, 0},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); ++i)
        assert_int_equal(w4_block_check(&wrong[i], NULL), W4_RANGE);
}

static void blocks_are_added_up_to_the_cap(void **state)
{
    (void)state;
    const struct w4_block_design design = design_of(16, 10, 30);
    double d[30];
    for (size_t i = 0; i < 30; ++i)
        d[i] = i % 2 ? 0.2 : -0.1;
    static const struct {
        size_t count, more;
    } steps[] = {{0, 16}, {10, 6}, {16, 10}, {26, 4}, {30, 0}};
    for (size_t i = 0; i < 5; ++i) {
        const struct w4_block_decision decision = w4_block_decide(&design, d, steps[i].count, false);
        assert_int_equal(decision.outcome, W4_OUTCOME_INCONCLUSIVE);
        assert_int_equal(decision.more_blocks, steps[i].more);
    }
    for (size_t i = 0; i < 30; ++i)
        d[i] = 0.09 + 0.001 * (double)i;
    const struct w4_block_decision decision = w4_block_decide(&design, d, 16, false);
    assert_int_equal(decision.outcome, W4_OUTCOME_FAIL);
    assert_int_equal(decision.more_blocks, 0);
    assert_int_equal(w4_block_decide(&design, d, 16, true).outcome, W4_OUTCOME_DRIFT);
    // However clear the first blocks, nothing is decided on fewer than the design's.
    assert_int_equal(w4_block_decide(&design, d, 15, false).outcome, W4_OUTCOME_INCONCLUSIVE);
}

static void a_pass_may_be_proven_at_a_level_of_its_own(void **state)
{
    (void)state;
    struct w4_block_design design = design_of(20, 0, 20);
    double d[20];
    // Two far blocks: the interval at 0.05 / 200 reaches to them, that at 0.05 does not.
    for (size_t i = 0; i < 20; ++i)
        d[i] = i < 2 ? 0.2 : 0.001 * (double)i;
    struct w4_block_decision decision = w4_block_decide(&design, d, 20, false);
    assert_int_equal(decision.outcome, W4_OUTCOME_INCONCLUSIVE);
    assert_float_equal(decision.pass_upper, 0.2, 0);
    design.pass_alpha = 0.05;
    decision = w4_block_decide(&design, d, 20, false);
    assert_int_equal(decision.outcome, W4_OUTCOME_PASS);
    assert_close(decision.pass_upper, 0.016, 1e-12);
    assert_float_equal(decision.interval.upper, 0.2, 0);
    // A failure stays one.
    for (size_t i = 0; i < 20; ++i)
        d[i] = 0.06 + 0.001 * (double)i;
    assert_int_equal(w4_block_decide(&design, d, 20, false).outcome, W4_OUTCOME_FAIL);
}

static void an_early_look_can_only_pass(void **state)
{
    (void)state;
    struct w4_block_design design = design_of(16, 8, 32);
    design.pass_alpha = 0.05;
    design.pass_blocks = 6;
    double d[16];
    for (size_t i = 0; i < 16; ++i)
        d[i] = 0.001 * (double)i;
    assert_int_equal(w4_block_decide(&design, d, 0, false).more_blocks, 6);
    const struct w4_block_decision passed = w4_block_decide(&design, d, 6, false);
    assert_int_equal(passed.outcome, W4_OUTCOME_PASS);
    assert_int_equal(passed.more_blocks, 0);
    // Clearly slower or clearly faster: not to be said before the first full look.
    static const double levels[] = {0.2, -0.2};
    static const enum w4_outcome outcomes[] = {W4_OUTCOME_FAIL, W4_OUTCOME_IMPROVED};
    for (size_t i = 0; i < 2; ++i) {
        for (size_t j = 0; j < 16; ++j)
            d[j] = levels[i] + 0.001 * (double)j;
        const struct w4_block_decision early = w4_block_decide(&design, d, 6, false);
        assert_int_equal(early.outcome, W4_OUTCOME_INCONCLUSIVE);
        assert_int_equal(early.more_blocks, 10);
        assert_int_equal(w4_block_decide(&design, d, 16, false).outcome, outcomes[i]);
    }
}

static void the_usual_design_can_fire_for_any_suite(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 20, 200, 1000, 100000};
    for (size_t i = 0; i < 5; ++i) {
        const struct w4_block_design design = w4_block_design_usual(sizes[i]);
        assert_int_equal(w4_block_check(&design, NULL), W4_OK);
        assert_int_equal(w4_block_looks(&design), 4);
        assert_int_equal(design.pass_blocks, 6);
    }
    // 0.05 / 1000 / 4: 2^-17 is below it, 2^-16 is not.
    assert_int_equal(w4_block_design_usual(1000).first_blocks, 18);
    const struct w4_block_design none = w4_block_design_usual(0);
    assert_int_equal(w4_block_check(&none, NULL), W4_RANGE);
}

static void a_block_is_the_difference_of_mean_logs(void **state)
{
    (void)state;
    const double a[] = {1, 4};
    const double b[] = {4, 16};
    assert_close(w4_block_difference(a, 2, b, 2), log(4), 1e-12);
    const double bad[] = {1, 0};
    assert_true(isnan(w4_block_difference(a, 2, bad, 2)));
    assert_true(isnan(w4_block_difference(a, 0, b, 2)));
}

static void detectable_change_of_a_quiet_case_is_the_formulas(void **state)
{
    (void)state;
    const double s = 1.2533141373155 * 0.02 / sqrt(20);
    assert_close(w4_block_detectable(delta, 0.05, 0.95, 0.02, 20), delta + 1.6448536269514722 * s, 1e-9);
    assert_true(isinf(w4_block_detectable(delta, 0.05 / 200, 0.95, 0.02, 12)));
}

// The share of 2000 samples of a normal d around `change` that fail.
static double simulated_power(double change, double sigma_d, size_t blocks, double alpha)
{
    enum { SEEDS = 2000 };
    int caught = 0;
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        struct w4_rng rng = w4_rng_start(seed, 1, blocks);
        double d[100];
        for (size_t i = 0; i < blocks; ++i)
            d[i] = change + sigma_d * w4_rng_normal(&rng);
        const struct w4_interval interval = w4_median_interval(d, blocks, alpha);
        caught += w4_outcome_of(&interval, delta, false) == W4_OUTCOME_FAIL;
    }
    return (double)caught / (double)SEEDS;
}

static void what_is_called_detectable_is_detected(void **state)
{
    (void)state;
    static const double sigmas[] = {0.005, 0.03, 0.05, 0.12};
    static const struct {
        size_t blocks;
        double alpha;
    } designs[] = {{20, 0.05 / 200}, {100, 0.05 / 800}, {16, 0.05 / 800}, {20, 0.05}};
    for (size_t i = 0; i < 4; ++i) {
        for (size_t j = 0; j < 4; ++j) {
            const double change = w4_block_detectable(delta, designs[i].alpha, 0.95, sigmas[j], designs[i].blocks);
            const double power = simulated_power(change, sigmas[j], designs[i].blocks, designs[i].alpha);
            // Both conditions at 95 %, and not independent of each other.
            if (!(power > 0.92 && power < 0.98))
                fail_msg("%zu blocks of deviation %g: %.4f is detected in %.3f", designs[i].blocks, sigmas[j], change,
                         power);
        }
    }
}

static void the_screen_widens_its_net_for_noisy_cases_only(void **state)
{
    (void)state;
    const double effect = w4_log_of_loss(0.08);
    assert_close(w4_screen_threshold(delta, 0.005, effect, 0.01), delta / 2, 1e-12);
    assert_close(w4_screen_threshold(delta, NAN, effect, 0.01), delta / 2, 1e-12);
    assert_close(w4_screen_threshold(delta, 0.03, effect, 0.01), effect - 2.3263478740408408 * 0.03, 1e-9);
    assert_true(w4_screen_threshold(delta, 0.3, effect, 0.01) < 0);
}

static void a_cases_spread_comes_from_its_nights(void **state)
{
    (void)state;
    // Deviation 0.0108 of 8 nights, MAD 0.01: 1.4826 of it is more. A baseline of one night scatters like the night.
    const double nights[] = {-0.01, 0.01, -0.01, 0.01, -0.01, 0.01, -0.01, 0.01};
    assert_close(w4_screen_spread(nights, 8, 5), 0.014826022 * sqrt(1 + M_PI / 10), 1e-7);
    const double outlier[] = {0, 0, 0, 0, 0, 0, 0, 0.08};
    assert_close(w4_screen_spread(outlier, 8, 5), 0.08 / sqrt(8) * sqrt(1 + M_PI / 10), 1e-9);
    assert_true(isnan(w4_screen_spread(nights, 2, 5)));
    assert_true(isnan(w4_screen_spread(nights, 8, 0)));
}

static void the_screen_sees_both_directions_and_blindness(void **state)
{
    (void)state;
    const double half = delta / 2;
    assert_int_equal(w4_screen_of(0.02, half, delta), W4_SCREEN_CLEAR);
    assert_int_equal(w4_screen_of(0.03, half, delta), W4_SCREEN_SLOWER);
    assert_int_equal(w4_screen_of(-0.03, half, delta), W4_SCREEN_FASTER);
    assert_int_equal(w4_screen_of(w4_screen_change(0, 1, 1, 1), half, delta), W4_SCREEN_BLIND);
    assert_int_equal(w4_screen_of(NAN, half, delta), W4_SCREEN_BLIND);
    // 10 % slower beside anchors that are 10 % slower is no change.
    assert_float_equal(w4_screen_change(1.1, 1, 2.2, 2), 0, 1e-15);
}

static void sampling_stops_on_precision_count_or_budget(void **state)
{
    (void)state;
    const struct w4_stop_rule rule = {0.01, 8, 12, 1.0};
    const double steady[] = {1, 1.001, 0.999, 1, 1.001, 0.999, 1, 1};
    const double shaky[] = {1, 1.2, 0.8, 1.1, 0.9, 1.3, 0.7, 1, 1.2, 0.8, 1.1, 0.9};
    assert_int_equal(w4_stop_of(&rule, steady, 7, 0.1), W4_STOP_NOT_YET);
    assert_int_equal(w4_stop_of(&rule, steady, 8, 0.1), W4_STOP_PRECISE);
    assert_int_equal(w4_stop_of(&rule, shaky, 8, 0.1), W4_STOP_NOT_YET);
    assert_int_equal(w4_stop_of(&rule, shaky, 12, 0.1), W4_STOP_SAMPLES);
    assert_int_equal(w4_stop_of(&rule, shaky, 8, 1.0), W4_STOP_BUDGET);
    const double unusable[] = {1, NAN, 1, 1, 1, 1, 1, 1};
    assert_int_equal(w4_stop_of(&rule, unusable, 8, 0.1), W4_STOP_NOT_YET);
    assert_true(isinf(w4_relative_error(steady, 5)));
}

static void a_warm_up_settles_when_three_windows_agree(void **state)
{
    (void)state;
    const double clocks[] = {1000, 1500, 2000, 2500, 2880, 2900, 2890, 2900, 2895, 2900};
    assert_false(w4_is_settled(clocks, 6, 2, 0.01));
    assert_true(w4_is_settled(clocks, 10, 2, 0.01));
    const double late[] = {2500, 2500, 2900, 2900, 2900, 2900};
    assert_false(w4_is_settled(late, 6, 2, 0.01));
    assert_false(w4_is_settled(clocks, 5, 2, 0.01));
    assert_false(w4_is_settled(clocks, 10, 0, 0.01));
}

static void the_ledger_bounds_alarms_and_catches(void **state)
{
    (void)state;
    const struct w4_control_night nights[] = {
        {200, 0, 2, 2}, {200, 0, 2, 1}, {200, 0, 0, 0}, {0, 0, 2, 2}, {200, 3, 2, 2},
    };
    const struct w4_ledger ledger = w4_ledger_of(nights, 5, 0.05);
    assert_int_equal(ledger.nights, 4);
    assert_int_equal(ledger.alarm_nights, 1);
    assert_int_equal(ledger.unchanged, 800);
    assert_int_equal(ledger.alarms, 3);
    assert_int_equal(ledger.controls, 8);
    assert_int_equal(ledger.controls_caught, 7);
    assert_int_equal(ledger.blind_nights, 2);
    // The p at which at most 1 of 4 has probability 0.05 is the textbook's 0.7514.
    assert_close(ledger.alarm_night_bound, 0.751395, 1e-5);
    const struct w4_ledger quiet = w4_ledger_of(nights, 3, 0.05);
    assert_close(quiet.alarm_night_bound, 1 - pow(0.05, 1.0 / 3), 1e-12);
    const struct w4_ledger empty = w4_ledger_of(nights, 0, 0.05);
    assert_float_equal(empty.alarm_night_bound, 1, 0);
    assert_float_equal(empty.control_catch_bound, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_follow_from_the_interval),
        cmocka_unit_test(designs_that_can_never_fire_are_refused),
        cmocka_unit_test(blocks_are_added_up_to_the_cap),
        cmocka_unit_test(a_pass_may_be_proven_at_a_level_of_its_own),
        cmocka_unit_test(an_early_look_can_only_pass),
        cmocka_unit_test(the_usual_design_can_fire_for_any_suite),
        cmocka_unit_test(a_block_is_the_difference_of_mean_logs),
        cmocka_unit_test(detectable_change_of_a_quiet_case_is_the_formulas),
        cmocka_unit_test(what_is_called_detectable_is_detected),
        cmocka_unit_test(the_screen_widens_its_net_for_noisy_cases_only),
        cmocka_unit_test(a_cases_spread_comes_from_its_nights),
        cmocka_unit_test(the_screen_sees_both_directions_and_blindness),
        cmocka_unit_test(sampling_stops_on_precision_count_or_budget),
        cmocka_unit_test(a_warm_up_settles_when_three_windows_agree),
        cmocka_unit_test(the_ledger_bounds_alarms_and_catches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
