// Kernels that move values between lanes: reduction, scan, softmax, layer norm.
#include "device.h"

enum { DPP_ROW_SHL = 0x100, DPP_ROW_SHR = 0x110, DPP_ROW_MIRROR = 0x140, DPP_ROW_HALF_MIRROR = 0x141 };

DEVICE float wave_sum(float value)
{
    value += dpp<0xb1>(value); // quad_perm 1,0,3,2
    value += dpp<0x4e>(value); // quad_perm 2,3,0,1
    value += dpp<DPP_ROW_HALF_MIRROR>(value);
    value += dpp<DPP_ROW_MIRROR>(value);
    for (u32 mask = 16; mask < WAVE; mask *= 2)
        value += other_lane(value, mask);
    return value;
}

DEVICE float wave_max(float value)
{
    for (u32 mask = 1; mask < WAVE; mask *= 2)
        value = __builtin_fmaxf(value, other_lane(value, mask));
    return value;
}

template <typename F> DEVICE float block_all(float value, F wave_all, float *parts, u32 waves)
{
    value = wave_all(value);
    if (item() % WAVE == 0)
        parts[item() / WAVE] = value;
    barrier();
    float all = parts[0];
    for (u32 i = 1; i < waves; i++) {
        const float pair = parts[i];
        all = wave_all == wave_max ? __builtin_fmaxf(all, pair) : all + pair;
    }
    barrier();
    return all;
}

// out[group] = sum of 1024 values, by 256 work-items.
KERNEL BLOCK(256) void reduce(const float *in, float *out)
{
    SHARED float parts[256 / WAVE];
    float sum = 0;
    for (u32 i = item(); i < 1024; i += 256)
        sum += in[group() * 1024 + i];
    sum = block_all(sum, wave_sum, parts, 256 / WAVE);
    if (item() == 0)
        out[group()] = sum;
}

// Inclusive scan of 256 integers a workgroup: row shifts, then a scan of the waves' sums in LDS.
KERNEL BLOCK(256) void scan(const u32 *in, u32 *out)
{
    SHARED u32 parts[256 / WAVE];
    u32 value = in[group() * 256 + item()];
    value += (u32)__builtin_amdgcn_update_dpp(0, (int)value, DPP_ROW_SHR + 1, 0xf, 0xf, true);
    value += (u32)__builtin_amdgcn_update_dpp(0, (int)value, DPP_ROW_SHR + 2, 0xf, 0xf, true);
    value += (u32)__builtin_amdgcn_update_dpp(0, (int)value, DPP_ROW_SHR + 4, 0xf, 0xf, true);
    value += (u32)__builtin_amdgcn_update_dpp(0, (int)value, DPP_ROW_SHR + 8, 0xf, 0xf, true);
    const u32 lane = item() % WAVE;
    for (u32 row = 1; row < WAVE / 16; row++) {
        const u32 before = (u32)__builtin_amdgcn_readlane((int)value, (int)(row * 16 - 1));
        if (lane / 16 == row)
            value += before;
    }
    if (lane == WAVE - 1)
        parts[item() / WAVE] = value;
    barrier();
    for (u32 i = 0; i < item() / WAVE; i++)
        value += parts[i];
    out[group() * 256 + item()] = value;
}

// Rows of n values, one workgroup of 128 a row.
KERNEL BLOCK(128) void softmax(const float *in, float *out, u32 n)
{
    SHARED float parts[128 / WAVE];
    const float *row = in + group() * n;
    float most = -__builtin_inff();
    for (u32 i = item(); i < n; i += 128)
        most = __builtin_fmaxf(most, row[i]);
    most = block_all(most, wave_max, parts, 128 / WAVE);
    float sum = 0;
    for (u32 i = item(); i < n; i += 128)
        sum += __builtin_expf(row[i] - most);
    sum = block_all(sum, wave_sum, parts, 128 / WAVE);
    for (u32 i = item(); i < n; i += 128)
        out[group() * n + i] = __builtin_expf(row[i] - most) / sum;
}

KERNEL BLOCK(128) void layernorm(const float *in, const float *weight, float *out, u32 n)
{
    SHARED float parts[128 / WAVE];
    const float *row = in + group() * n;
    float sum = 0, squares = 0;
    for (u32 i = item(); i < n; i += 128)
        sum += row[i];
    const float mean = block_all(sum, wave_sum, parts, 128 / WAVE) / (float)n;
    for (u32 i = item(); i < n; i += 128)
        squares += (row[i] - mean) * (row[i] - mean);
    const float variance = block_all(squares, wave_sum, parts, 128 / WAVE) / (float)n;
    const float scale = 1.0f / __builtin_sqrtf(variance + 1e-5f);
    for (u32 i = item(); i < n; i += 128)
        out[group() * n + i] = (row[i] - mean) * scale * weight[i];
}
