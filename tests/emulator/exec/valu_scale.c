// Exponents apart and together, argument reduction, and division: the sequences that LLVM emits for f32 and f64
// must give the host's correctly rounded quotients, which holds only if div_scale, div_fmas and div_fixup fit together.
#include <math.h>

#include "float_values.h"
#include "vectors.h"

// clang-format off
static void exponents_and_mantissas(void **state)
{
    static const struct vector table[] = {
        {"v_frexp_exp_i32_f32 v0, v2", 0x3f800000, 0, 0, 1, 0, 0},
        {"v_frexp_exp_i32_f32 v0, v2", 0xc1200000, 0, 0, 4, 0, 0},
        {"v_frexp_exp_i32_f32 v0, v2", 0x00000001, 0, 0, (uint32_t)-148, 0, 0},
        {"v_frexp_exp_i32_f32 v0, v2", 0, 0, 0, 0, 0, 0},
        {"v_frexp_exp_i32_f32 v0, v2", 0x7f800000, 0, 0, 0, 0, 0},
        {"v_frexp_exp_i32_f32 v0, v2", 0x7fc00000, 0, 0, 0, 0, 0},
        {"v_frexp_mant_f32 v0, v2", 0xc1200000, 0, 0, 0xbf200000, 0, 0},
        {"v_frexp_mant_f32 v0, v2", 0x00000003, 0, 0, 0x3f400000, 0, 0},
        {"v_frexp_mant_f32 v0, v2", 0xff800000, 0, 0, 0xff800000, 0, 0},
        {"v_frexp_mant_f32 v0, v2", 0x80000000, 0, 0, 0x80000000, 0, 0},
        {"v_frexp_exp_i16_f16 v0.l, v2.h", 0x00010000, 0, 0, 0xffe9, 0, 0}, // 2^-24
        {"v_frexp_exp_i16_f16 v0.l, v2.h", 0x7bff0000, 0, 0, 16, 0, 0},
        {"v_frexp_mant_f16 v0.l, v2.l", 0x4a00, 0, 0, 0x3a00, 0, 0},
        {"v_frexp_exp_i32_f64 v0, v[2:3]", 1, 0, 0, (uint32_t)-1073, 0, 0},
        {"v_frexp_exp_i32_f64 v0, v[2:3]", UINT64_C(0x4024000000000000), 0, 0, 4, 0, 0},
        {"v_frexp_mant_f64 v[0:1], v[2:3]", UINT64_C(0xc024000000000000), 0, 0, UINT64_C(0xbfe4000000000000), 0, 0},
        {"v_ldexp_f32 v0, v2, v4", 0x3fc00000, 3, 0, 0x41400000, 0, 0},
        {"v_ldexp_f32 v0, v2, v4", 0x3f800000, (uint32_t)-149, 0, 1, 0, 0},
        {"v_ldexp_f32 v0, v2, v4", 0x3fc00000, (uint32_t)-149, 0, 2, 0, 0},  // 1.5 ulp: to even
        {"v_ldexp_f32 v0, v2, v4", 0x3fa00000, (uint32_t)-149, 0, 1, 0, 0},
        {"v_ldexp_f32 v0, v2, v4", 1, 276, 0, 0x7f000000, 0, 0},
        {"v_ldexp_f32 v0, v2, v4", 0xbf800000, 0x7fffffff, 0, 0xff800000, 0, 0},
        {"v_ldexp_f32 v0, v2, v4", 0xff7fffff, 0x80000000, 0, 0x80000000, 0, 0},
        {"v_ldexp_f16 v0.l, v2.l, v4.h", 0x3c00, 0x00030000, 0, 0x4800, 0, 0},
        {"v_ldexp_f16 v0.l, v2.l, v4.h", 0x3e00, 0xffe80000, 0, 0x0002, 0, 0},
        {"v_ldexp_f16 v0.l, v2.l, v4.h", 0x3c00, 0x7fff0000, 0, 0x7c00, 0, 0},
        {"v_ldexp_f64 v[0:1], v[2:3], v4", UINT64_C(0x3ff8000000000000), (uint32_t)-1074, 0, 2, 0, 0},
        {"v_ldexp_f64 v[0:1], v[2:3], v4", 1, 0x7fffffff, 0, UINT64_C(0x7ff0000000000000), 0, 0},
        // 2/pi = 0x3fe45f306dc9c882 a53f84eafa3ea69b b81b6c52b3278872 0...: the segments are cut, not rounded.
        {"v_trig_preop_f64 v[0:1], v[2:3], v4", UINT64_C(0x3ff0000000000000), 0, 0, UINT64_C(0x3fe45f306dc9c882), 0, 0},
        {"v_trig_preop_f64 v[0:1], v[2:3], v4", UINT64_C(0x3ff0000000000000), 1, 0, UINT64_C(0x3c94a7f09d5f47d4), 0, 0},
        {"v_trig_preop_f64 v[0:1], v[2:3], v4", UINT64_C(0x4350000000000000), 0, 0, UINT64_C(0x3fe45f306dc9c882), 0, 0},
        {"v_trig_preop_f64 v[0:1], v[2:3], v4", UINT64_C(0x43e0000000000000), 0, 0, UINT64_C(0x3f5e60db9391054a), 0, 0},
    };
    VECTORS_CHECK(*state, table);
}

static void division_fixes_special_cases(void **state)
{
    enum { INF32 = 0x7f800000, ONE = 0x3f800000 };
    static const struct vector table[] = { // quotient, denominator, numerator
        {"v_div_fixup_f32 v0, v2, v4, v6", 5, ONE, 0x7f800001, 0x7fc00001, 0, 0},
        {"v_div_fixup_f32 v0, v2, v4, v6", 5, 0xff800002, ONE, 0xffc00002, 0, 0},
        {"v_div_fixup_f32 v0, v2, v4, v6", 5, 0, 0x80000000, 0xffc00000, 0, 0},
        {"v_div_fixup_f32 v0, v2, v4, v6", 5, INF32, INF32, 0xffc00000, 0, 0},
        {"v_div_fixup_f32 v0, v2, v4, v6", 5, 0x80000000, ONE, 0xff800000, 0, 0},
        {"v_div_fixup_f32 v0, v2, v4, v6", 5, ONE, INF32, INF32, 0, 0},
        {"v_div_fixup_f32 v0, v2, v4, v6", 5, 0xff800000, ONE, 0x80000000, 0, 0},
        {"v_div_fixup_f32 v0, v2, v4, v6", 5, ONE, 0x80000000, 0x80000000, 0, 0},
        {"v_div_fixup_f32 v0, v2, v4, v6", 0xbf000000, ONE, ONE, 0x3f000000, 0, 0},
        {"v_div_fixup_f32 v0, v2, v4, v6", 0x3f000000, ONE, 0xbf800000, 0xbf000000, 0, 0},
        {"v_div_fixup_f32 v0, v2, v4, v6", ONE, 0x7f000000, 0x00000001, 0, 0, 0},
        {"v_div_fixup_f64 v[0:1], v[2:3], v[4:5], v[6:7]", 5, 0, 0, UINT64_C(0xfff8000000000000), 0, 0},
        {"v_div_fixup_f64 v[0:1], v[2:3], v[4:5], v[6:7]", 5, 0, UINT64_C(0xbff0000000000000), UINT64_C(0xfff0000000000000), 0, 0},
        {"v_div_fixup_f16 v0.l, v2.l, v4.l, v6.l", 5, 0, 0, 0xfe00, 0, 0},
        {"v_div_fixup_f16 v0.l, v2.l, v4.l, v6.l", 5, 0x3c00, 0xfc00, 0xfc00, 0, 0},
        {"v_div_fixup_f16 v0.l, v2.l, v4.l, v6.h", 0x3800, 0x4000, 0xbc000000, 0xb800, 0, 0},
    };
    VECTORS_CHECK(*state, table);
}
// clang-format on

static void f32_division_is_correctly_rounded(void **state)
{
    struct fixture *f = *state;
    uint64_t seed = 7;
    for (unsigned round = 0; round < 500; round++) {
        for (unsigned lane = 0; lane < 32; lane++) {
            *fixture_v(f, 2, lane) = random_f32(&seed);
            *fixture_v(f, 4, lane) = random_f32(&seed);
        }
        fixture_run(f, "v_div_scale_f32 v10, null, v4, v4, v2\n"
                       "v_rcp_f32 v12, v10\n"
                       "v_fma_f32 v13, -v10, v12, 1.0\n"
                       "v_fmac_f32 v12, v13, v12\n"
                       "v_div_scale_f32 v11, vcc_lo, v2, v4, v2\n"
                       "v_mul_f32 v13, v11, v12\n"
                       "v_fma_f32 v14, -v10, v13, v11\n"
                       "v_fmac_f32 v13, v14, v12\n"
                       "v_fma_f32 v14, -v10, v13, v11\n"
                       "v_div_fmas_f32 v0, v14, v12, v13\n"
                       "v_div_fixup_f32 v0, v0, v4, v2");
        for (unsigned lane = 0; lane < 32; lane++) {
            volatile float a = as_f32(*fixture_v(f, 2, lane)), b = as_f32(*fixture_v(f, 4, lane));
            uint32_t got = *fixture_v(f, 0, lane), want = f32_bits(a / b);
            if (!same_f32(got, want))
                fail_msg("%a / %a: %08x, expected %08x", (double)a, (double)b, got, want);
        }
    }
}

static void f64_division_is_correctly_rounded(void **state)
{
    struct fixture *f = *state;
    uint64_t seed = 8;
    for (unsigned round = 0; round < 300; round++) {
        for (unsigned lane = 0; lane < 32; lane++) {
            vector_set(f, 2, lane, random_f64(&seed));
            vector_set(f, 4, lane, random_f64(&seed));
        }
        fixture_run(f, "v_div_scale_f64 v[10:11], null, v[4:5], v[4:5], v[2:3]\n"
                       "v_rcp_f64 v[12:13], v[10:11]\n"
                       "v_fma_f64 v[14:15], -v[10:11], v[12:13], 1.0\n"
                       "v_fma_f64 v[12:13], v[12:13], v[14:15], v[12:13]\n"
                       "v_fma_f64 v[14:15], -v[10:11], v[12:13], 1.0\n"
                       "v_fma_f64 v[12:13], v[12:13], v[14:15], v[12:13]\n"
                       "v_div_scale_f64 v[14:15], vcc_lo, v[2:3], v[4:5], v[2:3]\n"
                       "v_mul_f64 v[16:17], v[14:15], v[12:13]\n"
                       "v_fma_f64 v[10:11], -v[10:11], v[16:17], v[14:15]\n"
                       "v_div_fmas_f64 v[0:1], v[10:11], v[12:13], v[16:17]\n"
                       "v_div_fixup_f64 v[0:1], v[0:1], v[4:5], v[2:3]");
        for (unsigned lane = 0; lane < 32; lane++) {
            volatile double a = as_f64(vector_get(f, 2, lane)), b = as_f64(vector_get(f, 4, lane));
            uint64_t got = vector_get(f, 0, lane), want = f64_bits(a / b);
            if (!same_f64(got, want))
                fail_msg("%a / %a: %a, expected %a", a, b, as_f64(got), as_f64(want));
        }
    }
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(exponents_and_mantissas, 32),
        FIXTURE_TEST(division_fixes_special_cases, 32),
        FIXTURE_TEST(f32_division_is_correctly_rounded, 32),
        FIXTURE_TEST(f64_division_is_correctly_rounded, 32),
    };
    return fixture_main("valu_scale", tests, sizeof tests / sizeof *tests);
}
