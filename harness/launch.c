// Launch geometry of the suite's kernels.
#include "launch.h"

#include <inttypes.h>
#include <string.h>

enum w4_status w4_gemm_launch_of(const struct w4_variant *variant, const struct w4_shape *shape,
                                 const struct w4_gemm_addresses *addresses, struct w4_gemm_launch *launch,
                                 struct w4_error *error)
{
    const struct w4_tile *tile = &variant->tile;
    const struct w4_convention *convention = &variant->convention;
    int64_t grid_m = (shape->m + tile->bm - 1) / tile->bm;
    int64_t grid_n = (shape->n + tile->bn - 1) / tile->bn;
    if (shape->m > UINT32_MAX || shape->n > UINT32_MAX || shape->k > UINT32_MAX || grid_m > INT32_MAX ||
        grid_n > INT32_MAX)
        return w4_fail(error, W4_RANGE, "%" PRId64 " x %" PRId64 " x %" PRId64 " does not fit the kernels' 32 bits",
                       shape->m, shape->n, shape->k);
    memset(launch, 0, sizeof(*launch));
    launch->grid[convention->n_first] = (uint32_t)grid_m;
    launch->grid[!convention->n_first] = (uint32_t)grid_n;
    launch->grid[2] = 1;
    launch->block[0] = (uint32_t)tile->waves * 32;
    launch->block[1] = launch->block[2] = 1;
    launch->dynamic_lds_bytes = convention->dynamic_lds_bytes;
    const struct w4_gemm_args values = {
        .a = addresses->a,
        .w = addresses->w,
        .scales = addresses->scales,
        .zeros = addresses->zeros,
        .c = addresses->c,
        .m = (uint32_t)shape->m,
        .n = (uint32_t)shape->n,
        .k = (uint32_t)shape->k,
        .a_pitch = (uint32_t)shape->a_pitch,
        .w_pitch = (uint32_t)shape->w_pitch,
        .scale_pitch = (uint32_t)shape->scale_pitch,
        .c_pitch = (uint32_t)shape->c_pitch,
    };
    launch->argument_bytes = w4_convention_pack(convention, &values, (uint32_t)variant->group_size, launch->arguments);
    return W4_OK;
}

enum w4_status w4_gemm_launch_run(struct w4_device *device, w4_function function, const struct w4_gemm_launch *launch,
                                  struct w4_error *error)
{
    return w4_device_launch(device, function, launch->grid, launch->block, launch->dynamic_lds_bytes, launch->arguments,
                            launch->argument_bytes, error);
}
