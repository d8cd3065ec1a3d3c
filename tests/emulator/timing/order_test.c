// Where waves go and in which order a SIMD issues from them, as an observer of the launch sees it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../../emulator/isa.h"
#include "kernels.h"

enum { GROUPS = 2000, RUN = 16 };

static const struct asm_kernel kernels[] = {
    // Runs of independent vector work with a wait between them, that both waves of a SIMD want at the same time.
    KERNEL("works_in_runs", "  s_barrier\n  .rept 8\n  .rept 16\n  v_mov_b32 v2, v1\n  .endr\n"
                            "  s_nop 15\n  .endr\n"),
    // A workgroup's waves end one after the other, and leave some SIMDs earlier than others.
    KERNEL("ends_unevenly", "  s_lshl_b32 s6, s3, 6\n  s_add_u32 s6, s6, 64\n"
                            "1:\n  s_sub_u32 s6, s6, 1\n  s_cmp_lg_u32 s6, 0\n  s_cbranch_scc1 1b\n"),
};

static int set_up(void **state)
{
    (void)state;
    return kernels_set_up(kernels, sizeof kernels / sizeof *kernels);
}

static void launch(const char *name, unsigned waves, uint64_t groups, const struct emu_cycles_observer *observer)
{
    struct emu_launch_result result;
    struct w4_error error = {0};
    const enum w4_status status = kernels_launch(name, waves, groups, observer, &result, &error);
    emu_launch_result_fini(&result);
    if (status != W4_OK)
        fail_msg("%s", error.message);
}

struct turns {
    uint64_t last;     // wave of the last v_mov_b32 on SIMD 0
    unsigned moves;    // in all there
    unsigned switches; // times that another wave than the last one issued
};

static void count_turns(void *context, const struct emu_cycles_issue *issue)
{
    struct turns *turns = context;
    if (issue->wave.simd != 0 || issue->inst->op != EMU_OP_v_mov_b32)
        return;
    turns->switches += turns->moves++ > 0 && issue->wave.number != turns->last;
    turns->last = issue->wave.number;
}

static void a_simd_stays_with_a_wave_until_that_one_waits(void **state)
{
    (void)state;
    struct turns turns = {0};
    const struct emu_cycles_observer observer = {.context = &turns, .issued = count_turns};
    launch("works_in_runs", 8, 1, &observer); // two waves a SIMD
    assert_int_equal(turns.moves, 2 * 8 * RUN);
    assert_in_range(turns.switches, 8, 2 * 8); // once a run, not once an instruction
}

struct places {
    uint8_t of_group[GROUPS][4]; // waves of a workgroup on each SIMD of its WGP
};

static void count_places(void *context, const struct emu_cycles_wave *wave, emu_ticks at)
{
    struct places *places = context;
    (void)at;
    assert_true(wave->workgroup < GROUPS);
    places->of_group[wave->workgroup][wave->simd % 4]++;
}

static void a_workgroup_spreads_evenly_whatever_the_others_left(void **state)
{
    (void)state;
    struct places *places = calloc(1, sizeof *places);
    assert_non_null(places);
    const struct emu_cycles_observer observer = {.context = places, .started = count_places};
    launch("ends_unevenly", 8, GROUPS, &observer);
    for (unsigned group = 0; group < GROUPS; group++)
        for (unsigned simd = 0; simd < 4; simd++)
            assert_int_equal(places->of_group[group][simd], 2);
    free(places);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_simd_stays_with_a_wave_until_that_one_waits),
        cmocka_unit_test(a_workgroup_spreads_evenly_whatever_the_others_left),
    };
    return cmocka_run_group_tests(tests, set_up, kernels_tear_down);
}
