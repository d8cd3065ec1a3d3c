// The kernels of one prefill tile: both element types, with and without zero points, for the group sizes that the build
// asks for. The build compiles this file once a row of variants.def, with W4_BM, W4_BN, W4_BK, W4_WAVES, W4_UNROLL_K and
// W4_GROUPS (an or of group sizes) defined.
#include "prefill.h"

#define W4_NAME_(bm, bn, bk, waves, unroll, type, group, zero)                                                         \
    w4_prefill_##bm##x##bn##x##bk##_w##waves##_u##unroll##_##type##_g##group##_##zero
#define W4_NAME(...) W4_NAME_(__VA_ARGS__)

#define W4_KERNEL(type, group, zero, has_zero)                                                                         \
    extern "C" __global__ __attribute__((amdgpu_flat_work_group_size(W4_WAVES * 32, W4_WAVES * 32))) void W4_NAME(     \
        W4_BM, W4_BN, W4_BK, W4_WAVES, W4_UNROLL_K, type, group, zero)(struct w4_gemm_args args)                       \
    {                                                                                                                  \
        prefill<type, W4_BM, W4_BN, W4_BK, W4_WAVES, W4_UNROLL_K, group, has_zero>::run(args);                         \
    }

#define W4_KERNELS(group)                                                                                              \
    W4_KERNEL(fp16, group, sym, false)                                                                                 \
    W4_KERNEL(fp16, group, zp, true)                                                                                   \
    W4_KERNEL(bf16, group, sym, false)                                                                                 \
    W4_KERNEL(bf16, group, zp, true)

#if (W4_GROUPS) & 32
W4_KERNELS(32)
#endif
#if (W4_GROUPS) & 64
W4_KERNELS(64)
#endif
#if (W4_GROUPS) & 128
W4_KERNELS(128)
#endif
#if (W4_GROUPS) & 256
W4_KERNELS(256)
#endif
