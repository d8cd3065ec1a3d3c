// The bound passes what a right kernel may produce and fails what a wrong one does.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference_test.h"

enum { POISON = 0x7fa5 };

struct fixture {
    struct w4_operands operands;
    uint16_t *c;
};

// A kernel's result, computed apart from the oracle: fp32 accumulation in k order, optionally with dequantised weights
// rounded to 16 bits, the output rounded. `operands` may differ from the judged ones to play a wrong kernel.
static void fake_kernel(const struct w4_operands *operands, bool round_weights, uint16_t *c)
{
    const struct w4_gemm_shape *s = &operands->shape;
    float *row = malloc((size_t)s->k * sizeof(*row));
    assert_non_null(row);
    for (int64_t n = 0; n < s->n; n++) {
        w4_dequantise_row(operands, n, row);
        for (int64_t k = 0; round_weights && k < s->k; k++) {
            row[k] = w4_float16_to_f32(s->type, w4_float16_from_f32(s->type, row[k]));
        }
        for (int64_t m = 0; m < s->m; m++) {
            float sum = 0;
            for (int64_t k = 0; k < s->k; k++) {
                sum += w4_float16_to_f32(s->type, operands->a[m * s->a_pitch + k]) * row[k];
            }
            c[m * s->c_pitch + n] = w4_float16_from_f32(s->type, sum);
        }
    }
    free(row);
}

static void setup(struct fixture *fixture, const struct w4_gemm_shape *shape, bool round_weights)
{
    assert_int_equal(w4_operands_create(shape, 21, &fixture->operands, NULL), W4_OK);
    const size_t count = (size_t)(shape->m * shape->c_pitch);
    fixture->c = malloc(count * sizeof(*fixture->c));
    assert_non_null(fixture->c);
    for (size_t i = 0; i < count; i++) {
        fixture->c[i] = POISON;
    }
    fake_kernel(&fixture->operands, round_weights, fixture->c);
}

static void teardown(struct fixture *fixture)
{
    w4_operands_fini(&fixture->operands);
    free(fixture->c);
}

static struct w4_judgement judge(const struct fixture *fixture)
{
    struct w4_judgement judgement = {0};
    const struct w4_gemm_shape *s = &fixture->operands.shape;
    struct w4_error error = {0};
    if (w4_judge_block(&fixture->operands, fixture->c, POISON, 0, s->m, 0, s->n, &judgement, &error)) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(judgement.judged, (uint64_t)(s->m * s->n));
    return judgement;
}

static void bound_equals_the_formula(void **state)
{
    (void)state;
    // K = 2^14: K u = 2^-10, gamma = 2^-10 / (1 - 2^-10) = 1/1023.
    const double fp16 = (2.0 / 1023 + 0x1p-11) * 100 + 0x1p-11 * 3 + 0x1p-24;
    const double bf16 = (2.0 / 1023 + 0x1p-8) * 100 + 0x1p-8 * 3 + 0x1p-133;
    assert_true(fabs(w4_error_bound(W4_FLOAT_FP16, 1 << 14, -3, 100) - fp16) < 1e-12);
    assert_true(fabs(w4_error_bound(W4_FLOAT_BF16, 1 << 14, 3, 100) - bf16) < 1e-12);
    assert_true(w4_error_bound(W4_FLOAT_FP16, 32, 0, 0) > 0);
    assert_true(isnan(w4_error_bound(W4_FLOAT_FP16, 32, NAN, 1)));
}

static void right_results_pass_at_the_longest_k(void **state)
{
    (void)state;
    for (int variant = 0; variant < 8; variant++) {
        struct w4_gemm_shape shape =
            dense_shape(20, 24, 18944, 128, variant & 1 ? W4_FLOAT_BF16 : W4_FLOAT_FP16, (variant & 2) != 0);
        shape.c_pitch += 5;
        struct fixture fixture;
        setup(&fixture, &shape, (variant & 4) != 0);
        const struct w4_judgement judgement = judge(&fixture);
        assert_int_equal(judgement.beyond, 0);
        assert_int_equal(judgement.unwritten, 0);
        assert_true(judgement.nonzero > judgement.judged * 9 / 10);
        assert_true(judgement.worst_ratio > 0 && judgement.worst_ratio <= 1);
        teardown(&fixture);
    }
}

// One nibble of one weight differs by one step; 1024 rows hold a probe for every k.
static void one_wrong_nibble_fails(void **state)
{
    (void)state;
    for (int variant = 0; variant < 2; variant++) {
        const struct w4_gemm_shape shape = dense_shape(1024, 2, 3584, 128, W4_FLOAT_FP16, variant != 0);
        for (int nibble = variant; nibble < 8; nibble += 2) {
            struct fixture fixture;
            setup(&fixture, &shape, false);
            uint32_t *word = &fixture.operands.w[shape.w_pitch + 100 + nibble];
            const uint32_t right = *word;
            *word ^= 1u << (4 * nibble);
            fake_kernel(&fixture.operands, false, fixture.c);
            *word = right;
            const struct w4_judgement judgement = judge(&fixture);
            assert_true(judgement.beyond > 0);
            assert_int_equal(judgement.worst_n, 1);
            assert_int_equal(judgement.worst_m % 32, 31); // seen by the probe row
            teardown(&fixture);
        }
    }
}

static void one_wrong_zero_point_fails(void **state)
{
    (void)state;
    const struct w4_gemm_shape shape = dense_shape(17, 16, 3584, 128, W4_FLOAT_FP16, true);
    struct fixture fixture;
    setup(&fixture, &shape, false);
    uint16_t *zero = &fixture.operands.zeros[5 * shape.scale_pitch + 3];
    const uint16_t right = *zero;
    *zero = w4_float16_from_f32(shape.type, w4_float16_to_f32(shape.type, right) + 1);
    fake_kernel(&fixture.operands, false, fixture.c);
    *zero = right;
    const struct w4_judgement judgement = judge(&fixture);
    assert_true(judgement.beyond > 0);
    assert_int_equal(judgement.worst_n, 5);
    teardown(&fixture);
}

static void unwritten_nan_and_infinite_elements_fail(void **state)
{
    (void)state;
    const struct w4_gemm_shape shape = dense_shape(8, 8, 64, 32, W4_FLOAT_FP16, false);
    struct fixture fixture;
    setup(&fixture, &shape, false);
    fixture.c[7 * 8 + 3] = POISON;
    struct w4_judgement judgement = judge(&fixture);
    assert_int_equal(judgement.beyond, 1);
    assert_int_equal(judgement.unwritten, 1);
    assert_true(isinf(judgement.worst_ratio));
    assert_int_equal(judgement.worst_m, 7);
    assert_int_equal(judgement.worst_n, 3);
    fixture.c[7 * 8 + 3] = 0x7e00; // NaN
    judgement = judge(&fixture);
    assert_int_equal(judgement.beyond, 1);
    assert_int_equal(judgement.unwritten, 0);
    assert_true(isinf(judgement.worst_ratio));
    fixture.c[7 * 8 + 3] = 0x7c00; // infinity
    assert_int_equal(judge(&fixture).beyond, 1);
    teardown(&fixture);
}

static void a_poison_that_is_a_number_counts_as_unwritten(void **state)
{
    (void)state;
    const struct w4_gemm_shape shape = dense_shape(2, 2, 64, 32, W4_FLOAT_FP16, false);
    struct fixture fixture;
    setup(&fixture, &shape, false);
    struct w4_judgement judgement = {0};
    assert_int_equal(w4_judge_block(&fixture.operands, fixture.c, fixture.c[3], 0, 2, 0, 2, &judgement, NULL), W4_OK);
    assert_int_equal(judgement.unwritten, 1);
    assert_int_equal(judgement.beyond, 1);
    teardown(&fixture);
}

static void all_zero_result_shows(void **state)
{
    (void)state;
    const struct w4_gemm_shape shape = dense_shape(4, 4, 64, 32, W4_FLOAT_FP16, false);
    struct fixture fixture;
    setup(&fixture, &shape, false);
    memset(fixture.c, 0, 16 * sizeof(*fixture.c));
    const struct w4_judgement judgement = judge(&fixture);
    assert_int_equal(judgement.nonzero, 0);
    assert_int_equal(judgement.beyond, 16);
    teardown(&fixture);
}

static void a_missed_tail_row_is_found_where_it_is(void **state)
{
    (void)state;
    const struct w4_gemm_shape shape = dense_shape(1100, 20, 64, 64, W4_FLOAT_BF16, true);
    struct fixture fixture;
    setup(&fixture, &shape, false);
    for (int64_t n = 0; n < shape.n; n++) {
        fixture.c[1099 * shape.c_pitch + n] = POISON;
    }
    const struct w4_judgement judgement = judge(&fixture);
    assert_int_equal(judgement.unwritten, 20);
    assert_int_equal(judgement.worst_m, 1099);
    teardown(&fixture);
}

static void blocks_accumulate(void **state)
{
    (void)state;
    const struct w4_gemm_shape shape = dense_shape(10, 12, 64, 64, W4_FLOAT_FP16, true);
    struct fixture fixture;
    setup(&fixture, &shape, false);
    fixture.c[0] = POISON;
    struct w4_judgement judgement = {0};
    w4_oracle *oracle;
    assert_int_equal(w4_oracle_create(&fixture.operands, &oracle, NULL), W4_OK);
    assert_int_equal(w4_oracle_judge(oracle, fixture.c, POISON, 0, 5, 0, 6, &judgement, NULL), W4_OK);
    assert_int_equal(w4_oracle_judge(oracle, fixture.c, POISON, 5, 5, 6, 6, &judgement, NULL), W4_OK);
    assert_int_equal(judgement.judged, 60);
    assert_int_equal(judgement.beyond, 1);
    assert_int_equal(judgement.worst_m, 0);
    struct w4_error error = {0};
    assert_int_equal(w4_oracle_judge(oracle, fixture.c, POISON, 5, 6, 0, 12, &judgement, &error), W4_RANGE);
    assert_int_equal(w4_oracle_judge(oracle, fixture.c, POISON, 0, INT64_MAX, 0, 12, &judgement, &error), W4_RANGE);
    w4_oracle_destroy(oracle);
    teardown(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bound_equals_the_formula),
        cmocka_unit_test(right_results_pass_at_the_longest_k),
        cmocka_unit_test(one_wrong_nibble_fails),
        cmocka_unit_test(one_wrong_zero_point_fails),
        cmocka_unit_test(unwritten_nan_and_infinite_elements_fail),
        cmocka_unit_test(a_poison_that_is_a_number_counts_as_unwritten),
        cmocka_unit_test(all_zero_result_shows),
        cmocka_unit_test(a_missed_tail_row_is_found_where_it_is),
        cmocka_unit_test(blocks_accumulate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
