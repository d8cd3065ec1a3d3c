// How a compiled kernel is launched on a shape: grid, block and argument block (kernels/convention.h).
#ifndef W4_HARNESS_LAUNCH_H
#define W4_HARNESS_LAUNCH_H

#include <stdint.h>

#include "../base/error.h"
#include "../device/hip.h"
#include "../kernels/convention.h"
#include "model.h"

// Device addresses of a GEMM's operands; `zeros` 0 when symmetric.
struct w4_gemm_addresses {
    uint64_t a, w, scales, zeros, c;
};

struct w4_gemm_launch {
    uint32_t grid[3], block[3], dynamic_lds_bytes;
    _Alignas(8) unsigned char arguments[W4_CONVENTION_BLOCK_MAX_BYTES];
    size_t argument_bytes;
};

// W4_RANGE when a size does not fit the kernels' 32 bits.
enum w4_status w4_gemm_launch_of(const struct w4_variant *variant, const struct w4_shape *shape,
                                 const struct w4_gemm_addresses *addresses, struct w4_gemm_launch *launch,
                                 struct w4_error *error);
enum w4_status w4_gemm_launch_run(struct w4_device *device, w4_function function, const struct w4_gemm_launch *launch,
                                  struct w4_error *error);

#endif
