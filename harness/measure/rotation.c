// Allocates and fills the copies.
#include "rotation.h"

// Each operand begins on a page, as its own allocation would: addresses interleave over memory channels with a period
// of 4 KiB, so another alignment would be another measurement.
enum { ALIGNMENT_BYTES = 4096 };

static size_t align_up(size_t bytes)
{
    return (bytes + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
}

struct operand {
    const void *data;
    size_t bytes;
};

static enum w4_status upload_copies(const struct w4_rotation *rotation, struct w4_device *device,
                                    const struct operand *operands, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < rotation->copies; ++i) {
        for (size_t j = 0; j < W4_ROTATED_OPERANDS && status == W4_OK; ++j) {
            if (operands[j].bytes)
                status = w4_device_upload(device, rotation->base[j] + i * rotation->stride_bytes[j], operands[j].data,
                                          operands[j].bytes, error);
        }
    }
    return status;
}

static void free_copies(struct w4_rotation *rotation, struct w4_device *device)
{
    // A failing free leaves nothing to do: the memory goes with the device.
    for (size_t i = 0; i < W4_ROTATED_OPERANDS; ++i) {
        if (rotation->base[i])
            w4_device_free(device, rotation->base[i], NULL);
        rotation->base[i] = 0;
    }
}

static enum w4_status allocate(struct w4_rotation *rotation, struct w4_device *device, const struct operand *operands,
                               struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < W4_ROTATED_OPERANDS && status == W4_OK; ++i) {
        rotation->stride_bytes[i] = align_up(operands[i].bytes);
        if (operands[i].bytes)
            status = w4_device_malloc(device, (rotation->copies - 1) * rotation->stride_bytes[i] + operands[i].bytes,
                                      &rotation->base[i], error);
    }
    if (status != W4_OK)
        free_copies(rotation, device);
    return status;
}

enum w4_status w4_rotation_init(struct w4_rotation *rotation, struct w4_device *device,
                                const struct w4_weights *weights, uint64_t wanted_bytes, struct w4_error *error)
{
    const struct operand operands[W4_ROTATED_OPERANDS] = {
        {weights->w, weights->w_bytes}, {weights->scales, weights->scale_bytes}, {weights->zeros, weights->zero_bytes}};
    const size_t payload_bytes = weights->w_bytes + weights->scale_bytes + weights->zero_bytes;
    const size_t copies = (size_t)((wanted_bytes + payload_bytes - 1) / payload_bytes);
    *rotation = (struct w4_rotation){.payload_bytes = payload_bytes, .copies = copies ? copies : 1};
    for (;;) {
        struct w4_error refused = {0};
        const enum w4_status status = allocate(rotation, device, operands, &refused);
        if (status == W4_OK)
            break;
        if (rotation->copies == 1)
            return w4_fail(error, status, "%s", refused.message);
        rotation->copies = (rotation->copies + 1) / 2;
    }
    const enum w4_status status = upload_copies(rotation, device, operands, error);
    if (status != W4_OK)
        w4_rotation_fini(rotation, device);
    return status;
}

void w4_rotation_fini(struct w4_rotation *rotation, struct w4_device *device)
{
    free_copies(rotation, device);
    *rotation = (struct w4_rotation){0};
}

struct w4_weight_addresses w4_rotation_at(const struct w4_rotation *rotation, size_t copy)
{
    uint64_t at[W4_ROTATED_OPERANDS];
    for (size_t i = 0; i < W4_ROTATED_OPERANDS; ++i)
        at[i] = rotation->base[i] ? rotation->base[i] + copy * rotation->stride_bytes[i] : 0;
    return (struct w4_weight_addresses){.w = at[0], .scales = at[1], .zeros = at[2]};
}

uint64_t w4_rotation_bytes(const struct w4_rotation *rotation)
{
    return (uint64_t)rotation->copies * rotation->payload_bytes;
}
