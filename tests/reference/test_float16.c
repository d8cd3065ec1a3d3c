// The 16-bit conversions against the compiler's own _Float16 and against the definition of bfloat16.
#include <math.h>
#include <string.h>

#include "reference_test.h"

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static void every_fp16_value_widens_as_the_compiler_does(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits < 65536; bits++) {
        const uint16_t half_bits = (uint16_t)bits;
        _Float16 half;
        memcpy(&half, &half_bits, sizeof(half));
        const float got = w4_float16_to_f32(W4_FLOAT_FP16, half_bits);
        if (isnan((float)half)) {
            assert_true(isnan(got));
        } else {
            assert_int_equal(bits_of(got), bits_of((float)half));
        }
    }
}

static void check_narrowing(uint32_t bits)
{
    const float value = float_of(bits);
    const _Float16 half = (_Float16)value;
    uint16_t expected;
    memcpy(&expected, &half, sizeof(expected));
    const uint16_t got = w4_float16_from_f32(W4_FLOAT_FP16, value);
    if (isnan(value)) {
        assert_true((got & 0x7c00) == 0x7c00 && (got & 0x3ff) != 0);
    } else if (got != expected) {
        fail_msg("fp32 0x%08x gives 0x%04x, the compiler 0x%04x", bits, got, expected);
    }
}

static void fp32_narrows_to_fp16_as_the_compiler_does(void **state)
{
    (void)state;
    // A step that is odd visits every low-order pattern; 2^32 / 509 values.
    for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += 509) {
        check_narrowing((uint32_t)bits);
    }
}

static void fp16_ties_and_their_neighbours_round_to_even(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits < 0x7c00; bits++) {
        const float low = w4_float16_to_f32(W4_FLOAT_FP16, (uint16_t)bits);
        const float high = bits == 0x7bff ? 65536.0f : w4_float16_to_f32(W4_FLOAT_FP16, (uint16_t)(bits + 1));
        const uint32_t tie = bits_of((low + high) / 2);
        for (uint32_t sign = 0; sign <= 0x80000000u; sign += 0x80000000u) {
            check_narrowing(sign | (tie - 1));
            check_narrowing(sign | tie);
            check_narrowing(sign | (tie + 1));
            if (sign) {
                break;
            }
        }
    }
    assert_int_equal(w4_float16_from_f32(W4_FLOAT_FP16, 65519.0f), 0x7bff);
    assert_int_equal(w4_float16_from_f32(W4_FLOAT_FP16, 65520.0f), 0x7c00);
    assert_int_equal(w4_float16_from_f32(W4_FLOAT_FP16, 0x1p-25f), 0x0000); // a tie with 0
    assert_int_equal(w4_float16_from_f32(W4_FLOAT_FP16, 0x1.000002p-25f), 0x0001);
}

static void every_bf16_value_survives_the_round_trip(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits < 65536; bits++) {
        const float wide = w4_float16_to_f32(W4_FLOAT_BF16, (uint16_t)bits);
        assert_int_equal(bits_of(wide), bits << 16);
        const uint16_t back = w4_float16_from_f32(W4_FLOAT_BF16, wide);
        if (isnan(wide)) {
            assert_true((back & 0x7f80) == 0x7f80 && (back & 0x7f) != 0);
        } else {
            assert_int_equal(back, bits);
        }
    }
}

static void fp32_narrows_to_the_nearest_bf16(void **state)
{
    (void)state;
    const struct {
        uint32_t fp32;
        uint16_t bf16;
    } rows[] = {
        {0x3f800000, 0x3f80},                       // 1
        {0x3f808000, 0x3f80},                       // a tie: stays even
        {0x3f808001, 0x3f81},                       // just above
        {0x3f817fff, 0x3f81},                       // just below a tie
        {0x3f818000, 0x3f82},                       // a tie: goes up to even
        {0xbf818000, 0xbf82}, {0x7f7fffff, 0x7f80}, // the largest fp32 becomes infinity
        {0x7f800000, 0x7f80}, {0xff800000, 0xff80},
        {0x80000000, 0x8000}, {0x00008000, 0x0000}, // a tie between 0 and the smallest subnormal
        {0x00008001, 0x0001},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(w4_float16_from_f32(W4_FLOAT_BF16, float_of(rows[i].fp32)), rows[i].bf16);
    }
    const uint16_t nan = w4_float16_from_f32(W4_FLOAT_BF16, float_of(0x7f800001)); // payload only in the low half
    assert_true((nan & 0x7f80) == 0x7f80 && (nan & 0x7f) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fp16_value_widens_as_the_compiler_does),
        cmocka_unit_test(fp32_narrows_to_fp16_as_the_compiler_does),
        cmocka_unit_test(fp16_ties_and_their_neighbours_round_to_even),
        cmocka_unit_test(every_bf16_value_survives_the_round_trip),
        cmocka_unit_test(fp32_narrows_to_the_nearest_bf16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
