// The prefill family: C = A * W^T on WMMA, one tile of BM x BN a workgroup, K tiles of BK staged through LDS. Weights
// are dequantised to 16 bits in registers on their way into LDS. No software pipeline: load, stage, barrier, multiply,
// barrier. Sizes, pitches and launch geometry: abi.h. Decides nothing about which tile a shape gets (heuristics do).
#ifndef W4_KERNELS_PREFILL_H
#define W4_KERNELS_PREFILL_H

#include "../abi.h"
#include "element.h"

// Waves along M for a workgroup of `waves`: the split whose wave tile reads the fewest fragments a K step.
constexpr int prefill_waves_m(int bm, int bn, int waves)
{
    int best = 0, best_edge = 0;
    for (int wm = 1; wm <= waves; wm *= 2) {
        int wn = waves / wm;
        if (bm % (16 * wm) != 0 || bn % (16 * wn) != 0)
            continue;
        int edge = bm / wm + bn / wn;
        if (best == 0 || edge < best_edge) {
            best = wm;
            best_edge = edge;
        }
    }
    return best;
}

// Dwords of a load: the largest power of two up to 4 (a b128) within a thread's share, at least 1.
constexpr int load_width(int share)
{
    return share >= 4 ? 4 : share >= 2 ? 2 : 1;
}

template <typename E, int BM, int BN, int BK, int WAVES, int UNROLL_K, int GROUP, bool ZERO_POINT> struct prefill {
    static const int THREADS = WAVES * 32;
    // An LDS row of BK elements is padded by 16 bytes: its pitch is then an odd multiple of the 16 bytes that a lane
    // reads or writes, which spreads the 16 rows of a fragment over all banks.
    static const int LDS_PITCH = BK * 2 + 16; // bytes
    static const int LDS_W = BM * LDS_PITCH;  // W's tile lies behind A's
    static const int LDS_BYTES = (BM + BN) * LDS_PITCH;

    static const int WAVES_M = prefill_waves_m(BM, BN, WAVES), WAVES_N = WAVES / WAVES_M;
    static const int TILES_M = BM / WAVES_M / 16, TILES_N = BN / WAVES_N / 16; // 16 x 16 tiles of a wave

    // Both operands are loaded row by row over the threads, in vectors of up to 16 bytes: A_WIDTH dwords of two
    // elements, W_WIDTH words of eight. In a tile with fewer words than threads, the last threads stage no weights.
    static const int A_WIDTH = load_width(BM * BK / 2 / THREADS), W_WIDTH = load_width(BN * BK / 8 / THREADS);
    static const int A_VECTORS = BM * BK / 2 / A_WIDTH / THREADS, A_ROW_VECTORS = BK / 2 / A_WIDTH;
    static const int W_TILE_VECTORS = BN * BK / 8 / W_WIDTH, W_ROW_VECTORS = BK / 8 / W_WIDTH;
    static const int W_VECTORS = (W_TILE_VECTORS + THREADS - 1) / THREADS;
    typedef u32 a_vector __attribute__((ext_vector_type(A_WIDTH)));
    typedef u32 w_vector __attribute__((ext_vector_type(W_WIDTH)));

    static_assert(BK % 16 == 0 && GROUP % BK == 0, "a K tile lies within one group");
    static_assert(WAVES_M > 0, "16 x 16 tiles divide among the waves");
    static_assert(A_VECTORS * A_WIDTH * THREADS * 2 == BM * BK, "A divides among the threads");
    static_assert(W_TILE_VECTORS % THREADS == 0 || W_VECTORS == 1, "W divides among the threads");
    static_assert(LDS_BYTES <= 65536, "LDS of a workgroup");

    // Where a thread's loads come from (byte offsets from the tile's first row) and go to in LDS. Rows behind the last
    // one are read from the last one instead: their products land in rows and columns of C that nobody writes.
    struct sources {
        u32 a[A_VECTORS], w[W_VECTORS], scale[W_VECTORS];
        u32 a_lds[A_VECTORS], w_lds[W_VECTORS];
    };

    struct bases { // uniform
        u64 a, w, scales, zeros;
    };

    W4_DEVICE sources find_sources(const w4_gemm_args &args, u32 m0, u32 n0, u32 thread)
    {
        sources s;
#pragma unroll
        for (int i = 0; i < A_VECTORS; i++) {
            u32 vector = thread + i * THREADS, row = vector / A_ROW_VECTORS, column = vector % A_ROW_VECTORS;
            s.a[i] = min_u32(row, args.m - 1 - m0) * args.a_pitch * 2 + column * (A_WIDTH * 4);
            s.a_lds[i] = row * LDS_PITCH + column * (A_WIDTH * 4);
        }
#pragma unroll
        for (int i = 0; i < W_VECTORS; i++) {
            u32 vector = thread + i * THREADS, row = vector / W_ROW_VECTORS, column = vector % W_ROW_VECTORS;
            u32 row_read = min_u32(row, args.n - 1 - n0);
            s.w[i] = row_read * args.w_pitch * 4 + column * (W_WIDTH * 4);
            s.scale[i] = row_read * args.scale_pitch * 2;
            s.w_lds[i] = LDS_W + row * LDS_PITCH + column * (W_WIDTH * 16);
        }
        return s;
    }

    // Loads the K tile at k and writes it to LDS, weights as 16-bit elements.
    W4_DEVICE void stage(const bases &b, sources &s, u32 k, u8 *lds)
    {
        keep_offsets(s.a);
        keep_offsets(s.w);
        keep_offsets(s.scale);
        a_vector a[A_VECTORS];
        w_vector w[W_VECTORS];
        u16 scale[W_VECTORS], zero[W_VECTORS];
        u64 group_offset = k / GROUP * 2;
#pragma unroll
        for (int i = 0; i < W_VECTORS; i++) {
            scale[i] = global_load<u16, 2>(b.scales + group_offset, s.scale[i]);
            zero[i] = ZERO_POINT ? global_load<u16, 2>(b.zeros + group_offset, s.scale[i]) : E::EIGHT;
        }
#pragma unroll
        for (int i = 0; i < W_VECTORS; i++)
            w[i] = global_load<w_vector, 4>(b.w + k / 2, s.w[i]);
#pragma unroll
        for (int i = 0; i < A_VECTORS; i++)
            a[i] = global_load<a_vector, 2>(b.a + (u64)k * 2, s.a[i]);

#pragma unroll
        for (int i = 0; i < W_VECTORS; i++) {
            if (W_TILE_VECTORS < THREADS && s.w_lds[i] >= LDS_BYTES)
                continue; // no row of the tile
            typename E::group g = E::make_group(scale[i], zero[i]);
#pragma unroll
            for (int word = 0; word < W_WIDTH; word++)
                *(u32x4 *)(lds + s.w_lds[i] + word * 16) = E::dequantise(w[i][word], g);
        }
#pragma unroll
        for (int i = 0; i < A_VECTORS; i++)
            *(a_vector *)(lds + s.a_lds[i]) = a[i];
    }

    // A fragment of 16 rows by 16 k: a lane holds row lane % 16; both halves of the wave read the same.
    W4_DEVICE u32x8 fragment(const u8 *lds, u32 offset)
    {
        u32x4 low = *(const u32x4 *)(lds + offset), high = *(const u32x4 *)(lds + offset + 16);
        return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
    }

    W4_DEVICE void multiply(const u8 *lds, u32 a_offset, u32 w_offset, f32x8 (&acc)[TILES_M][TILES_N])
    {
#pragma unroll
        for (int step = 0; step < BK / 16; step++) {
            u32x8 a[TILES_M], w[TILES_N];
#pragma unroll
            for (int i = 0; i < TILES_M; i++)
                a[i] = fragment(lds, a_offset + i * 16 * LDS_PITCH + step * 32);
#pragma unroll
            for (int j = 0; j < TILES_N; j++)
                w[j] = fragment(lds, w_offset + j * 16 * LDS_PITCH + step * 32);
#pragma unroll
            for (int i = 0; i < TILES_M; i++)
#pragma unroll
                for (int j = 0; j < TILES_N; j++)
                    acc[i][j] = E::wmma(a[i], w[j], acc[i][j]);
        }
    }

    W4_DEVICE void k_tile(const bases &b, sources &s, u32 k, u8 *lds, u32 a_offset, u32 w_offset,
                          f32x8 (&acc)[TILES_M][TILES_N])
    {
        stage(b, s, k, lds);
        workgroup_barrier();
        multiply(lds, a_offset, w_offset, acc);
        workgroup_barrier();
    }

    // Element e of a 16 x 16 accumulator is row 2 * e + lane / 16, column lane % 16.
    W4_DEVICE void store(const w4_gemm_args &args, u32 m0, u32 n0, u32 row0, u32 column0,
                         f32x8 (&acc)[TILES_M][TILES_N])
    {
        u32 rows = W4_FAULT == W4_FAULT_MISSED_TAIL_ROW ? args.m - 1 : args.m;
        u64 base = args.c + ((u64)m0 * args.c_pitch + n0) * 2;
#pragma unroll
        for (int i = 0; i < TILES_M; i++) {
#pragma unroll
            for (int e = 0; e < 8; e++) {
                u32 row = row0 + i * 16 + e * 2;
                if (m0 + row >= rows)
                    continue;
#pragma unroll
                for (int j = 0; j < TILES_N; j++) {
                    u32 column = column0 + j * 16;
                    if (n0 + column < args.n)
                        global_store_u16(base, (row * args.c_pitch + column) * 2, E::from_f32(acc[i][j][e]));
                }
            }
        }
    }

    W4_DEVICE void run(const w4_gemm_args &args)
    {
        __shared__ __attribute__((aligned(16))) u8 lds[LDS_BYTES];
        u32 thread = __builtin_amdgcn_workitem_id_x(), lane = thread % 32;
        u32 wave = __builtin_amdgcn_readfirstlane(thread / 32);
        u32 m0 = __builtin_amdgcn_workgroup_id_x() * BM, n0 = __builtin_amdgcn_workgroup_id_y() * BN;
        u32 wave_m = wave % WAVES_M * (BM / WAVES_M), wave_n = wave / WAVES_M * (BN / WAVES_N);

        sources s = find_sources(args, m0, n0, thread);
        bases b = {args.a + (u64)m0 * args.a_pitch * 2, args.w + (u64)n0 * args.w_pitch * 4,
                   args.scales + (u64)n0 * args.scale_pitch * 2, args.zeros + (u64)n0 * args.scale_pitch * 2};
        u32 a_offset = (wave_m + lane % 16) * LDS_PITCH, w_offset = LDS_W + (wave_n + lane % 16) * LDS_PITCH;

        f32x8 acc[TILES_M][TILES_N] = {};
        u32 k = 0;
        if (UNROLL_K > 1) {
            for (; k + UNROLL_K * BK <= args.k; k += UNROLL_K * BK)
#pragma unroll
                for (int i = 0; i < UNROLL_K; i++)
                    k_tile(b, s, k + i * BK, lds, a_offset, w_offset, acc);
        }
#pragma nounroll
        for (; k < args.k; k += BK)
            k_tile(b, s, k, lds, a_offset, w_offset, acc);
        store(args, m0, n0, wave_m + lane / 16, wave_n + lane % 16, acc);
    }
};

#endif
