// The two 16-bit element types, fp16 and bf16: how a word of eight 4-bit weights becomes eight elements, the matrix
// instruction, and rounding of results. Rounding here is part of the suite's error bound (one rounding of w).
#ifndef W4_KERNELS_ELEMENT_H
#define W4_KERNELS_ELEMENT_H

#include "device.h"

typedef __bf16 bf16x2 __attribute__((ext_vector_type(2)));

// Deliberate faults, for the tests that prove that verification finds them. Never set in the product's kernels.
#define W4_FAULT_NONE             0
#define W4_FAULT_WRONG_NIBBLE     1 // one of the eight nibbles of a word is taken from its neighbour
#define W4_FAULT_MISSED_TAIL_ROW  2 // the last row of C is not written
#define W4_FAULT_WRONG_ZERO_POINT 3 // the zero point is one too large
#ifndef W4_FAULT
#define W4_FAULT W4_FAULT_NONE
#endif

// The nibble of element 2 * pair + odd of a word in ExLlama order: v0 v2 v4 v6 v1 v3 v5 v7 from bit 0 on.
W4_DEVICE u32 nibble(u32 word, int pair, int odd)
{
    if (W4_FAULT == W4_FAULT_WRONG_NIBBLE && pair == 2)
        odd = 0;
    return word >> (4 * pair + 16 * odd) & 15;
}

W4_DEVICE float zero_point_fault(float zero)
{
    return W4_FAULT == W4_FAULT_WRONG_ZERO_POINT ? zero + 1.0f : zero;
}

// fp32 to bf16, round to nearest even, in the upper half. Numbers and infinities only; a NaN that arithmetic made stays
// one (its low bits are clear).
W4_DEVICE u32 bf16_round_upper(float value)
{
    u32 bits = bits_as<u32>(value);
    return bits + 0x7fffu + (bits >> 16 & 1);
}

struct fp16 {
    static const u16 EIGHT = 0x4800; // 8.0, the zero point of symmetric weights

    W4_DEVICE float to_f32(u16 bits)
    {
        return (float)bits_as<_Float16>(bits);
    }

    W4_DEVICE u16 from_f32(float value)
    {
        return bits_as<u16>((_Float16)value);
    }

    // What a row's scale and zero point look like while they are applied.
    struct group {
        f16x2 scale, zero;
    };

    W4_DEVICE group make_group(u16 scale, u16 zero)
    {
        _Float16 s = bits_as<_Float16>(scale), z = bits_as<_Float16>(zero);
        if (W4_FAULT == W4_FAULT_WRONG_ZERO_POINT)
            z += 1;
        return {{s, s}, {z, z}};
    }

    // Elements 0..7 of the word: (q - z) is exact in fp16, the product with s rounds once.
    W4_DEVICE u32x4 dequantise(u32 word, group g)
    {
        u32x4 out;
#pragma unroll
        for (int pair = 0; pair < 4; pair++) {
            f16x2 q = {(_Float16)(u16)nibble(word, pair, 0), (_Float16)(u16)nibble(word, pair, 1)};
            out[pair] = bits_as<u32>((q - g.zero) * g.scale);
        }
        return out;
    }

    // q - z of elements 0..7, exact: 0x6400 | q is 1024 + q, and 1024 + z is a number too.
    W4_DEVICE u32x4 unpack(u32 word, u16 zero)
    {
        _Float16 z = bits_as<_Float16>(zero) + (_Float16)(W4_FAULT == W4_FAULT_WRONG_ZERO_POINT ? 1025 : 1024);
        u32x4 out;
#pragma unroll
        for (int pair = 0; pair < 4; pair++) {
            u32 shift = 4 * (W4_FAULT == W4_FAULT_WRONG_NIBBLE && pair == 2 ? 1 : pair);
            f16x2 q = bits_as<f16x2>((word >> shift & 0x000f000f) | 0x64006400);
            out[pair] = bits_as<u32>(q - f16x2{z, z});
        }
        return out;
    }

    W4_DEVICE float dot2(u32 a, u32 b, float c)
    {
        return __builtin_amdgcn_fdot2(bits_as<f16x2>(a), bits_as<f16x2>(b), c, false);
    }

    W4_DEVICE f32x8 wmma(u32x8 a, u32x8 b, f32x8 c)
    {
        return __builtin_amdgcn_wmma_f32_16x16x16_f16_w32(bits_as<f16x16>(a), bits_as<f16x16>(b), c);
    }
};

struct bf16 {
    static const u16 EIGHT = 0x4100;
    static const u32 UPPER_HALVES = 0x07060302; // v_perm_b32: the second operand's upper half below the first's

    W4_DEVICE float to_f32(u16 bits)
    {
        return bits_as<float>((u32)bits << 16);
    }

    W4_DEVICE u16 from_f32(float value)
    {
        u32 quiet = bits_as<u32>(value) >> 16 | 0x40;
        return (u16)(value == value ? bf16_round_upper(value) >> 16 : quiet);
    }

    struct group {
        float scale, offset; // w = q * scale + offset
    };

    W4_DEVICE group make_group(u16 scale, u16 zero)
    {
        float s = to_f32(scale);
        return {s, -s * zero_point_fault(to_f32(zero))}; // exact: 8 bits times 4
    }

    // gfx11 has no bf16 arithmetic beside the matrix and dot instructions: (q - z) * s is exact in fp32, and rounds
    // once to bf16.
    W4_DEVICE u32x4 dequantise(u32 word, group g)
    {
        u32x4 out;
#pragma unroll
        for (int pair = 0; pair < 4; pair++) {
            u32 low = bf16_round_upper(__builtin_fmaf((float)nibble(word, pair, 0), g.scale, g.offset));
            u32 high = bf16_round_upper(__builtin_fmaf((float)nibble(word, pair, 1), g.scale, g.offset));
            out[pair] = __builtin_amdgcn_perm(high, low, UPPER_HALVES);
        }
        return out;
    }

    // q - z of elements 0..7: small integers, so that the upper half of their fp32 form is all of them.
    W4_DEVICE u32x4 unpack(u32 word, u16 zero)
    {
        float z = zero_point_fault(to_f32(zero));
        u32x4 out;
#pragma unroll
        for (int pair = 0; pair < 4; pair++) {
            u32 low = bits_as<u32>((float)nibble(word, pair, 0) - z);
            u32 high = bits_as<u32>((float)nibble(word, pair, 1) - z);
            out[pair] = __builtin_amdgcn_perm(high, low, UPPER_HALVES);
        }
        return out;
    }

    W4_DEVICE float dot2(u32 a, u32 b, float c)
    {
        return __builtin_amdgcn_fdot2_f32_bf16(bits_as<bf16x2>(a), bits_as<bf16x2>(b), c, false);
    }

    W4_DEVICE f32x8 wmma(u32x8 a, u32x8 b, f32x8 c)
    {
        return __builtin_amdgcn_wmma_f32_16x16x16_bf16_w32(bits_as<i16x16>(a), bits_as<i16x16>(b), c);
    }
};

#endif
