// WMMA bodies against plain triple loops on data whose results are exact, in the register layouts that the ISA gives
// for wave32 and wave64; modifiers, constants, halves and saturation.
#include <math.h>
#include <string.h>

#include "wave_fixture.h"

enum { N = 16, A = 64, B = 80, C = 96, D = 112 };

struct matrix {
    double at[N][N];
};

// A small generator with a fixed seed a test: values in [low, high] in steps of 1 / `parts`.
static struct matrix matrix_make(uint32_t seed, int low, int high, int parts)
{
    struct matrix m;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            seed = seed * 1664525u + 1013904223u;
            m.at[i][j] = (low + (int)(seed >> 16) % (high - low + 1)) / (double)parts;
        }
    }
    return m;
}

static uint32_t f32_bits(double value)
{
    float narrow = (float)value;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    return bits;
}

// For values that a half holds exactly and that are 0 or normal.
static uint32_t f16_bits(double value)
{
    int exponent;
    double fraction = frexp(fabs(value), &exponent);
    uint32_t sign = signbit(value) ? 0x8000 : 0;
    return value == 0 ? sign : sign | (uint32_t)(exponent + 14) << 10 | ((uint32_t)ldexp(fraction, 11) & 0x3ff);
}

static uint32_t bf16_bits(double value)
{
    return f32_bits(value) >> 16;
}

static uint32_t integer_bits(double value)
{
    return (uint32_t)(int32_t)value;
}

typedef uint32_t encode_fn(double value);

// Row i of A, or column i of B, into lane i and its copies, `bits` bits an element.
static void put_operand(struct fixture *f, unsigned reg, const struct matrix *m, bool columns, unsigned bits,
                        encode_fn *encode)
{
    unsigned each = 32 / bits;
    uint32_t mask = UINT32_MAX >> (32 - bits);
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        for (unsigned r = 0; r < N / each; r++) {
            uint32_t word = 0;
            for (unsigned i = 0; i < each; i++) {
                unsigned k = r * each + i;
                double value = columns ? m->at[k][lane % N] : m->at[lane % N][k];
                word |= (encode(value) & mask) << (i * bits);
            }
            *fixture_v(f, reg + r, lane) = word;
        }
    }
}

// Where element (row, column) of C or D is.
static uint32_t *accumulator(const struct fixture *f, unsigned reg, unsigned row, unsigned column)
{
    unsigned rows_a_register = f->lanes / N;
    return fixture_v(f, reg + row / rows_a_register, row % rows_a_register * N + column);
}

static void put_accumulator(struct fixture *f, unsigned reg, const struct matrix *m, encode_fn *encode)
{
    for (unsigned i = 0; i < N; i++) {
        for (unsigned j = 0; j < N; j++)
            *accumulator(f, reg, i, j) = encode(m->at[i][j]);
    }
}

static struct matrix product(const struct matrix *a, const struct matrix *b, const struct matrix *c)
{
    struct matrix d = *c;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            for (int k = 0; k < N; k++)
                d.at[i][j] += a->at[i][k] * b->at[k][j];
        }
    }
    return d;
}

static void expect(const struct fixture *f, unsigned reg, const struct matrix *want, encode_fn *encode, unsigned shift,
                   uint32_t mask)
{
    for (unsigned i = 0; i < N; i++) {
        for (unsigned j = 0; j < N; j++) {
            uint32_t got = *accumulator(f, reg, i, j) >> shift & mask;
            if (got != (encode(want->at[i][j]) & mask))
                fail_msg("element %u,%u: 0x%x instead of 0x%x (%g)", i, j, got, encode(want->at[i][j]) & mask,
                         want->at[i][j]);
        }
    }
}

// Registers past those in use must stay: a body that writes too much shows up here.
static void expect_untouched(const struct fixture *f, unsigned first, unsigned last)
{
    for (unsigned reg = first; reg <= last; reg++) {
        for (unsigned lane = 0; lane < f->lanes; lane++)
            assert_int_equal(*fixture_v(f, reg, lane), 0);
    }
}

struct operands {
    struct matrix a, b, c, d;
};

static struct operands put_floats(struct fixture *f, encode_fn *encode, encode_fn *encode_c)
{
    struct operands m = {matrix_make(1, -32, 32, 4), matrix_make(2, -32, 32, 8), matrix_make(3, -100, 100, 4), {{{0}}}};
    put_operand(f, A, &m.a, false, 16, encode);
    put_operand(f, B, &m.b, true, 16, encode);
    put_accumulator(f, C, &m.c, encode_c);
    m.d = product(&m.a, &m.b, &m.c);
    return m;
}

static const char *by_lanes(const struct fixture *f, const char *wave32, const char *wave64)
{
    return f->lanes == 64 ? wave64 : wave32;
}

static void f32_from_f16_equals_the_triple_loop(void **state)
{
    struct fixture *f = *state;
    struct operands m = put_floats(f, f16_bits, f32_bits);
    fixture_run(f, by_lanes(f, "v_wmma_f32_16x16x16_f16 v[112:119], v[64:71], v[80:87], v[96:103]",
                            "v_wmma_f32_16x16x16_f16 v[112:115], v[64:71], v[80:87], v[96:99]"));
    expect(f, D, &m.d, f32_bits, 0, UINT32_MAX);
    expect_untouched(f, f->lanes == 64 ? D + 4 : D + 8, 255);
}

static void f32_from_bf16_equals_the_triple_loop(void **state)
{
    struct fixture *f = *state;
    struct operands m = put_floats(f, bf16_bits, f32_bits);
    fixture_run(f, by_lanes(f, "v_wmma_f32_16x16x16_bf16 v[96:103], v[64:71], v[80:87], v[96:103]",
                            "v_wmma_f32_16x16x16_bf16 v[96:99], v[64:71], v[80:87], v[96:99]"));
    expect(f, C, &m.d, f32_bits, 0, UINT32_MAX);
    expect_untouched(f, f->lanes == 64 ? C + 4 : C + 8, 255);
}

static void exec_is_ignored(void **state)
{
    struct fixture *f = *state;
    struct operands m = put_floats(f, f16_bits, f32_bits);
    f->wave.s[EMU_SGPR_EXEC] = 0x5;
    fixture_run(f, "v_wmma_f32_16x16x16_f16 v[112:119], v[64:71], v[80:87], v[96:103]");
    expect(f, D, &m.d, f32_bits, 0, UINT32_MAX);
}

// The result fits 8 bits of a half's or bfloat16's fraction.
static struct operands put_small(struct fixture *f, encode_fn *encode)
{
    struct operands m = {matrix_make(4, -2, 2, 1), matrix_make(5, -2, 2, 1), matrix_make(6, -50, 50, 1), {{{0}}}};
    put_operand(f, A, &m.a, false, 16, encode);
    put_operand(f, B, &m.b, true, 16, encode);
    m.d = product(&m.a, &m.b, &m.c);
    return m;
}

static void put_half(struct fixture *f, unsigned reg, const struct matrix *m, encode_fn *encode, unsigned shift)
{
    for (unsigned i = 0; i < N; i++) {
        for (unsigned j = 0; j < N; j++) {
            uint32_t *word = accumulator(f, reg, i, j);
            *word = (*word & ~(0xffffu << shift)) | encode(m->at[i][j]) << shift;
        }
    }
}

// Two accumulators share the registers; each instruction works on its half.
static void halves_of_the_accumulator_are_independent(struct fixture *f, encode_fn *encode, const char *low,
                                                      const char *high)
{
    struct operands m = put_small(f, encode);
    struct matrix other = matrix_make(7, -40, 40, 1);
    put_half(f, C, &m.c, encode, 0);
    put_half(f, C, &other, encode, 16);
    fixture_run(f, low);
    expect(f, C, &m.d, encode, 0, 0xffff);
    expect(f, C, &other, encode, 16, 0xffff);
    fixture_run(f, high);
    struct matrix other_sum = product(&m.a, &m.b, &other);
    expect(f, C, &m.d, encode, 0, 0xffff);
    expect(f, C, &other_sum, encode, 16, 0xffff);
}

static void f16_results_use_one_half(void **state)
{
    struct fixture *f = *state;
    halves_of_the_accumulator_are_independent(
        f, f16_bits,
        by_lanes(f, "v_wmma_f16_16x16x16_f16 v[96:103], v[64:71], v[80:87], v[96:103]",
                 "v_wmma_f16_16x16x16_f16 v[96:99], v[64:71], v[80:87], v[96:99]"),
        by_lanes(f, "v_wmma_f16_16x16x16_f16 v[96:103], v[64:71], v[80:87], v[96:103] op_sel:[0,0,1]",
                 "v_wmma_f16_16x16x16_f16 v[96:99], v[64:71], v[80:87], v[96:99] op_sel:[0,0,1]"));
}

static void bf16_results_use_one_half(void **state)
{
    struct fixture *f = *state;
    halves_of_the_accumulator_are_independent(
        f, bf16_bits,
        by_lanes(f, "v_wmma_bf16_16x16x16_bf16 v[96:103], v[64:71], v[80:87], v[96:103]",
                 "v_wmma_bf16_16x16x16_bf16 v[96:99], v[64:71], v[80:87], v[96:99]"),
        by_lanes(f, "v_wmma_bf16_16x16x16_bf16 v[96:103], v[64:71], v[80:87], v[96:103] op_sel:[0,0,1]",
                 "v_wmma_bf16_16x16x16_bf16 v[96:99], v[64:71], v[80:87], v[96:99] op_sel:[0,0,1]"));
}

static void negation_acts_on_even_and_odd_k(void **state)
{
    struct fixture *f = *state;
    struct operands m = put_floats(f, f16_bits, f32_bits);
    struct operands changed = m;
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < N; k++) {
            if (k % 2 == 0)
                changed.a.at[i][k] = -m.a.at[i][k];
            else
                changed.b.at[k][i] = -m.b.at[k][i];
            changed.c.at[i][k] = -fabs(m.c.at[i][k]);
        }
    }
    struct matrix want = product(&changed.a, &changed.b, &changed.c);
    fixture_run(f, "v_wmma_f32_16x16x16_f16 v[112:119], v[64:71], v[80:87], v[96:103] "
                   "neg_lo:[1,0,1] neg_hi:[0,1,1]");
    expect(f, D, &want, f32_bits, 0, UINT32_MAX);
}

static void accumulator_may_be_a_constant(void **state)
{
    static const struct {
        const char *text;
        double c;
        encode_fn *encode;
        uint32_t mask;
    } cases[] = {
        {"v_wmma_f32_16x16x16_f16 v[112:119], v[64:71], v[80:87], 0", 0, f32_bits, UINT32_MAX},
        {"v_wmma_f32_16x16x16_f16 v[112:119], v[64:71], v[80:87], -4.0", -4, f32_bits, UINT32_MAX},
        {"v_wmma_f16_16x16x16_f16 v[112:119], v[64:71], v[80:87], 1.0", 1, f16_bits, 0xffff},
    };
    struct fixture *f = *state;
    struct operands m = put_small(f, f16_bits);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int j = 0; j < N * N; j++)
            m.c.at[j / N][j % N] = cases[i].c;
        m.d = product(&m.a, &m.b, &m.c);
        fixture_run(f, cases[i].text);
        expect(f, D, &m.d, cases[i].encode, 0, cases[i].mask);
    }
}

static void one_register_range_may_be_both_operands(void **state)
{
    struct fixture *f = *state;
    struct operands m = put_floats(f, f16_bits, f32_bits);
    struct matrix transposed;
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < N; k++)
            transposed.at[k][i] = m.a.at[i][k];
    }
    struct matrix want = product(&m.a, &transposed, &m.c);
    fixture_run(f, "v_wmma_f32_16x16x16_f16 v[96:103], v[64:71], v[64:71], v[96:103]");
    expect(f, C, &want, f32_bits, 0, UINT32_MAX);
}

// The documented order, for data that round: C first, then k = 0..15, each step one fused f32 operation.
static void f32_accumulates_in_order_of_k_with_fused_steps(void **state)
{
    struct fixture *f = *state;
    struct operands m = put_floats(f, f16_bits, f32_bits);
    for (int i = 0; i < N * N; i++)
        m.c.at[i / N][i % N] = (double)(float)(m.c.at[i / N][i % N] * 1e6 / 3);
    put_accumulator(f, C, &m.c, f32_bits);
    fixture_run(f, "v_wmma_f32_16x16x16_f16 v[112:119], v[64:71], v[80:87], v[96:103]");
    int rounded = 0;
    for (unsigned i = 0; i < N; i++) {
        for (unsigned j = 0; j < N; j++) {
            float sum = (float)m.c.at[i][j];
            double exact = m.c.at[i][j];
            for (unsigned k = 0; k < N; k++) {
                sum = fmaf((float)m.a.at[i][k], (float)m.b.at[k][j], sum);
                exact += m.a.at[i][k] * m.b.at[k][j];
            }
            rounded += (double)sum != exact;
            assert_int_equal(*accumulator(f, D, i, j), f32_bits((double)sum));
        }
    }
    assert_true(rounded > N); // the data did exercise rounding
}

static void run_integers(struct fixture *f, unsigned bits, bool a_signed, bool b_signed, const char *text)
{
    int half = 1 << (bits - 1);
    struct matrix a = matrix_make(11, a_signed ? -half : 0, a_signed ? half - 1 : 2 * half - 1, 1);
    struct matrix b = matrix_make(12, b_signed ? -half : 0, b_signed ? half - 1 : 2 * half - 1, 1);
    struct matrix c = matrix_make(13, -30000, 30000, 1);
    a.at[3][5] = a_signed ? -half : 2 * half - 1; // the extremes meet
    b.at[5][7] = b_signed ? -half : 2 * half - 1;
    struct matrix d = product(&a, &b, &c);
    put_operand(f, A, &a, false, bits, integer_bits);
    put_operand(f, B, &b, true, bits, integer_bits);
    put_accumulator(f, C, &c, integer_bits);
    fixture_run(f, text);
    expect(f, D, &d, integer_bits, 0, UINT32_MAX);
}

#define IU8(registers, wide) "v_wmma_i32_16x16x16_iu8 v[112:" registers "], v[64:67], v[80:83], v[96:" wide "] "
#define IU4(registers, wide) "v_wmma_i32_16x16x16_iu4 v[112:" registers "], v[64:65], v[80:81], v[96:" wide "] "

static void integers_of_8_bits_are_signed_by_neg_lo(void **state)
{
    struct fixture *f = *state;
    run_integers(f, 8, false, false, by_lanes(f, IU8("119", "103"), IU8("115", "99")));
    run_integers(f, 8, true, false, by_lanes(f, IU8("119", "103") "neg_lo:[1,0,0]", IU8("115", "99") "neg_lo:[1,0,0]"));
    run_integers(f, 8, false, true, by_lanes(f, IU8("119", "103") "neg_lo:[0,1,0]", IU8("115", "99") "neg_lo:[0,1,0]"));
    run_integers(f, 8, true, true, by_lanes(f, IU8("119", "103") "neg_lo:[1,1,0]", IU8("115", "99") "neg_lo:[1,1,0]"));
}

static void integers_of_4_bits_are_signed_by_neg_lo(void **state)
{
    struct fixture *f = *state;
    run_integers(f, 4, false, false, by_lanes(f, IU4("119", "103"), IU4("115", "99")));
    run_integers(f, 4, true, false, by_lanes(f, IU4("119", "103") "neg_lo:[1,0,0]", IU4("115", "99") "neg_lo:[1,0,0]"));
    run_integers(f, 4, false, true, by_lanes(f, IU4("119", "103") "neg_lo:[0,1,0]", IU4("115", "99") "neg_lo:[0,1,0]"));
    run_integers(f, 4, true, true, by_lanes(f, IU4("119", "103") "neg_lo:[1,1,0]", IU4("115", "99") "neg_lo:[1,1,0]"));
}

static void integer_sums_wrap_or_saturate(void **state)
{
    static const struct {
        const char *text;
        uint32_t a, b, c, d; // every element the same
    } cases[] = {
        {IU8("119", "103"), 0xffffffff, 0xffffffff, 0x7fffffff, 0x800fe00f},
        {IU8("119", "103") "clamp", 0xffffffff, 0xffffffff, 0x7fffffff, 0x7fffffff},
        {IU8("119", "103") "neg_lo:[1,0,0]", 0x80808080, 0x7f7f7f7f, 0x80000000, 0x7ffc0800},
        {IU8("119", "103") "neg_lo:[1,0,0] clamp", 0x80808080, 0x7f7f7f7f, 0x80000000, 0x80000000},
        {IU4("119", "103") "clamp", 0xffffffff, 0xffffffff, 0x7ffff1f0, 0x7fffffff},
        {IU4("119", "103") "clamp", 0xffffffff, 0xffffffff, 0x7ffff1ef, 0x7fffffff},
        {IU4("119", "103") "clamp", 0xffffffff, 0xffffffff, 0x7ffff1ee, 0x7ffffffe},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (unsigned r = 0; r < 8; r++) {
            fixture_fill(f, A + r, cases[i].a);
            fixture_fill(f, B + r, cases[i].b);
            fixture_fill(f, C + r, cases[i].c);
        }
        fixture_run(f, cases[i].text);
        for (unsigned r = 0; r < 8; r++) {
            for (unsigned lane = 0; lane < 32; lane++)
                assert_int_equal(*fixture_v(f, D + r, lane), cases[i].d);
        }
    }
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(f32_from_f16_equals_the_triple_loop, 32),
        FIXTURE_TEST(f32_from_f16_equals_the_triple_loop, 64),
        FIXTURE_TEST(f32_from_bf16_equals_the_triple_loop, 32),
        FIXTURE_TEST(f32_from_bf16_equals_the_triple_loop, 64),
        FIXTURE_TEST(exec_is_ignored, 32),
        FIXTURE_TEST(f16_results_use_one_half, 32),
        FIXTURE_TEST(f16_results_use_one_half, 64),
        FIXTURE_TEST(bf16_results_use_one_half, 32),
        FIXTURE_TEST(bf16_results_use_one_half, 64),
        FIXTURE_TEST(negation_acts_on_even_and_odd_k, 32),
        FIXTURE_TEST(accumulator_may_be_a_constant, 32),
        FIXTURE_TEST(one_register_range_may_be_both_operands, 32),
        FIXTURE_TEST(f32_accumulates_in_order_of_k_with_fused_steps, 32),
        FIXTURE_TEST(integers_of_8_bits_are_signed_by_neg_lo, 32),
        FIXTURE_TEST(integers_of_8_bits_are_signed_by_neg_lo, 64),
        FIXTURE_TEST(integers_of_4_bits_are_signed_by_neg_lo, 32),
        FIXTURE_TEST(integers_of_4_bits_are_signed_by_neg_lo, 64),
        FIXTURE_TEST(integer_sums_wrap_or_saturate, 32),
    };
    return fixture_main("wmma", tests, sizeof tests / sizeof *tests);
}
