// Half and bfloat16 of 32 lanes to and from f32. With F16C or AVX-512 the host converts; without, the same result is
// worked out on integers. Rounding follows the host's current direction (see emu_round_enter).
#ifndef EMU_EXEC_FLOAT16_H
#define EMU_EXEC_FLOAT16_H

#include "lanes.h"

// One half's bits to f32; exact; a signalling NaN becomes quiet.
static inline float emu_f16_to_f32(uint32_t half)
{
    uint32_t sign = (half & 0x8000u) << 16;
    uint32_t magnitude = half & 0x7fffu;
    // Shifted into place, exponents lie 112 too low; one multiplication corrects normals and denormals alike.
    float scaled = emu_float(magnitude << 13) * 0x1p112f;
    uint32_t quiet = magnitude > 0x7c00u ? 0x00400000u : 0;
    uint32_t bits = magnitude >= 0x7c00u ? (0x7f800000u | magnitude << 13 | quiet) : emu_bits(scaled);
    return emu_float(sign | bits);
}

// f32 bits to half bits under MXCSR rounding control `rc` (0 nearest even, 1 down, 2 up, 3 to zero).
static inline uint32_t emu_f16_round(uint32_t bits, unsigned rc)
{
    uint32_t sign = bits >> 16 & 0x8000u;
    uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u)
        return sign | 0x7e00u | (magnitude >> 13 & 0x3ffu);
    if (magnitude == 0x7f800000u)
        return sign | 0x7c00u;

    uint32_t exponent = magnitude >> 23;
    uint32_t mantissa = magnitude - (112u << 23);
    uint32_t shift = 13;
    if (exponent < 113) { // a denormal half: its unit in the last place is 2^-24
        mantissa = (magnitude & 0x7fffffu) | (exponent ? 0x800000u : 0);
        shift = exponent < 96 ? 30 : 126 - exponent;
    }
    uint32_t quotient = mantissa >> shift;
    uint32_t rest = mantissa & ((1u << shift) - 1);
    uint32_t half = 1u << (shift - 1);
    bool away = rc == 0 ? rest > half || (rest == half && (quotient & 1)) : rest && (rc == 1 ? sign : rc == 2 && !sign);
    quotient += away;
    if (quotient < 0x7c00u)
        return sign | quotient;
    bool to_infinity = rc == 0 || (rc == 1 && sign) || (rc == 2 && !sign);
    return sign | (to_infinity ? 0x7c00u : 0x7bffu);
}

static inline uint32_t emu_f32_to_f16(float value)
{
    return emu_f16_round(emu_bits(value), _mm_getcsr() >> 13 & 3);
}

// Halves at bit `shift` (0 or 16) of 32 words, to f32.
static inline void emu_f16_to_f32_lanes(const uint32_t *words, unsigned shift, float *out)
{
#if defined __AVX512F__
    __m128i count = _mm_cvtsi32_si128((int)shift);
    for (unsigned i = 0; i < EMU_LANES; i += 16) {
        __m512i word = _mm512_srl_epi32(_mm512_loadu_si512(words + i), count);
        _mm512_storeu_ps(out + i, _mm512_cvtph_ps(_mm512_cvtepi32_epi16(word)));
    }
#elif defined __F16C__
    __m128i count = _mm_cvtsi32_si128((int)shift);
    __m256i low = _mm256_set1_epi32(0xffff);
    for (unsigned i = 0; i < EMU_LANES; i += 8) {
        __m256i word = _mm256_srl_epi32(_mm256_loadu_si256((const __m256i *)(words + i)), count);
        word = _mm256_and_si256(word, low);
        __m128i half = _mm_packus_epi32(_mm256_castsi256_si128(word), _mm256_extracti128_si256(word, 1));
        _mm256_storeu_ps(out + i, _mm256_cvtph_ps(half));
    }
#else
    EMU_EACH_LANE(lane)
    out[lane] = emu_f16_to_f32(words[lane] >> shift & 0xffffu);
#endif
}

// f32 to halves in the low 16 bits of 32 words (high bits zero). F16C takes the direction as a constant.
#if defined __AVX512F__
#define EMU_F16_NARROW(in, out, direction)                                                                             \
    for (unsigned i = 0; i < EMU_LANES; i += 16) {                                                                     \
        __m256i half = _mm512_cvtps_ph(_mm512_loadu_ps(in + i), direction);                                            \
        _mm512_storeu_si512(out + i, _mm512_cvtepu16_epi32(half));                                                     \
    }
#elif defined __F16C__
#define EMU_F16_NARROW(in, out, direction)                                                                             \
    for (unsigned i = 0; i < EMU_LANES; i += 8) {                                                                      \
        __m128i half = _mm256_cvtps_ph(_mm256_loadu_ps(in + i), direction);                                            \
        _mm256_storeu_si256((__m256i *)(out + i), _mm256_cvtepu16_epi32(half));                                        \
    }
#else
#define EMU_F16_NARROW(in, out, direction)                                                                             \
    const unsigned rc = (direction) & _MM_FROUND_CUR_DIRECTION ? _mm_getcsr() >> 13 & 3 : (direction) & 3;             \
    EMU_EACH_LANE(lane)                                                                                                \
    out[lane] = emu_f16_round(emu_bits(in[lane]), rc);
#endif

// In the host's current direction.
static inline void emu_f32_to_f16_lanes(const float *in, uint32_t *out)
{
    EMU_F16_NARROW(in, out, _MM_FROUND_CUR_DIRECTION)
}

static inline void emu_f32_to_f16_lanes_toward_zero(const float *in, uint32_t *out)
{
    EMU_F16_NARROW(in, out, _MM_FROUND_TO_ZERO)
}

// bfloat16 is the upper half of an f32. Rounding is to nearest even; NaNs stay NaNs and become quiet.
static inline float emu_bf16_to_f32(uint32_t half)
{
    return emu_float(half << 16);
}

static inline uint32_t emu_f32_to_bf16(float value)
{
    uint32_t bits = emu_bits(value);
    uint32_t rounded = (bits + 0x7fffu + (bits >> 16 & 1)) >> 16;
    return (bits & 0x7fffffffu) > 0x7f800000u ? (bits >> 16 | 0x40u) : rounded;
}

static inline void emu_bf16_to_f32_lanes(const uint32_t *words, unsigned shift, float *out)
{
    EMU_EACH_LANE(lane)
    out[lane] = emu_bf16_to_f32(words[lane] >> shift & 0xffffu);
}

static inline void emu_f32_to_bf16_lanes(const float *in, uint32_t *out)
{
    EMU_EACH_LANE(lane)
    out[lane] = emu_f32_to_bf16(in[lane]);
}

// FP16_OVFL: a finite value that became infinity in f16 is the largest half instead; true infinities stay.
static inline void emu_f16_limit_overflow(const float *in, uint32_t *out)
{
    EMU_EACH_LANE(lane)
    {
        uint32_t finite = (emu_bits(in[lane]) & 0x7fffffffu) < 0x7f800000u;
        out[lane] = finite && (out[lane] & 0x7fffu) == 0x7c00u ? (out[lane] & 0x8000u) | 0x7bffu : out[lane];
    }
}

#define emu_source_f16 EMU_LEVELED(emu_source_f16)
#define emu_result_f16 EMU_LEVELED(emu_result_f16)
// A 16-bit float source as f32: half select, DPP, broadcast, denormal mode, abs, neg.
void emu_source_f16(const struct emu_wave *wave, const struct emu_inst *inst, const struct emu_operand *operand,
                    float *buffer);
// f32 results, rounded once to f16 in the host's current direction, with FP16_OVFL, denormal mode, omod and clamp,
// written to the destination's half.
void emu_result_f16(struct emu_wave *wave, const struct emu_inst *inst, const float *values);

// a * b + c on halves held as f32, as one operation: the result, rounded to f16, is the exact value rounded once. The
// product of two halves is exact in f32; the sum is rounded to odd, which a second rounding to 11 bits cannot disturb
// (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008). In directed modes plain rounding twice
// is already exact, and `nearest` is false.
static inline float emu_f16_fma(float a, float b, float c, bool nearest)
{
    float product = a * b;
    float sum = product + c;
    float part = sum - product;
    float error = (product - (sum - part)) + (c - part);
    uint32_t bits = emu_bits(sum);
    bool inexact = error < 0 || error > 0;
    uint32_t outward = (emu_bits(error) ^ bits) >> 31 ? ~0u : 1u;
    return emu_float(bits + (nearest && inexact && !(bits & 1) ? outward : 0));
}

#endif
