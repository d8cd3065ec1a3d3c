// How many workgroups of a kernel a WGP holds. Sources: register file, granule and wave slots as in timing.h; in CU
// mode a workgroup lives on one CU (half a WGP: two SIMDs, 64 KB of LDS).
#include "timing.h"

static uint32_t round_up(uint32_t value, uint32_t granule)
{
    return (value + granule - 1) / granule * granule;
}

struct emu_occupancy emu_occupancy_of(uint32_t vgprs, uint32_t lds_bytes, uint32_t waves, bool wave64, bool wgp_mode)
{
    // A wave64 register takes the room of two; its granule is half as many registers.
    const uint32_t wide = wave64 ? 2 : 1;
    const uint32_t allocated = round_up((vgprs ? vgprs : 1) * wide, EMU_VGPR_GRANULE);
    const uint32_t parts = wgp_mode ? 1 : 2;
    const uint32_t simds = EMU_SIMDS_A_WGP / parts;
    const uint32_t by_registers = EMU_VGPRS_A_SIMD / allocated;
    const uint32_t waves_a_simd = by_registers < EMU_WAVES_A_SIMD ? by_registers : EMU_WAVES_A_SIMD;

    const struct {
        const char *name;
        uint32_t workgroups; // on a WGP
    } limits[] = {
        {"waves", EMU_WAVES_A_SIMD * simds / waves * parts},
        {"vgpr", waves_a_simd * simds / waves * parts},
        {"lds", lds_bytes ? EMU_LDS_A_WGP / parts / round_up(lds_bytes, EMU_LDS_GRANULE) * parts : UINT32_MAX},
        {"workgroups", waves > 1 ? EMU_BARRIERS_A_WGP : UINT32_MAX},
    };
    struct emu_occupancy occupancy = {UINT32_MAX, 0, ""};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (limits[i].workgroups >= occupancy.workgroups_a_wgp)
            continue;
        occupancy.workgroups_a_wgp = limits[i].workgroups;
        occupancy.limiter = limits[i].name;
    }
    occupancy.waves_a_simd = (double)(occupancy.workgroups_a_wgp * waves) / (double)EMU_SIMDS_A_WGP;
    return occupancy;
}

struct emu_occupancy emu_occupancy_of_launch(const struct emu_occupancy *most, uint64_t workgroups, uint32_t waves)
{
    struct emu_occupancy reached = *most;
    if (workgroups >= (uint64_t)most->workgroups_a_wgp * EMU_WGPS)
        return reached;
    reached.waves_a_simd = (double)(workgroups * waves) / (double)(EMU_WGPS * EMU_SIMDS_A_WGP);
    reached.limiter = "grid";
    return reached;
}
