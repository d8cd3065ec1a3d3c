// A plain WMMA GEMM whose rows of B lie a given number of bytes apart, for data/gfx1151_row_stride.csv. The published
// kernel is not known; its 7-14 TFLOPS say that memory feeds it. So does it feed this one: every wave reads its
// fragments straight from memory, no LDS, a tile of 2 x 2 fragments; a step along K is one 128-byte line of each row.
// Only ratios between strides are compared.
#include "../../kernels/hip/element.h"

#include "streams.h"

static const int FRAGMENT = 16, STEP = 4; // fragments along K in a step

struct line {
    u32x8 row[STEP];
};

// The lane's row of STEP 16 x 16 fragments: 64 elements along K.
W4_DEVICE line load_line(u64 base, u32 offset)
{
    line out;
#pragma unroll
    for (int i = 0; i < STEP; i++) {
        u32x4 low = global_load<u32x4, 16>(base + 32 * i, offset);
        u32x4 high = global_load<u32x4, 16>(base + 32 * i + 16, offset);
        out.row[i] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
    }
    return out;
}

// Row i of the wave's half of C: VGPR i of a lane is row 2 i + lane / 16, column lane % 16.
W4_DEVICE void store_fragment(u64 base, u32 stride, u32 lane, f32x8 c)
{
#pragma unroll
    for (int i = 0; i < 8; i++)
        global_store_u16(base, (2 * i + lane / 16) * stride + lane % 16 * 2, fp16::from_f32(c[i]));
}

extern "C" __global__ __attribute__((amdgpu_flat_work_group_size(W4_ROW_STRIDE_THREADS, W4_ROW_STRIDE_THREADS))) void
w4_row_stride(struct w4_row_stride_args args)
{
    u32 thread = __builtin_amdgcn_workitem_id_x(), lane = thread % 32;
    u32 wave = __builtin_amdgcn_readfirstlane(thread / 32);
    u32 m0 = __builtin_amdgcn_workgroup_id_x() * W4_ROW_STRIDE_TILE + wave / 2 * 32;
    u32 n0 = __builtin_amdgcn_workgroup_id_y() * W4_ROW_STRIDE_TILE + wave % 2 * 32;
    u64 a = args.a + (u64)m0 * args.a_stride, b = args.b + (u64)n0 * args.b_stride;
    u32 a_offsets[2] = {lane % 16 * args.a_stride, (16 + lane % 16) * args.a_stride};
    u32 b_offsets[2] = {lane % 16 * args.b_stride, (16 + lane % 16) * args.b_stride};
    f32x8 c[2][2] = {};
#pragma nounroll
    for (u32 k = 0; k < args.k; k += FRAGMENT * STEP) {
        keep_offsets(a_offsets);
        keep_offsets(b_offsets);
        line a_line[2], b_line[2];
#pragma unroll
        for (int i = 0; i < 2; i++) {
            a_line[i] = load_line(a, a_offsets[i]);
            b_line[i] = load_line(b, b_offsets[i]);
        }
#pragma unroll
        for (int step = 0; step < STEP; step++)
#pragma unroll
            for (int i = 0; i < 2; i++)
#pragma unroll
                for (int j = 0; j < 2; j++)
                    c[i][j] = fp16::wmma(a_line[i].row[step], b_line[j].row[step], c[i][j]);
        a += FRAGMENT * STEP * 2;
        b += FRAGMENT * STEP * 2;
    }
#pragma unroll
    for (int i = 0; i < 2; i++)
#pragma unroll
        for (int j = 0; j < 2; j++)
            store_fragment(args.c + (u64)(m0 + 16 * i) * args.c_stride + (n0 + 16 * j) * 2, args.c_stride, lane,
                           c[i][j]);
}
