// Launches that are simulated in part: their time is that of the whole, and their last workgroups lie where they would.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../../emulator/timing/engine.h"
#include "kernels.h"

// KERNEL_LDS_BYTES lets eight workgroups on a WGP.
enum { WAVES = 4, ROUND = 8 * EMU_WGPS };

static const struct asm_kernel kernels[] = {
    // Reads another row of the buffer each turn, and works on it.
    KERNEL("works_through_rows", "  s_lshl_b32 s6, s2, 9\n  s_mov_b32 s7, 8\n"
                                 "1:\n  v_add_nc_u32 v3, s6, v1\n  v_and_b32 v3, 0xffffc, v3\n"
                                 "  global_load_b32 v2, v3, s[4:5]\n  s_waitcnt vmcnt(0)\n"
                                 "  .rept 100\n  v_add_f32 v2, v2, v2\n  .endr\n  s_barrier\n"
                                 "  s_add_u32 s6, s6, 0x1200\n  s_sub_u32 s7, s7, 1\n  s_cmp_lg_u32 s7, 0\n"
                                 "  s_cbranch_scc1 1b\n"),
    // The first workgroup ends at once, the others go on for a hundred times as long.
    KERNEL("misleads", "  s_mov_b32 s7, 80\n  s_cmp_eq_u32 s2, 0\n  s_cselect_b32 s7, 4, s7\n"
                       "1:\n  v_add_f32 v2, v2, v2\n  s_sub_u32 s7, s7, 1\n  s_cmp_lg_u32 s7, 0\n"
                       "  s_cbranch_scc1 1b\n"),
};

static int set_up(void **state)
{
    (void)state;
    return kernels_set_up(kernels, sizeof kernels / sizeof *kernels);
}

static void launch(const char *name, uint64_t groups, uint64_t budget, const struct emu_cycles_observer *observer,
                   struct emu_launch_result *result)
{
    struct w4_error error = {0};
    const enum w4_status status = kernels_launch_part(name, WAVES, groups, budget, observer, result, &error);
    emu_launch_result_fini(result);
    if (status != W4_OK)
        fail_msg("%s", error.message);
}

static void a_part_takes_as_long_as_the_whole(void **state)
{
    (void)state;
    static const uint64_t rests[] = {0, 8, ROUND / 2};
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        struct emu_launch_result whole, part;
        const uint64_t groups = 9 * ROUND + rests[i];
        launch("works_through_rows", groups, UINT64_MAX, NULL, &whole);
        launch("works_through_rows", groups, whole.wave_instructions / 4, NULL, &part);
        assert_int_equal(whole.workgroups_run, groups);
        assert_int_equal(part.workgroups_run % ROUND, rests[i]);
        assert_in_range(part.workgroups_run, ROUND, groups / 2);
        const double difference = part.timing.cycles / whole.timing.cycles - 1;
        if (fabs(difference) > 0.02)
            fail_msg("%llu workgroups: %llu of them tell %+.1f %%", (unsigned long long)groups,
                     (unsigned long long)part.workgroups_run, 100 * difference);
    }
}

static void short_workgroups_at_the_start_do_not_mislead(void **state)
{
    (void)state;
    struct emu_launch_result result;
    const uint64_t budget = 1 << 20; // about a round
    launch("misleads", 100 * ROUND, budget, NULL, &result);
    assert_true(result.workgroups_run < result.workgroups);
    assert_true(result.wave_instructions < 4 * budget);
}

struct tail {
    uint64_t first; // workgroup of the last round
    unsigned on_wgp[EMU_WGPS];
};

static void count_tail(void *context, const struct emu_cycles_wave *wave, emu_ticks at)
{
    struct tail *tail = context;
    (void)at;
    if (wave->workgroup >= tail->first && wave->index == 0)
        tail->on_wgp[wave->simd / EMU_SIMDS_A_WGP]++;
}

static void the_last_workgroups_spread_over_the_wgps(void **state)
{
    (void)state;
    struct emu_launch_result result;
    struct tail tail = {.first = ROUND};
    const struct emu_cycles_observer observer = {.context = &tail, .started = count_tail};
    launch("works_through_rows", 9 * ROUND + 2 * EMU_WGPS, 1, &observer, &result);
    assert_int_equal(result.workgroups_run, ROUND + 2 * EMU_WGPS);
    unsigned sum = 0;
    for (unsigned wgp = 0; wgp < EMU_WGPS; wgp++) {
        assert_in_range(tail.on_wgp[wgp], 0, 3); // two on average, of eight places
        sum += tail.on_wgp[wgp];
    }
    assert_int_equal(sum, 2 * EMU_WGPS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_takes_as_long_as_the_whole),
        cmocka_unit_test(short_workgroups_at_the_start_do_not_mislead),
        cmocka_unit_test(the_last_workgroups_spread_over_the_wgps),
    };
    return cmocka_run_group_tests(tests, set_up, kernels_tear_down);
}
