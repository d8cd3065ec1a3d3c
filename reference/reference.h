// The CPU oracle of a W4A16 GEMM: quantise, pack, unpack, dequantise, reference product, error bound. Knows nothing of
// GPUs. C[M,N] = A[M,K] * W[N,K]^T with W[n][k] = (q - z) * s.
#ifndef W4_REFERENCE_H
#define W4_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"
#include "pack.h" // w4_pack8, w4_unpack8

enum w4_float16 { W4_FLOAT_FP16, W4_FLOAT_BF16 }; // binary16, bfloat16

// IEEE conversions, round to nearest even; scalar and portable.
float w4_float16_to_f32(enum w4_float16 type, uint16_t bits);
uint16_t w4_float16_from_f32(enum w4_float16 type, float value);

// Operand sizes. All pitches are in elements (w_pitch in words) and already resolved (not 0).
struct w4_gemm_shape {
    int64_t m, n, k, group_size;
    enum w4_float16 type;
    bool zero_point;
    int64_t a_pitch, w_pitch, scale_pitch, c_pitch;
};

// Fails when a size is not positive or above 2^31 - 1, K % G or G % 8 != 0, a pitch is below its row, an operand
// exceeds 2^40 bytes, or K exceeds 2^20 (beyond which fp32 accumulation has no useful bound).
enum w4_status w4_gemm_shape_check(const struct w4_gemm_shape *shape, struct w4_error *error);

// Host copies of the operands of one GEMM. Made by w4_operands_create from a seed: A like activations (bell-shaped,
// with a few channels 16 times as large), W quantised per group from bell-shaped weights. The same seed and shape give
// the same bytes on every host (no libm, no fused operations). One row of A in 32 is a probe: only every 32nd element
// is not 0, and the probes take turns, so 1024 rows touch every weight. The bound of such a row is tight enough to see
// one nibble that is one step off (fp16, K up to about 4096; more steps beyond), which hides in the rounding allowance
// of a dense row. Padding between rows is NaN in A, scales and zeros, and all ones in W: a kernel that reads it shows.
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

// Quantises `count` = group_size finite weights to 4 bits. Symmetric: s = max(max(w) / 7, -min(w) / 8), so that both
// ends of 0..15 are used, q = round(w / s) + 8. Zero point: s spans [min(w, 0), max(w, 0)] in 15 steps,
// z = round(-min / s), q = round(w / s) + z. The scale is rounded to `type` before it divides; one that rounds to 0
// becomes 1 (all weights 0), one that overflows the largest finite number. q and z are clamped to 0..15. *zero is z in
// `type`, and 8 when symmetric; `zero` may be NULL.
void w4_quantise_group(const float *weights, int64_t count, enum w4_float16 type, bool zero_point, uint8_t *q,
                       uint16_t *scale, uint16_t *zero);

// Dequantised weights of row n, k = 0..K-1, exact in fp32 (no rounding to 16 bits).
void w4_dequantise_row(const struct w4_operands *operands, int64_t n, float *row);

// One element in fp64, independent of OpenBLAS: returns c and stores the sum of |a||w|.
double w4_reference_element(const struct w4_operands *operands, int64_t m, int64_t n, double *c_abs);

// An oracle keeps the workspace between blocks (about 8 K (rows + columns) bytes for blocks up to 1024 x 512; larger
// blocks are cut). It borrows the operands. One thread at a time; OpenBLAS brings its own threads.
typedef struct w4_oracle w4_oracle;
enum w4_status w4_oracle_create(const struct w4_operands *operands, w4_oracle **oracle, struct w4_error *error);
void w4_oracle_destroy(w4_oracle *oracle);

// Reference of a block: rows [m0, m0+rows), columns [n0, n0+columns): c = A W^T and c_abs = |A| |W|^T in fp32 by
// OpenBLAS sgemm; both `rows * columns`, row-major, owned by the caller. The corners of every block are recomputed in
// fp64; INTERNAL when OpenBLAS is off by more than gamma_K.
enum w4_status w4_oracle_compute(w4_oracle *oracle, int64_t m0, int64_t rows, int64_t n0, int64_t columns, float *c,
                                 float *c_abs, struct w4_error *error);
// The same with an oracle of its own.
enum w4_status w4_oracle_block(const struct w4_operands *operands, int64_t m0, int64_t rows, int64_t n0,
                               int64_t columns, float *c, float *c_abs, struct w4_error *error);

// |error| allowed for one element: gamma_K * c_abs + u_w * c_abs + u_out * |c| (+ the smallest subnormal of the type),
// gamma_K = K u / (1 - K u), u = 2^-24 (fp32 accumulation), u_w, u_out = unit roundoff of the 16-bit type
// (2^-11, 2^-8). The reference's own fp32 error is covered by a second gamma_K. Higham, Accuracy and Stability of
// Numerical Algorithms, ch. 3.
double w4_error_bound(enum w4_float16 type, int64_t k, float c, float c_abs);

// Judgement of blocks against the device's C (pitch c_pitch, the whole matrix). Blocks accumulate into *judgement,
// which starts all zero. Right when beyond == 0 and nonzero > 0.
struct w4_judgement {
    double worst_ratio; // max |got - c| / bound; NaN, infinity and unwritten elements count as infinity
    int64_t worst_m, worst_n;
    uint64_t judged, nonzero;
    uint64_t beyond;    // elements over their bound, unwritten ones included
    uint64_t unwritten; // elements that still hold `poison`; choose a NaN, which no right result can be
};
enum w4_status w4_oracle_judge(w4_oracle *oracle, const uint16_t *c, uint16_t poison, int64_t m0, int64_t rows,
                               int64_t n0, int64_t columns, struct w4_judgement *judgement, struct w4_error *error);
// The same with an oracle of its own.
enum w4_status w4_judge_block(const struct w4_operands *operands, const uint16_t *c, uint16_t poison, int64_t m0,
                              int64_t rows, int64_t n0, int64_t columns, struct w4_judgement *judgement,
                              struct w4_error *error);

#endif
