// Transcendentals against the host's in higher precision: within 1 ULP of the result's type, exact at special values.
#include <math.h>

#include "float_values.h"
#include "vectors.h"

static double reciprocal(double x)
{
    return 1 / x;
}

static double reciprocal_root(double x)
{
    return 1 / sqrt(x);
}

// Of whole turns; the remainder is exact.
static double sine(double turns)
{
    return sin(6.283185307179586476925 * remainder(turns, 1));
}

static double cosine(double turns)
{
    return cos(6.283185307179586476925 * remainder(turns, 1));
}

struct function {
    const char *text;
    double (*of)(double);
    double low, high; // magnitudes to try
    double absolute;  // error allowed beside 1 ULP, where the result crosses zero
};

static double ulp_f32(double x)
{
    int exponent;
    frexp(x, &exponent);
    return ldexp(1, (exponent < -125 ? -125 : exponent) - 24);
}

static void f32_functions_stay_within_one_ulp(void **state)
{
    static const struct function functions[] = {
        {"v_rcp_f32 v0, v2", reciprocal, 1e-37, 1e37, 0},
        {"v_rcp_iflag_f32 v0, v2", reciprocal, 1e-37, 1e37, 0},
        {"v_rsq_f32 v0, v2", reciprocal_root, 1e-37, 1e38, 0},
        {"v_sqrt_f32 v0, v2", sqrt, 1e-37, 1e38, 0},
        {"v_log_f32 v0, v2", log2, 1e-37, 1e38, 0},
        {"v_exp_f32 v0, v2", exp2, 1e-6, 126, 0},
        {"v_exp_f32 v0, -v2", exp2, 1e-6, 126, 0},
        {"v_sin_f32 v0, v2", sine, 1e-4, 256, 1e-15},
        {"v_cos_f32 v0, v2", cosine, 1e-4, 256, 1e-15},
    };
    struct fixture *f = *state;
    uint64_t seed = 6;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        const struct function *fn = &functions[i];
        double sign = strchr(fn->text, '-') ? -1 : 1;
        for (unsigned round = 0; round < 200; round++) {
            for (unsigned lane = 0; lane < 32; lane++) {
                double t = (double)(next_random(&seed) >> 11) * 0x1p-53;
                double x = round & 1 ? fn->low * pow(fn->high / fn->low, t) : fmin(0.5 + t, fn->high);
                *fixture_v(f, 2, lane) = f32_bits((float)x);
            }
            fixture_run(f, fn->text);
            for (unsigned lane = 0; lane < 32; lane++) {
                double x = sign * (double)as_f32(*fixture_v(f, 2, lane)), want = fn->of(x);
                double got = (double)as_f32(*fixture_v(f, 0, lane));
                if (!(fabs(got - want) <= ulp_f32(want) + fn->absolute))
                    fail_msg("%s of %a: %a, expected %a", fn->text, x, got, want);
            }
        }
    }
}

static void every_positive_half_stays_within_one_ulp(void **state)
{
    static const struct function functions[] = {
        {"v_rcp_f16 v0.l, v2.l", reciprocal, 0, 0, 0},
        {"v_sqrt_f16 v0.l, v2.l", sqrt, 0, 0, 0},
        {"v_rsq_f16 v0.l, v2.l", reciprocal_root, 0, 0, 0},
        {"v_log_f16 v0.l, v2.l", log2, 0, 0, 0},
        {"v_exp_f16 v0.l, v2.l", exp2, 0, 0, 0},
        {"v_sin_f16 v0.l, v2.l", sine, 0, 0, 1e-15},
        {"v_cos_f16 v0.l, v2.l", cosine, 0, 0, 1e-15},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        for (uint32_t base = 0; base < 0x7c00; base += 32) {
            for (unsigned lane = 0; lane < 32; lane++)
                *fixture_v(f, 2, lane) = base + lane;
            fixture_run(f, functions[i].text);
            fixture_run(f, "v_cvt_f32_f16 v1, v0.l\n v_cvt_f32_f16 v3, v2.l");
            for (unsigned lane = 0; lane < 32; lane++) {
                double x = (double)as_f32(*fixture_v(f, 3, lane)), got = (double)as_f32(*fixture_v(f, 1, lane));
                double want = functions[i].of(x);
                int exponent;
                frexp(want, &exponent);
                double ulp = ldexp(1, (exponent < -13 ? -13 : exponent) - 11);
                bool overflows = isinf(got) && want >= 65504;
                if (!overflows && !(got == want || fabs(got - want) <= ulp + functions[i].absolute))
                    fail_msg("%s of %a: %a, expected %a", functions[i].text, x, got, want);
            }
        }
    }
}

// clang-format off
static void special_values(void **state)
{
    enum { INF32 = 0x7f800000 };
    static const struct vector table[] = {
        {"v_rcp_f32 v0, v2", 0, 0, 0, INF32, 0, 0},
        {"v_rcp_f32 v0, v2", 0x80000000, 0, 0, 0xff800000, 0, 0},
        {"v_rcp_f32 v0, v2", 1, 0, 0, INF32, 0, 0},          // denormals count as zero
        {"v_rcp_f32 v0, v2", 0xff800000, 0, 0, 0x80000000, 0, 0},
        {"v_rcp_f32 v0, v2", 0x7f000000, 0, 0, 0, 0, 0},     // 2^-127 is a denormal
        {"v_rsq_f32 v0, v2", 0, 0, 0, INF32, 0, 0},
        {"v_rsq_f32 v0, v2", 0x80000000, 0, 0, 0xff800000, 0, 0},
        {"v_rsq_f32 v0, v2", INF32, 0, 0, 0, 0, 0},
        {"v_sqrt_f32 v0, v2", 0x80000000, 0, 0, 0x80000000, 0, 0},
        {"v_sqrt_f32 v0, v2", 0x40800000, 0, 0, 0x40000000, 0, 0},
        {"v_exp_f32 v0, v2", 0x41200000, 0, 0, 0x44800000, 0, 0},
        {"v_exp_f32 v0, v2", INF32, 0, 0, INF32, 0, 0},
        {"v_exp_f32 v0, v2", 0x43000000, 0, 0, INF32, 0, 0}, // 2^128
        {"v_exp_f32 v0, v2", 0xff800000, 0, 0, 0, 0, 0},
        {"v_exp_f32 v0, v2", 0xc2fe0000, 0, 0, 0, 0, 0},     // 2^-127
        {"v_log_f32 v0, v2", 0, 0, 0, 0xff800000, 0, 0},
        {"v_log_f32 v0, v2", 1, 0, 0, 0xff800000, 0, 0},
        {"v_log_f32 v0, v2", 0x3f800000, 0, 0, 0, 0, 0},
        {"v_log_f32 v0, v2", 0x3e000000, 0, 0, 0xc0400000, 0, 0},
        {"v_log_f32 v0, v2", INF32, 0, 0, INF32, 0, 0},
        {"v_sin_f32 v0, v2", 0x3e800000, 0, 0, 0x3f800000, 0, 0},
        {"v_sin_f32 v0, v2", 0xbe800000, 0, 0, 0xbf800000, 0, 0},
        {"v_sin_f32 v0, v2", 0x43960000, 0, 0, 0, 0, 0},
        {"v_cos_f32 v0, v2", 0x3f000000, 0, 0, 0xbf800000, 0, 0},
        {"v_cos_f32 v0, v2", 0x3e800000, 0, 0, 0, 0, 0},
        {"v_rcp_f16 v0.l, v2.l", 0x4000, 0, 0, 0x3800, 0, 0},
        {"v_rcp_f16 v0.l, v2.l", 0x8000, 0, 0, 0xfc00, 0, 0},
        {"v_log_f16 v0.l, v2.l", 0x0001, 0, 0, 0xce00, 0, 0}, // denormals count
        {"v_rcp_f64 v[0:1], v[2:3]", UINT64_C(0x4010000000000000), 0, 0, UINT64_C(0x3fd0000000000000), 0, 0},
        {"v_rsq_f64 v[0:1], v[2:3]", UINT64_C(0x4010000000000000), 0, 0, UINT64_C(0x3fe0000000000000), 0, 0},
        {"v_sqrt_f64 v[0:1], v[2:3]", UINT64_C(0x4022000000000000), 0, 0, UINT64_C(0x4008000000000000), 0, 0},
    };
    VECTORS_CHECK(*state, table);
}
// clang-format on

static void undefined_results_are_nans(void **state)
{
    static const char *const texts[] = {"v_sqrt_f32 v0, v2", "v_rsq_f32 v0, v2", "v_log_f32 v0, v2",
                                        "v_sin_f32 v0, v3",  "v_cos_f32 v0, v3", "v_exp_f32 v0, v4"};
    struct fixture *f = *state;
    fixture_fill(f, 2, 0xbf800000);
    fixture_fill(f, 3, 0x7f800000);
    fixture_fill(f, 4, 0x7f800001);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fixture_run(f, texts[i]);
        assert_true(isnan(as_f32(*fixture_v(f, 0, 7))));
    }
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(f32_functions_stay_within_one_ulp, 32),
        FIXTURE_TEST(every_positive_half_stays_within_one_ulp, 32),
        FIXTURE_TEST(special_values, 32),
        FIXTURE_TEST(undefined_results_are_nans, 32),
    };
    return fixture_main("valu_trans", tests, sizeof tests / sizeof *tests);
}
