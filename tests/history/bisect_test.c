// Where a made series turned bad.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../history/bisect.h"

enum { MAX = 8 };

// A word a night: a number of TFLOPS, W wrong (< 0), U unknown (0).
struct row {
    double nights[MAX];
    size_t count;
    enum w4_bisect_kind kind;
    size_t last_good, first_bad, unknown, bad_before;
};

#define U 0.0
#define W (-1.0)

static void find(const struct row *row)
{
    struct w4_bisect_value values[MAX];
    for (size_t i = 0; i < row->count; ++i)
        values[i] = (struct w4_bisect_value){row->nights[i] > 0   ? W4_BISECT_FIGURE
                                             : row->nights[i] < 0 ? W4_BISECT_WRONG
                                                                  : W4_BISECT_UNKNOWN,
                                             row->nights[i]};
    struct w4_bisect found = w4_bisect(values, row->count, 0.05);
    assert_int_equal(found.kind, row->kind);
    if (row->kind != W4_BISECT_FOUND)
        return;
    assert_int_equal(found.last_good, row->last_good);
    assert_int_equal(found.first_bad, row->first_bad);
    assert_int_equal(found.unknown, row->unknown);
    assert_int_equal(found.bad_before, row->bad_before);
}

static void the_first_bad_run_is_the_one_behind_the_last_good_one(void **state)
{
    static const struct row rows[] = {
        {{40, 40.1, 39.9, 37, 36.9, 37.1}, 6, W4_BISECT_FOUND, 2, 3, 0, 0},
        {{40, 36}, 2, W4_BISECT_FOUND, 0, 1, 0, 0},
        {{40, 39, 38.5, 37.9}, 4, W4_BISECT_FOUND, 2, 3, 0, 0},         // 38.5 is within 5 % of 40, 37.9 is not
        {{40, 30, 40, 40, 36, 36}, 6, W4_BISECT_FOUND, 3, 4, 0, 1},     // one bad night that it recovered from
        {{40, 40, W, W, 40, W}, 6, W4_BISECT_FOUND, 4, 5, 0, 2},        // wrong nights count as bad
        {{40, 41, 42, W}, 4, W4_BISECT_FOUND, 2, 3, 0, 0},              //
        {{40, U, 40, U, U, 36, U, 36}, 8, W4_BISECT_FOUND, 2, 5, 2, 0}, // 3 or 4 may have been the first already
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i)
        find(&rows[i]);
}

static void a_run_within_tolerance_is_not_bad(void **state)
{
    static const struct row rows[] = {
        {{40, 40, 38.1}, 3, W4_BISECT_NOT_BAD, 0, 0, 0, 0}, {{40, 30, 41}, 3, W4_BISECT_NOT_BAD, 0, 0, 0, 0},
        {{40, 36, U}, 3, W4_BISECT_UNMEASURED, 0, 0, 0, 0}, {{U, 40, 36}, 3, W4_BISECT_UNMEASURED, 0, 0, 0, 0},
        {{W, 40, 36}, 3, W4_BISECT_UNMEASURED, 0, 0, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i)
        find(&rows[i]);
}

static void the_loss_is_the_first_bad_runs_own(void **state)
{
    const struct w4_bisect_value values[] = {
        {W4_BISECT_FIGURE, 40}, {W4_BISECT_FIGURE, 36}, {W4_BISECT_FIGURE, 20}, {W4_BISECT_WRONG, 40}};
    (void)state;
    assert_float_equal(w4_bisect(values, 3, 0.05).loss, 0.1, 1e-12);
    assert_float_equal(w4_bisect(values, 4, 0.6).loss, 1, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_bad_run_is_the_one_behind_the_last_good_one),
        cmocka_unit_test(a_run_within_tolerance_is_not_bad),
        cmocka_unit_test(the_loss_is_the_first_bad_runs_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
