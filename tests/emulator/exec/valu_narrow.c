// Vector instructions on halves, bytes and double words, carries and clamp, against values worked out in unbounded
// integers from the ISA's definitions.
#include "vectors.h"

// clang-format off
static void clamp_saturates_match(void **state)
{
    static const struct vector table[] = {
        {"v_add_nc_u32_e64 v0, v2, v4 clamp", 0xffffffff, 0x1, 0, 0xffffffff, 0, 0},
        {"v_add_nc_u32_e64 v0, v2, v4 clamp", 0x80000000, 0x7fffffff, 0, 0xffffffff, 0, 0},
        {"v_add_nc_u32_e64 v0, v2, v4 clamp", 0x12345678, 0x9abcdef0, 0, 0xacf13568, 0, 0},
        {"v_add_nc_u32_e64 v0, v2, v4 clamp", 0x21, 0x22, 0, 0x43, 0, 0},
        {"v_add_nc_u32_e64 v0, v2, v4 clamp", 0, 0xfffffff9, 0, 0xfffffff9, 0, 0},
        {"v_sub_nc_u32_e64 v0, v2, v4 clamp", 0xffffffff, 0x1, 0, 0xfffffffe, 0, 0},
        {"v_sub_nc_u32_e64 v0, v2, v4 clamp", 0x80000000, 0x7fffffff, 0, 0x1, 0, 0},
        {"v_sub_nc_u32_e64 v0, v2, v4 clamp", 0x12345678, 0x9abcdef0, 0, 0, 0, 0},
        {"v_sub_nc_u32_e64 v0, v2, v4 clamp", 0x21, 0x22, 0, 0, 0, 0},
        {"v_sub_nc_u32_e64 v0, v2, v4 clamp", 0, 0xfffffff9, 0, 0, 0, 0},
        {"v_subrev_nc_u32_e64 v0, v2, v4 clamp", 0xffffffff, 0x1, 0, 0, 0, 0},
        {"v_subrev_nc_u32_e64 v0, v2, v4 clamp", 0x80000000, 0x7fffffff, 0, 0, 0, 0},
        {"v_subrev_nc_u32_e64 v0, v2, v4 clamp", 0x12345678, 0x9abcdef0, 0, 0x88888878, 0, 0},
        {"v_subrev_nc_u32_e64 v0, v2, v4 clamp", 0x21, 0x22, 0, 0x1, 0, 0},
        {"v_subrev_nc_u32_e64 v0, v2, v4 clamp", 0, 0xfffffff9, 0, 0xfffffff9, 0, 0},
        {"v_add_nc_i32 v0, v2, v4 clamp", 0xffffffff, 0x1, 0, 0, 0, 0},
        {"v_add_nc_i32 v0, v2, v4 clamp", 0x80000000, 0x7fffffff, 0, 0xffffffff, 0, 0},
        {"v_add_nc_i32 v0, v2, v4 clamp", 0x12345678, 0x9abcdef0, 0, 0xacf13568, 0, 0},
        {"v_add_nc_i32 v0, v2, v4 clamp", 0x21, 0x22, 0, 0x43, 0, 0},
        {"v_add_nc_i32 v0, v2, v4 clamp", 0, 0xfffffff9, 0, 0xfffffff9, 0, 0},
        {"v_sub_nc_i32 v0, v2, v4 clamp", 0xffffffff, 0x1, 0, 0xfffffffe, 0, 0},
        {"v_sub_nc_i32 v0, v2, v4 clamp", 0x80000000, 0x7fffffff, 0, 0x80000000, 0, 0},
        {"v_sub_nc_i32 v0, v2, v4 clamp", 0x12345678, 0x9abcdef0, 0, 0x77777788, 0, 0},
        {"v_sub_nc_i32 v0, v2, v4 clamp", 0x21, 0x22, 0, 0xffffffff, 0, 0},
        {"v_sub_nc_i32 v0, v2, v4 clamp", 0, 0xfffffff9, 0, 0x7, 0, 0},
        {"v_mad_u32_u24 v0, v2, v4, v6 clamp", 0xffffffff, 0x1, 0x80000000, 0x80ffffff, 0, 0},
        {"v_mad_u32_u24 v0, v2, v4, v6 clamp", 0x80000000, 0x7fffffff, 0x5, 0x5, 0, 0},
        {"v_mad_u32_u24 v0, v2, v4, v6 clamp", 0x12345678, 0x9abcdef0, 0xf1e2d3c, 0xffffffff, 0, 0},
        {"v_mad_u32_u24 v0, v2, v4, v6 clamp", 0x21, 0x22, 0x23, 0x485, 0, 0},
        {"v_mad_u32_u24 v0, v2, v4, v6 clamp", 0, 0xfffffff9, 0x80000007, 0x80000007, 0, 0},
        {"v_mad_i32_i24 v0, v2, v4, v6 clamp", 0xffffffff, 0x1, 0x80000000, 0x80000000, 0, 0},
        {"v_mad_i32_i24 v0, v2, v4, v6 clamp", 0x80000000, 0x7fffffff, 0x5, 0x5, 0, 0},
        {"v_mad_i32_i24 v0, v2, v4, v6 clamp", 0x12345678, 0x9abcdef0, 0xf1e2d3c, 0x80000000, 0, 0},
        {"v_mad_i32_i24 v0, v2, v4, v6 clamp", 0x21, 0x22, 0x23, 0x485, 0, 0},
        {"v_mad_i32_i24 v0, v2, v4, v6 clamp", 0, 0xfffffff9, 0x80000007, 0x80000007, 0, 0},
        {"v_mad_u32_u16 v0, v2.l, v4.l, v6 clamp", 0xffffffff, 0x1, 0x80000000, 0x8000ffff, 0, 0},
        {"v_mad_u32_u16 v0, v2.l, v4.l, v6 clamp", 0x80000000, 0x7fffffff, 0x5, 0x5, 0, 0},
        {"v_mad_u32_u16 v0, v2.l, v4.l, v6 clamp", 0x12345678, 0x9abcdef0, 0xf1e2d3c, 0x5a6b4dbc, 0, 0},
        {"v_mad_u32_u16 v0, v2.l, v4.l, v6 clamp", 0x21, 0x22, 0x23, 0x485, 0, 0},
        {"v_mad_u32_u16 v0, v2.l, v4.l, v6 clamp", 0, 0xfffffff9, 0x80000007, 0x80000007, 0, 0},
        {"v_mad_i32_i16 v0, v2.l, v4.l, v6 clamp", 0xffffffff, 0x1, 0x80000000, 0x80000000, 0, 0},
        {"v_mad_i32_i16 v0, v2.l, v4.l, v6 clamp", 0x80000000, 0x7fffffff, 0x5, 0x5, 0, 0},
        {"v_mad_i32_i16 v0, v2.l, v4.l, v6 clamp", 0x12345678, 0x9abcdef0, 0xf1e2d3c, 0x3f34dbc, 0, 0},
        {"v_mad_i32_i16 v0, v2.l, v4.l, v6 clamp", 0x21, 0x22, 0x23, 0x485, 0, 0},
        {"v_mad_i32_i16 v0, v2.l, v4.l, v6 clamp", 0, 0xfffffff9, 0x80000007, 0x80000007, 0, 0},
        {"v_add_nc_u16 v0.l, v2.l, v4.l clamp", 0xffff, 0x1, 0, 0xffff, 0, 0},
        {"v_add_nc_u16 v0.l, v2.l, v4.l clamp", 0x8000, 0x7fff, 0, 0xffff, 0, 0},
        {"v_add_nc_u16 v0.l, v2.l, v4.l clamp", 0x1234, 0xfedc, 0, 0xffff, 0, 0},
        {"v_add_nc_u16 v0.l, v2.l, v4.l clamp", 0, 0, 0, 0, 0, 0},
        {"v_add_nc_u16 v0.l, v2.l, v4.l clamp", 0x7fff, 0x7fff, 0, 0xfffe, 0, 0},
        {"v_add_nc_u16 v0.l, v2.l, v4.l clamp", 0x8000, 0x8000, 0, 0xffff, 0, 0},
        {"v_sub_nc_u16 v0.l, v2.l, v4.l clamp", 0xffff, 0x1, 0, 0xfffe, 0, 0},
        {"v_sub_nc_u16 v0.l, v2.l, v4.l clamp", 0x8000, 0x7fff, 0, 0x1, 0, 0},
        {"v_sub_nc_u16 v0.l, v2.l, v4.l clamp", 0x1234, 0xfedc, 0, 0, 0, 0},
        {"v_sub_nc_u16 v0.l, v2.l, v4.l clamp", 0, 0, 0, 0, 0, 0},
        {"v_sub_nc_u16 v0.l, v2.l, v4.l clamp", 0x7fff, 0x7fff, 0, 0, 0, 0},
        {"v_sub_nc_u16 v0.l, v2.l, v4.l clamp", 0x8000, 0x8000, 0, 0, 0, 0},
        {"v_add_nc_i16 v0.l, v2.l, v4.l clamp", 0xffff, 0x1, 0, 0, 0, 0},
        {"v_add_nc_i16 v0.l, v2.l, v4.l clamp", 0x8000, 0x7fff, 0, 0xffff, 0, 0},
        {"v_add_nc_i16 v0.l, v2.l, v4.l clamp", 0x1234, 0xfedc, 0, 0x1110, 0, 0},
        {"v_add_nc_i16 v0.l, v2.l, v4.l clamp", 0, 0, 0, 0, 0, 0},
        {"v_add_nc_i16 v0.l, v2.l, v4.l clamp", 0x7fff, 0x7fff, 0, 0x7fff, 0, 0},
        {"v_add_nc_i16 v0.l, v2.l, v4.l clamp", 0x8000, 0x8000, 0, 0x8000, 0, 0},
        {"v_sub_nc_i16 v0.l, v2.l, v4.l clamp", 0xffff, 0x1, 0, 0xfffe, 0, 0},
        {"v_sub_nc_i16 v0.l, v2.l, v4.l clamp", 0x8000, 0x7fff, 0, 0x8000, 0, 0},
        {"v_sub_nc_i16 v0.l, v2.l, v4.l clamp", 0x1234, 0xfedc, 0, 0x1358, 0, 0},
        {"v_sub_nc_i16 v0.l, v2.l, v4.l clamp", 0, 0, 0, 0, 0, 0},
        {"v_sub_nc_i16 v0.l, v2.l, v4.l clamp", 0x7fff, 0x7fff, 0, 0, 0, 0},
        {"v_sub_nc_i16 v0.l, v2.l, v4.l clamp", 0x8000, 0x8000, 0, 0, 0, 0},
        {"v_mad_u16 v0.l, v2.l, v4.l, v6.l clamp", 0xffff, 0x1, 0, 0xffff, 0, 0},
        {"v_mad_u16 v0.l, v2.l, v4.l, v6.l clamp", 0x8000, 0x7fff, 0x5, 0xffff, 0, 0},
        {"v_mad_u16 v0.l, v2.l, v4.l, v6.l clamp", 0x1234, 0xfedc, 0x8001, 0xffff, 0, 0},
        {"v_mad_u16 v0.l, v2.l, v4.l, v6.l clamp", 0, 0, 0, 0, 0, 0},
        {"v_mad_u16 v0.l, v2.l, v4.l, v6.l clamp", 0x7fff, 0x7fff, 0x7fff, 0xffff, 0, 0},
        {"v_mad_u16 v0.l, v2.l, v4.l, v6.l clamp", 0x8000, 0x8000, 0x8000, 0xffff, 0, 0},
        {"v_mad_i16 v0.l, v2.l, v4.l, v6.l clamp", 0xffff, 0x1, 0, 0xffff, 0, 0},
        {"v_mad_i16 v0.l, v2.l, v4.l, v6.l clamp", 0x8000, 0x7fff, 0x5, 0x8000, 0, 0},
        {"v_mad_i16 v0.l, v2.l, v4.l, v6.l clamp", 0x1234, 0xfedc, 0x8001, 0x8000, 0, 0},
        {"v_mad_i16 v0.l, v2.l, v4.l, v6.l clamp", 0, 0, 0, 0, 0, 0},
        {"v_mad_i16 v0.l, v2.l, v4.l, v6.l clamp", 0x7fff, 0x7fff, 0x7fff, 0x7fff, 0, 0},
        {"v_mad_i16 v0.l, v2.l, v4.l, v6.l clamp", 0x8000, 0x8000, 0x8000, 0x7fff, 0, 0},
        {"v_sad_u32 v0, v2, v4, v6 clamp", 0xffffffff, 0x1, 0x80000000, 0xffffffff, 0, 0},
        {"v_sad_u32 v0, v2, v4, v6 clamp", 0x80000000, 0x7fffffff, 0x5, 0x6, 0, 0},
        {"v_sad_u32 v0, v2, v4, v6 clamp", 0x12345678, 0x9abcdef0, 0xf1e2d3c, 0x97a6b5b4, 0, 0},
        {"v_sad_u32 v0, v2, v4, v6 clamp", 0x21, 0x22, 0x23, 0x24, 0, 0},
        {"v_sad_u32 v0, v2, v4, v6 clamp", 0, 0xfffffff9, 0x80000007, 0xffffffff, 0, 0},
    };
    VECTORS_CHECK(*state, table);
}

static void halves_match(void **state)
{
    static const struct vector table[] = {
        {"v_mov_b16 v0.l, v2.h", 0x1234ffff, 0, 0, 0x1234, 0, 0},
        {"v_mov_b16 v0.l, v2.h", 0x80007fff, 0, 0, 0x8000, 0, 0},
        {"v_mov_b16 v0.l, v2.h", 0xabcd1234, 0, 0, 0xabcd, 0, 0},
        {"v_mov_b16 v0.h, v2.l", 0x1234ffff, 0, 0, 0xffff, 0, 0},
        {"v_mov_b16 v0.h, v2.l", 0x80007fff, 0, 0, 0x7fff, 0, 0},
        {"v_mov_b16 v0.h, v2.l", 0xabcd1234, 0, 0, 0x1234, 0, 0},
        {"v_not_b16 v0.h, v2.l", 0x1234ffff, 0, 0, 0, 0, 0},
        {"v_not_b16 v0.h, v2.l", 0x80007fff, 0, 0, 0x8000, 0, 0},
        {"v_not_b16 v0.h, v2.l", 0xabcd1234, 0, 0, 0xedcb, 0, 0},
        {"v_and_b16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0x1, 0, 0},
        {"v_and_b16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0x7fff, 0, 0},
        {"v_and_b16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x4, 0, 0},
        {"v_or_b16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0xffff, 0, 0},
        {"v_or_b16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0x7fff, 0, 0},
        {"v_or_b16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x1235, 0, 0},
        {"v_xor_b16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0xfffe, 0, 0},
        {"v_xor_b16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0, 0, 0},
        {"v_xor_b16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x1231, 0, 0},
        {"v_add_nc_u16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0, 0, 0},
        {"v_add_nc_u16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0xfffe, 0, 0},
        {"v_add_nc_u16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x1239, 0, 0},
        {"v_sub_nc_u16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0xfffe, 0, 0},
        {"v_sub_nc_u16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0, 0, 0},
        {"v_sub_nc_u16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x122f, 0, 0},
        {"v_mul_lo_u16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0xffff, 0, 0},
        {"v_mul_lo_u16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0x1, 0, 0},
        {"v_mul_lo_u16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x5b04, 0, 0},
        {"v_add_nc_i16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0, 0, 0},
        {"v_add_nc_i16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0xfffe, 0, 0},
        {"v_add_nc_i16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x1239, 0, 0},
        {"v_sub_nc_i16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0xfffe, 0, 0},
        {"v_sub_nc_i16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0, 0, 0},
        {"v_sub_nc_i16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x122f, 0, 0},
        {"v_min_u16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0x1, 0, 0},
        {"v_min_u16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0x7fff, 0, 0},
        {"v_min_u16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x5, 0, 0},
        {"v_max_u16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0xffff, 0, 0},
        {"v_max_u16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0x7fff, 0, 0},
        {"v_max_u16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x1234, 0, 0},
        {"v_min_i16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0xffff, 0, 0},
        {"v_min_i16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0x7fff, 0, 0},
        {"v_min_i16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x5, 0, 0},
        {"v_max_i16 v0.h, v2.l, v4.h", 0x1234ffff, 0x18000, 0, 0x1, 0, 0},
        {"v_max_i16 v0.h, v2.l, v4.h", 0x80007fff, 0x7fff8000, 0, 0x7fff, 0, 0},
        {"v_max_i16 v0.h, v2.l, v4.h", 0xabcd1234, 0x50004, 0, 0x1234, 0, 0},
        {"v_lshlrev_b16 v0.l, v4.h, v2.l", 0x1234ffff, 0x18000, 0, 0xfffe, 0, 0},
        {"v_lshlrev_b16 v0.l, v4.h, v2.l", 0x80007fff, 0x7fff8000, 0, 0x8000, 0, 0},
        {"v_lshlrev_b16 v0.l, v4.h, v2.l", 0xabcd1234, 0x50004, 0, 0x4680, 0, 0},
        {"v_lshrrev_b16 v0.l, v4.h, v2.h", 0x1234ffff, 0x18000, 0, 0x91a, 0, 0},
        {"v_lshrrev_b16 v0.l, v4.h, v2.h", 0x80007fff, 0x7fff8000, 0, 0x1, 0, 0},
        {"v_lshrrev_b16 v0.l, v4.h, v2.h", 0xabcd1234, 0x50004, 0, 0x55e, 0, 0},
        {"v_ashrrev_i16 v0.l, v4.h, v2.h", 0x1234ffff, 0x18000, 0, 0x91a, 0, 0},
        {"v_ashrrev_i16 v0.l, v4.h, v2.h", 0x80007fff, 0x7fff8000, 0, 0xffff, 0, 0},
        {"v_ashrrev_i16 v0.l, v4.h, v2.h", 0xabcd1234, 0x50004, 0, 0xfd5e, 0, 0},
        {"v_min3_u16 v0.l, v2.l, v4.h, v6.l", 0x1234ffff, 0x18000, 0xfffe7fff, 0x1, 0, 0},
        {"v_min3_u16 v0.l, v2.l, v4.h, v6.l", 0x80007fff, 0x7fff8000, 0x10002, 0x2, 0, 0},
        {"v_min3_u16 v0.l, v2.l, v4.h, v6.l", 0xabcd1234, 0x50004, 0x87654321, 0x5, 0, 0},
        {"v_max3_u16 v0.l, v2.l, v4.h, v6.l", 0x1234ffff, 0x18000, 0xfffe7fff, 0xffff, 0, 0},
        {"v_max3_u16 v0.l, v2.l, v4.h, v6.l", 0x80007fff, 0x7fff8000, 0x10002, 0x7fff, 0, 0},
        {"v_max3_u16 v0.l, v2.l, v4.h, v6.l", 0xabcd1234, 0x50004, 0x87654321, 0x4321, 0, 0},
        {"v_med3_u16 v0.l, v2.l, v4.h, v6.l", 0x1234ffff, 0x18000, 0xfffe7fff, 0x7fff, 0, 0},
        {"v_med3_u16 v0.l, v2.l, v4.h, v6.l", 0x80007fff, 0x7fff8000, 0x10002, 0x7fff, 0, 0},
        {"v_med3_u16 v0.l, v2.l, v4.h, v6.l", 0xabcd1234, 0x50004, 0x87654321, 0x1234, 0, 0},
        {"v_mad_u16 v0.l, v2.l, v4.h, v6.h", 0x1234ffff, 0x18000, 0xfffe7fff, 0xfffd, 0, 0},
        {"v_mad_u16 v0.l, v2.l, v4.h, v6.h", 0x80007fff, 0x7fff8000, 0x10002, 0x2, 0, 0},
        {"v_mad_u16 v0.l, v2.l, v4.h, v6.h", 0xabcd1234, 0x50004, 0x87654321, 0xe269, 0, 0},
        {"v_min3_i16 v0.l, v2.l, v4.h, v6.l", 0x1234ffff, 0x18000, 0xfffe7fff, 0xffff, 0, 0},
        {"v_min3_i16 v0.l, v2.l, v4.h, v6.l", 0x80007fff, 0x7fff8000, 0x10002, 0x2, 0, 0},
        {"v_min3_i16 v0.l, v2.l, v4.h, v6.l", 0xabcd1234, 0x50004, 0x87654321, 0x5, 0, 0},
        {"v_max3_i16 v0.l, v2.l, v4.h, v6.l", 0x1234ffff, 0x18000, 0xfffe7fff, 0x7fff, 0, 0},
        {"v_max3_i16 v0.l, v2.l, v4.h, v6.l", 0x80007fff, 0x7fff8000, 0x10002, 0x7fff, 0, 0},
        {"v_max3_i16 v0.l, v2.l, v4.h, v6.l", 0xabcd1234, 0x50004, 0x87654321, 0x4321, 0, 0},
        {"v_med3_i16 v0.l, v2.l, v4.h, v6.l", 0x1234ffff, 0x18000, 0xfffe7fff, 0x1, 0, 0},
        {"v_med3_i16 v0.l, v2.l, v4.h, v6.l", 0x80007fff, 0x7fff8000, 0x10002, 0x7fff, 0, 0},
        {"v_med3_i16 v0.l, v2.l, v4.h, v6.l", 0xabcd1234, 0x50004, 0x87654321, 0x1234, 0, 0},
        {"v_mad_i16 v0.l, v2.l, v4.h, v6.h", 0x1234ffff, 0x18000, 0xfffe7fff, 0xfffd, 0, 0},
        {"v_mad_i16 v0.l, v2.l, v4.h, v6.h", 0x80007fff, 0x7fff8000, 0x10002, 0x2, 0, 0},
        {"v_mad_i16 v0.l, v2.l, v4.h, v6.h", 0xabcd1234, 0x50004, 0x87654321, 0xe269, 0, 0},
        {"v_cvt_i32_i16 v0, v2.h", 0x1234ffff, 0, 0, 0x1234, 0, 0},
        {"v_cvt_i32_i16 v0, v2.h", 0x80007fff, 0, 0, 0xffff8000, 0, 0},
        {"v_cvt_i32_i16 v0, v2.h", 0xabcd1234, 0, 0, 0xffffabcd, 0, 0},
        {"v_cvt_u32_u16 v0, v2.h", 0x1234ffff, 0, 0, 0x1234, 0, 0},
        {"v_cvt_u32_u16 v0, v2.h", 0x80007fff, 0, 0, 0x8000, 0, 0},
        {"v_cvt_u32_u16 v0, v2.h", 0xabcd1234, 0, 0, 0xabcd, 0, 0},
        {"v_pack_b32_f16 v0, v2.h, v4.l", 0x3c001111, 0x22224000, 0, 0x40003c00, 0, 0},
        {"v_sat_pk_u8_i16 v0.l, v2", 0x1234ffff, 0, 0, 0xff00, 0, 0},
        {"v_sat_pk_u8_i16 v0.l, v2", 0x80007fff, 0, 0, 0xff, 0, 0},
        {"v_sat_pk_u8_i16 v0.l, v2", 0xabcd1234, 0, 0, 0xff, 0, 0},
        {"v_sat_pk_u8_i16 v0.l, v2", 0xff0080, 0, 0, 0xff80, 0, 0},
        {"v_sat_pk_u8_i16 v0.l, v2", 0x1000100, 0, 0, 0xffff, 0, 0},
        {"v_cvt_pk_u16_u32 v0, v2, v4", 0x5, 0x11170, 0, 0xffff0005, 0, 0},
        {"v_cvt_pk_u16_u32 v0, v2, v4", 0xffffffff, 0xffff, 0, 0xffffffff, 0, 0},
        {"v_cvt_pk_i16_i32 v0, v2, v4", 0x5, 0x11170, 0, 0x7fff0005, 0, 0},
        {"v_cvt_pk_i16_i32 v0, v2, v4", 0xffffffff, 0x80000000, 0, 0x8000ffff, 0, 0},
        {"v_cvt_pk_i16_i32 v0, v2, v4", 0xffff8000, 0x8000, 0, 0x7fff8000, 0, 0},
    };
    VECTORS_CHECK(*state, table);
}

static void bytes_match(void **state)
{
    static const struct vector table[] = {
        {"v_sad_u8 v0, v2, v4, v6", 0xffffffff, 0x1, 0x80000000, 0x800003fb, 0, 0},
        {"v_sad_u8 v0, v2, v4, v6", 0x80000000, 0x7fffffff, 0x5, 0x303, 0, 0},
        {"v_sad_u8 v0, v2, v4, v6", 0x12345678, 0x9abcdef0, 0xf1e2d3c, 0xf1e2f4c, 0, 0},
        {"v_sad_u8 v0, v2, v4, v6", 0x21, 0x22, 0x23, 0x24, 0, 0},
        {"v_sad_u8 v0, v2, v4, v6", 0, 0xfffffff9, 0x80000007, 0x800003fd, 0, 0},
        {"v_sad_hi_u8 v0, v2, v4, v6", 0xffffffff, 0x1, 0x80000000, 0x83fb0000, 0, 0},
        {"v_sad_hi_u8 v0, v2, v4, v6", 0x80000000, 0x7fffffff, 0x5, 0x2fe0005, 0, 0},
        {"v_sad_hi_u8 v0, v2, v4, v6", 0x12345678, 0x9abcdef0, 0xf1e2d3c, 0x112e2d3c, 0, 0},
        {"v_sad_hi_u8 v0, v2, v4, v6", 0x21, 0x22, 0x23, 0x10023, 0, 0},
        {"v_sad_hi_u8 v0, v2, v4, v6", 0, 0xfffffff9, 0x80000007, 0x83f60007, 0, 0},
        {"v_sad_u16 v0, v2, v4, v6", 0xffffffff, 0x1, 0x80000000, 0x8001fffd, 0, 0},
        {"v_sad_u16 v0, v2, v4, v6", 0x80000000, 0x7fffffff, 0x5, 0x10005, 0, 0},
        {"v_sad_u16 v0, v2, v4, v6", 0x12345678, 0x9abcdef0, 0xf1e2d3c, 0xf1f3e3c, 0, 0},
        {"v_sad_u16 v0, v2, v4, v6", 0x21, 0x22, 0x23, 0x24, 0, 0},
        {"v_sad_u16 v0, v2, v4, v6", 0, 0xfffffff9, 0x80000007, 0x8001ffff, 0, 0},
        {"v_sad_u32 v0, v2, v4, v6", 0xffffffff, 0x1, 0x80000000, 0x7ffffffe, 0, 0},
        {"v_sad_u32 v0, v2, v4, v6", 0x80000000, 0x7fffffff, 0x5, 0x6, 0, 0},
        {"v_sad_u32 v0, v2, v4, v6", 0x12345678, 0x9abcdef0, 0xf1e2d3c, 0x97a6b5b4, 0, 0},
        {"v_sad_u32 v0, v2, v4, v6", 0x21, 0x22, 0x23, 0x24, 0, 0},
        {"v_sad_u32 v0, v2, v4, v6", 0, 0xfffffff9, 0x80000007, 0x80000000, 0, 0},
        {"v_msad_u8 v0, v2, v4, v6", 0xffffffff, 0x1, 0x80000000, 0x800000fe, 0, 0},
        {"v_msad_u8 v0, v2, v4, v6", 0x80000000, 0x7fffffff, 0x5, 0x303, 0, 0},
        {"v_msad_u8 v0, v2, v4, v6", 0x12345678, 0x9abcdef0, 0xf1e2d3c, 0xf1e2f4c, 0, 0},
        {"v_msad_u8 v0, v2, v4, v6", 0x21, 0x22, 0x23, 0x24, 0, 0},
        {"v_msad_u8 v0, v2, v4, v6", 0, 0xfffffff9, 0x80000007, 0x800003fd, 0, 0},
        {"v_lerp_u8 v0, v2, v4, v6", 0xffffffff, 0x1, 0x80000000, 0x7f7f7f80, 0, 0},
        {"v_lerp_u8 v0, v2, v4, v6", 0x80000000, 0x7fffffff, 0x5, 0x7f7f7f80, 0, 0},
        {"v_lerp_u8 v0, v2, v4, v6", 0x12345678, 0x9abcdef0, 0xf1e2d3c, 0x56789ab4, 0, 0},
        {"v_lerp_u8 v0, v2, v4, v6", 0x21, 0x22, 0x23, 0x22, 0, 0},
        {"v_lerp_u8 v0, v2, v4, v6", 0, 0xfffffff9, 0x80000007, 0x7f7f7f7d, 0, 0},
        {"v_perm_b32 v0, v2, v4, v6", 0x80f1c2e3, 0x1485a6b7, 0x7060504, 0x80f1c2e3, 0, 0},
        {"v_perm_b32 v0, v2, v4, v6", 0x80f1c2e3, 0x1485a6b7, 0x3020100, 0x1485a6b7, 0, 0},
        {"v_perm_b32 v0, v2, v4, v6", 0x80f1c2e3, 0x1485a6b7, 0x10203, 0xb7a68514, 0, 0},
        {"v_perm_b32 v0, v2, v4, v6", 0x80f1c2e3, 0x1485a6b7, 0xb0a0908, 0xffff00ff, 0, 0},
        {"v_perm_b32 v0, v2, v4, v6", 0x80f1c2e3, 0x1485a6b7, 0xc0d0eff, 0xffffff, 0, 0},
        {"v_perm_b32 v0, v2, v4, v6", 0x80f1c2e3, 0x1485a6b7, 0x4000c05, 0xe3b700c2, 0, 0},
        {"v_perm_b32 v0, v2, v4, 0x02060501", 0x80f1c2e3, 0x1485a6b7, 0, 0x85f1c2a6, 0, 0},
        {"v_perm_b32 v0, v2, v4, 0x02060501", 0x80f1c2e3, 0x1485a6b7, 0, 0x85f1c2a6, 0, 0},
        {"v_perm_b32 v0, v2, v4, 0x0c060c01", 0x80f1c2e3, 0x1485a6b7, 0, 0xf100a6, 0, 0},
        {"v_perm_b32 v0, v2, v4, 0x0c060c01", 0x80f1c2e3, 0x1485a6b7, 0, 0xf100a6, 0, 0},
        {"v_qsad_pk_u16_u8 v[0:1], v[2:3], v4, v[6:7]", UINT64_C(0x1122334455667788), 0xff8044, UINT64_C(0x1000200030004), UINT64_C(0x13c013d013e013f), 0, 0},
        {"v_qsad_pk_u16_u8 v[0:1], v[2:3], v4, v[6:7]", UINT64_C(0xffeeddccbbaa9988), 0x1020304, UINT64_C(0xfffffff000010000), UINT64_C(0x34702f402c1027c), 0, 0},
        {"v_mqsad_pk_u16_u8 v[0:1], v[2:3], v4, v[6:7]", UINT64_C(0x1122334455667788), 0xff8044, UINT64_C(0x1000200030004), UINT64_C(0x11a010a00fa00ea), 0, 0},
        {"v_mqsad_pk_u16_u8 v[0:1], v[2:3], v4, v[6:7]", UINT64_C(0xffeeddccbbaa9988), 0x1020304, UINT64_C(0xfffffff000010000), UINT64_C(0x34702f402c1027c), 0, 0},
        {"v_qsad_pk_u16_u8 v[0:1], v[2:3], v4, v[6:7] clamp", UINT64_C(0x1122334455667788), 0xff8044, UINT64_C(0x1000200030004), UINT64_C(0x13c013d013e013f), 0, 0},
        {"v_qsad_pk_u16_u8 v[0:1], v[2:3], v4, v[6:7] clamp", UINT64_C(0xffeeddccbbaa9988), 0x1020304, UINT64_C(0xfffffff000010000), UINT64_C(0xffffffff02c1027c), 0, 0},
    };
    VECTORS_CHECK(*state, table);
}

static void double_words_match(void **state)
{
    static const struct vector table[] = {
        {"v_lshlrev_b64 v[0:1], v4, v[2:3]", UINT64_C(0x8123456789abcdef), 0x4, 0, UINT64_C(0x123456789abcdef0), 0, 0},
        {"v_lshlrev_b64 v[0:1], v4, v[2:3]", UINT64_C(0x8123456789abcdef), 0x3f, 0, UINT64_C(0x8000000000000000), 0, 0},
        {"v_lshlrev_b64 v[0:1], v4, v[2:3]", UINT64_C(0x7fffffffffffffff), 0x41, 0, UINT64_C(0xfffffffffffffffe), 0, 0},
        {"v_lshlrev_b64 v[0:1], v4, v[2:3]", 0x1, 0, 0, 0x1, 0, 0},
        {"v_lshrrev_b64 v[0:1], v4, v[2:3]", UINT64_C(0x8123456789abcdef), 0x4, 0, UINT64_C(0x8123456789abcde), 0, 0},
        {"v_lshrrev_b64 v[0:1], v4, v[2:3]", UINT64_C(0x8123456789abcdef), 0x3f, 0, 0x1, 0, 0},
        {"v_lshrrev_b64 v[0:1], v4, v[2:3]", UINT64_C(0x7fffffffffffffff), 0x41, 0, UINT64_C(0x3fffffffffffffff), 0, 0},
        {"v_lshrrev_b64 v[0:1], v4, v[2:3]", 0x1, 0, 0, 0x1, 0, 0},
        {"v_ashrrev_i64 v[0:1], v4, v[2:3]", UINT64_C(0x8123456789abcdef), 0x4, 0, UINT64_C(0xf8123456789abcde), 0, 0},
        {"v_ashrrev_i64 v[0:1], v4, v[2:3]", UINT64_C(0x8123456789abcdef), 0x3f, 0, UINT64_C(0xffffffffffffffff), 0, 0},
        {"v_ashrrev_i64 v[0:1], v4, v[2:3]", UINT64_C(0x7fffffffffffffff), 0x41, 0, UINT64_C(0x3fffffffffffffff), 0, 0},
        {"v_ashrrev_i64 v[0:1], v4, v[2:3]", 0x1, 0, 0, 0x1, 0, 0},
    };
    VECTORS_CHECK(*state, table);
}
// clang-format on

static void sums_carry(void **state)
{
    static const struct vector table[] = {
        {"v_add_co_u32 v0, vcc_lo, v2, v4", 0xffffffff, 1, 0, 0, 0, 1},
        {"v_add_co_u32 v0, vcc_lo, v2, v4", 0x7fffffff, 1, 0, 0x80000000, 1, 0},
        {"v_sub_co_u32 v0, vcc_lo, v2, v4", 1, 2, 0, 0xffffffff, 0, 1},
        {"v_sub_co_u32 v0, vcc_lo, v2, v4", 2, 2, 0, 0, 1, 0},
        {"v_subrev_co_u32 v0, vcc_lo, v2, v4", 1, 2, 0, 1, 0, 0},
        {"v_subrev_co_u32 v0, vcc_lo, v2, v4", 3, 2, 0, 0xffffffff, 0, 1},
        {"v_add_co_ci_u32 v0, vcc_lo, v2, v4, vcc_lo", 0xffffffff, 0, 0, 0, 1, 1},
        {"v_add_co_ci_u32 v0, vcc_lo, v2, v4, vcc_lo", 0xffffffff, 0xffffffff, 0, 0xffffffff, 1, 1},
        {"v_add_co_ci_u32 v0, vcc_lo, v2, v4, vcc_lo", 0xfffffffe, 0, 0, 0xffffffff, 1, 0},
        {"v_add_co_ci_u32 v0, vcc_lo, v2, v4, s10", 5, 6, 0, 12, 1, 0},
        {"v_sub_co_ci_u32 v0, vcc_lo, v2, v4, vcc_lo", 0, 0xffffffff, 0, 0, 1, 1},
        {"v_sub_co_ci_u32 v0, vcc_lo, v2, v4, vcc_lo", 5, 5, 0, 0xffffffff, 1, 1},
        {"v_sub_co_ci_u32 v0, vcc_lo, v2, v4, vcc_lo", 6, 5, 0, 0, 1, 0},
        {"v_subrev_co_ci_u32 v0, vcc_lo, v2, v4, vcc_lo", 5, 6, 0, 0, 1, 0},
        {"v_subrev_co_ci_u32 v0, vcc_lo, v2, v4, vcc_lo", 6, 5, 0, 0xffffffff, 0, 1},
        {"v_add_co_u32 v0, vcc_lo, v2, v4 clamp", 0xffffffff, 7, 0, 0xffffffff, 0, 1},
        {"v_sub_co_u32 v0, vcc_lo, v2, v4 clamp", 3, 7, 0, 0, 0, 1},
        {"v_mad_u64_u32 v[0:1], vcc_lo, v2, v4, v[6:7]", 0xffffffff, 0xffffffff, UINT64_C(0x1ffffffff), 0, 0, 1},
        {"v_mad_u64_u32 v[0:1], vcc_lo, v2, v4, v[6:7]", 0xffffffff, 2, 5, UINT64_C(0x200000003), 0, 0},
        {"v_mad_i64_i32 v[0:1], vcc_lo, v2, v4, v[6:7]", 0xffffffff, 2, 5, 3, 0, 0},
        {"v_mad_i64_i32 v[0:1], vcc_lo, v2, v4, v[6:7]", 0x7fffffff, 2, UINT64_C(0x7fffffffffffffff),
         UINT64_C(0x80000000fffffffd), 0, 0},
    };
    VECTORS_CHECK(*state, table);
}

static void carries_of_lanes_that_are_off_are_zero(void **state)
{
    struct fixture *f = *state;
    fixture_fill(f, 1, 0xffffffff);
    fixture_fill(f, 2, 1);
    f->wave.s[EMU_SGPR_VCC] = 0xffffffff;
    fixture_set_s64(f, EMU_SGPR_EXEC, 0x0000ff00);
    fixture_run(f, "v_add_co_u32 v0, vcc_lo, v1, v2");
    assert_int_equal(f->wave.s[EMU_SGPR_VCC], 0x0000ff00);
}

static void mqsad_u32_sums_four_windows(void **state)
{
    struct fixture *f = *state;
    fixture_fill(f, 4, 0x04030201); // bytes 1 2 3 4 5 6 7 8
    fixture_fill(f, 5, 0x08070605);
    fixture_fill(f, 6, 0x0a000a0a); // the zero byte does not count
    for (unsigned i = 0; i < 4; i++)
        fixture_fill(f, 8 + i, 100 * i);
    fixture_run(f, "v_mqsad_u32_u8 v[0:3], v[4:5], v6, v[8:11]");
    // Windows 1 2 _ 4, 2 3 _ 5, 3 4 _ 6, 4 5 _ 7 against 10 10 0 10.
    static const uint32_t want[4] = {9 + 8 + 6, 100 + 8 + 7 + 5, 200 + 7 + 6 + 4, 300 + 6 + 5 + 3};
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(*fixture_v(f, i, 17), want[i]);
}

static void constants_and_scalars_reach_every_lane(void **state)
{
    struct fixture *f = *state;
    f->wave.s[3] = 1000;
    fixture_ramp(f, 2, 0, 1);
    fixture_run(f, "v_add3_u32 v0, s3, v2, 7\n v_lshl_add_u32 v1, v2, 2, 0xabc0000");
    for (unsigned lane = 0; lane < 32; lane++) {
        assert_int_equal(*fixture_v(f, 0, lane), 1007 + lane);
        assert_int_equal(*fixture_v(f, 1, lane), 0xabc0000 + 4 * lane);
    }
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(clamp_saturates_match, 32),
        FIXTURE_TEST(halves_match, 32),
        FIXTURE_TEST(bytes_match, 32),
        FIXTURE_TEST(double_words_match, 32),
        FIXTURE_TEST(sums_carry, 32),
        FIXTURE_TEST(carries_of_lanes_that_are_off_are_zero, 32),
        FIXTURE_TEST(mqsad_u32_sums_four_windows, 32),
        FIXTURE_TEST(constants_and_scalars_reach_every_lane, 32),
    };
    return fixture_main("valu_narrow", tests, sizeof tests / sizeof *tests);
}
