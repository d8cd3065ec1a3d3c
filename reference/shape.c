// Which operand geometries are usable. Messages name the size and what it has to be; resolving pitches of 0 is the
// caller's.
#include <inttypes.h>

#include "reference.h"

enum { LARGEST_K = 1 << 20 };
static const int64_t largest_bytes = (int64_t)1 << 40;

static enum w4_status check_size(const char *name, int64_t value, int64_t maximum, struct w4_error *error)
{
    if (value >= 1 && value <= maximum) {
        return W4_OK;
    }
    return w4_fail(error, W4_RANGE, "%s = %" PRId64 " is not in 1..%" PRId64, name, value, maximum);
}

static enum w4_status check_operand(const char *name, int64_t rows, int64_t row, int64_t pitch, int64_t element_bytes,
                                    struct w4_error *error)
{
    if (pitch < row) {
        return w4_fail(error, W4_RANGE, "pitch of %s is %" PRId64 ", below its row of %" PRId64 " elements", name,
                       pitch, row);
    }
    int64_t bytes;
    if (__builtin_mul_overflow(rows, pitch, &bytes) || __builtin_mul_overflow(bytes, element_bytes, &bytes) ||
        bytes > largest_bytes) {
        return w4_fail(error, W4_RANGE,
                       "%s of %" PRId64 " rows with a pitch of %" PRId64 " elements exceeds 2^40 bytes", name, rows,
                       pitch);
    }
    return W4_OK;
}

enum w4_status w4_gemm_shape_check(const struct w4_gemm_shape *shape, struct w4_error *error)
{
    enum w4_status status = check_size("M", shape->m, INT32_MAX, error);
    if (!status) {
        status = check_size("N", shape->n, INT32_MAX, error);
    }
    if (!status) {
        status = check_size("K", shape->k, LARGEST_K, error);
    }
    if (!status) {
        status = check_size("group size", shape->group_size, LARGEST_K, error);
    }
    if (status) {
        return status;
    }
    if (shape->group_size % 8 != 0) { // with K % G == 0 this makes K a multiple of 8 too
        return w4_fail(error, W4_RANGE, "group size %" PRId64 " is not a multiple of 8 (eight weights share a word)",
                       shape->group_size);
    }
    if (shape->k % shape->group_size != 0) {
        return w4_fail(error, W4_RANGE, "K = %" PRId64 " is not a multiple of the group size %" PRId64, shape->k,
                       shape->group_size);
    }
    const int64_t groups = shape->k / shape->group_size;
    const struct {
        const char *name;
        int64_t rows, row, pitch, element_bytes;
    } operands[] = {
        {"A", shape->m, shape->k, shape->a_pitch, 2},
        {"W", shape->n, shape->k / 8, shape->w_pitch, 4},
        {"scales", shape->n, groups, shape->scale_pitch, 2},
        {"C", shape->m, shape->n, shape->c_pitch, 2},
    };
    for (size_t i = 0; !status && i < sizeof(operands) / sizeof(operands[0]); i++) {
        status = check_operand(operands[i].name, operands[i].rows, operands[i].row, operands[i].pitch,
                               operands[i].element_bytes, error);
    }
    return status;
}
