// The CPU oracle of a W4A16 GEMM: quantise, pack, unpack, dequantise, reference product, error bound. Knows nothing of
// GPUs. C[M,N] = A[M,K] * W[N,K]^T with W[n][k] = (q - z) * s.
#ifndef W4_REFERENCE_H
#define W4_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"

enum w4_float16 { W4_FLOAT_FP16, W4_FLOAT_BF16 }; // binary16, bfloat16

// IEEE conversions, round to nearest even; scalar and portable.
float w4_float16_to_f32(enum w4_float16 type, uint16_t bits);
uint16_t w4_float16_from_f32(enum w4_float16 type, float value);

// ExLlama shuffle: a word holds k..k+7 as v0 | v2<<4 | v4<<8 | v6<<12 | v1<<16 | v3<<20 | v5<<24 | v7<<28.
uint32_t w4_pack8(const uint8_t values[8]);
void w4_unpack8(uint32_t word, uint8_t values[8]);

// Operand sizes. All pitches are in elements (w_pitch in words) and already resolved (not 0).
struct w4_gemm_shape {
    int64_t m, n, k, group_size;
    enum w4_float16 type;
    bool zero_point;
    int64_t a_pitch, w_pitch, scale_pitch, c_pitch;
};

// Fails when a size is not positive, K % G or K % 8 != 0, a pitch is below its row, or a byte size overflows 2^40.
enum w4_status w4_gemm_shape_check(const struct w4_gemm_shape *shape, struct w4_error *error);

// Host copies of the operands of one GEMM. Made by w4_operands_create from a seed: A like activations (normal with a
// few large channels), W quantised per group from normal weights, so that data look like a model's. The same seed and
// shape give the same bytes on every host.
struct w4_operands {
    struct w4_gemm_shape shape;
    uint16_t *a;      // m * a_pitch
    uint32_t *w;      // n * w_pitch
    uint16_t *scales; // n * scale_pitch
    uint16_t *zeros;  // n * scale_pitch, NULL when symmetric
};

enum w4_status w4_operands_create(const struct w4_gemm_shape *shape, uint64_t seed, struct w4_operands *operands,
                                  struct w4_error *error);
void w4_operands_fini(struct w4_operands *operands);

// Quantises `count` = group_size weights to 4 bits. Symmetric: scale = max|w| / 7 (or 8), q = round(w / s) + 8 in
// 0..15. Zero point: asymmetric over [min(w, 0), max(w, 0)], z 0..15. The scale is rounded to `type` first.
void w4_quantise_group(const float *weights, int64_t count, enum w4_float16 type, bool zero_point, uint8_t *q,
                       uint16_t *scale, uint16_t *zero);

// Dequantised weights of row n, k = 0..K-1, exact in fp32 (no rounding to 16 bits).
void w4_dequantise_row(const struct w4_operands *operands, int64_t n, float *row);

// Reference of a block: rows [m0, m0+rows), columns [n0, n0+columns): c = A W^T and c_abs = |A| |W|^T in fp32 by
// OpenBLAS sgemm; both `rows * columns`, row-major, owned by the caller.
enum w4_status w4_oracle_block(const struct w4_operands *operands, int64_t m0, int64_t rows, int64_t n0,
                               int64_t columns, float *c, float *c_abs, struct w4_error *error);

// |error| allowed for one element: gamma_K * c_abs + u_w * c_abs + u_out * |c| (+ the smallest subnormal of the type),
// gamma_K = K u / (1 - K u), u = 2^-24 (fp32 accumulation), u_w, u_out = unit roundoff of the 16-bit type
// (2^-11, 2^-8). The reference's own fp32 error is covered by a second gamma_K. Higham, Accuracy and Stability of
// Numerical Algorithms, ch. 3.
double w4_error_bound(enum w4_float16 type, int64_t k, float c, float c_abs);

// Judgement of one block against the device's C (pitch c_pitch, the whole matrix). Accumulates into *verdict.
struct w4_judgement {
    double worst_ratio; // max |got - c| / bound; NaN counts as infinity
    int64_t worst_m, worst_n;
    uint64_t judged, beyond, unwritten, nonzero;
};
enum w4_status w4_judge_block(const struct w4_operands *operands, const uint16_t *c, uint16_t poison, int64_t m0,
                              int64_t rows, int64_t n0, int64_t columns, struct w4_judgement *judgement,
                              struct w4_error *error);

#endif
