// The roofline: the built-in table of ceilings, and points of a run.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "../../../harness/ceilings.h"
#include "../../../harness/report/roofline.h"
#include "../sample.h"

static void ceilings_are_in_the_table(void **state)
{
    (void)state;
    double clock_mhz = 0;
    // The gate's bound on TFLOPS is the same figure.
    assert_true(w4_ceiling("wmma_fp16", &clock_mhz) == W4_WMMA_CEILING_TFLOPS);
    assert_true(clock_mhz == 2890);
    assert_true(w4_ceiling("dram_read", NULL) == 240.5);
    assert_true(isnan(w4_ceiling("nothing", NULL)));
}

static void a_case_stands_at_its_intensity_and_rate(void **state)
{
    (void)state;
    struct w4_run run;
    struct w4_gate gate = {0};
    struct w4_error error = {0};
    sample_run(&run);
    assert_int_equal(w4_gate_decide(&run, NULL, true, -1, &gate, &error), W4_OK);
    const struct w4_report report = {.run = &run, .gate = &gate};
    struct w4_roofline roofline;
    assert_true(w4_roofline_init(&roofline, &report));
    assert_int_equal(roofline.canvas.series_count, 2);
    const struct w4_plot_point *point = &roofline.canvas.points[0][0];
    // 2 x 1606 x 4608 x 3584 FLOP in 2.17 ms; bytes: packed weights, scales, A and C.
    const double flop = 2.0 * 1606 * 4608 * 3584;
    const double bytes = 4608.0 * 3584 / 2 + 4608.0 * 3584 / 128 * 2 + 2.0 * 1606 * 3584 + 2.0 * 1606 * 4608;
    assert_true(fabs(point->x / (flop / bytes) - 1) < 1e-12);
    assert_true(fabs(point->y / (flop / 2.17e-3 * 1e-12) - 1) < 1e-12);
    assert_string_equal(point->label, "qkv_proj M=1606");
    assert_non_null(strstr(roofline.title, "modelled"));
    assert_string_equal(roofline.peak_title, "WMMA at 2.90 GHz: 55.7 TFLOPS");
    w4_roofline_fini(&roofline);
    w4_gate_fini(&gate);
    w4_run_fini(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ceilings_are_in_the_table),
        cmocka_unit_test(a_case_stands_at_its_intensity_and_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
