// The model's errors as reports print them: from accepted figures and published rows.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "../../../harness/model_errors.h"

// 220 for 200, 950 for 1000, 50 for 50: errors of +10, -5 and 0 %.
static void accepted_figures_are_judged_by_series(void **state)
{
    (void)state;
    struct w4_model_errors errors;
    struct w4_error error = {0};
    if (w4_model_errors_load(W4_TEST_DATA "/validation", &errors, &error) != W4_OK)
        fail_msg("%s", error.message);
    assert_string_equal(errors.model_key, "cycles-1");
    assert_int_equal(errors.count, 1); // nothing was accepted for the other
    assert_string_equal(errors.series[0].title, "what the model was fitted to");
    assert_true(errors.series[0].fitted);
    assert_int_equal(errors.series[0].statistics.count, 3);
    assert_float_equal(errors.series[0].statistics.median, 0.05, 1e-12);
    assert_float_equal(errors.series[0].statistics.worst, 0.1, 1e-12);
    w4_model_errors_fini(&errors);
}

static void a_folder_without_validation_has_no_errors_to_tell(void **state)
{
    (void)state;
    struct w4_model_errors errors;
    struct w4_error error = {0};
    assert_int_equal(w4_model_errors_load(W4_TEST_DATA "/nonesuch", &errors, &error), W4_OK);
    assert_int_equal(errors.count, 0);
    assert_string_equal(errors.model_key, "");
    w4_model_errors_fini(&errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_figures_are_judged_by_series),
        cmocka_unit_test(a_folder_without_validation_has_no_errors_to_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
