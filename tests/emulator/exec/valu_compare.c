// Compares and classes: every relation of every type on ordered, equal and unordered pairs, into VCC, SGPRs and EXEC.
#include "float_values.h"
#include "vectors.h"

#include <stdio.h>

// Lane i compares values[i / 8] with values[i % 8] of a row of eight.
enum { PAIRS = 32 };

static bool relation_holds(const char *relation, int order, bool unordered)
{
    static const struct {
        const char *name;
        bool less, equal, greater, unordered;
    } relations[] = {
        {"f", 0, 0, 0, 0},   {"lt", 1, 0, 0, 0},  {"eq", 0, 1, 0, 0},  {"le", 1, 1, 0, 0},  {"gt", 0, 0, 1, 0},
        {"lg", 1, 0, 1, 0},  {"ge", 0, 1, 1, 0},  {"o", 1, 1, 1, 0},   {"u", 0, 0, 0, 1},   {"nge", 1, 0, 0, 1},
        {"nlg", 0, 1, 0, 1}, {"ngt", 1, 1, 0, 1}, {"nle", 0, 0, 1, 1}, {"neq", 1, 0, 1, 1}, {"nlt", 0, 1, 1, 1},
        {"t", 1, 1, 1, 1},   {"ne", 1, 0, 1, 0},
    };
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        if (strcmp(relations[i].name, relation) == 0)
            return unordered   ? relations[i].unordered
                   : order < 0 ? relations[i].less
                   : order > 0 ? relations[i].greater
                               : relations[i].equal;
    }
    fail_msg("no relation %s", relation);
    return false;
}

struct domain {
    const char *type;
    unsigned bits;
    uint64_t values[8]; // ascending; `equal` says that the next one is equal, `nan` that it is unordered
    unsigned equal, nan;
};

static const struct domain floats[] = {
    {"f16", 16, {0xfc00, 0xbc00, 0x8000, 0, 1, 0x3c00, 0x7c00, 0x7e01}, 2, 7},
    {"f32", 32, {0xff800000, 0xbf800000, 0x80000000, 0, 1, 0x3f800000, 0x7f800000, 0xffc00001}, 2, 7},
    {"f64",
     64,
     {UINT64_C(0xfff0000000000000), UINT64_C(0xbff0000000000000), UINT64_C(0x8000000000000000), 0, 1,
      UINT64_C(0x3ff0000000000000), UINT64_C(0x7ff0000000000000), UINT64_C(0x7ff8000000000001)},
     2,
     7},
};

static const struct domain integers[] = {
    {"i16", 16, {0x8000, 0x8001, 0xffff, 0, 1, 2, 0x7ffe, 0x7fff}, 8, 8},
    {"u16", 16, {0, 1, 2, 0x7fff, 0x8000, 0x8001, 0xfffe, 0xffff}, 8, 8},
    {"i32", 32, {0x80000000, 0x80000001, 0xffffffff, 0, 1, 2, 0x10000, 0x7fffffff}, 8, 8},
    {"u32", 32, {0, 1, 2, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff}, 8, 8},
    {"i64",
     64,
     {UINT64_C(1) << 63, UINT64_C(0x8000000100000000), UINT64_MAX, 0, 0xffffffff, UINT64_C(0x100000000),
      UINT64_C(0x100000001), UINT64_MAX >> 1},
     8,
     8},
    {"u64",
     64,
     {0, 1, 0xffffffff, UINT64_C(0x100000000), UINT64_MAX >> 1, UINT64_C(1) << 63, UINT64_MAX - 1, UINT64_MAX},
     8,
     8},
};

static int order_of(const struct domain *d, unsigned a, unsigned b)
{
    bool equal = a == b || (a == d->equal && b == d->equal + 1) || (b == d->equal && a == d->equal + 1);
    return equal ? 0 : a < b ? -1 : 1;
}

static void check(struct fixture *f, const struct domain *d, const char *relation)
{
    const char *sources = d->bits == 64 ? "v[2:3], v[4:5]" : d->bits == 32 ? "v2, v4" : "v2.l, v4.h";
    for (unsigned first = 0; first < 8; first += 4) {
        uint32_t want = 0;
        for (unsigned lane = 0; lane < PAIRS; lane++) {
            unsigned a = first + lane / 8, b = lane % 8;
            vector_set(f, 2, lane, d->values[a]);
            vector_set(f, 4, lane, d->bits == 16 ? d->values[b] << 16 : d->values[b]);
            want |= (uint32_t)relation_holds(relation, order_of(d, a, b), a == d->nan || b == d->nan) << lane;
        }
        const uint32_t exec = 0xfffff0ff;
        char text[3][96];
        snprintf(text[0], sizeof text[0], "v_cmp_%s_%s vcc_lo, %s", relation, d->type, sources);
        snprintf(text[1], sizeof text[1], "v_cmp_%s_%s s20, %s", relation, d->type, sources);
        snprintf(text[2], sizeof text[2], "v_cmpx_%s_%s %s", relation, d->type, sources);
        for (unsigned form = 0; form < 3; form++) {
            f->wave.s[EMU_SGPR_EXEC] = exec;
            f->wave.s[EMU_SGPR_VCC] = f->wave.s[20] = 0x0f0f0f0f;
            fixture_run(f, text[form]);
            const uint32_t got = f->wave.s[form == 0 ? EMU_SGPR_VCC : form == 1 ? 20 : EMU_SGPR_EXEC];
            if (got != (want & exec))
                fail_msg("%s: %08x, expected %08x", text[form], got, want & exec);
        }
    }
}

static void every_float_relation_of_every_type(void **state)
{
    static const char *const relations[] = {"f", "lt",  "eq",  "le",  "gt",  "lg",  "ge",  "o",
                                            "u", "nge", "nlg", "ngt", "nle", "neq", "nlt", "t"};
    for (size_t d = 0; d < sizeof floats / sizeof *floats; d++) {
        for (size_t r = 0; r < sizeof relations / sizeof *relations; r++)
            check(*state, &floats[d], relations[r]);
    }
}

static void every_integer_relation_of_every_type(void **state)
{
    static const char *const relations[] = {"lt", "eq", "le", "gt", "ne", "ge", "f", "t"};
    for (size_t d = 0; d < sizeof integers / sizeof *integers; d++) {
        for (size_t r = 0; r < (integers[d].bits == 16 ? 6 : 8); r++)
            check(*state, &integers[d], relations[r]);
    }
}

// Lane i has class i; lane 10 on repeat.
static void classes_are_told_apart(void **state)
{
    static const uint32_t f32[10] = {0x7f800001, 0xffc00000, 0xff800000, 0xbf800000, 0x80000001,
                                     0x80000000, 0,          0x007fffff, 0x00800000, 0x7f800000};
    static const uint32_t f16[10] = {0x7c01, 0xfe00, 0xfc00, 0xbc00, 0x8001, 0x8000, 0, 0x03ff, 0x0400, 0x7c00};
    static const uint64_t f64[10] = {UINT64_C(0x7ff0000000000001),
                                     UINT64_C(0xfff8000000000000),
                                     UINT64_C(0xfff0000000000000),
                                     UINT64_C(0xbff0000000000000),
                                     UINT64_C(0x8000000000000001),
                                     UINT64_C(0x8000000000000000),
                                     0,
                                     UINT64_C(0x000fffffffffffff),
                                     UINT64_C(0x0010000000000000),
                                     UINT64_C(0x7ff0000000000000)};
    struct fixture *f = *state;
    fixture_set_s64(f, EMU_SGPR_EXEC, 0x3ff);
    for (unsigned lane = 0; lane < 10; lane++) {
        *fixture_v(f, 2, lane) = f32[lane];
        *fixture_v(f, 3, lane) = f16[lane] << 16;
        vector_set(f, 4, lane, f64[lane]);
    }
    for (unsigned class = 0; class < 10; class++) {
        fixture_fill(f, 6, 1u << class);
        fixture_run(f, "v_cmp_class_f32 vcc_lo, v2, v6\n v_cmp_class_f16 s20, v3.h, v6.l\n"
                       "v_cmp_class_f64 s21, v[4:5], v6");
        assert_int_equal(f->wave.s[EMU_SGPR_VCC], 1u << class);
        assert_int_equal(f->wave.s[20], 1u << class);
        assert_int_equal(f->wave.s[21], 1u << class);
    }
    fixture_fill(f, 6, 0x060); // zeros
    fixture_run(f, "v_cmpx_class_f32 v2, v6");
    assert_int_equal(f->wave.s[EMU_SGPR_EXEC], 0x060);
    f->wave.s[EMU_SGPR_EXEC] = 0x3ff;
    fixture_run(f, "v_cmpx_class_f16 v3.h, v6.l");
    assert_int_equal(f->wave.s[EMU_SGPR_EXEC], 0x060);
    f->wave.s[EMU_SGPR_EXEC] = 0x3ff;
    fixture_run(f, "v_cmpx_class_f64 v[4:5], v6");
    assert_int_equal(f->wave.s[EMU_SGPR_EXEC], 0x060);
}

static void modifiers_and_denormal_modes_apply(void **state)
{
    struct fixture *f = *state;
    fixture_fill(f, 2, 0xc0000000);
    fixture_fill(f, 4, 1);
    fixture_run(f, "v_cmp_eq_f32 s20, -v2, 2.0\n v_cmp_gt_f32 s21, |v2|, 1.0\n v_cmp_eq_f32 s22, v4, 0");
    assert_int_equal(f->wave.s[20], 0xffffffff);
    assert_int_equal(f->wave.s[21], 0xffffffff);
    assert_int_equal(f->wave.s[22], 0);
    f->wave.mode = FIXTURE_MODE & ~0x10u;
    fixture_run(f, "v_cmp_eq_f32 s22, v4, 0");
    assert_int_equal(f->wave.s[22], 0xffffffff);
}

static void both_halves_of_a_wave64_compare(void **state)
{
    struct fixture *f = *state;
    fixture_ramp(f, 2, 0, 1);
    fixture_run(f, "v_cmp_gt_u32 vcc, 40, v2\n v_cmp_gt_u32 s[20:21], v2, 35");
    assert_int_equal(fixture_s64(f, EMU_SGPR_VCC), UINT64_C(0xffffffffff));
    assert_int_equal(fixture_s64(f, 20), UINT64_C(0xfffffff000000000));
    fixture_run(f, "v_cmpx_gt_u32 v2, 35");
    assert_int_equal(fixture_s64(f, EMU_SGPR_EXEC), UINT64_C(0xfffffff000000000));
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(every_float_relation_of_every_type, 32),
        FIXTURE_TEST(every_integer_relation_of_every_type, 32),
        FIXTURE_TEST(classes_are_told_apart, 32),
        FIXTURE_TEST(modifiers_and_denormal_modes_apply, 32),
        FIXTURE_TEST(both_halves_of_a_wave64_compare, 64),
    };
    return fixture_main("valu_compare", tests, sizeof tests / sizeof *tests);
}
