// Registers, LDS and occupancy of one kernel, and the table of them that the build prints. Does not read files.
#ifndef W4_KERNELS_RESOURCES_H
#define W4_KERNELS_RESOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct resources {
    uint32_t vgprs, sgprs, lds_bytes, vgpr_spills, sgpr_spills, scratch_bytes;
};

// Waves of this kernel that a SIMD32 of gfx1151 holds at a time, 0 when the kernel cannot run. Sources: LLVM AMDGPU
// (GCNSubtarget of gfx1151): 1536 VGPRs a SIMD in wave32, granule 24, at most 16 waves; LDS 128 KiB a WGP of 4 SIMDs,
// granule 1024 bytes.
uint32_t resources_waves_per_simd(const struct resources *resources, uint32_t waves_per_workgroup);

// Element-wise maximum: the worst kernel of a tile.
void resources_merge(struct resources *worst, const struct resources *resources);

void resources_print_head(void);
void resources_print_row(const char *tile, size_t kernels, const struct resources *worst, uint32_t waves_per_workgroup,
                         bool spills_expected);

#endif
