// Scalar float instructions of RDNA 3.5 against bit patterns worked out by hand: rounding and denormal modes, NaN
// rules, signed zeros, saturation.
#include "wave_fixture.h"

#include <stdio.h>
#include <string.h>

enum {
    IEEE_NEAREST = FIXTURE_MODE, // and denormals kept
    ALL_UP = FIXTURE_MODE | 5,
    ALL_DOWN = FIXTURE_MODE | 10,
    ALL_ZERO = FIXTURE_MODE | 15,
    NOT_IEEE = FIXTURE_MODE & ~0x200,
    FLUSH_INPUT = FIXTURE_MODE & ~0x50,  // denormal inputs become zero, outputs stay
    FLUSH_OUTPUT = FIXTURE_MODE & ~0xa0, // the other way round
    LIMIT_HALF = FIXTURE_MODE | EMU_MODE_FP16_OVFL
};

struct vector {
    const char *text;
    uint32_t a, b, c; // s0, s2 and the old s4
    uint32_t mode;
    uint32_t want; // s4
};

#define D(x) x " s4, s0, s2"
#define U(x) x " s4, s0"

static void check_all(struct fixture *f, const struct vector *table, size_t count)
{
    for (const struct vector *v = table; v < table + count; v++) {
        f->wave.s[0] = v->a;
        f->wave.s[2] = v->b;
        f->wave.s[4] = v->c;
        f->wave.mode = v->mode;
        fixture_run(f, v->text);
        if (f->wave.s[4] != v->want)
            fail_msg("%s of 0x%x, 0x%x, 0x%x under MODE 0x%x: 0x%x, expected 0x%x", v->text, v->a, v->b, v->c, v->mode,
                     f->wave.s[4], v->want);
    }
}
#define CHECK_ALL(table) check_all(*state, table, sizeof(table) / sizeof *(table))

static void f32_arithmetic_rounds_as_mode_says(void **state)
{
    static const struct vector table[] = {
        {D("s_add_f32"), 0x3f800000, 0x33800000, 0, IEEE_NEAREST, 0x3f800000}, // 1 + 2^-24: a tie
        {D("s_add_f32"), 0x3f800000, 0x33800000, 0, ALL_UP, 0x3f800001},
        {D("s_add_f32"), 0x3f800000, 0xb3000000, 0, ALL_DOWN, 0x3f7fffff}, // 1 - 2^-25
        {D("s_add_f32"), 0x3f800000, 0xb3000000, 0, ALL_ZERO, 0x3f7fffff},
        {D("s_add_f32"), 0x3f800000, 0xb3000000, 0, IEEE_NEAREST, 0x3f800000},
        {D("s_add_f32"), 0x7f7fffff, 0x7f7fffff, 0, IEEE_NEAREST, 0x7f800000},
        {D("s_add_f32"), 0x7f7fffff, 0x7f7fffff, 0, ALL_ZERO, 0x7f7fffff},
        {D("s_sub_f32"), 0x40400000, 0x40a00000, 0, IEEE_NEAREST, 0xc0000000},
        {D("s_sub_f32"), 0x40400000, 0x40400000, 0, IEEE_NEAREST, 0},
        {D("s_sub_f32"), 0x40400000, 0x40400000, 0, ALL_DOWN, 0x80000000},
        {D("s_mul_f32"), 0x40400000, 0x3f000000, 0, IEEE_NEAREST, 0x3fc00000},
        {D("s_mul_f32"), 0x3f800001, 0x3f800001, 0, IEEE_NEAREST, 0x3f800002},
        {D("s_mul_f32"), 0x3f800001, 0x3f800001, 0, ALL_UP, 0x3f800003},
        {D("s_fmac_f32"), 0x40000000, 0x40400000, 0x3f800000, IEEE_NEAREST, 0x40e00000},
        {D("s_fmac_f32"), 0x3f800800, 0x3f800800, 0xbf801000, IEEE_NEAREST, 0x33800000},             // one rounding
        {"s_fmaak_f32 s4, s0, s2, 0x41200000", 0x40000000, 0x40400000, 0, IEEE_NEAREST, 0x41800000}, // 2 * 3 + 10
        {"s_fmamk_f32 s4, s0, 0x41200000, s2", 0x40000000, 0x40400000, 0, IEEE_NEAREST, 0x41b80000}, // 2 * 10 + 3
    };
    CHECK_ALL(table);
}

static void f16_arithmetic_rounds_once_and_clears_the_high_half(void **state)
{
    static const struct vector table[] = {
        {D("s_add_f16"), 0xdead3c00, 0xbeef3c00, 0xffffffff, IEEE_NEAREST, 0x4000},
        {D("s_add_f16"), 0x3c00, 0x1000, 0, IEEE_NEAREST, 0x3c00}, // 1 + 2^-11: a tie
        {D("s_add_f16"), 0x3c00, 0x1000, 0, ALL_UP, 0x3c01},
        {D("s_add_f16"), 0x7bff, 0x4c00, 0, IEEE_NEAREST, 0x7c00}, // 65504 + 16: a tie with infinity
        {D("s_add_f16"), 0x7bff, 0x4c00, 0, ALL_ZERO, 0x7bff},
        {D("s_add_f16"), 0x7bff, 0x4c00, 0, LIMIT_HALF, 0x7bff},
        {D("s_add_f16"), 0x7c00, 0x4c00, 0, LIMIT_HALF, 0x7c00}, // a true infinity stays
        {D("s_sub_f16"), 0x4000, 0x4200, 0, IEEE_NEAREST, 0xbc00},
        {D("s_sub_f16"), 0x4000, 0x4000, 0, ALL_DOWN, 0x8000},
        {D("s_sub_f16"), 0x4000, 0x4000, 0, IEEE_NEAREST, 0},
        {D("s_mul_f16"), 0x3c01, 0x3c01, 0, IEEE_NEAREST, 0x3c02},
        {D("s_mul_f16"), 0x0400, 0x3800, 0, IEEE_NEAREST, 0x0200}, // a denormal result
        {D("s_mul_f16"), 0x0001, 0x3800, 0, IEEE_NEAREST, 0},      // half a unit: to even
        {D("s_mul_f16"), 0x0003, 0x3800, 0, IEEE_NEAREST, 2},
        {D("s_mul_f16"), 0x0001, 0x3800, 0, ALL_UP, 1},
        {D("s_mul_f16"), 0x8001, 0x3800, 0, ALL_DOWN, 0x8001},
        {D("s_fmac_f16"), 0x4000, 0x4200, 0x3c00, IEEE_NEAREST, 0x4700},
        {D("s_fmac_f16"), 0x3c01, 0x3c01, 0xbc02, IEEE_NEAREST, 0x0010}, // exactly 2^-20
        {D("s_fmac_f16"), 0x0001, 0x0001, 0x7800, ALL_UP, 0x7801},       // 2^15 + 2^-48
        {D("s_fmac_f16"), 0x0001, 0x8001, 0x7800, ALL_ZERO, 0x77ff},     // 2^15 - 2^-48
        {D("s_fmac_f16"), 0x0001, 0x8001, 0x7800, IEEE_NEAREST, 0x7800},
    };
    CHECK_ALL(table);
}

static void nans_become_quiet_and_the_first_one_wins(void **state)
{
    static const struct vector table[] = {
        {D("s_add_f32"), 0x7f800000, 0xff800000, 0, IEEE_NEAREST, 0x7fc00000}, // infinity - infinity
        {D("s_mul_f32"), 0x00000000, 0x7f800000, 0, IEEE_NEAREST, 0x7fc00000},
        {D("s_add_f32"), 0x7f800001, 0x3f800000, 0, IEEE_NEAREST, 0x7fc00001},
        {D("s_add_f32"), 0x3f800000, 0xffc12345, 0, IEEE_NEAREST, 0xffc12345},
        {D("s_add_f32"), 0x7fc00001, 0x7fc00002, 0, IEEE_NEAREST, 0x7fc00001},
        {D("s_fmac_f32"), 0x3f800000, 0x3f800000, 0x7fa00000, IEEE_NEAREST, 0x7fe00000},
        {D("s_add_f16"), 0x7c00, 0xfc00, 0, IEEE_NEAREST, 0x7e00},
        {D("s_mul_f16"), 0x3c00, 0xfc01, 0, IEEE_NEAREST, 0xfe01},
        {U("s_floor_f32"), 0x7f800001, 0, 0, IEEE_NEAREST, 0x7fc00001},
        {U("s_rndne_f32"), 0xff800001, 0, 0, IEEE_NEAREST, 0xffc00001},
    };
    CHECK_ALL(table);
}

static void denormals_are_kept_or_flushed(void **state)
{
    static const struct vector table[] = {
        {D("s_add_f32"), 0x00000001, 0, 0, IEEE_NEAREST, 1},
        {D("s_add_f32"), 0x00000001, 0, 0, FLUSH_INPUT, 0},
        {D("s_sub_f32"), 0x00800000, 0x00000001, 0, IEEE_NEAREST, 0x007fffff},
        {D("s_sub_f32"), 0x00800000, 0x00000001, 0, FLUSH_OUTPUT, 0},
        {D("s_sub_f32"), 0x00000001, 0x00800000, 0, FLUSH_OUTPUT, 0x80000000},
        {D("s_add_f16"), 1, 0, 0, IEEE_NEAREST, 1},
        {D("s_add_f16"), 1, 0, 0, FLUSH_INPUT, 0},
        {D("s_mul_f16"), 0x0400, 0xb800, 0, FLUSH_OUTPUT, 0x8000},
        {D("s_max_f32"), 0x00000001, 0, 0, FLUSH_INPUT, 0},
        {U("s_ceil_f32"), 0x00000001, 0, 0, IEEE_NEAREST, 0x3f800000},
        {U("s_ceil_f32"), 0x00000001, 0, 0, FLUSH_INPUT, 0},
        {U("s_cvt_f32_f16"), 1, 0, 0, IEEE_NEAREST, 0x33800000},
        {U("s_cvt_f32_f16"), 1, 0, 0, FLUSH_INPUT, 0},
        {U("s_cvt_f16_f32"), 0x38000000, 0, 0, IEEE_NEAREST, 0x0200}, // 2^-15
        {U("s_cvt_f16_f32"), 0x38000000, 0, 0, FLUSH_OUTPUT, 0},
    };
    CHECK_ALL(table);
}

static void minimum_and_maximum_order_zeros_and_skip_nans(void **state)
{
    static const struct vector table[] = {
        {D("s_min_f32"), 0x3f800000, 0x40000000, 0, IEEE_NEAREST, 0x3f800000},
        {D("s_min_f32"), 0x80000000, 0x00000000, 0, IEEE_NEAREST, 0x80000000},
        {D("s_min_f32"), 0x00000000, 0x80000000, 0, IEEE_NEAREST, 0x80000000},
        {D("s_min_f32"), 0xbf800000, 0xc0000000, 0, IEEE_NEAREST, 0xc0000000},
        {D("s_max_f32"), 0x80000000, 0x00000000, 0, IEEE_NEAREST, 0},
        {D("s_max_f32"), 0x00000000, 0x80000000, 0, IEEE_NEAREST, 0},
        {D("s_max_f32"), 0xbf800000, 0xff800000, 0, IEEE_NEAREST, 0xbf800000},
        {D("s_min_f32"), 0x7fc00001, 0x3f800000, 0, IEEE_NEAREST, 0x3f800000},
        {D("s_max_f32"), 0x3f800000, 0x7fc00001, 0, IEEE_NEAREST, 0x3f800000},
        {D("s_min_f32"), 0x7f800001, 0x3f800000, 0, IEEE_NEAREST, 0x7fc00001}, // signalling: IEEE makes it quiet
        {D("s_min_f32"), 0x7f800001, 0x3f800000, 0, NOT_IEEE, 0x3f800000},
        {D("s_max_f32"), 0x7fc00001, 0x7fc00002, 0, IEEE_NEAREST, 0x7fc00001},
        {D("s_min_f16"), 0xffff8000, 0x0000, 0, IEEE_NEAREST, 0x8000},
        {D("s_min_f16"), 0x3c00, 0x7e00, 0, IEEE_NEAREST, 0x3c00},
        {D("s_min_f16"), 0x3c00, 0x7c01, 0, IEEE_NEAREST, 0x7e01},
        {D("s_max_f16"), 0xbc00, 0xfc00, 0, IEEE_NEAREST, 0xbc00},
        {D("s_max_f16"), 0x3c00, 0x4000, 0, IEEE_NEAREST, 0x4000},
    };
    CHECK_ALL(table);
}

static void rounding_to_whole_numbers(void **state)
{
    static const struct vector table[] = {
        {U("s_ceil_f32"), 0x3f99999a, 0, 0, IEEE_NEAREST, 0x40000000},
        {U("s_ceil_f32"), 0xbf000000, 0, 0, IEEE_NEAREST, 0x80000000},
        {U("s_floor_f32"), 0xbf000000, 0, 0, IEEE_NEAREST, 0xbf800000},
        {U("s_trunc_f32"), 0xbfc00000, 0, 0, IEEE_NEAREST, 0xbf800000},
        {U("s_trunc_f32"), 0x7f7fffff, 0, 0, IEEE_NEAREST, 0x7f7fffff},
        {U("s_rndne_f32"), 0x40200000, 0, 0, IEEE_NEAREST, 0x40000000}, // 2.5
        {U("s_rndne_f32"), 0x40600000, 0, 0, ALL_DOWN, 0x40800000},     // 3.5, whatever MODE says
        {U("s_ceil_f16"), 0x3e00, 0, 0, IEEE_NEAREST, 0x4000},
        {U("s_floor_f16"), 0xb800, 0, 0, IEEE_NEAREST, 0xbc00},
        {U("s_trunc_f16"), 0xbe00, 0, 0, IEEE_NEAREST, 0xbc00},
        {U("s_rndne_f16"), 0x4100, 0, 0, ALL_UP, 0x4000},
        {U("s_rndne_f16"), 0xb800, 0, 0, IEEE_NEAREST, 0x8000},
    };
    CHECK_ALL(table);
}

static void conversions_round_and_saturate(void **state)
{
    static const struct vector table[] = {
        {U("s_cvt_f32_i32"), 0xffffffff, 0, 0, IEEE_NEAREST, 0xbf800000},
        {U("s_cvt_f32_i32"), 0x01000001, 0, 0, IEEE_NEAREST, 0x4b800000}, // 2^24 + 1
        {U("s_cvt_f32_i32"), 0x01000001, 0, 0, ALL_UP, 0x4b800001},
        {U("s_cvt_f32_u32"), 0xffffffff, 0, 0, IEEE_NEAREST, 0x4f800000},
        {U("s_cvt_f32_u32"), 0xffffffff, 0, 0, ALL_ZERO, 0x4f7fffff},
        {U("s_cvt_i32_f32"), 0xbff33333, 0, 0, IEEE_NEAREST, 0xffffffff}, // -1.9
        {U("s_cvt_i32_f32"), 0x4f32d05e, 0, 0, IEEE_NEAREST, 0x7fffffff}, // 3e9
        {U("s_cvt_i32_f32"), 0xff800000, 0, 0, IEEE_NEAREST, 0x80000000},
        {U("s_cvt_i32_f32"), 0x7fc00000, 0, 0, IEEE_NEAREST, 0},
        {U("s_cvt_u32_f32"), 0xbf800000, 0, 0, IEEE_NEAREST, 0},
        {U("s_cvt_u32_f32"), 0x4f32d05e, 0, 0, IEEE_NEAREST, 3000000000},
        {U("s_cvt_u32_f32"), 0x7f800000, 0, 0, IEEE_NEAREST, 0xffffffff},
        {U("s_cvt_f16_f32"), 0x3f801000, 0, 0, IEEE_NEAREST, 0x3c00}, // 1 + 2^-11
        {U("s_cvt_f16_f32"), 0x3f801000, 0, 0, ALL_UP, 0x3c01},
        {U("s_cvt_f16_f32"), 0x477ff000, 0, 0, IEEE_NEAREST, 0x7c00}, // 65520
        {U("s_cvt_f16_f32"), 0x477ff000, 0, 0, ALL_ZERO, 0x7bff},
        {U("s_cvt_f16_f32"), 0x7fa00000, 0, 0, IEEE_NEAREST, 0x7f00},
        {U("s_cvt_f16_f32"), 0x33000000, 0, 0, IEEE_NEAREST, 0}, // 2^-25
        {U("s_cvt_f16_f32"), 0x33000001, 0, 0, IEEE_NEAREST, 1},
        {U("s_cvt_f32_f16"), 0xdead3c00, 0, 0, IEEE_NEAREST, 0x3f800000},
        {U("s_cvt_f32_f16"), 0x7c01, 0, 0, IEEE_NEAREST, 0x7fc02000},
        {U("s_cvt_hi_f32_f16"), 0xbc00dead, 0, 0, IEEE_NEAREST, 0xbf800000},
        {D("s_cvt_pk_rtz_f16_f32"), 0x3f801fff, 0x477fef00, 0, IEEE_NEAREST, 0x7bff3c00},
        {D("s_cvt_pk_rtz_f16_f32"), 0x501502f9, 0xff800000, 0, ALL_UP, 0xfc007bff},
    };
    CHECK_ALL(table);
}

// Bits of `want`: 1 ? 2, 2 ? 2, 2 ? 1, 1 ? NaN, NaN ? 1, -0 ? +0.
static void comparisons_say_no_to_nans_unless_negated(void **state)
{
    static const struct {
        const char *condition, *want;
    } table[] = {
        {"lt", "100000"},  {"eq", "010001"},  {"le", "110001"},  {"gt", "001000"},  {"lg", "101000"},
        {"ge", "011001"},  {"o", "111001"},   {"u", "000110"},   {"nge", "100110"}, {"nlg", "010111"},
        {"ngt", "110111"}, {"nle", "001110"}, {"neq", "101110"}, {"nlt", "011111"},
    };
    static const uint32_t pairs[2][6][2] = {
        {{0x3f800000, 0x40000000},
         {0x40000000, 0x40000000},
         {0x40000000, 0x3f800000},
         {0x3f800000, 0x7fc00000},
         {0x7fc00000, 0x3f800000},
         {0x80000000, 0}},
        {{0x3c00, 0x4000}, {0x4000, 0x4000}, {0x4000, 0x3c00}, {0x3c00, 0x7e00}, {0x7e00, 0x3c00}, {0x8000, 0}},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        for (unsigned half = 0; half < 2; half++) {
            char text[64], got[7] = "";
            snprintf(text, sizeof text, "s_cmp_%s_%s s0, s2", table[i].condition, half ? "f16" : "f32");
            for (unsigned n = 0; n < 6; n++) {
                f->wave.s[0] = pairs[half][n][0] | (half ? 0xabcd0000 : 0); // the high half is not looked at
                f->wave.s[2] = pairs[half][n][1];
                fixture_run(f, text);
                got[n] = (char)('0' + f->wave.scc);
            }
            assert_string_equal(got, table[i].want);
        }
    }
    f->wave.mode = FLUSH_INPUT;
    f->wave.s[0] = 1;
    f->wave.s[2] = 0;
    fixture_run(f, "s_cmp_eq_f32 s0, s2");
    assert_int_equal(f->wave.scc, 1);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(f32_arithmetic_rounds_as_mode_says, 32),
        FIXTURE_TEST(f16_arithmetic_rounds_once_and_clears_the_high_half, 32),
        FIXTURE_TEST(nans_become_quiet_and_the_first_one_wins, 32),
        FIXTURE_TEST(denormals_are_kept_or_flushed, 32),
        FIXTURE_TEST(minimum_and_maximum_order_zeros_and_skip_nans, 32),
        FIXTURE_TEST(rounding_to_whole_numbers, 32),
        FIXTURE_TEST(conversions_round_and_saturate, 32),
        FIXTURE_TEST(comparisons_say_no_to_nans_unless_negated, 32),
    };
    return fixture_main("scalar_real", tests, sizeof tests / sizeof *tests);
}
