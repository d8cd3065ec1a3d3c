// The condition language against the same expressions in C, and what it refuses.
#include "../../../harness/condition.h"
#include "catalog_test.h"

static bool holds(const char *text, int64_t m, int64_t n, int64_t k)
{
    w4_condition *condition;
    struct w4_error error = {0};
    assert_ok(w4_condition_parse(text, &condition, &error), error);
    const struct w4_shape shape = {.m = m, .n = n, .k = k, .group_size = 128};
    bool result;
    assert_ok(w4_condition_holds(condition, &shape, &result, &error), error);
    w4_condition_destroy(condition);
    return result;
}

static void conditions_mean_what_they_mean_in_c(void **state)
{
    (void)state;
    const int64_t values[] = {1, 2, 3, 7, 16, 128, 1024, 2047, 8192, 18944};
    const size_t count = sizeof(values) / sizeof(values[0]);
    for (size_t i = 0; i < count * count * count; i++) {
        const int64_t M = values[i % count], N = values[i / count % count], K = values[i / count / count], G = 128;
#define CHECK(text, expression) assert_int_equal(holds(text, M, N, K), (expression))
        CHECK("K >= 2*N", K >= 2 * N);
        CHECK("N <= 1024 or (N >= 8192 and K <= 2048)", N <= 1024 || (N >= 8192 && K <= 2048));
        CHECK("N<=1024 or N>=8192 and K<=2048", N <= 1024 || (N >= 8192 && K <= 2048));
        CHECK("(N <= 1024 or N >= 8192) and K <= 2048", (N <= 1024 || N >= 8192) && K <= 2048);
        CHECK("M - N - K < 0", M - N - K < 0);
        CHECK("M - (N - K) == G", M - (N - K) == G);
        CHECK("(M + N) * 2 > K + 3 * G", (M + N) * 2 > K + 3 * G);
        CHECK("((M) == (N))", M == N);
        CHECK("M * N * K >= 1", M * N * K >= 1);
        CHECK("  M==1 and N==2 or K==3  ", (M == 1 && N == 2) || K == 3);
#undef CHECK
    }
}

static void broken_conditions_name_the_column(void **state)
{
    (void)state;
    const struct {
        const char *text, *message;
    } rows[] = {
        {"", "column 1"},
        {"M", "column 1 of \"M\": a comparison expected"},
        {"M <", "column 4"},
        {"M < 3 and", "column 10"},
        {"M < 3 and N", "column 11 of \"M < 3 and N\": a comparison expected"},
        {"M and N < 3", "column 1 of \"M and N < 3\": a comparison expected"},
        {"M < N < K", "column 1 of \"M < N < K\": a number expected"},
        {"M + (N < 3) > 1", "column 5 of"},
        {"M = 3", "column 3"},
        {"M != 3", "column 3"},
        {"M < 3)", "column 6"},
        {"(M < 3", "column 7 of \"(M < 3\": \")\" expected"},
        {"m < 3", "column 1"},
        {"MN < 3", "column 1"},
        {"M < 3 or1", "column 7"},
        {"M < 3 N > 4", "column 7"},
        {"M < -3", "column 5"},
        {"M / 2 < 3", "column 3"},
        {"M < 99999999999999999999", "column 5 of \"M < 99999999999999999999\": the number does not fit"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        w4_condition *condition;
        struct w4_error error = {0};
        assert_int_equal(w4_condition_parse(rows[i].text, &condition, &error), W4_PARSE);
        assert_null(condition);
        assert_message(&error, rows[i].message);
    }
}

static void long_and_deep_conditions_are_refused(void **state)
{
    (void)state;
    char text[4096];
    w4_condition *condition;
    struct w4_error error = {0};
    memset(text, '(', 1000);
    strcpy(text + 1000, "M < 3");
    assert_int_equal(w4_condition_parse(text, &condition, &error), W4_PARSE);
    assert_message(&error, "too many nested parentheses");
    size_t used = 0;
    for (int i = 0; i < 200; i++) {
        used += (size_t)snprintf(text + used, sizeof(text) - used, "M < 3 or ");
    }
    snprintf(text + used, sizeof(text) - used, "M < 3");
    error = (struct w4_error){0};
    assert_int_equal(w4_condition_parse(text, &condition, &error), W4_PARSE);
    assert_message(&error, "too long");
}

static void overflow_is_an_error_with_its_column(void **state)
{
    (void)state;
    w4_condition *condition;
    struct w4_error error = {0};
    assert_ok(w4_condition_parse("M > 0 and N * N * N > K", &condition, &error), error);
    const struct w4_shape shape = {.m = 1, .n = INT32_MAX, .k = 8, .group_size = 32};
    bool result;
    assert_int_equal(w4_condition_holds(condition, &shape, &result, &error), W4_RANGE);
    assert_message(&error, "column 17 of the condition overflows 64 bits for M = 1, N = 2147483647");
    w4_condition_destroy(condition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_mean_what_they_mean_in_c),
        cmocka_unit_test(broken_conditions_name_the_column),
        cmocka_unit_test(long_and_deep_conditions_are_refused),
        cmocka_unit_test(overflow_is_an_error_with_its_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
