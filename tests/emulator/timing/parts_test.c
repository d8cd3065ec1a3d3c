// Parts of the timing model against hand-made expectations: LDS passes, cache replacement, the memory path's order.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../../emulator/timing/machine.h"

static struct emu_access access_of(unsigned bytes, uint64_t stride, bool store)
{
    struct emu_access access = {.space = EMU_SPACE_LDS, .bytes = (uint8_t)bytes, .per_lane = 1, .store = store};
    access.lanes = 0xffffffffu;
    for (unsigned lane = 0; lane < 32; lane++)
        access.address[0][lane] = lane * stride;
    return access;
}

static void expect_passes(const struct emu_access *access, uint32_t passes, uint32_t replays)
{
    const struct emu_lds_passes got = emu_lds_passes_of(access);
    if (got.passes != passes || got.replays != replays)
        fail_msg("%u x %u bytes a lane, lanes %llu and addresses %llu apart: %u passes, %u replays", access->per_lane,
                 access->bytes, (unsigned long long)(access->address[0][1] - access->address[0][0]),
                 (unsigned long long)(access->address[1][0] - access->address[0][0]), got.passes, got.replays);
}

static void lds_passes_follow_the_busiest_bank(void **state)
{
    (void)state;
    static const struct {
        unsigned bytes;
        uint64_t stride;
        uint32_t passes, replays;
    } rows[] = {
        {4, 4, 2, 0},    // two phases of 16 lanes
        {4, 0, 2, 0},    // a broadcast
        {4, 8, 2, 0},    // every other bank: 16 lanes find 16 of them
        {4, 16, 2, 2},   // every fourth
        {4, 128, 2, 30}, // all lanes on one bank
        {4, 132, 2, 0},  // a pad of one bank
        {2, 2, 2, 0},    // halves of a word are one word
        {1, 1, 2, 0},    // so are its bytes
        {8, 8, 2, 0},    // as 4 bytes a lane
        {16, 16, 4, 0},  // four of 8
        {16, 64, 4, 12}, // each phase on half of two bank groups: 4 passes
        {8, 72, 2, 0},   // rows of 36 halves
        {16, 80, 4, 0},  // an odd multiple of the width
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct emu_access access = access_of(rows[i].bytes, rows[i].stride, false);
        expect_passes(&access, rows[i].passes, rows[i].replays);
    }
}

// ds_load_2addr_b32 moves what ds_load_b64 does; the stride64 form's two addresses lie on the same banks.
static void two_narrow_addresses_of_a_lane_share_a_phase(void **state)
{
    (void)state;
    static const struct {
        unsigned bytes;
        uint64_t apart;
        uint32_t passes, replays;
    } rows[] = {
        {4, 64, 2, 0},    // the banks that 16 lanes leave free
        {4, 16384, 2, 2}, // the same ones
        {8, 128, 4, 0},   // 16 bytes a lane
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct emu_access access = access_of(rows[i].bytes, rows[i].bytes, false);
        access.per_lane = 2;
        for (unsigned lane = 0; lane < 32; lane++)
            access.address[1][lane] = access.address[0][lane] + rows[i].apart;
        expect_passes(&access, rows[i].passes, rows[i].replays);
    }
}

static void the_least_recently_used_line_leaves(void **state)
{
    (void)state;
    struct emu_cache_level cache = {0};
    assert_true(emu_cache_level_init(&cache, 2, 2, true)); // one set of two lines
    assert_int_equal(cache.sets, 1);
    assert_true(emu_cache_level_find(&cache, 10) == EMU_NEVER);
    emu_cache_level_put(&cache, 10, 100);
    emu_cache_level_put(&cache, 11, 110);
    assert_true(emu_cache_level_find(&cache, 10) == 100);
    emu_cache_level_put(&cache, 12, 120); // 11 is the older one now
    assert_true(emu_cache_level_find(&cache, 11) == EMU_NEVER);
    assert_true(emu_cache_level_find(&cache, 10) == 100);
    emu_cache_level_clear(&cache);
    assert_true(emu_cache_level_find(&cache, 10) == EMU_NEVER);
    emu_cache_level_fini(&cache);
}

static void a_written_line_leaves_when_its_place_is_needed(void **state)
{
    (void)state;
    struct emu_cache_level cache = {0};
    assert_true(emu_cache_level_init(&cache, 2, 2, true));
    assert_true(emu_cache_level_find(&cache, 10) == EMU_NEVER);
    assert_true(emu_cache_level_write(&cache, 10, 0) == EMU_NO_LINE);
    assert_true(emu_cache_level_find(&cache, 10) == 0);
    assert_true(emu_cache_level_write(&cache, 10, 50) == EMU_NO_LINE);
    assert_true(emu_cache_level_find(&cache, 10) == 0); // the line that was there
    assert_true(emu_cache_level_put(&cache, 11, 0) == EMU_NO_LINE);
    assert_true(emu_cache_level_put(&cache, 12, 0) == 10);          // written
    assert_true(emu_cache_level_put(&cache, 13, 0) == EMU_NO_LINE); // 11 was only read
    emu_cache_level_fini(&cache);
}

// Lines as many apart as there are sets share one without a hash, and spread with it.
static void a_hash_spreads_lines_that_a_plain_index_does_not(void **state)
{
    (void)state;
    for (int hashed = 0; hashed < 2; hashed++) {
        struct emu_cache_level cache = {0};
        assert_true(emu_cache_level_init(&cache, 512, 4, hashed));
        assert_int_equal(cache.sets, 128);
        unsigned kept = 0;
        for (uint64_t i = 0; i < 16; i++)
            emu_cache_level_put(&cache, i * cache.sets, 0);
        for (uint64_t i = 0; i < 16; i++)
            kept += emu_cache_level_find(&cache, i * cache.sets) != EMU_NEVER;
        assert_int_equal(kept, hashed ? 16 : 4);
        emu_cache_level_fini(&cache);
    }
}

// The same lanes moved by whole rows of banks cost the same; other lanes, or a shift within the row, are worked out
// anew.
static void bank_conflicts_are_recalled_only_for_the_same_pattern(void **state)
{
    (void)state;
    struct emu_lds_memo memo = {0};
    const uint64_t strides[] = {4, 128, 128, 8, 132, 4};
    for (size_t i = 0; i < sizeof strides / sizeof *strides; i++)
        for (uint64_t base = 0; base < 512; base += 30) {
            struct emu_access access = access_of(4, strides[i], false);
            for (unsigned lane = 0; lane < 32; lane++)
                access.address[0][lane] += base;
            const struct emu_lds_passes worked_out = emu_lds_passes_of(&access);
            const struct emu_lds_passes recalled = emu_lds_passes_recall(&memo, &access);
            assert_int_equal(recalled.passes, worked_out.passes);
            assert_int_equal(recalled.replays, worked_out.replays);
        }
}

static emu_ticks ticks(double count)
{
    return emu_ticks_of(count);
}

static void a_server_takes_requests_as_they_arrive(void **state)
{
    (void)state;
    struct emu_server server = {0};
    assert_true(emu_server_init(&server));
    assert_true(emu_server_take(&server, 0, ticks(1000), ticks(10)) == ticks(1000));
    // Asked for later, there earlier: the first one is not in its way.
    assert_true(emu_server_take(&server, 0, ticks(100), ticks(10)) == ticks(100));
    // A thousand that arrive together leave one after the other.
    emu_ticks last = 0;
    for (int i = 0; i < 1000; i++)
        last = emu_server_take(&server, ticks(2000), ticks(2000), ticks(4));
    assert_true(last >= ticks(2000 + 999 * 4 - 32) && last <= ticks(2000 + 999 * 4 + 32));
    // Far beyond what it plans ahead, it still takes one after the other.
    const emu_ticks far = emu_server_take(&server, ticks(2000), ticks(1e6), ticks(10));
    assert_true(far >= ticks(1e6));
    assert_true(emu_server_take(&server, ticks(2000), ticks(1e6), ticks(10)) >= far + ticks(10));
    emu_server_fini(&server);
}

static double cycles(emu_ticks time)
{
    return (double)time / (double)EMU_TICKS_A_CYCLE;
}

static void farther_levels_take_longer_and_a_second_read_hits(void **state)
{
    (void)state;
    struct emu_memory_path *path = malloc(sizeof *path);
    assert_non_null(path);
    assert_true(emu_memory_path_init(path, &emu_timing_defaults, 2900));
    struct emu_access access = access_of(4, 4, false);
    access.space = EMU_SPACE_GLOBAL;
    unsigned lines = 0;
    const double far = cycles(emu_memory_path_vector(path, 0, &access, 0, &lines));
    assert_int_equal(lines, 1);
    const emu_ticks later = emu_ticks_of(100000);
    const double same_cu = cycles(emu_memory_path_vector(path, 0, &access, later, &lines) - later);
    const double same_array = cycles(emu_memory_path_vector(path, 1, &access, later, &lines) - later);
    const double other_array = cycles(emu_memory_path_vector(path, 39, &access, later, &lines) - later);
    assert_true(same_cu == emu_timing_defaults.l0_latency);
    assert_true(same_cu < same_array && same_array < other_array && other_array < far);
    assert_int_equal(path->bytes[EMU_LEVEL_DRAM], EMU_LINE_BYTES);
    emu_memory_path_fini(path);
    free(path);
}

static void half_a_line_is_asked_for_and_held_alone(void **state)
{
    (void)state;
    struct emu_memory_path *path = malloc(sizeof *path);
    assert_non_null(path);
    assert_true(emu_memory_path_init(path, &emu_timing_defaults, 2900));
    struct emu_access access = access_of(2, 2, false); // 64 bytes
    access.space = EMU_SPACE_GLOBAL;
    unsigned lines = 0;
    (void)emu_memory_path_vector(path, 0, &access, 0, &lines);
    assert_int_equal(path->bytes[EMU_LEVEL_GL1], EMU_LINE_BYTES / 2);
    assert_int_equal(path->bytes[EMU_LEVEL_DRAM], EMU_LINE_BYTES);
    for (unsigned lane = 0; lane < 32; lane++)
        access.address[0][lane] += EMU_LINE_BYTES / 2;
    (void)emu_memory_path_vector(path, 0, &access, emu_ticks_of(100000), &lines);
    assert_int_equal(path->bytes[EMU_LEVEL_GL1], EMU_LINE_BYTES);  // the other half is a miss of its own,
    assert_int_equal(path->bytes[EMU_LEVEL_DRAM], EMU_LINE_BYTES); // which the L2 has
    emu_memory_path_fini(path);
    free(path);
}

// Rows whose stride is a multiple of 4 KB all begin in the same channel; a pad of 256 bytes spreads them.
static void strides_of_4096_bytes_queue_on_one_channel(void **state)
{
    (void)state;
    double finish[2];
    for (int padded = 0; padded < 2; padded++) {
        struct emu_memory_path *path = malloc(sizeof *path);
        assert_non_null(path);
        assert_true(emu_memory_path_init(path, &emu_timing_defaults, 2900));
        struct emu_access access = access_of(4, padded ? 4096 + 256 : 4096, false);
        access.space = EMU_SPACE_GLOBAL;
        unsigned lines = 0;
        finish[padded] = cycles(emu_memory_path_vector(path, 0, &access, 0, &lines));
        assert_int_equal(lines, 32);
        emu_memory_path_fini(path);
        free(path);
    }
    assert_true(finish[1] < 0.6 * finish[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lds_passes_follow_the_busiest_bank),
        cmocka_unit_test(two_narrow_addresses_of_a_lane_share_a_phase),
        cmocka_unit_test(the_least_recently_used_line_leaves),
        cmocka_unit_test(a_written_line_leaves_when_its_place_is_needed),
        cmocka_unit_test(a_hash_spreads_lines_that_a_plain_index_does_not),
        cmocka_unit_test(bank_conflicts_are_recalled_only_for_the_same_pattern),
        cmocka_unit_test(a_server_takes_requests_as_they_arrive),
        cmocka_unit_test(farther_levels_take_longer_and_a_second_read_hits),
        cmocka_unit_test(half_a_line_is_asked_for_and_held_alone),
        cmocka_unit_test(strides_of_4096_bytes_queue_on_one_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
