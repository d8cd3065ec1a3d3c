// Reads memory and nothing else, for the bandwidth of a level.
#include "../../kernels/hip/device.h"

#include "streams.h"

extern "C" __global__ __attribute__((amdgpu_flat_work_group_size(W4_READ_THREADS, W4_READ_THREADS))) void
w4_read(struct w4_read_args args)
{
    u32 thread = __builtin_amdgcn_workitem_id_x(), group = __builtin_amdgcn_workgroup_id_x();
    u64 base = args.data + (u64)group * args.bytes_a_group;
    u32x4 sum = {};
    for (u32 pass = 0; pass < args.passes; pass++) {
#pragma nounroll
        for (u32 at = 0; at < args.bytes_a_group; at += W4_READ_STEP) {
            u32x4 part[W4_READ_UNROLL];
#pragma unroll
            for (int i = 0; i < W4_READ_UNROLL; i++)
                part[i] = global_load<u32x4, 16>(base + at, (i * W4_READ_THREADS + thread) * 16);
#pragma unroll
            for (int i = 0; i < W4_READ_UNROLL; i++)
                sum ^= part[i];
        }
    }
    typedef __attribute__((address_space(1))) u32 *words;
    ((words)args.result)[group * W4_READ_THREADS + thread] = sum.x ^ sum.y ^ sum.z ^ sum.w;
}
