// SOP2: scalar integer arithmetic, logic, shifts, bit fields, packing. One line an opcode: result and SCC as
// expressions of the sources a, b, the old SCC (carry) and the result r. Semantics: RDNA 3 ISA, section 16.1.
#include "scalar.h"

// Shifts use the low 5 or 6 bits of the amount, whatever the rest holds.
#define SHIFT(amount) ((amount) & (sizeof(a) * 8 - 1))
#define KEEP          carry // SCC is not written

#define SOP2(name, T, result, condition)                                                                               \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        const T a = SCALAR_READ(T, &inst->src[0]), b = SCALAR_READ(T, &inst->src[1]);                                  \
        const uint32_t carry = wave->scc;                                                                              \
        const T r = (T)(result);                                                                                       \
        (void)a, (void)b, (void)carry;                                                                                 \
        wave->scc = (uint32_t)(condition);                                                                             \
        SCALAR_WRITE(T, &inst->dst, r);                                                                                \
    }

typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;

SOP2(s_add_u32, u32, a + b, r < a)
SOP2(s_sub_u32, u32, a - b, b > a)
SOP2(s_add_i32, u32, a + b, ((a ^ r) & (b ^ r)) >> 31)
SOP2(s_sub_i32, u32, a - b, ((a ^ b) & (a ^ r)) >> 31)
SOP2(s_addc_u32, u32, a + b + carry, ((u64)a + b + carry) >> 32)
SOP2(s_subb_u32, u32, a - b - carry, (u64)b + carry > a)
SOP2(s_absdiff_i32, u32, (i32)(a - b) < 0 ? b - a : a - b, r != 0)

SOP2(s_lshl_b32, u32, a << SHIFT(b), r != 0)
SOP2(s_lshl_b64, u64, a << SHIFT(b), r != 0)
SOP2(s_lshr_b32, u32, a >> SHIFT(b), r != 0)
SOP2(s_lshr_b64, u64, a >> SHIFT(b), r != 0)
SOP2(s_ashr_i32, i32, a >> SHIFT((u32)b), r != 0)
SOP2(s_ashr_i64, i64, a >> SHIFT((u64)b), r != 0)
SOP2(s_lshl1_add_u32, u32, (a << 1) + b, (((u64)a << 1) + b) >> 32)
SOP2(s_lshl2_add_u32, u32, (a << 2) + b, (((u64)a << 2) + b) >> 32)
SOP2(s_lshl3_add_u32, u32, (a << 3) + b, (((u64)a << 3) + b) >> 32)
SOP2(s_lshl4_add_u32, u32, (a << 4) + b, (((u64)a << 4) + b) >> 32)

SOP2(s_min_i32, i32, a < b ? a : b, a < b)
SOP2(s_min_u32, u32, a < b ? a : b, a < b)
SOP2(s_max_i32, i32, a >= b ? a : b, a >= b)
SOP2(s_max_u32, u32, a >= b ? a : b, a >= b)

SOP2(s_and_b32, u32, a &b, r != 0)
SOP2(s_and_b64, u64, a &b, r != 0)
SOP2(s_or_b32, u32, a | b, r != 0)
SOP2(s_or_b64, u64, a | b, r != 0)
SOP2(s_xor_b32, u32, a ^ b, r != 0)
SOP2(s_xor_b64, u64, a ^ b, r != 0)
SOP2(s_nand_b32, u32, ~(a &b), r != 0)
SOP2(s_nand_b64, u64, ~(a &b), r != 0)
SOP2(s_nor_b32, u32, ~(a | b), r != 0)
SOP2(s_nor_b64, u64, ~(a | b), r != 0)
SOP2(s_xnor_b32, u32, ~(a ^ b), r != 0)
SOP2(s_xnor_b64, u64, ~(a ^ b), r != 0)
SOP2(s_and_not1_b32, u32, a & ~b, r != 0)
SOP2(s_and_not1_b64, u64, a & ~b, r != 0)
SOP2(s_or_not1_b32, u32, a | ~b, r != 0)
SOP2(s_or_not1_b64, u64, a | ~b, r != 0)

// Bit fields: offset in the low 5 or 6 bits of b, width in b[22:16]; a width beyond the register means all of it.
static inline u64 low_bits(u64 width)
{
    return width >= 64 ? ~(u64)0 : ((u64)1 << width) - 1;
}

static inline u64 field_signed(u64 shifted, u64 width)
{
    if (width == 0)
        return 0;
    if (width >= 64)
        return shifted;
    const u64 sign = (u64)1 << (width - 1);
    return ((shifted & low_bits(width)) ^ sign) - sign;
}

#define WIDTH ((u64)b >> 16 & 0x7f)
SOP2(s_bfe_u32, u32, (a >> SHIFT(b)) & low_bits(WIDTH), r != 0)
SOP2(s_bfe_i32, i32, field_signed((u64)((i64)a >> SHIFT((u32)b)), WIDTH), r != 0)
SOP2(s_bfe_u64, u64, (a >> SHIFT(b)) & low_bits(WIDTH), r != 0)
SOP2(s_bfe_i64, i64, field_signed((u64)(a >> SHIFT((u64)b)), WIDTH), r != 0)
SOP2(s_bfm_b32, u32, low_bits(SHIFT(a)) << SHIFT(b), KEEP)
SOP2(s_bfm_b64, u64, low_bits(SHIFT(a)) << SHIFT(b), KEEP)

SOP2(s_mul_i32, u32, a *b, KEEP)
SOP2(s_mul_hi_u32, u32, (u64)a *b >> 32, KEEP)
SOP2(s_mul_hi_i32, i32, (i64)a *b >> 32, KEEP)
SOP2(s_cselect_b32, u32, carry ? a : b, KEEP)
SOP2(s_cselect_b64, u64, carry ? a : b, KEEP)
SOP2(s_pack_ll_b32_b16, u32, (a & 0xffff) | b << 16, KEEP)
SOP2(s_pack_lh_b32_b16, u32, (a & 0xffff) | (b & 0xffff0000), KEEP)
SOP2(s_pack_hh_b32_b16, u32, a >> 16 | (b & 0xffff0000), KEEP)
SOP2(s_pack_hl_b32_b16, u32, a >> 16 | b << 16, KEEP)
