// Dot products against values worked out by hand, and integer forms also against a plain loop on random words.
#include "wave_fixture.h"

struct vector {
    const char *text; // v0 = f(v1, v2, v3)
    uint32_t a, b, c; // v1, v2, v3
    uint32_t want;
    uint32_t before; // v0
};

static void run_vectors(struct fixture *f, const struct vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct vector *v = &vectors[i];
        fixture_fill(f, 0, v->before);
        fixture_fill(f, 1, v->a);
        fixture_fill(f, 2, v->b);
        fixture_fill(f, 3, v->c);
        fixture_run(f, v->text);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            if (*fixture_v(f, 0, lane) != v->want)
                fail_msg("%s of 0x%08x 0x%08x 0x%08x: 0x%08x instead of 0x%08x in lane %u", v->text, v->a, v->b, v->c,
                         *fixture_v(f, 0, lane), v->want, lane);
        }
    }
}
#define RUN(f, vectors) run_vectors(f, vectors, sizeof(vectors) / sizeof *(vectors))

static void halves_sum_into_f32(void **state)
{
    static const struct vector vectors[] = {
        // 1 * 3 + 2 * 4 + 10
        {"v_dot2_f32_f16 v0, v1, v2, v3", 0x40003c00, 0x44004200, 0x41200000, 0x41a80000, 0},
        {"v_dot2_f32_bf16 v0, v1, v2, v3", 0x40003f80, 0x40804040, 0x41200000, 0x41a80000, 0},
        {"v_dot2acc_f32_f16 v0, v1, v2", 0x40003c00, 0x44004200, 0, 0x41a80000, 0x41200000},
        // -(1) * 3 + 2 * -(4) - |-10|
        {"v_dot2_f32_f16 v0, v1, v2, v3 neg_lo:[1,0,1] neg_hi:[0,1,1]", 0x40003c00, 0x44004200, 0xc1200000, 0xc1a80000,
         0},
        // op_sel: 2 * 3 + 1 * 4
        {"v_dot2_f32_f16 v0, v1, v2, v3 op_sel:[1,0,0] op_sel_hi:[0,1,1]", 0x40003c00, 0x44004200, 0, 0x41200000, 0},
        {"v_dot2_f32_f16 v0, v1, v2, v3 clamp", 0x40003c00, 0x44004200, 0x41200000, 0x3f800000, 0},
        {"v_dot2_f32_f16 v0, v1, 1.0, 0.5 op_sel_hi:[1,0,1]", 0x40003c00, 0, 0, 0x40600000, 0},
        // a denormal addend is flushed; half denormals are not
        {"v_dot2_f32_f16 v0, v1, v2, v3", 0x00000000, 0x00000000, 0x00000001, 0x00000000, 0},
        {"v_dot2_f32_f16 v0, v1, v2, v3", 0x00000001, 0x00003c00, 0x00000000, 0x33800000, 0},
    };
    RUN(*state, vectors);
}

static void dual_issue_accumulates(void **state)
{
    struct fixture *f = *state;
    fixture_fill(f, 0, 0x41200000);
    fixture_fill(f, 1, 0x40a00000);
    fixture_fill(f, 2, 0x40003c00);
    fixture_fill(f, 3, 0x44004200);
    fixture_fill(f, 4, 0x40003f80);
    fixture_fill(f, 5, 0x40804040);
    fixture_run(f, "v_dual_dot2acc_f32_f16 v0, v2, v3 :: v_dual_dot2acc_f32_bf16 v1, v4, v5");
    assert_int_equal(*fixture_v(f, 0, 31), 0x41a80000);
    assert_int_equal(*fixture_v(f, 1, 31), 0x41800000);
}

static void halves_sum_into_a_half(void **state)
{
    static const struct vector vectors[] = {
        {"v_dot2_f16_f16 v0, v1, v2, v3", 0x40003c00, 0x44004200, 0x00004900, 0xdead4d40, 0xdeadbeef},
        {"v_dot2_bf16_bf16 v0, v1, v2, v3", 0x40003f80, 0x40804040, 0x00004120, 0xdead41a8, 0xdeadbeef},
        {"v_dot2_f16_f16 v0, v1, v2, v3 op_sel:[0,0,1,1]", 0x40003c00, 0x44004200, 0x49000000, 0x4d40beef, 0xdeadbeef},
        {"v_dot2_bf16_bf16 v0, v1, v2, v3 op_sel:[0,0,1,1]", 0x40003f80, 0x40804040, 0x41200000, 0x41a8beef,
         0xdeadbeef},
        // |(1,-2)| . -(3,4) - |-10| = -21
        {"v_dot2_f16_f16 v0, |v1|, -v2, -|v3|", 0xc0003c00, 0x44004200, 0x0000c900, 0x0000cd40, 0},
        // each step rounds: 2048 + 1 stays 2048 (tie to even), twice
        {"v_dot2_f16_f16 v0, v1, v2, v3", 0x3c003c00, 0x3c003c00, 0x00006800, 0x00006800, 0},
    };
    RUN(*state, vectors);
}

static void bytes_and_nibbles_sum_into_integers(void **state)
{
    static const struct vector vectors[] = {
        {"v_dot4_i32_iu8 v0, v1, v2, v3", 0xff020304, 0x01020304, 0xffffffff, 0x0000011b, 0},
        {"v_dot4_i32_iu8 v0, v1, v2, v3 neg_lo:[1,0,0]", 0xff020304, 0xff020304, 0, 0xffffff1e, 0},
        {"v_dot4_i32_iu8 v0, v1, v2, v3 neg_lo:[0,1,0]", 0xff020304, 0xff020304, 0, 0xffffff1e, 0},
        {"v_dot4_i32_iu8 v0, v1, v2, v3 neg_lo:[1,1,0]", 0xff020304, 0xff020304, 0, 0x0000001e, 0},
        {"v_dot4_i32_iu8 v0, v1, v2, v3 clamp", 0xffffffff, 0xffffffff, 0x7fffffff, 0x7fffffff, 0},
        {"v_dot4_i32_iu8 v0, v1, v2, v3 neg_lo:[1,0,0] clamp", 0x80808080, 0xffffffff, 0x80000001, 0x80000000, 0},
        {"v_dot4_u32_u8 v0, v1, v2, v3", 0xff020304, 0x01020304, 0xffffffff, 0x0000011b, 0},
        {"v_dot4_u32_u8 v0, v1, v2, v3 clamp", 0xff020304, 0x01020304, 0xffffffff, 0xffffffff, 0},
        {"v_dot8_i32_iu4 v0, v1, v2, v3", 0xf1111111, 0xf1111111, 0x00000010, 0x000000f8, 0},
        {"v_dot8_i32_iu4 v0, v1, v2, v3 neg_lo:[1,1,0]", 0xf1111111, 0xf1111111, 0x00000010, 0x00000018, 0},
        {"v_dot8_i32_iu4 v0, v1, v2, v3 neg_lo:[0,1,0]", 0xf1111111, 0xf1111111, 0x00000010, 0x00000008, 0},
        {"v_dot8_u32_u4 v0, v1, v2, v3", 0xffffffff, 0xffffffff, 0x00000010, 0x00000718, 0},
        {"v_dot8_u32_u4 v0, v1, v2, v3 clamp", 0xffffffff, 0xffffffff, 0xfffffff0, 0xffffffff, 0},
    };
    RUN(*state, vectors);
}

static int32_t field(uint32_t word, unsigned i, unsigned bits, bool is_signed)
{
    int32_t value = (int32_t)(word >> (i * bits) & ((1u << bits) - 1));
    return is_signed && value >> (bits - 1) ? value - (1 << bits) : value;
}

static void integer_lanes_equal_a_plain_loop(void **state)
{
    static const struct {
        const char *text;
        unsigned bits;
        bool a_signed, b_signed;
    } cases[] = {
        {"v_dot4_i32_iu8 v0, v1, v2, v3 neg_lo:[1,0,0]", 8, true, false},
        {"v_dot4_u32_u8 v0, v1, v2, v3", 8, false, false},
        {"v_dot8_i32_iu4 v0, v1, v2, v3 neg_lo:[1,1,0]", 4, true, true},
        {"v_dot8_u32_u4 v0, v1, v2, v3", 4, false, false},
    };
    struct fixture *f = *state;
    uint32_t seed = 17;
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        for (unsigned reg = 1; reg <= 3; reg++) {
            seed = seed * 1664525u + 1013904223u;
            *fixture_v(f, reg, lane) = seed ^ seed >> 15;
        }
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture_run(f, cases[i].text);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            uint32_t want = *fixture_v(f, 3, lane);
            for (unsigned k = 0; k < 32 / cases[i].bits; k++)
                want += (uint32_t)(field(*fixture_v(f, 1, lane), k, cases[i].bits, cases[i].a_signed) *
                                   field(*fixture_v(f, 2, lane), k, cases[i].bits, cases[i].b_signed));
            assert_int_equal(*fixture_v(f, 0, lane), want);
        }
    }
}

static void inactive_lanes_keep_their_destination(void **state)
{
    static const char *const texts[] = {
        "v_dot2_f32_f16 v0, v1, v2, 0", "v_dot2acc_f32_f16 v0, v1, v2",   "v_dot2_f32_bf16 v0, v1, v2, 0",
        "v_dot2_f16_f16 v0, v1, v2, 0", "v_dot2_bf16_bf16 v0, v1, v2, 0", "v_dot4_i32_iu8 v0, v1, v2, 0",
        "v_dot8_u32_u4 v0, v1, v2, 0",
    };
    struct fixture *f = *state;
    fixture_fill(f, 1, 0x3c003c00);
    fixture_fill(f, 2, 0x40004000);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fixture_fill(f, 0, 0x41200000);
        fixture_set_s64(f, EMU_SGPR_EXEC, 0x8000000000000100);
        fixture_run(f, texts[i]);
        for (unsigned lane = 0; lane < f->lanes; lane++)
            assert_int_equal(*fixture_v(f, 0, lane) != 0x41200000, lane == 8 || lane == 63);
    }
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(halves_sum_into_f32, 32),
        FIXTURE_TEST(halves_sum_into_f32, 64),
        FIXTURE_TEST(dual_issue_accumulates, 32),
        FIXTURE_TEST(halves_sum_into_a_half, 32),
        FIXTURE_TEST(bytes_and_nibbles_sum_into_integers, 32),
        FIXTURE_TEST(integer_lanes_equal_a_plain_loop, 32),
        FIXTURE_TEST(integer_lanes_equal_a_plain_loop, 64),
        FIXTURE_TEST(inactive_lanes_keep_their_destination, 32),
        FIXTURE_TEST(inactive_lanes_keep_their_destination, 64),
    };
    return fixture_main("dot", tests, sizeof tests / sizeof *tests);
}
