// What the corpus needs of HIP, without any ROCm header.
#ifndef CORPUS_DEVICE_H
#define CORPUS_DEVICE_H

#define KERNEL   extern "C" __attribute__((global))
#define DEVICE   static inline __attribute__((device))
#define NOINLINE static __attribute__((device, noinline))
#define SHARED   __attribute__((shared))
#define DYNAMIC  extern __attribute__((shared))
#define BLOCK(n) __attribute__((amdgpu_flat_work_group_size(n, n)))

typedef unsigned u32;
typedef unsigned short u16;
typedef unsigned char u8;
typedef unsigned long long u64;
typedef _Float16 f16;
typedef f16 f16x16 __attribute__((ext_vector_type(16)));
typedef f16 f16x8 __attribute__((ext_vector_type(8)));
typedef short i16x16 __attribute__((ext_vector_type(16)));
typedef short i16x8 __attribute__((ext_vector_type(8)));
typedef float f32x8 __attribute__((ext_vector_type(8)));
typedef float f32x4 __attribute__((ext_vector_type(4)));

#ifndef WAVE
#define WAVE 32
#endif

DEVICE u32 item()
{
    return __builtin_amdgcn_workitem_id_x();
}

DEVICE u32 group()
{
    return __builtin_amdgcn_workgroup_id_x();
}

DEVICE void barrier()
{
    __builtin_amdgcn_fence(__ATOMIC_RELEASE, "workgroup");
    __builtin_amdgcn_s_barrier();
    __builtin_amdgcn_fence(__ATOMIC_ACQUIRE, "workgroup");
}

// The value of the lane whose number differs in the bit `mask`. ds_bpermute stays within 32 lanes.
DEVICE int other_lane(int value, u32 mask)
{
    const u32 lane = __builtin_amdgcn_mbcnt_hi(~0u, __builtin_amdgcn_mbcnt_lo(~0u, 0));
#if WAVE == 64
    if (mask == 32) {
        // LLVM 22 moves the builtin into branches that its other lanes do not take.
        int other;
        __asm__ volatile("v_permlane64_b32 %0, %1" : "=v"(other) : "v"(value));
        return other;
    }
#endif
    return __builtin_amdgcn_ds_bpermute((int)((lane ^ mask) * 4), value);
}

DEVICE float other_lane(float value, u32 mask)
{
    return __builtin_bit_cast(float, other_lane(__builtin_bit_cast(int, value), mask));
}

// The lane `control` (a DPP16 row operation) away, 0 where there is none.
template <int CONTROL> DEVICE float dpp(float value)
{
    return __builtin_bit_cast(float,
                              __builtin_amdgcn_update_dpp(0, __builtin_bit_cast(int, value), CONTROL, 0xf, 0xf, true));
}

#endif
