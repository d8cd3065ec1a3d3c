// Operands of one shape: made on the host, uploaded, and kept until another shape is asked for, so that memory stays
// bounded by the largest shape.
#include <string.h>

#include "runner.h"

static bool is_same_shape(const struct w4_shape *a, const struct w4_shape *b)
{
    return a->m == b->m && a->n == b->n && a->k == b->k && a->group_size == b->group_size && a->dtype == b->dtype &&
           a->zero_point == b->zero_point && a->a_pitch == b->a_pitch && a->w_pitch == b->w_pitch &&
           a->scale_pitch == b->scale_pitch && a->c_pitch == b->c_pitch;
}

void w4_runner_drop_operands(struct w4_runner *runner)
{
    struct w4_operand_set *set = &runner->operands;
    if (!set->present)
        return;
    // A failing free leaves nothing to do: the memory goes with the device.
    if (set->a)
        w4_device_free(runner->device, set->a, NULL);
    w4_rotation_fini(&set->weights, runner->device);
    w4_oracle_destroy(set->oracle);
    w4_operands_fini(&set->host);
    memset(set, 0, sizeof(*set));
}

static enum w4_status upload_all(struct w4_runner *runner, const struct w4_shape *shape, struct w4_error *error)
{
    struct w4_operand_set *set = &runner->operands;
    const size_t a_bytes = (size_t)shape->m * (size_t)shape->a_pitch * sizeof(uint16_t);
    const size_t scale_bytes = (size_t)shape->n * (size_t)shape->scale_pitch * sizeof(uint16_t);
    const struct w4_weights weights = {
        .w = set->host.w,
        .scales = set->host.scales,
        .zeros = set->host.zeros,
        .w_bytes = (size_t)shape->n * (size_t)shape->w_pitch * sizeof(uint32_t),
        .scale_bytes = scale_bytes,
        .zero_bytes = shape->zero_point ? scale_bytes : 0,
    };
    enum w4_status status = w4_device_malloc(runner->device, a_bytes, &set->a, error);
    if (status == W4_OK)
        status = w4_device_upload(runner->device, set->a, set->host.a, a_bytes, error);
    if (status == W4_OK)
        status = w4_rotation_init(&set->weights, runner->device, &weights,
                                  runner->measuring ? runner->measure.protocol->rotation_bytes : 0, error);
    return status;
}

enum w4_status w4_runner_operands(struct w4_runner *runner, const struct w4_shape *shape, uint64_t seed,
                                  struct w4_error *error)
{
    struct w4_operand_set *set = &runner->operands;
    if (set->present && is_same_shape(&set->shape, shape))
        return W4_OK;
    w4_runner_drop_operands(runner);
    struct w4_gemm_shape gemm = {
        .m = shape->m,
        .n = shape->n,
        .k = shape->k,
        .group_size = shape->group_size,
        .type = shape->dtype == W4_BF16 ? W4_FLOAT_BF16 : W4_FLOAT_FP16,
        .zero_point = shape->zero_point,
        .a_pitch = shape->a_pitch,
        .w_pitch = shape->w_pitch,
        .scale_pitch = shape->scale_pitch,
        .c_pitch = shape->c_pitch,
    };
    enum w4_status status = w4_gemm_shape_check(&gemm, error);
    if (status == W4_OK)
        status = w4_operands_create(&gemm, seed, &set->host, error);
    if (status != W4_OK)
        return status;
    set->present = true;
    set->shape = *shape;
    status = w4_oracle_create(&set->host, &set->oracle, error);
    if (status == W4_OK)
        status = upload_all(runner, shape, error);
    if (status != W4_OK)
        w4_runner_drop_operands(runner);
    return status;
}
