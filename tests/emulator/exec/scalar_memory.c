// Scalar loads: widths, offsets, alignment, widened tails, buffer bounds, faults.
#include "wave_fixture.h"

#include <string.h>

// The fixture's memory: dword i holds 1000 + i; s[0:1] points to it.
static struct fixture *with_memory(void **state)
{
    struct fixture *f = *state;
    for (uint32_t i = 0; i < FIXTURE_MEMORY_BYTES / 4; i++)
        memcpy(f->memory + 4 * i, &(uint32_t){1000 + i}, 4);
    fixture_set_s64(f, 0, (uint64_t)(uintptr_t)f->memory);
    for (unsigned i = 2; i < 106; i++)
        f->wave.s[i] = i;
    return f;
}

static void loads_fill_consecutive_registers(void **state)
{
    static const struct {
        const char *text;
        unsigned dwords;
    } table[] = {
        {"s_load_b32 s16, s[0:1], 0x40", 1},        {"s_load_b64 s[16:17], s[0:1], 0x40", 2},
        {"s_load_b128 s[16:19], s[0:1], 0x40", 4},  {"s_load_b256 s[16:23], s[0:1], 0x40", 8},
        {"s_load_b512 s[16:31], s[0:1], 0x40", 16},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct fixture *f = with_memory(state);
        fixture_run(f, table[i].text);
        for (unsigned d = 0; d < 17; d++)
            assert_int_equal(f->wave.s[16 + d], d < table[i].dwords ? 1016 + d : 16 + d);
    }
}

static void offsets_add_and_low_bits_do_not_count(void **state)
{
    struct fixture *f = with_memory(state);
    f->wave.s[2] = 0x103;
    fixture_run(f, "s_load_b32 s8, s[0:1], s2\n"
                   "s_load_b32 s9, s[0:1], s2 offset:0x10\n"
                   "s_load_b32 s10, s[0:1], s2 offset:-0x20\n"
                   "s_mov_b32 m0, 0x80\n"
                   "s_load_b32 s11, s[0:1], m0\n"
                   "s_load_b64 s[0:1], s[0:1], 0x8"); // over its own base
    assert_int_equal(f->wave.s[8], 1000 + 0x100 / 4);
    assert_int_equal(f->wave.s[9], 1000 + 0x110 / 4);
    assert_int_equal(f->wave.s[10], 1000 + 0xe0 / 4);
    assert_int_equal(f->wave.s[11], 1000 + 0x80 / 4);
    assert_int_equal(fixture_s64(f, 0), 1002 | UINT64_C(1003) << 32);
}

static void loads_outside_allocations_fault(void **state)
{
    struct fixture *f = with_memory(state);
    fixture_run_faulting(f, "s_load_b32 s8, s[0:1], 0x1000", EMU_FAULT_GLOBAL_ACCESS);
    assert_int_equal(f->fault.address, (uint64_t)(uintptr_t)f->memory + 0x1000);
    fixture_run_faulting(f, "s_load_b32 s8, s[0:1], -0x4", EMU_FAULT_GLOBAL_ACCESS);
    fixture_run_faulting(f, "s_load_b128 s[8:11], s[0:1], 0xff8", EMU_FAULT_GLOBAL_ACCESS); // not aligned to 16
    fixture_run_faulting(f, "s_mov_b64 s[0:1], 0\ns_load_b32 s8, s[0:1], 0x0", EMU_FAULT_GLOBAL_ACCESS);
}

// Compilers widen aligned loads of 1 to 3 bytes to a dword, of 3 dwords to 4: what lies behind the end reads as 0.
static void widened_loads_may_pass_the_end(void **state)
{
    struct fixture *f = with_memory(state);
    f->memory_bytes = 0x10d;
    fixture_run(f, "s_load_b128 s[8:11], s[0:1], 0x100\ns_load_b32 s12, s[0:1], 0x10c");
    assert_int_equal(f->wave.s[10], 1000 + 0x108 / 4);
    assert_int_equal(f->wave.s[11], (1000 + 0x10c / 4) & 0xff);
    assert_int_equal(f->wave.s[12], (1000 + 0x10c / 4) & 0xff);
    fixture_run_faulting(f, "s_load_b32 s12, s[0:1], 0x110", EMU_FAULT_GLOBAL_ACCESS);
    fixture_run_faulting(f, "s_load_b64 s[12:13], s[0:1], 0x10c", EMU_FAULT_GLOBAL_ACCESS);  // not aligned
    fixture_run_faulting(f, "s_load_b512 s[16:31], s[0:1], 0x100", EMU_FAULT_GLOBAL_ACCESS); // less than half inside
}

static void buffer_loads_stop_at_the_records(void **state)
{
    struct fixture *f = with_memory(state);
    const uint64_t base = (uint64_t)(uintptr_t)f->memory;
    const uint32_t rsrc[4] = {(uint32_t)base, (uint32_t)(base >> 32), 0x50, 0}; // 0x50 bytes, no stride
    memcpy(&f->wave.s[4], rsrc, sizeof rsrc);
    f->wave.s[2] = 0x100;
    fixture_run(f, "s_buffer_load_b32 s16, s[4:7], 0x40\n"
                   "s_buffer_load_b64 s[18:19], s[4:7], 0x40\n"
                   "s_buffer_load_b32 s20, s[4:7], s2\n"         // outside: 0
                   "s_buffer_load_b256 s[24:31], s[4:7], 0x40\n" // four dwords inside
                   "s_buffer_load_b512 s[32:47], s[4:7], 0x0");
    assert_int_equal(f->wave.s[16], 1016);
    assert_int_equal(fixture_s64(f, 18), 1016 | UINT64_C(1017) << 32);
    assert_int_equal(f->wave.s[20], 0);
    for (unsigned d = 0; d < 8; d++)
        assert_int_equal(f->wave.s[24 + d], d < 4 ? 1016 + d : 0);
    for (unsigned d = 0; d < 16; d++)
        assert_int_equal(f->wave.s[32 + d], 1000 + d);

    f->wave.s[5] |= 16 << 16; // records of 16 bytes
    f->wave.s[6] = 3;
    fixture_run(f, "s_buffer_load_b128 s[16:19], s[4:7], 0x28");
    for (unsigned d = 0; d < 4; d++)
        assert_int_equal(f->wave.s[16 + d], d < 2 ? 1010 + d : 0);

    f->wave.s[6] = 0x1000; // more records than the allocation holds
    fixture_run_faulting(f, "s_buffer_load_b32 s16, s[4:7], 0x1000", EMU_FAULT_GLOBAL_ACCESS);
}

static void accesses_are_observed(void **state)
{
    struct fixture *f = with_memory(state);
    f->observe = 1;
    fixture_run(f, "s_load_b128 s[8:11], s[0:1], 0x20");
    assert_int_equal(f->access.space, EMU_SPACE_SCALAR);
    assert_int_equal(f->access.bytes, 16);
    assert_int_equal(f->access.lanes, 1);
    assert_int_equal(f->access.store, 0);
    assert_int_equal(f->access.address[0][0], (uint64_t)(uintptr_t)f->memory + 0x20);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(loads_fill_consecutive_registers, 32),
        FIXTURE_TEST(offsets_add_and_low_bits_do_not_count, 32),
        FIXTURE_TEST(loads_outside_allocations_fault, 32),
        FIXTURE_TEST(buffer_loads_stop_at_the_records, 32),
        FIXTURE_TEST(accesses_are_observed, 32),
        FIXTURE_TEST(widened_loads_may_pass_the_end, 32),
    };
    return fixture_main("scalar_memory", tests, sizeof tests / sizeof *tests);
}
