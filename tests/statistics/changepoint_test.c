// The detector's corpus: synthetic series of each kind over many seeds, with 1 % noise a night, and hand-made ones
// without noise.
#include "statistics_test.h"

#include <math.h>

#include "../../statistics/changepoint.h"
#include "../../statistics/rng.h"
#include "../../statistics/segments.h"

enum { NIGHTS = 60, SEEDS = 200 };

static const double smallest = 0.02;

// What is done to the level 1.0 of a night, before noise.
typedef double shape_fn(size_t night);

static double quiet(size_t night)
{
    (void)night;
    return 1;
}

static double step(size_t night)
{
    return night < 30 ? 1 : 1.06;
}

static double step_back(size_t night)
{
    return night >= 20 && night < 40 ? 1.07 : 1;
}

static double ramp(size_t night)
{
    return night < 15 ? 1 : night >= 45 ? 1.15 : 1 + 0.15 * (double)(night - 15) / 30;
}

static double spike(size_t night)
{
    return night == 25 ? 1.2 : 1;
}

static double two_night_spike(size_t night)
{
    return night == 25 || night == 26 ? 1.2 : 1;
}

static double dip(size_t night)
{
    return night == 40 ? 0.8 : 1;
}

static double bimodal(size_t night)
{
    return night / 2 % 2 || night % 7 == 0 ? 1.15 : 1;
}

static double missing_nights(size_t night)
{
    return night % 9 == 4 || (night >= 28 && night < 33) ? NAN : step(night);
}

struct kind {
    const char *name;
    shape_fn *shape;
    int changes; // exactly so many, all as below
    enum w4_change_kind kind;
    double first; // night, and how far off it may be
    double slack;
    double log_ratio;
};

static const struct kind kinds[] = {
    {"step", step, 1, W4_CHANGE_STEP, 30, 1, 0.0583},
    {"ramp", ramp, 1, W4_CHANGE_RAMP, 16, 8, 0.14},
    {"spike", spike, 1, W4_CHANGE_SPIKE, 25, 0, 0.182},
    {"two-night spike", two_night_spike, 1, W4_CHANGE_SPIKE, 25, 0, 0.182},
    {"dip", dip, 1, W4_CHANGE_DIP, 40, 0, -0.223},
    {"bimodal", bimodal, 1, W4_CHANGE_BIMODAL, 0, 0, 0.14},
    {"missing nights", missing_nights, 1, W4_CHANGE_STEP, 33, 1, 0.0583},
};

static void make(shape_fn *shape, uint64_t seed, size_t nights, double *times)
{
    struct w4_rng rng = w4_rng_start(seed, 0, 0);
    for (size_t i = 0; i < nights; ++i)
        times[i] = 10 * shape(i) * exp(0.01 * w4_rng_normal(&rng));
}

static bool is_as_told(const struct kind *kind, const struct w4_change_list *list)
{
    if (list->count != (size_t)kind->changes)
        return false;
    const struct w4_change *change = &list->items[0];
    return change->kind == kind->kind && fabs((double)change->first - kind->first) <= kind->slack &&
           fabs(change->log_ratio - kind->log_ratio) < 0.03 && change->significance * change->log_ratio > 0;
}

static void every_kind_is_told_from_the_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); ++i) {
        int right = 0;
        for (uint64_t seed = 0; seed < SEEDS; ++seed) {
            double times[NIGHTS];
            struct w4_change_list list;
            make(kinds[i].shape, seed, NIGHTS, times);
            assert_int_equal(w4_changes_find(times, NULL, NIGHTS, smallest, &list, NULL), W4_OK);
            right += is_as_told(&kinds[i], &list);
            w4_change_list_fini(&list);
        }
        if (right < SEEDS * 95 / 100)
            fail_msg("%s: as it should be told in %d of %d series", kinds[i].name, right, SEEDS);
    }
}

static void quiet_series_show_no_change(void **state)
{
    (void)state;
    static const size_t lengths[] = {6, 12, 20, NIGHTS};
    for (size_t i = 0; i < 4; ++i) {
        int alarms = 0;
        for (uint64_t seed = 0; seed < 2000; ++seed) {
            double times[NIGHTS];
            struct w4_change_list list;
            make(quiet, seed, lengths[i], times);
            assert_int_equal(w4_changes_find(times, NULL, lengths[i], smallest, &list, NULL), W4_OK);
            alarms += list.count > 0;
            w4_change_list_fini(&list);
        }
        if (alarms > 20)
            fail_msg("%zu quiet nights: a change in %d of 2000 series", lengths[i], alarms);
    }
}

static void a_level_that_comes_back_is_two_steps(void **state)
{
    (void)state;
    double times[NIGHTS];
    struct w4_change_list list;
    make(step_back, 3, NIGHTS, times);
    assert_int_equal(w4_changes_find(times, NULL, NIGHTS, smallest, &list, NULL), W4_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.items[0].kind, W4_CHANGE_STEP);
    assert_true(list.items[0].log_ratio > 0.05 && list.items[1].log_ratio < -0.05);
    assert_true(list.items[0].first < list.items[1].first);
    w4_change_list_fini(&list);
}

static void a_step_that_the_clock_explains_is_the_clocks(void **state)
{
    (void)state;
    double times[NIGHTS];
    double clocks[NIGHTS];
    struct w4_change_list list;
    make(step, 5, NIGHTS, times);
    for (size_t i = 0; i < NIGHTS; ++i)
        clocks[i] = i % 11 == 0 ? NAN : 2800 / step(i);
    assert_int_equal(w4_changes_find(times, clocks, NIGHTS, smallest, &list, NULL), W4_OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].kind, W4_CHANGE_CLOCK);
    w4_change_list_fini(&list);
    for (size_t i = 0; i < NIGHTS; ++i)
        clocks[i] = 2800;
    assert_int_equal(w4_changes_find(times, clocks, NIGHTS, smallest, &list, NULL), W4_OK);
    assert_int_equal(list.items[0].kind, W4_CHANGE_STEP);
    w4_change_list_fini(&list);
}

// Modelled times repeat to the last bit until something changes.
static void exact_series_show_their_step_to_the_night(void **state)
{
    (void)state;
    double times[12];
    struct w4_change_list list;
    for (size_t i = 0; i < 12; ++i)
        times[i] = i < 7 ? 2.5 : 2.6;
    assert_int_equal(w4_changes_find(times, NULL, 12, smallest, &list, NULL), W4_OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].kind, W4_CHANGE_STEP);
    assert_int_equal(list.items[0].first, 7);
    assert_close(list.items[0].before, 2.5, 1e-12);
    assert_close(list.items[0].after, 2.6, 1e-12);
    assert_close(list.items[0].log_ratio, log(2.6 / 2.5), 1e-9);
    assert_true(list.noise > 0 && isfinite(list.items[0].significance));
    w4_change_list_fini(&list);
    // 1 % is less than what is reported.
    for (size_t i = 7; i < 12; ++i)
        times[i] = 2.525;
    assert_int_equal(w4_changes_find(times, NULL, 12, smallest, &list, NULL), W4_OK);
    assert_int_equal(list.count, 0);
    w4_change_list_fini(&list);
}

// Against plain sums of squares at the place that was found, and a place and levels known beforehand.
static void a_slide_is_fitted_by_least_squares(void **state)
{
    (void)state;
    double values[40];
    struct w4_slide slide;
    for (size_t i = 0; i < 40; ++i)
        values[i] = 1000 + (i <= 10 ? 2 : i >= 26 ? 4 : 2 + 2 * (double)(i - 10) / 16);
    assert_true(w4_slide_fit(values, 40, 5, &slide));
    assert_int_equal(slide.first, 10);
    assert_int_equal(slide.last, 26);
    assert_close(slide.before, 1002, 1e-12);
    assert_close(slide.after, 1004, 1e-12);
    struct w4_rng rng = w4_rng_start(1, 2, 3);
    for (size_t i = 0; i < 40; ++i)
        values[i] += 0.3 * w4_rng_normal(&rng);
    assert_true(w4_slide_fit(values, 40, 5, &slide));
    double residual = 0;
    for (size_t i = 0; i < 40; ++i) {
        const double r = i <= slide.first  ? 0
                         : i >= slide.last ? 1
                                           : (double)(i - slide.first) / (double)(slide.last - slide.first);
        const double error = values[i] - slide.before - r * (slide.after - slide.before);
        residual += error * error;
    }
    assert_close(slide.residual, residual, 1e-9);
    assert_false(w4_slide_fit(values, 5, 5, &slide));
}

static void a_slow_last_night_alone_is_no_step(void **state)
{
    (void)state;
    double times[20];
    struct w4_change_list list;
    make(quiet, 9, 20, times);
    times[19] *= 1.2;
    assert_int_equal(w4_changes_find(times, NULL, 20, smallest, &list, NULL), W4_OK);
    for (size_t i = 0; i < list.count; ++i)
        assert_int_not_equal(list.items[i].kind, W4_CHANGE_STEP);
    w4_change_list_fini(&list);
}

static void unusable_nights_are_left_out(void **state)
{
    (void)state;
    const double times[] = {NAN, 0, -1, INFINITY, 1, 1, 1, 1, 1};
    struct w4_change_list list;
    struct w4_error error = {0};
    assert_int_equal(w4_changes_find(times, NULL, 9, smallest, &list, NULL), W4_OK);
    assert_int_equal(list.count, 0);
    assert_int_equal(w4_changes_find(times, NULL, 0, smallest, &list, NULL), W4_OK);
    assert_int_equal(list.count, 0);
    assert_int_equal(w4_changes_find(times, NULL, 9, 0, &list, &error), W4_RANGE);
    assert_int_equal(w4_changes_find(times, NULL, 9, NAN, &list, NULL), W4_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_told_from_the_others),
        cmocka_unit_test(quiet_series_show_no_change),
        cmocka_unit_test(a_level_that_comes_back_is_two_steps),
        cmocka_unit_test(a_step_that_the_clock_explains_is_the_clocks),
        cmocka_unit_test(exact_series_show_their_step_to_the_night),
        cmocka_unit_test(a_slide_is_fitted_by_least_squares),
        cmocka_unit_test(a_slow_last_night_alone_is_no_step),
        cmocka_unit_test(unusable_nights_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
