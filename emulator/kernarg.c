// What a launch puts into memory for its kernel to read: the kernarg segment, the dispatch packet, the queue. Layouts:
// AMDGPUUsage, "Kernel Argument Metadata"; HSA runtime specification, kernel dispatch packet; amd_queue_t.
#include "launch.h"

#include <string.h>

static uint32_t grid_dimensions(const struct emu_launch_params *params)
{
    if (params->grid[2] > 1)
        return 3;
    return params->grid[1] > 1 ? 2 : 1;
}

// The value of a hidden argument. Those that need a host service (printf buffer, hostcall, heap) are null.
static uint64_t hidden_value(const struct emu_launch_context *context, enum co_arg_kind kind)
{
    const struct emu_launch_params *params = context->params;
    switch (kind) {
    // Complete workgroups only; the remainder tells the size of a partial one.
    case CO_ARG_HIDDEN_BLOCK_COUNT_X: return params->grid[0] / params->block[0];
    case CO_ARG_HIDDEN_BLOCK_COUNT_Y: return params->grid[1] / params->block[1];
    case CO_ARG_HIDDEN_BLOCK_COUNT_Z: return params->grid[2] / params->block[2];
    case CO_ARG_HIDDEN_GROUP_SIZE_X: return params->block[0];
    case CO_ARG_HIDDEN_GROUP_SIZE_Y: return params->block[1];
    case CO_ARG_HIDDEN_GROUP_SIZE_Z: return params->block[2];
    case CO_ARG_HIDDEN_REMAINDER_X: return params->grid[0] % params->block[0];
    case CO_ARG_HIDDEN_REMAINDER_Y: return params->grid[1] % params->block[1];
    case CO_ARG_HIDDEN_REMAINDER_Z: return params->grid[2] % params->block[2];
    case CO_ARG_HIDDEN_GRID_DIMS: return grid_dimensions(params);
    case CO_ARG_HIDDEN_DYNAMIC_LDS_SIZE: return params->dynamic_lds_bytes;
    case CO_ARG_HIDDEN_PRIVATE_BASE: return EMU_PRIVATE_BASE >> 32;
    case CO_ARG_HIDDEN_SHARED_BASE: return EMU_SHARED_BASE >> 32;
    case CO_ARG_HIDDEN_QUEUE_PTR: return (uint64_t)(uintptr_t)context->queue;
    default: return 0;
    }
}

void emu_kernarg_fill(struct emu_launch_context *context)
{
    const struct emu_launch_params *params = context->params;
    memset(context->kernarg, 0, context->kernarg_bytes);
    if (params->argument_bytes)
        memcpy(context->kernarg, params->arguments, params->argument_bytes);
    for (size_t i = 0; i < context->kernel->arg_count; i++) {
        const struct co_arg *arg = &context->kernel->args[i];
        if (arg->kind < CO_ARG_HIDDEN_BLOCK_COUNT_X)
            continue;
        const uint64_t value = hidden_value(context, arg->kind);
        memset(context->kernarg + arg->offset, 0, arg->size);
        memcpy(context->kernarg + arg->offset, &value, arg->size < sizeof value ? arg->size : sizeof value);
    }
}

void emu_packet_fill(struct emu_launch_context *context)
{
    struct packet {
        uint16_t header, setup;
        uint16_t workgroup_size[3], reserved0;
        uint32_t grid_size[3];
        uint32_t private_segment_bytes, group_segment_bytes;
        uint64_t kernel_object, kernarg_address, reserved1, completion_signal;
    };
    _Static_assert(sizeof(struct packet) == EMU_PACKET_BYTES, "HSA kernel dispatch packet");
    enum { HEADER_KERNEL_DISPATCH = 2, QUEUE_SHARED_BASE_HI = 64, QUEUE_PRIVATE_BASE_HI = 68 };

    const struct emu_launch_params *params = context->params;
    struct packet packet = {
        .header = HEADER_KERNEL_DISPATCH,
        .setup = (uint16_t)grid_dimensions(params),
        .private_segment_bytes = context->kernel->scratch_bytes,
        .group_segment_bytes = context->lds_bytes,
        .kernel_object = (uint64_t)(uintptr_t)params->module->image + context->kernel->entry,
        .kernarg_address = (uint64_t)(uintptr_t)context->kernarg,
    };
    for (int i = 0; i < 3; i++) {
        packet.workgroup_size[i] = (uint16_t)params->block[i];
        packet.grid_size[i] = (uint32_t)params->grid[i];
    }
    memcpy(context->packet, &packet, sizeof packet);

    // Of the queue, kernels read the apertures' upper words (amd_queue_t).
    const uint32_t shared = (uint32_t)(EMU_SHARED_BASE >> 32), private = (uint32_t)(EMU_PRIVATE_BASE >> 32);
    memset(context->queue, 0, EMU_QUEUE_BYTES);
    memcpy(context->queue + QUEUE_SHARED_BASE_HI, &shared, sizeof shared);
    memcpy(context->queue + QUEUE_PRIVATE_BASE_HI, &private, sizeof private);
}
