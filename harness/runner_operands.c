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

static void free_address(struct w4_device *device, uint64_t *address)
{
    // A failing free leaves nothing to do: the memory goes with the device.
    if (*address)
        w4_device_free(device, *address, NULL);
    *address = 0;
}

void w4_runner_drop_operands(struct w4_runner *runner)
{
    struct w4_operand_set *set = &runner->operands;
    if (!set->present)
        return;
    free_address(runner->device, &set->a);
    free_address(runner->device, &set->w);
    free_address(runner->device, &set->scales);
    free_address(runner->device, &set->zeros);
    w4_oracle_destroy(set->oracle);
    w4_operands_fini(&set->host);
    memset(set, 0, sizeof(*set));
}

static enum w4_status upload(struct w4_device *device, const void *data, size_t bytes, uint64_t *address,
                             struct w4_error *error)
{
    enum w4_status status = w4_device_malloc(device, bytes, address, error);
    return status == W4_OK ? w4_device_upload(device, *address, data, bytes, error) : status;
}

static enum w4_status upload_all(struct w4_runner *runner, const struct w4_shape *shape, struct w4_error *error)
{
    struct w4_operand_set *set = &runner->operands;
    size_t scale_bytes = (size_t)shape->n * (size_t)shape->scale_pitch * sizeof(uint16_t);
    enum w4_status status = upload(runner->device, set->host.a,
                                   (size_t)shape->m * (size_t)shape->a_pitch * sizeof(uint16_t), &set->a, error);
    if (status == W4_OK)
        status = upload(runner->device, set->host.w, (size_t)shape->n * (size_t)shape->w_pitch * sizeof(uint32_t),
                        &set->w, error);
    if (status == W4_OK)
        status = upload(runner->device, set->host.scales, scale_bytes, &set->scales, error);
    if (status == W4_OK && shape->zero_point)
        status = upload(runner->device, set->host.zeros, scale_bytes, &set->zeros, error);
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
