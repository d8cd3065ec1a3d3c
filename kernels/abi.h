// The argument block of the suite's HIP kernels, shared by the device code and the host. One struct by value: the
// kernarg segment begins with it. Kernels of other tools take the same values in another order (convention.h).
//
// C[M,N] = A[M,K] * W[N,K]^T. A, C: row-major 16-bit floats. W: 4-bit, packed eight to a 32-bit word along K (ExLlama
// shuffle, see reference/pack.h). scales, zeros: [N, K/G], 16-bit floats of A's type. All pitches are in elements of
// the operand (words for W), from one row to the next.
#ifndef W4_KERNELS_ABI_H
#define W4_KERNELS_ABI_H

#ifdef __HIP__
typedef unsigned int w4_abi_u32;
typedef unsigned long long w4_abi_u64;
#else
#include <stdint.h>
typedef uint32_t w4_abi_u32;
typedef uint64_t w4_abi_u64;
#endif

struct w4_gemm_args {
    w4_abi_u64 a;      // device address of A
    w4_abi_u64 w;      // of the packed weights
    w4_abi_u64 scales; // of the scales
    w4_abi_u64 zeros;  // of the zero points; 0 when symmetric
    w4_abi_u64 c;      // of C
    w4_abi_u32 m, n, k;
    w4_abi_u32 a_pitch;     // elements, >= k
    w4_abi_u32 w_pitch;     // 32-bit words, >= k / 8
    w4_abi_u32 scale_pitch; // elements, >= k / G; zeros use the same
    w4_abi_u32 c_pitch;     // elements, >= n
    w4_abi_u32 reserved;    // 0
};

// Largest pitch: a workgroup reaches its rows (at most 256) by 32-bit byte offsets from the first one. Offsets of whole
// workgroups are 64 bits wide, so M * K and N * K are not bound by this. Bases and rows need only be aligned to an
// element (W: to a word).
#define W4_PITCH_MAX (1u << 22)

_Static_assert(sizeof(struct w4_gemm_args) == 72, "kernarg layout");

// Launch geometry: blockIdx.x counts M tiles (ceil(m / BM)), blockIdx.y counts N tiles (ceil(n / BN)); block = waves *
// 32 threads. Hence the linear workgroup id is m_tile + n_tile * m_tiles.

#endif
