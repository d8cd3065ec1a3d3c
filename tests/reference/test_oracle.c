// The OpenBLAS oracle against three loops in double that unpack, dequantise and multiply on their own.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference_test.h"

// Written from the layout's definition, with nothing of the reference but the 16-bit conversion (tested elsewhere).
static double naive_element(const struct w4_operands *o, int64_t m, int64_t n, double *magnitude)
{
    static const int shift_of[8] = {0, 16, 4, 20, 8, 24, 12, 28};
    const struct w4_gemm_shape *s = &o->shape;
    double sum = 0;
    *magnitude = 0;
    for (int64_t k = 0; k < s->k; k++) {
        const uint32_t q = o->w[n * s->w_pitch + k / 8] >> shift_of[k % 8] & 15;
        const int64_t group = n * s->scale_pitch + k / s->group_size;
        const double zero = s->zero_point ? (double)w4_float16_to_f32(s->type, o->zeros[group]) : 8.0;
        const double weight = ((double)q - zero) * (double)w4_float16_to_f32(s->type, o->scales[group]);
        const double term = (double)w4_float16_to_f32(s->type, o->a[m * s->a_pitch + k]) * weight;
        sum += term;
        *magnitude += fabs(term);
    }
    return sum;
}

static void compare_block(const struct w4_operands *operands, int64_t m0, int64_t rows, int64_t n0, int64_t columns)
{
    const size_t count = (size_t)(rows * columns);
    float *c = calloc(count, sizeof(*c)), *c_abs = calloc(count, sizeof(*c_abs));
    assert_non_null(c);
    assert_non_null(c_abs);
    assert_int_equal(w4_oracle_block(operands, m0, rows, n0, columns, c, c_abs, NULL), W4_OK);
    const double gamma = (double)operands->shape.k * 0x1p-24 * 1.01;
    for (int64_t m = 0; m < rows; m++) {
        for (int64_t n = 0; n < columns; n++) {
            double magnitude, spot_magnitude;
            const double exact = naive_element(operands, m0 + m, n0 + n, &magnitude);
            assert_true(fabs((double)c[m * columns + n] - exact) <= gamma * magnitude);
            assert_true(fabs((double)c_abs[m * columns + n] - magnitude) <= gamma * magnitude);
            const double spot = w4_reference_element(operands, m0 + m, n0 + n, &spot_magnitude);
            assert_true(fabs(spot - exact) <= 1e-14 * magnitude);
            assert_true(fabs(spot_magnitude - magnitude) <= 1e-14 * magnitude);
        }
    }
    free(c);
    free(c_abs);
}

static void blocks_equal_three_loops_in_double(void **state)
{
    (void)state;
    const struct {
        int64_t m, n, k, group_size;
        int64_t pad_a, pad_w, pad_scale;
    } rows[] = {
        {1, 1, 8, 8, 0, 0, 0},          {3, 5, 32, 32, 0, 0, 0},    {17, 33, 64, 32, 1, 3, 1},
        {33, 19, 384, 128, 16, 16, 16}, {7, 65, 256, 256, 5, 7, 2}, {64, 31, 192, 64, 8, 0, 3},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (int variant = 0; variant < 4; variant++) {
            struct w4_gemm_shape shape = dense_shape(rows[i].m, rows[i].n, rows[i].k, rows[i].group_size,
                                                     variant & 1 ? W4_FLOAT_BF16 : W4_FLOAT_FP16, (variant & 2) != 0);
            shape.a_pitch += rows[i].pad_a;
            shape.w_pitch += rows[i].pad_w;
            shape.scale_pitch += rows[i].pad_scale;
            struct w4_operands operands;
            assert_int_equal(w4_operands_create(&shape, 10 + i, &operands, NULL), W4_OK);
            compare_block(&operands, 0, shape.m, 0, shape.n);
            if (shape.m > 4 && shape.n > 4) {
                compare_block(&operands, 2, shape.m - 3, 3, shape.n - 4);
                compare_block(&operands, shape.m - 1, 1, shape.n - 1, 1);
            }
            w4_operands_fini(&operands);
        }
    }
}

static void large_blocks_are_cut_and_joined(void **state)
{
    (void)state;
    // Above 1024 rows and 512 columns; offsets keep the cuts away from the matrix's own edges.
    const struct w4_gemm_shape shape = dense_shape(1060, 540, 8, 8, W4_FLOAT_FP16, true);
    struct w4_operands operands;
    assert_int_equal(w4_operands_create(&shape, 7, &operands, NULL), W4_OK);
    compare_block(&operands, 0, shape.m, 0, shape.n);
    compare_block(&operands, 3, 1050, 5, 530);
    w4_operands_fini(&operands);
}

static void an_oracle_may_be_used_again_with_other_blocks(void **state)
{
    (void)state;
    const struct w4_gemm_shape shape = dense_shape(40, 60, 64, 64, W4_FLOAT_BF16, false);
    struct w4_operands operands;
    assert_int_equal(w4_operands_create(&shape, 8, &operands, NULL), W4_OK);
    w4_oracle *oracle;
    assert_int_equal(w4_oracle_create(&operands, &oracle, NULL), W4_OK);
    const int64_t blocks[][4] = {{0, 4, 0, 4}, {1, 39, 0, 2}, {0, 2, 1, 59}, {39, 1, 59, 1}};
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        float c[40 * 60], c_abs[40 * 60];
        const int64_t *b = blocks[i];
        assert_int_equal(w4_oracle_compute(oracle, b[0], b[1], b[2], b[3], c, c_abs, NULL), W4_OK);
        double magnitude;
        const int64_t last = b[1] * b[3] - 1;
        const double exact = naive_element(&operands, b[0] + b[1] - 1, b[2] + b[3] - 1, &magnitude);
        assert_true(fabs((double)c[last] - exact) <= 1e-5 * magnitude);
    }
    w4_oracle_destroy(oracle);
    w4_oracle_destroy(NULL);
    w4_operands_fini(&operands);
}

static void blocks_outside_the_matrix_are_refused(void **state)
{
    (void)state;
    const struct w4_gemm_shape shape = dense_shape(4, 4, 32, 32, W4_FLOAT_FP16, false);
    struct w4_operands operands;
    assert_int_equal(w4_operands_create(&shape, 9, &operands, NULL), W4_OK);
    const int64_t blocks[][4] = {{-1, 2, 0, 1}, {0, 5, 0, 1}, {4, 1, 0, 1},  {0, 1, 3, 2},
                                 {0, 0, 0, 1},  {0, 1, 0, 0}, {0, 1, -1, 1}, {1, INT64_MAX, 0, 1}};
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        const int64_t *b = blocks[i];
        float c[32], c_abs[32];
        struct w4_error error = {0};
        assert_int_equal(w4_oracle_block(&operands, b[0], b[1], b[2], b[3], c, c_abs, &error), W4_RANGE);
        assert_non_null(strstr(error.message, "block"));
    }
    w4_operands_fini(&operands);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_equal_three_loops_in_double),
        cmocka_unit_test(large_blocks_are_cut_and_joined),
        cmocka_unit_test(an_oracle_may_be_used_again_with_other_blocks),
        cmocka_unit_test(blocks_outside_the_matrix_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
