// GLOBAL loads and stores: every width, contiguous and scattered lanes, both address forms, partial EXEC, faults, and
// what checks get to see.
#include "vmem_memory.h"

enum { ADDRESS = 2, DATA = 10, OLD = 0x5a5a5a5a };

// Offsets of lanes: side by side, or far apart and out of order, unaligned where the width allows.
static uint32_t lane_offset(bool contiguous, unsigned lane, unsigned bytes)
{
    return contiguous ? lane * bytes : (lane * 29 % 64) * 40 + lane % 3;
}

static void fill_data(struct fixture *f, unsigned registers)
{
    for (unsigned i = 0; i < registers; i++)
        fixture_fill(f, DATA + i, OLD);
}

static void expect_loaded(struct fixture *f, const struct load_form *form, bool contiguous, uint64_t exec,
                          unsigned base)
{
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        for (unsigned i = 0; i < form->registers; i++) {
            uint32_t want = OLD;
            if (exec >> lane & 1)
                want = load_want(form, f->memory + base + lane_offset(contiguous, lane, form->bytes), i, OLD);
            if (*fixture_v(f, DATA + i, lane) != want)
                fail_msg("%s, lane %u, register %u: 0x%x instead of 0x%x", form->suffix, lane, i,
                         *fixture_v(f, DATA + i, lane), want);
        }
        assert_int_equal(*fixture_v(f, DATA + form->registers, lane), 0);
    }
}

static void loads_of_every_width(void **state)
{
    struct fixture *f = *state;
    char text[128], data[32];
    memory_pattern(f);
    for (unsigned n = 0; n < LOAD_FORMS * 4; n++) {
        const struct load_form *form = &load_forms[n / 4];
        bool contiguous = n & 1, with_base = n & 2;
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            uint32_t offset = lane_offset(contiguous, lane, form->bytes);
            set_pair(f, ADDRESS, lane, with_base ? offset : memory_address(f) + offset);
        }
        fixture_set_s64(f, 4, memory_address(f) + 64);
        snprintf(text, sizeof text, "global_load_%s %s, %s", form->suffix, registers_text(DATA, form->registers, data),
                 with_base ? "v2, s[4:5] offset:-32" : "v[2:3], off offset:32");
        for (unsigned partial = 0; partial < 2; partial++) {
            uint64_t exec = partial ? 0x80000001f00f0104 : UINT64_MAX;
            fixture_set_s64(f, EMU_SGPR_EXEC, exec);
            fill_data(f, form->registers);
            fixture_fill(f, DATA + form->registers, 0);
            fixture_run(f, text);
            expect_loaded(f, form, contiguous, exec, 32);
        }
    }
}

static void stores_of_every_width(void **state)
{
    struct fixture *f = *state;
    char text[128], data[32];
    for (unsigned n = 0; n < STORE_FORMS * 4; n++) {
        const struct store_form *form = &store_forms[n / 4];
        bool contiguous = n & 1;
        uint64_t exec = n & 2 ? 0x40000002f00f0108 : UINT64_MAX;
        uint8_t want[FIXTURE_MEMORY_BYTES];
        memory_pattern(f);
        memcpy(want, f->memory, sizeof want);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            uint32_t offset = contiguous ? lane * form->bytes : (lane * 29 % 64) * 40 + lane % 3;
            set_pair(f, ADDRESS, lane, memory_address(f) + offset);
            for (unsigned i = 0; i < form->registers; i++) {
                uint32_t value = 0x01020304 * (lane + 1) + i * 0x11000011;
                *fixture_v(f, DATA + i, lane) = value;
                if (exec >> lane & 1) {
                    value >>= form->shift;
                    memcpy(want + 16 + offset + 4 * i, &value, form->bytes < 4 ? form->bytes : 4);
                }
            }
        }
        fixture_set_s64(f, EMU_SGPR_EXEC, exec);
        snprintf(text, sizeof text, "global_store_%s v[2:3], %s, off offset:16", form->suffix,
                 registers_text(DATA, form->registers, data));
        fixture_run(f, text);
        assert_memory_equal(f->memory, want, sizeof want);
    }
}

static void addtid_forms_count_lanes(void **state)
{
    struct fixture *f = *state;
    memory_pattern(f);
    fixture_set_s64(f, 4, memory_address(f) + 8);
    fixture_run(f, "global_load_addtid_b32 v10, s[4:5] offset:4\n"
                   "global_store_addtid_b32 v10, s[4:5] offset:1024");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        assert_memory_equal(fixture_v(f, DATA, lane), f->memory + 12 + 4 * lane, 4);
        assert_memory_equal(f->memory + 1032 + 4 * lane, f->memory + 12 + 4 * lane, 4);
    }
}

static void destination_may_be_the_address(void **state)
{
    struct fixture *f = *state;
    memory_pattern(f);
    for (unsigned lane = 0; lane < f->lanes; lane++)
        set_pair(f, ADDRESS, lane, memory_address(f) + 24 * lane);
    fixture_run(f, "global_load_b64 v[2:3], v[2:3], off");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        assert_memory_equal(fixture_v(f, ADDRESS, lane), f->memory + 24 * lane, 4);
        assert_memory_equal(fixture_v(f, ADDRESS + 1, lane), f->memory + 24 * lane + 4, 4);
    }
}

// The saddr form's VGPR is unsigned: a large value does not step back.
static void offset_from_a_base_is_unsigned(void **state)
{
    struct fixture *f = *state;
    memory_pattern(f);
    fixture_fill(f, ADDRESS, 0xfffffff0);
    fixture_set_s64(f, 4, memory_address(f) + 16 - 0x100000000);
    fixture_run(f, "global_load_b32 v10, v2, s[4:5]");
    assert_memory_equal(fixture_v(f, DATA, 5), f->memory, 4);
}

static void accesses_outside_every_allocation_fault(void **state)
{
    static const struct {
        const char *text;
        int64_t offset; // of lane 21, from the start of memory
    } cases[] = {
        {"global_load_b32 v10, v[2:3], off", -1},
        {"global_load_b32 v10, v[2:3], off", FIXTURE_MEMORY_BYTES - 3},
        {"global_load_b128 v[10:13], v[2:3], off", FIXTURE_MEMORY_BYTES - 15},
        {"global_load_u8 v10, v[2:3], off", FIXTURE_MEMORY_BYTES},
        {"global_store_b64 v[2:3], v[10:11], off", FIXTURE_MEMORY_BYTES - 7},
        {"global_store_b8 v[2:3], v10, off", -1},
        {"global_atomic_add_u32 v[2:3], v10, off", FIXTURE_MEMORY_BYTES},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (unsigned lane = 0; lane < f->lanes; lane++)
            set_pair(f, ADDRESS, lane, memory_address(f) + 64);
        set_pair(f, ADDRESS, 21, memory_address(f) + (uint64_t)cases[i].offset);
        fixture_fill(f, DATA, OLD);
        fixture_run_faulting(f, cases[i].text, EMU_FAULT_GLOBAL_ACCESS);
        assert_int_equal(f->fault.lane, 21);
        assert_true(f->fault.address == memory_address(f) + (uint64_t)cases[i].offset);
        assert_int_equal(*fixture_v(f, DATA, 0), OLD);
        f->wave.s[EMU_SGPR_EXEC] = ~(1u << 21); // the lane is off: nothing to complain of
        fixture_run(f, cases[i].text);
        f->wave.s[EMU_SGPR_EXEC] = UINT32_MAX;
    }
}

static void the_last_bytes_of_an_allocation_are_inside(void **state)
{
    struct fixture *f = *state;
    memory_pattern(f);
    for (unsigned lane = 0; lane < f->lanes; lane++)
        set_pair(f, ADDRESS, lane, memory_address(f) + FIXTURE_MEMORY_BYTES - 16);
    fixture_run(f, "global_load_b128 v[10:13], v[2:3], off");
    assert_memory_equal(fixture_v(f, DATA + 3, 31), f->memory + FIXTURE_MEMORY_BYTES - 4, 4);
}

static void no_active_lane_means_no_access(void **state)
{
    struct fixture *f = *state;
    fixture_set_s64(f, EMU_SGPR_EXEC, 0);
    fixture_run(f, "global_load_b128 v[10:13], v[2:3], off\nglobal_store_b32 v[2:3], v10, off");
}

static void observers_see_lanes_and_addresses(void **state)
{
    struct fixture *f = *state;
    for (unsigned lane = 0; lane < f->lanes; lane++)
        set_pair(f, ADDRESS, lane, memory_address(f) + 8 * lane);
    fixture_set_s64(f, EMU_SGPR_EXEC, 0xf00000000000ff01);
    f->observe = 1;
    fixture_run(f, "global_store_b64 v[2:3], v[10:11], off offset:8");
    uint64_t lanes = f->lanes == 64 ? 0xf00000000000ff01 : 0xff01;
    assert_int_equal(f->access.space, EMU_SPACE_GLOBAL);
    assert_int_equal(f->access.store, 1);
    assert_int_equal(f->access.atomic, 0);
    assert_int_equal(f->access.bytes, 8);
    assert_int_equal(f->access.per_lane, 1);
    assert_true(f->access.lanes == lanes);
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        if (lanes >> lane & 1)
            assert_true(f->access.address[0][lane] == memory_address(f) + 8 * lane + 8);
    }
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(loads_of_every_width, 32),
        FIXTURE_TEST(loads_of_every_width, 64),
        FIXTURE_TEST(stores_of_every_width, 32),
        FIXTURE_TEST(stores_of_every_width, 64),
        FIXTURE_TEST(addtid_forms_count_lanes, 32),
        FIXTURE_TEST(addtid_forms_count_lanes, 64),
        FIXTURE_TEST(destination_may_be_the_address, 32),
        FIXTURE_TEST(offset_from_a_base_is_unsigned, 32),
        FIXTURE_TEST(accesses_outside_every_allocation_fault, 32),
        FIXTURE_TEST(the_last_bytes_of_an_allocation_are_inside, 32),
        FIXTURE_TEST(no_active_lane_means_no_access, 32),
        FIXTURE_TEST(observers_see_lanes_and_addresses, 32),
        FIXTURE_TEST(observers_see_lanes_and_addresses, 64),
    };
    return fixture_main("global", tests, sizeof tests / sizeof *tests);
}
