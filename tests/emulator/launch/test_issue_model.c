// Occupancy against the published waves-a-SIMD steps of gfx1151, and the issue model against sums made by hand.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../emulator/timing/timing.h"

static void registers_limit_waves_in_the_published_steps(void **state)
{
    (void)state;
    static const struct {
        uint32_t vgprs, waves;
    } steps[] = {{1, 16},  {96, 16}, {97, 12}, {120, 12}, {144, 10}, {168, 9},
                 {192, 8}, {216, 7}, {240, 6}, {241, 5},  {256, 5}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        // Workgroups of one wave, so that nothing but registers counts.
        const struct emu_occupancy occupancy = emu_occupancy_of(steps[i].vgprs, 0, 1, false, true);
        assert_int_equal(occupancy.workgroups_a_wgp, steps[i].waves * 4);
    }
}

static void lds_and_barriers_limit_workgroups(void **state)
{
    (void)state;
    struct emu_occupancy occupancy = emu_occupancy_of(64, 40000, 8, false, true);
    assert_int_equal(occupancy.workgroups_a_wgp, 3); // 131072 / 40960
    assert_string_equal(occupancy.limiter, "lds");
    occupancy = emu_occupancy_of(64, 40000, 8, false, false);
    assert_int_equal(occupancy.workgroups_a_wgp, 2); // one a CU
    occupancy = emu_occupancy_of(32, 0, 2, false, true);
    assert_int_equal(occupancy.workgroups_a_wgp, 32);
    occupancy = emu_occupancy_of(192, 0, 8, false, true);
    assert_int_equal(occupancy.workgroups_a_wgp, 4);
    assert_string_equal(occupancy.limiter, "vgpr");
    assert_true(occupancy.waves_a_simd == 8.0);
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(value >= expected - tolerance && value <= expected + tolerance))
        fail_msg("%.9g, expected %.9g", value, expected);
}

static struct emu_group_cost cost_of(uint32_t waves, uint64_t wmma, uint64_t valu, uint64_t lds)
{
    static struct emu_wave wave[32];
    struct emu_group group = {.wave_count = waves, .waves = wave};
    struct emu_group_cost cost;
    memset(wave, 0, sizeof wave);
    for (uint32_t i = 0; i < waves; i++) {
        wave[i].class_counts[EMU_C_WMMA] = wmma;
        wave[i].class_counts[EMU_C_VALU] = valu;
        wave[i].class_counts[EMU_C_LDS_LOAD] = lds;
        wave[i].class_counts[EMU_C_SALU] = 5;
    }
    emu_timing_issue.group_cost(&group, &cost);
    return cost;
}

static double dispatch_cycles(double workgroups)
{
    return (300 + 0.7 * workgroups) * 2.9;
}

static struct emu_timing_result model(const struct emu_group_cost *costs, const uint64_t *ids, size_t count,
                                      uint64_t workgroups, uint32_t waves)
{
    const struct emu_timing_launch launch = {
        .workgroups = workgroups,
        .ids = ids,
        .costs = costs,
        .count = count,
        .waves = waves,
        .wgp_mode = true,
        .occupancy = emu_occupancy_of(128, 0, waves, false, true),
        .clock_mhz = 2900,
    };
    struct emu_timing_result result;
    emu_timing_issue.launch(&launch, &result);
    return result;
}

static void a_simd_needs_34_cycles_a_wmma_1_a_valu_3_an_lds(void **state)
{
    (void)state;
    struct emu_group_cost costs[21];
    uint64_t ids[21];
    for (size_t i = 0; i < 21; i++) {
        costs[i] = cost_of(8, 10, 100, 20);
        ids[i] = i;
    }
    // Two waves a SIMD, one workgroup a WGP.
    const double one = 2 * (34 * 10 + 100 + 3 * 20);
    struct emu_timing_result result = model(costs, ids, 20, 20, 8);
    assert_near(result.cycles, one + dispatch_cycles(20), 0.01);
    assert_near(result.milliseconds, result.cycles / 2.9e6, 1e-9);
    // The 21st workgroup shares a WGP.
    result = model(costs, ids, 21, 21, 8);
    assert_near(result.cycles, 2 * one + dispatch_cycles(21), 0.01);
}

static void small_workgroups_spread_over_the_simds(void **state)
{
    (void)state;
    struct emu_group_cost costs[80];
    uint64_t ids[80];
    for (size_t i = 0; i < 80; i++) {
        costs[i] = cost_of(1, 0, 1000, 0);
        ids[i] = i;
    }
    const struct emu_timing_result result = model(costs, ids, 80, 80, 1);
    assert_near(result.cycles, 1000 + dispatch_cycles(80), 0.01);
}

static void a_sample_stands_for_the_whole_launch(void **state)
{
    (void)state;
    struct emu_group_cost costs[2] = {cost_of(4, 1, 0, 0), cost_of(4, 3, 0, 0)};
    const uint64_t ids[2] = {0, 199};
    // 200 workgroups of on average 2 WMMA a SIMD on 20 WGPs: 10 each.
    const struct emu_timing_result result = model(costs, ids, 2, 200, 4);
    const double expected = 10 * 2 * 34 + dispatch_cycles(200);
    assert_true(result.cycles > expected - 35 && result.cycles < expected + 35);
}

static void few_workgroups_are_named_as_the_limit(void **state)
{
    (void)state;
    struct emu_group_cost cost = cost_of(8, 1, 0, 0);
    const uint64_t id = 0;
    const struct emu_timing_result result = model(&cost, &id, 1, 1, 8);
    assert_string_equal(result.limiter, "grid");
    assert_near(result.waves_a_simd, 0.1, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_limit_waves_in_the_published_steps),
        cmocka_unit_test(lds_and_barriers_limit_workgroups),
        cmocka_unit_test(a_simd_needs_34_cycles_a_wmma_1_a_valu_3_an_lds),
        cmocka_unit_test(small_workgroups_spread_over_the_simds),
        cmocka_unit_test(a_sample_stands_for_the_whole_launch),
        cmocka_unit_test(few_workgroups_are_named_as_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
