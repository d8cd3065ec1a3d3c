// Program control: branches, calls, the wave's life, hardware registers, messages.
#include "wave_fixture.h"
#include "wave_program.h"

#include <stdio.h>

static void branches_follow_their_condition(void **state)
{
    static const struct {
        const char *op;
        uint32_t scc;
        uint64_t vcc, exec;
        unsigned taken;
    } table[] = {
        {"s_branch", 0, 0, 1, 1},         {"s_cbranch_scc0", 0, 0, 1, 1},    {"s_cbranch_scc0", 1, 0, 1, 0},
        {"s_cbranch_scc1", 1, 0, 1, 1},   {"s_cbranch_scc1", 0, 0, 1, 0},    {"s_cbranch_vccz", 0, 0, 1, 1},
        {"s_cbranch_vccz", 0, 4, 1, 0},   {"s_cbranch_vccnz", 0, 4, 1, 1},   {"s_cbranch_vccnz", 0, 0, 1, 0},
        {"s_cbranch_execz", 0, 0, 0, 1},  {"s_cbranch_execz", 0, 0, 1, 0},   {"s_cbranch_execnz", 0, 0, 1, 1},
        {"s_cbranch_execnz", 0, 0, 0, 0}, {"s_cbranch_cdbgsys", 0, 0, 1, 0}, {"s_cbranch_cdbguser", 0, 0, 1, 0},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[160];
        snprintf(text, sizeof text, "s_mov_b32 s0, 0\n%s over\ns_mov_b32 s0, 1\nover: s_nop 0", table[i].op);
        f->wave.scc = table[i].scc;
        fixture_set_s64(f, EMU_SGPR_VCC, table[i].vcc);
        fixture_set_s64(f, EMU_SGPR_EXEC, table[i].exec);
        fixture_run(f, text);
        if (f->wave.s[0] == table[i].taken)
            fail_msg("%s (row %zu) went the wrong way", table[i].op, i);
    }
    fixture_run(f, "s_mov_b32 s0, 0\ns_cbranch_cdbgsys_or_user over\ns_cbranch_cdbgsys_and_user over\n"
                   "s_mov_b32 s0, 1\nover: s_nop 0");
    assert_int_equal(f->wave.s[0], 1);
}

static void wave32_looks_at_the_low_half_of_vcc_and_exec(void **state)
{
    struct fixture *f = *state;
    const unsigned wide = f->lanes == 64;
    fixture_set_s64(f, EMU_SGPR_VCC, UINT64_C(1) << 40);
    fixture_set_s64(f, EMU_SGPR_EXEC, UINT64_C(1) << 40);
    fixture_run(f, "s_mov_b32 s0, 0\ns_cbranch_vccz over\ns_mov_b32 s0, 1\nover: s_nop 0");
    assert_int_equal(f->wave.s[0], wide);
    fixture_run(f, "s_mov_b32 s0, 0\ns_cbranch_execz over\ns_mov_b32 s0, 1\nover: s_nop 0");
    assert_int_equal(f->wave.s[0], wide);
}

static void loops_count(void **state)
{
    struct fixture *f = *state;
    fixture_run(f, "s_mov_b32 s0, 10\n"
                   "s_mov_b32 s1, 0\n"
                   "again: s_add_i32 s1, s1, 3\n"
                   "s_sub_u32 s0, s0, 1\n"
                   "s_cmp_lg_u32 s0, 0\n"
                   "s_cbranch_scc1 again");
    assert_int_equal(f->wave.s[1], 30);
}

static void branch_out_of_the_code_faults(void **state)
{
    struct fixture *f = *state;
    fixture_run_faulting(f, "s_branch 0x100", EMU_FAULT_ILLEGAL_INSTRUCTION);
    fixture_run_faulting(f, "s_mov_b64 s[0:1], 64\ns_setpc_b64 s[0:1]", EMU_FAULT_ILLEGAL_INSTRUCTION);
    assert_int_equal(f->fault.address, 64);
}

static void calls_return(void **state)
{
    struct fixture *f = *state;
    fixture_run(f, "s_mov_b32 s0, 1\n"
                   "s_call_b64 s[30:31], function\n"
                   "s_add_u32 s0, s0, 100\n"
                   "s_endpgm\n"
                   "function: s_add_u32 s0, s0, 10\n"
                   "s_setpc_b64 s[30:31]");
    assert_int_equal(f->wave.s[0], 111);
    assert_int_equal(f->wave.status, EMU_ENDED);
    assert_int_equal(fixture_s64(f, 30), FIXTURE_CODE_BASE + 8);

    // The same through an address: getpc gives the next instruction's, and the two lowest bits do not count.
    fixture_run(f, "s_mov_b32 s0, 1\n"
                   "s_getpc_b64 s[2:3]\n"            // 8
                   "s_add_u32 s2, s2, 23\n"          // function is at 28 = 8 + 20
                   "s_swappc_b64 s[30:31], s[2:3]\n" // at 12
                   "s_add_u32 s0, s0, 100\n"         // at 16, with a literal
                   "s_endpgm\n"
                   "function: s_add_u32 s0, s0, 10\n"
                   "s_setpc_b64 s[30:31]");
    assert_int_equal(f->wave.s[0], 111);
}

static void the_wave_ends_waits_and_sleeps(void **state)
{
    struct fixture *f = *state;
    fixture_run(f, "s_barrier\ns_sleep 5\ns_barrier\ns_mov_b32 s0, 7\ns_endpgm\ns_mov_b32 s0, 8");
    assert_int_equal(f->barriers, 2);
    assert_int_equal(f->wave.s[0], 7);
    assert_int_equal(f->wave.status, EMU_ENDED);
    assert_int_equal(f->wave.instructions, 5);
}

static void instructions_that_only_steer_time_change_nothing(void **state)
{
    struct fixture *f = *state;
    for (unsigned i = 0; i < 106; i++)
        f->wave.s[i] = i;
    f->wave.scc = 1;
    fixture_run(f, "s_nop 3\n"
                   "s_set_inst_prefetch_distance 2\n"
                   "s_clause 1\ns_nop 0\ns_nop 0\n"
                   "s_delay_alu instid0(VALU_DEP_1)\n"
                   "s_waitcnt_depctr 0xfffe\n"
                   "s_waitcnt vmcnt(0) lgkmcnt(0)\n"
                   "s_wait_idle\n"
                   "s_wait_event 0\n"
                   "s_waitcnt_vscnt null, 0x0\n"
                   "s_waitcnt_vmcnt null, 0x0\n"
                   "s_waitcnt_expcnt null, 0x0\n"
                   "s_waitcnt_lgkmcnt null, 0x0\n"
                   "s_wakeup\n"
                   "s_setprio 3\n"
                   "s_incperflevel 1\n"
                   "s_decperflevel 1\n"
                   "s_ttracedata\n"
                   "s_ttracedata_imm 1\n"
                   "s_icache_inv\n"
                   "s_gl1_inv\n"
                   "s_dcache_inv\n"
                   "s_sendmsg sendmsg(MSG_DEALLOC_VGPRS)\n"
                   "s_trap 3"); // a debugger's breakpoint without a debugger
    for (unsigned i = 0; i < 106; i++)
        assert_int_equal(f->wave.s[i], i);
    assert_int_equal(f->wave.scc, 1);
    assert_int_equal(f->wave.mode, FIXTURE_MODE);
    assert_int_equal(f->wave.instructions, 25);
}

static void traps_and_padding_stop_the_wave(void **state)
{
    static const struct {
        const char *text;
        enum emu_fault_kind kind;
    } table[] = {
        {"s_trap 2", EMU_FAULT_TRAP},
        {"s_trap 1", EMU_FAULT_TRAP},
        {"s_code_end", EMU_FAULT_ILLEGAL_INSTRUCTION},
        {"s_rfe_b64 s[0:1]", EMU_FAULT_UNSUPPORTED},
        {"s_setkill 1", EMU_FAULT_UNSUPPORTED},
        {"s_sethalt 1", EMU_FAULT_UNSUPPORTED},
        {"s_sendmsghalt 1", EMU_FAULT_UNSUPPORTED},
        {"s_endpgm_saved", EMU_FAULT_UNSUPPORTED},
        {"s_endpgm_ordered_ps_done", EMU_FAULT_UNSUPPORTED},
        {"s_subvector_loop_begin s0, 0", EMU_FAULT_UNSUPPORTED},
        {"s_subvector_loop_end s0, 0", EMU_FAULT_UNSUPPORTED},
        {"s_atc_probe 0, s[0:1], 0x0", EMU_FAULT_UNSUPPORTED},
        {"s_atc_probe_buffer 0, s[0:3], 0x0", EMU_FAULT_UNSUPPORTED},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        fixture_run_faulting(*state, table[i].text, table[i].kind);
}

static void mode_is_read_and_written_in_fields(void **state)
{
    struct fixture *f = *state;
    fixture_run(f, "s_getreg_b32 s0, hwreg(HW_REG_MODE)");
    assert_int_equal(f->wave.s[0], FIXTURE_MODE);
    fixture_run(f, "s_getreg_b32 s0, hwreg(HW_REG_MODE, 4, 4)"); // denormals
    assert_int_equal(f->wave.s[0], 0xf);

    fixture_run(f, "s_mov_b32 s1, 0xfffffff6\ns_setreg_b32 hwreg(HW_REG_MODE, 0, 4), s1"); // only four bits count
    assert_int_equal(f->wave.mode, 0x3f6);
    fixture_run(f, "s_setreg_imm32_b32 hwreg(HW_REG_MODE, 23, 1), 1"); // FP16_OVFL
    assert_int_equal(f->wave.mode, 0x3f6 | EMU_MODE_FP16_OVFL);
    fixture_run(f, "s_setreg_imm32_b32 hwreg(HW_REG_MODE), 0x3f0");
    assert_int_equal(f->wave.mode, 0x3f0);
    fixture_run(f, "s_round_mode 0x9");
    assert_int_equal(f->wave.mode, 0x3f9);
    fixture_run(f, "s_denorm_mode 0xc");
    assert_int_equal(f->wave.mode, 0x3c9);
}

static void hardware_registers_read_what_the_header_says(void **state)
{
    struct fixture *f = *state;
    f->wave.scc = 1;
    f->wave.index = 6;
    fixture_set_s64(f, EMU_SGPR_VCC, 0);
    fixture_run(f, "s_getreg_b32 s0, hwreg(HW_REG_STATUS)\n"
                   "s_getreg_b32 s1, hwreg(HW_REG_LDS_ALLOC, 12, 9)\n"
                   "s_getreg_b32 s2, hwreg(HW_REG_HW_ID1, 0, 10)\n"
                   "s_getreg_b32 s3, hwreg(HW_REG_TRAPSTS)\n"
                   "s_getreg_b32 s4, hwreg(HW_REG_SHADER_CYCLES, 0, 20)\n"
                   "s_getreg_b32 s5, hwreg(HW_REG_SHADER_CYCLES, 0, 20)\n"
                   "s_setreg_imm32_b32 hwreg(HW_REG_STATUS), 0\n" // not writable
                   "s_getreg_b32 s6, hwreg(HW_REG_STATUS)\n"
                   "s_setreg_imm32_b32 hwreg(HW_REG_TRAPSTS, 0, 9), 5\n"
                   "s_getreg_b32 s7, hwreg(HW_REG_TRAPSTS)");
    assert_int_equal(f->wave.s[0], 1 | 1 << 10 | 1 << 16); // SCC, VCCZ, VALID
    assert_int_equal(f->wave.s[1], FIXTURE_LDS_BYTES / 512);
    assert_int_equal(f->wave.s[2], 1 | 2 << 8);
    assert_int_equal(f->wave.s[3], 0);
    assert_true(f->wave.s[5] > f->wave.s[4]);
    assert_int_equal(f->wave.s[6], f->wave.s[0]);
    assert_int_equal(f->wave.s[7], 5);
    fixture_run_faulting(f, "s_getreg_b32 s0, hwreg(60)", EMU_FAULT_UNSUPPORTED);
}

static void messages_return_values(void **state)
{
    struct fixture *f = *state;
    fixture_set_s64(f, 0, UINT64_MAX);
    fixture_run(f, "s_sendmsg_rtn_b64 s[2:3], sendmsg(MSG_RTN_GET_REALTIME)\n"
                   "s_sendmsg_rtn_b64 s[4:5], sendmsg(MSG_RTN_GET_REALTIME)\n"
                   "s_sendmsg_rtn_b32 s0, sendmsg(MSG_RTN_GET_DOORBELL)");
    assert_true(fixture_s64(f, 4) > fixture_s64(f, 2));
    assert_int_equal(f->wave.s[0], 0);
    assert_int_equal(f->wave.s[1], UINT32_MAX);
    fixture_run_faulting(f, "s_sendmsg_rtn_b32 s0, sendmsg(MSG_RTN_SAVE_WAVE)", EMU_FAULT_UNSUPPORTED);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(branches_follow_their_condition, 32),
        FIXTURE_TEST(wave32_looks_at_the_low_half_of_vcc_and_exec, 32),
        FIXTURE_TEST(wave32_looks_at_the_low_half_of_vcc_and_exec, 64),
        FIXTURE_TEST(loops_count, 32),
        FIXTURE_TEST(branch_out_of_the_code_faults, 32),
        FIXTURE_TEST(calls_return, 32),
        FIXTURE_TEST(the_wave_ends_waits_and_sleeps, 32),
        FIXTURE_TEST(instructions_that_only_steer_time_change_nothing, 32),
        FIXTURE_TEST(traps_and_padding_stop_the_wave, 32),
        FIXTURE_TEST(mode_is_read_and_written_in_fields, 32),
        FIXTURE_TEST(hardware_registers_read_what_the_header_says, 32),
        FIXTURE_TEST(messages_return_values, 32),
    };
    return fixture_main("scalar_control", tests, sizeof tests / sizeof *tests);
}
