// What the generator promises: the same bytes always, all nibbles used, probes, poison in the padding.
#include <math.h>
#include <string.h>

#include "reference_test.h"

static uint64_t fnv1a(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static uint64_t fingerprint(const struct w4_operands *operands)
{
    const struct w4_gemm_shape *s = &operands->shape;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    hash = fnv1a(hash, operands->a, (size_t)(s->m * s->a_pitch) * 2);
    hash = fnv1a(hash, operands->w, (size_t)(s->n * s->w_pitch) * 4);
    hash = fnv1a(hash, operands->scales, (size_t)(s->n * s->scale_pitch) * 2);
    return operands->zeros ? fnv1a(hash, operands->zeros, (size_t)(s->n * s->scale_pitch) * 2) : hash;
}

static void same_seed_gives_the_committed_bytes(void **state)
{
    (void)state;
    // Frozen so that results of different hosts, builds and dates can be compared; a change here is a new data set.
    const struct {
        enum w4_float16 type;
        bool zero_point;
        uint64_t seed, hash;
    } rows[] = {
        {W4_FLOAT_FP16, false, 1, UINT64_C(0x3c6187427c561c7a)},
        {W4_FLOAT_FP16, true, 1, UINT64_C(0x1e2ac1584c3fb123)},
        {W4_FLOAT_BF16, false, 1, UINT64_C(0x80b412b7c7d61f7b)},
        {W4_FLOAT_BF16, true, 2, UINT64_C(0x4fbdb575e095063f)},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct w4_gemm_shape shape = dense_shape(70, 50, 256, 64, rows[i].type, rows[i].zero_point);
        struct w4_operands operands;
        assert_int_equal(w4_operands_create(&shape, rows[i].seed, &operands, NULL), W4_OK);
        const uint64_t hash = fingerprint(&operands);
        w4_operands_fini(&operands);
        if (hash != rows[i].hash) {
            fail_msg("row %zu: fingerprint is 0x%016llx", i, (unsigned long long)hash);
        }
    }
}

static void data_look_like_a_model(void **state)
{
    (void)state;
    const struct w4_gemm_shape shape = dense_shape(31, 64, 1024, 128, W4_FLOAT_FP16, true);
    struct w4_operands operands;
    assert_int_equal(w4_operands_create(&shape, 3, &operands, NULL), W4_OK);
    double sum = 0, squares = 0, largest = 0;
    for (int64_t i = 0; i < shape.m * shape.k; i++) {
        const double a = (double)w4_float16_to_f32(shape.type, operands.a[i]);
        sum += a;
        squares += a * a;
        largest = fabs(a) > largest ? fabs(a) : largest;
    }
    const double count = (double)(shape.m * shape.k);
    assert_true(fabs(sum / count) < 0.05);
    assert_true(sqrt(squares / count) > 0.5 && sqrt(squares / count) < 2.5);
    assert_true(largest > 15); // the large channels
    uint64_t seen[16] = {0};
    for (int64_t i = 0; i < shape.n * shape.w_pitch; i++) {
        uint8_t q[8];
        w4_unpack8(operands.w[i], q);
        for (int j = 0; j < 8; j++) {
            seen[q[j]]++;
        }
    }
    for (int q = 0; q < 16; q++) {
        assert_true(seen[q] > 100);
    }
    uint32_t zero_points = 0;
    for (int64_t i = 0; i < shape.n * shape.scale_pitch; i++) {
        const float z = w4_float16_to_f32(shape.type, operands.zeros[i]);
        assert_true(z >= 0 && z <= 15 && z == floorf(z));
        zero_points |= 1u << (int)z;
    }
    assert_true(zero_points & (zero_points - 1)); // more than one value
    w4_operands_fini(&operands);
}

static void every_weight_meets_a_probe(void **state)
{
    (void)state;
    const struct w4_gemm_shape shape = dense_shape(1024, 1, 96, 32, W4_FLOAT_BF16, false);
    struct w4_operands operands;
    assert_int_equal(w4_operands_create(&shape, 4, &operands, NULL), W4_OK);
    int64_t touched[96] = {0};
    for (int64_t m = 31; m < shape.m; m += 32) {
        int64_t used = 0;
        for (int64_t k = 0; k < shape.k; k++) {
            if (operands.a[m * shape.a_pitch + k] & 0x7fff) {
                used++;
                touched[k]++;
            }
        }
        assert_true(used <= 3);
    }
    for (int64_t k = 0; k < shape.k; k++) {
        assert_int_equal(touched[k], 1);
    }
    w4_operands_fini(&operands);
}

static void padding_is_poisoned(void **state)
{
    (void)state;
    struct w4_gemm_shape shape = dense_shape(3, 5, 64, 32, W4_FLOAT_FP16, true);
    shape.a_pitch += 3;
    shape.w_pitch += 2;
    shape.scale_pitch += 1;
    struct w4_operands operands;
    assert_int_equal(w4_operands_create(&shape, 5, &operands, NULL), W4_OK);
    for (int64_t row = 0; row < 3; row++) {
        assert_int_equal(operands.a[row * shape.a_pitch + 64], 0x7e00);
        assert_int_equal(operands.a[row * shape.a_pitch + 66], 0x7e00);
    }
    for (int64_t row = 0; row < 5; row++) {
        assert_int_equal(operands.w[row * shape.w_pitch + 8], 0xffffffffu);
        assert_int_equal(operands.w[row * shape.w_pitch + 9], 0xffffffffu);
        assert_int_equal(operands.scales[row * shape.scale_pitch + 2], 0x7e00);
        assert_int_equal(operands.zeros[row * shape.scale_pitch + 2], 0x7e00);
    }
    w4_operands_fini(&operands);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_gives_the_committed_bytes),
        cmocka_unit_test(data_look_like_a_model),
        cmocka_unit_test(every_weight_meets_a_probe),
        cmocka_unit_test(padding_is_poisoned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
