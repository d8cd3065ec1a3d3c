// Sources of VOP3P operations on two 16-bit halves: after selection by op_sel and op_sel_hi and negation, 32 words hold
// 64 halves, low result first. (RDNA 3 ISA, VOP3P.) Inline constants have their value in the low half only.
#ifndef EMU_EXEC_PACKED_H
#define EMU_EXEC_PACKED_H

#include "float16.h"

enum { PACKED_HALVES = 2 * EMU_LANES };

// The head of a loop over halves: each is independent of the others (see EMU_EACH_LANE).
#ifdef __clang__
#define PACKED_EACH_HALF(i) _Pragma("clang loop vectorize(assume_safety)") for (unsigned i = 0; i < PACKED_HALVES; i++)
#else
#define PACKED_EACH_HALF(i) _Pragma("GCC ivdep") for (unsigned i = 0; i < PACKED_HALVES; i++)
#endif

// `sign`: neg_lo and neg_hi flip the sign bits; integers have no negation.
static inline const uint32_t *packed_source(const struct emu_wave *wave, const struct emu_inst *inst, unsigned n,
                                            bool sign, uint32_t *buffer)
{
    const struct emu_operand *operand = &inst->src[n];
    bool low_from_high = inst->op_sel >> n & 1, high_from_high = inst->op_sel_hi >> n & 1;
    unsigned low_shift = low_from_high ? 16 : 0, high_shift = high_from_high ? 16 : 0;
    uint32_t flip = !sign ? 0 : (inst->neg_lo >> n & 1 ? 0x8000u : 0) | (inst->neg_hi >> n & 1 ? 0x80000000u : 0);
    if (operand->kind == EMU_K_SGPR || operand->kind == EMU_K_CONST) {
        uint32_t word = operand->kind == EMU_K_SGPR ? wave->s[operand->reg] : (uint32_t)operand->value;
        emu_fill(buffer, ((word >> low_shift & 0xffffu) | word >> high_shift << 16) ^ flip);
        return buffer;
    }
    const uint32_t *words = emu_words(wave, inst, n, buffer);
    if (EMU_LIKELY(!low_from_high && high_from_high && !flip))
        return words;
    EMU_EACH_LANE(lane)
    buffer[lane] = ((words[lane] >> low_shift & 0xffffu) | words[lane] >> high_shift << 16) ^ flip;
    return buffer;
}

// 64 halves in 32 words to f32, and back in the host's current rounding direction.
static inline void packed_widen(const uint32_t *words, float *out)
{
#if defined(__AVX512F__)
    for (unsigned i = 0; i < PACKED_HALVES; i += 16)
        _mm512_storeu_ps(out + i, _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(words + i / 2))));
#elif defined(__F16C__)
    for (unsigned i = 0; i < PACKED_HALVES; i += 8)
        _mm256_storeu_ps(out + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(words + i / 2))));
#else
    for (unsigned i = 0; i < PACKED_HALVES; i++)
        out[i] = emu_f16_to_f32(words[i / 2] >> (i % 2 * 16) & 0xffffu);
#endif
}

static inline void packed_narrow(const float *in, uint32_t *words)
{
#if defined(__AVX512F__)
    for (unsigned i = 0; i < PACKED_HALVES; i += 16)
        _mm256_storeu_si256((__m256i *)(words + i / 2),
                            _mm512_cvtps_ph(_mm512_loadu_ps(in + i), _MM_FROUND_CUR_DIRECTION));
#elif defined(__F16C__)
    for (unsigned i = 0; i < PACKED_HALVES; i += 8)
        _mm_storeu_si128((__m128i *)(words + i / 2),
                         _mm256_cvtps_ph(_mm256_loadu_ps(in + i), _MM_FROUND_CUR_DIRECTION));
#else
    for (unsigned i = 0; i < EMU_LANES; i++)
        words[i] = emu_f32_to_f16(in[2 * i]) | emu_f32_to_f16(in[2 * i + 1]) << 16;
#endif
}

// Makes memory visible to emu_round_enter and emu_round_leave, so that arithmetic between them on local arrays keeps
// its place.
static inline void packed_pin(void *memory)
{
    __asm__ volatile("" : : "r"(memory) : "memory");
}

// Where a packed result goes: the register itself when all lanes write, else `buffer`, which packed_end merges.
static inline uint32_t *packed_begin(const struct emu_wave *wave, const struct emu_inst *inst, uint32_t *buffer)
{
    bool direct = emu_exec_mask(wave) == ~0u && !inst->dpp;
    return EMU_LIKELY(direct) ? emu_vgpr(wave, inst->dst.reg) : buffer;
}

static inline void packed_end(struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *words,
                              const uint32_t *buffer)
{
    if (words == buffer)
        emu_write32(wave, &inst->dst, words, emu_lanes(wave, inst));
}

#endif
