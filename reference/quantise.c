// Four-bit quantisation of one group, and its inverse for a row. Decides q, scale and zero; not where they are stored.
#include "reference.h"

static int clamp_nibble(int value)
{
    return value < 0 ? 0 : value > 15 ? 15 : value;
}

// Ties away from zero. In double the sum is exact, so that 0.49999997 does not become 1.
static int round_ratio(float value, float scale)
{
    const double ratio = (double)value / (double)scale;
    if (ratio > 16 || ratio < -16) { // the caller clamps; a scale that was cut to the largest finite one gets here
        return ratio > 0 ? 16 : -16;
    }
    return (int)(ratio + (ratio < 0 ? -0.5 : 0.5));
}

// The scale as stored: never 0 and never infinite.
static uint16_t stored_scale(enum w4_float16 type, float scale)
{
    static const uint16_t one[] = {[W4_FLOAT_FP16] = 0x3c00, [W4_FLOAT_BF16] = 0x3f80};
    static const uint16_t infinity[] = {[W4_FLOAT_FP16] = 0x7c00, [W4_FLOAT_BF16] = 0x7f80};
    const uint16_t bits = w4_float16_from_f32(type, scale);
    if (bits == 0) {
        return one[type];
    }
    return bits >= infinity[type] ? (uint16_t)(infinity[type] - 1) : bits;
}

void w4_quantise_group(const float *weights, int64_t count, enum w4_float16 type, bool zero_point, uint8_t *q,
                       uint16_t *scale, uint16_t *zero)
{
    float low = 0, high = 0;
    for (int64_t i = 0; i < count; i++) {
        low = weights[i] < low ? weights[i] : low;
        high = weights[i] > high ? weights[i] : high;
    }
    float step;
    if (zero_point) {
        step = high / 15 - low / 15; // not (high - low) / 15, which may overflow
    } else {
        step = high / 7 > -low / 8 ? high / 7 : 0 - low / 8; // 0 - 0 is +0, -0 is not
    }
    *scale = stored_scale(type, step);
    step = w4_float16_to_f32(type, *scale);
    const int z = zero_point ? clamp_nibble(round_ratio(-low, step)) : 8;
    for (int64_t i = 0; i < count; i++) {
        q[i] = (uint8_t)clamp_nibble(round_ratio(weights[i], step) + z);
    }
    if (zero) {
        *zero = w4_float16_from_f32(type, (float)z);
    }
}

void w4_dequantise_row(const struct w4_operands *operands, int64_t n, float *row)
{
    const struct w4_gemm_shape *shape = &operands->shape;
    const uint32_t *words = operands->w + n * shape->w_pitch;
    const uint16_t *scales = operands->scales + n * shape->scale_pitch;
    const uint16_t *zeros = operands->zeros ? operands->zeros + n * shape->scale_pitch : NULL;
    const int64_t group_words = shape->group_size / 8;
    for (int64_t group = 0; group < shape->k / shape->group_size; group++) {
        const float scale = w4_float16_to_f32(shape->type, scales[group]);
        const float zero = zeros ? w4_float16_to_f32(shape->type, zeros[group]) : 8;
        float value_of[16];
        for (int q = 0; q < 16; q++) {
            value_of[q] = ((float)q - zero) * scale;
        }
        for (int64_t word = group * group_words; word < (group + 1) * group_words; word++) {
            uint8_t q[8];
            w4_unpack8(words[word], q);
            for (int i = 0; i < 8; i++) {
                row[word * 8 + i] = value_of[q[i]];
            }
        }
    }
}
