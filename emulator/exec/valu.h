// One row makes one vector ALU body: EMU_VALU2(v_add_f32, F32, F32, F32, a + b). The first tag is the result's, the
// others are the sources'; the expression sees one lane's sources as a, b, c, and `clamp` and `mode`. Tags:
//   U32 I32        32-bit integers; neg and abs do not apply
//   F32            float; B32 the same as bits, for operations that move or compare and never round
//   U16 I16        16-bit integers, widened to 32 bits; the result's other half is kept
//   F16            half, computed in f32 and rounded once in MODE's direction; N16 the same to
//                  nearest; H16 the bits in the low half
//   U64 I64 F64    register pairs; B64 is F64 as bits
// Where MODE is plain (nearest, denormals kept) and the instruction has no clamp or omod, a 32-bit loop reads and
// writes registers directly; everything else goes through buffers and lanes.c.
#ifndef EMU_EXEC_VALU_H
#define EMU_EXEC_VALU_H

#include "float16.h"
#include "lanes.h"

union emu_buffer {
    uint32_t u32[EMU_LANES];
    uint64_t u64[EMU_LANES];
} EMU_ALIGNED;

#define emu_end32 EMU_LEVELED(emu_end32)
#define emu_end16 EMU_LEVELED(emu_end16)
#define emu_end64 EMU_LEVELED(emu_end64)
// Finish and write a result from a buffer. `tag` says what finishing applies; `saved` is the host's MXCSR when !plain.
enum emu_finish { EMU_FINISH_NONE, EMU_FINISH_FLOAT, EMU_FINISH_ROUND };
void emu_end32(struct emu_wave *wave, const struct emu_inst *inst, uint32_t *words, enum emu_finish finish, bool plain,
               unsigned saved);
void emu_end16(struct emu_wave *wave, const struct emu_inst *inst, uint32_t *words, enum emu_finish finish, bool plain,
               unsigned saved);
void emu_end64(struct emu_wave *wave, const struct emu_inst *inst, uint64_t *words, enum emu_finish finish, bool plain,
               unsigned saved);

// C types of the tags.
#define EMU_CTYPE_U32 uint32_t
#define EMU_CTYPE_I32 int32_t
#define EMU_CTYPE_F32 float
#define EMU_CTYPE_B32 uint32_t
#define EMU_CTYPE_U16 uint32_t
#define EMU_CTYPE_I16 int32_t
#define EMU_CTYPE_F16 float
#define EMU_CTYPE_N16 float
#define EMU_CTYPE_H16 uint32_t
#define EMU_CTYPE_U64 uint64_t
#define EMU_CTYPE_I64 int64_t
#define EMU_CTYPE_F64 double
#define EMU_CTYPE_B64 uint64_t

// Sources. A register is used where it lies; an SGPR or a constant is spread in line; the rest is lanes.c's.
static inline bool emu_is_one_scalar(const struct emu_operand *operand)
{
    return operand->kind == EMU_K_SGPR || operand->kind == EMU_K_CONST;
}

static inline const uint32_t *emu_spread(const struct emu_wave *wave, const struct emu_operand *operand,
                                         uint32_t *buffer)
{
    const uint32_t *value = operand->kind == EMU_K_SGPR ? &wave->s[operand->reg] : (const uint32_t *)&operand->value;
    emu_fill(buffer, *value);
    return buffer;
}

static inline const uint32_t *emu_fetch_words(const struct emu_wave *wave, const struct emu_inst *inst,
                                              const struct emu_operand *operand, uint32_t *buffer)
{
    if (EMU_LIKELY(operand->kind == EMU_K_VGPR && (operand != &inst->src[0] || !inst->dpp)))
        return emu_vgpr(wave, operand->reg);
    if (EMU_LIKELY(emu_is_one_scalar(operand)))
        return emu_spread(wave, operand, buffer);
    return emu_words_slow(wave, inst, operand, buffer);
}

static inline const uint32_t *emu_fetch_bits(const struct emu_wave *wave, const struct emu_inst *inst,
                                             const struct emu_operand *operand, uint32_t *buffer)
{
    if (EMU_LIKELY(emu_operand_is_plain_vgpr(operand) && (operand != &inst->src[0] || !inst->dpp)))
        return emu_vgpr(wave, operand->reg);
    if (EMU_LIKELY(emu_is_one_scalar(operand) && !(operand->neg | operand->abs)))
        return emu_spread(wave, operand, buffer);
    return emu_source32_slow(wave, inst, operand, buffer);
}

// A register's half without modifiers: the common case of 16-bit sources.
static inline bool emu_is_plain_half(const struct emu_inst *inst, const struct emu_operand *operand)
{
    return operand->kind == EMU_K_VGPR && !(operand->neg | operand->abs) && (operand != &inst->src[0] || !inst->dpp);
}

static inline const uint32_t *emu_fetch_u16(const struct emu_wave *wave, const struct emu_inst *inst,
                                            const struct emu_operand *operand, uint32_t *buffer)
{
    if (EMU_LIKELY(emu_is_plain_half(inst, operand))) {
        const uint32_t *words = emu_vgpr(wave, operand->reg);
        const unsigned shift = operand->hi ? 16 : 0;
        EMU_EACH_LANE(lane)
        buffer[lane] = words[lane] >> shift & 0xffffu;
        return buffer;
    }
    if (EMU_LIKELY(emu_is_one_scalar(operand) && !(operand->neg | operand->abs))) {
        const unsigned shift = operand->hi ? 16 : 0;
        const uint32_t word = operand->kind == EMU_K_SGPR ? wave->s[operand->reg] >> shift : (uint32_t)operand->value;
        emu_fill(buffer, word & 0xffffu);
        return buffer;
    }
    emu_source16(wave, inst, operand, buffer);
    return buffer;
}

static inline const uint32_t *emu_fetch_i16(const struct emu_wave *wave, const struct emu_inst *inst,
                                            const struct emu_operand *operand, uint32_t *buffer)
{
    emu_fetch_u16(wave, inst, operand, buffer);
    EMU_EACH_LANE(lane)
    buffer[lane] = (uint32_t)(int32_t)(int16_t)buffer[lane];
    return buffer;
}

static inline const uint32_t *emu_fetch_f16(const struct emu_wave *wave, const struct emu_inst *inst,
                                            const struct emu_operand *operand, uint32_t *buffer)
{
    if (EMU_LIKELY(emu_is_plain_half(inst, operand) && emu_mode_is_plain64(wave)))
        emu_f16_to_f32_lanes(emu_vgpr(wave, operand->reg), operand->hi ? 16 : 0, (float *)buffer);
    else
        emu_source_f16(wave, inst, operand, (float *)buffer);
    return buffer;
}

// A result in f32 rounded to its half where MODE and the instruction ask nothing more.
static inline void emu_write_f16(struct emu_wave *wave, const struct emu_inst *inst, const float *values)
{
    uint32_t words[EMU_LANES] EMU_ALIGNED;
    emu_f32_to_f16_lanes(values, words);
    emu_write16(wave, &inst->dst, words, emu_lanes(wave, inst));
}

static inline const uint64_t *emu_fetch_64(const struct emu_wave *wave, const struct emu_inst *inst,
                                           const struct emu_operand *operand, uint64_t *buffer)
{
    emu_source64(wave, inst, operand, buffer);
    return buffer;
}

#define EMU_FETCH_U32(o, b) (const uint32_t *)emu_fetch_words(wave, inst, o, (b)->u32)
#define EMU_FETCH_I32(o, b) (const int32_t *)emu_fetch_words(wave, inst, o, (b)->u32)
#define EMU_FETCH_F32(o, b) (const float *)emu_fetch_bits(wave, inst, o, (b)->u32)
#define EMU_FETCH_B32(o, b) (const uint32_t *)emu_fetch_bits(wave, inst, o, (b)->u32)
#define EMU_FETCH_U16(o, b) (const uint32_t *)emu_fetch_u16(wave, inst, o, (b)->u32)
#define EMU_FETCH_I16(o, b) (const int32_t *)emu_fetch_i16(wave, inst, o, (b)->u32)
#define EMU_FETCH_F16(o, b) (const float *)emu_fetch_f16(wave, inst, o, (b)->u32)
#define EMU_FETCH_N16(o, b) (const float *)emu_fetch_f16(wave, inst, o, (b)->u32)
#define EMU_FETCH_H16(o, b) (const uint32_t *)emu_fetch_u16(wave, inst, o, (b)->u32)
#define EMU_FETCH_U64(o, b) (const uint64_t *)emu_fetch_64(wave, inst, o, (b)->u64)
#define EMU_FETCH_I64(o, b) (const int64_t *)emu_fetch_64(wave, inst, o, (b)->u64)
#define EMU_FETCH_F64(o, b) (const double *)emu_fetch_64(wave, inst, o, (b)->u64)
#define EMU_FETCH_B64(o, b) (const uint64_t *)emu_fetch_64(wave, inst, o, (b)->u64)

// Input denormals, only asked for where MODE is not plain. F16 sources have been flushed while they were converted.
static inline const uint64_t *emu_flush_buffer64(const struct emu_wave *wave, uint64_t *words)
{
    emu_flush64(wave, words);
    return words;
}

#define emu_flush16 EMU_LEVELED(emu_flush16)
const uint32_t *emu_flush16(const struct emu_wave *wave, uint32_t *words);

#define EMU_FLUSH_U32(p, b) p
#define EMU_FLUSH_I32(p, b) p
#define EMU_FLUSH_F32(p, b) (const float *)emu_flush32(wave, (const uint32_t *)p, (b)->u32)
#define EMU_FLUSH_B32(p, b) emu_flush32(wave, p, (b)->u32)
#define EMU_FLUSH_U16(p, b) p
#define EMU_FLUSH_I16(p, b) p
#define EMU_FLUSH_F16(p, b) p
#define EMU_FLUSH_N16(p, b) p
#define EMU_FLUSH_H16(p, b) emu_flush16(wave, (b)->u32)
#define EMU_FLUSH_U64(p, b) p
#define EMU_FLUSH_I64(p, b) p
#define EMU_FLUSH_F64(p, b) (const double *)emu_flush_buffer64(wave, (b)->u64)
#define EMU_FLUSH_B64(p, b) emu_flush_buffer64(wave, (b)->u64)

// Whether MODE asks nothing special of a type.
#define EMU_PLAIN_U32 true
#define EMU_PLAIN_I32 true
#define EMU_PLAIN_F32 emu_mode_is_plain32(wave)
#define EMU_PLAIN_B32 emu_mode_is_plain32(wave)
#define EMU_PLAIN_U16 true
#define EMU_PLAIN_I16 true
#define EMU_PLAIN_F16 emu_mode_is_plain64(wave)
#define EMU_PLAIN_N16 emu_mode_is_plain64(wave)
#define EMU_PLAIN_H16 emu_mode_is_plain64(wave)
#define EMU_PLAIN_U64 true
#define EMU_PLAIN_I64 true
#define EMU_PLAIN_F64 emu_mode_is_plain64(wave)
#define EMU_PLAIN_B64 emu_mode_is_plain64(wave)

// Whether the result is free of clamp and omod; integers leave clamp to their expressions.
#define EMU_UNMODIFIED_U32 true
#define EMU_UNMODIFIED_I32 true
#define EMU_UNMODIFIED_F32 !(inst->clamp | inst->omod)
#define EMU_UNMODIFIED_B32 !(inst->clamp | inst->omod)
#define EMU_UNMODIFIED_U16 true
#define EMU_UNMODIFIED_I16 true
#define EMU_UNMODIFIED_F16 !(inst->clamp | inst->omod)
#define EMU_UNMODIFIED_N16 !(inst->clamp | inst->omod)
#define EMU_UNMODIFIED_H16 !(inst->clamp | inst->omod)
#define EMU_UNMODIFIED_U64 true
#define EMU_UNMODIFIED_I64 true
#define EMU_UNMODIFIED_F64 !(inst->clamp | inst->omod)
#define EMU_UNMODIFIED_B64 !(inst->clamp | inst->omod)

// Rounding direction while the expression runs.
#define EMU_ROUND_U32 0
#define EMU_ROUND_I32 0
#define EMU_ROUND_F32 emu_round32(wave)
#define EMU_ROUND_B32 0
#define EMU_ROUND_U16 0
#define EMU_ROUND_I16 0
#define EMU_ROUND_F16 emu_round64(wave)
#define EMU_ROUND_N16 0
#define EMU_ROUND_H16 0
#define EMU_ROUND_U64 0
#define EMU_ROUND_I64 0
#define EMU_ROUND_F64 emu_round64(wave)
#define EMU_ROUND_B64 0

// Where the loop writes: the register itself when all lanes do and nothing is left to finish.
#define EMU_DIRECT                                                                                                     \
    plain &&EMU_LIKELY(emu_exec_mask(wave) == ~0u && !inst->dpp) ? emu_vgpr(wave, inst -> dst.reg) : buffer_d.u32
#define EMU_BEGIN_U32 (uint32_t *)(EMU_DIRECT)
#define EMU_BEGIN_I32 (int32_t *)(EMU_DIRECT)
#define EMU_BEGIN_F32 (float *)(EMU_DIRECT)
#define EMU_BEGIN_B32 (uint32_t *)(EMU_DIRECT)
#define EMU_BEGIN_U16 (uint32_t *)buffer_d.u32
#define EMU_BEGIN_I16 (int32_t *)buffer_d.u32
#define EMU_BEGIN_F16 (float *)buffer_d.u32
#define EMU_BEGIN_N16 (float *)buffer_d.u32
#define EMU_BEGIN_H16 (uint32_t *)buffer_d.u32
#define EMU_BEGIN_U64 (uint64_t *)buffer_d.u64
#define EMU_BEGIN_I64 (int64_t *)buffer_d.u64
#define EMU_BEGIN_F64 (double *)buffer_d.u64
#define EMU_BEGIN_B64 (uint64_t *)buffer_d.u64

#define EMU_END32(finish)                                                                                              \
    if (EMU_UNLIKELY((uint32_t *)d == buffer_d.u32))                                                                   \
    emu_end32(wave, inst, buffer_d.u32, finish, plain, saved)
#define EMU_END_U32 EMU_END32(EMU_FINISH_NONE)
#define EMU_END_I32 EMU_END32(EMU_FINISH_NONE)
#define EMU_END_F32 EMU_END32(EMU_FINISH_FLOAT)
#define EMU_END_B32 EMU_END32(EMU_FINISH_FLOAT)
#define EMU_END_U16 EMU_END16(EMU_FINISH_NONE)
#define EMU_END_I16 EMU_END16(EMU_FINISH_NONE)
#define EMU_END16(finish)                                                                                              \
    if (EMU_LIKELY(plain))                                                                                             \
        emu_write16(wave, &inst->dst, (const uint32_t *)d, emu_lanes(wave, inst));                                     \
    else                                                                                                               \
        emu_end16(wave, inst, (uint32_t *)d, finish, plain, saved)
#define EMU_END_F16                                                                                                    \
    if (EMU_LIKELY(plain))                                                                                             \
        emu_write_f16(wave, inst, (const float *)d);                                                                   \
    else                                                                                                               \
        emu_end16(wave, inst, (uint32_t *)d, EMU_FINISH_ROUND, plain, saved)
#define EMU_END_N16 EMU_END_F16
#define EMU_END_H16 EMU_END16(EMU_FINISH_FLOAT)
#define EMU_END_U64 emu_end64(wave, inst, (uint64_t *)d, EMU_FINISH_NONE, plain, saved)
#define EMU_END_I64 emu_end64(wave, inst, (uint64_t *)d, EMU_FINISH_NONE, plain, saved)
#define EMU_END_F64 emu_end64(wave, inst, (uint64_t *)d, EMU_FINISH_FLOAT, plain, saved)
#define EMU_END_B64 emu_end64(wave, inst, (uint64_t *)d, EMU_FINISH_FLOAT, plain, saved)

#define EMU_VALU_HEAD(name) void EMU_BODY(name)(struct emu_wave * wave, const struct emu_inst *inst)
#define EMU_VALU_OPERAND(letter, S, operand)                                                                           \
    union emu_buffer buffer_##letter;                                                                                  \
    const EMU_CTYPE_##S *p##letter = EMU_FETCH_##S(operand, &buffer_##letter)
#define EMU_VALU_BEGIN(D, S)                                                                                           \
    union emu_buffer buffer_d;                                                                                         \
    const bool plain = EMU_PLAIN_##D && EMU_PLAIN_##S && EMU_UNMODIFIED_##D;                                           \
    const bool clamp __attribute__((unused)) = inst->clamp;                                                            \
    const uint32_t mode __attribute__((unused)) = wave->mode;                                                          \
    unsigned saved = 0;                                                                                                \
    EMU_CTYPE_##D *d = EMU_BEGIN_##D

#define EMU_VALU1(name, D, S0, expression)                                                                             \
    EMU_VALU_HEAD(name)                                                                                                \
    {                                                                                                                  \
        EMU_VALU_OPERAND(a, S0, &inst->src[0]);                                                                        \
        EMU_VALU_BEGIN(D, S0);                                                                                         \
        if (EMU_UNLIKELY(!plain)) {                                                                                    \
            pa = EMU_FLUSH_##S0(pa, &buffer_a);                                                                        \
            saved = emu_round_enter(EMU_ROUND_##D);                                                                    \
        }                                                                                                              \
        EMU_EACH_LANE(lane)                                                                                            \
        {                                                                                                              \
            EMU_CTYPE_##S0 a = pa[lane];                                                                               \
            d[lane] = expression;                                                                                      \
        }                                                                                                              \
        EMU_END_##D;                                                                                                   \
    }

#define EMU_VALU2(name, D, S0, S1, expression)                                                                         \
    EMU_VALU_HEAD(name)                                                                                                \
    {                                                                                                                  \
        EMU_VALU_OPERAND(a, S0, &inst->src[0]);                                                                        \
        EMU_VALU_OPERAND(b, S1, &inst->src[1]);                                                                        \
        EMU_VALU_BEGIN(D, S0);                                                                                         \
        if (EMU_UNLIKELY(!plain)) {                                                                                    \
            pa = EMU_FLUSH_##S0(pa, &buffer_a);                                                                        \
            pb = EMU_FLUSH_##S1(pb, &buffer_b);                                                                        \
            saved = emu_round_enter(EMU_ROUND_##D);                                                                    \
        }                                                                                                              \
        EMU_EACH_LANE(lane)                                                                                            \
        {                                                                                                              \
            EMU_CTYPE_##S0 a = pa[lane];                                                                               \
            EMU_CTYPE_##S1 b = pb[lane];                                                                               \
            d[lane] = expression;                                                                                      \
        }                                                                                                              \
        EMU_END_##D;                                                                                                   \
    }

// The third source is `operand`: &inst->src[2], or &inst->dst for operations that accumulate.
#define EMU_VALU3_FROM(name, D, S0, S1, S2, operand, expression)                                                       \
    EMU_VALU_HEAD(name)                                                                                                \
    {                                                                                                                  \
        EMU_VALU_OPERAND(a, S0, &inst->src[0]);                                                                        \
        EMU_VALU_OPERAND(b, S1, &inst->src[1]);                                                                        \
        EMU_VALU_OPERAND(c, S2, operand);                                                                              \
        EMU_VALU_BEGIN(D, S0);                                                                                         \
        if (EMU_UNLIKELY(!plain)) {                                                                                    \
            pa = EMU_FLUSH_##S0(pa, &buffer_a);                                                                        \
            pb = EMU_FLUSH_##S1(pb, &buffer_b);                                                                        \
            pc = EMU_FLUSH_##S2(pc, &buffer_c);                                                                        \
            saved = emu_round_enter(EMU_ROUND_##D);                                                                    \
        }                                                                                                              \
        EMU_EACH_LANE(lane)                                                                                            \
        {                                                                                                              \
            EMU_CTYPE_##S0 a = pa[lane];                                                                               \
            EMU_CTYPE_##S1 b = pb[lane];                                                                               \
            EMU_CTYPE_##S2 c = pc[lane];                                                                               \
            d[lane] = expression;                                                                                      \
        }                                                                                                              \
        EMU_END_##D;                                                                                                   \
    }

#define EMU_VALU3(name, D, S0, S1, S2, expression)       EMU_VALU3_FROM(name, D, S0, S1, S2, &inst->src[2], expression)
#define EMU_VALU_ACCUMULATE(name, D, S0, S1, expression) EMU_VALU3_FROM(name, D, S0, S1, D, &inst->dst, expression)

#endif
