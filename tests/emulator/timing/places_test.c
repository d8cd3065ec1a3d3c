// Where a launch's memory lies for caches and channels, whatever the allocator did before.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../emulator/timing/places.h"
#include "kernels.h"

static const struct asm_kernel kernels[] = {
    // Each workgroup reads rows 4160 bytes apart, all over the buffer, four times.
    KERNEL("reads_rows", "  v_mul_u32_u24 v1, 0x1040, v0\n  s_lshl_b32 s6, s2, 7\n  v_add_nc_u32 v1, s6, v1\n"
                         "  v_and_b32 v1, 0xffffc, v1\n  s_mov_b32 s7, 4\n"
                         "1:\n  global_load_b32 v2, v1, s[4:5]\n  s_waitcnt vmcnt(0)\n  s_sub_u32 s7, s7, 1\n"
                         "  s_cmp_lg_u32 s7, 0\n  s_cbranch_scc1 1b\n"),
    // Four registers to scratch and back.
    {.name = "spills",
     .head = kernels_head,
     .body = "  scratch_store_b128 off, v[4:7], off offset:16\n  s_waitcnt_vscnt null, 0x0\n"
             "  scratch_load_b128 v[8:11], off, off offset:16\n  s_waitcnt vmcnt(0)\n",
     .buffers = 1,
     .scratch_bytes = 64},
};

static int set_up(void **state)
{
    (void)state;
    return kernels_set_up(kernels, sizeof kernels / sizeof *kernels);
}

static double cycles_of(const char *name)
{
    struct emu_launch_result result;
    struct w4_error error = {0};
    const enum w4_status status = kernels_launch(name, 8, 200, NULL, &result, &error);
    const double cycles = result.timing.cycles;
    emu_launch_result_fini(&result);
    if (status != W4_OK)
        fail_msg("%s", error.message);
    return cycles;
}

static void other_allocations_move_no_figure(void **state)
{
    (void)state;
    const double before = cycles_of("reads_rows");
    for (uint64_t spacer_bytes = 1; spacer_bytes < 1 << 24; spacer_bytes *= 77) {
        assert_true(kernels_move_buffer(spacer_bytes));
        assert_true(cycles_of("reads_rows") == before);
    }
}

// A context by hand: a kernel with two pointers, the second of which lies first in memory; a third allocation that
// consists of two ranges.
enum { A = 0x300000, B = 0x100000, C = 0x500000, BYTES = 0x1000 };
struct by_hand {
    uint64_t kernarg[2 + (EMU_PACKET_BYTES + EMU_QUEUE_BYTES) / 8];
    struct co_arg args[2];
    struct co_kernel kernel;
    struct emu_ranges *ranges;
    struct emu_launch_context context;
};

static void make(struct by_hand *hand)
{
    static const struct emu_range ranges[] = {
        {B, B + BYTES, B, EMU_RANGE_BUFFER, true},
        {A, A + BYTES, A, EMU_RANGE_BUFFER, true},
        {C, C + 64, C, EMU_RANGE_IMAGE, false},
        {C + 64, C + BYTES, C, EMU_RANGE_IMAGE, true},
    };
    *hand = (struct by_hand){
        .kernarg = {A, B},
        .args = {{CO_ARG_GLOBAL_BUFFER, 0, 8}, {CO_ARG_GLOBAL_BUFFER, 8, 8}},
        .ranges = malloc(sizeof *hand->ranges + sizeof ranges),
    };
    assert_non_null(hand->ranges);
    hand->ranges->count = sizeof ranges / sizeof *ranges;
    memcpy(hand->ranges->range, ranges, sizeof ranges);
    hand->kernel = (struct co_kernel){.args = hand->args, .arg_count = 2};
    uint8_t *block = (uint8_t *)hand->kernarg;
    hand->context = (struct emu_launch_context){.kernel = &hand->kernel,
                                                .ranges = hand->ranges,
                                                .kernarg = block,
                                                .kernarg_bytes = 16,
                                                .queue = block + 16,
                                                .packet = block + 16 + EMU_QUEUE_BYTES,
                                                .wave_size = 32,
                                                .scratch_lane_bytes = 36};
}

static void buffers_lie_in_the_order_of_the_arguments(void **state)
{
    (void)state;
    struct by_hand hand;
    struct emu_places places;
    make(&hand);
    assert_true(emu_places_init(&places, &hand.context));
    const uint64_t late = emu_places_of(&places, C + 100);
    const uint64_t a = emu_places_of(&places, A + 8), b = emu_places_of(&places, B + 8);
    assert_true(emu_places_of(&places, (uint64_t)(uintptr_t)hand.kernarg) == 0);
    assert_true(a < b && b < late);
    assert_int_equal(a % 4096, 8);
    assert_true(emu_places_of(&places, C) == late - 100); // both ranges of an allocation move together
    assert_true(emu_places_of(&places, A) == a - 8);

    struct emu_access access = {
        .space = EMU_SPACE_GLOBAL, .bytes = 4, .per_lane = 1, .lanes = 7, .address = {{A + 8, B + 8, A + 12, 1}}};
    emu_places_move(&places, &access);
    assert_true(access.address[0][0] == a && access.address[0][1] == b && access.address[0][2] == a + 4);
    assert_true(access.address[0][3] == 1); // no lane of the access
    emu_places_fini(&places);
    free(hand.ranges);
}

static void lanes_have_their_scratch_side_by_side(void **state)
{
    (void)state;
    struct by_hand hand;
    struct emu_places places;
    make(&hand);
    assert_true(emu_places_init(&places, &hand.context));
    // A register pair spilled to byte 8 of each of 32 lanes: two rows of 128 bytes.
    struct emu_access access = {.space = EMU_SPACE_SCRATCH, .bytes = 8, .per_lane = 1, .lanes = UINT32_MAX};
    struct emu_access at;
    uint64_t first[3];
    for (unsigned lane = 0; lane < 32; lane++)
        access.address[0][lane] = 8;
    for (unsigned wave = 0; wave < 3; wave++) {
        assert_int_equal(emu_places_scratch(&places, &access, wave, 0, &at), 2);
        first[wave] = at.address[0][0];
        assert_int_equal(at.bytes, 4);
        for (unsigned lane = 0; lane < 32; lane++)
            assert_true(at.address[0][lane] == first[wave] + 4 * lane);
        assert_int_equal(emu_places_scratch(&places, &access, wave, 1, &at), 2);
        assert_true(at.address[0][0] == first[wave] + 128);
    }
    assert_true(first[0] % 128 == 0);
    // 36 bytes of 32 lanes, in whole granules.
    assert_true(first[1] - first[0] == 2048 && first[2] - first[1] == 2048);
    emu_places_fini(&places);
    free(hand.ranges);
}

static void a_spill_is_traffic_of_every_lane(void **state)
{
    (void)state;
    enum { WAVES = 3, ROWS = 4 + 4, ROW_BYTES = 128 }; // a dword of 32 lanes, there and back
    struct emu_launch_result result;
    struct w4_error error = {0};
    const enum w4_status status = kernels_launch("spills", WAVES, 1, NULL, &result, &error);
    emu_launch_result_fini(&result);
    if (status != W4_OK)
        fail_msg("%s", error.message);
    assert_int_equal(result.cycles.bytes[EMU_LEVEL_L0], WAVES * ROWS * ROW_BYTES);
    // No wave finds another one's lines: each reads its own four from L2, where it left them.
    assert_true(result.cycles.bytes[EMU_LEVEL_L2] >= WAVES * ROWS * ROW_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_allocations_move_no_figure),
        cmocka_unit_test(buffers_lie_in_the_order_of_the_arguments),
        cmocka_unit_test(lanes_have_their_scratch_side_by_side),
        cmocka_unit_test(a_spill_is_traffic_of_every_lane),
    };
    return cmocka_run_group_tests(tests, set_up, kernels_tear_down);
}
