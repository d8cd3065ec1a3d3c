// What a continued run takes over from an earlier one.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../harness/run_resume.h"
#include "../sample.h"

static void prepare(struct w4_run *run, struct w4_run *earlier)
{
    sample_run(run);
    sample_run(earlier);
    for (size_t i = 0; i < SAMPLE_COUNT; ++i) {
        w4_result_fini(&run->cases[i]);
        run->cases[i].state = W4_CASE_SKIPPED;
        run->cases[i].samples_ms = NULL;
        run->cases[i].sample_count = 0;
    }
}

static void finished_cases_of_the_same_code_object_are_taken_over(void **state)
{
    struct w4_run run;
    struct w4_run earlier;
    bool done[SAMPLE_COUNT] = {false};
    struct w4_error error = {0};
    (void)state;
    prepare(&run, &earlier);
    double time_ms = earlier.cases[0].samples_ms[0];
    earlier.cases[1].code_object_hash[0] = 'f'; // the kernel was built anew
    earlier.cases[2].state = W4_CASE_SKIPPED;   // interrupted before it ran
    earlier.cases[3].state = W4_CASE_WRONG;
    assert_int_equal(w4_run_adopt(&run, &earlier, done, &error), W4_OK);
    assert_true(done[0]);
    assert_false(done[1]);
    assert_false(done[2]);
    assert_true(done[3]);
    assert_int_equal(run.cases[0].state, W4_CASE_OK);
    assert_true(run.cases[0].samples_ms[0] == time_ms);
    assert_int_equal(run.cases[1].state, W4_CASE_SKIPPED);
    assert_int_equal(run.cases[3].state, W4_CASE_WRONG);
    w4_run_fini(&run);
    w4_run_fini(&earlier);
}

static void another_device_or_seed_is_refused(void **state)
{
    struct w4_run run;
    struct w4_run earlier;
    bool done[SAMPLE_COUNT] = {false};
    struct w4_error error = {0};
    (void)state;
    prepare(&run, &earlier);
    strcpy(earlier.device.key, "gfx1151-another");
    assert_int_equal(w4_run_adopt(&run, &earlier, done, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "gfx1151-another"));
    error = (struct w4_error){0};
    strcpy(earlier.device.key, run.device.key);
    earlier.seed = 7;
    assert_int_equal(w4_run_adopt(&run, &earlier, done, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "--seed 7"));
    assert_false(done[0]);
    w4_run_fini(&run);
    w4_run_fini(&earlier);
}

static void measured_results_of_a_changed_machine_or_protocol_are_refused(void **state)
{
    struct w4_run run;
    struct w4_run earlier;
    bool done[SAMPLE_COUNT] = {false};
    struct w4_error error = {0};
    (void)state;
    prepare(&run, &earlier);
    run.device.modelled = earlier.device.modelled = false;
    strcpy(run.fingerprint.bios, "1.09");
    assert_int_equal(w4_run_adopt(&run, &earlier, done, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "BIOS"));
    error = (struct w4_error){0};
    strcpy(earlier.fingerprint.bios, "1.09");
    run.protocol.warm_up_min_s += 1;
    assert_int_equal(w4_run_adopt(&run, &earlier, done, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "protocol"));
    assert_false(done[0]);
    earlier.protocol.warm_up_min_s += 1;
    assert_int_equal(w4_run_adopt(&run, &earlier, done, NULL), W4_OK);
    assert_true(done[0]);
    w4_run_fini(&run);
    w4_run_fini(&earlier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finished_cases_of_the_same_code_object_are_taken_over),
        cmocka_unit_test(another_device_or_seed_is_refused),
        cmocka_unit_test(measured_results_of_a_changed_machine_or_protocol_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
