// Makes the operands of one GEMM from a seed: what stands in A and W and in the padding. How weights are quantised is
// quantise.c's.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/random.h"
#include "reference.h"

enum stream { STREAM_ACTIVATIONS = 1, STREAM_WEIGHTS, STREAM_CHANNELS };

enum {
    PROBE_ROWS = 32,    // one row of A in so many is a probe
    PROBE_STRIDE = 32,  // and has one element in so many
    LARGE_CHANNELS = 64 // one column of A in about so many is large
};

// Powers of two times a bell of deviation 147.8: activations of deviation 0.58 (9.2 in large channels), weights 0.018.
static const float activation_unit = 0x1p-8f;
static const float large_factor = 16;
static const float weight_unit = 0x1p-13f;

static void fill16(uint16_t *from, const uint16_t *end, uint16_t value)
{
    while (from < end) {
        *from++ = value;
    }
}

static uint16_t nan_of(enum w4_float16 type)
{
    return type == W4_FLOAT_BF16 ? 0x7fc0 : 0x7e00;
}

static float activation(uint64_t stream, uint64_t channels, int64_t k)
{
    const float value = w4_random_bell((uint32_t)w4_random_at(stream, (uint64_t)k)) * activation_unit;
    return w4_random_at(channels, (uint64_t)k) % LARGE_CHANNELS == 0 ? value * large_factor : value;
}

// +-0.5..1: never so small that it would hide what it multiplies.
static float probe(uint64_t stream, int64_t k)
{
    const uint64_t bits = w4_random_at(stream, (uint64_t)k);
    const float magnitude = (float)(128 + (bits & 127)) * 0x1p-8f;
    return bits & 128 ? -magnitude : magnitude;
}

static void make_activation_row(const struct w4_gemm_shape *shape, uint64_t seed, int64_t m, uint16_t *row)
{
    const uint64_t stream = w4_random_stream(seed, STREAM_ACTIVATIONS, (uint64_t)m);
    const uint64_t channels = w4_random_stream(seed, STREAM_CHANNELS, 0);
    if (m % PROBE_ROWS == PROBE_ROWS - 1) {
        const int64_t offset = m / PROBE_ROWS % PROBE_STRIDE;
        for (int64_t k = 0; k < shape->k; k++) {
            row[k] = k % PROBE_STRIDE == offset ? w4_float16_from_f32(shape->type, probe(stream, k)) : 0;
        }
    } else {
        for (int64_t k = 0; k < shape->k; k++) {
            row[k] = w4_float16_from_f32(shape->type, activation(stream, channels, k));
        }
    }
    fill16(row + shape->k, row + shape->a_pitch, nan_of(shape->type));
}

static void make_weight_row(const struct w4_operands *operands, uint64_t seed, int64_t n, float *weights, uint8_t *q)
{
    const struct w4_gemm_shape *shape = &operands->shape;
    const uint64_t stream = w4_random_stream(seed, STREAM_WEIGHTS, (uint64_t)n);
    const int64_t groups = shape->k / shape->group_size;
    uint32_t *words = operands->w + n * shape->w_pitch;
    uint16_t *scales = operands->scales + n * shape->scale_pitch;
    uint16_t *zeros = operands->zeros ? operands->zeros + n * shape->scale_pitch : NULL;
    for (int64_t k = 0; k < shape->k; k += 2) {
        const uint64_t bits = w4_random_at(stream, (uint64_t)k);
        weights[k] = w4_random_bell((uint32_t)bits) * weight_unit;
        weights[k + 1] = w4_random_bell((uint32_t)(bits >> 32)) * weight_unit;
    }
    for (int64_t group = 0; group < groups; group++) {
        const int64_t k = group * shape->group_size;
        w4_quantise_group(weights + k, shape->group_size, shape->type, shape->zero_point, q + k, &scales[group],
                          zeros ? &zeros[group] : NULL);
    }
    for (int64_t word = 0; word < shape->k / 8; word++) {
        words[word] = w4_pack8(q + word * 8);
    }
    memset(words + shape->k / 8, 0xff, (size_t)(shape->w_pitch - shape->k / 8) * sizeof(*words));
    fill16(scales + groups, scales + shape->scale_pitch, nan_of(shape->type));
    if (zeros) {
        fill16(zeros + groups, zeros + shape->scale_pitch, nan_of(shape->type));
    }
}

// Returns false when a thread finds no memory for its row.
static bool make_weights(const struct w4_operands *operands, uint64_t seed)
{
    const size_t k = (size_t)operands->shape.k;
    bool complete = true;
#pragma omp parallel reduction(&& : complete)
    {
        float *weights = malloc(k * sizeof(*weights));
        uint8_t *q = malloc(k);
        complete = weights && q;
#pragma omp for schedule(static)
        for (int64_t n = 0; n < operands->shape.n; n++) {
            if (complete) {
                make_weight_row(operands, seed, n, weights, q);
            }
        }
        free(weights);
        free(q);
    }
    return complete;
}

enum w4_status w4_operands_create(const struct w4_gemm_shape *shape, uint64_t seed, struct w4_operands *operands,
                                  struct w4_error *error)
{
    memset(operands, 0, sizeof(*operands));
    const enum w4_status status = w4_gemm_shape_check(shape, error); // bounds every product below
    if (status) {
        return status;
    }
    operands->shape = *shape;
    operands->a = malloc((size_t)(shape->m * shape->a_pitch) * sizeof(*operands->a));
    operands->w = malloc((size_t)(shape->n * shape->w_pitch) * sizeof(*operands->w));
    operands->scales = malloc((size_t)(shape->n * shape->scale_pitch) * sizeof(*operands->scales));
    if (shape->zero_point) {
        operands->zeros = malloc((size_t)(shape->n * shape->scale_pitch) * sizeof(*operands->zeros));
    }
    bool complete = operands->a && operands->w && operands->scales && (!shape->zero_point || operands->zeros);
    if (complete) {
#pragma omp parallel for schedule(static)
        for (int64_t m = 0; m < shape->m; m++) {
            make_activation_row(shape, seed, m, operands->a + m * shape->a_pitch);
        }
        complete = make_weights(operands, seed);
    }
    if (!complete) {
        w4_operands_fini(operands);
        return w4_fail(error, W4_MEMORY,
                       "no memory for the operands of M = %" PRId64 ", N = %" PRId64 ", K = %" PRId64
                       "; choose a smaller shape",
                       shape->m, shape->n, shape->k);
    }
    return W4_OK;
}

void w4_operands_fini(struct w4_operands *operands)
{
    free(operands->a);
    free(operands->w);
    free(operands->scales);
    free(operands->zeros);
    memset(operands, 0, sizeof(*operands));
}
