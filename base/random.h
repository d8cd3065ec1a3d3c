// A counter-based generator: number i of a stream is a hash of (stream, i), so that rows can be made in any order and
// on any number of threads. SplitMix64's finaliser (Steele, Lea, Flood 2014) over an odd-constant sequence.
#ifndef W4_BASE_RANDOM_H
#define W4_BASE_RANDOM_H

#include <stdint.h>

static inline uint64_t w4_random_mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

// A stream of its own for each purpose and row of a seed.
static inline uint64_t w4_random_stream(uint64_t seed, uint64_t purpose, uint64_t row)
{
    return w4_random_mix(w4_random_mix(w4_random_mix(seed + UINT64_C(0x9e3779b97f4a7c15)) + purpose) + row);
}

static inline uint64_t w4_random_at(uint64_t stream, uint64_t i)
{
    return w4_random_mix(stream + (i + 1) * UINT64_C(0x9e3779b97f4a7c15));
}

// Sum of the four bytes of 32 random bits, centred: bell-shaped with standard deviation 147.8, at most 510 in
// magnitude, exact in every host's fp32 (a logarithm or cosine would differ between C libraries).
static inline float w4_random_bell(uint32_t bits)
{
    const uint32_t sum = (bits & 255u) + (bits >> 8 & 255u) + (bits >> 16 & 255u) + (bits >> 24);
    return (float)sum - 510.0f;
}

#endif
