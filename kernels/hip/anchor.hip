// Two kernels that no change of this suite touches: one bound by WMMA issue, one by memory reads. They are measured
// beside every case, so that a night on which the machine was slower can be told from one on which a kernel was.
// FROZEN: a change here makes every stored anchor time meaningless. Add another anchor instead.
#include "device.h"

#include "../anchor.h"

#define ANCHOR extern "C" __global__ __attribute__((amdgpu_flat_work_group_size(W4_ANCHOR_THREADS, W4_ANCHOR_THREADS)))

// Eight independent accumulators a wave; the operands differ from lane to lane as real ones do: row r of A holds
// (1 + r) / 16, column c of B holds (1 + c) / 8, so that each WMMA adds (1 + r) (1 + c) / 8 to C[r][c].
ANCHOR void w4_anchor_wmma(struct w4_anchor_args args)
{
    const u32 lane = __builtin_amdgcn_workitem_id_x() % 16;
    f16x16 a, b;
    f32x8 c[8] = {};
#pragma unroll
    for (int i = 0; i < 16; i++) {
        a[i] = (_Float16)((float)(1 + lane) / 16);
        b[i] = (_Float16)((float)(1 + lane) / 8);
    }
    for (u32 i = 0; i < args.count; i++) {
#pragma unroll
        for (int j = 0; j < 8; j++)
            c[j] = __builtin_amdgcn_wmma_f32_16x16x16_f16_w32(a, b, c[j]);
    }
    float sum = 0;
#pragma unroll
    for (int j = 0; j < 8; j++)
#pragma unroll
        for (int i = 0; i < 8; i++)
            sum += c[j][i];
    const u32 thread = __builtin_amdgcn_workgroup_id_x() * W4_ANCHOR_THREADS + __builtin_amdgcn_workitem_id_x();
    ((float *)args.out)[thread] = sum;
}

// Every thread reads 16 bytes at a time, four at once, and keeps their sum.
ANCHOR void w4_anchor_bandwidth(struct w4_anchor_args args)
{
    const u32 round_bytes = W4_ANCHOR_READ_WORKGROUPS * W4_ANCHOR_THREADS * sizeof(u32x4);
    const u32 thread = __builtin_amdgcn_workgroup_id_x() * W4_ANCHOR_THREADS + __builtin_amdgcn_workitem_id_x();
    u32x4 sum = {};
    for (u32 i = 0; i < args.count; i++) {
        const u64 base = args.in + (u64)i * 4 * round_bytes;
        u32x4 words[4];
#pragma unroll
        for (int j = 0; j < 4; j++)
            words[j] = global_load<u32x4, 16>(base + (u64)j * round_bytes, thread * (u32)sizeof(u32x4));
#pragma unroll
        for (int j = 0; j < 4; j++)
            sum += words[j];
    }
    ((u32 *)args.out)[thread] = sum[0] + sum[1] + sum[2] + sum[3];
}
