// Floats in portable expressions that vectorise: rounding to integers, fma, and minimum, maximum and median on bits,
// for f32 and for halves shifted to the top of a word: exact in NaNs, signed zeros and IEEE mode, where comparisons of
// the host are not (RDNA 3 ISA, V_MIN_F32: -0 < +0; a NaN yields the other source; in IEEE mode a signalling NaN yields
// itself, quiet).
#ifndef EMU_EXEC_FLOAT_BITS_H
#define EMU_EXEC_FLOAT_BITS_H

#include "lanes.h"

// A format in a 32-bit word: infinity's bits, the bit that makes a NaN quiet.
#define EMU_F32_INFINITY 0x7f800000u
#define EMU_F32_QUIET    0x00400000u
#define EMU_H32_INFINITY 0x7c000000u // a half in the upper 16 bits
#define EMU_H32_QUIET    0x02000000u
#define EMU_F64_INFINITY UINT64_C(0x7ff0000000000000)
#define EMU_F64_QUIET    UINT64_C(0x0008000000000000)

// Integers in the order of the floats, -0 just below +0.
static inline int32_t emu_order32(uint32_t bits)
{
    return (int32_t)(bits ^ ((uint32_t)((int32_t)bits >> 31) >> 1));
}

static inline int64_t emu_order64(uint64_t bits)
{
    return (int64_t)(bits ^ ((uint64_t)((int64_t)bits >> 63) >> 1));
}

static inline bool emu_is_nan32(uint32_t bits, uint32_t infinity)
{
    return (bits & 0x7fffffffu) > infinity;
}

static inline bool emu_is_nan64(uint64_t bits)
{
    return (bits & (UINT64_MAX >> 1)) > EMU_F64_INFINITY;
}

// What min and max return when a source is a NaN, else `chosen`.
static inline uint32_t emu_settle_nans32(uint32_t a, uint32_t b, uint32_t chosen, uint32_t infinity, uint32_t quiet,
                                         bool ieee)
{
    bool a_nan = emu_is_nan32(a, infinity), b_nan = emu_is_nan32(b, infinity);
    uint32_t result = a_nan ? b : chosen;
    result = b_nan ? a : result;
    result = (ieee & b_nan & !(b & quiet)) ? b | quiet : result;
    return (ieee & a_nan & !(a & quiet)) ? a | quiet : result;
}

static inline uint32_t emu_min_bits(uint32_t a, uint32_t b, uint32_t infinity, uint32_t quiet, bool ieee)
{
    return emu_settle_nans32(a, b, emu_order32(a) < emu_order32(b) ? a : b, infinity, quiet, ieee);
}

static inline uint32_t emu_max_bits(uint32_t a, uint32_t b, uint32_t infinity, uint32_t quiet, bool ieee)
{
    return emu_settle_nans32(a, b, emu_order32(a) > emu_order32(b) ? a : b, infinity, quiet, ieee);
}

// Equal as floats: signed zeros are.
static inline bool emu_equal32(uint32_t a, uint32_t b)
{
    return a == b || ((a | b) << 1) == 0;
}

// With a NaN among them the minimum of all, else the greater of the two that remain without the first source that
// equals the maximum; that settles which zero is the middle of both zeros and something less (V_MED3_F32).
static inline uint32_t emu_med_bits(uint32_t a, uint32_t b, uint32_t c, uint32_t infinity, uint32_t quiet, bool ieee)
{
    uint32_t low = emu_min_bits(a, b, infinity, quiet, ieee);
    bool nan = emu_is_nan32(a, infinity) || emu_is_nan32(b, infinity) || emu_is_nan32(c, infinity);
    uint32_t high_ab = emu_order32(a) > emu_order32(b) ? a : b;
    uint32_t high_ac = emu_order32(a) > emu_order32(c) ? a : c;
    uint32_t high_bc = emu_order32(b) > emu_order32(c) ? b : c;
    uint32_t highest = emu_order32(high_ab) > emu_order32(c) ? high_ab : c;
    uint32_t middle = emu_equal32(highest, a) ? high_bc : emu_equal32(highest, b) ? high_ac : high_ab;
    return nan ? emu_min_bits(low, c, infinity, quiet, ieee) : middle;
}

static inline uint64_t emu_settle_nans64(uint64_t a, uint64_t b, uint64_t chosen, bool ieee)
{
    bool a_nan = emu_is_nan64(a), b_nan = emu_is_nan64(b);
    uint64_t result = a_nan ? b : chosen;
    result = b_nan ? a : result;
    result = (ieee & b_nan & !(b & EMU_F64_QUIET)) ? b | EMU_F64_QUIET : result;
    return (ieee & a_nan & !(a & EMU_F64_QUIET)) ? a | EMU_F64_QUIET : result;
}

static inline uint64_t emu_min_bits64(uint64_t a, uint64_t b, bool ieee)
{
    return emu_settle_nans64(a, b, emu_order64(a) < emu_order64(b) ? a : b, ieee);
}

static inline uint64_t emu_max_bits64(uint64_t a, uint64_t b, bool ieee)
{
    return emu_settle_nans64(a, b, emu_order64(a) > emu_order64(b) ? a : b, ieee);
}

// Below 2^23, adding and subtracting 2^23 rounds to an integer (callers have the host at nearest even); above, every
// float is one.
static inline float emu_round_near(float x)
{
    uint32_t sign = emu_bits(x) & 0x80000000u;
    float magnitude = emu_float(emu_bits(x) & 0x7fffffffu);
    float rounded = magnitude + 0x1p23f - 0x1p23f;
    return emu_float(emu_bits(magnitude < 0x1p23f ? rounded : magnitude) | sign);
}

static inline float emu_with_sign_of(float magnitude, float x)
{
    return emu_float((emu_bits(magnitude) & 0x7fffffffu) | (emu_bits(x) & 0x80000000u));
}

static inline float emu_round_down(float x)
{
    float near = emu_round_near(x);
    return emu_with_sign_of(near > x ? near - 1.0f : near, x);
}

static inline float emu_round_up(float x)
{
    float near = emu_round_near(x);
    return emu_with_sign_of(near < x ? near + 1.0f : near, x);
}

static inline float emu_round_to_zero(float x)
{
    float magnitude = emu_float(emu_bits(x) & 0x7fffffffu);
    return emu_with_sign_of(emu_round_down(magnitude), x);
}
// a * b + c in f64, rounded to odd: a second rounding, to f32, is then as good as one (see emu_f16_fma). The product of
// two f32 is exact in f64. In directed modes both roundings go the same way and `nearest` is false.
static inline double emu_fma_to_odd(float a, float b, float c, bool nearest)
{
    double product = (double)a * (double)b;
    double sum = product + (double)c;
    double part = sum - product;
    double error = (product - (sum - part)) + ((double)c - part);
    uint64_t bits = emu_bits64(sum);
    bool inexact = error < 0 || error > 0;
    uint64_t outward = (emu_bits64(error) ^ bits) >> 63 ? UINT64_MAX : 1;
    return emu_double(bits + (nearest && inexact && !(bits & 1) ? outward : 0));
}

// a * b + c rounded once.
static inline float emu_fma_f32(float a, float b, float c, bool nearest)
{
#ifdef __FMA__
    (void)nearest;
    return __builtin_fmaf(a, b, c);
#else
    return (float)emu_fma_to_odd(a, b, c, nearest);
#endif
}

#endif
