// Arguments and geometry of the two anchor kernels (hip/anchor.hip), shared by the device code and the host.
#ifndef W4_KERNELS_ANCHOR_H
#define W4_KERNELS_ANCHOR_H

#include "abi.h"

struct w4_anchor_args {
    w4_abi_u64 in;    // bandwidth: what is read; wmma: unused
    w4_abi_u64 out;   // one 32-bit word a thread
    w4_abi_u32 count; // wmma: iterations of 8 WMMAs a wave; bandwidth: rounds of W4_ANCHOR_ROUND_BYTES
    w4_abi_u32 reserved;
};

_Static_assert(sizeof(struct w4_anchor_args) == 24, "kernarg layout");

enum {
    W4_ANCHOR_THREADS = 256,         // a workgroup
    W4_ANCHOR_WMMA_WORKGROUPS = 160, // 8 waves each: 16 on each of gfx1151's 80 SIMDs
    W4_ANCHOR_READ_WORKGROUPS = 160, // 1280 waves too, each with 4 * 512 bytes in flight
    W4_ANCHOR_ROUND_BYTES = 4 * 16 * W4_ANCHOR_READ_WORKGROUPS * W4_ANCHOR_THREADS,
    W4_ANCHOR_WMMA_ITERATIONS = 1000, // 16 waves * 8000 WMMAs * 34 cycles: 1.5 ms at 2.9 GHz
};

#endif
