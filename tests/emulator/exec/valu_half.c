// f16 arithmetic against arithmetic in __float128, whose sums and products of halves are exact, rounded once; halves of
// registers, modes, clamp and omod by hand-made vectors.
#include "float_values.h"
#include "vectors.h"

// The low or high half of a register, as a number; halves are exact in double.
static double half_value(uint32_t bits)
{
    uint32_t exponent = bits >> 10 & 31, fraction = bits & 0x3ff;
    double magnitude =
        exponent ? (double)(fraction | 0x400) * (double)(1u << exponent) * 0x1p-25 : (double)fraction * 0x1p-24;
    if ((bits & 0x7fff) > 0x7c00)
        return __builtin_nan("");
    if ((bits & 0x7fff) == 0x7c00)
        magnitude = __builtin_inf();
    return bits & 0x8000 ? -magnitude : magnitude;
}

// The half nearest to an exact value in MODE's direction: 0 nearest even, 1 up, 2 down, 3 to zero.
static uint32_t half_of(__float128 x, unsigned direction)
{
    if (__builtin_isnan(x))
        return 0x7e00;
    bool negative = __builtin_signbit((double)x) != 0;
    uint32_t sign = negative ? 0x8000 : 0;
    __float128 magnitude = negative ? -x : x;
    if (magnitude > 1e30)
        return sign | 0x7c00;
    // Bits and values of halves rise together, so that the half at or below is found by bisection.
    uint32_t low = 0, high = 0x7c00;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if ((__float128)half_value(middle) <= magnitude)
            low = middle;
        else
            high = middle;
    }
    __float128 below = half_value(low), above = high == 0x7c00 ? 65536.0 : half_value(high);
    if (magnitude == below)
        return sign | low;
    bool away;
    switch (direction) {
    case 0:
        away = magnitude - below > above - magnitude || (magnitude - below == above - magnitude && (low & 1));
        break;
    case 1: away = !negative; break;
    case 2: away = negative; break;
    default: away = false; break;
    }
    return sign | (away ? high : low);
}

enum operation { ADD, SUB, SUBREV, MUL, FMA };

static uint32_t expected(enum operation op, uint32_t a, uint32_t b, uint32_t c, unsigned direction)
{
    __float128 x = half_value(a), y = half_value(b), z = half_value(c), exact;
    switch (op) {
    case ADD: exact = x + y; break;
    case SUB: exact = x - y; break;
    case SUBREV: exact = y - x; break;
    case MUL: exact = x * y; break;
    default: exact = x * y + z; break;
    }
    return half_of(exact, direction);
}

// A sum that is exactly 0 has the sign that the direction gives it; __float128 always rounds to nearest.
static bool sign_is_open(enum operation op, uint32_t want, unsigned direction)
{
    return op != MUL && direction == 2 && (want & 0x7fff) == 0;
}

static void arithmetic_rounds_once_in_every_direction(void **state)
{
    static const struct {
        const char *text;
        enum operation op;
    } rows[] = {
        {"v_add_f16 v0.l, v2.l, v4.h", ADD},       {"v_sub_f16 v0.l, v2.l, v4.h", SUB},
        {"v_subrev_f16 v0.l, v2.l, v4.h", SUBREV}, {"v_mul_f16 v0.l, v2.l, v4.h", MUL},
        {"v_fma_f16 v0.l, v2.l, v4.h, v6.l", FMA}, {"v_mov_b16 v0.l, v6.l\n v_fmac_f16 v0.l, v2.l, v4.h", FMA},
    };
    struct fixture *f = *state;
    uint64_t seed = 3;
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        for (unsigned round = 0; round < 200; round++) {
            unsigned direction = round & 3;
            for (unsigned lane = 0; lane < 32; lane++) {
                *fixture_v(f, 0, lane) = 0x5a5a0000;
                *fixture_v(f, 2, lane) = random_f16(&seed) | 0xabcd0000;
                *fixture_v(f, 4, lane) = random_f16(&seed) << 16;
                *fixture_v(f, 6, lane) = random_f16(&seed);
            }
            f->wave.mode = mode_rounding(0, direction);
            fixture_run(f, rows[row].text);
            for (unsigned lane = 0; lane < 32; lane++) {
                uint32_t a = *fixture_v(f, 2, lane) & 0xffff, b = *fixture_v(f, 4, lane) >> 16;
                uint32_t c = *fixture_v(f, 6, lane), got = *fixture_v(f, 0, lane);
                uint32_t want = expected(rows[row].op, a, b, c, direction);
                bool zero = sign_is_open(rows[row].op, want, direction) && (got & 0x7fff) == 0;
                if (got >> 16 != 0x5a5a || !(zero || same_f16(got & 0xffff, want)))
                    fail_msg("%s of %04x, %04x, %04x, direction %u: %08x, expected %04x", rows[row].text, a, b, c,
                             direction, got, want);
            }
        }
    }
}

// Sums that a second rounding would get wrong: ties of f16 that a term far below breaks.
static void fma_breaks_ties_by_its_lowest_bits(void **state)
{
    static const struct vector table[] = {
        {"v_fma_f16 v0.l, v2.l, v4.l, v6.l", 0x3c01, 0x3c01, 0x0000, 0x3c02, 0, 0},
        {"v_fma_f16 v0.l, v2.l, v4.l, v6.l", 0x6156, 0x4200, 0x0001, 0x6801, 0, 0}, // 683 * 3 + 2^-24
        {"v_fma_f16 v0.l, v2.l, v4.l, v6.l", 0x6156, 0x4200, 0x0000, 0x6800, 0, 0},
        {"v_fma_f16 v0.l, v2.l, v4.l, v6.l", 0x5c94, 0x4700, 0x8001, 0x6801, 0, 0}, // 293 * 7 - 2^-24
        {"v_fma_f16 v0.l, v2.l, v4.l, v6.l", 0x5c94, 0x4700, 0x8000, 0x6802, 0, 0},
        {"v_fma_f16 v0.l, v2.l, v4.l, v6.l", 0x0001, 0x0001, 0x3c00, 0x3c00, 0, 0},
        {"v_fma_f16 v0.h, -v2.l, |v4.h|, v6.l", 0x3c00, 0xc0000000, 0x3c00, 0xbc00, 0, 0},
        {"v_fmamk_f16 v0.l, v2.l, 0x4000, v6.l", 0x3c00, 0, 0x3c00, 0x4200, 0, 0},
        {"v_fmaak_f16 v0.l, v2.l, v4.l, 0xbc00", 0x3c00, 0x4000, 0, 0x3c00, 0, 0},
    };
    VECTORS_CHECK(*state, table);
}

static void packed_accumulation_works_on_both_halves(void **state)
{
    struct fixture *f = *state;
    fixture_fill(f, 0, 0x3c004000); // 1, 2
    fixture_fill(f, 1, 0x40003c00); // 2, 1
    fixture_fill(f, 2, 0xc0004400); // -2, 4
    fixture_run(f, "v_pk_fmac_f16 v0, v1, v2");
    assert_int_equal(*fixture_v(f, 0, 31), 0xc2004600); // -3, 6
}

static void minimum_maximum_and_integers_of_halves(void **state)
{
    static const struct vector table[] = {
        {"v_min_f16 v0.l, v2.l, v4.l", 0x8000, 0, 0, 0x8000, 0, 0},
        {"v_min_f16 v0.l, v2.l, v4.l", 0x7e01, 0x3c00, 0, 0x3c00, 0, 0},
        {"v_min_f16 v0.l, v2.l, v4.l", 0x7c01, 0x3c00, 0, 0x7e01, 0, 0},
        {"v_max_f16 v0.l, v2.l, v4.l", 0x8000, 0, 0, 0, 0, 0},
        {"v_max_f16 v0.h, v2.l, -v4.h", 0x3c00, 0xc0000000, 0, 0x4000, 0, 0},
        {"v_min3_f16 v0.l, v2.l, v4.l, v6.l", 0x3c00, 0xbc00, 0x4000, 0xbc00, 0, 0},
        {"v_max3_f16 v0.l, v2.l, v4.l, v6.l", 0x3c00, 0xbc00, 0x7e00, 0x3c00, 0, 0},
        {"v_med3_f16 v0.l, v2.l, v4.l, v6.l", 0x3c00, 0xbc00, 0x4000, 0x3c00, 0, 0},
        {"v_med3_f16 v0.l, v2.l, v4.l, v6.l", 0x7e00, 0x4000, 0x3c00, 0x3c00, 0, 0},
        {"v_maxmin_f16 v0.l, v2.l, v4.l, v6.l", 0x3c00, 0xbc00, 0x3800, 0x3800, 0, 0},
        {"v_minmax_f16 v0.l, v2.l, v4.l, v6.l", 0x3c00, 0xbc00, 0x3800, 0x3800, 0, 0},
        {"v_trunc_f16 v0.l, v2.h", 0xbe000000, 0, 0, 0xbc00, 0, 0},
        {"v_ceil_f16 v0.l, v2.l", 0x0001, 0, 0, 0x3c00, 0, 0},
        {"v_ceil_f16 v0.l, v2.l", 0xb800, 0, 0, 0x8000, 0, 0},
        {"v_floor_f16 v0.l, v2.l", 0x8001, 0, 0, 0xbc00, 0, 0},
        {"v_rndne_f16 v0.l, v2.l", 0x4100, 0, 0, 0x4000, 0, 0},
        {"v_rndne_f16 v0.l, v2.l", 0x3e00, 0, 0, 0x4000, 0, 0},
        {"v_rndne_f16 v0.l, v2.l", 0x7bff, 0, 0, 0x7bff, 0, 0},
        {"v_fract_f16 v0.l, v2.l", 0xb400, 0, 0, 0x3a00, 0, 0},
        {"v_fract_f16 v0.l, v2.l", 0x8001, 0, 0, 0x3bff, 0, 0},
    };
    struct fixture *f = *state;
    for (unsigned direction = 0; direction < 4; direction++) {
        f->wave.mode = mode_rounding(0, direction);
        VECTORS_CHECK(f, table);
    }
}

static void modes_and_modifiers_of_halves(void **state)
{
    struct fixture *f = *state;
    static const struct vector clamped[] = {
        {"v_add_f16_e64 v0.l, v2.l, v4.l clamp", 0x3c00, 0x3c00, 0, 0x3c00, 0, 0},
        {"v_add_f16_e64 v0.l, v2.l, v4.l clamp", 0xbc00, 0, 0, 0, 0, 0},
        {"v_add_f16_e64 v0.l, v2.l, v4.l clamp", 0x7e00, 0, 0, 0, 0, 0},
    };
    VECTORS_CHECK(f, clamped);
    static const struct vector flushed[] = {
        {"v_add_f16 v0.l, v2.l, v4.l", 0x0001, 0x03ff, 0, 0, 0, 0},
        {"v_max_f16 v0.l, v2.l, v4.l", 0x0001, 0, 0, 0, 0, 0},
        {"v_mul_f16 v0.l, v2.l, v4.l", 0x8400, 0x3800, 0, 0x8000, 0, 0},
    };
    f->wave.mode = FIXTURE_MODE & ~0xc0u;
    VECTORS_CHECK(f, flushed);
    static const struct vector scaled[] = {{"v_add_f16_e64 v0.l, v2.l, v4.l mul:4", 0x3c00, 0, 0, 0x4400, 0, 0}};
    f->wave.mode = FIXTURE_MODE & ~0xc0u & ~(unsigned)EMU_MODE_IEEE;
    VECTORS_CHECK(f, scaled);
    static const struct vector limited[] = {
        {"v_add_f16 v0.l, v2.l, v4.l", 0x7bff, 0x7bff, 0, 0x7bff, 0, 0},
        {"v_mul_f16 v0.l, v2.l, v4.l", 0xfbff, 0x7bff, 0, 0xfbff, 0, 0},
        {"v_add_f16 v0.l, v2.l, v4.l", 0x7c00, 0x3c00, 0, 0x7c00, 0, 0}, // a true infinity stays
        {"v_cvt_f16_f32 v0.l, v2", 0x4f800000, 0, 0, 0x7bff, 0, 0},
        {"v_cvt_f16_f32 v0.l, v2", 0xff800000, 0, 0, 0xfc00, 0, 0},
    };
    f->wave.mode = FIXTURE_MODE | EMU_MODE_FP16_OVFL;
    VECTORS_CHECK(f, limited);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(arithmetic_rounds_once_in_every_direction, 32),
        FIXTURE_TEST(fma_breaks_ties_by_its_lowest_bits, 32),
        FIXTURE_TEST(packed_accumulation_works_on_both_halves, 32),
        FIXTURE_TEST(minimum_maximum_and_integers_of_halves, 32),
        FIXTURE_TEST(modes_and_modifiers_of_halves, 32),
    };
    return fixture_main("valu_half", tests, sizeof tests / sizeof *tests);
}
