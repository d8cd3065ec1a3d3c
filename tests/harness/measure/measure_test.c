// The pure parts of the measurement protocol: order of cases, rooflines, launches a window.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "../../../harness/measure/order.h"
#include "../../../harness/measure/roofline.h"
#include "../../../harness/measure/warm_up.h"
#include "../sample.h"

enum { SHAPES = 12, KERNELS = 3, CASES = SHAPES * KERNELS };

// Kernel-major, so that the cases of a shape stand apart in the list.
static void make_cases(struct w4_run *run)
{
    *run = (struct w4_run){.cases = calloc(CASES, sizeof(*run->cases)), .case_count = CASES};
    assert_non_null(run->cases);
    for (size_t i = 0; i < CASES; ++i) {
        struct w4_case *test = &run->cases[i].test;
        sample_case(&sample_rows[0], &run->cases[i]);
        test->shape.m = 1 + (int64_t)(i % SHAPES);
        snprintf(test->kernel, sizeof(test->kernel), "k%zu", i / SHAPES);
        snprintf(test->id, sizeof(test->id), "case%zu", i);
    }
}

static void assert_order_is_grouped(const size_t *order)
{
    bool seen[CASES] = {false};
    for (size_t i = 0; i < CASES; ++i) {
        assert_true(order[i] < CASES && !seen[order[i]]);
        seen[order[i]] = true;
        assert_int_equal(order[i] % SHAPES, order[i - i % KERNELS] % SHAPES);
    }
}

static void an_order_keeps_shapes_together_and_moves_shapes_and_kernels(void **state)
{
    (void)state;
    struct w4_run run;
    struct w4_error error = {0};
    size_t order[3][CASES];
    static const uint64_t seeds[] = {0, 1, 2};
    make_cases(&run);
    for (size_t i = 0; i < 3; ++i) {
        assert_int_equal(w4_order_cases(&run, seeds[i], order[i], &error), W4_OK);
        assert_order_is_grouped(order[i]);
    }
    for (size_t i = 0; i < CASES; ++i) // seed 0: the shapes as they come, and the kernels as they come
        assert_int_equal(order[0][i], i / KERNELS + i % KERNELS * SHAPES);
    assert_memory_not_equal(order[1], order[2], sizeof(order[1]));
    assert_memory_not_equal(order[0], order[1], sizeof(order[1]));
    // No kernel is first of its shape more often than chance has it, which would meet the coldest chip: of 50 * 12
    // shapes each leads a third, 200 with a standard deviation of 11.5.
    int first[KERNELS] = {0};
    for (uint64_t seed = 1; seed <= 50; ++seed) {
        assert_int_equal(w4_order_cases(&run, seed, order[0], &error), W4_OK);
        for (size_t i = 0; i < CASES; i += KERNELS)
            ++first[order[0][i] / SHAPES];
    }
    for (size_t i = 0; i < KERNELS; ++i)
        assert_in_range(first[i], 150, 250);
    w4_run_fini(&run);
}

static void weights_arrive_no_faster_than_memory_and_caches_allow(void **state)
{
    (void)state;
    struct w4_protocol protocol;
    w4_protocol_default(&protocol);
    const double cache_bytes = (double)protocol.cache_bytes;
    // All in the caches; none; half of the time each: 2 / (1 / 965 + 1 / 256).
    assert_true(fabs(w4_roofline_weight_gbs(&protocol, cache_bytes / 2) - 965) < 1e-9);
    assert_true(fabs(w4_roofline_weight_gbs(&protocol, 1e18) - 256) < 1e-3);
    assert_true(fabs(w4_roofline_weight_gbs(&protocol, 2 * cache_bytes) - 404.65) < 0.01);
}

static void only_impossible_times_break_the_roofline(void **state)
{
    (void)state;
    // 53 046 411 264 FLOP; 8 515 584 bytes of weights (see results_test.c).
    static const struct {
        double time_ms, hot_ms;
        bool broken;
        const char *text;
    } rows[] = {
        {0.97, 0, false, ""},                   // 54.7 TFLOPS
        {0.95, 0, false, ""},                   // 55.84, within the margin of 2 %
        {0.93, 0, true, "57.04 TFLOPS, and"},   // above it
        {1.5, 0.9, true, "58.94 TFLOPS (hot)"}, // only the hot figure
        {1.5, 1.2, false, ""},
    };
    struct w4_protocol protocol;
    w4_protocol_default(&protocol);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        struct w4_run run;
        char text[256] = "";
        sample_run(&run);
        run.cases[0].samples_ms[0] = rows[i].time_ms;
        if (rows[i].hot_ms > 0) {
            run.cases[0].measured.hot_samples_ms = malloc(sizeof(double));
            assert_non_null(run.cases[0].measured.hot_samples_ms);
            run.cases[0].measured.hot_samples_ms[0] = rows[i].hot_ms;
            run.cases[0].measured.hot_sample_count = 1;
        }
        bool broken = w4_roofline_is_broken(&protocol, &run.cases[0], 5e8, text, sizeof(text));
        if (broken != rows[i].broken || !strstr(text, rows[i].text))
            fail_msg("row %zu: %s", i, text);
        w4_run_fini(&run);
    }
    // One row of activations: bytes decide. 8 515 584 bytes in 33 us are 258 GB/s, in 30 us 284.
    struct w4_run run;
    char text[256] = "";
    sample_run(&run);
    run.cases[0].test.shape.m = 1;
    run.cases[0].samples_ms[0] = 0.033;
    assert_false(w4_roofline_is_broken(&protocol, &run.cases[0], 5.12e8, text, sizeof(text)));
    run.cases[0].samples_ms[0] = 0.030;
    assert_true(w4_roofline_is_broken(&protocol, &run.cases[0], 5.12e8, text, sizeof(text)));
    assert_non_null(strstr(text, "weights at 283.9 GB/s"));
    // With a rotation that the caches hold, the same time is possible.
    assert_false(w4_roofline_is_broken(&protocol, &run.cases[0], 3e7, text, sizeof(text)));
    w4_run_fini(&run);
}

static void a_window_holds_enough_launches_to_last(void **state)
{
    (void)state;
    struct w4_protocol protocol;
    w4_protocol_default(&protocol);
    assert_int_equal(w4_window_launches(&protocol, 12), 1);
    assert_int_equal(w4_window_launches(&protocol, 5), 1);
    assert_int_equal(w4_window_launches(&protocol, 4.9), 2);
    assert_int_equal(w4_window_launches(&protocol, 0.035), 143);
    assert_int_equal(w4_window_launches(&protocol, 1e-9), 1000);
}

static void the_default_protocol_is_the_documented_one_and_valid(void **state)
{
    (void)state;
    struct w4_protocol protocol;
    struct w4_error error = {0};
    w4_protocol_default(&protocol);
    assert_int_equal(w4_protocol_check(&protocol, &error), W4_OK);
    assert_int_equal(protocol.rotation_bytes, INT64_C(512) << 20);
    assert_true(protocol.warm_up_min_s >= 2); // this chip's clock needs as long
    assert_true(protocol.rotation_bytes >= 4 * protocol.cache_bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_keeps_shapes_together_and_moves_shapes_and_kernels),
        cmocka_unit_test(weights_arrive_no_faster_than_memory_and_caches_allow),
        cmocka_unit_test(only_impossible_times_break_the_roofline),
        cmocka_unit_test(a_window_holds_enough_launches_to_last),
        cmocka_unit_test(the_default_protocol_is_the_documented_one_and_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
