// Transcendentals: computed in f64 by short series and rounded once, which stays well within the ISA's 1 ULP (f32) and
// vectorises. The f32 units take denormals as zeros and give zeros for them whatever MODE says (LLVM 22 scales around
// this in its lowering of log2, exp2, rcp, rsq and sqrt for AMDGPU); the f16 and f64 units do not.
#include <math.h>

#include "float_bits.h"
#include "valu.h"

// 2^x for |x| <= 1100, relative error below 2^-46: 2^n by exponent, 2^f by the series of e^(f ln 2), |f| <= 1/2.
static inline double exp2_f64(double x)
{
    double shifted = x + 0x1.8p52;
    double f = (x - (shifted - 0x1.8p52)) * 0.693147180559945309417;
    double sum = 1.0 / 39916800.0;
    sum = sum * f + 1.0 / 3628800.0;
    sum = sum * f + 1.0 / 362880.0;
    sum = sum * f + 1.0 / 40320.0;
    sum = sum * f + 1.0 / 5040.0;
    sum = sum * f + 1.0 / 720.0;
    sum = sum * f + 1.0 / 120.0;
    sum = sum * f + 1.0 / 24.0;
    sum = sum * f + 1.0 / 6.0;
    sum = sum * f + 0.5;
    sum = sum * f + 1.0;
    sum = sum * f + 1.0;
    return sum * emu_double((emu_bits64(shifted) + 1023) << 52);
}

// log2 of a finite positive normal f64: the exponent plus 2 / ln 2 * artanh((m - 1) / (m + 1)), m in [sqrt(1/2), sqrt
// 2).
static inline double log2_f64(double x)
{
    uint64_t bits = emu_bits64(x) - UINT64_C(0x3fe6a09e667f3bcd);
    double exponent = (double)((int32_t)(bits >> 32) >> 20);
    double m = emu_double((bits & UINT64_C(0xfffffffffffff)) + UINT64_C(0x3fe6a09e667f3bcd));
    double s = (m - 1.0) / (m + 1.0);
    double z = s * s;
    double sum = 1.0 / 17.0;
    sum = sum * z + 1.0 / 15.0;
    sum = sum * z + 1.0 / 13.0;
    sum = sum * z + 1.0 / 11.0;
    sum = sum * z + 1.0 / 9.0;
    sum = sum * z + 1.0 / 7.0;
    sum = sum * z + 1.0 / 5.0;
    sum = sum * z + 1.0 / 3.0;
    sum = sum * z + 1.0;
    return exponent + s * sum * 2.88539008177792681472;
}

// sin(2 pi q) for |q| <= 1/4.
static inline double sine_of_quarter(double q)
{
    double y = q * 6.28318530717958647692;
    double z = y * y;
    double sum = -1.0 / 121645100408832000.0;
    sum = sum * z + 1.0 / 355687428096000.0;
    sum = sum * z - 1.0 / 1307674368000.0;
    sum = sum * z + 1.0 / 6227020800.0;
    sum = sum * z - 1.0 / 39916800.0;
    sum = sum * z + 1.0 / 362880.0;
    sum = sum * z - 1.0 / 5040.0;
    sum = sum * z + 1.0 / 120.0;
    sum = sum * z - 1.0 / 6.0;
    return y + y * z * sum;
}

// The distance of x from the nearest integer, in [-1/2, 1/2]; exact. In directed modes the sum finds a neighbour of
// that integer.
static inline double revolution(float x)
{
    double wide = (double)x;
    double near = __builtin_fabs(wide) < 0x1p51 ? (wide + 0x1.8p52) - 0x1.8p52 : wide;
    double rest = wide - near;
    return rest > 0.5 ? rest - 1.0 : rest < -0.5 ? rest + 1.0 : rest;
}

static inline float sine(float x)
{
    double r = revolution(x);
    double half = r > 0.0 ? 0.5 : -0.5;
    double folded = __builtin_fabs(r) > 0.25 ? half - r : r;
    float result = (float)sine_of_quarter(folded);
    return x == 0.0f ? x : __builtin_isinf(x) ? __builtin_nanf("") : result;
}

static inline float cosine(float x)
{
    double r = revolution(x);
    float result = (float)sine_of_quarter(0.25 - __builtin_fabs(r));
    return __builtin_isinf(x) ? __builtin_nanf("") : result;
}

// Finite and not 0 for finite x, so that the f16 form rounds and overflows as MODE says; only infinities are exact.
static inline float exp2_f32(float x)
{
    double inside = x < -149.0f ? -149.0 : x > 0x1.fffffep6f ? 0x1.fffffep6 : (double)x;
    float result = (float)exp2_f64(inside);
    result = x == __builtin_inff() ? x : result;
    result = x == -__builtin_inff() ? 0.0f : result;
    return x != x ? x + x : result;
}

static inline float log2_f32(float x)
{
    float positive = x > 0.0f && x < __builtin_inff() ? x : 1.0f;
    float result = (float)log2_f64((double)positive);
    result = x == 0.0f ? -__builtin_inff() : result;
    result = x == __builtin_inff() ? x : result;
    return x < 0.0f ? __builtin_nanf("") : x != x ? x + x : result;
}

static inline float rsq_f32(float x)
{
    return (float)(1.0 / sqrt((double)x));
}

static inline float flush(float x)
{
    uint32_t bits = emu_bits(x);
    return emu_float((bits & 0x7f800000u) ? bits : bits & 0x80000000u);
}

// clang-format off
EMU_VALU1(v_rcp_f32,       F32, F32, flush(1.0f / flush(a)))
EMU_VALU1(v_rcp_iflag_f32, F32, F32, flush(1.0f / flush(a)))
EMU_VALU1(v_rsq_f32,       F32, F32, rsq_f32(flush(a)))
EMU_VALU1(v_sqrt_f32,      F32, F32, sqrtf(flush(a)))
EMU_VALU1(v_exp_f32,       F32, F32, a >= 128.0f ? __builtin_inff() : flush(exp2_f32(flush(a))))
EMU_VALU1(v_log_f32,       F32, F32, log2_f32(flush(a)))
EMU_VALU1(v_sin_f32,       F32, F32, flush(sine(flush(a))))
EMU_VALU1(v_cos_f32,       F32, F32, flush(cosine(flush(a))))

EMU_VALU1(v_rcp_f16,       F16, F16, 1.0f / a)
EMU_VALU1(v_rsq_f16,       F16, F16, rsq_f32(a))
EMU_VALU1(v_sqrt_f16,      F16, F16, sqrtf(a))
EMU_VALU1(v_exp_f16,       F16, F16, exp2_f32(a))
EMU_VALU1(v_log_f16,       F16, F16, log2_f32(a))
EMU_VALU1(v_sin_f16,       F16, F16, sine(a))
EMU_VALU1(v_cos_f16,       F16, F16, cosine(a))

EMU_VALU1(v_rcp_f64,       F64, F64, 1.0 / a)
EMU_VALU1(v_rsq_f64,       F64, F64, 1.0 / sqrt(a))
EMU_VALU1(v_sqrt_f64,      F64, F64, sqrt(a))
// clang-format on
