// Names and instances of a row of variants.def: the build defines W4_BM, W4_BN, W4_BK, W4_WAVES, W4_UNROLL_K and
// W4_GROUPS (an or of group sizes), and W4_INSTANCES(X) becomes X(type, group size, zero-point tag, has zero points)
// for each kernel.
#ifndef W4_KERNELS_INSTANCES_H
#define W4_KERNELS_INSTANCES_H

#define W4_SYMBOL_(family, bm, bn, bk, waves, unroll, type, group, zero)                                               \
    w4_##family##_##bm##x##bn##x##bk##_w##waves##_u##unroll##_##type##_g##group##_##zero
#define W4_SYMBOL(...) W4_SYMBOL_(__VA_ARGS__)

// The head of a kernel's definition; its argument is `args`.
#define W4_ENTRY(family, type, group, zero)                                                                            \
    extern "C" __global__ __attribute__((amdgpu_flat_work_group_size(W4_WAVES * 32, W4_WAVES * 32))) void W4_SYMBOL(   \
        family, W4_BM, W4_BN, W4_BK, W4_WAVES, W4_UNROLL_K, type, group, zero)(struct w4_gemm_args args)

#define W4_GROUP(X, group)                                                                                             \
    X(fp16, group, sym, false)                                                                                         \
    X(fp16, group, zp, true)                                                                                           \
    X(bf16, group, sym, false)                                                                                         \
    X(bf16, group, zp, true)

#if (W4_GROUPS) & 32
#define W4_GROUP_32(X) W4_GROUP(X, 32)
#else
#define W4_GROUP_32(X)
#endif
#if (W4_GROUPS) & 64
#define W4_GROUP_64(X) W4_GROUP(X, 64)
#else
#define W4_GROUP_64(X)
#endif
#if (W4_GROUPS) & 128
#define W4_GROUP_128(X) W4_GROUP(X, 128)
#else
#define W4_GROUP_128(X)
#endif
#if (W4_GROUPS) & 256
#define W4_GROUP_256(X) W4_GROUP(X, 256)
#else
#define W4_GROUP_256(X)
#endif

#define W4_INSTANCES(X) W4_GROUP_32(X) W4_GROUP_64(X) W4_GROUP_128(X) W4_GROUP_256(X)

#endif
