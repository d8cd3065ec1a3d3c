// The decode kernel: M <= 8 rows of A against streamed weights, on dot products. A wave owns ROWS rows of W and walks
// along K, 32 elements a lane and step, so that its loads of packed weights are contiguous; A's piece of that step is
// shared through LDS. Sizes, pitches and launch geometry: abi.h.
#ifndef W4_KERNELS_DECODE_H
#define W4_KERNELS_DECODE_H

#include "../abi.h"
#include "element.h"

// Sum of `value` over the wave's 32 lanes, in every lane: four exchanges within rows of 16 lanes, one between the rows.
template <int MASK> W4_DEVICE float add_row_xmask(float value)
{
    int other = __builtin_amdgcn_update_dpp(0, bits_as<int>(value), 0x160 | MASK, 0xf, 0xf, true);
    return value + bits_as<float>(other);
}

W4_DEVICE float wave_sum(float value)
{
    value = add_row_xmask<1>(value);
    value = add_row_xmask<2>(value);
    value = add_row_xmask<4>(value);
    value = add_row_xmask<8>(value);
    u32 bits = bits_as<u32>(value);
    return value + bits_as<float>(__builtin_amdgcn_permlanex16(bits, bits, 0x76543210, 0xfedcba98, false, false));
}

template <typename E, int BN, int WAVES, int GROUP, bool ZERO_POINT> struct decode {
    static const int THREADS = WAVES * 32, ROWS = BN / WAVES;
    static const int LANE_K = 32, STEP_K = 32 * LANE_K; // one b128 of packed weights a lane
    static const int M_MAX = 8;
    // A lane's 32 elements of A, padded by 16 bytes: an odd multiple of 16, free of bank conflicts.
    static const int LDS_LANE = LANE_K * 2 + 16, LDS_ROW = 32 * LDS_LANE;
    static const int A_ROW_VECTORS = STEP_K / 8;

    static_assert(GROUP % LANE_K == 0, "a lane's piece lies within one group");
    static_assert(ROWS * WAVES == BN && M_MAX * ROWS <= 32, "one lane stores one result");

    // Copies A[0..M)[k0..k0 + STEP_K) to LDS. Rows behind the last one repeat it; elements behind K are neither read
    // nor, later, used.
    template <int M> W4_DEVICE void stage(const w4_gemm_args &args, u32 thread, u32 k0, u8 *lds)
    {
#pragma unroll
        for (int i = 0; i < (M * A_ROW_VECTORS + THREADS - 1) / THREADS; i++) {
            u32 vector = thread + i * THREADS, row = vector / A_ROW_VECTORS, column = vector % A_ROW_VECTORS;
            if (row >= M || k0 + column * 8 >= args.k)
                continue;
            u32 offset = (min_u32(row, args.m - 1) * args.a_pitch + column * 8) * 2;
            u32x4 a = global_load<u32x4, 2>(args.a + (u64)k0 * 2, offset);
            *(u32x4 *)(lds + row * LDS_ROW + column / 4 * LDS_LANE + column % 4 * 16) = a;
        }
    }

    struct weights {
        u32x4 words;
        u16 scale, zero;
    };

    // Row `n` (uniform) at k0; the lane's k is clamped into the row.
    W4_DEVICE weights load(const w4_gemm_args &args, u32 n, u32 k)
    {
        weights w;
        u32 group_offset = k / GROUP * 2;
        w.words = global_load<u32x4, 4>(args.w + (u64)n * args.w_pitch * 4, k / 2);
        w.scale = global_load<u16, 2>(args.scales + (u64)n * args.scale_pitch * 2, group_offset);
        w.zero = ZERO_POINT ? global_load<u16, 2>(args.zeros + (u64)n * args.scale_pitch * 2, group_offset) : E::EIGHT;
        return w;
    }

    // sum += scale * (q - z) . a over the lane's 32 elements; q - z is exact, so w itself is not rounded.
    template <int M> W4_DEVICE void accumulate(const weights (&w)[ROWS], const u8 *lds, float (&sum)[M][ROWS])
    {
        float dot[M][ROWS] = {};
#pragma unroll
        for (int word = 0; word < LANE_K / 8; word++) {
            u32x4 q[ROWS];
#pragma unroll
            for (int r = 0; r < ROWS; r++)
                q[r] = E::unpack(w[r].words[word], w[r].zero);
#pragma unroll
            for (int m = 0; m < M; m++) {
                u32x4 a = *(const u32x4 *)(lds + m * LDS_ROW + word * 16);
#pragma unroll
                for (int r = 0; r < ROWS; r++)
#pragma unroll
                    for (int pair = 0; pair < 4; pair++)
                        dot[m][r] = E::dot2(a[pair], q[r][pair], dot[m][r]);
            }
        }
#pragma unroll
        for (int m = 0; m < M; m++)
#pragma unroll
            for (int r = 0; r < ROWS; r++)
                sum[m][r] = __builtin_fmaf(dot[m][r], E::to_f32(w[r].scale), sum[m][r]);
    }

    // Lane i of the wave stores result i: row i / ROWS of C, column n0 + i % ROWS.
    template <int M> W4_DEVICE void store(const w4_gemm_args &args, u32 n0, u32 lane, float (&sum)[M][ROWS])
    {
        float mine = 0;
#pragma unroll
        for (int i = 0; i < M * ROWS; i++) {
            float total = wave_sum(sum[i / ROWS][i % ROWS]);
            mine = lane == (u32)i ? total : mine;
        }
        u32 rows = W4_FAULT == W4_FAULT_MISSED_TAIL_ROW ? args.m - 1 : args.m;
        u32 row = lane / ROWS, column = lane % ROWS;
        if (lane < M * ROWS && row < rows && n0 + column < args.n)
            global_store_u16(args.c + (u64)n0 * 2, (row * args.c_pitch + column) * 2, E::from_f32(mine));
    }

    template <int M> W4_DEVICE void run_rows(const w4_gemm_args &args, u8 *lds)
    {
        u32 thread = __builtin_amdgcn_workitem_id_x(), lane = thread % 32;
        u32 wave = __builtin_amdgcn_readfirstlane(thread / 32);
        u32 n0 = __builtin_amdgcn_workgroup_id_y() * BN + wave * ROWS;
        float sum[M][ROWS] = {};
#pragma nounroll
        for (u32 k0 = 0; k0 < args.k; k0 += STEP_K) {
            u32 k = k0 + lane * LANE_K;
            weights w[ROWS];
#pragma unroll
            for (int r = 0; r < ROWS; r++)
                w[r] = load(args, min_u32(n0 + r, args.n - 1), min_u32(k, args.k - LANE_K));
            workgroup_barrier(); // the previous step's A is used up
            stage<M>(args, thread, k0, lds);
            workgroup_barrier();
            if (k < args.k)
                accumulate<M>(w, lds + lane * LDS_LANE, sum);
        }
        store<M>(args, n0, lane, sum);
    }

    W4_DEVICE void run(const w4_gemm_args &args)
    {
        __shared__ __attribute__((aligned(16))) u8 lds[M_MAX * LDS_ROW];
        if (args.m == 1)
            run_rows<1>(args, lds);
        else if (args.m == 2)
            run_rows<2>(args, lds);
        else if (args.m <= 4)
            run_rows<4>(args, lds);
        else if (args.m <= M_MAX)
            run_rows<M_MAX>(args, lds);
    }
};

#endif
