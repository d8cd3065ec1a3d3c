// Scalar float arithmetic of RDNA 3.5: f32 and f16 in one lane's width. Rounding and denormals follow MODE; f16 is
// rounded once from the exact value. A NaN result is the first NaN source made quiet, or 0x7fc00000 (0x7e00) when the
// operation makes one. f16 results have their upper 16 bits zero (assumed: the manual defines the low half only).
// Semantics: RDNA 3.5 ISA, sections 16.1 to 16.3.
#include <math.h>

#include "scalar.h"

#include "float16.h"

typedef uint32_t u32;

// What differs between the two formats.
struct format {
    u32 sign, infinity, quiet, made_nan;
    unsigned denorm_shift; // in MODE
};
static const struct format f32_format = {0x80000000, 0x7f800000, 0x00400000, 0x7fc00000, EMU_MODE_DENORM32_SHIFT};
static const struct format f16_format = {0x8000, 0x7c00, 0x0200, 0x7e00, EMU_MODE_DENORM64_SHIFT};

static inline bool is_nan(const struct format *f, u32 bits)
{
    return (bits & ~f->sign) > f->infinity;
}

static inline u32 flush(const struct format *f, u32 bits, bool flushes)
{
    const u32 lowest_normal = f->quiet << 1, magnitude = bits & ~f->sign;
    return flushes && magnitude < lowest_normal ? bits & f->sign : bits;
}

static inline u32 input(const struct emu_wave *wave, const struct format *f, const struct emu_operand *operand)
{
    const u32 bits = scalar_read32(wave, operand) & (f->sign | (f->sign - 1));
    return flush(f, bits, emu_flushes_input(wave, f->denorm_shift));
}

static u32 nan_of(const struct format *f, u32 a, u32 b, u32 c)
{
    if (is_nan(f, a))
        return a | f->quiet;
    if (is_nan(f, b))
        return b | f->quiet;
    return is_nan(f, c) ? c | f->quiet : f->made_nan;
}

static inline void output(struct emu_wave *wave, const struct emu_inst *inst, const struct format *f, u32 bits)
{
    scalar_write32(wave, &inst->dst, flush(f, bits, emu_flushes_output(wave, f->denorm_shift)));
}

// ---- f32 arithmetic: the host computes under MODE's rounding direction ------------------------------------------

// a, b, c: the sources as floats; absent ones are 0.
#define F32(name, second, third, expression)                                                                           \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        const u32 a_bits = input(wave, &f32_format, &inst->src[0]);                                                    \
        const u32 b_bits = input(wave, &f32_format, second), c_bits = input(wave, &f32_format, third);                 \
        float a = emu_float(a_bits), b = emu_float(b_bits), c = emu_float(c_bits);                                     \
        const unsigned saved = emu_round_enter(emu_round32(wave));                                                     \
        __asm__ volatile("" : "+x"(a), "+x"(b), "+x"(c)); /* computed between enter and leave */                       \
        float r = (expression);                                                                                        \
        __asm__ volatile("" : "+x"(r));                                                                                \
        emu_round_leave(saved);                                                                                        \
        const u32 bits = emu_bits(r);                                                                                  \
        output(wave, inst, &f32_format,                                                                                \
               is_nan(&f32_format, bits) ? nan_of(&f32_format, a_bits, b_bits, c_bits) : bits);                        \
    }
#define NO_OPERAND (&inst->sdst) // absent in these formats: reads as 0
#define SECOND     (&inst->src[1])

F32(s_add_f32, SECOND, NO_OPERAND, a + b)
F32(s_sub_f32, SECOND, NO_OPERAND, a - b)
F32(s_mul_f32, SECOND, NO_OPERAND, a *b)
F32(s_fmac_f32, SECOND, &inst->dst, fmaf(a, b, c))
F32(s_fmaak_f32, SECOND, &inst->src[2], fmaf(a, b, c))
F32(s_fmamk_f32, SECOND, &inst->src[2], fmaf(a, b, c))
// What compilers make of these without SSE4.1 loses the sign of zeros in directed modes.
F32(s_ceil_f32, NO_OPERAND, NO_OPERAND, copysignf(ceilf(a), a))
F32(s_floor_f32, NO_OPERAND, NO_OPERAND, copysignf(floorf(a), a))
F32(s_trunc_f32, NO_OPERAND, NO_OPERAND, copysignf(truncf(a), a))

SCALAR_BODY(s_rndne_f32) // to even whatever MODE says
{
    const u32 a = input(wave, &f32_format, &inst->src[0]);
    output(wave, inst, &f32_format,
           is_nan(&f32_format, a) ? a | f32_format.quiet : emu_bits(__builtin_roundevenf(emu_float(a))));
}

// ---- f16 arithmetic: exact in double, rounded once on integers --------------------------------------------------

static inline double half_value(u32 bits)
{
    return (double)emu_f16_to_f32(bits);
}

// Rounds a finite double to half in the direction `round` of MODE's encoding.
static u32 half_round(const struct emu_wave *wave, double value, unsigned round)
{
    enum { NEAREST, UP, DOWN };
    const uint64_t bits = emu_bits64(value);
    const u32 sign = (u32)(bits >> 63) << 15;
    const int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
    if ((bits << 1) == 0)
        return sign;
    const uint64_t mantissa = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
    const int scale = exponent < -14 ? -14 : exponent; // halves below 2^-14 share one unit in the last place
    const int shift = 42 + (scale - exponent) > 60 ? 60 : 42 + (scale - exponent);
    const uint64_t rest = mantissa & (((uint64_t)1 << shift) - 1), tie = (uint64_t)1 << (shift - 1);
    uint64_t quotient = mantissa >> shift;
    const bool toward_infinity = (round == UP && !sign) || (round == DOWN && sign);
    const bool nearest_up = rest > tie || (rest == tie && (quotient & 1));
    quotient += round == NEAREST ? nearest_up : toward_infinity && rest;
    if (exponent > 15 || ((uint64_t)(scale + 14) << 10) + quotient >= 0x7c00) {
        const bool infinite = (round == NEAREST || toward_infinity) && !(wave->mode & EMU_MODE_FP16_OVFL);
        return sign | (infinite ? 0x7c00 : 0x7bff);
    }
    return sign | (u32)(((u32)(scale + 14) << 10) + quotient);
}

static u32 half_result(const struct emu_wave *wave, double value, unsigned round, u32 nan)
{
    const u32 sign = (u32)(emu_bits64(value) >> 63) << 15;
    if (isnan(value))
        return nan;
    return isinf(value) ? sign | f16_format.infinity : half_round(wave, value, round);
}

// a * b + c rounded to odd: the rounding to half that follows sees which side of a tie the exact value is on (Boldo and
// Melquiond, "Emulation of FMA and correctly rounded sums", 2008). The product of two halves is exact.
static double fma_to_odd(double a, double b, double c)
{
    const double product = a * b, sum = product + c;
    if (!isfinite(sum))
        return sum;
    const double part = sum - product, error = (product - (sum - part)) + (c - part);
    uint64_t bits = emu_bits64(sum);
    if (error == 0 || (bits & 1))
        return sum;
    bits += (error > 0) == (sum > 0) ? 1 : (uint64_t)-1;
    return emu_double(bits);
}

// x - x is +0, or -0 when rounding down; the host computes in its default direction.
static double signed_zero(double value, unsigned round, bool cancels)
{
    enum { DOWN = 2 };
    return cancels && value == 0 && round == DOWN ? -0.0 : value;
}

static inline bool cancels(double a, double b)
{
    return a == -b && a != 0 ? true : (a == 0 && b == 0 && signbit(a) != signbit(b));
}

#define F16(name, second, third, expression, left, right)                                                              \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        const u32 a_bits = input(wave, &f16_format, &inst->src[0]);                                                    \
        const u32 b_bits = input(wave, &f16_format, second), c_bits = input(wave, &f16_format, third);                 \
        const double a = half_value(a_bits), b = half_value(b_bits), c = half_value(c_bits);                           \
        const unsigned round = emu_round64(wave);                                                                      \
        const double r = signed_zero(expression, round, cancels(left, right));                                         \
        (void)b, (void)c;                                                                                              \
        output(wave, inst, &f16_format, half_result(wave, r, round, nan_of(&f16_format, a_bits, b_bits, c_bits)));     \
    }
F16(s_add_f16, SECOND, NO_OPERAND, a + b, a, b)
F16(s_sub_f16, SECOND, NO_OPERAND, a - b, a, -b)
F16(s_mul_f16, SECOND, NO_OPERAND, a *b, 1, 1)
F16(s_fmac_f16, SECOND, &inst->dst, fma_to_odd(a, b, c), a *b, c)
F16(s_ceil_f16, NO_OPERAND, NO_OPERAND, ceil(a), 1, 1)
F16(s_floor_f16, NO_OPERAND, NO_OPERAND, floor(a), 1, 1)
F16(s_trunc_f16, NO_OPERAND, NO_OPERAND, trunc(a), 1, 1)
F16(s_rndne_f16, NO_OPERAND, NO_OPERAND, __builtin_roundeven(a), 1, 1)

// ---- Minimum and maximum ---------------------------------------------------------------------------------------

// Orders values with -0 below +0.
static inline int64_t order(const struct format *f, u32 bits)
{
    const int64_t magnitude = bits & (f->sign - 1);
    return bits & f->sign ? -magnitude - 1 : magnitude;
}

static u32 lesser(const struct emu_wave *wave, const struct format *f, u32 a, u32 b, bool greater)
{
    const bool ieee = wave->mode & EMU_MODE_IEEE;
    if (ieee && is_nan(f, a) && !(a & f->quiet))
        return a | f->quiet;
    if (ieee && is_nan(f, b) && !(b & f->quiet))
        return b | f->quiet;
    if (is_nan(f, b))
        return a;
    if (is_nan(f, a))
        return b;
    const int64_t x = order(f, a), y = order(f, b);
    return (greater ? x > y : x < y) ? a : b;
}

#define MIN_MAX(name, format, greater)                                                                                 \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        const u32 a = input(wave, &format, &inst->src[0]), b = input(wave, &format, &inst->src[1]);                    \
        output(wave, inst, &format, lesser(wave, &format, a, b, greater));                                             \
    }
MIN_MAX(s_min_f32, f32_format, false)
MIN_MAX(s_max_f32, f32_format, true)
MIN_MAX(s_min_f16, f16_format, false)
MIN_MAX(s_max_f16, f16_format, true)

// ---- Conversions -----------------------------------------------------------------------------------------------

#define FROM_INTEGER(name, T)                                                                                          \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        T a = (T)scalar_read32(wave, &inst->src[0]);                                                                   \
        const unsigned saved = emu_round_enter(emu_round32(wave));                                                     \
        __asm__ volatile("" : "+r"(a));                                                                                \
        float r = (float)a;                                                                                            \
        __asm__ volatile("" : "+x"(r));                                                                                \
        emu_round_leave(saved);                                                                                        \
        scalar_write32(wave, &inst->dst, emu_bits(r));                                                                 \
    }
FROM_INTEGER(s_cvt_f32_i32, int32_t)
FROM_INTEGER(s_cvt_f32_u32, uint32_t)

// Truncates and saturates; NaN gives 0.
static u32 to_integer(float value, double lowest, double highest)
{
    if (isnan(value))
        return 0;
    const double whole = trunc((double)value);
    return (u32)(int64_t)(whole < lowest ? lowest : whole > highest ? highest : whole);
}

#define TO_INTEGER(name, lowest, highest)                                                                              \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        const u32 a = input(wave, &f32_format, &inst->src[0]);                                                         \
        scalar_write32(wave, &inst->dst, to_integer(emu_float(a), lowest, highest));                                   \
    }
TO_INTEGER(s_cvt_i32_f32, -0x1p31, 0x1p31 - 1)
TO_INTEGER(s_cvt_u32_f32, 0, 0x1p32 - 1)

static u32 half_of_float(const struct emu_wave *wave, u32 bits, unsigned round)
{
    const u32 nan = (bits >> 16 & 0x8000) | f16_format.made_nan | (bits >> 13 & 0x1ff);
    const u32 half = half_result(wave, (double)emu_float(bits), round, nan);
    return flush(&f16_format, half, emu_flushes_output(wave, f16_format.denorm_shift));
}

SCALAR_BODY(s_cvt_f16_f32)
{
    scalar_write32(wave, &inst->dst, half_of_float(wave, input(wave, &f32_format, &inst->src[0]), emu_round64(wave)));
}

SCALAR_BODY(s_cvt_pk_rtz_f16_f32)
{
    enum { TO_ZERO = 3 };
    const u32 a = input(wave, &f32_format, &inst->src[0]), b = input(wave, &f32_format, &inst->src[1]);
    scalar_write32(wave, &inst->dst, half_of_float(wave, a, TO_ZERO) | half_of_float(wave, b, TO_ZERO) << 16);
}

static void float_of_half(struct emu_wave *wave, const struct emu_inst *inst, u32 half)
{
    const u32 a = flush(&f16_format, half, emu_flushes_input(wave, f16_format.denorm_shift));
    scalar_write32(wave, &inst->dst, emu_bits(emu_f16_to_f32(a)));
}

SCALAR_BODY(s_cvt_f32_f16)
{
    float_of_half(wave, inst, scalar_read32(wave, &inst->src[0]) & 0xffff);
}

SCALAR_BODY(s_cvt_hi_f32_f16)
{
    float_of_half(wave, inst, scalar_read32(wave, &inst->src[0]) >> 16);
}

// ---- Comparisons -----------------------------------------------------------------------------------------------

static inline float f32_compared(const struct emu_wave *wave, const struct emu_operand *operand)
{
    return emu_float(input(wave, &f32_format, operand));
}

static inline float f16_compared(const struct emu_wave *wave, const struct emu_operand *operand)
{
    return emu_f16_to_f32(input(wave, &f16_format, operand));
}

#define COMPARE_TYPE(name, type, condition)                                                                            \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        const float a = type##_compared(wave, &inst->src[0]), b = type##_compared(wave, &inst->src[1]);                \
        wave->scc = (condition) ? 1u : 0u;                                                                             \
    }
#define COMPARE(cc, condition)                                                                                         \
    COMPARE_TYPE(s_cmp_##cc##_f32, f32, condition)                                                                     \
    COMPARE_TYPE(s_cmp_##cc##_f16, f16, condition)
COMPARE(lt, a < b)
COMPARE(eq, a == b)
COMPARE(le, a <= b)
COMPARE(gt, a > b)
COMPARE(lg, islessgreater(a, b))
COMPARE(ge, a >= b)
COMPARE(o, !isunordered(a, b))
COMPARE(u, isunordered(a, b))
COMPARE(nge, !(a >= b))
COMPARE(nlg, !islessgreater(a, b))
COMPARE(ngt, !(a > b))
COMPARE(nle, !(a <= b))
COMPARE(neq, !(a == b))
COMPARE(nlt, !(a < b))
