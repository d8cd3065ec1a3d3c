// Quantisation and dequantisation against groups worked out by hand.
#include <math.h>

#include "reference_test.h"

static void symmetric_group_uses_the_larger_end(void **state)
{
    (void)state;
    // max / 7 = 1/7 = 0.142857 > 0.5 / 8: the scale is 1/7 in fp16 = 0x3092 = 0.142822265625.
    const float positive[8] = {1, -0.5f, 0, 0.07f, 0.0725f, -0.0725f, -0.25f, 0.6f};
    const uint8_t expected[8] = {15, 4, 8, 8, 9, 7, 6, 12}; // ratios 7.0, -3.5, 0, .49, .508, -.508, -1.75, 4.2
    uint8_t q[8];
    uint16_t scale, zero;
    w4_quantise_group(positive, 8, W4_FLOAT_FP16, false, q, &scale, &zero);
    assert_int_equal(scale, 0x3092);
    assert_int_equal(zero, 0x4800); // 8
    assert_memory_equal(q, expected, 8);
    // -min / 8 = 1/8 wins here, and -1 becomes nibble 0.
    const float negative[8] = {-1, 0.5f, 0.875f, 0, 0, 0, 0, 0.0625f};
    const uint8_t expected_negative[8] = {0, 12, 15, 8, 8, 8, 8, 9}; // the tie 0.5 goes away from zero
    w4_quantise_group(negative, 8, W4_FLOAT_FP16, false, q, &scale, NULL);
    assert_int_equal(scale, 0x3000);
    assert_memory_equal(q, expected_negative, 8);
}

static void zero_point_group_spans_its_range(void **state)
{
    (void)state;
    // range -1..2.75 in 15 steps of 0.25, z = 4
    const float weights[8] = {-1, 2.75f, 0, 0.25f, 1, -0.25f, 0.125f, -0.125f};
    const uint8_t expected[8] = {0, 15, 4, 5, 8, 3, 5, 3};
    uint8_t q[8];
    uint16_t scale, zero;
    w4_quantise_group(weights, 8, W4_FLOAT_BF16, true, q, &scale, &zero);
    assert_int_equal(scale, 0x3e80); // 0.25
    assert_int_equal(zero, 0x4080);  // 4
    assert_memory_equal(q, expected, 8);
}

static void zero_point_range_always_holds_zero(void **state)
{
    (void)state;
    const float weights[8] = {15, 14, 13, 12, 11, 10, 9, 8}; // all positive: low end 0, step 1, z = 0
    uint8_t q[8];
    uint16_t scale, zero;
    w4_quantise_group(weights, 8, W4_FLOAT_FP16, true, q, &scale, &zero);
    assert_int_equal(scale, 0x3c00);
    assert_int_equal(zero, 0);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(q[i], 15 - i);
    }
}

static void degenerate_groups_stay_finite(void **state)
{
    (void)state;
    const float nothing[8] = {0}, tiny[8] = {1e-20f, -1e-20f}, huge[8] = {3e38f, -3e38f};
    uint8_t q[8];
    uint16_t scale, zero;
    for (int zero_point = 0; zero_point < 2; zero_point++) {
        w4_quantise_group(nothing, 8, W4_FLOAT_FP16, zero_point, q, &scale, &zero);
        assert_int_equal(scale, 0x3c00);
        assert_int_equal(q[0], zero_point ? 0 : 8);
        w4_quantise_group(tiny, 8, W4_FLOAT_FP16, zero_point, q, &scale, &zero);
        assert_int_equal(scale, 0x3c00);
        w4_quantise_group(huge, 8, W4_FLOAT_FP16, zero_point, q, &scale, &zero);
        assert_int_equal(scale, 0x7bff);
        assert_int_equal(q[0], 15);
        assert_int_equal(q[1], zero_point ? 15 - 15 : 0);
    }
}

static void row_dequantises_to_hand_values(void **state)
{
    (void)state;
    // Two rows of K = 16, G = 8, pitches above the rows; row 1 is read.
    uint32_t w[2 * 3] = {0, 0, 0, 0x75316420u, 0xfdb9eca8u, 0xffffffffu};
    uint16_t scales[2 * 3] = {0, 0, 0, 0x3c00, 0x3800, 0x7e00}; // 1, 0.5
    uint16_t zeros[2 * 3] = {0, 0, 0, 0x4200, 0x4880, 0x7e00};  // 3, 9
    struct w4_operands operands = {.shape = dense_shape(1, 2, 16, 8, W4_FLOAT_FP16, true)};
    operands.shape.w_pitch = operands.shape.scale_pitch = 3;
    operands.w = w;
    operands.scales = scales;
    operands.zeros = zeros;
    float row[16];
    w4_dequantise_row(&operands, 1, row);
    for (int i = 0; i < 8; i++) {
        assert_true(row[i] == (float)(i - 3));
        assert_true(row[8 + i] == (float)(8 + i - 9) * 0.5f);
    }
    operands.zeros = NULL;
    w4_dequantise_row(&operands, 1, row);
    for (int i = 0; i < 8; i++) {
        assert_true(row[i] == (float)(i - 8));
        assert_true(row[8 + i] == (float)i * 0.5f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symmetric_group_uses_the_larger_end), cmocka_unit_test(zero_point_group_spans_its_range),
        cmocka_unit_test(zero_point_range_always_holds_zero),  cmocka_unit_test(degenerate_groups_stay_finite),
        cmocka_unit_test(row_dequantises_to_hand_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
