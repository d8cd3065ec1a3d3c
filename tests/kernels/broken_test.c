// Kernels broken on purpose give wrong results, each in its own way: what the harness's verification has to find
// exists.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gemm.h"

static int open_device(void **state)
{
    static struct w4_device *device; // cmocka hands fixtures over by pointer
    struct w4_error error = {0};
    if (w4_device_open("emulator", &device, &error) != W4_OK)
        fail_msg("%s", error.message);
    *state = device;
    return 0;
}

static int close_device(void **state)
{
    if (*state) // NULL when opening failed
        w4_device_close(*state);
    return 0;
}

// Runs every kernel of build/tests/broken/FAULT; each must be wrong, with results missing only where that is the fault.
static void require_wrong(struct w4_device *device, const char *fault, bool rows_are_missing)
{
    char folder[1024];
    struct variants variants;
    snprintf(folder, sizeof(folder), "%s/tests/broken/%s", W4_BUILD_DIR, fault);
    variants_load(folder, &variants);
    for (size_t i = 0; i < variants.count; i++) {
        const struct variant *v = &variants.items[i];
        const struct gemm_case test = {.m = 5, .n = 33, .k = 256};
        const struct gemm_outcome outcome = gemm_run(device, v, &test, 7);
        if (gemm_is_right(&outcome) || outcome.damage != 0)
            fail_msg("%s/%s: %d beyond, %d unwritten, %d damaged", fault, v->id, outcome.beyond, outcome.unwritten,
                     outcome.damage);
        assert_int_equal(outcome.unwritten, rows_are_missing ? 33 : 0);
    }
    variants_fini(&variants);
}

static void a_wrong_nibble_gives_wrong_results(void **state)
{
    require_wrong(*state, "wrong_nibble", false);
}

static void a_missed_tail_row_stays_unwritten(void **state)
{
    require_wrong(*state, "missed_tail_row", true);
}

static void a_wrong_zero_point_gives_wrong_results(void **state)
{
    require_wrong(*state, "wrong_zero_point", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_nibble_gives_wrong_results),
        cmocka_unit_test(a_missed_tail_row_stays_unwritten),
        cmocka_unit_test(a_wrong_zero_point_gives_wrong_results),
    };
    return cmocka_run_group_tests(tests, open_device, close_device);
}
