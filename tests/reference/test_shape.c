// Geometries that must be refused, each with a message that names the size.
#include <string.h>

#include "reference_test.h"

static void refuse(struct w4_gemm_shape shape, const char *part)
{
    struct w4_error error = {0};
    assert_int_equal(w4_gemm_shape_check(&shape, &error), W4_RANGE);
    if (!strstr(error.message, part)) {
        fail_msg("\"%s\" does not contain \"%s\"", error.message, part);
    }
    struct w4_operands operands;
    assert_int_equal(w4_operands_create(&shape, 1, &operands, NULL), W4_RANGE);
    assert_null(operands.a);
}

static void usable_shapes_pass(void **state)
{
    (void)state;
    struct w4_gemm_shape shape = dense_shape(1606, 37888, 3584, 128, W4_FLOAT_FP16, true);
    assert_int_equal(w4_gemm_shape_check(&shape, NULL), W4_OK);
    shape = dense_shape(1, 1, 8, 8, W4_FLOAT_BF16, false);
    assert_int_equal(w4_gemm_shape_check(&shape, NULL), W4_OK);
}

static void sizes_out_of_range_are_named(void **state)
{
    (void)state;
    refuse(dense_shape(0, 16, 128, 128, W4_FLOAT_FP16, false), "M = 0");
    refuse(dense_shape(-1, 16, 128, 128, W4_FLOAT_FP16, false), "M = -1");
    refuse(dense_shape(16, 0, 128, 128, W4_FLOAT_FP16, false), "N = 0");
    refuse(dense_shape(16, 16, 0, 128, W4_FLOAT_FP16, false), "K = 0");
    refuse(dense_shape(16, 16, 128, 0, W4_FLOAT_FP16, false), "group size = 0");
    refuse(dense_shape(16, 16, 128, INT64_MIN, W4_FLOAT_FP16, false), "group size = -9223372036854775808");
    refuse(dense_shape(INT64_MAX, 16, 128, 128, W4_FLOAT_FP16, false), "M = 9223372036854775807");
    refuse(dense_shape(16, 16, INT64_C(1) << 40, 128, W4_FLOAT_FP16, false), "K = 1099511627776");
}

static void indivisible_sizes_are_named(void **state)
{
    (void)state;
    refuse(dense_shape(16, 16, 192, 128, W4_FLOAT_FP16, false), "K = 192 is not a multiple of the group size 128");
    refuse(dense_shape(16, 16, 12, 12, W4_FLOAT_FP16, false), "group size 12 is not a multiple of 8");
}

static void short_pitches_and_huge_operands_are_named(void **state)
{
    (void)state;
    struct w4_gemm_shape shape = dense_shape(16, 16, 128, 64, W4_FLOAT_FP16, false);
    shape.a_pitch--;
    refuse(shape, "pitch of A is 127");
    shape.a_pitch++;
    shape.w_pitch--;
    refuse(shape, "pitch of W is 15");
    shape.w_pitch++;
    shape.scale_pitch--;
    refuse(shape, "pitch of scales is 1");
    shape.scale_pitch++;
    shape.c_pitch = -1;
    refuse(shape, "pitch of C is -1");
    shape.c_pitch = INT64_MAX;
    refuse(shape, "C of 16 rows");
    refuse(dense_shape(INT32_MAX, 1, 1 << 20, 128, W4_FLOAT_FP16, false), "A of 2147483647 rows");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usable_shapes_pass),
        cmocka_unit_test(sizes_out_of_range_are_named),
        cmocka_unit_test(indivisible_sizes_are_named),
        cmocka_unit_test(short_pitches_and_huge_operands_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
