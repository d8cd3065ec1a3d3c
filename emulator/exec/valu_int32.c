// 32-bit integer and bitwise vector operations without carry or clamp.
#include "valu.h"

static inline uint32_t bit_reverse(uint32_t x)
{
    x = (x >> 1 & 0x55555555u) | (x & 0x55555555u) << 1;
    x = (x >> 2 & 0x33333333u) | (x & 0x33333333u) << 2;
    x = (x >> 4 & 0x0f0f0f0fu) | (x & 0x0f0f0f0fu) << 4;
    return __builtin_bswap32(x);
}

static inline uint32_t bit_count(uint32_t x)
{
    x -= x >> 1 & 0x55555555u;
    x = (x & 0x33333333u) + (x >> 2 & 0x33333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0fu;
    return x * 0x01010101u >> 24;
}

// Leading zeros, -1 of zero.
static inline int32_t leading(uint32_t x)
{
    return x ? __builtin_clz(x) : -1;
}

static inline int32_t trailing(uint32_t x)
{
    return x ? __builtin_ctz(x) : -1;
}

static inline uint32_t low_bits(uint32_t count)
{
    return (1u << (count & 31)) - 1;
}

static inline int32_t field_signed(int32_t x, uint32_t offset, uint32_t width)
{
    uint32_t spare = 32 - (width & 31);
    uint32_t field = (uint32_t)(x >> (offset & 31));
    return (width & 31) ? (int32_t)(field << (spare & 31)) >> (spare & 31) : 0;
}

#define MIN(x, y)         ((x) < (y) ? (x) : (y))
#define MAX(x, y)         ((x) > (y) ? (x) : (y))
#define MEDIAN(x, y, z)   MAX(MIN(x, y), MIN(MAX(x, y), z))
#define SIGNED_24(x)      ((int32_t)((uint32_t)(x) << 8) >> 8)
#define UNSIGNED_24(x)    ((uint32_t)(x) & 0xffffffu)
#define HIGH_SIGNED(x, y) ((int32_t)((int64_t)(x) * (y) >> 32))

// clang-format off
EMU_VALU1(v_not_b32,        U32, U32, ~a)
EMU_VALU1(v_bfrev_b32,      U32, U32, bit_reverse(a))
EMU_VALU1(v_clz_i32_u32,    I32, U32, leading(a))
EMU_VALU1(v_ctz_i32_b32,    I32, U32, trailing(a))
EMU_VALU1(v_cls_i32,        I32, I32, leading((uint32_t)(a ^ a >> 31)))
EMU_VALU1(v_cvt_i32_i16,    I32, I16, a)
EMU_VALU1(v_cvt_u32_u16,    U32, U16, a)

EMU_VALU2(v_min_i32,        I32, I32, I32, MIN(a, b))
EMU_VALU2(v_max_i32,        I32, I32, I32, MAX(a, b))
EMU_VALU2(v_min_u32,        U32, U32, U32, MIN(a, b))
EMU_VALU2(v_max_u32,        U32, U32, U32, MAX(a, b))
EMU_VALU2(v_lshlrev_b32,    U32, U32, U32, b << (a & 31))
EMU_VALU2(v_lshrrev_b32,    U32, U32, U32, b >> (a & 31))
EMU_VALU2(v_ashrrev_i32,    I32, U32, I32, b >> (a & 31))
EMU_VALU2(v_and_b32,        U32, U32, U32, a & b)
EMU_VALU2(v_or_b32,         U32, U32, U32, a | b)
EMU_VALU2(v_xor_b32,        U32, U32, U32, a ^ b)
EMU_VALU2(v_xnor_b32,       U32, U32, U32, ~(a ^ b))
EMU_VALU2(v_mul_hi_i32_i24, I32, I32, I32, HIGH_SIGNED(SIGNED_24(a), SIGNED_24(b)))
EMU_VALU2(v_mul_hi_u32_u24, U32, U32, U32, (uint32_t)((uint64_t)UNSIGNED_24(a) * UNSIGNED_24(b) >> 32))
EMU_VALU2(v_mul_lo_u32,     U32, U32, U32, a * b)
EMU_VALU2(v_mul_hi_u32,     U32, U32, U32, (uint32_t)((uint64_t)a * b >> 32))
EMU_VALU2(v_mul_hi_i32,     I32, I32, I32, HIGH_SIGNED(a, b))
EMU_VALU2(v_bfm_b32,        U32, U32, U32, low_bits(a) << (b & 31))
EMU_VALU2(v_bcnt_u32_b32,   U32, U32, U32, bit_count(a) + b)

EMU_VALU3(v_bfe_u32,        U32, U32, U32, U32, a >> (b & 31) & low_bits(c))
EMU_VALU3(v_bfe_i32,        I32, I32, U32, U32, field_signed(a, b, c))
EMU_VALU3(v_bfi_b32,        U32, U32, U32, U32, (a & b) | (~a & c))
EMU_VALU3(v_alignbit_b32,   U32, U32, U32, U16, (uint32_t)(((uint64_t)a << 32 | b) >> (c & 31)))
EMU_VALU3(v_alignbyte_b32,  U32, U32, U32, U16, (uint32_t)(((uint64_t)a << 32 | b) >> (c & 3) * 8))
EMU_VALU3(v_min3_i32,       I32, I32, I32, I32, MIN(MIN(a, b), c))
EMU_VALU3(v_min3_u32,       U32, U32, U32, U32, MIN(MIN(a, b), c))
EMU_VALU3(v_max3_i32,       I32, I32, I32, I32, MAX(MAX(a, b), c))
EMU_VALU3(v_max3_u32,       U32, U32, U32, U32, MAX(MAX(a, b), c))
EMU_VALU3(v_med3_i32,       I32, I32, I32, I32, MEDIAN(a, b, c))
EMU_VALU3(v_med3_u32,       U32, U32, U32, U32, MEDIAN(a, b, c))
EMU_VALU3(v_maxmin_i32,     I32, I32, I32, I32, MIN(MAX(a, b), c))
EMU_VALU3(v_maxmin_u32,     U32, U32, U32, U32, MIN(MAX(a, b), c))
EMU_VALU3(v_minmax_i32,     I32, I32, I32, I32, MAX(MIN(a, b), c))
EMU_VALU3(v_minmax_u32,     U32, U32, U32, U32, MAX(MIN(a, b), c))
EMU_VALU3(v_xor3_b32,       U32, U32, U32, U32, a ^ b ^ c)
EMU_VALU3(v_or3_b32,        U32, U32, U32, U32, a | b | c)
EMU_VALU3(v_and_or_b32,     U32, U32, U32, U32, (a & b) | c)
EMU_VALU3(v_lshl_or_b32,    U32, U32, U32, U32, a << (b & 31) | c)
EMU_VALU3(v_add3_u32,       U32, U32, U32, U32, a + b + c)
EMU_VALU3(v_xad_u32,        U32, U32, U32, U32, (a ^ b) + c)
EMU_VALU3(v_lshl_add_u32,   U32, U32, U32, U32, (a << (b & 31)) + c)
EMU_VALU3(v_add_lshl_u32,   U32, U32, U32, U32, (a + b) << (c & 31))
// clang-format on
