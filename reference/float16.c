// Conversions between fp32 and the two 16-bit formats, round to nearest even. Bit arithmetic only, so that results do
// not depend on the host's instructions; the tests compare with the compiler's _Float16.
#include <string.h>

#include "reference.h"

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static float fp16_to_f32(uint32_t half)
{
    const uint32_t sign = (half & 0x8000u) << 16;
    const uint32_t exponent = half >> 10 & 0x1fu;
    const uint32_t fraction = half & 0x3ffu;
    if (exponent == 0x1fu) {
        return float_of(sign | 0x7f800000u | fraction << 13);
    }
    if (exponent == 0) { // subnormal: fraction * 2^-24, exact in fp32
        const float magnitude = (float)fraction * 0x1p-24f;
        return sign ? -magnitude : magnitude;
    }
    return float_of(sign | (exponent + 127 - 15) << 23 | fraction << 13);
}

// `value >> shift`, rounded to nearest, ties to even; 0 < shift < 32.
static uint32_t shift_round_even(uint32_t value, uint32_t shift)
{
    const uint32_t kept = value >> shift;
    const uint32_t rest = value & ((1u << shift) - 1);
    const uint32_t half = 1u << (shift - 1);
    return kept + (rest > half || (rest == half && (kept & 1)));
}

static uint16_t fp16_from_f32(float value)
{
    const uint32_t bits = bits_of(value);
    const uint32_t sign = bits >> 16 & 0x8000u;
    const uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) {
        return (uint16_t)(sign | 0x7e00u | (magnitude >> 13 & 0x1ffu));
    }
    if (magnitude >= 0x477ff000u) { // 65520, halfway between the largest finite number and 2^16
        return (uint16_t)(sign | 0x7c00u);
    }
    if (magnitude >= 0x38800000u) { // 2^-14: normal; a carry out of the fraction moves into the exponent as it should
        return (uint16_t)(sign | shift_round_even(magnitude - ((127u - 15u) << 23), 13));
    }
    const uint32_t exponent = magnitude >> 23;
    if (exponent < 102) { // below 2^-25: under half of the smallest subnormal
        return (uint16_t)sign;
    }
    return (uint16_t)(sign | shift_round_even((magnitude & 0x7fffffu) | 0x800000u, 126 - exponent));
}

static uint16_t bf16_from_f32(float value)
{
    const uint32_t bits = bits_of(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u) {
        return (uint16_t)(bits >> 16 | 0x40u); // stays a NaN when the low half held the payload
    }
    return (uint16_t)shift_round_even(bits, 16);
}

float w4_float16_to_f32(enum w4_float16 type, uint16_t bits)
{
    return type == W4_FLOAT_BF16 ? float_of((uint32_t)bits << 16) : fp16_to_f32(bits);
}

uint16_t w4_float16_from_f32(enum w4_float16 type, float value)
{
    return type == W4_FLOAT_BF16 ? bf16_from_f32(value) : fp16_from_f32(value);
}
