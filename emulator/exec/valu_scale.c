// Exponents apart and together (frexp, ldexp), the steps of a correctly rounded division, and the bits of 2/pi for
// argument reduction.
//
// Division runs v_div_scale, a refined reciprocal, v_div_fmas and v_div_fixup. The manual's pseudocode for the first
// two cannot be meant literally: it compares against DENORM for "is a denormal", multiplies a denominator near 2^127 by
// 2^64, and undoes a scaling by 2^64 with 2^32. The bodies scale such a denominator down, and scale back by 2^64 or
// 2^-64 (f64: 2^128) according to the size of the quotient, which makes LLVM's division sequences exact
// (tests/emulator/exec/valu_scale.c).
#include <math.h>

#include "float_bits.h"
#include "valu.h"

static inline uint32_t exponent_f32(uint32_t bits)
{
    return bits >> 23 & 0xff;
}

static inline uint32_t exponent_f64(uint64_t bits)
{
    return (uint32_t)(bits >> 52) & 0x7ff;
}

static inline int32_t frexp_exponent(double x)
{
    int exponent = 0;
    return isfinite(x) ? (frexp(x, &exponent), exponent) : 0;
}

static inline double frexp_mantissa(double x)
{
    int exponent;
    return isfinite(x) ? frexp(x, &exponent) : x + x;
}

static inline int32_t within(int32_t x, int32_t limit)
{
    return x < -limit ? -limit : x > limit ? limit : x;
}

// 2^e, |e| <= 1022.
static inline double power_of_two(int32_t e)
{
    return emu_double((uint64_t)(e + 1023) << 52);
}

// Exact in f64, so that narrowing rounds once. Beyond the limits every result is 0 or infinite.
static inline float ldexp_f32(float x, int32_t e)
{
    return (float)((double)x * power_of_two(within(e, 400)));
}

static inline float ldexp_f16(float x, int32_t e)
{
    return (float)((double)x * power_of_two(within(e, 60)));
}

// clang-format off
EMU_VALU1(v_frexp_exp_i32_f32, I32, F32, frexp_exponent((double)a))
EMU_VALU1(v_frexp_exp_i16_f16, I16, F16, frexp_exponent((double)a))
EMU_VALU1(v_frexp_exp_i32_f64, I32, F64, frexp_exponent(a))
EMU_VALU1(v_frexp_mant_f32,    F32, F32, (float)frexp_mantissa((double)a))
EMU_VALU1(v_frexp_mant_f16,    F16, F16, (float)frexp_mantissa((double)a))
EMU_VALU1(v_frexp_mant_f64,    F64, F64, frexp_mantissa(a))
EMU_VALU2(v_ldexp_f32,         F32, F32, I32, ldexp_f32(a, b))
EMU_VALU2(v_ldexp_f16,         F16, F16, I16, ldexp_f16(a, b))
EMU_VALU2(v_ldexp_f64,         F64, F64, I32, scalbn(a, within(b, 5000)))
// clang-format on

// ---- Division ----

enum scale_by { SCALE_NONE, SCALE_UP, SCALE_DOWN, SCALE_NAN };

// What div_scale does to the operand `x` of numerator / denominator, and whether the quotient needs scaling back. The
// limits: a quotient from 2^96 (f32) on may overflow, a numerator below 2^-103 loses bits.
static enum scale_by div_scale_f32(float x, float denominator, float numerator, bool *scales_back)
{
    int gap = (int)exponent_f32(emu_bits(numerator)) - (int)exponent_f32(emu_bits(denominator));
    bool denormal_denominator = denominator != 0.0f && exponent_f32(emu_bits(denominator)) == 0;
    float reciprocal = 1.0f / denominator, quotient = numerator / denominator;
    bool small_reciprocal = reciprocal != 0.0f && exponent_f32(emu_bits(reciprocal)) == 0;
    bool small_quotient = quotient != 0.0f && exponent_f32(emu_bits(quotient)) == 0;

    *scales_back = false;
    if (denominator == 0.0f || numerator == 0.0f)
        return SCALE_NAN;
    if (gap >= 96) {
        *scales_back = true;
        return x == denominator ? SCALE_UP : SCALE_NONE;
    }
    if (denormal_denominator)
        return SCALE_UP;
    if (small_reciprocal && small_quotient) {
        *scales_back = true;
        return x == denominator ? SCALE_DOWN : SCALE_NONE;
    }
    if (small_reciprocal)
        return SCALE_DOWN;
    if (small_quotient) {
        *scales_back = true;
        return x == numerator ? SCALE_UP : SCALE_NONE;
    }
    return exponent_f32(emu_bits(numerator)) <= 23 ? SCALE_UP : SCALE_NONE;
}

static enum scale_by div_scale_f64(double x, double denominator, double numerator, bool *scales_back)
{
    int gap = (int)exponent_f64(emu_bits64(numerator)) - (int)exponent_f64(emu_bits64(denominator));
    bool denormal_denominator = denominator != 0.0 && exponent_f64(emu_bits64(denominator)) == 0;
    double reciprocal = 1.0 / denominator, quotient = numerator / denominator;
    bool small_reciprocal = reciprocal != 0.0 && exponent_f64(emu_bits64(reciprocal)) == 0;
    bool small_quotient = quotient != 0.0 && exponent_f64(emu_bits64(quotient)) == 0;

    *scales_back = false;
    if (denominator == 0.0 || numerator == 0.0)
        return SCALE_NAN;
    if (gap >= 768) {
        *scales_back = true;
        return x == denominator ? SCALE_UP : SCALE_NONE;
    }
    if (denormal_denominator)
        return SCALE_UP;
    if (small_reciprocal && small_quotient) {
        *scales_back = true;
        return x == denominator ? SCALE_DOWN : SCALE_NONE;
    }
    if (small_reciprocal)
        return SCALE_DOWN;
    if (small_quotient) {
        *scales_back = true;
        return x == numerator ? SCALE_UP : SCALE_NONE;
    }
    return exponent_f64(emu_bits64(numerator)) <= 53 ? SCALE_UP : SCALE_NONE;
}

#define DIV_SCALE(name, type, word, fetch, scale_function, factors)                                                    \
    EMU_VALU_HEAD(name)                                                                                                \
    {                                                                                                                  \
        union emu_buffer buffer[3], result;                                                                            \
        const type *x = fetch(0), *denominator = fetch(1), *numerator = fetch(2);                                      \
        uint32_t lanes = emu_lanes(wave, inst), back = 0;                                                              \
        for (unsigned lane = 0; lane < EMU_LANES; lane++) {                                                            \
            static const type factor[4] = factors;                                                                     \
            bool scales_back;                                                                                          \
            enum scale_by by = scale_function(x[lane], denominator[lane], numerator[lane], &scales_back);              \
            ((type *)&result)[lane] = x[lane] * factor[by];                                                            \
            back |= (uint32_t)scales_back << lane;                                                                     \
        }                                                                                                              \
        emu_write##word(wave, &inst->dst, result.u##word, lanes);                                                      \
        emu_mask_result(wave, &inst->sdst, back & lanes);                                                              \
    }
#define FETCH_F32(n) (const float *)emu_source32(wave, inst, n, buffer[n].u32)
#define FETCH_F64(n) (const double *)emu_fetch_64(wave, inst, &inst->src[n], buffer[n].u64)
#define FACTORS(...) {__VA_ARGS__}
DIV_SCALE(v_div_scale_f32, float, 32, FETCH_F32, div_scale_f32, FACTORS(1.0f, 0x1p64f, 0x1p-64f, __builtin_nanf("")))
DIV_SCALE(v_div_scale_f64, double, 64, FETCH_F64, div_scale_f64, FACTORS(1.0, 0x1p128, 0x1p-128, __builtin_nan("")))

// VCC says which lanes div_scale scaled: a quotient that was scaled down is above 1, one that was scaled up below. The
// product is scaled before it is rounded, since it may become denormal.
static inline float div_fmas_f32(float a, float b, float c, bool scaled, bool nearest)
{
    double factor = exponent_f32(emu_bits(c)) > 127 ? 0x1p64 : 0x1p-64;
    return (float)(emu_fma_to_odd(a, b, c, nearest) * (scaled ? factor : 1.0));
}

static inline double div_fmas_f64(double a, double b, double c, bool scaled)
{
    if (!scaled)
        return fma(a, b, c);
    __float128 factor = exponent_f64(emu_bits64(c)) > 1023 ? 0x1p128 : 0x1p-128;
    return (double)(((__float128)a * b + c) * factor);
}

EMU_VALU_HEAD(v_div_fmas_f32)
{
    union emu_buffer buffer[3], result;
    const float *a = FETCH_F32(0), *b = FETCH_F32(1), *c = FETCH_F32(2);
    const bool plain = emu_mode_is_plain32(wave) && !(inst->clamp | inst->omod);
    uint32_t scaled = wave->s[EMU_SGPR_VCC + wave->half];
    unsigned saved = plain ? 0 : emu_round_enter(emu_round32(wave));
    for (unsigned lane = 0; lane < EMU_LANES; lane++)
        ((float *)&result)[lane] = div_fmas_f32(a[lane], b[lane], c[lane], scaled >> lane & 1, emu_round32(wave) == 0);
    emu_end32(wave, inst, result.u32, EMU_FINISH_FLOAT, plain, saved);
}

EMU_VALU_HEAD(v_div_fmas_f64)
{
    union emu_buffer buffer[3], result;
    const double *a = FETCH_F64(0), *b = FETCH_F64(1), *c = FETCH_F64(2);
    const bool plain = emu_mode_is_plain64(wave) && !(inst->clamp | inst->omod);
    uint32_t scaled = wave->s[EMU_SGPR_VCC + wave->half];
    unsigned saved = plain ? 0 : emu_round_enter(emu_round64(wave));
    for (unsigned lane = 0; lane < EMU_LANES; lane++)
        ((double *)&result)[lane] = div_fmas_f64(a[lane], b[lane], c[lane], scaled >> lane & 1);
    emu_end64(wave, inst, result.u64, EMU_FINISH_FLOAT, plain, saved);
}

// The special cases of numerator c / denominator b, else the computed quotient a with the right sign. `span` is the
// difference of exponents below which the quotient underflows to 0; `lost` what a NaN quotient of finite sources means.
#define DIV_FIXUP(function, word, infinity, quiet, is_nan, exponent, span, lost)                                       \
    static inline word function(word a, word b, word c)                                                                \
    {                                                                                                                  \
        const word top = (word)1 << (sizeof(word) * 8 - 1), sign = (b ^ c) & top;                                      \
        const word denominator = b & ~top, numerator = c & ~top;                                                       \
        if (is_nan(c))                                                                                                 \
            return c | quiet;                                                                                          \
        if (is_nan(b))                                                                                                 \
            return b | quiet;                                                                                          \
        if ((!denominator && !numerator) || (denominator == infinity && numerator == infinity))                        \
            return top | infinity | quiet;                                                                             \
        if (!denominator || numerator == infinity)                                                                     \
            return sign | infinity;                                                                                    \
        if (denominator == infinity || !numerator || (int)exponent(c) - (int)exponent(b) < span)                       \
            return sign;                                                                                               \
        return sign | (is_nan(a) ? lost : a & ~top);                                                                   \
    }
#define IS_NAN_F32(x)   emu_is_nan32(x, EMU_F32_INFINITY)
#define IS_NAN_H32(x)   emu_is_nan32(x, EMU_H32_INFINITY)
#define EXPONENT_H32(x) ((x) >> 26 & 31)
DIV_FIXUP(div_fixup_f32, uint32_t, EMU_F32_INFINITY, EMU_F32_QUIET, IS_NAN_F32, exponent_f32, -150, EMU_F32_INFINITY)
DIV_FIXUP(div_fixup_f64, uint64_t, EMU_F64_INFINITY, EMU_F64_QUIET, emu_is_nan64, exponent_f64, -1075, EMU_F64_INFINITY)
DIV_FIXUP(div_fixup_f16, uint32_t, EMU_H32_INFINITY, EMU_H32_QUIET, IS_NAN_H32, EXPONENT_H32, -64 /* never */, a & ~top)

// clang-format off
EMU_VALU3(v_div_fixup_f32, B32, B32, B32, B32, div_fixup_f32(a, b, c))
EMU_VALU3(v_div_fixup_f64, B64, B64, B64, B64, div_fixup_f64(a, b, c))
EMU_VALU3(v_div_fixup_f16, H16, H16, H16, H16, div_fixup_f16(a << 16, b << 16, c << 16) >> 16)
// clang-format on

// ---- Argument reduction: 53 bits of 2/pi at a place that follows from the argument's exponent ----

static uint64_t two_over_pi_bits(uint32_t from)
{
    // The first 1201 fraction bits of 2/pi.
    static const uint64_t words[] = {
        UINT64_C(0xa2f9836e4e441529), UINT64_C(0xfc2757d1f534ddc0), UINT64_C(0xdb6295993c439041),
        UINT64_C(0xfe5163abdebbc561), UINT64_C(0xb7246e3a424dd2e0), UINT64_C(0x06492eea09d1921c),
        UINT64_C(0xfe1deb1cb129a73e), UINT64_C(0xe88235f52ebb4484), UINT64_C(0xe99c7026b45f7e41),
        UINT64_C(0x3991d639835339f4), UINT64_C(0x9c845f8bbdf9283b), UINT64_C(0x1ff897ffde05980f),
        UINT64_C(0xef2f118b5a0a6d1f), UINT64_C(0x6d367ecf27cb09b7), UINT64_C(0x4f463f669e5fea2d),
        UINT64_C(0x7527bac7ebe5f17b), UINT64_C(0x3d0739f78a5292ea), UINT64_C(0x6bfb5fb11f8d5d08),
        UINT64_C(0x56033046fc7b0000)};
    const uint32_t count = sizeof words / sizeof *words;
    uint32_t word = from / 64, bit = from % 64;
    uint64_t high = word < count ? words[word] : 0;
    uint64_t low = word + 1 < count ? words[word + 1] : 0;
    return (bit ? high << bit | low >> (64 - bit) : high) >> 11;
}

static double trig_preop(double x, uint32_t segment)
{
    uint32_t exponent = exponent_f64(emu_bits64(x));
    uint32_t shift = (segment & 31) * 53 + (exponent > 1077 ? exponent - 1077 : 0);
    int scale = -53 - (int)shift + (exponent >= 1968 ? 128 : 0);
    return scalbn((double)two_over_pi_bits(shift), scale);
}

EMU_VALU2(v_trig_preop_f64, F64, F64, U32, trig_preop(a, b))
