// The element types of element.h with another unpacking of the weights, for prefill_packed.hip.
#ifndef W4_KERNELS_ELEMENT_PACKED_H
#define W4_KERNELS_ELEMENT_PACKED_H

#include "element.h"

// Two nibbles at a time are set behind the exponent of a power of two, where they are the number power + q, and the
// group's zero point is larger by that power. Exact like the plain one: both round once, at the product.
struct fp16_packed : fp16 {
    struct group {
        f16x2 scale;
        u16 zero;
    };

    W4_DEVICE group make_group(u16 scale, u16 zero)
    {
        _Float16 s = bits_as<_Float16>(scale);
        return {{s, s}, zero};
    }

    W4_DEVICE u32x4 dequantise(u32 word, group g)
    {
        u32x4 out = unpack(word, g.zero);
#pragma unroll
        for (int pair = 0; pair < 4; pair++)
            out[pair] = bits_as<u32>(bits_as<f16x2>(out[pair]) * g.scale);
        return out;
    }
};

struct bf16_packed : bf16 {
    W4_DEVICE group make_group(u16 scale, u16 zero)
    {
        float s = to_f32(scale);
        return {s, -s * (128 + zero_point_fault(to_f32(zero)))}; // exact: 8 bits times 8
    }

    W4_DEVICE u32x4 dequantise(u32 word, group g)
    {
        u32x4 out;
#pragma unroll
        for (int pair = 0; pair < 4; pair++) {
            u32 shift = 4 * (W4_FAULT == W4_FAULT_WRONG_NIBBLE && pair == 2 ? 1 : pair);
            u32 q = (word >> shift & 0x000f000f) | 0x43004300; // 128 + q, twice
            u32 low = bf16_round_upper(__builtin_fmaf(bits_as<float>(q << 16), g.scale, g.offset));
            u32 high = bf16_round_upper(__builtin_fmaf(bits_as<float>(q & 0xffff0000), g.scale, g.offset));
            out[pair] = __builtin_amdgcn_perm(high, low, UPPER_HALVES);
        }
        return out;
    }
};

#endif
