// Matrix products: WMMA with LDS in two stages, dot products of bytes, split-K with a counter.
#include "device.h"

#if WAVE == 32
// C[64 x 64] += A[64 x K] * B[64 x K]^T: four waves of 32 x 32, K in slabs of 32, two LDS stages.
template <typename T16, typename T8, f32x8 (*MULTIPLY)(T16, T16, f32x8)>
DEVICE void gemm(const u16 *a, const u16 *b, float *c, u32 n, u32 k)
{
    enum { TILE = 64, SLAB = 32, PITCH = SLAB + 8 };
    SHARED u16 stage[2][2][TILE][PITCH];
    const u32 tiles = n / TILE;
    const u32 top = group() / tiles * TILE, left = group() % tiles * TILE;
    const u32 wave = item() / 32, lane = item() % 32;
    const u32 row = item() / 2, part = item() % 2 * 16;
    f32x8 sum[2][2] = {};
    T8 next[4];
    auto fetch = [&](u32 at) {
        const T8 *from_a = (const T8 *)(a + (top + row) * k + at + part);
        const T8 *from_b = (const T8 *)(b + (left + row) * k + at + part);
        next[0] = from_a[0], next[1] = from_a[1], next[2] = from_b[0], next[3] = from_b[1];
    };
    auto put = [&](u32 s) {
        *(T8 *)&stage[s][0][row][part] = next[0], *(T8 *)&stage[s][0][row][part + 8] = next[1];
        *(T8 *)&stage[s][1][row][part] = next[2], *(T8 *)&stage[s][1][row][part + 8] = next[3];
    };
    fetch(0);
    put(0);
    barrier();
    for (u32 at = 0, s = 0; at < k; at += SLAB, s ^= 1) {
        if (at + SLAB < k)
            fetch(at + SLAB);
        for (u32 step = 0; step < SLAB; step += 16) {
            T16 fa[2], fb[2];
            for (u32 i = 0; i < 2; i++) {
                const u16 *ra = &stage[s][0][wave / 2 * 32 + i * 16 + lane % 16][step];
                const u16 *rb = &stage[s][1][wave % 2 * 32 + i * 16 + lane % 16][step];
                __builtin_memcpy(&fa[i], ra, 32);
                __builtin_memcpy(&fb[i], rb, 32);
            }
            for (u32 i = 0; i < 2; i++)
                for (u32 j = 0; j < 2; j++)
                    sum[i][j] = MULTIPLY(fa[i], fb[j], sum[i][j]);
        }
        if (at + SLAB < k)
            put(s ^ 1);
        barrier();
    }
    for (u32 i = 0; i < 2; i++)
        for (u32 j = 0; j < 2; j++)
            for (u32 e = 0; e < 8; e++)
                c[(top + wave / 2 * 32 + i * 16 + 2 * e + lane / 16) * n + left + wave % 2 * 32 + j * 16 + lane % 16] =
                    sum[i][j][e];
}

DEVICE f32x8 multiply_f16(f16x16 a, f16x16 b, f32x8 c)
{
    return __builtin_amdgcn_wmma_f32_16x16x16_f16_w32(a, b, c);
}

DEVICE f32x8 multiply_bf16(i16x16 a, i16x16 b, f32x8 c)
{
    return __builtin_amdgcn_wmma_f32_16x16x16_bf16_w32(a, b, c);
}

KERNEL BLOCK(128) void gemm_f16(const u16 *a, const u16 *b, float *c, u32 n, u32 k)
{
    gemm<f16x16, f16x8, multiply_f16>(a, b, c, n, k);
}

KERNEL BLOCK(128) void gemm_bf16(const u16 *a, const u16 *b, float *c, u32 n, u32 k)
{
    gemm<i16x16, i16x8, multiply_bf16>(a, b, c, n, k);
}
#endif

// y[row] = W[row, k] * x[k] in signed bytes, a wave a row.
KERNEL BLOCK(128) void gemv_int8(const u32 *w, const u32 *x, int *y, u32 words)
{
    const u32 row = group() * (128 / WAVE) + item() / WAVE;
    int sum = 0;
    for (u32 i = item() % WAVE; i < words; i += WAVE)
        sum = __builtin_amdgcn_sudot4(true, (int)w[row * words + i], true, (int)x[i], sum, false);
    for (u32 mask = 1; mask < WAVE; mask *= 2)
        sum += other_lane(sum, mask);
    if (item() % WAVE == 0)
        y[row] = sum;
}

// Sums of `parts` slices: every workgroup writes its slice's sums, and the one that counts last adds them up.
KERNEL BLOCK(64) void split(const float *in, float *partial, u32 *counter, float *out, u32 parts, u32 rows)
{
    SHARED u32 arrived;
    const u32 slice = group();
    float sum = 0;
    for (u32 i = 0; i < rows; i++)
        sum += in[(slice * rows + i) * 64 + item()];
    partial[slice * 64 + item()] = sum;
    __builtin_amdgcn_fence(__ATOMIC_RELEASE, "agent");
    barrier();
    if (item() == 0)
        arrived = __scoped_atomic_fetch_add(counter, 1u, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
    barrier();
    if (arrived != parts - 1)
        return;
    __builtin_amdgcn_fence(__ATOMIC_ACQUIRE, "agent");
    float all = 0;
    for (u32 i = 0; i < parts; i++)
        all += partial[i * 64 + item()];
    out[item()] = all;
}

#if WAVE == 32
// The 16-bit product of one WMMA is an operand of the next: the compiler must put a v_nop between.
KERNEL BLOCK(32) void chain(const u16 *a, const u16 *b, float *c)
{
    f16x16 fa, fb, product = {};
    __builtin_memcpy(&fa, a + item() % 16 * 16, 32);
    __builtin_memcpy(&fb, b + item() % 16 * 16, 32);
    product = __builtin_amdgcn_wmma_f16_16x16x16_f16_w32(fa, fb, product, false);
    const f32x8 zero = {};
    const f32x8 sum = __builtin_amdgcn_wmma_f32_16x16x16_f16_w32(product, fb, zero);
    for (u32 e = 0; e < 8; e++)
        c[e * 32 + item()] = sum[e];
}
#endif
