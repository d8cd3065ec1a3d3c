// Packed 16-bit math and mixed-precision FMA against values worked out by hand: halves, modifiers, constants, clamp,
// rounding that a detour through f32 would get wrong, MODE, partial EXEC.
#include "wave_fixture.h"

struct vector {
    const char *text; // v0 = f(v1, v2, v3)
    uint32_t a, b, c; // v1, v2, v3
    uint32_t want;
    uint32_t before; // v0
};

static void run_vectors(struct fixture *f, const struct vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct vector *v = &vectors[i];
        fixture_fill(f, 0, v->before);
        fixture_fill(f, 1, v->a);
        fixture_fill(f, 2, v->b);
        fixture_fill(f, 3, v->c);
        fixture_run(f, v->text);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            if (*fixture_v(f, 0, lane) != v->want)
                fail_msg("%s of 0x%08x 0x%08x 0x%08x: 0x%08x instead of 0x%08x in lane %u", v->text, v->a, v->b, v->c,
                         *fixture_v(f, 0, lane), v->want, lane);
        }
    }
}
#define RUN(f, vectors) run_vectors(f, vectors, sizeof(vectors) / sizeof *(vectors))

static void integers_work_on_each_half(void **state)
{
    static const struct vector vectors[] = {
        {"v_pk_mad_i16 v0, v1, v2, v3", 0x00030002, 0xfffe0005, 0x0001ffff, 0xfffb0009, 0},
        {"v_pk_mul_lo_u16 v0, v1, v2", 0x0100ffff, 0x01000002, 0, 0x0000fffe, 0},
        {"v_pk_add_i16 v0, v1, v2", 0x7fff0001, 0x0001ffff, 0, 0x80000000, 0},
        {"v_pk_sub_i16 v0, v1, v2", 0x80000001, 0x00010002, 0, 0x7fffffff, 0},
        {"v_pk_lshlrev_b16 v0, v1, v2", 0x00110004, 0x0003f00f, 0, 0x000600f0, 0},
        {"v_pk_lshrrev_b16 v0, v1, v2", 0x000f0004, 0x8000f00f, 0, 0x00010f00, 0},
        {"v_pk_ashrrev_i16 v0, v1, v2", 0x000f0004, 0x8000f00f, 0, 0xffffff00, 0},
        {"v_pk_max_i16 v0, v1, v2", 0x80000005, 0x7ffffffb, 0, 0x7fff0005, 0},
        {"v_pk_min_i16 v0, v1, v2", 0x80000005, 0x7ffffffb, 0, 0x8000fffb, 0},
        {"v_pk_mad_u16 v0, v1, v2, v3", 0x00030002, 0xfffe0005, 0x0001ffff, 0xfffb0009, 0},
        {"v_pk_add_u16 v0, v1, v2", 0xffff0001, 0x0001ffff, 0, 0x00000000, 0},
        {"v_pk_sub_u16 v0, v1, v2", 0x00000005, 0x00010002, 0, 0xffff0003, 0},
        {"v_pk_max_u16 v0, v1, v2", 0x80000005, 0x7ffffffb, 0, 0x8000fffb, 0},
        {"v_pk_min_u16 v0, v1, v2", 0x80000005, 0x7ffffffb, 0, 0x7fff0005, 0},
    };
    RUN(*state, vectors);
}

static void integer_clamp_saturates(void **state)
{
    static const struct vector vectors[] = {
        {"v_pk_add_i16 v0, v1, v2 clamp", 0x7fff8000, 0x0001ffff, 0, 0x7fff8000, 0},
        {"v_pk_sub_i16 v0, v1, v2 clamp", 0x80007fff, 0x0001ffff, 0, 0x80007fff, 0},
        {"v_pk_add_u16 v0, v1, v2 clamp", 0xffff0001, 0x00010002, 0, 0xffff0003, 0},
        {"v_pk_sub_u16 v0, v1, v2 clamp", 0x00000005, 0x00010002, 0, 0x00000003, 0},
        {"v_pk_mad_i16 v0, v1, v2, v3 clamp", 0x7fff8000, 0x7fff7fff, 0x00000000, 0x7fff8000, 0},
        {"v_pk_mad_u16 v0, v1, v2, v3 clamp", 0xffff0002, 0xffff0003, 0xffff0001, 0xffff0007, 0},
    };
    RUN(*state, vectors);
}

static void op_sel_picks_halves(void **state)
{
    static const struct vector vectors[] = {
        {"v_pk_add_u16 v0, v1, v2 op_sel:[1,0] op_sel_hi:[0,1]", 0x00100001, 0x02000300, 0, 0x02010310, 0},
        {"v_pk_add_u16 v0, v1, v2 op_sel:[1,1] op_sel_hi:[1,1]", 0x00100001, 0x02000300, 0, 0x02100210, 0},
        {"v_pk_add_u16 v0, v1, v2 op_sel:[0,0] op_sel_hi:[0,0]", 0x00100001, 0x02000300, 0, 0x03010301, 0},
        {"v_pk_add_f16 v0, v1, v2 op_sel:[1,0] op_sel_hi:[0,0]", 0x40003c00, 0x44004200, 0, 0x44004500, 0},
        {"v_pk_mad_u16 v0, v1, v2, v3 op_sel:[0,0,1] op_sel_hi:[1,1,0]", 0x00020003, 0x00040005, 0x00600007, 0x000f006f,
         0},
    };
    RUN(*state, vectors);
}

// Inline constants sit in the low half: op_sel_hi = 0 doubles them; literals are whole words.
static void constants_follow_the_packed_rules(void **state)
{
    static const struct vector vectors[] = {
        {"v_pk_add_f16 v0, v1, 1.0 op_sel_hi:[1,0]", 0x40003c00, 0, 0, 0x42004000, 0},
        {"v_pk_add_f16 v0, v1, 1.0", 0x40003c00, 0, 0, 0x40004000, 0},
        {"v_pk_mul_f16 v0, v1, 2.0 op_sel:[0,1] op_sel_hi:[1,0]", 0x44004200, 0, 0, 0x48000000, 0},
        {"v_pk_add_u16 v0, v1, -3 op_sel_hi:[1,0]", 0x00050005, 0, 0, 0x00020002, 0},
        {"v_pk_add_u16 v0, 0xffff0003, v1", 0x00050005, 0, 0, 0x00040008, 0},
        {"s_mov_b32 s4, 0x00020001\nv_pk_add_u16 v0, s4, v1", 0x00050005, 0, 0, 0x00070006, 0},
    };
    RUN(*state, vectors);
}

static void halves_are_floats(void **state)
{
    static const struct vector vectors[] = {
        {"v_pk_add_f16 v0, v1, v2", 0xc0003c00, 0x3c004200, 0, 0xbc004400, 0},
        {"v_pk_mul_f16 v0, v1, v2", 0x42004000, 0xc5004400, 0, 0xcb804800, 0},
        {"v_pk_fma_f16 v0, v1, v2, v3", 0x42004000, 0x45004400, 0x3c00bc00, 0x4c004700, 0},
        {"v_pk_min_f16 v0, v1, v2", 0x7e003c00, 0x4400c000, 0, 0x4400c000, 0},
        {"v_pk_max_f16 v0, v1, v2", 0x80003c00, 0x0000c000, 0, 0x00003c00, 0},
        {"v_pk_min_f16 v0, v1, v2", 0x80000000, 0x00008000, 0, 0x80008000, 0},
        {"v_pk_max_f16 v0, v1, v2", 0x7d000001, 0x3c000002, 0, 0x7f000002, 0}, // IEEE: a signalling NaN wins
        {"v_pk_add_f16 v0, v1, v2 neg_lo:[1,0] neg_hi:[0,1]", 0x40003c00, 0x3c004200, 0, 0x3c004000, 0},
        {"v_pk_fma_f16 v0, v1, v2, v3 neg_lo:[0,0,1] neg_hi:[1,1,1]", 0x42004000, 0x45004400, 0x3c003c00, 0x4b004700,
         0},
        {"v_pk_add_f16 v0, v1, v2 clamp", 0x3c00c000, 0x3c003c00, 0, 0x3c000000, 0},
        {"v_pk_mul_f16 v0, v1, v2", 0x7bff7c00, 0x40000000, 0, 0x7c00fe00, 0}, // overflow; inf * 0
        {"v_pk_add_f16 v0, v1, v2", 0x00010001, 0x00010000, 0, 0x00020001, 0}, // denormals
    };
    RUN(*state, vectors);
}

// Cases where rounding to f32 on the way would change the half.
static void fma_rounds_once(void **state)
{
    static const struct vector vectors[] = {
        // (1 + 2^-10)^2 = 1 + 2^-9 + 2^-20; with c = 2^-11 the sum is 1 + 2^-9 + 2^-11 + 2^-20: just above a tie.
        {"v_pk_fma_f16 v0, v1, v2, v3", 0x3c013c01, 0x3c013c01, 0x10001000, 0x3c033c03, 0},
        // 1 * 1024 + 2^-24 * ...: 2048 + 1 + 2^-24 lies just above the tie 2049; f32 would round it onto the tie.
        {"v_pk_fma_f16 v0, v1, v2, v3", 0x68016801, 0x3c003c00, 0x00010001, 0x68016801, 0},
        // 2049 = 3 * 683 is a tie between 2048 and 2050; a denormal decides.
        {"v_pk_fma_f16 v0, v1, v2, v3", 0x42004200, 0x61566156, 0x00018001, 0x68016800, 0},
        {"v_pk_fma_f16 v0, v1, v2, v3", 0x42004200, 0x61566156, 0x00000000, 0x68006800, 0},
    };
    RUN(*state, vectors);
}

// A finite half as an integer multiple of 2^-24.
static int64_t half_units(uint32_t half)
{
    int64_t fraction = half & 0x3ff;
    uint32_t exponent = half >> 10 & 31;
    int64_t magnitude = exponent ? (fraction | 0x400) << (exponent - 1) : fraction;
    return half & 0x8000 ? -magnitude : magnitude;
}

// Multiples of 2^-48 to the nearest half, ties to even.
static uint32_t units_to_half(__int128 units, uint32_t sign_of_zero)
{
    unsigned __int128 magnitude = units < 0 ? -(unsigned __int128)units : (unsigned __int128)units;
    uint32_t sign = units < 0 ? 0x8000 : units > 0 ? 0 : sign_of_zero;
    unsigned exponent = 0; // of the half, less one: its last place is 2^(exponent - 24)
    while (magnitude >> (24 + exponent) >= 0x800)
        exponent++;
    unsigned __int128 quotient = magnitude >> (24 + exponent), unit = (unsigned __int128)1 << (24 + exponent);
    unsigned __int128 rest = magnitude & (unit - 1);
    quotient += rest * 2 > unit || (rest * 2 == unit && (quotient & 1));
    uint64_t bits = (uint64_t)exponent * 0x400 + (uint64_t)quotient;
    return sign | (bits >= 0x7c00 ? 0x7c00 : (uint32_t)bits);
}

// Random halves of all magnitudes against integer arithmetic without any rounding but the last.
static void fma_equals_exact_integer_arithmetic(void **state)
{
    struct fixture *f = *state;
    uint32_t seed = 4711;
    for (unsigned round = 0; round < 2000; round++) {
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            for (unsigned reg = 1; reg <= 3; reg++) {
                seed = seed * 1664525u + 1013904223u;
                uint32_t word = seed ^ seed >> 13;
                // No infinities or NaNs; often close exponents, so that sums cancel.
                word &= round & 1 ? 0xbbffbbffu : 0xc7ffc7ffu;
                *fixture_v(f, reg, lane) = word;
            }
        }
        fixture_run(f, "v_pk_fma_f16 v0, v1, v2, v3");
        for (unsigned i = 0; i < 2 * f->lanes; i++) {
            unsigned lane = i / 2, shift = i % 2 * 16;
            uint32_t a = *fixture_v(f, 1, lane) >> shift & 0xffff, b = *fixture_v(f, 2, lane) >> shift & 0xffff;
            uint32_t c = *fixture_v(f, 3, lane) >> shift & 0xffff, got = *fixture_v(f, 0, lane) >> shift & 0xffff;
            __int128 units = (__int128)half_units(a) * half_units(b) + (__int128)half_units(c) * (1 << 24);
            uint32_t want = units_to_half(units, (a ^ b) & c & 0x8000);
            if (got != want)
                fail_msg("fma of 0x%04x 0x%04x 0x%04x: 0x%04x instead of 0x%04x", a, b, c, got, want);
        }
    }
}

static void mode_rounds_and_flushes(void **state)
{
    struct fixture *f = *state;
    static const struct vector upward[] = {
        {"v_pk_add_f16 v0, v1, v2", 0x3c00bc00, 0x00010001, 0, 0x3c01bbff, 0},
        {"v_pk_fma_f16 v0, v1, v2, v3", 0x3c00bc00, 0x3c003c00, 0x00010001, 0x3c01bbff, 0},
    };
    f->wave.mode = FIXTURE_MODE | 1u << EMU_MODE_ROUND64_SHIFT;
    RUN(f, upward);

    static const struct vector flushed[] = {
        {"v_pk_add_f16 v0, v1, v2", 0x00018200, 0x04000000, 0, 0x04000000, 0},
        {"v_pk_mul_f16 v0, v1, v2", 0x04008400, 0x38003800, 0, 0x00008000, 0},
        {"v_pk_max_f16 v0, v1, v2", 0x00010001, 0x80008001, 0, 0x00000000, 0},
    };
    f->wave.mode = FIXTURE_MODE & ~(3u << EMU_MODE_DENORM64_SHIFT);
    RUN(f, flushed);

    static const struct vector limited[] = {
        {"v_pk_mul_f16 v0, v1, v2", 0x7bfffbff, 0x40004000, 0, 0x7bfffbff, 0},
        {"v_pk_add_f16 v0, v1, v2", 0x7c00fc00, 0x40004000, 0, 0x7c00fc00, 0},
    };
    f->wave.mode = FIXTURE_MODE | EMU_MODE_FP16_OVFL;
    RUN(f, limited);
}

static void mixed_fma_reads_f32_and_halves(void **state)
{
    static const struct vector vectors[] = {
        {"v_fma_mix_f32 v0, v1, v2, v3", 0x40000000, 0x40400000, 0x3f800000, 0x40e00000, 0},
        {"v_fma_mix_f32 v0, v1, v2, v3 op_sel_hi:[0,0,1]", 0x3f800000, 0x40400000, 0x7c004000, 0x40a00000, 0},
        {"v_fma_mix_f32 v0, v1, v2, v3 op_sel:[1,0,1] op_sel_hi:[1,0,1]", 0x42000000, 0x40400000, 0xc0007c00,
         0x40e00000, 0},
        {"v_fma_mix_f32 v0, v1, v2, |v3|", 0x40000000, 0x40400000, 0xbf800000, 0x40e00000, 0},
        {"v_fma_mix_f32 v0, v1, v2, -v3 op_sel_hi:[0,0,1]", 0x00000000, 0x3f800000, 0x00003c00, 0xbf800000, 0},
        {"v_fma_mix_f32 v0, v1, -v2, -|v3| op_sel:[0,0,1] op_sel_hi:[0,0,1]", 0x3f800000, 0x40000000, 0xbc000000,
         0xc0400000, 0},
        {"v_fma_mix_f32 v0, v1, v2, v3 clamp", 0x40000000, 0x40400000, 0x3f800000, 0x3f800000, 0},
        {"v_fma_mix_f32 v0, v1, 2.0, v3 op_sel_hi:[1,1,0]", 0x00003c00, 0, 0x3f800000, 0x40400000, 0},
        // one rounding: (1 + 2^-23)^2 - (1 + 2^-22) = 2^-46
        {"v_fma_mix_f32 v0, v1, v2, v3", 0x3f800001, 0x3f800001, 0xbf800002, 0x28800000, 0},
    };
    RUN(*state, vectors);
}

static void mixed_fma_writes_one_half(void **state)
{
    static const struct vector vectors[] = {
        {"v_fma_mixlo_f16 v0, v1, v2, v3", 0x40000000, 0x40400000, 0x3f800000, 0xdead4700, 0xdeadbeef},
        {"v_fma_mixhi_f16 v0, v1, v2, v3", 0x40000000, 0x40400000, 0x3f800000, 0x4700beef, 0xdeadbeef},
        {"v_fma_mixlo_f16 v0, v1, v2, v3 op_sel:[1,0,0] op_sel_hi:[1,1,1]", 0x40000000, 0x00004200, 0x00003c00,
         0xdead4700, 0xdeadbeef},
        {"v_fma_mixlo_f16 v0, v1, v2, v3 clamp", 0x40000000, 0x40400000, 0x3f800000, 0xdead3c00, 0xdeadbeef},
        {"v_fma_mixhi_f16 v0, v1, v2, v3", 0x47800000, 0x40400000, 0x3f800000, 0x7c00beef, 0xdeadbeef},
    };
    RUN(*state, vectors);
}

static void inactive_lanes_keep_their_destination(void **state)
{
    static const char *const texts[] = {
        "v_pk_add_u16 v0, v1, v2",     "v_pk_add_f16 v0, v1, v2",       "v_pk_max_f16 v0, v1, v2",
        "v_fma_mix_f32 v0, v1, v2, 0", "v_fma_mixlo_f16 v0, v1, v2, 0",
    };
    struct fixture *f = *state;
    fixture_fill(f, 1, 0x3c003c00);
    fixture_fill(f, 2, 0x40004000);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fixture_fill(f, 0, 0x12345678);
        fixture_set_s64(f, EMU_SGPR_EXEC, 0x00000000f0000002);
        fixture_run(f, texts[i]);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            bool active = lane == 1 || (lane >= 28 && lane < 32);
            assert_int_equal(*fixture_v(f, 0, lane) != 0x12345678, active);
        }
    }
}

static void lanes_are_independent_and_sources_may_be_the_destination(void **state)
{
    struct fixture *f = *state;
    fixture_ramp(f, 0, 0x00010002, 0x00010001);
    fixture_run(f, "v_pk_mad_u16 v0, v0, v0, v0 op_sel:[1,0,0] op_sel_hi:[1,1,1]");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        uint32_t high = 1 + lane, low = 2 + lane;
        assert_int_equal(*fixture_v(f, 0, lane), (high * high + high) << 16 | (high * low + low));
    }
}

static void dpp_permutes_the_first_source(void **state)
{
    struct fixture *f = *state;
    fixture_ramp(f, 1, 0x3f800000, 0);
    *fixture_v(f, 1, 0) = 0x40000000;
    fixture_fill(f, 2, 0x40400000);
    fixture_fill(f, 3, 0);
    fixture_run(f, "v_fma_mix_f32_e64_dpp v0, v1, v2, v3 quad_perm:[3,0,1,2] row_mask:0xf bank_mask:0xf");
    assert_int_equal(*fixture_v(f, 0, 1), 0x40c00000); // 2 * 3, from lane 0
    assert_int_equal(*fixture_v(f, 0, 0), 0x40400000);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(integers_work_on_each_half, 32),
        FIXTURE_TEST(integers_work_on_each_half, 64),
        FIXTURE_TEST(integer_clamp_saturates, 32),
        FIXTURE_TEST(op_sel_picks_halves, 32),
        FIXTURE_TEST(constants_follow_the_packed_rules, 32),
        FIXTURE_TEST(halves_are_floats, 32),
        FIXTURE_TEST(halves_are_floats, 64),
        FIXTURE_TEST(fma_rounds_once, 32),
        FIXTURE_TEST(fma_equals_exact_integer_arithmetic, 32),
        FIXTURE_TEST(mode_rounds_and_flushes, 32),
        FIXTURE_TEST(mixed_fma_reads_f32_and_halves, 32),
        FIXTURE_TEST(mixed_fma_writes_one_half, 32),
        FIXTURE_TEST(inactive_lanes_keep_their_destination, 32),
        FIXTURE_TEST(inactive_lanes_keep_their_destination, 64),
        FIXTURE_TEST(lanes_are_independent_and_sources_may_be_the_destination, 32),
        FIXTURE_TEST(dpp_permutes_the_first_source, 32),
    };
    return fixture_main("packed", tests, sizeof tests / sizeof *tests);
}
