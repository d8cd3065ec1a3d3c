// Packed f16 arithmetic and the mixed-precision FMAs. Each half is one operation rounded once in MODE's direction: sums
// and products of halves are rounded right by way of f32, fma by way of rounding to odd (float16.h). v_fma_mix works in
// f32; its f16 forms round the f32 result again, as the ISA's pseudocode writes it.
#include "packed.h"

#include "float_bits.h"

// Input denormals under MODE, for halves held as f32: below 2^-14.
static void flush_inputs(const struct emu_wave *wave, float *values)
{
    if (!emu_flushes_input(wave, EMU_MODE_DENORM64_SHIFT))
        return;
    uint32_t *bits = (uint32_t *)values;
    for (unsigned i = 0; i < PACKED_HALVES; i++)
        bits[i] = (bits[i] & 0x7fffffffu) < 0x38800000u ? bits[i] & 0x80000000u : bits[i];
}

// Results under clamp or an unusual MODE, a half at a time; `saved` restores the host's rounding.
static void finish(const struct emu_wave *wave, const struct emu_inst *inst, const float *values, unsigned saved,
                   uint32_t *words)
{
    uint32_t halves[2][EMU_LANES] EMU_ALIGNED;
    packed_pin(halves);
    for (unsigned half = 0; half < 2; half++) {
        float lanes[EMU_LANES] EMU_ALIGNED;
        EMU_EACH_LANE(lane)
        lanes[lane] = values[2 * lane + half];
        emu_f32_to_f16_lanes(lanes, halves[half]);
        if (wave->mode & EMU_MODE_FP16_OVFL)
            emu_f16_limit_overflow(lanes, halves[half]);
    }
    emu_round_leave(saved);
    emu_finish_f16(wave, inst, halves[0]);
    emu_finish_f16(wave, inst, halves[1]);
    EMU_EACH_LANE(lane)
    words[lane] = (halves[0][lane] & 0xffffu) | halves[1][lane] << 16;
}

#define NEAREST (emu_round64(wave) == 0)
#define PACKED_F16(head, count, expression)                                                                            \
    head(struct emu_wave *wave, const struct emu_inst *inst)                                                           \
    {                                                                                                                  \
        uint32_t buffer[EMU_LANES] EMU_ALIGNED, result[EMU_LANES] EMU_ALIGNED;                                         \
        float source[count][PACKED_HALVES] EMU_ALIGNED;                                                                \
        const bool plain = emu_mode_is_plain64(wave) && !(wave->mode & EMU_MODE_FP16_OVFL) && !inst->clamp;            \
        const bool nearest __attribute__((unused)) = NEAREST;                                                          \
        unsigned saved = 0;                                                                                            \
        for (unsigned n = 0; n < count; n++)                                                                           \
            packed_widen(packed_source(wave, inst, n, true, buffer), source[n]);                                       \
        if (EMU_UNLIKELY(!plain)) {                                                                                    \
            for (unsigned n = 0; n < count; n++)                                                                       \
                flush_inputs(wave, source[n]);                                                                         \
            saved = emu_round_enter(emu_round64(wave));                                                                \
            packed_pin(source);                                                                                        \
        }                                                                                                              \
        PACKED_EACH_HALF(i)                                                                                            \
        {                                                                                                              \
            const float a = source[0][i], b = source[1][i];                                                            \
            source[0][i] = expression;                                                                                 \
        }                                                                                                              \
        uint32_t *words = packed_begin(wave, inst, result);                                                            \
        if (EMU_LIKELY(plain))                                                                                         \
            packed_narrow(source[0], words);                                                                           \
        else                                                                                                           \
            finish(wave, inst, source[0], saved, words);                                                               \
        packed_end(wave, inst, words, result);                                                                         \
    }

PACKED_F16(static void packed_add, 2, a + b)
PACKED_F16(static void packed_multiply, 2, a *b)
PACKED_F16(static void packed_fma, 3, emu_f16_fma(a, b, source[2][i], nearest))
#if defined(__AVX512F__)
// The common case of v_pk_fma_f16 in vectors. Truncation with the last bit set when the sum is inexact is rounding to
// odd, and the sum is inexact exactly when rounding down and rounding up differ.
static inline void fma_nearest(const uint32_t *a, const uint32_t *b, const uint32_t *c, uint32_t *out)
{
    enum { DOWN = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC, UP = _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC };
    const __m512i one = _mm512_set1_epi32(1);
#pragma GCC unroll 4
    for (unsigned i = 0; i < EMU_LANES; i += 8) {
        __m512 x = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(a + i)));
        __m512 y = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(b + i)));
        __m512 z = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(c + i)));
        __mmask16 inexact =
            _mm512_cmp_ps_mask(_mm512_fmadd_round_ps(x, y, z, DOWN), _mm512_fmadd_round_ps(x, y, z, UP), _CMP_NEQ_OQ);
        __m512i sum = _mm512_castps_si512(_mm512_fmadd_round_ps(x, y, z, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC));
        __m512 odd = _mm512_castsi512_ps(_mm512_mask_or_epi32(sum, inexact, sum, one));
        _mm256_storeu_si256((__m256i *)(out + i), _mm512_cvtps_ph(odd, _MM_FROUND_TO_NEAREST_INT));
    }
}
#endif

#if defined(__F16C__)
// Sums and products under a plain MODE without a detour through memory; `out` may be a source.
static inline __attribute__((always_inline)) void combine_nearest(const uint32_t *a, const uint32_t *b, bool multiply,
                                                                  uint32_t *out)
{
#if defined(__AVX512F__)
#pragma GCC unroll 4
    for (unsigned i = 0; i < EMU_LANES; i += 8) {
        __m512 x = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(a + i)));
        __m512 y = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(b + i)));
        x = multiply ? _mm512_mul_ps(x, y) : _mm512_add_ps(x, y);
        _mm256_storeu_si256((__m256i *)(out + i), _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT));
    }
#else
#pragma GCC unroll 8
    for (unsigned i = 0; i < EMU_LANES; i += 4) {
        __m256 x = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(a + i)));
        __m256 y = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(b + i)));
        x = multiply ? _mm256_mul_ps(x, y) : _mm256_add_ps(x, y);
        _mm_storeu_si128((__m128i *)(out + i), _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT));
    }
#endif
}

static bool is_nearest(const struct emu_wave *wave, const struct emu_inst *inst)
{
    return EMU_LIKELY(emu_mode_is_plain64(wave) && !inst->clamp); // plain includes: no FP16_OVFL
}
#endif

static inline
    __attribute__((always_inline)) bool combine(struct emu_wave *wave, const struct emu_inst *inst, bool multiply)
{
#if defined(__F16C__)
    if (is_nearest(wave, inst)) {
        uint32_t buffer[2][EMU_LANES] EMU_ALIGNED, result[EMU_LANES] EMU_ALIGNED;
        uint32_t *words = packed_begin(wave, inst, result);
        combine_nearest(packed_source(wave, inst, 0, true, buffer[0]), packed_source(wave, inst, 1, true, buffer[1]),
                        multiply, words);
        packed_end(wave, inst, words, result);
        return true;
    }
#endif
    (void)wave, (void)inst, (void)multiply;
    return false;
}

void EMU_BODY(v_pk_add_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    if (!combine(wave, inst, false))
        packed_add(wave, inst);
}

void EMU_BODY(v_pk_mul_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    if (!combine(wave, inst, true))
        packed_multiply(wave, inst);
}

void EMU_BODY(v_pk_fma_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
#if defined(__AVX512F__)
    if (is_nearest(wave, inst)) {
        uint32_t buffer[3][EMU_LANES] EMU_ALIGNED, result[EMU_LANES] EMU_ALIGNED;
        uint32_t *words = packed_begin(wave, inst, result);
        fma_nearest(packed_source(wave, inst, 0, true, buffer[0]), packed_source(wave, inst, 1, true, buffer[1]),
                    packed_source(wave, inst, 2, true, buffer[2]), words);
        packed_end(wave, inst, words, result);
        return;
    }
#endif
    packed_fma(wave, inst);
}

// Minimum and maximum move bits: no rounding, but input denormals and clamp.
static void flush_halves(const struct emu_wave *wave, uint32_t *word)
{
    if (!emu_flushes_input(wave, EMU_MODE_DENORM64_SHIFT))
        return;
    EMU_EACH_LANE(lane)
    word[lane] = (word[lane] & 0x7c000000u) == 0 ? word[lane] & 0x80000000u : word[lane];
}

static inline __attribute__((always_inline)) void select_f16(struct emu_wave *wave, const struct emu_inst *inst,
                                                             bool maximum)
{
    uint32_t buffer[2][EMU_LANES] EMU_ALIGNED, halves[2][EMU_LANES] EMU_ALIGNED;
    const uint32_t *a = packed_source(wave, inst, 0, true, buffer[0]);
    const uint32_t *b = packed_source(wave, inst, 1, true, buffer[1]);
    const bool ieee = wave->mode & EMU_MODE_IEEE, plain = emu_mode_is_plain64(wave) && !inst->clamp;
    for (unsigned half = 0; half < 2; half++) {
        uint32_t x[EMU_LANES] EMU_ALIGNED, y[EMU_LANES] EMU_ALIGNED;
        uint32_t *out = halves[half];
        unsigned shift = half ? 0 : 16; // a half at the top of a word is ordered like an f32
        EMU_EACH_LANE(lane)
        {
            x[lane] = a[lane] << shift & 0xffff0000u;
            y[lane] = b[lane] << shift & 0xffff0000u;
        }
        if (EMU_UNLIKELY(!plain)) {
            flush_halves(wave, x);
            flush_halves(wave, y);
        }
        EMU_EACH_LANE(lane)
        out[lane] = (maximum ? emu_max_bits(x[lane], y[lane], EMU_H32_INFINITY, EMU_H32_QUIET, ieee)
                             : emu_min_bits(x[lane], y[lane], EMU_H32_INFINITY, EMU_H32_QUIET, ieee)) >>
                    16;
        if (EMU_UNLIKELY(!plain))
            emu_finish_f16(wave, inst, out);
    }
    EMU_EACH_LANE(lane)
    halves[0][lane] |= halves[1][lane] << 16;
    emu_write32(wave, &inst->dst, halves[0], emu_lanes(wave, inst));
}

void EMU_BODY(v_pk_min_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    select_f16(wave, inst, false);
}

void EMU_BODY(v_pk_max_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    select_f16(wave, inst, true);
}

// A half of v_fma_mix source n. Float constants come as f32 and become halves here.
static void mix_half(const struct emu_wave *wave, const struct emu_inst *inst, unsigned n, float *out)
{
    enum { FIRST_FLOAT = 240, LAST_FLOAT = 248 };
    const struct emu_operand *operand = &inst->src[n];
    uint32_t buffer[EMU_LANES] EMU_ALIGNED;
    const uint32_t *words = emu_words(wave, inst, n, buffer);
    if (operand->kind == EMU_K_CONST && operand->code >= FIRST_FLOAT && operand->code <= LAST_FLOAT)
        emu_fill(buffer, emu_f16_round((uint32_t)operand->value, 0));
    emu_f16_to_f32_lanes(words, inst->op_sel >> n & 1 ? 16 : 0, out);
    uint32_t *bits = (uint32_t *)out;
    if (EMU_UNLIKELY(emu_flushes_input(wave, EMU_MODE_DENORM64_SHIFT))) {
        EMU_EACH_LANE(lane)
        bits[lane] = (bits[lane] & 0x7fffffffu) < 0x38800000u ? bits[lane] & 0x80000000u : bits[lane];
    }
    uint32_t keep = inst->neg_hi >> n & 1 ? 0x7fffffffu : ~0u, flip = inst->neg_lo >> n & 1 ? 0x80000000u : 0;
    if (keep == ~0u && !flip)
        return;
    EMU_EACH_LANE(lane)
    bits[lane] = (bits[lane] & keep) ^ flip;
}

static void mix_whole(const struct emu_wave *wave, const struct emu_inst *inst, unsigned n, float *out)
{
    uint32_t buffer[EMU_LANES] EMU_ALIGNED;
    const uint32_t *words = emu_flush32(wave, emu_words(wave, inst, n, buffer), buffer);
    uint32_t *bits = (uint32_t *)out;
    uint32_t keep = inst->neg_hi >> n & 1 ? 0x7fffffffu : ~0u, flip = inst->neg_lo >> n & 1 ? 0x80000000u : 0;
    EMU_EACH_LANE(lane)
    bits[lane] = (words[lane] & keep) ^ flip;
}

// The f32 result of the mixed FMA: op_sel_hi says which sources are halves, neg_hi takes absolute values.
static void mix(const struct emu_wave *wave, const struct emu_inst *inst, float *out)
{
    float source[3][EMU_LANES] EMU_ALIGNED;
    for (unsigned n = 0; n < 3; n++) {
        if (inst->op_sel_hi >> n & 1)
            mix_half(wave, inst, n, source[n]);
        else
            mix_whole(wave, inst, n, source[n]);
    }
    const bool nearest = emu_round32(wave) == 0;
    unsigned saved = nearest ? 0 : emu_round_enter(emu_round32(wave));
    packed_pin(source);
    packed_pin(out);
    EMU_EACH_LANE(lane)
    out[lane] = emu_fma_f32(source[0][lane], source[1][lane], source[2][lane], nearest);
    if (!nearest)
        emu_round_leave(saved);
}

void EMU_BODY(v_fma_mix_f32)(struct emu_wave *wave, const struct emu_inst *inst)
{
    float result[EMU_LANES] EMU_ALIGNED;
    mix(wave, inst, result);
    if (EMU_UNLIKELY(!emu_mode_is_plain32(wave) || inst->clamp))
        emu_finish_f32(wave, inst, (uint32_t *)result);
    emu_write32(wave, &inst->dst, (uint32_t *)result, emu_lanes(wave, inst));
}

// Low and high form differ in the half that dst names.
static void mix_f16(struct emu_wave *wave, const struct emu_inst *inst)
{
    float result[EMU_LANES] EMU_ALIGNED;
    mix(wave, inst, result);
    unsigned saved = emu_round64(wave) ? emu_round_enter(emu_round64(wave)) : _mm_getcsr();
    emu_result_f16(wave, inst, result);
    emu_round_leave(saved);
}

void EMU_BODY(v_fma_mixlo_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    mix_f16(wave, inst);
}

void EMU_BODY(v_fma_mixhi_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    mix_f16(wave, inst);
}
