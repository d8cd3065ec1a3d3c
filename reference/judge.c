// Holds the device's C against the reference: the bound of an element and the count of those beyond it.
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "oracle.h"

double w4_error_bound(enum w4_float16 type, int64_t k, float c, float c_abs)
{
    static const struct {
        double unit_roundoff, smallest_subnormal;
    } formats[] = {[W4_FLOAT_FP16] = {0x1p-11, 0x1p-24}, [W4_FLOAT_BF16] = {0x1p-8, 0x1p-133}};
    const double ku = (double)k * 0x1p-24;
    const double gamma = ku / (1 - ku);
    const double roundoff = formats[type].unit_roundoff;
    // gamma twice: the kernel's accumulation and the reference's own.
    return (2 * gamma + roundoff) * (double)c_abs + roundoff * fabs((double)c) + formats[type].smallest_subnormal;
}

static void judge_element(enum w4_float16 type, uint16_t bits, uint16_t poison, double bound, float c, int64_t m,
                          int64_t n, struct w4_judgement *judgement)
{
    const double got = (double)w4_float16_to_f32(type, bits);
    const double error = fabs(got - (double)c);
    double ratio = error / bound;
    judgement->judged++;
    judgement->nonzero += got != 0;
    if (bits == poison) {
        judgement->unwritten++;
        ratio = INFINITY;
    }
    if (!(ratio <= 1)) {
        judgement->beyond++;
    }
    if (isnan(ratio)) {
        ratio = INFINITY;
    }
    if (judgement->judged == 1 || ratio > judgement->worst_ratio) {
        judgement->worst_ratio = ratio;
        judgement->worst_m = m;
        judgement->worst_n = n;
    }
}

static void judge_part(const struct w4_gemm_shape *shape, const uint16_t *device_c, uint16_t poison, int64_t m0,
                       int64_t rows, int64_t n0, int64_t columns, const float *c, const float *c_abs,
                       struct w4_judgement *judgement)
{
    for (int64_t m = 0; m < rows; m++) {
        const uint16_t *row = device_c + (m0 + m) * shape->c_pitch + n0;
        for (int64_t n = 0; n < columns; n++) {
            const int64_t i = m * columns + n;
            const double bound = w4_error_bound(shape->type, shape->k, c[i], c_abs[i]);
            judge_element(shape->type, row[n], poison, bound, c[i], m0 + m, n0 + n, judgement);
        }
    }
}

enum w4_status w4_oracle_judge(w4_oracle *oracle, const uint16_t *c, uint16_t poison, int64_t m0, int64_t rows,
                               int64_t n0, int64_t columns, struct w4_judgement *judgement, struct w4_error *error)
{
    // One band of rows at a time keeps the reference at 2 x 4 bytes an element of W4_ORACLE_ROWS x columns.
    const int64_t band = rows < W4_ORACLE_ROWS ? rows : W4_ORACLE_ROWS;
    const struct w4_gemm_shape *shape = &w4_oracle_operands(oracle)->shape;
    if (rows < 1 || columns < 1 || rows > shape->m || columns > shape->n) {
        return w4_fail(error, W4_RANGE, "block of %" PRId64 " x %" PRId64 " in C of %" PRId64 " x %" PRId64, rows,
                       columns, shape->m, shape->n);
    }
    const size_t bytes = (size_t)band * (size_t)columns * sizeof(float);
    float *expected = malloc(bytes);
    float *expected_abs = malloc(bytes);
    enum w4_status status = W4_OK;
    if (!expected || !expected_abs) {
        status = w4_fail(error, W4_MEMORY, "no memory to judge %" PRId64 " x %" PRId64 " elements", band, columns);
    }
    for (int64_t m = 0; !status && m < rows; m += band) {
        const int64_t part = rows - m < band ? rows - m : band;
        status = w4_oracle_compute(oracle, m0 + m, part, n0, columns, expected, expected_abs, error);
        if (!status) {
            judge_part(shape, c, poison, m0 + m, part, n0, columns, expected, expected_abs, judgement);
        }
    }
    free(expected);
    free(expected_abs);
    return status;
}

enum w4_status w4_judge_block(const struct w4_operands *operands, const uint16_t *c, uint16_t poison, int64_t m0,
                              int64_t rows, int64_t n0, int64_t columns, struct w4_judgement *judgement,
                              struct w4_error *error)
{
    w4_oracle *oracle;
    enum w4_status status = w4_oracle_create(operands, &oracle, error);
    if (!status) {
        status = w4_oracle_judge(oracle, c, poison, m0, rows, n0, columns, judgement, error);
        w4_oracle_destroy(oracle);
    }
    return status;
}
