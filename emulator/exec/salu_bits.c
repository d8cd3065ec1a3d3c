// SOP1: moves, bit counts and searches, masks, sign extension, register-indexed moves. One line an opcode. Semantics:
// RDNA 3 ISA, section 16.3; EXEC-writing forms stand in salu_exec.c, program control in program.c.
#include "scalar.h"

typedef uint32_t u32;
typedef uint64_t u64;

#define KEEP wave->scc // SCC is not written

// a: source of type A; old: the destination before; r: the result of type D.
#define SOP1(name, D, A, result, condition)                                                                            \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        const A a = SCALAR_READ(A, &inst->src[0]);                                                                     \
        const D r = (D)(result);                                                                                       \
        wave->scc = (u32)(condition);                                                                                  \
        SCALAR_WRITE(D, &inst->dst, r);                                                                                \
    }
#define OLD(D) SCALAR_READ(D, &inst->dst)

static inline u64 reverse(u64 value, unsigned bits)
{
    u64 out = 0;
    for (unsigned i = 0; i < bits; i++)
        out |= (value >> i & 1) << (bits - 1 - i);
    return out;
}

static inline int count_trailing(u64 value)
{
    return value ? __builtin_ctzll(value) : -1;
}

static inline int count_leading(u64 value, int bits)
{
    return value ? __builtin_clzll(value) - (64 - bits) : -1;
}

// Leading bits equal to the sign bit, the sign bit included; -1 when all bits are.
static inline int count_sign(u64 value, int bits)
{
    const u64 top = value << (64 - bits);
    const u64 differing = (top >> 63 ? ~top : top) >> (64 - bits) << (64 - bits);
    return differing ? __builtin_clzll(differing) : -1;
}

static inline u64 replicate(u32 value)
{
    u64 out = 0;
    for (unsigned i = 0; i < 32; i++)
        out |= (u64)(value >> i & 1) * 3 << (2 * i);
    return out;
}

// Bit 0 of each group of four: set where any of the four is.
static inline u64 quads(u64 value)
{
    value |= value >> 1;
    value |= value >> 2;
    return value & UINT64_C(0x1111111111111111);
}

static inline u64 quad_mask(u64 value)
{
    u64 any = quads(value), out = 0;
    for (unsigned i = 0; i < 16; i++)
        out |= (any >> (4 * i) & 1) << i;
    return out;
}

SOP1(s_mov_b32, u32, u32, a, KEEP)
SOP1(s_mov_b64, u64, u64, a, KEEP)
SOP1(s_cmov_b32, u32, u32, wave->scc ? a : OLD(u32), KEEP)
SOP1(s_cmov_b64, u64, u64, wave->scc ? a : OLD(u64), KEEP)
SOP1(s_brev_b32, u32, u32, reverse(a, 32), KEEP)
SOP1(s_brev_b64, u64, u64, reverse(a, 64), KEEP)
SOP1(s_ctz_i32_b32, u32, u32, count_trailing(a), KEEP)
SOP1(s_ctz_i32_b64, u32, u64, count_trailing(a), KEEP)
SOP1(s_clz_i32_u32, u32, u32, count_leading(a, 32), KEEP)
SOP1(s_clz_i32_u64, u32, u64, count_leading(a, 64), KEEP)
SOP1(s_cls_i32, u32, u32, count_sign(a, 32), KEEP)
SOP1(s_cls_i32_i64, u32, u64, count_sign(a, 64), KEEP)
SOP1(s_sext_i32_i8, u32, u32, (int8_t)a, KEEP)
SOP1(s_sext_i32_i16, u32, u32, (int16_t)a, KEEP)
SOP1(s_bitset0_b32, u32, u32, OLD(u32) & ~((u32)1 << (a & 31)), KEEP)
SOP1(s_bitset0_b64, u64, u32, OLD(u64) & ~((u64)1 << (a & 63)), KEEP)
SOP1(s_bitset1_b32, u32, u32, OLD(u32) | (u32)1 << (a & 31), KEEP)
SOP1(s_bitset1_b64, u64, u32, OLD(u64) | (u64)1 << (a & 63), KEEP)
SOP1(s_bitreplicate_b64_b32, u64, u32, replicate(a), KEEP)
SOP1(s_abs_i32, u32, u32, a >> 31 ? 0 - a : a, r != 0)
SOP1(s_bcnt0_i32_b32, u32, u32, 32 - __builtin_popcount(a), r != 0)
SOP1(s_bcnt0_i32_b64, u32, u64, 64 - __builtin_popcountll(a), r != 0)
SOP1(s_bcnt1_i32_b32, u32, u32, __builtin_popcount(a), r != 0)
SOP1(s_bcnt1_i32_b64, u32, u64, __builtin_popcountll(a), r != 0)
SOP1(s_quadmask_b32, u32, u32, quad_mask(a), r != 0)
SOP1(s_quadmask_b64, u64, u64, quad_mask(a), r != 0)
SOP1(s_wqm_b32, u32, u32, quads(a) * 15, r != 0)
SOP1(s_wqm_b64, u64, u64, quads(a) * 15, r != 0)
SOP1(s_not_b32, u32, u32, ~a, r != 0)
SOP1(s_not_b64, u64, u64, ~a, r != 0)

// The registers that M0-relative moves may reach: s0..s105 and VCC. Hardware reads s0 and drops writes beyond; we stop.
static bool indexed(struct emu_wave *wave, const struct emu_inst *inst, const struct emu_operand *operand, u32 index,
                    unsigned dwords, u32 *reg)
{
    const u64 at = (u64)operand->reg + index;
    *reg = (u32)at;
    if (operand->kind == EMU_K_SGPR && at + dwords <= EMU_SGPR_VCC + 2)
        return true;
    emu_fault_raise(wave, inst, EMU_FAULT_ILLEGAL_INSTRUCTION, -1, at,
                    "M0-relative move reaches SGPR %llu, beyond vcc_hi: check the index in m0", (unsigned long long)at);
    return false;
}

static void move_relative(struct emu_wave *wave, const struct emu_inst *inst, u32 source_index, u32 target_index,
                          unsigned dwords)
{
    u32 from = 0, to;
    const bool constant = inst->src[0].kind != EMU_K_SGPR && source_index == 0;
    if (!indexed(wave, inst, &inst->dst, target_index, dwords, &to))
        return;
    if (!constant && !indexed(wave, inst, &inst->src[0], source_index, dwords, &from))
        return;
    const u64 value = constant ? scalar_read64(wave, &inst->src[0]) : wave->s[from] | (u64)wave->s[from + 1] << 32;
    wave->s[to] = (u32)value;
    if (dwords == 2)
        wave->s[to + 1] = (u32)(value >> 32);
}

#define M0 (wave->s[EMU_SGPR_M0])
#define MOVREL(name, source_index, target_index, dwords)                                                               \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        move_relative(wave, inst, source_index, target_index, dwords);                                                 \
    }
MOVREL(s_movrels_b32, M0, 0, 1)
MOVREL(s_movrels_b64, M0, 0, 2)
MOVREL(s_movreld_b32, 0, M0, 1)
MOVREL(s_movreld_b64, 0, M0, 2)
MOVREL(s_movrelsd_2_b32, M0 & 0x3ff, M0 >> 16 & 0x3ff, 1)
