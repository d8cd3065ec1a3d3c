// The argument blocks of the validation's own HIP kernels, shared by device code and host.
#ifndef W4_VALIDATION_STREAMS_H
#define W4_VALIDATION_STREAMS_H

#include "../../kernels/abi.h"

// w4_row_stride: C[M,N] = A[M,K] B[N,K]^T, fp16. M and N are multiples of W4_ROW_STRIDE_TILE, K of W4_ROW_STRIDE_K;
// strides in bytes from a row to the next. Grid M / tile, N / tile; block 128.
struct w4_row_stride_args {
    w4_abi_u64 a, b, c;
    w4_abi_u32 k;
    w4_abi_u32 a_stride, b_stride, c_stride;
};
enum {
    W4_ROW_STRIDE_TILE = 64,
    W4_ROW_STRIDE_K = 64,
    W4_ROW_STRIDE_THREADS = 128,
    W4_ROW_STRIDE_A_PADDING = 256 // bytes: the next row of A starts one memory channel further
};

// w4_read: every workgroup reads its part of bytes_a_group, a multiple of W4_READ_STEP, `passes` times. Block 256.
struct w4_read_args {
    w4_abi_u64 data, result; // result: one dword a thread
    w4_abi_u32 bytes_a_group, passes;
};
enum { W4_READ_THREADS = 256, W4_READ_UNROLL = 8, W4_READ_STEP = W4_READ_THREADS * 16 * W4_READ_UNROLL };

#endif
