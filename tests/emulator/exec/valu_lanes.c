// EXEC, DPP, moves, lane reads and permutations, VOPD, in wave32 and wave64. Registers hold 100 + lane, so that a
// result shows which lane it came from.
#include "vectors.h"

#include <stdio.h>

enum { OLD = 7777 };

static void fill_lanes(struct fixture *f, unsigned reg)
{
    fixture_ramp(f, reg, 100, 1);
}

static void lanes_that_are_off_keep_their_registers(void **state)
{
    static const char *const texts[] = {
        "v_mov_b32 v0, v1",
        "v_add_f32 v0, v1, v1",
        "v_mov_b16 v0.l, v1.l",
        "v_add_f16 v0.h, v1.l, 0",
        "v_cndmask_b32 v0, v1, v1, vcc_lo",
        "v_add_co_u32 v0, vcc_lo, v1, v1",
    };
    struct fixture *f = *state;
    fill_lanes(f, 1);
    fixture_set_s64(f, EMU_SGPR_EXEC, 0x8000f001);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fixture_fill(f, 0, OLD);
        fixture_run(f, texts[i]);
        for (unsigned lane = 0; lane < 32; lane++)
            assert_true((*fixture_v(f, 0, lane) != OLD) == (0x8000f001u >> lane & 1));
    }
    fixture_fill(f, 4, OLD);
    fixture_fill(f, 5, OLD);
    fixture_run(f, "v_lshlrev_b64 v[4:5], 33, v[1:2]");
    assert_int_equal(*fixture_v(f, 5, 0), 200);
    assert_int_equal(*fixture_v(f, 5, 1), OLD);
    assert_int_equal(*fixture_v(f, 4, 31), 0);
}

// What lane i reads under a control; -1: outside the row.
struct permutation {
    const char *control;
    int from[16];
};

static const struct permutation permutations[] = {
    {"quad_perm:[3,0,1,1]", {3, 0, 1, 1, 7, 4, 5, 5, 11, 8, 9, 9, 15, 12, 13, 13}},
    {"row_shl:1", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1}},
    {"row_shl:15", {15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}},
    {"row_shr:3", {-1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
    {"row_ror:4", {12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
    {"row_mirror", {15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}},
    {"row_half_mirror", {7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8}},
    {"row_share:5", {5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5}},
    {"row_xmask:6", {6, 7, 4, 5, 2, 3, 0, 1, 14, 15, 12, 13, 10, 11, 8, 9}},
    {"dpp8:[7,6,5,4,3,2,1,0]", {7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8}},
    {"dpp8:[1,1,0,0,5,6,7,4]", {1, 1, 0, 0, 5, 6, 7, 4, 9, 9, 8, 8, 13, 14, 15, 12}},
};

static void dpp_takes_each_lane_from_where_it_says(void **state)
{
    struct fixture *f = *state;
    fill_lanes(f, 1);
    for (size_t i = 0; i < sizeof permutations / sizeof *permutations; i++) {
        const struct permutation *p = &permutations[i];
        const bool dpp16 = !strstr(p->control, "dpp8");
        for (unsigned zero_fills = 0; zero_fills <= dpp16; zero_fills++) {
            char text[128];
            snprintf(text, sizeof text, "v_mov_b32_dpp v0, v1 %s%s", p->control,
                     !dpp16       ? ""
                     : zero_fills ? " row_mask:0xf bank_mask:0xf bound_ctrl:1"
                                  : " row_mask:0xf bank_mask:0xf");
            fixture_fill(f, 0, OLD);
            fixture_run(f, text);
            for (unsigned lane = 0; lane < f->lanes; lane++) {
                int from = p->from[lane % 16];
                uint32_t want = from >= 0 ? 100 + (lane & ~15u) + (unsigned)from : zero_fills ? 0 : OLD;
                if (*fixture_v(f, 0, lane) != want)
                    fail_msg("%s: lane %u has %u, expected %u", text, lane, *fixture_v(f, 0, lane), want);
            }
        }
    }
}

static void dpp_masks_switch_rows_and_banks_off(void **state)
{
    struct fixture *f = *state;
    fill_lanes(f, 1);
    fixture_fill(f, 0, OLD);
    fixture_run(f, "v_mov_b32_dpp v0, v1 row_ror:1 row_mask:0xa bank_mask:0x5");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        bool on = (lane / 16 & 1) && (lane % 16 / 4 & 1) == 0;
        uint32_t want = on ? 100 + (lane & ~15u) + ((lane - 1) & 15) : OLD;
        assert_int_equal(*fixture_v(f, 0, lane), want);
    }
}

static void dpp_reads_lanes_that_are_off_only_with_fi(void **state)
{
    struct fixture *f = *state;
    fill_lanes(f, 1);
    fixture_set_s64(f, EMU_SGPR_EXEC, 0x55555555); // even lanes
    static const struct {
        const char *text;
        uint32_t want; // in lane 4, which reads lane 5
    } rows[] = {
        {"v_mov_b32_dpp v0, v1 row_shl:1 row_mask:0xf bank_mask:0xf", OLD},
        {"v_mov_b32_dpp v0, v1 row_shl:1 row_mask:0xf bank_mask:0xf bound_ctrl:1", 0},
        {"v_mov_b32_dpp v0, v1 row_shl:1 row_mask:0xf bank_mask:0xf fi:1", 105},
        {"v_mov_b32_dpp v0, v1 dpp8:[1,0,3,2,5,4,7,6]", 0},
        {"v_mov_b32_dpp v0, v1 dpp8:[1,0,3,2,5,4,7,6] fi:1", 105},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fixture_fill(f, 0, OLD);
        fixture_run(f, rows[i].text);
        if (*fixture_v(f, 0, 4) != rows[i].want || *fixture_v(f, 0, 5) != OLD)
            fail_msg("%s: %u and %u, expected %u and %u", rows[i].text, *fixture_v(f, 0, 4), *fixture_v(f, 0, 5),
                     rows[i].want, OLD);
    }
}

static void dpp_serves_arithmetic_compares_and_modifiers(void **state)
{
    struct fixture *f = *state;
    fixture_ramp(f, 1, 0x3f800000, 0x800000); // powers of two
    fixture_fill(f, 2, 0x3f800000);
    fixture_run(f, "v_mul_f32_dpp v3, -v1, v2 row_shl:1 row_mask:0xf bank_mask:0xf bound_ctrl:1\n"
                   "v_fma_f32_e64_dpp v4, v1, v2, v2 quad_perm:[0,0,0,0] row_mask:0xf bank_mask:0xf\n"
                   "v_cmp_eq_f32_dpp vcc_lo, v1, v2 row_share:0 row_mask:0xf bank_mask:0xf");
    assert_int_equal(*fixture_v(f, 3, 0), 0xc0000000);
    assert_int_equal(*fixture_v(f, 3, 15), 0x80000000); // -0 * 1
    assert_int_equal(*fixture_v(f, 4, 3), 0x40000000);
    assert_int_equal(f->wave.s[EMU_SGPR_VCC], 0xffff);
    fixture_ramp(f, 5, 0x3c004000, 0x00010000);
    fixture_fill(f, 6, OLD);
    fixture_run(f, "v_add_f16_dpp v6.l, v5.h, v5.l row_share:1 row_mask:0xf bank_mask:0xf");
    assert_int_equal(*fixture_v(f, 6, 9), 0x4200); // 1 + ulp + 2
}

static void conditional_moves_choose_by_lane(void **state)
{
    struct fixture *f = *state;
    fill_lanes(f, 1);
    fixture_fill(f, 2, 0xc0000000);
    fixture_set_s64(f, EMU_SGPR_VCC, UINT64_C(0xf0f0f0f00000ffff));
    fixture_set_s64(f, 20, UINT64_C(0xffffffff00000001));
    fixture_run(f, f->lanes == 64 ? "v_cndmask_b32 v0, v1, v2, vcc\n v_cndmask_b32_e64 v3, v1, -v2, s[20:21]\n"
                                    "v_cndmask_b16 v4.l, v1.l, v2.h, s[20:21]"
                                  : "v_cndmask_b32 v0, v1, v2, vcc_lo\n v_cndmask_b32_e64 v3, v1, -v2, s20\n"
                                    "v_cndmask_b16 v4.l, v1.l, v2.h, s20");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        bool vcc = UINT64_C(0xf0f0f0f00000ffff) >> lane & 1, named = UINT64_C(0xffffffff00000001) >> lane & 1;
        assert_int_equal(*fixture_v(f, 0, lane), vcc ? 0xc0000000 : 100 + lane);
        assert_int_equal(*fixture_v(f, 3, lane), named ? 0x40000000 : 100 + lane);
        assert_int_equal(*fixture_v(f, 4, lane), named ? 0xc000 : 100 + lane);
    }
}

static void exchanges_and_relative_moves(void **state)
{
    struct fixture *f = *state;
    for (unsigned reg = 0; reg < 8; reg++)
        fixture_ramp(f, reg, 1000 * reg, 1);
    fixture_set_s64(f, EMU_SGPR_EXEC, 0xff);
    fixture_run(f, "v_swap_b32 v0, v1");
    assert_int_equal(*fixture_v(f, 0, 3), 1003);
    assert_int_equal(*fixture_v(f, 1, 3), 3);
    assert_int_equal(*fixture_v(f, 0, 9), 9);
    fixture_fill(f, 2, 0x11112222);
    fixture_fill(f, 3, 0x33334444);
    fixture_run(f, "v_swap_b16 v2.l, v3.h");
    assert_int_equal(*fixture_v(f, 2, 0), 0x11113333);
    assert_int_equal(*fixture_v(f, 3, 0), 0x22224444);
    f->wave.s[EMU_SGPR_M0] = 2;
    fixture_run(f, "v_movrels_b32 v10, v4\n v_movreld_b32 v9, v5\n v_movrelsd_b32 v12, v5");
    assert_int_equal(*fixture_v(f, 10, 4), 6004);
    assert_int_equal(*fixture_v(f, 11, 4), 5004);
    assert_int_equal(*fixture_v(f, 14, 4), 7004);
    f->wave.s[EMU_SGPR_M0] = 3 << 16 | 1;
    fixture_run(f, "v_movrelsd_2_b32 v13, v6\n v_swaprel_b32 v2, v6");
    assert_int_equal(*fixture_v(f, 16, 5), 7005);
    assert_int_equal(*fixture_v(f, 5, 5), 7005);
    assert_int_equal(*fixture_v(f, 7, 5), 5005);
    fixture_run(f, "v_nop\n v_pipeflush");
}

static void lanes_below_are_counted(void **state)
{
    struct fixture *f = *state;
    f->wave.s[1] = 0xf0f0f0f1;
    f->wave.s[2] = 0x0000ffff;
    fixture_fill(f, 1, 1000);
    fixture_run(f, "v_mbcnt_lo_u32_b32 v0, s1, v1\n v_mbcnt_hi_u32_b32 v0, s2, v0");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        uint64_t below = (UINT64_C(1) << lane) - 1, bits = UINT64_C(0x0000fffff0f0f0f1);
        assert_int_equal(*fixture_v(f, 0, lane), 1000 + (unsigned)__builtin_popcountll(bits & below));
    }
}

static void single_lanes_move_to_and_from_scalars(void **state)
{
    struct fixture *f = *state;
    fill_lanes(f, 1);
    f->wave.s[5] = f->lanes + 9; // the select wraps
    fixture_set_s64(f, EMU_SGPR_EXEC, 0);
    fixture_run(f, "v_readlane_b32 s0, v1, 7\n v_readlane_b32 s1, v1, s5\n v_writelane_b32 v1, s5, 3\n"
                   "v_readfirstlane_b32 s2, v1");
    assert_int_equal(f->wave.s[0], 107);
    assert_int_equal(f->wave.s[1], 109);
    assert_int_equal(f->wave.s[2], 100);
    assert_int_equal(*fixture_v(f, 1, 3), f->lanes + 9);
    fixture_set_s64(f, EMU_SGPR_EXEC, f->lanes == 64 ? UINT64_C(1) << 40 : 1 << 20);
    fixture_run(f, "v_readfirstlane_b32 s2, v1");
    assert_int_equal(f->wave.s[2], f->lanes == 64 ? 140 : 120);
    if (f->lanes == 64) {
        fixture_run(f, "v_readlane_b32 s0, v1, 50\n v_writelane_b32 v1, 5, 51");
        assert_int_equal(f->wave.s[0], 150);
        assert_int_equal(*fixture_v(f, 1, 51), 5);
    }
}

static void rows_are_permuted(void **state)
{
    struct fixture *f = *state;
    fill_lanes(f, 1);
    fixture_fill(f, 2, OLD);
    fixture_fill(f, 3, OLD);
    f->wave.s[0] = 0x01234567; // lane i reads lane 7 - i, lane 8 + i reads lane i
    f->wave.s[1] = 0x76543210;
    fixture_run(f, "v_permlane16_b32 v2, v1, s0, s1\n v_permlanex16_b32 v3, v1, s0, s1");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        unsigned i = lane & 15, from = (lane & ~15u) | (i < 8 ? 7 - i : i - 8);
        assert_int_equal(*fixture_v(f, 2, lane), 100 + from);
        assert_int_equal(*fixture_v(f, 3, lane), 100 + (from ^ 16));
    }
    fixture_set_s64(f, EMU_SGPR_EXEC, 0x0000000f); // lanes 4 to 7 are off
    static const struct {
        const char *text;
        uint32_t want; // in lane 0, which reads lane 7
    } rows[] = {{"v_permlane16_b32 v2, v1, s0, s1", OLD},
                {"v_permlane16_b32 v2, v1, s0, s1 op_sel:[0,1]", 0},
                {"v_permlane16_b32 v2, v1, s0, s1 op_sel:[1,0]", 107}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fixture_fill(f, 2, OLD);
        fixture_run(f, rows[i].text);
        assert_int_equal(*fixture_v(f, 2, 0), rows[i].want);
        assert_int_equal(*fixture_v(f, 2, 8), OLD);
    }
}

static void halves_of_a_wave64_swap(void **state)
{
    struct fixture *f = *state;
    fill_lanes(f, 1);
    fixture_fill(f, 0, OLD);
    fixture_set_s64(f, EMU_SGPR_EXEC, UINT64_C(0xffffffff0000ffff));
    fixture_run(f, "v_permlane64_b32 v0, v1");
    for (unsigned lane = 0; lane < 64; lane++)
        assert_int_equal(*fixture_v(f, 0, lane), lane >= 16 && lane < 32 ? OLD : 100 + (lane ^ 32));
}

static void a_wave32_has_no_halves_to_swap(void **state)
{
    struct fixture *f = *state;
    fixture_fill(f, 0, OLD);
    fixture_run(f, "v_permlane64_b32 v0, v1");
    assert_int_equal(*fixture_v(f, 0, 0), OLD);
}

static void halves_of_a_wave64_compute(void **state)
{
    struct fixture *f = *state;
    fill_lanes(f, 1);
    fixture_set_s64(f, EMU_SGPR_EXEC, UINT64_C(0x00000003fffffffe));
    fixture_fill(f, 0, OLD);
    fixture_run(f, "v_add_nc_u32 v0, v1, v1\n v_add_co_u32 v2, vcc, -1, v1");
    for (unsigned lane = 0; lane < 64; lane++)
        assert_int_equal(*fixture_v(f, 0, lane), lane >= 1 && lane < 34 ? 200 + 2 * lane : OLD);
    assert_int_equal(fixture_s64(f, EMU_SGPR_VCC), UINT64_C(0x00000003fffffffe));
}

static void dual_halves_read_before_either_writes(void **state)
{
    struct fixture *f = *state;
    fixture_ramp(f, 0, 10, 1);
    fixture_ramp(f, 1, 20, 1);
    fixture_run(f, "v_dual_mov_b32 v0, v1 :: v_dual_mov_b32 v1, v0");
    assert_int_equal(*fixture_v(f, 0, 5), 25);
    assert_int_equal(*fixture_v(f, 1, 5), 15);
    fixture_fill(f, 2, 0x40000000);
    fixture_fill(f, 3, 0x40400000);
    fixture_run(f, "v_dual_mul_f32 v2, v2, v3 :: v_dual_add_f32 v3, 1.0, v2");
    assert_int_equal(*fixture_v(f, 2, 5), 0x40c00000); // 2 * 3
    assert_int_equal(*fixture_v(f, 3, 5), 0x40400000); // 1 + 2
}

static void every_dual_operation_runs(void **state)
{
    enum { ONE = 0x3f800000, TWO = 0x40000000, THREE = 0x40400000, SIX = 0x40c00000 };
    static const struct {
        const char *text;
        uint32_t x, y; // v0 and v5
    } rows[] = {
        {"v_dual_fmac_f32 v0, v2, v3 :: v_dual_fmac_f32 v5, v3, v2", 0x40e00000, 0x41000000},
        {"v_dual_fmaak_f32 v0, v2, v3, 0x3f800000 :: v_dual_fmaak_f32 v5, v3, v2, 0x3f800000", 0x40e00000, 0x40e00000},
        {"v_dual_fmamk_f32 v0, v2, 0x40000000, v3 :: v_dual_fmamk_f32 v5, v3, 0x40000000, v2", 0x40e00000, 0x41000000},
        {"v_dual_mul_f32 v0, v2, v3 :: v_dual_mul_dx9_zero_f32 v5, v3, v2", SIX, SIX},
        {"v_dual_add_f32 v0, v2, v3 :: v_dual_sub_f32 v5, v3, v2", 0x40a00000, ONE},
        {"v_dual_subrev_f32 v0, v2, v3 :: v_dual_mov_b32 v5, v3", ONE, THREE},
        {"v_dual_max_f32 v0, v2, v3 :: v_dual_min_f32 v5, v3, v2", THREE, TWO},
        {"v_dual_subrev_f32 v0, v3, v2 :: v_dual_mov_b32 v5, v2", 0xbf800000, TWO},
        {"v_dual_mov_b32 v0, s3 :: v_dual_min_f32 v5, 1.0, v2", 1234, ONE},
        {"v_dual_mov_b32 v0, s3 :: v_dual_and_b32 v5, 0x00c00000, v3", 1234, 0x00400000},
        {"v_dual_cndmask_b32 v0, v2, v3 :: v_dual_cndmask_b32 v5, v3, v2", THREE, TWO},
        {"v_dual_mov_b32 v0, 5 :: v_dual_add_nc_u32 v5, 7, v2", 5, TWO + 7},
        {"v_dual_mov_b32 v0, s3 :: v_dual_lshlrev_b32 v5, 1, v2", 1234, 0x80000000},
        {"v_dual_mov_b32 v0, s3 :: v_dual_and_b32 v5, 0x40400000, v2", 1234, TWO},
    };
    struct fixture *f = *state;
    f->wave.s[3] = 1234;
    f->wave.s[EMU_SGPR_VCC] = ~0u;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fixture_fill(f, 0, ONE);
        fixture_fill(f, 2, TWO);
        fixture_fill(f, 3, THREE);
        fixture_fill(f, 5, TWO);
        fixture_run(f, rows[i].text);
        if (*fixture_v(f, 0, 31) != rows[i].x || *fixture_v(f, 5, 31) != rows[i].y)
            fail_msg("%s: %08x and %08x, expected %08x and %08x", rows[i].text, *fixture_v(f, 0, 31),
                     *fixture_v(f, 5, 31), rows[i].x, rows[i].y);
    }
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(lanes_that_are_off_keep_their_registers, 32),
        FIXTURE_TEST(dpp_takes_each_lane_from_where_it_says, 32),
        FIXTURE_TEST(dpp_takes_each_lane_from_where_it_says, 64),
        FIXTURE_TEST(dpp_masks_switch_rows_and_banks_off, 32),
        FIXTURE_TEST(dpp_masks_switch_rows_and_banks_off, 64),
        FIXTURE_TEST(dpp_reads_lanes_that_are_off_only_with_fi, 32),
        FIXTURE_TEST(dpp_serves_arithmetic_compares_and_modifiers, 32),
        FIXTURE_TEST(conditional_moves_choose_by_lane, 32),
        FIXTURE_TEST(conditional_moves_choose_by_lane, 64),
        FIXTURE_TEST(exchanges_and_relative_moves, 32),
        FIXTURE_TEST(lanes_below_are_counted, 32),
        FIXTURE_TEST(lanes_below_are_counted, 64),
        FIXTURE_TEST(single_lanes_move_to_and_from_scalars, 32),
        FIXTURE_TEST(single_lanes_move_to_and_from_scalars, 64),
        FIXTURE_TEST(rows_are_permuted, 32),
        FIXTURE_TEST(rows_are_permuted, 64),
        FIXTURE_TEST(halves_of_a_wave64_swap, 64),
        FIXTURE_TEST(a_wave32_has_no_halves_to_swap, 32),
        FIXTURE_TEST(halves_of_a_wave64_compute, 64),
        FIXTURE_TEST(dual_halves_read_before_either_writes, 32),
        FIXTURE_TEST(every_dual_operation_runs, 32),
    };
    return fixture_main("valu_lanes", tests, sizeof tests / sizeof *tests);
}
