// Conversions: halves to and from f32 exhaustively or at random against their definition, integers against hand-made
// vectors at their limits.
#include <fenv.h>
#include <math.h>

#include "float_values.h"
#include "vectors.h"

static double half_value(uint32_t bits)
{
    uint32_t exponent = bits >> 10 & 31, fraction = bits & 0x3ff;
    double magnitude = exponent == 31 ? (fraction ? NAN : INFINITY)
                       : exponent     ? ldexp(1024 + (double)fraction, (int)exponent - 25)
                                      : ldexp((double)fraction, -24);
    return bits & 0x8000 ? -magnitude : magnitude;
}

static void every_half_widens_exactly(void **state)
{
    struct fixture *f = *state;
    for (uint32_t base = 0; base < 0x10000; base += 64) {
        for (unsigned lane = 0; lane < 32; lane++)
            *fixture_v(f, 2, lane) = (base + lane) | (base + 32 + lane) << 16;
        fixture_run(f, "v_cvt_f32_f16 v0, v2.l\n v_cvt_f32_f16 v1, -v2.h");
        for (unsigned lane = 0; lane < 32; lane++) {
            uint32_t low = f32_bits((float)half_value(base + lane));
            uint32_t high = f32_bits((float)-half_value(base + 32 + lane));
            assert_true(same_f32(*fixture_v(f, 0, lane), low));
            assert_true(same_f32(*fixture_v(f, 1, lane), high));
        }
    }
}

// The neighbours of x among the halves and x's place between them decide.
static uint32_t narrowed(float x, unsigned direction)
{
    uint32_t sign = signbit(x) ? 0x8000 : 0;
    double magnitude = fabs((double)x);
    if (isnan(x))
        return 0x7e00;
    if (isinf(x))
        return sign | 0x7c00;
    uint32_t low = 0;
    for (uint32_t step = 0x4000; step; step >>= 1) {
        if (low + step < 0x7c00 && half_value(low + step) <= magnitude)
            low += step;
    }
    double below = half_value(low), above = low == 0x7bff ? 65536.0 : half_value(low + 1);
    double from_below = magnitude - below, to_above = above - magnitude;
    if (from_below == 0)
        return sign | low;
    bool nearest_is_above = from_below > to_above || (from_below == to_above && (low & 1));
    const bool away[4] = {nearest_is_above, !sign, sign != 0, false};
    return sign | (low + away[direction]);
}

static void narrowing_to_half_rounds_in_every_direction(void **state)
{
    struct fixture *f = *state;
    uint64_t seed = 4;
    for (unsigned round = 0; round < 400; round++) {
        unsigned direction = round & 3;
        for (unsigned lane = 0; lane < 32; lane++) {
            uint32_t r = (uint32_t)next_random(&seed);
            // Half of them in the range of halves, its denormals and its limits, some with few bits set.
            uint32_t near = (r & 0x807fffff) | ((102 + (r >> 8) % 44) << 23);
            *fixture_v(f, 2, lane) = lane & 1 ? random_f32(&seed) : lane & 2 ? near & 0xffffe000 : near & 0xfffff000;
        }
        f->wave.mode = mode_rounding(0, direction);
        fixture_run(f, "v_cvt_f16_f32 v0.l, v2\n v_cvt_f16_f32 v0.h, -v2\n v_cvt_pk_rtz_f16_f32 v1, v2, |v2|");
        for (unsigned lane = 0; lane < 32; lane++) {
            float x = as_f32(*fixture_v(f, 2, lane));
            uint32_t got = *fixture_v(f, 0, lane), packed = *fixture_v(f, 1, lane);
            if (!same_f16(got & 0xffff, narrowed(x, direction)) || !same_f16(got >> 16, narrowed(-x, direction)))
                fail_msg("%a in direction %u: %08x, expected %04x and %04x", (double)x, direction, got,
                         narrowed(x, direction), narrowed(-x, direction));
            assert_true(same_f16(packed & 0xffff, narrowed(x, 3)) && same_f16(packed >> 16, narrowed(fabsf(x), 3)));
        }
    }
}

static void integers_round_in_every_direction(void **state)
{
    static const int directions[4] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    struct fixture *f = *state;
    uint64_t seed = 5;
    for (unsigned direction = 0; direction < 4; direction++) {
        for (unsigned lane = 0; lane < 32; lane++) {
            *fixture_v(f, 2, lane) = (uint32_t)next_random(&seed) >> (lane & 15);
            vector_set(f, 4, lane, random_f64(&seed));
        }
        f->wave.mode = mode_rounding(direction, direction);
        fixture_run(f, "v_cvt_f32_i32 v0, v2\n v_cvt_f32_u32 v1, v2\n v_cvt_f32_f64 v3, v[4:5]\n v_cvt_f64_i32 v[6:7], "
                       "v2\n v_cvt_f64_u32 v[8:9], v2");
        for (unsigned lane = 0; lane < 32; lane++) {
            uint32_t x = *fixture_v(f, 2, lane);
            volatile double wide = as_f64(vector_get(f, 4, lane));
            volatile int32_t as_signed = (int32_t)x;
            volatile uint32_t as_unsigned = x;
            fesetround(directions[direction]);
            volatile float from_signed = (float)as_signed, from_unsigned = (float)as_unsigned, from_f64 = (float)wide;
            fesetround(FE_TONEAREST);
            assert_int_equal(*fixture_v(f, 0, lane), f32_bits(from_signed));
            assert_int_equal(*fixture_v(f, 1, lane), f32_bits(from_unsigned));
            assert_true(same_f32(*fixture_v(f, 3, lane), f32_bits(from_f64)));
            assert_true(as_f64(vector_get(f, 6, lane)) == (double)(int32_t)x);
            assert_true(as_f64(vector_get(f, 8, lane)) == (double)x);
        }
    }
}

// clang-format off
static void conversions_to_integers_truncate_and_saturate(void **state)
{
    static const struct vector table[] = {
        {"v_cvt_i32_f32 v0, v2", 0x3fffffff, 0, 0, 1, 0, 0},
        {"v_cvt_i32_f32 v0, v2", 0xbfffffff, 0, 0, 0xffffffff, 0, 0},
        {"v_cvt_i32_f32 v0, v2", 0x4f000000, 0, 0, 0x7fffffff, 0, 0},
        {"v_cvt_i32_f32 v0, v2", 0x4effffff, 0, 0, 0x7fffff80, 0, 0},
        {"v_cvt_i32_f32 v0, v2", 0xcf000000, 0, 0, 0x80000000, 0, 0},
        {"v_cvt_i32_f32 v0, v2", 0xff800000, 0, 0, 0x80000000, 0, 0},
        {"v_cvt_i32_f32 v0, v2", 0x7fc00000, 0, 0, 0, 0, 0},
        {"v_cvt_u32_f32 v0, v2", 0xbf800000, 0, 0, 0, 0, 0},
        {"v_cvt_u32_f32 v0, v2", 0x4f000000, 0, 0, 0x80000000, 0, 0},
        {"v_cvt_u32_f32 v0, v2", 0x4f7fffff, 0, 0, 0xffffff00, 0, 0},
        {"v_cvt_u32_f32 v0, v2", 0x4f800000, 0, 0, 0xffffffff, 0, 0},
        {"v_cvt_u32_f32 v0, v2", 0x7fc00000, 0, 0, 0, 0, 0},
        {"v_cvt_u32_f32 v0, v2", 0x40700000, 0, 0, 3, 0, 0},
        {"v_cvt_nearest_i32_f32 v0, v2", 0x3f000000, 0, 0, 1, 0, 0},
        {"v_cvt_nearest_i32_f32 v0, v2", 0xbf000000, 0, 0, 0, 0, 0},
        {"v_cvt_nearest_i32_f32 v0, v2", 0xc0266666, 0, 0, 0xfffffffd, 0, 0},
        {"v_cvt_floor_i32_f32 v0, v2", 0xbf000000, 0, 0, 0xffffffff, 0, 0},
        {"v_cvt_floor_i32_f32 v0, v2", 0x40700000, 0, 0, 3, 0, 0},
        {"v_cvt_off_f32_i4 v0, v2", 8, 0, 0, 0xbf000000, 0, 0},
        {"v_cvt_off_f32_i4 v0, v2", 0xf7, 0, 0, 0x3ee00000, 0, 0},
        {"v_cvt_off_f32_i4 v0, v2", 15, 0, 0, 0xbd800000, 0, 0},
        {"v_cvt_f32_ubyte0 v0, v2", 0x80ff7f01, 0, 0, 0x3f800000, 0, 0},
        {"v_cvt_f32_ubyte1 v0, v2", 0x80ff7f01, 0, 0, 0x42fe0000, 0, 0},
        {"v_cvt_f32_ubyte2 v0, v2", 0x80ff7f01, 0, 0, 0x437f0000, 0, 0},
        {"v_cvt_f32_ubyte3 v0, v2", 0x80ff7f01, 0, 0, 0x43000000, 0, 0},
        {"v_cvt_f64_f32 v[0:1], v2", 1, 0, 0, UINT64_C(0x36a0000000000000), 0, 0},
        {"v_cvt_f64_f32 v[0:1], -v2", 0x3fc00000, 0, 0, UINT64_C(0xbff8000000000000), 0, 0},
        {"v_cvt_i32_f64 v0, v[2:3]", UINT64_C(0xc1e0000000200000), 0, 0, 0x80000000, 0, 0},
        {"v_cvt_i32_f64 v0, v[2:3]", UINT64_C(0x41dfffffffe00000), 0, 0, 0x7fffffff, 0, 0},
        {"v_cvt_i32_f64 v0, v[2:3]", UINT64_C(0x7ff8000000000000), 0, 0, 0, 0, 0},
        {"v_cvt_u32_f64 v0, v[2:3]", UINT64_C(0x41efffffffe00000), 0, 0, 0xffffffff, 0, 0},
        {"v_cvt_u32_f64 v0, v[2:3]", UINT64_C(0x41e8000000000000), 0, 0, 0xc0000000, 0, 0},
        {"v_cvt_u32_f64 v0, v[2:3]", UINT64_C(0xbff0000000000000), 0, 0, 0, 0, 0},
        {"v_cvt_f16_u16 v0.l, v2.h", 0xffe00000, 0, 0, 0x7bff, 0, 0},
        {"v_cvt_f16_u16 v0.l, v2.h", 0x08010000, 0, 0, 0x6800, 0, 0},
        {"v_cvt_f16_i16 v0.h, v2.l", 0xffff, 0, 0, 0xbc00, 0, 0},
        {"v_cvt_u16_f16 v0.l, v2.l", 0x7bff, 0, 0, 0xffe0, 0, 0},
        {"v_cvt_u16_f16 v0.l, v2.l", 0x7c00, 0, 0, 0xffff, 0, 0},
        {"v_cvt_u16_f16 v0.l, v2.l", 0xbc00, 0, 0, 0, 0, 0},
        {"v_cvt_i16_f16 v0.l, v2.l", 0xfbff, 0, 0, 0x8000, 0, 0},
        {"v_cvt_i16_f16 v0.l, v2.l", 0xbfff, 0, 0, 0xffff, 0, 0},
        {"v_cvt_norm_i16_f16 v0.l, v2.l", 0x3c00, 0, 0, 0x7fff, 0, 0},
        {"v_cvt_norm_i16_f16 v0.l, v2.l", 0xc000, 0, 0, 0x8001, 0, 0},
        {"v_cvt_norm_i16_f16 v0.l, v2.l", 0x3800, 0, 0, 0x4000, 0, 0}, // 16383.5: to even
        {"v_cvt_norm_u16_f16 v0.l, v2.l", 0x3800, 0, 0, 0x8000, 0, 0}, // 32767.5: to even
        {"v_cvt_norm_u16_f16 v0.l, v2.l", 0xbc00, 0, 0, 0, 0, 0},
        {"v_cvt_pk_i16_f32 v0, v2, v4", 0xbfc00000, 0x47800000, 0, 0x7fffffff, 0, 0},
        {"v_cvt_pk_u16_f32 v0, v2, v4", 0xbfc00000, 0x477fff00, 0, 0xffff0000, 0, 0},
        {"v_cvt_pk_norm_i16_f32 v0, v2, v4", 0xbf800000, 0x7fc00000, 0, 0x00008001, 0, 0},
        {"v_cvt_pk_norm_u16_f32 v0, v2, v4", 0x3f800000, 0x3f000000, 0, 0x8000ffff, 0, 0},
        {"v_cvt_pk_norm_i16_f16 v0, v2.l, v4.h", 0x3c00, 0xbc000000, 0, 0x80017fff, 0, 0},
        {"v_cvt_pk_norm_u16_f16 v0, v2.l, v4.h", 0x3c00, 0x38000000, 0, 0x8000ffff, 0, 0},
        {"v_cvt_pk_u8_f32 v0, v2, v4, v6", 0x43960000, 1, 0x11223344, 0x1122ff44, 0, 0},
        {"v_cvt_pk_u8_f32 v0, v2, v4, v6", 0x42c90000, 7, 0x11223344, 0x64223344, 0, 0},
    };
    VECTORS_CHECK(*state, table);
}
// clang-format on

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(every_half_widens_exactly, 32),
        FIXTURE_TEST(narrowing_to_half_rounds_in_every_direction, 32),
        FIXTURE_TEST(integers_round_in_every_direction, 32),
        FIXTURE_TEST(conversions_to_integers_truncate_and_saturate, 32),
    };
    return fixture_main("valu_convert", tests, sizeof tests / sizeof *tests);
}
