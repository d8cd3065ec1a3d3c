// Scalar integer instructions (SOP1, SOP2, SOPC, SOPK) against values worked out by hand from the ISA's definitions.
#include "wave_fixture.h"

#include <stdio.h>
#include <string.h>

// Sources s[0:1] = a and s[2:3] = b; the destination s[4:5] holds OLD before.
#define OLD    UINT64_C(0x0123456789abcdef)
#define D32(x) x " s4, s0, s2"
#define D64(x) x " s[4:5], s[0:1], s[2:3]"
#define S64(x) x " s[4:5], s[0:1], s2"
#define U32(x) x " s4, s0"
#define U64(x) x " s[4:5], s[0:1]"
#define N64(x) x " s4, s[0:1]"
#define W64(x) x " s[4:5], s0"

struct vector {
    const char *text;
    uint64_t a, b;
    unsigned scc;
    uint64_t want; // s4, or s[4:5] when the text names it
    unsigned want_scc;
};

static void check(struct fixture *f, const struct vector *v)
{
    fixture_set_s64(f, 0, v->a);
    fixture_set_s64(f, 2, v->b);
    fixture_set_s64(f, 4, OLD);
    f->wave.scc = v->scc;
    fixture_run(f, v->text);
    const uint64_t mask = strstr(v->text, "s[4:5]") ? UINT64_MAX : UINT32_MAX;
    const uint64_t want = (v->want & mask) | (OLD & ~mask), got = fixture_s64(f, 4);
    if (got != want || f->wave.scc != v->want_scc)
        fail_msg("%s of 0x%llx, 0x%llx, SCC %u: 0x%llx, SCC %u; expected 0x%llx, SCC %u", v->text,
                 (unsigned long long)v->a, (unsigned long long)v->b, v->scc, (unsigned long long)got, f->wave.scc,
                 (unsigned long long)want, v->want_scc);
}

#define CHECK_ALL(table)                                                                                               \
    do {                                                                                                               \
        for (size_t i = 0; i < sizeof(table) / sizeof *(table); i++)                                                   \
            check(*state, &(table)[i]);                                                                                \
    } while (0)

static void additions_carry_and_overflow(void **state)
{
    static const struct vector table[] = {
        {D32("s_add_u32"), 0xffffffff, 1, 0, 0, 1},
        {D32("s_add_u32"), 0x7fffffff, 1, 1, 0x80000000, 0},
        {D32("s_sub_u32"), 1, 2, 0, 0xffffffff, 1},
        {D32("s_sub_u32"), 5, 3, 1, 2, 0},
        {D32("s_add_i32"), 0x7fffffff, 1, 0, 0x80000000, 1},
        {D32("s_add_i32"), 0xffffffff, 1, 1, 0, 0},
        {D32("s_add_i32"), 0x80000000, 0xffffffff, 0, 0x7fffffff, 1},
        {D32("s_sub_i32"), 0x80000000, 1, 0, 0x7fffffff, 1},
        {D32("s_sub_i32"), 3, 5, 1, 0xfffffffe, 0},
        {D32("s_sub_i32"), 0x7fffffff, 0xffffffff, 0, 0x80000000, 1},
        {D32("s_addc_u32"), 0xffffffff, 0, 1, 0, 1},
        {D32("s_addc_u32"), 0xffffffff, 0xffffffff, 1, 0xffffffff, 1},
        {D32("s_addc_u32"), 1, 2, 1, 4, 0},
        {D32("s_addc_u32"), 1, 2, 0, 3, 0},
        {D32("s_subb_u32"), 0, 0, 1, 0xffffffff, 1},
        {D32("s_subb_u32"), 0, 0xffffffff, 1, 0, 1},
        {D32("s_subb_u32"), 5, 3, 1, 1, 0},
        {D32("s_absdiff_i32"), 3, 5, 0, 2, 1},
        {D32("s_absdiff_i32"), 5, 5, 1, 0, 0},
        {D32("s_lshl1_add_u32"), 0x80000000, 5, 0, 5, 1},
        {D32("s_lshl1_add_u32"), 3, 4, 1, 10, 0},
        {D32("s_lshl2_add_u32"), 3, 1, 1, 13, 0},
        {D32("s_lshl3_add_u32"), 0x20000000, 7, 0, 7, 1},
        {D32("s_lshl4_add_u32"), 0x0fffffff, 0x10, 0, 0, 1},
        {D32("s_mul_i32"), 0x10001, 0x10001, 1, 0x20001, 1},
        {D32("s_mul_hi_u32"), 0xffffffff, 0xffffffff, 0, 0xfffffffe, 0},
        {D32("s_mul_hi_i32"), 0xffffffff, 0xffffffff, 1, 0, 1},
        {D32("s_mul_hi_i32"), 0x80000000, 2, 0, 0xffffffff, 0},
    };
    CHECK_ALL(table);
}

static void shifts_use_the_low_bits_of_the_amount(void **state)
{
    static const struct vector table[] = {
        {D32("s_lshl_b32"), 1, 33, 0, 2, 1},
        {D32("s_lshl_b32"), 0x80000000, 1, 1, 0, 0},
        {S64("s_lshl_b64"), 1, 65, 0, 2, 1},
        {S64("s_lshl_b64"), 1, 63, 0, UINT64_C(1) << 63, 1},
        {S64("s_lshl_b64"), UINT64_C(1) << 63, 1, 1, 0, 0},
        {D32("s_lshr_b32"), 0x80000000, 31, 0, 1, 1},
        {D32("s_lshr_b32"), 0x80000000, 32, 0, 0x80000000, 1},
        {D32("s_lshr_b32"), 1, 1, 1, 0, 0},
        {S64("s_lshr_b64"), UINT64_C(1) << 63, 63, 0, 1, 1},
        {D32("s_ashr_i32"), 0x80000000, 4, 0, 0xf8000000, 1},
        {D32("s_ashr_i32"), 0x80000000, 36, 0, 0xf8000000, 1},
        {D32("s_ashr_i32"), 1, 1, 1, 0, 0},
        {S64("s_ashr_i64"), UINT64_C(1) << 63, 63, 0, UINT64_MAX, 1},
    };
    CHECK_ALL(table);
}

static void minimum_and_maximum_say_which_source_won(void **state)
{
    static const struct vector table[] = {
        {D32("s_min_i32"), 0xffffffff, 1, 0, 0xffffffff, 1}, {D32("s_min_i32"), 1, 1, 1, 1, 0},
        {D32("s_min_u32"), 0xffffffff, 1, 1, 1, 0},          {D32("s_min_u32"), 1, 2, 0, 1, 1},
        {D32("s_max_i32"), 0xffffffff, 1, 1, 1, 0},          {D32("s_max_i32"), 1, 1, 0, 1, 1},
        {D32("s_max_u32"), 0xffffffff, 1, 0, 0xffffffff, 1}, {D32("s_max_u32"), 1, 2, 1, 2, 0},
    };
    CHECK_ALL(table);
}

static void logic_sets_scc_when_the_result_is_not_zero(void **state)
{
    const uint64_t a = 0xf0f0f0f0, b = 0xff00ff00;
    const uint64_t c = UINT64_C(0xf0f0f0f00f0f0f0f), d = UINT64_C(0xff00ff0000ff00ff);
    const struct vector table[] = {
        {D32("s_and_b32"), a, b, 0, 0xf000f000, 1},
        {D32("s_and_b32"), 0xf0, 0x0f, 1, 0, 0},
        {D32("s_or_b32"), a, b, 0, 0xfff0fff0, 1},
        {D32("s_xor_b32"), a, b, 0, 0x0ff00ff0, 1},
        {D32("s_xor_b32"), a, a, 1, 0, 0},
        {D32("s_nand_b32"), a, b, 0, 0x0fff0fff, 1},
        {D32("s_nor_b32"), a, b, 0, 0x000f000f, 1},
        {D32("s_xnor_b32"), a, b, 0, 0xf00ff00f, 1},
        {D32("s_and_not1_b32"), a, b, 0, 0x00f000f0, 1},
        {D32("s_or_not1_b32"), a, b, 0, 0xf0fff0ff, 1},
        {D64("s_and_b64"), c, d, 0, UINT64_C(0xf000f000000f000f), 1},
        {D64("s_and_b64"), UINT64_C(0xf000000000), UINT64_C(0x0f00000000), 1, 0, 0},
        {D64("s_or_b64"), c, d, 0, UINT64_C(0xfff0fff00fff0fff), 1},
        {D64("s_xor_b64"), c, d, 0, UINT64_C(0x0ff00ff00ff00ff0), 1},
        {D64("s_nand_b64"), c, d, 0, UINT64_C(0x0fff0ffffff0fff0), 1},
        {D64("s_nor_b64"), c, d, 0, UINT64_C(0x000f000ff000f000), 1},
        {D64("s_xnor_b64"), c, d, 0, UINT64_C(0xf00ff00ff00ff00f), 1},
        {D64("s_and_not1_b64"), c, d, 0, UINT64_C(0x00f000f00f000f00), 1},
        {D64("s_or_not1_b64"), c, d, 0, UINT64_C(0xf0fff0ffff0fff0f), 1},
        {U32("s_not_b32"), 0xffffffff, 0, 1, 0, 0},
        {U64("s_not_b64"), 0, 0, 0, UINT64_MAX, 1},
    };
    CHECK_ALL(table);
}

static void bit_fields_have_an_offset_and_a_width(void **state)
{
    const uint64_t w0 = 0, w8 = 8 << 16, w16 = 16 << 16, w32 = 32 << 16, w127 = 127 << 16;
    const struct vector table[] = {
        {D32("s_bfe_u32"), 0xdeadbeef, w16 | 8, 0, 0xadbe, 1},
        {D32("s_bfe_u32"), 0xdeadbeef, w0 | 8, 1, 0, 0},
        {D32("s_bfe_u32"), 0xdeadbeef, w32 | 4, 0, 0x0deadbee, 1},
        {D32("s_bfe_u32"), 0xdeadbeef, w127, 0, 0xdeadbeef, 1},
        {D32("s_bfe_i32"), 0xf800, w8 | 8, 0, 0xfffffff8, 1},
        {D32("s_bfe_i32"), 0xdeadbeef, w32 | 4, 0, 0xfdeadbee, 1},
        {D32("s_bfe_i32"), 0xffffffff, w0, 1, 0, 0},
        {S64("s_bfe_u64"), UINT64_C(0x123456789abcdef0), w16 | 32, 0, 0x5678, 1},
        {S64("s_bfe_i64"), UINT64_C(0x0000800000000000), w8 | 40, 0, UINT64_C(0xffffffffffffff80), 1},
        {D32("s_bfm_b32"), 4, 8, 1, 0xf00, 1},
        {D32("s_bfm_b32"), 32, 8, 1, 0, 1},
        {"s_bfm_b64 s[4:5], s0, s2", 8, 40, 0, UINT64_C(0xff0000000000), 0},
        {D32("s_pack_ll_b32_b16"), 0x11112222, 0x33334444, 1, 0x44442222, 1},
        {D32("s_pack_lh_b32_b16"), 0x11112222, 0x33334444, 1, 0x33332222, 1},
        {D32("s_pack_hh_b32_b16"), 0x11112222, 0x33334444, 1, 0x33331111, 1},
        {D32("s_pack_hl_b32_b16"), 0x11112222, 0x33334444, 1, 0x44441111, 1},
    };
    CHECK_ALL(table);
}

static void moves_and_selects_follow_scc(void **state)
{
    static const struct vector table[] = {
        {U32("s_mov_b32"), 0xdeadbeef, 0, 1, 0xdeadbeef, 1},
        {U64("s_mov_b64"), UINT64_C(0xdeadbeef12345678), 0, 0, UINT64_C(0xdeadbeef12345678), 0},
        {"s_mov_b64 s[4:5], -2", 0, 0, 0, UINT64_C(0xfffffffffffffffe), 0},
        {U32("s_cmov_b32"), 7, 0, 1, 7, 1},
        {U32("s_cmov_b32"), 7, 0, 0, OLD, 0},
        {U64("s_cmov_b64"), 7, 0, 1, 7, 1},
        {U64("s_cmov_b64"), 7, 0, 0, OLD, 0},
        {D32("s_cselect_b32"), 1, 2, 1, 1, 1},
        {D32("s_cselect_b32"), 1, 2, 0, 2, 0},
        {D64("s_cselect_b64"), UINT64_MAX, 2, 1, UINT64_MAX, 1},
        {D64("s_cselect_b64"), UINT64_MAX, 2, 0, 2, 0},
        {"s_movk_i32 s4, 0x8000", 0, 0, 1, 0xffff8000, 1},
        {"s_cmovk_i32 s4, 0x7fff", 0, 0, 1, 0x7fff, 1},
        {"s_cmovk_i32 s4, 0x7fff", 0, 0, 0, OLD, 0},
        {"s_mov_b32 s4, s0\ns_addk_i32 s4, 0x7fff", 0x7fffffff, 0, 0, 0x80007ffe, 1},
        {"s_mov_b32 s4, s0\ns_addk_i32 s4, 0xffff", 5, 0, 1, 4, 0},
        {"s_mov_b32 s4, s0\ns_mulk_i32 s4, 0xfffd", 5, 0, 1, 0xfffffff1, 1},
        {"s_mov_b32 null, s0\ns_version 0x2006", 5, 0, 1, OLD, 1},
    };
    CHECK_ALL(table);
}

static void bits_are_counted_found_and_reordered(void **state)
{
    static const struct vector table[] = {
        {U32("s_brev_b32"), 0x12345678, 0, 0, 0x1e6a2c48, 0},
        {U64("s_brev_b64"), 1, 0, 1, UINT64_C(1) << 63, 1},
        {U32("s_ctz_i32_b32"), 8, 0, 1, 3, 1},
        {U32("s_ctz_i32_b32"), 0, 0, 1, 0xffffffff, 1},
        {N64("s_ctz_i32_b64"), UINT64_C(0x100000000), 0, 0, 32, 0},
        {U32("s_clz_i32_u32"), 0x10000, 0, 1, 15, 1},
        {U32("s_clz_i32_u32"), 0, 0, 1, 0xffffffff, 1},
        {N64("s_clz_i32_u64"), 1, 0, 0, 63, 0},
        {U32("s_cls_i32"), 0xffff0000, 0, 1, 16, 1},
        {U32("s_cls_i32"), 0x40000000, 0, 1, 1, 1},
        {U32("s_cls_i32"), 0xffffffff, 0, 1, 0xffffffff, 1},
        {N64("s_cls_i32_i64"), UINT64_C(0xffffffff00000000), 0, 0, 32, 0},
        {N64("s_cls_i32_i64"), 0, 0, 0, 0xffffffff, 0},
        {U32("s_sext_i32_i8"), 0x180, 0, 1, 0xffffff80, 1},
        {U32("s_sext_i32_i16"), 0x18000, 0, 1, 0xffff8000, 1},
        {U32("s_bitset0_b32"), 33, 0, 1, 0x89abcded, 1},
        {W64("s_bitset0_b64"), 56, 0, 1, UINT64_C(0x0023456789abcdef), 1},
        {U32("s_bitset1_b32"), 36, 0, 1, 0x89abcdff, 1},
        {W64("s_bitset1_b64"), 63, 0, 1, UINT64_C(0x8123456789abcdef), 1},
        {W64("s_bitreplicate_b64_b32"), 0x80000005, 0, 1, UINT64_C(0xc000000000000033), 1},
        {U32("s_abs_i32"), 0xffffffff, 0, 0, 1, 1},
        {U32("s_abs_i32"), 0x80000000, 0, 0, 0x80000000, 1},
        {U32("s_abs_i32"), 0, 0, 1, 0, 0},
        {U32("s_bcnt0_i32_b32"), 0xf, 0, 0, 28, 1},
        {U32("s_bcnt0_i32_b32"), 0xffffffff, 0, 1, 0, 0},
        {N64("s_bcnt0_i32_b64"), 0xf, 0, 0, 60, 1},
        {U32("s_bcnt1_i32_b32"), 0xf0f, 0, 0, 8, 1},
        {U32("s_bcnt1_i32_b32"), 0, 0, 1, 0, 0},
        {N64("s_bcnt1_i32_b64"), UINT64_C(0xff000000000000ff), 0, 0, 16, 1},
        {U32("s_quadmask_b32"), 0x10000003, 0, 0, 0x81, 1},
        {U32("s_quadmask_b32"), 0, 0, 1, 0, 0},
        {U64("s_quadmask_b64"), UINT64_C(0x8000000000000001), 0, 0, 0x8001, 1},
        {U32("s_wqm_b32"), 0x10000003, 0, 0, 0xf000000f, 1},
        {U64("s_wqm_b64"), UINT64_C(0x0100000000000020), 0, 0, UINT64_C(0x0f000000000000f0), 1},
    };
    CHECK_ALL(table);
}

// Every condition, signed and unsigned, SOPC and SOPK. Bits of `want`: -1 ? 1, 1 ? 1, 1 ? -1 signed; then unsigned.
static void comparisons_know_signs(void **state)
{
    static const struct {
        const char *condition;
        unsigned want_signed[3], want_unsigned[3];
    } table[] = {
        {"eq", {0, 1, 0}, {0, 1, 0}}, {"lg", {1, 0, 1}, {1, 0, 1}}, {"gt", {0, 0, 1}, {1, 0, 0}},
        {"ge", {0, 1, 1}, {1, 1, 0}}, {"lt", {1, 0, 0}, {0, 0, 1}}, {"le", {1, 1, 0}, {0, 1, 1}},
    };
    static const uint32_t left[3] = {0xffff, 1, 1}, right[3] = {1, 1, 0xffff};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char compare[2][48], immediate[2][48];
        for (unsigned type = 0; type < 2; type++)
            snprintf(compare[type], sizeof *compare, "s_cmp_%s_%s s0, s2", table[i].condition, type ? "u32" : "i32");
        for (unsigned n = 0; n < 3; n++) {
            f->wave.s[0] = (uint32_t)(int16_t)left[n];
            f->wave.s[2] = (uint32_t)(int16_t)right[n];
            f->wave.scc = !table[i].want_signed[n];
            fixture_run(f, compare[0]);
            assert_int_equal(f->wave.scc, table[i].want_signed[n]);
            f->wave.scc = !table[i].want_unsigned[n];
            fixture_run(f, compare[1]);
            assert_int_equal(f->wave.scc, table[i].want_unsigned[n]);

            for (unsigned type = 0; type < 2; type++)
                snprintf(immediate[type], sizeof *immediate, "s_cmpk_%s_%s s0, 0x%x", table[i].condition,
                         type ? "u32" : "i32", right[n]);
            f->wave.scc = !table[i].want_signed[n];
            fixture_run(f, immediate[0]);
            assert_int_equal(f->wave.scc, table[i].want_signed[n]);
            f->wave.s[0] = left[n]; // the unsigned immediate is zero-extended
            f->wave.scc = !table[i].want_unsigned[n];
            fixture_run(f, immediate[1]);
            assert_int_equal(f->wave.scc, table[i].want_unsigned[n]);
        }
    }
}

static void wide_comparisons_and_bit_tests(void **state)
{
    static const struct vector table[] = {
        {"s_cmp_eq_u64 s[0:1], s[2:3]", UINT64_C(0x100000001), UINT64_C(0x100000001), 0, OLD, 1},
        {"s_cmp_eq_u64 s[0:1], s[2:3]", UINT64_C(0x100000001), 1, 1, OLD, 0},
        {"s_cmp_lg_u64 s[0:1], s[2:3]", UINT64_C(0x100000001), 1, 0, OLD, 1},
        {"s_bitcmp0_b32 s0, s2", 0x10, 36, 1, OLD, 0},
        {"s_bitcmp0_b32 s0, s2", 0x10, 37, 0, OLD, 1},
        {"s_bitcmp1_b32 s0, s2", 0x10, 36, 0, OLD, 1},
        {"s_bitcmp0_b64 s[0:1], s2", UINT64_C(1) << 40, 40, 1, OLD, 0},
        {"s_bitcmp1_b64 s[0:1], s2", UINT64_C(1) << 40, 104, 0, OLD, 1},
    };
    CHECK_ALL(table);
}

static void exec_operations_save_and_write_exec(void **state)
{
    static const struct {
        const char *op;
        uint64_t exec; // with EXEC 0xc00000000000000c and source 0xa00000000000000a
        unsigned returns_new;
    } table[] = {
        {"s_and_saveexec", UINT64_C(0x8000000000000008), 0},
        {"s_or_saveexec", UINT64_C(0xe00000000000000e), 0},
        {"s_xor_saveexec", UINT64_C(0x6000000000000006), 0},
        {"s_nand_saveexec", UINT64_C(0x7ffffffffffffff7), 0},
        {"s_nor_saveexec", UINT64_C(0x1ffffffffffffff1), 0},
        {"s_xnor_saveexec", UINT64_C(0x9ffffffffffffff9), 0},
        {"s_and_not0_saveexec", UINT64_C(0x4000000000000004), 0},
        {"s_or_not0_saveexec", UINT64_C(0xdffffffffffffffd), 0},
        {"s_and_not1_saveexec", UINT64_C(0x2000000000000002), 0},
        {"s_or_not1_saveexec", UINT64_C(0xbffffffffffffffb), 0},
        {"s_and_not0_wrexec", UINT64_C(0x4000000000000004), 1},
        {"s_and_not1_wrexec", UINT64_C(0x2000000000000002), 1},
    };
    const uint64_t exec = UINT64_C(0xc00000000000000c), source = UINT64_C(0xa00000000000000a);
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[2][64];
        snprintf(text[0], sizeof *text, "%s_b32 s4, s0", table[i].op);
        snprintf(text[1], sizeof *text, "%s_b64 s[4:5], s[0:1]", table[i].op);
        for (unsigned wide = 0; wide < 2; wide++) {
            const uint64_t mask = wide ? UINT64_MAX : UINT32_MAX;
            fixture_set_s64(f, 0, source);
            fixture_set_s64(f, 4, OLD);
            fixture_set_s64(f, EMU_SGPR_EXEC, exec);
            f->wave.scc = 0;
            fixture_run(f, text[wide]);
            const uint64_t fresh = (table[i].exec & mask) | (exec & ~mask);
            assert_int_equal(fixture_s64(f, EMU_SGPR_EXEC), fresh);
            assert_int_equal(fixture_s64(f, 4), ((table[i].returns_new ? fresh : exec) & mask) | (OLD & ~mask));
            assert_int_equal(f->wave.scc, 1);
        }
    }
    fixture_set_s64(f, 0, 0);
    fixture_run(f, "s_and_saveexec_b64 s[4:5], s[0:1]");
    assert_int_equal(f->wave.scc, 0);
}

static void m0_relative_moves_index_registers(void **state)
{
    struct fixture *f = *state;
    for (unsigned i = 0; i < 32; i++)
        f->wave.s[i] = 100 + i;
    f->wave.s[EMU_SGPR_M0] = 4;
    fixture_run(f, "s_movrels_b32 s30, s1\n"          // s30 = s5
                   "s_movreld_b32 s2, s20\n"          // s6 = s20
                   "s_movrels_b64 s[28:29], s[6:7]\n" // s[28:29] = s[10:11]
                   "s_movreld_b64 s[8:9], s[22:23]"); // s[12:13] = s[22:23]
    assert_int_equal(f->wave.s[30], 105);
    assert_int_equal(f->wave.s[6], 120);
    assert_int_equal(fixture_s64(f, 28), 110 | UINT64_C(111) << 32);
    assert_int_equal(fixture_s64(f, 12), 122 | UINT64_C(123) << 32);

    f->wave.s[EMU_SGPR_M0] = 3 | 5 << 16; // source index, destination index
    fixture_run(f, "s_movrelsd_2_b32 s10, s14");
    assert_int_equal(f->wave.s[15], 117);

    f->wave.s[EMU_SGPR_M0] = 200;
    fixture_run_faulting(f, "s_movrels_b32 s0, s1", EMU_FAULT_ILLEGAL_INSTRUCTION);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(additions_carry_and_overflow, 32),
        FIXTURE_TEST(shifts_use_the_low_bits_of_the_amount, 32),
        FIXTURE_TEST(minimum_and_maximum_say_which_source_won, 32),
        FIXTURE_TEST(logic_sets_scc_when_the_result_is_not_zero, 32),
        FIXTURE_TEST(bit_fields_have_an_offset_and_a_width, 32),
        FIXTURE_TEST(moves_and_selects_follow_scc, 32),
        FIXTURE_TEST(bits_are_counted_found_and_reordered, 32),
        FIXTURE_TEST(comparisons_know_signs, 32),
        FIXTURE_TEST(wide_comparisons_and_bit_tests, 32),
        FIXTURE_TEST(exec_operations_save_and_write_exec, 32),
        FIXTURE_TEST(exec_operations_save_and_write_exec, 64),
        FIXTURE_TEST(m0_relative_moves_index_registers, 32),
    };
    return fixture_main("scalar_integer", tests, sizeof tests / sizeof *tests);
}
