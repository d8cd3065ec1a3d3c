// Fetching sources and writing results, 32 lanes at a time. Included by the vector bodies, which are compiled once a
// SIMD level (EMU_LEVEL = generic, avx2, avx512); loops have the constant trip count 32 so that compilers vectorise
// them. Sources come back as a pointer to 32 words: the register itself when it can be used as it stands, else
// `buffer`. A destination may be the same register as a source, and registers never overlap in part, so lane loops
// carry no dependence from one lane to another.
#ifndef EMU_EXEC_LANES_H
#define EMU_EXEC_LANES_H

#include <assert.h>
#include <immintrin.h>
#include <string.h>

#include "body.h"

#define EMU_LIKELY(x)   __builtin_expect(!!(x), 1)
#define EMU_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define EMU_ALIGNED     __attribute__((aligned(64)))

// The head of a lane loop: each lane is independent of the others.
#ifdef __clang__
#pragma clang diagnostic ignored "-Wpass-failed" // loops over library calls stay scalar
#define EMU_EACH_LANE(lane)                                                                                            \
    _Pragma("clang loop vectorize(assume_safety)") for (unsigned lane = 0; lane < EMU_LANES; lane++)
#elif defined __SANITIZE_ADDRESS__ // GCC cannot place the annotation on instrumented loops, and says so
#define EMU_EACH_LANE(lane) for (unsigned lane = 0; lane < EMU_LANES; lane++)
#else
#define EMU_EACH_LANE(lane) _Pragma("GCC ivdep") for (unsigned lane = 0; lane < EMU_LANES; lane++)
#endif

static inline float emu_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t emu_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double emu_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t emu_bits64(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline void emu_fill(uint32_t *out, uint32_t value)
{
    EMU_EACH_LANE(lane)
    out[lane] = value;
}

// ---- Scalars and masks -----------------------------------------------------------------------------------------

// The 32 or 64 bits of a scalar or constant source.
static inline uint64_t emu_scalar_source(const struct emu_wave *wave, const struct emu_operand *operand)
{
    switch (operand->kind) {
    case EMU_K_CONST: return operand->value;
    case EMU_K_SGPR:
        return operand->dwords < 2 ? wave->s[operand->reg]
                                   : wave->s[operand->reg] | (uint64_t)wave->s[operand->reg + 1] << 32;
    case EMU_K_SCC: return wave->scc;
    case EMU_K_VCCZ: return wave->s[EMU_SGPR_VCC] == 0 && (!wave->wave64 || wave->s[EMU_SGPR_VCC + 1] == 0);
    case EMU_K_EXECZ: return wave->s[EMU_SGPR_EXEC] == 0 && (!wave->wave64 || wave->s[EMU_SGPR_EXEC + 1] == 0);
    case EMU_K_SHARED_BASE: return wave->group->shared_base;
    case EMU_K_SHARED_LIMIT: return wave->group->shared_base + 0xffffffffu;
    case EMU_K_PRIVATE_BASE: return wave->group->private_base;
    case EMU_K_PRIVATE_LIMIT: return wave->group->private_base + 0xffffffffu;
    default: return 0;
    }
}

// The mask bits (VCC or SGPR) of the half being executed. An operand that the format leaves out is VCC.
static inline uint32_t emu_mask_source(const struct emu_wave *wave, const struct emu_operand *operand)
{
    if (operand->kind == EMU_K_SGPR)
        return wave->s[operand->reg + wave->half];
    if (operand->kind == EMU_K_NONE)
        return wave->s[EMU_SGPR_VCC + wave->half];
    return (uint32_t)(emu_scalar_source(wave, operand) >> (32 * wave->half));
}

// Writes the mask result of the half being executed.
static inline void emu_mask_result(struct emu_wave *wave, const struct emu_operand *operand, uint32_t bits)
{
    if (operand->kind == EMU_K_SGPR)
        wave->s[operand->reg + wave->half] = bits;
}

// One bit a lane from 32 words that are 0 or have their top bit set.
static inline uint32_t emu_mask_collect(const uint32_t *words)
{
#if defined __AVX512DQ__
    return (uint32_t)_mm512_movepi32_mask(_mm512_loadu_si512(words)) |
           (uint32_t)_mm512_movepi32_mask(_mm512_loadu_si512(words + 16)) << 16;
#elif defined __AVX__
    uint32_t bits = 0;
    for (unsigned i = 0; i < 4; i++)
        bits |= (uint32_t)_mm256_movemask_ps(_mm256_loadu_ps((const float *)words + 8 * i)) << (8 * i);
    return bits;
#else
    uint32_t bits = 0;
    for (unsigned i = 0; i < 8; i++)
        bits |= (uint32_t)_mm_movemask_ps(_mm_loadu_ps((const float *)words + 4 * i)) << (4 * i);
    return bits;
#endif
}

// 32 words, all ones where the lane's bit is set, else 0.
static inline void emu_mask_spread(uint32_t *out, uint32_t bits)
{
    EMU_EACH_LANE(lane)
    out[lane] = 0u - (bits >> lane & 1);
}

// ---- DPP (dpp.c) -----------------------------------------------------------------------------------------------

#define emu_dpp_apply EMU_LEVELED(emu_dpp_apply)
#define emu_dpp_lanes EMU_LEVELED(emu_dpp_lanes)
// DPP source permutation. Returns the lanes that the instruction may write (EXEC, row/bank mask, bound control).
uint32_t emu_dpp_apply(const struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *source, uint32_t *out);
// Only the lanes that the instruction may write.
uint32_t emu_dpp_lanes(const struct emu_wave *wave, const struct emu_inst *inst);

// The lanes whose results are written.
static inline uint32_t emu_lanes(const struct emu_wave *wave, const struct emu_inst *inst)
{
    return EMU_UNLIKELY(inst->dpp) ? emu_dpp_lanes(wave, inst) : emu_exec_mask(wave);
}

// ---- Sources ---------------------------------------------------------------------------------------------------

#define emu_words_slow    EMU_LEVELED(emu_words_slow)
#define emu_source32_slow EMU_LEVELED(emu_source32_slow)
#define emu_source16      EMU_LEVELED(emu_source16)
#define emu_source64      EMU_LEVELED(emu_source64)
const uint32_t *emu_words_slow(const struct emu_wave *wave, const struct emu_inst *inst,
                               const struct emu_operand *operand, uint32_t *buffer);
const uint32_t *emu_source32_slow(const struct emu_wave *wave, const struct emu_inst *inst,
                                  const struct emu_operand *operand, uint32_t *buffer);

// Whether the operand is a VGPR without source modifiers and, for 16 bits, in the low half: one load and compare.
static inline bool emu_operand_is_plain_vgpr(const struct emu_operand *operand)
{
    static_assert(offsetof(struct emu_operand, kind) == 0 && offsetof(struct emu_operand, hi) == 3 &&
                      offsetof(struct emu_operand, neg) == 4 && offsetof(struct emu_operand, abs) == 5,
                  "the mask below follows the layout");
    uint64_t head;
    memcpy(&head, operand, sizeof head);
    return (head & 0x0000ffffff0000ffu) == EMU_K_VGPR;
}

// DPP permutes src0 only.
static inline bool emu_source_is_permuted(const struct emu_inst *inst, const struct emu_operand *operand)
{
    return inst->dpp && operand == &inst->src[0];
}

// The 32 words of source `n` as they stand: no half select, neg or abs; scalars and constants broadcast.
static inline const uint32_t *emu_words(const struct emu_wave *wave, const struct emu_inst *inst, unsigned n,
                                        uint32_t *buffer)
{
    const struct emu_operand *operand = &inst->src[n];
    if (EMU_LIKELY(operand->kind == EMU_K_VGPR && (n != 0 || !inst->dpp)))
        return emu_vgpr(wave, operand->reg);
    return emu_words_slow(wave, inst, operand, buffer);
}

// The 32 words of a 32-bit source, with neg and abs (on bit 31), DPP and broadcast.
static inline const uint32_t *emu_source32(const struct emu_wave *wave, const struct emu_inst *inst, unsigned n,
                                           uint32_t *buffer)
{
    const struct emu_operand *operand = &inst->src[n];
    if (EMU_LIKELY(emu_operand_is_plain_vgpr(operand) && (n != 0 || !inst->dpp)))
        return emu_vgpr(wave, operand->reg);
    return emu_source32_slow(wave, inst, operand, buffer);
}

// A 16-bit source zero-extended to 32 words in `buffer`: half select, neg and abs (on bit 15), DPP, broadcast.
void emu_source16(const struct emu_wave *wave, const struct emu_inst *inst, const struct emu_operand *operand,
                  uint32_t *buffer);

// A 64-bit source as 32 double words in `buffer`: register pair or broadcast, neg and abs (on bit 63).
void emu_source64(const struct emu_wave *wave, const struct emu_inst *inst, const struct emu_operand *operand,
                  uint64_t *buffer);

// ---- Results ---------------------------------------------------------------------------------------------------

// Writes the words of `lanes` to a register.
static inline void emu_blend32(uint32_t *out, const uint32_t *words, uint32_t lanes)
{
#if defined __AVX512F__
    _mm512_mask_storeu_epi32(out, (__mmask16)lanes, _mm512_loadu_si512(words));
    _mm512_mask_storeu_epi32(out + 16, (__mmask16)(lanes >> 16), _mm512_loadu_si512(words + 16));
#else
    EMU_EACH_LANE(lane)
    {
        uint32_t keep = (lanes >> lane & 1) - 1;
        out[lane] = (out[lane] & keep) | (words[lane] & ~keep);
    }
#endif
}

static inline void emu_write32(struct emu_wave *wave, const struct emu_operand *dst, const uint32_t *words,
                               uint32_t lanes)
{
    uint32_t *out = emu_vgpr(wave, dst->reg);
    if (EMU_LIKELY(lanes == ~0u))
        memcpy(out, words, EMU_LANES * sizeof *out);
    else
        emu_blend32(out, words, lanes);
}

// Writes the low 16 bits of each word to the destination's half; the other half keeps its value.
static inline void emu_write16(struct emu_wave *wave, const struct emu_operand *dst, const uint32_t *words,
                               uint32_t lanes)
{
    uint32_t *out = emu_vgpr(wave, dst->reg);
    const unsigned shift = dst->hi ? 16 : 0;
    const uint32_t keep = dst->hi ? 0xffffu : 0xffff0000u;
    if (EMU_LIKELY(lanes == ~0u)) {
        EMU_EACH_LANE(lane)
        out[lane] = (out[lane] & keep) | (words[lane] & 0xffffu) << shift;
        return;
    }
    uint32_t merged[EMU_LANES] EMU_ALIGNED;
    EMU_EACH_LANE(lane)
    merged[lane] = (out[lane] & keep) | (words[lane] & 0xffffu) << shift;
    emu_blend32(out, merged, lanes);
}

#define emu_write64 EMU_LEVELED(emu_write64)
void emu_write64(struct emu_wave *wave, const struct emu_operand *dst, const uint64_t *words, uint32_t lanes);

// ---- MODE ------------------------------------------------------------------------------------------------------

// Rounding to nearest even with denormals kept: what hosts do by default, so nothing has to be set up.
static inline bool emu_mode_is_plain32(const struct emu_wave *wave)
{
    return (wave->mode & 0x33u) == 0x30u;
}

// f64 and f16, and no FP16_OVFL.
static inline bool emu_mode_is_plain64(const struct emu_wave *wave)
{
    return (wave->mode & (0xccu | EMU_MODE_FP16_OVFL)) == 0xc0u;
}

static inline unsigned emu_round32(const struct emu_wave *wave)
{
    return wave->mode >> EMU_MODE_ROUND32_SHIFT & 3;
}

static inline unsigned emu_round64(const struct emu_wave *wave)
{
    return wave->mode >> EMU_MODE_ROUND64_SHIFT & 3;
}

// Whether denormal inputs or outputs of f32 (shift EMU_MODE_DENORM32_SHIFT) or f16/f64 (..64..) become zero.
static inline bool emu_flushes_input(const struct emu_wave *wave, unsigned shift)
{
    return !(wave->mode >> shift & 1);
}

static inline bool emu_flushes_output(const struct emu_wave *wave, unsigned shift)
{
    return !(wave->mode >> shift & 2);
}

// Sets the host's rounding direction from MODE's encoding; returns what emu_round_leave restores. The arithmetic
// between the two has to go through memory that other functions can see, so that compilers keep its place.
static inline unsigned emu_round_enter(unsigned round)
{
    static const unsigned direction[4] = {0x0000, 0x4000, 0x2000, 0x6000}; // MXCSR.RC of nearest, +inf, -inf, zero
    unsigned saved = _mm_getcsr();
    _mm_setcsr((saved & ~0x6000u) | direction[round]);
    __asm__ volatile("" ::: "memory");
    return saved;
}

static inline void emu_round_leave(unsigned saved)
{
    __asm__ volatile("" ::: "memory");
    _mm_setcsr(saved);
}

// ---- Float modifiers (lanes.c) ---------------------------------------------------------------------------------

#define emu_flush32    EMU_LEVELED(emu_flush32)
#define emu_flush64    EMU_LEVELED(emu_flush64)
#define emu_finish_f32 EMU_LEVELED(emu_finish_f32)
#define emu_finish_f16 EMU_LEVELED(emu_finish_f16)
#define emu_finish_f64 EMU_LEVELED(emu_finish_f64)
// f32 words with denormals as MODE wants inputs: `words` itself, or flushed in `buffer`.
const uint32_t *emu_flush32(const struct emu_wave *wave, const uint32_t *words, uint32_t *buffer);
void emu_flush64(const struct emu_wave *wave, uint64_t *words);
// Applies the output denormal mode, omod and clamp in place. f16 words carry their bits in the low half.
void emu_finish_f32(const struct emu_wave *wave, const struct emu_inst *inst, uint32_t *words);
void emu_finish_f16(const struct emu_wave *wave, const struct emu_inst *inst, uint32_t *words);
void emu_finish_f64(const struct emu_wave *wave, const struct emu_inst *inst, uint64_t *words);

#endif
