// Corners where a plausible reading differs from the manual's pseudocode or from what compilers rely on.
#include <math.h>

#include "float_values.h"
#include "vectors.h"

// Without the first source that equals the maximum, as floats, the greater of the other two is the median: with both
// zeros among the sources that is not always the middle one.
static void med3_tells_zeros_apart_as_the_manual_does(void **state)
{
    static const struct vector f32[] = {
        {"v_med3_f32 v0, v2, v4, v6", 0x80000000, 0x00000000, 0xbf800000, 0x00000000, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", 0x00000000, 0x80000000, 0xbf800000, 0x80000000, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", 0xbf800000, 0x80000000, 0x00000000, 0x00000000, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", 0xbf800000, 0x00000000, 0x80000000, 0x80000000, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", 0x80000000, 0x00000000, 0x3f800000, 0x00000000, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", 0x3f800000, 0x40000000, 0x40400000, 0x40000000, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", 0x40400000, 0x3f800000, 0x40000000, 0x40000000, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", 0x40000000, 0x40400000, 0x3f800000, 0x40000000, 0, 0},
    };
    static const struct vector f16[] = {
        {"v_med3_f16 v0.l, v2.l, v4.l, v6.l", 0x8000, 0x0000, 0xbc00, 0x0000, 0, 0},
        {"v_med3_f16 v0.l, v2.l, v4.l, v6.l", 0xbc00, 0x8000, 0x0000, 0x0000, 0, 0},
        {"v_med3_f16 v0.l, v2.l, v4.l, v6.l", 0x4200, 0x3c00, 0x4000, 0x4000, 0, 0},
    };
    VECTORS_CHECK(*state, f32);
    VECTORS_CHECK(*state, f16);
}

// The f32 and f64 steps take a NaN for an overflow on the way; the f16 division has no such way.
static void div_fixup_f16_keeps_a_nan_quotient(void **state)
{
    static const struct vector table[] = {
        {"v_div_fixup_f16 v0.l, v2.l, v4.l, v6.l", 0x7e01, 0x3c00, 0xbc00, 0xfe01, 0, 0},
        {"v_div_fixup_f16 v0.l, v2.l, v4.l, v6.l", 0xfe01, 0x3c00, 0x3c00, 0x7e01, 0, 0},
    };
    VECTORS_CHECK(*state, table);
}

// The scalar result is bit 64 of the exact sum: its sign, not its overflow.
static void mad_i64_returns_the_sign_of_the_exact_sum(void **state)
{
    static const struct vector table[] = {
        {"v_mad_i64_i32 v[0:1], vcc_lo, v2, v4, v[6:7]", 0xffffffff, 2, 1, UINT64_MAX, 0, 1},
        {"v_mad_i64_i32 v[0:1], vcc_lo, v2, v4, v[6:7]", 0xffffffff, 2, 2, 0, 0, 0},
        {"v_mad_i64_i32 v[0:1], vcc_lo, v2, v4, v[6:7]", 1, 1, INT64_MAX, UINT64_C(1) << 63, 0, 0},
        {"v_mad_i64_i32 v[0:1], vcc_lo, v2, v4, v[6:7]", 0xffffffff, 1, UINT64_C(1) << 63, INT64_MAX, 0, 1},
    };
    VECTORS_CHECK(*state, table);
}

static void products_of_24_bits_saturate_under_clamp(void **state)
{
    static const struct vector table[] = {
        {"v_mul_u32_u24 v0, v2, v4 clamp", 0x10000, 0x10000, 0, 0xffffffff, 0, 0},
        {"v_mul_u32_u24 v0, v2, v4 clamp", 0xff00ffff, 0x10000, 0, 0xffff0000, 0, 0},
        {"v_mul_i32_i24 v0, v2, v4 clamp", 0x10000, 0x8000, 0, 0x7fffffff, 0, 0},
        {"v_mul_i32_i24 v0, v2, v4 clamp", 0xff0000, 0x10000, 0, 0x80000000, 0, 0},
        {"v_mul_i32_i24 v0, v2, v4 clamp", 0xffffff, 5, 0, 0xfffffffb, 0, 0},
    };
    VECTORS_CHECK(*state, table);
}

// Numbers of class 4 and 7 are denormals even where MODE flushes them.
static void classes_ignore_denormal_modes(void **state)
{
    struct fixture *f = *state;
    f->wave.mode = FIXTURE_MODE & ~0xf0u;
    fixture_fill(f, 2, 0x00000001);
    fixture_fill(f, 3, 0x800fffff);
    fixture_fill(f, 4, 0x8001);
    fixture_fill(f, 5, 1u << 7);
    fixture_fill(f, 6, 1u << 4);
    fixture_run(f, "v_cmp_class_f32 s20, v2, v5\n v_cmp_class_f64 s21, v[2:3], v6\n v_cmp_class_f16 s22, v4.l, v6.l");
    assert_int_equal(f->wave.s[20], 0xffffffff);
    assert_int_equal(f->wave.s[21], 0xffffffff);
    assert_int_equal(f->wave.s[22], 0xffffffff);
    fixture_run(f, "v_cmpx_class_f32 v2, v5");
    assert_int_equal(f->wave.s[EMU_SGPR_EXEC], 0xffffffff);
}

// Argument reduction works in every rounding mode: 3 is toward zero, 1 up, 2 down.
static void sines_and_cosines_are_right_in_directed_modes(void **state)
{
    struct fixture *f = *state;
    for (uint32_t round = 0; round < 4; round++) {
        f->wave.mode = (FIXTURE_MODE & ~3u) | round;
        for (unsigned lane = 0; lane < EMU_LANES; lane++)
            *fixture_v(f, 2, lane) = f32_bits((float)lane * 0.0625f + 0.03f);
        fixture_run(f, "v_cos_f32 v0, v2\n v_sin_f32 v1, v2");
        for (unsigned lane = 0; lane < EMU_LANES; lane++) {
            double turns = 6.283185307179586476925 * (double)as_f32(*fixture_v(f, 2, lane));
            assert_true(fabs((double)as_f32(*fixture_v(f, 0, lane)) - cos(turns)) < 0x1p-23);
            assert_true(fabs((double)as_f32(*fixture_v(f, 1, lane)) - sin(turns)) < 0x1p-23);
        }
    }
}

// Overflow of the f32 form is infinite whatever the rounding; the f16 form rounds as MODE says, and FP16_OVFL (bit 23)
// makes a difference between an overflow and an infinite source.
static void powers_of_two_end_where_they_should(void **state)
{
    struct fixture *f = *state;
    for (uint32_t round = 0; round < 4; round++) {
        f->wave.mode = (FIXTURE_MODE & ~0xfu) | round * 5;
        fixture_run(f, "v_exp_f32 v0, 0x43480000\n v_exp_f32 v1, 0x7f800000\n v_exp_f32 v2, 0xff800000\n"
                       "v_exp_f32 v3, 0xc3480000\n v_exp_f16 v4.l, 0x7c00\n v_exp_f16 v5.l, 0xfc00");
        assert_int_equal(*fixture_v(f, 0, 0), 0x7f800000);
        assert_int_equal(*fixture_v(f, 1, 0), 0x7f800000);
        assert_int_equal(*fixture_v(f, 2, 0), 0);
        assert_int_equal(*fixture_v(f, 3, 0), 0);
        assert_int_equal(*fixture_v(f, 4, 0), 0x7c00);
        assert_int_equal(*fixture_v(f, 5, 0), 0);
    }
    f->wave.mode = FIXTURE_MODE | EMU_MODE_FP16_OVFL;
    fixture_run(f, "v_exp_f16 v4.l, 0x5a40\n v_exp_f16 v5.l, 0x7c00");
    assert_int_equal(*fixture_v(f, 4, 0), 0x7bff);
    assert_int_equal(*fixture_v(f, 5, 0), 0x7c00);
}

// Pixel shaders have their attributes in LDS; a compute wave has none.
static void parameter_loads_fault(void **state)
{
    fixture_run_faulting(*state, "lds_direct_load v1", EMU_FAULT_UNSUPPORTED);
    fixture_run_faulting(*state, "lds_param_load v1, attr0.x", EMU_FAULT_UNSUPPORTED);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(med3_tells_zeros_apart_as_the_manual_does, 32),
        FIXTURE_TEST(div_fixup_f16_keeps_a_nan_quotient, 32),
        FIXTURE_TEST(mad_i64_returns_the_sign_of_the_exact_sum, 32),
        FIXTURE_TEST(products_of_24_bits_saturate_under_clamp, 32),
        FIXTURE_TEST(classes_ignore_denormal_modes, 32),
        FIXTURE_TEST(sines_and_cosines_are_right_in_directed_modes, 32),
        FIXTURE_TEST(powers_of_two_end_where_they_should, 32),
        FIXTURE_TEST(parameter_loads_fault, 32),
    };
    return fixture_main("manual corners", tests, sizeof tests / sizeof *tests);
}
