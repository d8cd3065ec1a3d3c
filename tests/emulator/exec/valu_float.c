// f32 and f64 arithmetic against the host's own, in every rounding direction; minimum, maximum, median and rounding to
// integers against hand-made vectors; clamp, omod and denormal modes.
#include <fenv.h>
#include <math.h>

#include "float_values.h"
#include "vectors.h"

enum { ROUNDS = 60 };
static const int directions[4] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}; // MODE's encoding

struct arithmetic {
    const char *text;
    double (*of_f64)(double a, double b, double c);
    float (*of_f32)(float a, float b, float c);
};

static float add32(float a, float b, float c)
{
    volatile float r = a + b;
    (void)c;
    return r;
}

static float sub32(float a, float b, float c)
{
    volatile float r = a - b;
    (void)c;
    return r;
}

static float subrev32(float a, float b, float c)
{
    volatile float r = b - a;
    (void)c;
    return r;
}

static float mul32(float a, float b, float c)
{
    volatile float r = a * b;
    (void)c;
    return r;
}

static float mul_legacy32(float a, float b, float c)
{
    (void)c;
    return a == 0 || b == 0 ? 0.0f : mul32(a, b, 0);
}

static float fma32(float a, float b, float c)
{
    return fmaf(a, b, c);
}

static float fma_legacy32(float a, float b, float c)
{
    return a == 0 || b == 0 ? c : fmaf(a, b, c);
}

static float fma_inner32(float a, float b, float c)
{
    (void)b;
    return fmaf(a, 1.5f, c);
}

static float fma_outer32(float a, float b, float c)
{
    (void)c;
    return fmaf(a, b, -3.25f);
}

static float fma_modified32(float a, float b, float c)
{
    return fmaf(-a, fabsf(b), -fabsf(c));
}

static double add64(double a, double b, double c)
{
    volatile double r = a + b;
    (void)c;
    return r;
}

static double mul64(double a, double b, double c)
{
    volatile double r = a * b;
    (void)c;
    return r;
}

static const struct arithmetic singles[] = {
    {"v_add_f32 v0, v2, v4", NULL, add32},
    {"v_sub_f32 v0, v2, v4", NULL, sub32},
    {"v_subrev_f32 v0, v2, v4", NULL, subrev32},
    {"v_mul_f32 v0, v2, v4", NULL, mul32},
    {"v_mul_dx9_zero_f32 v0, v2, v4", NULL, mul_legacy32},
    {"v_fma_f32 v0, v2, v4, v6", NULL, fma32},
    {"v_fma_f32 v0, -v2, |v4|, -|v6|", NULL, fma_modified32},
    {"v_fma_dx9_zero_f32 v0, v2, v4, v6", NULL, fma_legacy32},
    {"v_mov_b32 v0, v6\n v_fmac_f32 v0, v2, v4", NULL, fma32},
    {"v_mov_b32 v0, v6\n v_fmac_dx9_zero_f32 v0, v2, v4", NULL, fma_legacy32},
    {"v_fmamk_f32 v0, v2, 0x3fc00000, v6", NULL, fma_inner32},
    {"v_fmaak_f32 v0, v2, v4, 0xc0500000", NULL, fma_outer32},
};

static void f32_arithmetic_rounds_once_in_every_direction(void **state)
{
    struct fixture *f = *state;
    uint64_t seed = 1;
    for (size_t op = 0; op < sizeof singles / sizeof *singles; op++) {
        for (unsigned round = 0; round < ROUNDS; round++) {
            unsigned direction = round & 3;
            for (unsigned lane = 0; lane < 32; lane++) {
                for (unsigned reg = 2; reg <= 6; reg += 2)
                    *fixture_v(f, reg, lane) = random_f32(&seed);
            }
            f->wave.mode = mode_rounding(direction, 0);
            fixture_run(f, singles[op].text);
            assert_int_equal(fegetround(), FE_TONEAREST);
            for (unsigned lane = 0; lane < 32; lane++) {
                uint32_t a = *fixture_v(f, 2, lane), b = *fixture_v(f, 4, lane), c = *fixture_v(f, 6, lane);
                fesetround(directions[direction]);
                uint32_t want = f32_bits(singles[op].of_f32(as_f32(a), as_f32(b), as_f32(c)));
                fesetround(FE_TONEAREST);
                uint32_t got = *fixture_v(f, 0, lane);
                if (!same_f32(got, want))
                    fail_msg("%s of %08x, %08x, %08x, direction %u: %08x, expected %08x", singles[op].text, a, b, c,
                             direction, got, want);
            }
        }
    }
}

static const struct arithmetic doubles[] = {
    {"v_add_f64 v[0:1], v[2:3], v[4:5]", add64, NULL},
    {"v_mul_f64 v[0:1], v[2:3], v[4:5]", mul64, NULL},
    {"v_fma_f64 v[0:1], v[2:3], v[4:5], v[6:7]", fma, NULL},
};

static void f64_arithmetic_rounds_once_in_every_direction(void **state)
{
    struct fixture *f = *state;
    uint64_t seed = 2;
    for (size_t op = 0; op < sizeof doubles / sizeof *doubles; op++) {
        for (unsigned round = 0; round < ROUNDS; round++) {
            unsigned direction = round & 3;
            for (unsigned lane = 0; lane < 32; lane++) {
                for (unsigned reg = 2; reg <= 6; reg += 2)
                    vector_set(f, reg, lane, random_f64(&seed));
            }
            f->wave.mode = mode_rounding(0, direction);
            fixture_run(f, doubles[op].text);
            for (unsigned lane = 0; lane < 32; lane++) {
                double a = as_f64(vector_get(f, 2, lane)), b = as_f64(vector_get(f, 4, lane));
                double c = as_f64(vector_get(f, 6, lane));
                fesetround(directions[direction]);
                uint64_t want = f64_bits(doubles[op].of_f64(a, b, c));
                fesetround(FE_TONEAREST);
                uint64_t got = vector_get(f, 0, lane);
                if (!same_f64(got, want))
                    fail_msg("%s of %a, %a, %a, direction %u: %a, expected %a", doubles[op].text, a, b, c, direction,
                             as_f64(got), as_f64(want));
            }
        }
    }
}

#define QUIET    0x7fc00123
#define SIGNAL   0x7f800123
#define INFINITE 0x7f800000
#define NEG      0x80000000
#define ONE      0x3f800000
#define TWO      0x40000000

static void minimum_and_maximum_order_zeros_and_pass_nans_over(void **state)
{
    static const struct vector table[] = {
        {"v_min_f32 v0, v2, v4", NEG, 0, 0, NEG, 0, 0},
        {"v_min_f32 v0, v2, v4", 0, NEG, 0, NEG, 0, 0},
        {"v_min_f32 v0, v2, v4", 0xbf800000, 0xc0000000, 0, 0xc0000000, 0, 0},
        {"v_min_f32 v0, v2, v4", QUIET, ONE, 0, ONE, 0, 0},
        {"v_min_f32 v0, v2, v4", ONE, QUIET, 0, ONE, 0, 0},
        {"v_min_f32 v0, v2, v4", QUIET, QUIET + 1, 0, QUIET, 0, 0},
        {"v_min_f32 v0, v2, v4", SIGNAL, ONE, 0, QUIET, 0, 0}, // IEEE mode: itself, quiet
        {"v_min_f32 v0, v2, v4", ONE, SIGNAL, 0, QUIET, 0, 0},
        {"v_max_f32 v0, v2, v4", NEG, 0, 0, 0, 0, 0},
        {"v_max_f32 v0, v2, v4", INFINITE, ONE, 0, INFINITE, 0, 0},
        {"v_max_f32 v0, v2, v4", 1, NEG | 1, 0, 1, 0, 0},
        {"v_max_f32 v0, v2, v4", QUIET, 0xff800000, 0, 0xff800000, 0, 0},
        {"v_max_f32 v0, -v2, |v4|", TWO, 0xbf800000, 0, ONE, 0, 0},
        {"v_min3_f32 v0, v2, v4, v6", TWO, QUIET, ONE, ONE, 0, 0},
        {"v_max3_f32 v0, v2, v4, v6", TWO, ONE, INFINITE, INFINITE, 0, 0},
        {"v_maxmin_f32 v0, v2, v4, v6", TWO, ONE, 0, 0, 0, 0},
        {"v_minmax_f32 v0, v2, v4, v6", TWO, ONE, INFINITE, INFINITE, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", TWO, 0, ONE, ONE, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", 0, NEG, ONE, 0, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", NEG, 0, NEG, 0, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", TWO, QUIET, ONE, ONE, 0, 0},
        {"v_med3_f32 v0, v2, v4, v6", QUIET, QUIET + 1, QUIET + 2, QUIET, 0, 0},
        {"v_min_f64 v[0:1], v[2:3], v[4:5]", UINT64_C(1) << 63, 0, 0, UINT64_C(1) << 63, 0, 0},
        {"v_min_f64 v[0:1], v[2:3], v[4:5]", UINT64_C(0x7ff0000000000001), 0, 0, UINT64_C(0x7ff8000000000001), 0, 0},
        {"v_max_f64 v[0:1], v[2:3], v[4:5]", UINT64_C(1) << 63, 0, 0, 0, 0, 0},
        {"v_max_f64 v[0:1], v[2:3], v[4:5]", UINT64_C(0x7ff8000000000001), 5, 0, 5, 0, 0},
    };
    VECTORS_CHECK(*state, table);
}

static void signalling_nans_count_as_nans_outside_ieee_mode(void **state)
{
    static const struct vector table[] = {
        {"v_min_f32 v0, v2, v4", SIGNAL, ONE, 0, ONE, 0, 0},
        {"v_max_f32 v0, v2, v4", ONE, SIGNAL, 0, ONE, 0, 0},
        {"v_max_f32 v0, v2, v4", SIGNAL, SIGNAL + 1, 0, SIGNAL, 0, 0},
    };
    struct fixture *f = *state;
    f->wave.mode = FIXTURE_MODE & ~(unsigned)EMU_MODE_IEEE;
    VECTORS_CHECK(f, table);
}

static void integers_and_fractions(void **state)
{
    static const struct vector table[] = {
        {"v_trunc_f32 v0, v2", 0xbfc00000, 0, 0, 0xbf800000, 0, 0},
        {"v_trunc_f32 v0, v2", 0xbf000000, 0, 0, NEG, 0, 0},
        {"v_trunc_f32 v0, v2", 0x4b7fffff, 0, 0, 0x4b7fffff, 0, 0},
        {"v_trunc_f32 v0, v2", SIGNAL, 0, 0, QUIET, 0, 0},
        {"v_ceil_f32 v0, v2", 0x3f000001, 0, 0, ONE, 0, 0},
        {"v_ceil_f32 v0, v2", 0xbf000000, 0, 0, NEG, 0, 0},
        {"v_ceil_f32 v0, v2", 1, 0, 0, ONE, 0, 0},
        {"v_ceil_f32 v0, v2", 0xff800000, 0, 0, 0xff800000, 0, 0},
        {"v_floor_f32 v0, v2", NEG | 1, 0, 0, 0xbf800000, 0, 0},
        {"v_floor_f32 v0, v2", 0x3fffffff, 0, 0, ONE, 0, 0},
        {"v_floor_f32 v0, v2", NEG, 0, 0, NEG, 0, 0},
        {"v_rndne_f32 v0, v2", 0x3f000000, 0, 0, 0, 0, 0},          // 0.5 -> 0
        {"v_rndne_f32 v0, v2", 0x3fc00000, 0, 0, TWO, 0, 0},        // 1.5 -> 2
        {"v_rndne_f32 v0, v2", 0xc0200000, 0, 0, 0xc0000000, 0, 0}, // -2.5 -> -2
        {"v_rndne_f32 v0, v2", 0x4b000001, 0, 0, 0x4b000001, 0, 0},
        {"v_fract_f32 v0, v2", 0x3fc00000, 0, 0, 0x3f000000, 0, 0},
        {"v_fract_f32 v0, v2", 0xbe800000, 0, 0, 0x3f400000, 0, 0},
        {"v_fract_f32 v0, v2", NEG | 1, 0, 0, 0x3f7fffff, 0, 0}, // never 1
        {"v_trunc_f64 v[0:1], v[2:3]", UINT64_C(0xbff8000000000000), 0, 0, UINT64_C(0xbff0000000000000), 0, 0},
        {"v_ceil_f64 v[0:1], v[2:3]", UINT64_C(0x3ff8000000000000), 0, 0, UINT64_C(0x4000000000000000), 0, 0},
        {"v_floor_f64 v[0:1], v[2:3]", UINT64_C(0x8000000000000001), 0, 0, UINT64_C(0xbff0000000000000), 0, 0},
        {"v_rndne_f64 v[0:1], v[2:3]", UINT64_C(0x4004000000000000), 0, 0, UINT64_C(0x4000000000000000), 0, 0},
        {"v_fract_f64 v[0:1], v[2:3]", UINT64_C(0xbfd0000000000000), 0, 0, UINT64_C(0x3fe8000000000000), 0, 0},
    };
    struct fixture *f = *state;
    for (unsigned direction = 0; direction < 4; direction++) {
        f->wave.mode = mode_rounding(direction, direction); // none of these rounds by MODE
        VECTORS_CHECK(f, table);
    }
}

static void cube_faces_follow_the_major_axis(void **state)
{
    enum { HALF = 0x3f000000, MINUS_TWO = 0xc0000000, FOUR = 0x40800000 };
    static const struct vector table[] = {
        {"v_cubeid_f32 v0, v2, v4, v6", TWO, ONE, HALF, 0, 0, 0},
        {"v_cubeid_f32 v0, v2, v4, v6", MINUS_TWO, ONE, HALF, ONE, 0, 0},
        {"v_cubeid_f32 v0, v2, v4, v6", ONE, MINUS_TWO, HALF, 0x40400000, 0, 0},
        {"v_cubeid_f32 v0, v2, v4, v6", ONE, ONE, ONE, 0x40800000, 0, 0},
        {"v_cubeid_f32 v0, v2, v4, v6", ONE, ONE, MINUS_TWO, 0x40a00000, 0, 0},
        {"v_cubesc_f32 v0, v2, v4, v6", TWO, ONE, HALF, 0xbf000000, 0, 0},
        {"v_cubesc_f32 v0, v2, v4, v6", ONE, TWO, HALF, ONE, 0, 0},
        {"v_cubesc_f32 v0, v2, v4, v6", ONE, HALF, MINUS_TWO, 0xbf800000, 0, 0},
        {"v_cubetc_f32 v0, v2, v4, v6", TWO, ONE, HALF, 0xbf800000, 0, 0},
        {"v_cubetc_f32 v0, v2, v4, v6", ONE, TWO, HALF, HALF, 0, 0},
        {"v_cubetc_f32 v0, v2, v4, v6", ONE, MINUS_TWO, HALF, 0xbf000000, 0, 0},
        {"v_cubema_f32 v0, v2, v4, v6", TWO, ONE, HALF, FOUR, 0, 0},
        {"v_cubema_f32 v0, v2, v4, v6", ONE, MINUS_TWO, HALF, 0xc0800000, 0, 0},
        {"v_mullit_f32 v0, v2, v4, v6", TWO, TWO, ONE, FOUR, 0, 0},
        {"v_mullit_f32 v0, v2, v4, v6", TWO, TWO, 0, 0xff7fffff, 0, 0},
        {"v_mullit_f32 v0, v2, v4, v6", TWO, QUIET, ONE, 0xff7fffff, 0, 0},
    };
    VECTORS_CHECK(*state, table);
}

static void clamp_limits_to_zero_and_one(void **state)
{
    static const struct vector table[] = {
        {"v_add_f32 v0, v2, v4 clamp", ONE, ONE, 0, ONE, 0, 0},
        {"v_add_f32 v0, v2, v4 clamp", 0xbf800000, 0, 0, 0, 0, 0},
        {"v_add_f32 v0, v2, v4 clamp", 0x3f000000, 0, 0, 0x3f000000, 0, 0},
        {"v_add_f32 v0, v2, v4 clamp", QUIET, 0, 0, 0, 0, 0}, // DX10_CLAMP
        {"v_max_f32 v0, v2, v4 clamp", TWO, 0, 0, ONE, 0, 0},
        {"v_add_f64 v[0:1], v[2:3], v[4:5] clamp", UINT64_C(0x4000000000000000), 0, 0, UINT64_C(0x3ff0000000000000), 0,
         0},
    };
    struct fixture *f = *state;
    VECTORS_CHECK(f, table);
    static const struct vector keeps_nan[] = {{"v_add_f32 v0, v2, v4 clamp", QUIET, 0, 0, QUIET, 0, 0}};
    f->wave.mode = FIXTURE_MODE & ~(unsigned)EMU_MODE_DX10_CLAMP;
    VECTORS_CHECK(f, keeps_nan);
}

static void omod_scales_where_denormals_are_flushed(void **state)
{
    static const struct vector table[] = {
        {"v_add_f32 v0, v2, v4 mul:2", ONE, 0, 0, TWO, 0, 0},
        {"v_add_f32 v0, v2, v4 mul:4", ONE, 0, 0, 0x40800000, 0, 0},
        {"v_add_f32 v0, v2, v4 div:2", ONE, 0, 0, 0x3f000000, 0, 0},
        {"v_add_f32 v0, v2, v4 div:2", 0x00800000, 0, 0, 0, 0, 0},
        {"v_mul_f32 v0, v2, v4 mul:2", NEG, ONE, 0, 0, 0, 0}, // -0 becomes +0
        {"v_add_f32 v0, v2, v4 clamp mul:4", 0x3f000000, 0, 0, ONE, 0, 0},
    };
    struct fixture *f = *state;
    f->wave.mode = (FIXTURE_MODE & ~(unsigned)EMU_MODE_IEEE) & ~0x30u;
    VECTORS_CHECK(f, table);
    static const struct vector ignored[] = {{"v_add_f32 v0, v2, v4 mul:2", ONE, 0, 0, ONE, 0, 0}};
    f->wave.mode = FIXTURE_MODE & ~(unsigned)EMU_MODE_IEEE; // denormals kept
    VECTORS_CHECK(f, ignored);
    f->wave.mode = FIXTURE_MODE & ~0x30u; // IEEE
    VECTORS_CHECK(f, ignored);
}

static void denormal_modes_flush_inputs_and_outputs(void **state)
{
    static const struct vector kept[] = {
        {"v_add_f32 v0, v2, v4", 1, 1, 0, 2, 0, 0},
        {"v_mul_f32 v0, v2, v4", 0x00800000, 0x3f000000, 0, 0x00400000, 0, 0},
    };
    static const struct vector output_flushed[] = {
        {"v_add_f32 v0, v2, v4", 0x007fffff, 1, 0, 0x00800000, 0, 0},
        {"v_add_f32 v0, v2, v4", NEG | 1, NEG | 1, 0, NEG, 0, 0},
        {"v_mul_f32 v0, v2, v4", 0x00800000, 0x3f000000, 0, 0, 0, 0},
    };
    static const struct vector input_flushed[] = {
        {"v_add_f32 v0, v2, v4", 0x007fffff, 1, 0, 0, 0, 0},
        {"v_mul_f32 v0, v2, v4", 1, 0x7f000000, 0, 0, 0, 0},
        {"v_mul_f32 v0, v2, v4", 0x00800000, 0x3f000000, 0, 0x00400000, 0, 0},
        {"v_max_f32 v0, v2, v4", 1, 0, 0, 0, 0, 0},
        {"v_fma_f32 v0, v2, v4, v6", NEG | 5, ONE, NEG, NEG, 0, 0},
    };
    struct fixture *f = *state;
    const uint32_t mode = FIXTURE_MODE & ~0x30u;
    VECTORS_CHECK(f, kept);
    f->wave.mode = mode | 0x10;
    VECTORS_CHECK(f, output_flushed);
    f->wave.mode = mode | 0x20;
    VECTORS_CHECK(f, input_flushed);
    static const struct vector f64_flushed[] = {
        {"v_add_f64 v[0:1], v[2:3], v[4:5]", 1, UINT64_C(0x000fffffffffffff), 0, 0, 0, 0},
        {"v_max_f64 v[0:1], v[2:3], v[4:5]", 1, 0, 0, 0, 0, 0},
    };
    f->wave.mode = FIXTURE_MODE & ~0xc0u;
    VECTORS_CHECK(f, f64_flushed);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(f32_arithmetic_rounds_once_in_every_direction, 32),
        FIXTURE_TEST(f64_arithmetic_rounds_once_in_every_direction, 32),
        FIXTURE_TEST(minimum_and_maximum_order_zeros_and_pass_nans_over, 32),
        FIXTURE_TEST(signalling_nans_count_as_nans_outside_ieee_mode, 32),
        FIXTURE_TEST(integers_and_fractions, 32),
        FIXTURE_TEST(cube_faces_follow_the_major_axis, 32),
        FIXTURE_TEST(clamp_limits_to_zero_and_one, 32),
        FIXTURE_TEST(omod_scales_where_denormals_are_flushed, 32),
        FIXTURE_TEST(denormal_modes_flush_inputs_and_outputs, 32),
    };
    return fixture_main("valu_float", tests, sizeof tests / sizeof *tests);
}
