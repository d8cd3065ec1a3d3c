// LDS loads and stores: every width, EXEC, both halves of a wave64, unaligned and two-address forms, faults. Expected
// values come from byte copies lane by lane.
#include "wave_fixture.h"

#include <stdio.h>
#include <string.h>

enum { ADDRESS = 1, DATA = 8, RESULT = 40, POISON = 0x0badf00d };

static uint8_t pattern(size_t i)
{
    return (uint8_t)(i * 7 + (i >> 8) * 13 + 3);
}

static void fill_lds(struct fixture *f)
{
    for (size_t i = 0; i < FIXTURE_LDS_BYTES; i++)
        f->group.lds[i] = pattern(i);
}

static bool active(const struct fixture *f, unsigned lane)
{
    return f->wave.s[EMU_SGPR_EXEC + lane / 32] >> (lane % 32) & 1;
}

// Full, ragged and empty EXEC; aligned and odd addresses.
static const uint64_t exec_masks[] = {UINT64_MAX, UINT64_C(0x80000001a5a50ff3), 0};
static const struct {
    uint32_t base, step;
} layouts[] = {{0, 16}, {64, 36}, {5, 17}, {1024, 0}};

// The data registers v[reg], v[reg + 1]... as bytes of one lane.
static void lane_bytes(const struct fixture *f, unsigned reg, unsigned lane, uint8_t out[16])
{
    for (unsigned d = 0; d < 4; d++)
        memcpy(out + 4 * d, fixture_v(f, reg + d, lane), 4);
}

static void check_load(struct fixture *f, const char *text, unsigned bytes, uint32_t offset0, uint32_t offset1)
{
    const unsigned copies = offset1 ? 2 : 1;
    for (size_t l = 0; l < sizeof layouts / sizeof *layouts; l++) {
        for (size_t e = 0; e < sizeof exec_masks / sizeof *exec_masks; e++) {
            fill_lds(f);
            fixture_set_s64(f, EMU_SGPR_EXEC, exec_masks[e]);
            fixture_ramp(f, ADDRESS, layouts[l].base, layouts[l].step);
            for (unsigned d = 0; d < 5; d++)
                fixture_fill(f, RESULT + d, POISON + d);
            fixture_run(f, text);
            for (unsigned lane = 0; lane < f->lanes; lane++) {
                const uint32_t at = layouts[l].base + lane * layouts[l].step;
                uint32_t want[5];
                for (unsigned d = 0; d < 5; d++)
                    want[d] = POISON + d;
                for (unsigned i = 0; active(f, lane) && i < copies; i++)
                    memcpy(want + i * bytes / 4, f->group.lds + at + (i ? offset1 : offset0), bytes);
                for (unsigned d = 0; d < 5; d++) {
                    if (*fixture_v(f, RESULT + d, lane) != want[d])
                        fail_msg("%s, layout %zu, exec %zu, lane %u, dword %u: 0x%x, expected 0x%x", text, l, e, lane,
                                 d, *fixture_v(f, RESULT + d, lane), want[d]);
                }
            }
        }
    }
}

static void loads_gather_every_width(void **state)
{
    check_load(*state, "ds_load_b32 v40, v1 offset:12", 4, 12, 0);
    check_load(*state, "ds_load_b64 v[40:41], v1 offset:8", 8, 8, 0);
    check_load(*state, "ds_load_b96 v[40:42], v1 offset:1", 12, 1, 0);
    check_load(*state, "ds_load_b128 v[40:43], v1", 16, 0, 0);
    check_load(*state, "ds_load_b128 v[40:43], v1 offset:48", 16, 48, 0);
}

static void loads_take_two_addresses(void **state)
{
    check_load(*state, "ds_load_2addr_b32 v[40:41], v1 offset0:3 offset1:10", 4, 12, 40);
    check_load(*state, "ds_load_2addr_b64 v[40:43], v1 offset0:5 offset1:2", 8, 40, 16);
    check_load(*state, "ds_load_2addr_stride64_b32 v[40:41], v1 offset0:1 offset1:4", 4, 256, 1024);
    check_load(*state, "ds_load_2addr_stride64_b64 v[40:43], v1 offset0:1 offset1:2", 8, 512, 1024);
}

static void check_store(struct fixture *f, const char *text, unsigned bytes, unsigned first_byte, uint32_t offset0,
                        uint32_t offset1)
{
    static uint8_t want[FIXTURE_LDS_BYTES];
    for (size_t l = 0; l < sizeof layouts / sizeof *layouts; l++) {
        for (size_t e = 0; e < sizeof exec_masks / sizeof *exec_masks; e++) {
            fill_lds(f);
            memcpy(want, f->group.lds, sizeof want);
            fixture_set_s64(f, EMU_SGPR_EXEC, exec_masks[e]);
            fixture_ramp(f, ADDRESS, layouts[l].base, layouts[l].step);
            for (unsigned d = 0; d < 8; d++)
                fixture_ramp(f, DATA + d, 0x9e3779b9u * (d + 1), 0x85ebca6b);
            // Two stores are two passes over the lanes; in each half of a wave64, one after the other.
            for (unsigned half = 0; half < f->lanes / 32; half++) {
                for (unsigned i = 0; i < (offset1 ? 2u : 1u); i++) {
                    for (unsigned lane = 32 * half; lane < 32 * half + 32; lane++) {
                        uint8_t data[16];
                        lane_bytes(f, DATA + 4 * i, lane, data);
                        const uint32_t at = layouts[l].base + lane * layouts[l].step + (i ? offset1 : offset0);
                        if (active(f, lane))
                            memcpy(want + at, data + first_byte, bytes);
                    }
                }
            }
            fixture_run(f, text);
            for (size_t i = 0; i < sizeof want; i++) {
                if (f->group.lds[i] != want[i])
                    fail_msg("%s, layout %zu, exec %zu: byte %zu is 0x%x, expected 0x%x", text, l, e, i,
                             f->group.lds[i], want[i]);
            }
        }
    }
}

static void stores_scatter_every_width(void **state)
{
    check_store(*state, "ds_store_b8 v1, v8 offset:3", 1, 0, 3, 0);
    check_store(*state, "ds_store_b8_d16_hi v1, v8 offset:3", 1, 2, 3, 0);
    check_store(*state, "ds_store_b16 v1, v8 offset:2", 2, 0, 2, 0);
    check_store(*state, "ds_store_b16_d16_hi v1, v8", 2, 2, 0, 0);
    check_store(*state, "ds_store_b32 v1, v8 offset:12", 4, 0, 12, 0);
    check_store(*state, "ds_store_b64 v1, v[8:9] offset:8", 8, 0, 8, 0);
    check_store(*state, "ds_store_b96 v1, v[8:10] offset:1", 12, 0, 1, 0);
    check_store(*state, "ds_store_b128 v1, v[8:11]", 16, 0, 0, 0);
    check_store(*state, "ds_store_b128 v1, v[8:11] offset:48", 16, 0, 48, 0);
}

static void stores_take_two_addresses(void **state)
{
    check_store(*state, "ds_store_2addr_b32 v1, v8, v12 offset0:3 offset1:10", 4, 0, 12, 40);
    check_store(*state, "ds_store_2addr_b64 v1, v[8:9], v[12:13] offset0:5 offset1:2", 8, 0, 40, 16);
    check_store(*state, "ds_store_2addr_stride64_b32 v1, v8, v12 offset0:1 offset1:4", 4, 0, 256, 1024);
    check_store(*state, "ds_store_2addr_stride64_b64 v1, v[8:9], v[12:13] offset0:1 offset1:2", 8, 0, 512, 1024);
}

static void narrow_loads_extend_or_keep_the_other_half(void **state)
{
    static const struct {
        const char *op;
        uint32_t want; // of bytes 0x85 0xf1 over the register 0x11223344
    } table[] = {
        {"ds_load_u8", 0x85},
        {"ds_load_i8", 0xffffff85},
        {"ds_load_u16", 0xf185},
        {"ds_load_i16", 0xfffff185},
        {"ds_load_u8_d16", 0x11220085},
        {"ds_load_u8_d16_hi", 0x00853344},
        {"ds_load_i8_d16", 0x1122ff85},
        {"ds_load_i8_d16_hi", 0xff853344},
        {"ds_load_u16_d16", 0x1122f185},
        {"ds_load_u16_d16_hi", 0xf1853344},
    };
    struct fixture *f = *state;
    fixture_set_s64(f, EMU_SGPR_EXEC, UINT64_C(0xfffffffdfffffffd));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s v40, v1 offset:5", table[i].op);
        memset(f->group.lds, 0x66, FIXTURE_LDS_BYTES);
        for (unsigned lane = 0; lane < f->lanes; lane++)
            memcpy(f->group.lds + 5 + 3 * lane, (const uint8_t[]){0x85, 0xf1}, 2);
        fixture_ramp(f, ADDRESS, 0, 3);
        fixture_fill(f, RESULT, 0x11223344);
        fixture_run(f, text);
        for (unsigned lane = 0; lane < f->lanes; lane++)
            assert_int_equal(*fixture_v(f, RESULT, lane), lane % 32 == 1 ? 0x11223344 : table[i].want);
    }
}

static void the_address_register_may_be_overwritten(void **state)
{
    struct fixture *f = *state;
    fill_lds(f);
    fixture_ramp(f, 41, 32, 16);
    fixture_run(f, "ds_load_b128 v[40:43], v41");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        uint8_t got[16];
        lane_bytes(f, 40, lane, got);
        assert_memory_equal(got, f->group.lds + 32 + 16 * lane, 16);
    }
}

static void base_and_offset_wrap_at_32_bits(void **state)
{
    struct fixture *f = *state;
    fill_lds(f);
    fixture_ramp(f, ADDRESS, 0xfffffff0, 4);
    fixture_run(f, "ds_load_b32 v40, v1 offset:16");
    for (unsigned lane = 0; lane < f->lanes; lane++)
        assert_memory_equal(fixture_v(f, RESULT, lane), f->group.lds + 4 * lane, 4);
}

static void thread_id_forms_add_four_times_the_lane(void **state)
{
    struct fixture *f = *state;
    fill_lds(f);
    f->wave.s[EMU_SGPR_M0] = 0xabcd0100;
    fixture_set_s64(f, EMU_SGPR_EXEC, UINT64_C(0xfffffffffffffffd));
    fixture_fill(f, RESULT, POISON);
    fixture_fill(f, RESULT + 1, 0x12345678);
    fixture_run(f, "ds_load_addtid_b32 v40 offset:8\nds_store_addtid_b32 v41 offset:1024");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        uint32_t loaded, stored;
        memcpy(&loaded, f->group.lds + 0x108 + 4 * lane, 4);
        memcpy(&stored, f->group.lds + 0x500 + 4 * lane, 4);
        assert_int_equal(*fixture_v(f, RESULT, lane), lane == 1 ? POISON : loaded);
        if (lane != 1)
            assert_int_equal(stored, 0x12345678);
        else
            assert_int_not_equal(stored, 0x12345678);
    }
}

static void accesses_outside_lds_name_lane_and_address(void **state)
{
    static const char *const texts[] = {
        "ds_load_b32 v40, v1 offset:16",
        "ds_load_b128 v[40:43], v1 offset:4",
        "ds_load_u8 v40, v1 offset:20",
        "ds_store_b64 v1, v[8:9] offset:16",
        "ds_store_b96 v1, v[8:10] offset:12",
        "ds_store_2addr_b32 v1, v8, v9 offset0:0 offset1:4",
        "ds_load_2addr_stride64_b64 v[40:43], v1 offset0:0 offset1:1",
        "ds_add_u32 v1, v8 offset:16",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fixture_fill(f, ADDRESS, 0);
        *fixture_v(f, ADDRESS, 7) = FIXTURE_LDS_BYTES - 16;
        fixture_set_s64(f, EMU_SGPR_EXEC, UINT64_MAX);
        fixture_run_faulting(f, texts[i], EMU_FAULT_LDS_ACCESS);
        assert_int_equal(f->fault.lane, 7);
        assert_true(f->fault.address >= FIXTURE_LDS_BYTES - 16);
        fixture_set_s64(f, EMU_SGPR_EXEC, UINT64_C(0xffffffffffffff7f)); // a disabled lane's address does not count
        fixture_run(f, texts[i]);
    }
    f->group.lds_bytes = 0;
    fixture_run_faulting(f, "ds_load_b32 v40, v1", EMU_FAULT_LDS_ACCESS);
    fixture_run_faulting(f, "ds_add_u32 v1, v8 gds", EMU_FAULT_UNSUPPORTED);
}

static void accesses_are_observed(void **state)
{
    struct fixture *f = *state;
    f->observe = 1;
    fixture_ramp(f, ADDRESS, 0, 8);
    fixture_set_s64(f, EMU_SGPR_EXEC, UINT64_C(0x1000000f));
    fixture_run(f, "ds_load_2addr_b32 v[40:41], v1 offset0:1 offset1:3");
    assert_int_equal(f->access.space, EMU_SPACE_LDS);
    assert_int_equal(f->access.store, 0);
    assert_int_equal(f->access.bytes, 4);
    assert_int_equal(f->access.per_lane, 2);
    assert_int_equal(f->access.lanes, 0x1000000f);
    assert_int_equal(f->access.address[0][28], 28 * 8 + 4);
    assert_int_equal(f->access.address[1][3], 3 * 8 + 12);

    const uint64_t exec = f->lanes == 64 ? UINT64_C(0x8000000000000001) : 1;
    fixture_set_s64(f, EMU_SGPR_EXEC, exec);
    fixture_run(f, "ds_store_b64 v1, v[8:9]");
    assert_int_equal(f->access.store, 1);
    assert_int_equal(f->access.bytes, 8);
    assert_int_equal(f->access.lanes, exec);
    if (f->lanes == 64)
        assert_int_equal(f->access.address[0][63], 63 * 8);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(loads_gather_every_width, 32),
        FIXTURE_TEST(loads_gather_every_width, 64),
        FIXTURE_TEST(loads_take_two_addresses, 32),
        FIXTURE_TEST(loads_take_two_addresses, 64),
        FIXTURE_TEST(stores_scatter_every_width, 32),
        FIXTURE_TEST(stores_scatter_every_width, 64),
        FIXTURE_TEST(stores_take_two_addresses, 32),
        FIXTURE_TEST(stores_take_two_addresses, 64),
        FIXTURE_TEST(narrow_loads_extend_or_keep_the_other_half, 32),
        FIXTURE_TEST(narrow_loads_extend_or_keep_the_other_half, 64),
        FIXTURE_TEST(the_address_register_may_be_overwritten, 32),
        FIXTURE_TEST(base_and_offset_wrap_at_32_bits, 32),
        FIXTURE_TEST(thread_id_forms_add_four_times_the_lane, 32),
        FIXTURE_TEST(thread_id_forms_add_four_times_the_lane, 64),
        FIXTURE_TEST(accesses_outside_lds_name_lane_and_address, 32),
        FIXTURE_TEST(accesses_are_observed, 32),
        FIXTURE_TEST(accesses_are_observed, 64),
    };
    return fixture_main("lds_move", tests, sizeof tests / sizeof *tests);
}
