// Judging: statistics of what ran, targets, order, and what counts as worse than accepted. Figures by hand.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "../../../harness/validation/report.h"

enum { ROWS = 6 };

// Two series of three rows, and the change from one to the other.
struct world {
    struct w4_validation_series series[2];
    struct w4_validation_row rows[ROWS];
    struct w4_validation_change change;
    struct w4_validation validation;
    struct w4_validation_outcome outcomes[ROWS];
    double accepted_model[ROWS], model[ROWS];
    struct w4_accepted accepted;
    struct w4_validation_judgement judgement;
};

static void set(struct world *world, size_t row, double hardware, double model, double accepted)
{
    world->rows[row].hardware = hardware;
    world->outcomes[row] =
        (struct w4_validation_outcome){.state = model > 0 ? W4_VALIDATION_DONE : W4_VALIDATION_FAILED, .model = model};
    world->accepted_model[row] = accepted;
}

// Errors +10 %, -10 %, +2 %.
static struct world *make(void)
{
    static struct world world;
    memset(&world, 0, sizeof(world));
    for (size_t i = 0; i < 2; ++i)
        world.series[i] = (struct w4_validation_series){
            .first_row = 3 * i,
            .row_count = 3,
            .target = {.median = -1, .worst = -1, .worst_pair = -1, .order_threshold = -1, .tau = -1}};
    for (size_t i = 0; i < ROWS; ++i)
        world.rows[i].series = i / 3;
    world.change = (struct w4_validation_change){.before = 0, .after = 1, .threshold = 0.03};
    world.validation = (struct w4_validation){.series = world.series,
                                              .series_count = 2,
                                              .rows = world.rows,
                                              .row_count = ROWS,
                                              .changes = &world.change,
                                              .change_count = 1};
    world.accepted = (struct w4_accepted){.model = world.accepted_model, .count = ROWS};
    set(&world, 0, 10, 11, 11);
    set(&world, 1, 20, 18, 18);
    set(&world, 2, 50, 51, 51);
    return &world;
}

static const struct w4_validation_judgement *judge(struct world *world)
{
    w4_validation_judge(&world->validation, 0, NULL, world->outcomes, &world->accepted, world->model,
                        &world->judgement);
    return &world->judgement;
}

static void the_same_figures_are_no_worse(void **state)
{
    (void)state;
    struct world *world = make();
    const struct w4_validation_judgement *j = judge(world);
    assert_int_equal(j->done, 3);
    assert_true(fabs(j->now.median - 0.1) < 1e-12 && fabs(j->now.worst) > 0.0999);
    assert_false(j->worse);
    assert_int_equal(j->changed, 0);
    assert_false(j->target_asked);
}

static void a_larger_error_is_worse_and_a_smaller_one_is_not(void **state)
{
    (void)state;
    struct world *world = make();
    set(world, 0, 10, 12, 11); // worst 20 %
    assert_true(judge(world)->worse);
    assert_non_null(strstr(world->judgement.why_worse, "accepted"));
    assert_int_equal(world->judgement.changed, 1);
    set(world, 0, 10, 10.1, 11);
    assert_false(judge(world)->worse);
    set(world, 0, 10, 11.015, 11); // within the slack
    assert_false(judge(world)->worse);
}

static void a_broken_order_is_worse_even_when_errors_are_not(void **state)
{
    (void)state;
    struct world *world = make();
    set(world, 0, 10, 10.4, 9.6);
    set(world, 1, 10.1, 9.7, 10.5);
    set(world, 2, 10.2, 10.2, 10.6);
    assert_true(judge(world)->worse);
    assert_non_null(strstr(world->judgement.why_worse, "Kendall tau"));
}

static void rows_without_an_accepted_figure_are_left_out_of_the_comparison(void **state)
{
    (void)state;
    struct world *world = make();
    set(world, 2, 50, 100, 0);
    const struct w4_validation_judgement *j = judge(world);
    assert_false(j->worse);
    assert_int_equal(j->common.count, 2);
    assert_int_equal(j->now.count, 3);
    assert_true(j->now.worst == 1);
}

static void targets_are_met_or_named(void **state)
{
    (void)state;
    struct world *world = make();
    world->series[0].target = (struct w4_validation_target){0.1 + 1e-9, 0.11, 0.3, 0.03, 1};
    assert_true(judge(world)->target_met);
    world->series[0].target = (struct w4_validation_target){0.09, 0.09, 0.2, 0.03, 0};
    assert_false(judge(world)->target_met);
    assert_string_equal(world->judgement.missed, "median, worst, ratio");
    // Nothing ran: nothing is met.
    for (size_t i = 0; i < 3; ++i)
        set(world, i, 10, 0, 0);
    assert_false(judge(world)->target_met);
    assert_int_equal(world->judgement.failed, 3);
}

static void order_counts_only_pairs_that_differ_on_hardware(void **state)
{
    (void)state;
    struct world *world = make();
    world->series[0].target.order_threshold = 0.03;
    set(world, 0, 10, 30, 0);
    set(world, 1, 10.2, 20, 0); // 2 % from the first: not judged
    set(world, 2, 20, 25, 0);   // above both; the model puts it below the first
    const struct w4_validation_judgement *j = judge(world);
    assert_int_equal(j->order_pairs, 2);
    assert_int_equal(j->order_wrong, 1);
    assert_string_equal(j->missed, "order");
}

static void a_low_tau_misses_its_target(void **state)
{
    (void)state;
    struct world *world = make();
    world->series[0].target.tau = 0.9;
    assert_true(judge(world)->target_met);
    set(world, 2, 50, 15, 51); // below the second, above the first: one pair of three
    const struct w4_validation_judgement *j = judge(world);
    assert_true(fabs(j->now.kendall_tau - 1.0 / 3) < 1e-12);
    assert_string_equal(j->missed, "tau");
}

static void relative_series_compare_ratios(void **state)
{
    (void)state;
    struct world *world = make();
    world->series[0].relative = true;
    set(world, 0, 10, 1, 2);
    set(world, 1, 20, 2, 4);
    set(world, 2, 40, 4, 8);
    const struct w4_validation_judgement *j = judge(world);
    assert_true(fabs(j->now.worst) < 1e-12 && j->now.worst_pair < 1e-12);
    assert_true(fabs(world->model[1] - 20) < 1e-9);
    assert_false(j->worse);
}

static void a_change_must_have_the_sign_of_the_hardware(void **state)
{
    (void)state;
    struct world *world = make();
    struct w4_validation_change_judgement change;
    set(world, 3, 11, 12, 0);   // + 10 %, model + 9 %
    set(world, 4, 18, 18.1, 0); // - 10 %, model + 0.6 %: wrong
    set(world, 5, 51, 40, 0);   // + 2 %: not judged
    w4_validation_judge_change(&world->validation, &world->change, world->outcomes, &change);
    assert_int_equal(change.pairs, 3);
    assert_int_equal(change.judged, 2);
    assert_int_equal(change.wrong, 1);
    world->outcomes[4].state = W4_VALIDATION_MISSING;
    w4_validation_judge_change(&world->validation, &world->change, world->outcomes, &change);
    assert_int_equal(change.pairs, 2);
    assert_int_equal(change.wrong, 0);
}

static int exit_code_of(struct world *world, const char *what_if)
{
    struct w4_validation_report report;
    assert_int_equal(w4_validation_report_init(&report, &world->validation, &world->accepted, NULL), W4_OK);
    for (size_t i = 0; i < 3; ++i) {
        report.selected[i] = true;
        report.outcomes[i] = world->outcomes[i];
    }
    strcpy(report.what_if, what_if);
    w4_validation_report_judge(&report);
    const int code = w4_validation_report_exit_code(&report);
    w4_validation_report_fini(&report);
    return code;
}

static void the_exit_code_says_worse_or_incomplete(void **state)
{
    (void)state;
    struct world *world = make();
    assert_int_equal(exit_code_of(world, ""), 0);
    set(world, 0, 10, 13, 11);
    assert_int_equal(exit_code_of(world, ""), 1);
    assert_int_equal(exit_code_of(world, "issue_wmma=17"), 0);
    set(world, 0, 10, 11, 0); // never accepted
    assert_int_equal(exit_code_of(world, ""), 3);
    set(world, 0, 10, 0, 11); // failed
    assert_int_equal(exit_code_of(world, ""), 3);
    world->outcomes[0].state = W4_VALIDATION_MISSING;
    assert_int_equal(exit_code_of(world, ""), 3);
    world->series[0].optional = true;
    assert_int_equal(exit_code_of(world, ""), 0);
    for (size_t i = 0; i < 3; ++i)
        world->outcomes[i].state = W4_VALIDATION_MISSING;
    assert_int_equal(exit_code_of(world, ""), 3); // nothing ran: never green
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_figures_are_no_worse),
        cmocka_unit_test(a_larger_error_is_worse_and_a_smaller_one_is_not),
        cmocka_unit_test(a_broken_order_is_worse_even_when_errors_are_not),
        cmocka_unit_test(rows_without_an_accepted_figure_are_left_out_of_the_comparison),
        cmocka_unit_test(targets_are_met_or_named),
        cmocka_unit_test(order_counts_only_pairs_that_differ_on_hardware),
        cmocka_unit_test(a_low_tau_misses_its_target),
        cmocka_unit_test(relative_series_compare_ratios),
        cmocka_unit_test(a_change_must_have_the_sign_of_the_hardware),
        cmocka_unit_test(the_exit_code_says_worse_or_incomplete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
