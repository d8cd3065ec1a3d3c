// The timing model's seam: what the launcher measures of each workgroup, and the model that turns it into cycles. A
// model is deterministic: its answer depends on the launch alone, never on the host.
#ifndef EMU_TIMING_H
#define EMU_TIMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../codeobject/codeobject.h"
#include "../wave.h"

// gfx1151: 20 WGPs of 4 SIMD32; registers, LDS and wave slots of each. Sources: AMD's product data; LLVM's GCN
// subtarget tables for gfx1151 (granules, barriers).
enum {
    EMU_WGPS = 20,
    EMU_SIMDS_A_WGP = 4,
    EMU_WAVES_A_SIMD = 16,
    EMU_VGPRS_A_SIMD = 1536, // of 32 lanes
    EMU_VGPR_GRANULE = 24,
    EMU_LDS_A_WGP = 131072,
    EMU_LDS_GRANULE = 1024,
    EMU_BARRIERS_A_WGP = 32, // workgroups of more than one wave
};

#define EMU_CLOCK_MHZ 2900.0

// How many workgroups and waves of a kernel fit on a WGP at once, and what stops more from fitting.
struct emu_occupancy {
    uint32_t workgroups_a_wgp; // 0: the workgroup does not fit at all
    double waves_a_simd;       // resident, on average over a WGP's SIMDs
    const char *limiter;       // "vgpr", "lds", "waves", "workgroups"
};

// `vgprs` a lane, `lds_bytes` and `waves` a workgroup.
struct emu_occupancy emu_occupancy_of(uint32_t vgprs, uint32_t lds_bytes, uint32_t waves, bool wave64, bool wgp_mode);

// What a launch of `workgroups` workgroups of `waves` waves reaches of that: less, and limited by "grid", when it does
// not fill the chip.
struct emu_occupancy emu_occupancy_of_launch(const struct emu_occupancy *most, uint64_t workgroups, uint32_t waves);

// Issue slots of a SIMD that work side by side.
enum emu_unit { EMU_UNIT_VECTOR, EMU_UNIT_SCALAR, EMU_UNIT_MEMORY, EMU_UNIT_COUNT };

// Cycles of one workgroup's waves; waves are dealt to SIMDs in turn, so that the sums are kept by wave index modulo 4.
struct emu_group_cost {
    float cycles[EMU_SIMDS_A_WGP][EMU_UNIT_COUNT];
};

struct emu_timing_launch {
    uint64_t workgroups;                // of the launch
    const uint64_t *ids;                // that ran, ascending
    const struct emu_group_cost *costs; // of those
    size_t count;
    uint32_t waves; // a workgroup
    bool wgp_mode;
    struct emu_occupancy occupancy;
    double clock_mhz;
};

struct emu_timing_result {
    double cycles, milliseconds, clock_mhz;
    double waves_a_simd;
    const char *limiter;
};

struct emu_timing_model {
    const char *key, *label;
    void (*group_cost)(const struct emu_group *group, struct emu_group_cost *cost);
    void (*launch)(const struct emu_timing_launch *launch, struct emu_timing_result *result);
};

#define EMU_ISSUE_KEY   "issue-1"
#define EMU_ISSUE_LABEL "modelled (issue only)"

extern const struct emu_timing_model emu_timing_issue;

#endif
