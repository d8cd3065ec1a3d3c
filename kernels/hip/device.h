// What the kernels need of HIP and of the gfx11 instruction set, without any ROCm header: keywords, vector types, raw
// loads and stores, the workgroup barrier. Decides nothing about W4A16. Compiles with plain clang and with hipcc.
#ifndef W4_KERNELS_DEVICE_H
#define W4_KERNELS_DEVICE_H

#ifndef __global__ // clang's HIP wrapper header defines these when ROCm is installed
#define __global__ __attribute__((global))
#endif
#ifndef __device__
#define __device__ __attribute__((device))
#endif
#ifndef __shared__
#define __shared__ __attribute__((shared))
#endif
#define W4_DEVICE static inline __device__ __attribute__((always_inline))

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

typedef float f32x8 __attribute__((ext_vector_type(8)));
typedef _Float16 f16x2 __attribute__((ext_vector_type(2)));
typedef _Float16 f16x16 __attribute__((ext_vector_type(16)));
typedef short i16x2 __attribute__((ext_vector_type(2)));
typedef short i16x16 __attribute__((ext_vector_type(16)));
typedef u32 u32x2 __attribute__((ext_vector_type(2)));
typedef u32 u32x4 __attribute__((ext_vector_type(4)));
typedef u32 u32x8 __attribute__((ext_vector_type(8)));

// The same bits as another type of the same size.
template <typename To, typename From> W4_DEVICE To bits_as(From value)
{
    static_assert(sizeof(To) == sizeof(From), "same size");
    return __builtin_bit_cast(To, value);
}

// A global load of V at base + offset, where `base` is uniform (SGPRs) and `offset` the lane's 32-bit byte offset: the
// address form that costs no vector arithmetic. The address need only be aligned to ALIGN bytes: on amdhsa the memory
// pipeline accepts any alignment (SH_MEM_CONFIG unaligned mode), and LLVM emits one load whatever ALIGN says.
template <int ALIGN, typename V> struct unaligned {
    typedef V type __attribute__((aligned(ALIGN)));
};

template <typename V, int ALIGN> W4_DEVICE V global_load(u64 base, u32 offset)
{
    typedef const __attribute__((address_space(1))) u8 *bytes;
    typedef const __attribute__((address_space(1))) typename unaligned<ALIGN, V>::type *vector;
    return *(vector)((bytes)base + offset);
}

// Keeps 32-bit offsets as such where they are used: LLVM would widen them to 64 bits outside the loop, and then spend
// two vector additions on each address instead of none.
template <int COUNT> W4_DEVICE void keep_offsets(u32 (&offsets)[COUNT])
{
#pragma unroll
    for (int i = 0; i < COUNT; i++)
        __asm__("" : "+v"(offsets[i]));
}

W4_DEVICE void global_store_u16(u64 base, u32 offset, u16 value)
{
    typedef __attribute__((address_space(1))) u8 *bytes;
    typedef __attribute__((address_space(1))) u16 *halves;
    *(halves)((bytes)base + offset) = value;
}

// Waits for the wave's LDS accesses, then for every wave of the workgroup. Orders LDS only: a fence over all memory
// would also invalidate the vector cache here (WGP mode), and the kernels exchange nothing through global memory.
W4_DEVICE void workgroup_barrier()
{
    __builtin_amdgcn_fence(__ATOMIC_RELEASE, "workgroup", "local");
    __builtin_amdgcn_s_barrier();
    __builtin_amdgcn_fence(__ATOMIC_ACQUIRE, "workgroup", "local");
}

W4_DEVICE u32 min_u32(u32 a, u32 b)
{
    return a < b ? a : b;
}

#endif
