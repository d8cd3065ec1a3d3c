// Timing model "issue-1": cycles follow from issue slots alone. Each SIMD needs as many cycles as its busiest unit
// (vector, scalar, memory) needs to issue the instructions of the waves it holds; memory latency and bandwidth, caches,
// bank conflicts and dependencies cost nothing. It is a lower bound that is close where the vector unit is the limit.
#include "timing.h"

#include <math.h>
#include <string.h>

// The first-order law for WMMA kernels on gfx1151, measured: cycles a SIMD = 34 * WMMA + 1 * VALU + 3 * LDS when enough
// waves hide latency, hence LDS instructions on the vector unit. SALU, SMEM, branches and global memory issue beside
// it.
static const struct rate {
    uint8_t unit;
    float cycles;
} rates[EMU_C_COUNT] = {
    [EMU_C_SALU] = {EMU_UNIT_SCALAR, 1},
    [EMU_C_SFLOAT] = {EMU_UNIT_SCALAR, 1},
    [EMU_C_SMEM] = {EMU_UNIT_SCALAR, 1},
    [EMU_C_BRANCH] = {EMU_UNIT_SCALAR, 1},
    [EMU_C_WAIT] = {EMU_UNIT_SCALAR, 1},
    [EMU_C_BARRIER] = {EMU_UNIT_SCALAR, 1},
    [EMU_C_MESSAGE] = {EMU_UNIT_SCALAR, 1},
    [EMU_C_HINT] = {EMU_UNIT_SCALAR, 0}, // s_delay_alu, s_clause, s_nop: taken with the next instruction
    [EMU_C_END] = {EMU_UNIT_SCALAR, 1},
    [EMU_C_VALU] = {EMU_UNIT_VECTOR, 1},
    [EMU_C_VALU_TRANS] = {EMU_UNIT_VECTOR, 4},      // quarter rate (LLVM scheduling model)
    [EMU_C_VALU_64] = {EMU_UNIT_VECTOR, 2},         // 64-bit shifts and adds
    [EMU_C_VALU_QUARTER] = {EMU_UNIT_VECTOR, 4},    // v_mul_lo_u32 and its like
    [EMU_C_VALU_F64] = {EMU_UNIT_VECTOR, 16},       // 1/16 rate on client chips
    [EMU_C_VALU_F64_TRANS] = {EMU_UNIT_VECTOR, 64}, // assumed: quarter rate of f64
    [EMU_C_VALU_DOT] = {EMU_UNIT_VECTOR, 1},        // assumed: full rate, as on RDNA 2
    [EMU_C_VALU_LANE] = {EMU_UNIT_VECTOR, 1},
    [EMU_C_VOPD] = {EMU_UNIT_VECTOR, 1.13f}, // measured 56.6 of 64 lanes a cycle in FMA loops; see below
    [EMU_C_WMMA] = {EMU_UNIT_VECTOR, 34},    // measured 34.0; the specification says 32
    [EMU_C_WMMA_IU4] = {EMU_UNIT_VECTOR, 17},
    [EMU_C_LDS_LOAD] = {EMU_UNIT_VECTOR, 3}, // measured, first order
    [EMU_C_LDS_STORE] = {EMU_UNIT_VECTOR, 3},
    [EMU_C_LDS_ATOMIC] = {EMU_UNIT_VECTOR, 3},
    [EMU_C_LDS_PERMUTE] = {EMU_UNIT_VECTOR, 3},
    [EMU_C_VMEM_LOAD] = {EMU_UNIT_MEMORY, 1}, // AMD's issue classes of gfx11: loads 1-2, stores 2-6
    [EMU_C_VMEM_STORE] = {EMU_UNIT_MEMORY, 4},
    [EMU_C_VMEM_ATOMIC] = {EMU_UNIT_MEMORY, 4},
    [EMU_C_FLAT_LOAD] = {EMU_UNIT_MEMORY, 2},
    [EMU_C_FLAT_STORE] = {EMU_UNIT_MEMORY, 4},
    [EMU_C_FLAT_ATOMIC] = {EMU_UNIT_MEMORY, 4},
    [EMU_C_SCRATCH_LOAD] = {EMU_UNIT_MEMORY, 1},
    [EMU_C_SCRATCH_STORE] = {EMU_UNIT_MEMORY, 4},
    [EMU_C_CACHE] = {EMU_UNIT_MEMORY, 1},
};

// Beside WMMA a dual instruction gains nothing over two: measured 1.92 cycles a pair.
#define VOPD_BESIDE_WMMA 1.92

// wave64: WMMA the same 34 cycles, VALU measured 1.76, LDS 2.53/1.49 of wave32.
static double wave64_factor(unsigned class)
{
    switch (class) {
    case EMU_C_WMMA:
    case EMU_C_WMMA_IU4: return 1;
    case EMU_C_LDS_LOAD:
    case EMU_C_LDS_STORE:
    case EMU_C_LDS_ATOMIC:
    case EMU_C_LDS_PERMUTE: return 2.53 / 1.49;
    default: return rates[class].unit == EMU_UNIT_VECTOR ? 1.76 : 1;
    }
}

// Dispatch: about 300 ns a launch and 0.7 ns a workgroup, measured on gfx1151.
#define DISPATCH_NS             300.0
#define DISPATCH_NS_A_WORKGROUP 0.7

static void group_cost(const struct emu_group *group, struct emu_group_cost *cost)
{
    memset(cost, 0, sizeof *cost);
    for (uint32_t w = 0; w < group->wave_count; w++) {
        const struct emu_wave *wave = &group->waves[w];
        const bool uses_wmma = wave->class_counts[EMU_C_WMMA] + wave->class_counts[EMU_C_WMMA_IU4] > 0;
        float *cycles = cost->cycles[w % EMU_SIMDS_A_WGP];
        for (unsigned class = 0; class < EMU_C_COUNT; class++) {
            if (!wave->class_counts[class])
                continue;
            double each = (double)rates[class].cycles;
            if (class == EMU_C_VOPD && uses_wmma)
                each = VOPD_BESIDE_WMMA;
            if (wave->wave64)
                each *= wave64_factor(class);
            cycles[rates[class].unit] += (float)(each * (double)wave->class_counts[class]);
        }
    }
}

struct wgp {
    double simd[EMU_SIMDS_A_WGP][EMU_UNIT_COUNT];
    double load, busiest; // sum over its SIMDs, and cycles of the busiest one
    unsigned next_simd;
};

// A SIMD is as busy as its busiest unit.
static void measure(struct wgp *wgp)
{
    wgp->load = wgp->busiest = 0;
    for (unsigned s = 0; s < EMU_SIMDS_A_WGP; s++) {
        double cycles = 0;
        for (unsigned u = 0; u < EMU_UNIT_COUNT; u++)
            cycles = fmax(cycles, wgp->simd[s][u]);
        wgp->load += cycles;
        wgp->busiest = fmax(wgp->busiest, cycles);
    }
}

// Adds a workgroup's waves; the next workgroup goes on with the SIMD after its last wave, as small workgroups fill a
// WGP. In CU mode a workgroup stays on two SIMDs, and the next one takes the other two.
static void place(struct wgp *wgp, const struct emu_group_cost *cost, uint32_t waves, bool wgp_mode)
{
    for (unsigned i = 0; i < EMU_SIMDS_A_WGP; i++) {
        const unsigned simd = wgp_mode ? (wgp->next_simd + i) % EMU_SIMDS_A_WGP : wgp->next_simd / 2 * 2 + i % 2;
        for (unsigned u = 0; u < EMU_UNIT_COUNT; u++)
            wgp->simd[simd][u] += (double)cost->cycles[i][u];
    }
    wgp->next_simd = wgp_mode ? (wgp->next_simd + waves) % EMU_SIMDS_A_WGP : (wgp->next_simd + 2) % EMU_SIMDS_A_WGP;
    measure(wgp);
}

static struct emu_group_cost mean_cost(const struct emu_timing_launch *launch)
{
    struct emu_group_cost mean = {0};
    for (unsigned s = 0; s < EMU_SIMDS_A_WGP; s++)
        for (unsigned u = 0; u < EMU_UNIT_COUNT; u++) {
            double sum = 0;
            for (size_t i = 0; i < launch->count; i++)
                sum += (double)launch->costs[i].cycles[s][u];
            mean.cycles[s][u] = launch->count ? (float)(sum / (double)launch->count) : 0;
        }
    return mean;
}

// Workgroups that are placed one by one; the rest of a larger launch is taken to go on at the same rate.
#define PLACED_MAX (UINT64_C(1) << 22)

// Workgroups go, in the order of their ids, to the WGP that has least to do; those that did not run cost the mean of
// those that did. How many are resident at once changes nothing here, since nothing is waited for.
static void launch_time(const struct emu_timing_launch *launch, struct emu_timing_result *result)
{
    struct wgp wgps[EMU_WGPS] = {0};
    const struct emu_group_cost mean = mean_cost(launch);
    double busiest = 0;
    size_t at = 0;
    const uint64_t placed = launch->workgroups < PLACED_MAX ? launch->workgroups : PLACED_MAX;
    for (uint64_t id = 0; launch->count && id < placed; id++) {
        const bool ran = at < launch->count && launch->ids[at] == id;
        const struct emu_group_cost *cost = ran ? &launch->costs[at++] : &mean;
        struct wgp *least = &wgps[0];
        for (unsigned w = 1; w < EMU_WGPS; w++)
            if (wgps[w].load < least->load)
                least = &wgps[w];
        place(least, cost, launch->waves, launch->wgp_mode);
        busiest = fmax(busiest, least->busiest);
    }
    busiest *= placed ? (double)launch->workgroups / (double)placed : 1;
    const double dispatch_ns = DISPATCH_NS + DISPATCH_NS_A_WORKGROUP * (double)launch->workgroups;
    const struct emu_occupancy reached = emu_occupancy_of_launch(&launch->occupancy, launch->workgroups, launch->waves);
    *result = (struct emu_timing_result){
        .cycles = busiest + dispatch_ns * launch->clock_mhz / 1000,
        .clock_mhz = launch->clock_mhz,
        .waves_a_simd = reached.waves_a_simd,
        .limiter = reached.limiter,
    };
    result->milliseconds = result->cycles / (launch->clock_mhz * 1000);
}

const struct emu_timing_model emu_timing_issue = {
    .key = EMU_ISSUE_KEY,
    .label = EMU_ISSUE_LABEL,
    .group_cost = group_cost,
    .launch = launch_time,
};
