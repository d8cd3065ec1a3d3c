// Verification of a C that plain loops computed, and of copies with one thing wrong.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "../../../harness/verify.h"
#include "../sample.h"

enum { M = 21, N = 50, K = 128, C_PITCH = 56 };

struct fixture {
    struct w4_shape shape;
    struct w4_tile tile;
    struct w4_operands operands;
    w4_oracle *oracle;
    struct w4_c_layout layout;
    unsigned char *memory;
    uint16_t *c;
};

// fp64 from the stored bits, unpacked here by the documented nibble order.
static double element(const struct w4_operands *operands, int64_t m, int64_t n)
{
    static const int shifts[8] = {0, 16, 4, 20, 8, 24, 12, 28};
    double sum = 0;
    for (int64_t k = 0; k < K; ++k) {
        uint32_t word = operands->w[n * operands->shape.w_pitch + k / 8];
        double q = (double)((word >> shifts[k % 8]) & 15);
        double scale =
            (double)w4_float16_to_f32(W4_FLOAT_FP16, operands->scales[n * operands->shape.scale_pitch + k / 64]);
        double a = (double)w4_float16_to_f32(W4_FLOAT_FP16, operands->a[m * operands->shape.a_pitch + k]);
        sum += a * ((q - 8) * scale);
    }
    return sum;
}

// 2 x 4 tiles of 16 x 16, all right.
static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct w4_error error = {0};
    if (!fixture)
        return -1;
    *state = fixture;
    fixture->shape = (struct w4_shape){
        .m = M, .n = N, .k = K, .group_size = 64, .a_pitch = K, .w_pitch = K / 8, .scale_pitch = 2, .c_pitch = C_PITCH};
    fixture->tile = (struct w4_tile){.bm = 16, .bn = 16, .bk = 64, .waves = 1, .unroll_k = 1};
    const struct w4_gemm_shape gemm = {
        .m = M, .n = N, .k = K, .group_size = 64, .a_pitch = K, .w_pitch = K / 8, .scale_pitch = 2, .c_pitch = C_PITCH};
    if (w4_operands_create(&gemm, 3, &fixture->operands, &error) != W4_OK ||
        w4_oracle_create(&fixture->operands, &fixture->oracle, &error) != W4_OK ||
        w4_c_layout_of(&fixture->shape, &fixture->tile, &fixture->layout, &error) != W4_OK)
        return -1;
    const struct w4_c_layout *layout = &fixture->layout;
    fixture->memory = malloc(layout->head_bytes + layout->c_bytes + layout->tail_bytes);
    if (!fixture->memory)
        return -1;
    memset(fixture->memory, W4_GUARD_BYTE, layout->head_bytes + layout->c_bytes + layout->tail_bytes);
    memset(fixture->memory + layout->head_bytes, W4_POISON_BYTE, layout->c_bytes);
    void *c = fixture->memory + layout->head_bytes;
    fixture->c = c;
    for (int64_t m = 0; m < M; ++m) {
        for (int64_t n = 0; n < N; ++n)
            fixture->c[m * C_PITCH + n] = w4_float16_from_f32(W4_FLOAT_FP16, (float)element(&fixture->operands, m, n));
    }
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    w4_oracle_destroy(fixture->oracle);
    w4_operands_fini(&fixture->operands);
    free(fixture->memory);
    free(fixture);
    return 0;
}

static bool is_right_on(struct fixture *fixture, bool n_first, const uint64_t *ids, size_t count,
                        struct w4_verification *verification, char message[256])
{
    struct w4_error error = {0};
    if (w4_verify(fixture->oracle, &fixture->shape, &fixture->tile, n_first, &fixture->layout, fixture->memory, ids,
                  count, verification, &error) != W4_OK)
        fail_msg("%s", error.message);
    return w4_verification_is_right(verification, message, 256);
}

static bool is_right(struct fixture *fixture, const uint64_t *ids, size_t count, struct w4_verification *verification,
                     char message[256])
{
    return is_right_on(fixture, false, ids, count, verification, message);
}

static void a_right_result_is_right_and_all_of_it_is_judged(void **state)
{
    struct fixture *fixture = *state;
    struct w4_verification verification;
    char message[256];
    assert_true(is_right(fixture, NULL, 0, &verification, message));
    assert_int_equal(verification.judged, M * N);
    assert_true(verification.worst_ratio <= 1);
}

struct damage_row {
    int64_t element; // index into C, may lie outside
    uint16_t bits;
    const char *message;
};

static void one_wrong_element_is_found_wherever_it_is(void **state)
{
    struct fixture *fixture = *state;
    static const struct damage_row rows[] = {
        {0, 0x7c00, "beyond their bound"},                               // infinity
        {20 * C_PITCH + 49, 0x7e00, "beyond their bound"},               // NaN in the last element
        {20 * C_PITCH + 49, W4_POISON, "1 of 1050 elements were never"}, // not written
        {N, 0, "2 bytes outside"},                                       // pitch padding of the first row
        {M * C_PITCH, 0, "2 bytes outside"},                             // a row too many
        {-1, 0, "2 bytes outside"},                                      // before the first
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        struct w4_verification verification;
        char message[256] = "";
        uint16_t before = fixture->c[rows[i].element];
        fixture->c[rows[i].element] = rows[i].bits;
        assert_false(is_right(fixture, NULL, 0, &verification, message));
        if (!strstr(message, rows[i].message))
            fail_msg("row %zu says \"%s\"", i, message);
        fixture->c[rows[i].element] = before;
    }
}

static void only_the_tiles_that_ran_are_judged(void **state)
{
    struct fixture *fixture = *state;
    struct w4_verification verification;
    char message[256] = "";
    const uint64_t ids[] = {0, 7}; // tile (0, 0) and the corner tile (1, 3): 5 x 2 elements
    for (int64_t m = 0; m < M; ++m) {
        for (int64_t n = 0; n < N; ++n) {
            bool ran = (m < 16 && n < 16) || (m >= 16 && n >= 48);
            if (!ran)
                fixture->c[m * C_PITCH + n] = W4_POISON;
        }
    }
    assert_true(is_right(fixture, ids, 2, &verification, message));
    assert_int_equal(verification.judged, 16 * 16 + 5 * 2);
    fixture->c[16 * C_PITCH] = 0; // a tile that did not run
    assert_false(is_right(fixture, ids, 2, &verification, message));
    assert_non_null(strstr(message, "2 bytes outside"));
}

static void workgroup_ids_follow_the_order_of_the_grid(void **state)
{
    struct fixture *fixture = *state;
    struct w4_verification verification;
    char message[256] = "";
    const uint64_t ids[] = {1}; // of 2 x 4 tiles: (1, 0) when x counts M tiles, (0, 1) when it counts N tiles
    for (int64_t m = 0; m < M; ++m) {
        for (int64_t n = 0; n < N; ++n) {
            if (m >= 16 || n / 16 != 1)
                fixture->c[m * C_PITCH + n] = W4_POISON;
        }
    }
    assert_true(is_right_on(fixture, true, ids, 1, &verification, message));
    assert_int_equal(verification.judged, 16 * 16);
    assert_false(is_right_on(fixture, false, ids, 1, &verification, message));
}

static void zeros_are_never_right(void **state)
{
    struct fixture *fixture = *state;
    struct w4_verification verification;
    char message[256] = "";
    for (int64_t m = 0; m < M; ++m)
        memset(fixture->c + m * C_PITCH, 0, N * sizeof(*fixture->c));
    assert_false(is_right(fixture, NULL, 0, &verification, message));
    assert_non_null(strstr(message, "are zero"));
}

static void a_workgroup_that_does_not_exist_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    struct w4_verification verification;
    struct w4_error error = {0};
    const uint64_t ids[] = {8};
    assert_int_equal(w4_verify(fixture->oracle, &fixture->shape, &fixture->tile, false, &fixture->layout,
                               fixture->memory, ids, 1, &verification, &error),
                     W4_DEVICE);
}

int main(void)
{
#define VERIFY_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        VERIFY_TEST(a_right_result_is_right_and_all_of_it_is_judged),
        VERIFY_TEST(one_wrong_element_is_found_wherever_it_is),
        VERIFY_TEST(only_the_tiles_that_ran_are_judged),
        VERIFY_TEST(workgroup_ids_follow_the_order_of_the_grid),
        VERIFY_TEST(zeros_are_never_right),
        VERIFY_TEST(a_workgroup_that_does_not_exist_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
