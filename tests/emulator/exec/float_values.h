// Values that floating point gets wrong: zeros, denormals, limits, infinities, NaNs, and random bits in between; and
// the comparison of results, where one NaN is as good as another.
#ifndef EMU_TESTS_FLOAT_VALUES_H
#define EMU_TESTS_FLOAT_VALUES_H

#include <string.h>

#include "wave_fixture.h"

static inline float as_f32(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t f32_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double as_f64(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t f64_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline bool same_f32(uint32_t a, uint32_t b)
{
    return a == b || ((a & 0x7fffffff) > 0x7f800000 && (b & 0x7fffffff) > 0x7f800000);
}

static inline bool same_f16(uint32_t a, uint32_t b)
{
    return a == b || ((a & 0x7fff) > 0x7c00 && (b & 0x7fff) > 0x7c00);
}

static inline bool same_f64(uint64_t a, uint64_t b)
{
    return a == b || (__builtin_isnan(as_f64(a)) && __builtin_isnan(as_f64(b)));
}

// xorshift64*; the seed is the caller's.
static inline uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

// A third special, a third near 1 in magnitude (so that sums cancel), a third any bits.
static inline uint32_t random_f32(uint64_t *state)
{
    static const uint32_t special[] = {0,          0x80000000, 1,          0x80000001, 0x007fffff, 0x00800000,
                                       0x80800000, 0x3f800000, 0xbf800000, 0x3f800001, 0x7f7fffff, 0xff7fffff,
                                       0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0x33800000, 0x4b000001};
    uint64_t r = next_random(state);
    switch (r >> 62) {
    case 0: return special[(uint32_t)r % (sizeof special / sizeof *special)];
    case 1: return (uint32_t)r;
    default: return ((uint32_t)r & 0x807fffff) | (0x3d800000 + (((uint32_t)(r >> 32) % 10) << 23));
    }
}

static inline uint32_t random_f16(uint64_t *state)
{
    static const uint16_t special[] = {0,      0x8000, 1,      0x8001, 0x03ff, 0x0400, 0x3c00, 0xbc00,
                                       0x3c01, 0x7bff, 0xfbff, 0x7c00, 0xfc00, 0x7e00, 0x7c01, 0x2400};
    uint64_t r = next_random(state);
    return (r >> 61) == 0 ? special[(uint32_t)r % (sizeof special / sizeof *special)] : (uint32_t)r & 0xffff;
}

static inline uint64_t random_f64(uint64_t *state)
{
    static const uint64_t special[] = {0,
                                       UINT64_C(0x8000000000000000),
                                       1,
                                       UINT64_C(0x000fffffffffffff),
                                       UINT64_C(0x0010000000000000),
                                       UINT64_C(0x3ff0000000000000),
                                       UINT64_C(0xbff0000000000001),
                                       UINT64_C(0x7fefffffffffffff),
                                       UINT64_C(0x7ff0000000000000),
                                       UINT64_C(0xfff0000000000000),
                                       UINT64_C(0x7ff8000000000000)};
    uint64_t r = next_random(state), s = next_random(state);
    switch (r >> 62) {
    case 0: return special[(uint32_t)r % (sizeof special / sizeof *special)];
    case 1: return s;
    default: return (s & UINT64_C(0x800fffffffffffff)) | (UINT64_C(0x3fa) + (r & 7)) << 52;
    }
}

// MODE as the fixture starts, with other rounding directions.
static inline uint32_t mode_rounding(unsigned round32, unsigned round64)
{
    return (FIXTURE_MODE & ~15u) | round32 | round64 << 2;
}

#endif
