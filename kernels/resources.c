// Occupancy arithmetic of gfx1151 and the build's resource table. See resources.h for the sources of the numbers.
#include "resources.h"

#include <stdio.h>

enum {
    VGPRS_PER_SIMD = 1536,
    VGPR_GRANULE = 24,
    VGPRS_PER_WAVE = 256,
    WAVES_PER_SIMD = 16,
    SIMDS_PER_WGP = 4,
    LDS_PER_WGP = 128 * 1024,
    LDS_PER_WORKGROUP = 64 * 1024,
    LDS_GRANULE = 1024
};

static uint32_t round_up(uint32_t value, uint32_t granule)
{
    return (value + granule - 1) / granule * granule;
}

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t max_u32(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

uint32_t resources_waves_per_simd(const struct resources *resources, uint32_t waves_per_workgroup)
{
    if (resources->vgprs > VGPRS_PER_WAVE || resources->lds_bytes > LDS_PER_WORKGROUP || waves_per_workgroup == 0)
        return 0;
    const uint32_t vgprs = round_up(max_u32(resources->vgprs, 1), VGPR_GRANULE);
    const uint32_t by_vgprs = min_u32(VGPRS_PER_SIMD / vgprs, WAVES_PER_SIMD);
    const uint32_t lds = round_up(max_u32(resources->lds_bytes, 1), LDS_GRANULE);
    const uint32_t by_lds = LDS_PER_WGP / lds * waves_per_workgroup / SIMDS_PER_WGP;
    return min_u32(by_vgprs, by_lds);
}

void resources_merge(struct resources *worst, const struct resources *resources)
{
    worst->vgprs = max_u32(worst->vgprs, resources->vgprs);
    worst->sgprs = max_u32(worst->sgprs, resources->sgprs);
    worst->lds_bytes = max_u32(worst->lds_bytes, resources->lds_bytes);
    worst->vgpr_spills = max_u32(worst->vgpr_spills, resources->vgpr_spills);
    worst->sgpr_spills = max_u32(worst->sgpr_spills, resources->sgpr_spills);
    worst->scratch_bytes = max_u32(worst->scratch_bytes, resources->scratch_bytes);
}

void resources_print_head(void)
{
    printf("%-36s %7s %5s %5s %6s %7s %8s %10s\n", "tile (worst of its kernels)", "kernels", "VGPRs", "SGPRs", "LDS",
           "spills", "scratch", "waves/SIMD");
}

void resources_print_row(const char *tile, size_t kernels, const struct resources *worst, uint32_t waves_per_workgroup,
                         bool spills_expected)
{
    const uint32_t spills = worst->vgpr_spills + worst->sgpr_spills;
    printf("%-36s %7zu %5u %5u %6u %7u %8u %10u%s\n", tile, kernels, worst->vgprs, worst->sgprs, worst->lds_bytes,
           spills, worst->scratch_bytes, resources_waves_per_simd(worst, waves_per_workgroup),
           spills_expected            ? "  spills expected"
           : spills > 0               ? "  SPILLS"
           : worst->scratch_bytes > 0 ? "  SCRATCH"
                                      : "");
}
