// The state in which a workgroup's waves start. Sources: AMDGPUUsage, "Initial Kernel Execution State" (SGPR and VGPR
// set-up order, gfx11: packed work-item ids, architected flat scratch) and "Kernel Descriptor" (RSRC1, RSRC2).
#include "launch.h"

#include <string.h>

enum { // kernel code properties
    PROPERTY_PRIVATE_SEGMENT_BUFFER = 1 << 0,
    PROPERTY_DISPATCH_PTR = 1 << 1,
    PROPERTY_QUEUE_PTR = 1 << 2,
    PROPERTY_KERNARG_PTR = 1 << 3,
    PROPERTY_DISPATCH_ID = 1 << 4,
    PROPERTY_FLAT_SCRATCH_INIT = 1 << 5,
    PROPERTY_PRIVATE_SEGMENT_SIZE = 1 << 6
};

enum { // RSRC1 and RSRC2
    RSRC1_FLOAT_MODE_SHIFT = 12,
    RSRC1_DX10_CLAMP = 1 << 21,
    RSRC1_IEEE = 1 << 23,
    RSRC1_FP16_OVFL = 1 << 26,
    RSRC2_USER_SGPRS_SHIFT = 1,
    RSRC2_WORKGROUP_ID_SHIFT = 7, // x, y, z
    RSRC2_WORKGROUP_INFO = 1 << 10,
    RSRC2_WORKITEM_DIMS_SHIFT = 11
};

static unsigned user_sgprs(const struct co_kernel *kernel)
{
    return kernel->rsrc2 >> RSRC2_USER_SGPRS_SHIFT & 31;
}

unsigned emu_startup_sgprs(const struct co_kernel *kernel)
{
    unsigned count = user_sgprs(kernel);
    for (unsigned i = 0; i < 3; i++)
        count += kernel->rsrc2 >> (RSRC2_WORKGROUP_ID_SHIFT + i) & 1;
    return count + ((kernel->rsrc2 & RSRC2_WORKGROUP_INFO) != 0);
}

// The SGPRs that all waves of a workgroup start with.
static void set_sgprs(const struct emu_launch_context *context, const uint32_t id[3], uint32_t *s)
{
    const struct co_kernel *kernel = context->kernel;
    const struct {
        uint16_t property;
        uint8_t count;
        uint64_t value;
    } users[] = {
        {PROPERTY_PRIVATE_SEGMENT_BUFFER, 4, 0}, // unused where flat scratch is architected
        {PROPERTY_DISPATCH_PTR, 2, (uint64_t)(uintptr_t)context->packet},
        {PROPERTY_QUEUE_PTR, 2, (uint64_t)(uintptr_t)context->queue},
        {PROPERTY_KERNARG_PTR, 2, (uint64_t)(uintptr_t)context->kernarg},
        {PROPERTY_DISPATCH_ID, 2, 1},
        {PROPERTY_FLAT_SCRATCH_INIT, 2, 0},
        {PROPERTY_PRIVATE_SEGMENT_SIZE, 1, context->scratch_lane_bytes},
    };
    unsigned at = 0;
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        if (!(kernel->properties & users[i].property))
            continue;
        s[at] = (uint32_t)users[i].value;
        if (users[i].count > 1)
            s[at + 1] = (uint32_t)(users[i].value >> 32);
        at += users[i].count;
    }
    at = user_sgprs(kernel);
    for (unsigned i = 0; i < 3; i++)
        if (kernel->rsrc2 >> (RSRC2_WORKGROUP_ID_SHIFT + i) & 1)
            s[at++] = id[i];
}

static uint32_t initial_mode(const struct co_kernel *kernel)
{
    uint32_t mode = kernel->rsrc1 >> RSRC1_FLOAT_MODE_SHIFT & 0xff;
    mode |= kernel->rsrc1 & RSRC1_DX10_CLAMP ? EMU_MODE_DX10_CLAMP : 0;
    mode |= kernel->rsrc1 & RSRC1_IEEE ? EMU_MODE_IEEE : 0;
    mode |= kernel->rsrc1 & RSRC1_FP16_OVFL ? EMU_MODE_FP16_OVFL : 0;
    return mode;
}

// v0: work-item ids x[9:0], y[19:10], z[29:20]; only those that RSRC2 asks for.
static void set_workitem_ids(const struct emu_launch_context *context, const uint32_t size[3], struct emu_wave *wave)
{
    const unsigned dims = context->kernel->rsrc2 >> RSRC2_WORKITEM_DIMS_SHIFT & 3;
    const uint32_t first = wave->index * context->wave_size, total = size[0] * size[1] * size[2];
    for (uint32_t lane = 0; lane < context->wave_size && first + lane < total; lane++) {
        const uint32_t flat = first + lane;
        const uint32_t x = flat % size[0], y = flat / size[0] % size[1], z = flat / size[0] / size[1];
        uint32_t packed = x;
        packed |= dims >= 1 ? y << 10 : 0;
        packed |= dims >= 2 ? z << 20 : 0;
        wave->v[(size_t)(lane / EMU_LANES) * 256 * EMU_LANES + lane % EMU_LANES] = packed;
    }
}

static void clear_storage(const struct emu_launch_context *context, struct emu_wave *wave)
{
    for (uint32_t half = 0; half < context->wave_size / EMU_LANES; half++)
        memset(wave->v + (size_t)half * 256 * EMU_LANES, 0, (size_t)context->vgpr_words * EMU_LANES * sizeof *wave->v);
    if (context->scratch_lane_bytes)
        memset(wave->scratch, 0, (size_t)context->scratch_lane_bytes * context->wave_size);
}

static void start_wave(const struct emu_launch_context *context, const uint32_t size[3], struct emu_group *group,
                       uint32_t index)
{
    struct emu_wave *wave = &group->waves[index];
    uint32_t *const v = wave->v;
    uint8_t *const scratch = wave->scratch;
    *wave = (struct emu_wave){
        .v = v,
        .scratch = scratch,
        .scratch_lane_bytes = context->scratch_lane_bytes,
        .ip = context->entry,
        .group = group,
        .status = EMU_RUNNING,
        .mode = initial_mode(context->kernel),
        .wave64 = context->wave_size == 64,
        .index = index,
    };
    clear_storage(context, wave);
    set_sgprs(context, group->id, wave->s);
    set_workitem_ids(context, size, wave);
    const uint32_t left = size[0] * size[1] * size[2] - index * context->wave_size;
    const uint64_t exec = left >= 64 ? UINT64_MAX : (UINT64_C(1) << left) - 1;
    wave->s[EMU_SGPR_EXEC] = (uint32_t)exec;
    wave->s[EMU_SGPR_EXEC + 1] = wave->wave64 ? (uint32_t)(exec >> 32) : 0;
}

void emu_startup(const struct emu_launch_context *context, uint64_t linear_id, struct emu_group *group)
{
    const struct emu_launch_params *params = context->params;
    const uint64_t plane = context->groups[0] * context->groups[1];
    uint32_t size[3], total = 1;
    group->id[0] = (uint32_t)(linear_id % context->groups[0]);
    group->id[1] = (uint32_t)(linear_id / context->groups[0] % context->groups[1]);
    group->id[2] = (uint32_t)(linear_id / plane);
    for (int i = 0; i < 3; i++) {
        // The last workgroup of a dimension may be partial.
        const uint64_t left = params->grid[i] - (uint64_t)group->id[i] * params->block[i];
        size[i] = left < params->block[i] ? (uint32_t)left : params->block[i];
        total *= size[i];
    }
    group->linear_id = linear_id;
    group->wave_count = (total + context->wave_size - 1) / context->wave_size;
    group->lds_bytes = context->lds_bytes;
    group->launch = context;
    group->shared_base = EMU_SHARED_BASE;
    group->private_base = EMU_PRIVATE_BASE;
    *group->fault = (struct emu_fault){.kind = EMU_FAULT_NONE};
    if (context->lds_bytes)
        memset(group->lds, 0, context->lds_bytes);
    for (uint32_t i = 0; i < group->wave_count; i++)
        start_wave(context, size, group, i);
}
