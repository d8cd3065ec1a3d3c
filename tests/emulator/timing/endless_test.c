// Launches that modelled time cannot go through: endless waits, and instructions that the model does not know. Each is
// an error that names kernel, pc and instruction; kernels that only look endless run to their end.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../emulator/timing/engine.h"
#include "kernels.h"

#define FLAG_LOOP                                                                                                      \
    "1:\n  global_load_b32 v3, v2, s[4:5] glc\n  s_waitcnt vmcnt(0)\n  v_cmp_eq_u32 vcc_lo, 1, v3\n"                   \
    "  s_cbranch_vccz 1b\n"

static const struct asm_kernel kernels[] = {
    // Nobody ever sets the flag.
    KERNEL("waits_for_a_flag", "  v_mov_b32 v2, 0\n" FLAG_LOOP),
    // Wave 0 would set it after the barrier, which wave 1 reaches only when it is set.
    KERNEL("waits_before_a_barrier", "  v_mov_b32 v2, 0\n  s_cmp_eq_u32 s3, 0\n  s_cbranch_scc1 2f\n" FLAG_LOOP
                                     "2:\n  s_barrier\n  v_mov_b32 v3, 1\n  global_store_b32 v2, v3, s[4:5]\n"),
    // A lock that nobody holds any more, and nobody gives back: compare-and-swap 1 -> 2 of a zero.
    KERNEL("takes_a_lock", "  v_mov_b32 v2, 0\n  v_mov_b32 v4, 2\n  v_mov_b32 v5, 1\n"
                           "1:\n  global_atomic_cmpswap_b32 v3, v2, v[4:5], s[4:5] glc\n  s_waitcnt vmcnt(0)\n"
                           "  v_cmp_eq_u32 vcc_lo, 1, v3\n  s_sleep 1\n  s_cbranch_vccz 1b\n"),
    KERNEL("jumps_to_itself", "1:\n  s_branch 1b\n"),
    // Workgroup 0 waits for a flag in LDS that only it could set.
    KERNEL("waits_for_lds", "  v_mov_b32 v2, 0\n1:\n  ds_load_b32 v3, v2\n  s_waitcnt lgkmcnt(0)\n"
                            "  v_cmp_eq_u32 vcc_lo, 1, v3\n  s_cbranch_vccz 1b\n"),
    // The first wave computes for millions of instructions, and then sets the flag that the second waits for.
    KERNEL("waits_long", "  v_mov_b32 v2, 0\n  s_cmp_eq_u32 s3, 0\n  s_cbranch_scc1 2f\n" FLAG_LOOP "  s_endpgm\n"
                         "2:\n  s_mov_b32 s10, 0x100000\n3:\n  s_sub_u32 s10, s10, 1\n  s_cmp_lg_u32 s10, 0\n"
                         "  s_cbranch_scc1 3b\n  v_mov_b32 v3, 1\n  global_store_b32 v2, v3, s[4:5]\n"),
    // Two waves that count to each other through memory: every register repeats but those of the counting wave.
    KERNEL(
        "waits_for_a_count",
        "  v_mov_b32 v2, 0\n  v_mov_b32 v4, 1\n  s_cmp_eq_u32 s3, 0\n  s_cbranch_scc1 2f\n"
        "1:\n  global_load_b32 v3, v2, s[4:5] glc\n  s_waitcnt vmcnt(0)\n"
        "  v_cmp_le_u32 vcc_lo, 0x400000, v3\n  v_mov_b32 v3, 0\n  s_sleep 60\n  s_cbranch_vccz 1b\n"
        "  s_endpgm\n"
        "2:\n  global_atomic_add_u32 v2, v4, s[4:5]\n  global_load_b32 v3, v2, s[4:5] glc\n"
        "  s_waitcnt vmcnt(0)\n  v_cmp_le_u32 vcc_lo, 0x400000, v3\n  v_mov_b32 v3, 0\n  .rept 30\n  s_nop 0\n  .endr\n"
        "  s_cbranch_vccz 2b\n"),
};

static int set_up(void **state)
{
    (void)state;
    return kernels_set_up(kernels, sizeof kernels / sizeof *kernels);
}

static void expect_error(const char *name, unsigned waves, uint64_t groups, const char *const *words)
{
    struct emu_launch_result result;
    struct w4_error error = {0};
    const enum w4_status status = kernels_launch(name, waves, groups, NULL, &result, &error);
    emu_launch_result_fini(&result);
    assert_int_not_equal(status, W4_OK);
    assert_int_equal(result.problem, EMU_LAUNCH_FAULT);
    assert_int_equal(result.fault, EMU_FAULT_SPIN);
    for (; *words; words++)
        if (!strstr(error.message, *words))
            fail_msg("\"%s\" does not say \"%s\"", error.message, *words);
    if (!strstr(error.message, name))
        fail_msg("\"%s\" does not name the kernel", error.message);
}

static void endless_waits_name_what_they_wait_for(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned waves;
        uint64_t groups;
        const char *words[4];
    } rows[] = {
        {"waits_for_a_flag", 2, 50, {"pc 0x", "global_load_b32 v3, v2, s[4:5] glc", "100 repeat"}},
        {"waits_before_a_barrier", 2, 1, {"wave 1", "global_load_b32 v3", "1 repeat", "1 wait at a barrier"}},
        {"takes_a_lock", 1, 3, {"global_atomic_cmpswap_b32"}},
        {"jumps_to_itself", 1, 1, {"s_branch"}},
        {"waits_for_lds", 1, 2, {"ds_load_b32 v3, v2"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *words[5] = {0};
        memcpy(words, rows[i].words, sizeof rows[i].words);
        expect_error(rows[i].name, rows[i].waves, rows[i].groups, words);
    }
}

static void long_waits_that_end_are_no_error(void **state)
{
    (void)state;
    static const char *const names[] = {"waits_long", "waits_for_a_count"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct emu_launch_result result;
        struct w4_error error = {0};
        if (kernels_launch(names[i], 2, 1, NULL, &result, &error) != W4_OK)
            fail_msg("%s", error.message);
        if (result.wave_instructions <= UINT64_C(2) << 20)
            fail_msg("%s: only %llu instructions", names[i], (unsigned long long)result.wave_instructions);
        emu_launch_result_fini(&result);
    }
}

static void do_nothing(struct emu_wave *wave, const struct emu_inst *inst)
{
    (void)wave;
    (void)inst;
}

// No such instruction executes today, hence a made-up one.
static void a_class_without_timing_is_refused(void **state)
{
    (void)state;
    static struct emu_engine engine;
    static struct emu_inst inst = {.exec = do_nothing, .class = EMU_C_UNSUPPORTED, .op = EMU_OP_INVALID, .words = 1};
    static struct emu_timed_inst *table[4096];
    const struct emu_launch_context context = {.wave_size = 32};
    struct emu_access access = {0};
    struct emu_fault fault = {0};
    struct emu_group group = {.fault = &fault, .wave_count = 1};
    struct emu_wave wave = {.group = &group, .access = &access, .ip = &inst};
    static struct emu_timed_wave timed;
    engine.context = &context;
    engine.params = emu_timing_defaults;
    engine.table = table;
    engine.table_size = sizeof table / sizeof *table;
    timed.wave = &wave;
    timed.next = emu_engine_inst(&engine, &inst);
    assert_non_null(timed.next);
    emu_engine_issue(&engine, 0, &timed, 0);
    assert_int_equal(wave.status, EMU_FAULTED);
    assert_int_equal(fault.kind, EMU_FAULT_NO_TIMING);
    assert_ptr_equal(fault.inst, &inst);
    assert_non_null(strstr(fault.text, "unsupported"));
    free(timed.next);
}

// Every class that can execute has one: what the test above makes up does not happen.
static void every_class_but_unsupported_has_timing(void **state)
{
    (void)state;
    static struct emu_engine engine;
    static struct emu_timed_inst *table[4096];
    static struct emu_inst insts[EMU_C_COUNT];
    const struct emu_launch_context context = {.wave_size = 32};
    engine.context = &context;
    engine.params = emu_timing_defaults;
    engine.table = table;
    engine.table_size = sizeof table / sizeof *table;
    for (unsigned class = 0; class < EMU_C_COUNT; class++) {
        insts[class].class = (uint8_t)class;
        struct emu_timed_inst *timed = emu_engine_inst(&engine, &insts[class]);
        assert_non_null(timed);
        if (timed->known == (class == EMU_C_UNSUPPORTED))
            fail_msg("class %s", emu_class_names[class]);
        free(timed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endless_waits_name_what_they_wait_for),
        cmocka_unit_test(long_waits_that_end_are_no_error),
        cmocka_unit_test(a_class_without_timing_is_refused),
        cmocka_unit_test(every_class_but_unsupported_has_timing),
    };
    return cmocka_run_group_tests(tests, set_up, kernels_tear_down);
}
