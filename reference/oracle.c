// The reference product of a block, by OpenBLAS on dequantised operands, and the same by magnitudes. Decides how a
// block is cut to bound memory and that OpenBLAS is itself checked; what is done with the result is judge.c's.
#include <cblas.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "oracle.h"

// OpenMP's threads go on spinning for a while after a loop and take the cores from OpenBLAS's, which costs a small
// block more than the loop gains.
enum { SMALLEST_PARALLEL = 1 << 22 };

struct w4_oracle {
    const struct w4_operands *operands;
    int64_t row_capacity, column_capacity; // what the workspace holds
    float *a, *a_abs;                      // rows x K
    float *w, *w_abs;                      // columns x K
};

enum w4_status w4_oracle_create(const struct w4_operands *operands, w4_oracle **oracle, struct w4_error *error)
{
    *oracle = calloc(1, sizeof(**oracle));
    if (!*oracle) {
        return w4_fail(error, W4_MEMORY, "no memory for the oracle");
    }
    (*oracle)->operands = operands;
    return W4_OK;
}

static void free_workspace(w4_oracle *oracle)
{
    free(oracle->a);
    free(oracle->a_abs);
    free(oracle->w);
    free(oracle->w_abs);
    oracle->a = oracle->a_abs = oracle->w = oracle->w_abs = NULL;
    oracle->row_capacity = oracle->column_capacity = 0;
}

void w4_oracle_destroy(w4_oracle *oracle)
{
    if (oracle) {
        free_workspace(oracle);
        free(oracle);
    }
}

const struct w4_operands *w4_oracle_operands(const w4_oracle *oracle)
{
    return oracle->operands;
}

static enum w4_status reserve(w4_oracle *oracle, int64_t rows, int64_t columns, struct w4_error *error)
{
    if (rows <= oracle->row_capacity && columns <= oracle->column_capacity) {
        return W4_OK;
    }
    rows = rows > oracle->row_capacity ? rows : oracle->row_capacity;
    columns = columns > oracle->column_capacity ? columns : oracle->column_capacity;
    free_workspace(oracle);
    const size_t row_bytes = (size_t)oracle->operands->shape.k * sizeof(float);
    oracle->a = malloc((size_t)rows * row_bytes);
    oracle->a_abs = malloc((size_t)rows * row_bytes);
    oracle->w = malloc((size_t)columns * row_bytes);
    oracle->w_abs = malloc((size_t)columns * row_bytes);
    if (!oracle->a || !oracle->a_abs || !oracle->w || !oracle->w_abs) {
        free_workspace(oracle);
        return w4_fail(error, W4_MEMORY, "no memory for a reference block of %" PRId64 " x %" PRId64, rows, columns);
    }
    oracle->row_capacity = rows;
    oracle->column_capacity = columns;
    return W4_OK;
}

static void convert_rows(w4_oracle *oracle, int64_t m0, int64_t rows)
{
    const struct w4_gemm_shape *shape = &oracle->operands->shape;
    const int64_t k = shape->k;
#pragma omp parallel for schedule(static) if (rows * k > SMALLEST_PARALLEL)
    for (int64_t m = 0; m < rows; m++) {
        const uint16_t *source = oracle->operands->a + (m0 + m) * shape->a_pitch;
        for (int64_t i = 0; i < k; i++) {
            const float value = w4_float16_to_f32(shape->type, source[i]);
            oracle->a[m * k + i] = value;
            oracle->a_abs[m * k + i] = fabsf(value);
        }
    }
}

static void convert_columns(w4_oracle *oracle, int64_t n0, int64_t columns)
{
    const int64_t k = oracle->operands->shape.k;
#pragma omp parallel for schedule(static) if (columns * k > SMALLEST_PARALLEL)
    for (int64_t n = 0; n < columns; n++) {
        float *row = oracle->w + n * k;
        w4_dequantise_row(oracle->operands, n0 + n, row);
        for (int64_t i = 0; i < k; i++) {
            oracle->w_abs[n * k + i] = fabsf(row[i]);
        }
    }
}

double w4_reference_element(const struct w4_operands *operands, int64_t m, int64_t n, double *c_abs)
{
    const struct w4_gemm_shape *shape = &operands->shape;
    const uint16_t *a = operands->a + m * shape->a_pitch;
    const uint32_t *w = operands->w + n * shape->w_pitch;
    double sum = 0, sum_abs = 0;
    for (int64_t k = 0; k < shape->k; k++) {
        const int64_t group = n * shape->scale_pitch + k / shape->group_size;
        const double scale = (double)w4_float16_to_f32(shape->type, operands->scales[group]);
        const double zero = operands->zeros ? (double)w4_float16_to_f32(shape->type, operands->zeros[group]) : 8;
        uint8_t q[8];
        w4_unpack8(w[k / 8], q);
        const double term = (double)w4_float16_to_f32(shape->type, a[k]) * ((q[k % 8] - zero) * scale);
        sum += term;
        sum_abs += fabs(term);
    }
    *c_abs = sum_abs;
    return sum;
}

static enum w4_status check_corners(const struct w4_oracle *oracle, int64_t m0, int64_t rows, int64_t n0,
                                    int64_t columns, const float *c, const float *c_abs, int64_t pitch,
                                    struct w4_error *error)
{
    const double k = (double)oracle->operands->shape.k;
    const double gamma = k * 0x1p-24 / (1 - k * 0x1p-24);
    const int64_t corners[4][2] = {{0, 0}, {0, columns - 1}, {rows - 1, 0}, {rows - 1, columns - 1}};
    for (int i = 0; i < 4; i++) {
        const int64_t m = corners[i][0], n = corners[i][1];
        double exact_abs;
        const double exact = w4_reference_element(oracle->operands, m0 + m, n0 + n, &exact_abs);
        const double allowed = gamma * exact_abs;
        if (!(fabs((double)c[m * pitch + n] - exact) <= allowed) ||
            !(fabs((double)c_abs[m * pitch + n] - exact_abs) <= allowed)) {
            return w4_fail(error, W4_INTERNAL,
                           "OpenBLAS gives %.9g for element (%" PRId64 ", %" PRId64 "), fp64 gives %.9g; this OpenBLAS "
                           "cannot serve as reference (another OPENBLAS_CORETYPE may)",
                           (double)c[m * pitch + n], m0 + m, n0 + n, exact);
        }
    }
    return W4_OK;
}

// The part of a block that fits the workspace; the rows are converted already.
static enum w4_status compute_part(w4_oracle *oracle, int64_t m0, int64_t rows, int64_t n0, int64_t columns, float *c,
                                   float *c_abs, int64_t pitch, struct w4_error *error)
{
    const int k = (int)oracle->operands->shape.k;
    convert_columns(oracle, n0, columns);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)columns, k, 1, oracle->a, k, oracle->w, k, 0,
                c, (int)pitch);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)columns, k, 1, oracle->a_abs, k, oracle->w_abs,
                k, 0, c_abs, (int)pitch);
    return check_corners(oracle, m0, rows, n0, columns, c, c_abs, pitch, error);
}

enum w4_status w4_oracle_compute(w4_oracle *oracle, int64_t m0, int64_t rows, int64_t n0, int64_t columns, float *c,
                                 float *c_abs, struct w4_error *error)
{
    const struct w4_gemm_shape *shape = &oracle->operands->shape;
    if (m0 < 0 || rows < 1 || m0 > shape->m - rows || n0 < 0 || columns < 1 || n0 > shape->n - columns) {
        return w4_fail(error, W4_RANGE,
                       "block at (%" PRId64 ", %" PRId64 ") of %" PRId64 " x %" PRId64 " lies outside C of %" PRId64
                       " x %" PRId64,
                       m0, n0, rows, columns, shape->m, shape->n);
    }
    const int64_t most_rows = rows < W4_ORACLE_ROWS ? rows : W4_ORACLE_ROWS;
    const int64_t most_columns = columns < W4_ORACLE_COLUMNS ? columns : W4_ORACLE_COLUMNS;
    enum w4_status status = reserve(oracle, most_rows, most_columns, error);
    for (int64_t m = 0; !status && m < rows; m += most_rows) {
        const int64_t part_rows = rows - m < most_rows ? rows - m : most_rows;
        convert_rows(oracle, m0 + m, part_rows);
        for (int64_t n = 0; !status && n < columns; n += most_columns) {
            const int64_t part_columns = columns - n < most_columns ? columns - n : most_columns;
            status = compute_part(oracle, m0 + m, part_rows, n0 + n, part_columns, c + m * columns + n,
                                  c_abs + m * columns + n, columns, error);
        }
    }
    return status;
}

enum w4_status w4_oracle_block(const struct w4_operands *operands, int64_t m0, int64_t rows, int64_t n0,
                               int64_t columns, float *c, float *c_abs, struct w4_error *error)
{
    w4_oracle *oracle;
    enum w4_status status = w4_oracle_create(operands, &oracle, error);
    if (!status) {
        status = w4_oracle_compute(oracle, m0, rows, n0, columns, c, c_abs, error);
        w4_oracle_destroy(oracle);
    }
    return status;
}
