// GLOBAL, FLAT and MUBUF atomics: every operation on hand-made values, in all three families, with and without the old
// value coming back; many lanes on one address; alignment.
#include "vmem_memory.h"

enum { ADDRESS = 2, DATA = 10, RESULT = 20 };

struct operation {
    const char *suffix;
    unsigned bits;
    uint64_t old, data, compare, want;
    bool no_flat;
};

static const struct operation operations[] = {
    {"swap_b32", 32, 7, 9, 0, 9, false},
    {"cmpswap_b32", 32, 7, 9, 7, 9, false},
    {"cmpswap_b32", 32, 7, 9, 8, 7, false},
    {"add_u32", 32, 0xffffffff, 2, 0, 1, false},
    {"sub_u32", 32, 1, 2, 0, 0xffffffff, false},
    {"csub_u32", 32, 5, 2, 0, 3, true},
    {"csub_u32", 32, 1, 2, 0, 0, true},
    {"min_i32", 32, 1, 0xffffffff, 0, 0xffffffff, false},
    {"min_u32", 32, 1, 0xffffffff, 0, 1, false},
    {"max_i32", 32, 1, 0xffffffff, 0, 1, false},
    {"max_u32", 32, 1, 0xffffffff, 0, 0xffffffff, false},
    {"and_b32", 32, 0xff00ff00, 0x0ff00ff0, 0, 0x0f000f00, false},
    {"or_b32", 32, 0xff00ff00, 0x0ff00ff0, 0, 0xfff0fff0, false},
    {"xor_b32", 32, 0xff00ff00, 0x0ff00ff0, 0, 0xf0f0f0f0, false},
    {"inc_u32", 32, 4, 5, 0, 5, false},
    {"inc_u32", 32, 5, 5, 0, 0, false},
    {"dec_u32", 32, 5, 7, 0, 4, false},
    {"dec_u32", 32, 0, 7, 0, 7, false},
    {"dec_u32", 32, 9, 7, 0, 7, false},
    {"swap_b64", 64, 7, 0x900000009, 0, 0x900000009, false},
    {"cmpswap_b64", 64, 0x700000007, 9, 0x700000007, 9, false},
    {"cmpswap_b64", 64, 0x700000007, 9, 0x800000007, 0x700000007, false},
    {"add_u64", 64, 0xffffffff, 2, 0, 0x100000001, false},
    {"sub_u64", 64, 1, 2, 0, UINT64_MAX, false},
    {"min_i64", 64, 1, UINT64_MAX, 0, UINT64_MAX, false},
    {"min_u64", 64, 1, UINT64_MAX, 0, 1, false},
    {"max_i64", 64, 1, UINT64_MAX, 0, 1, false},
    {"max_u64", 64, 1, UINT64_MAX, 0, UINT64_MAX, false},
    {"and_b64", 64, 0xff00ff00ff00, 0x0ff00ff00ff0, 0, 0x0f000f000f00, false},
    {"or_b64", 64, 0xff00ff00ff00, 0x0ff00ff00ff0, 0, 0xfff0fff0fff0, false},
    {"xor_b64", 64, 0xff00ff00ff00, 0x0ff00ff00ff0, 0, 0xf0f0f0f0f0f0, false},
    {"inc_u64", 64, 0xffffffff, 0x100000000, 0, 0x100000000, false},
    {"inc_u64", 64, 5, 5, 0, 0, false},
    {"dec_u64", 64, 0x100000000, 0x100000005, 0, 0xffffffff, false},
    {"dec_u64", 64, 0, 7, 0, 7, false},
    {"cmpswap_f32", 32, 0x80000000, 0x40000000, 0x00000000, 0x40000000, false}, // -0 equals 0
    {"cmpswap_f32", 32, 0x7fc00000, 0x40000000, 0x7fc00000, 0x7fc00000, false}, // a NaN equals nothing
    {"min_f32", 32, 0x3f800000, 0xc0000000, 0, 0xc0000000, false},
    {"max_f32", 32, 0x3f800000, 0xc0000000, 0, 0x3f800000, false},
    {"max_f32", 32, 0x3f800000, 0x40000000, 0, 0x40000000, false},
    {"add_f32", 32, 0x3f800000, 0x40000000, 0, 0x40400000, false},
};

enum family { GLOBAL, GLOBAL_BASE, FLAT, FLAT_LDS, BUFFER };

// The instruction's text; the returned value goes to `RESULT` (MUBUF: back to the data registers).
static void write_text(char *text, size_t size, const struct operation *op, enum family family, bool returns)
{
    char data[32], result[32];
    unsigned words = op->bits / 32, sources = strncmp(op->suffix, "cmpswap", 7) == 0 ? 2 : 1;
    registers_text(DATA, words * sources, data);
    registers_text(RESULT, words, result);
    const char *comma = returns ? ", " : "", *glc = returns ? " glc" : "";
    if (family == BUFFER)
        snprintf(text, size, "buffer_atomic_%s %s, v2, s[8:11], 0 offen offset:8%s", op->suffix, data, glc);
    else if (family == GLOBAL_BASE)
        snprintf(text, size, "global_atomic_%s %s%sv2, %s, s[4:5] offset:8%s", op->suffix, returns ? result : "", comma,
                 data, glc);
    else if (family == GLOBAL)
        snprintf(text, size, "global_atomic_%s %s%sv[2:3], %s, off offset:8%s", op->suffix, returns ? result : "",
                 comma, data, glc);
    else
        snprintf(text, size, "flat_atomic_%s %s%sv[2:3], %s offset:8%s", op->suffix, returns ? result : "", comma, data,
                 glc);
}

static uint64_t lane_base(const struct fixture *f, enum family family)
{
    switch (family) {
    case BUFFER:
    case GLOBAL_BASE: return 0;
    case FLAT_LDS: return f->group.shared_base;
    default: return memory_address(f);
    }
}

static void run_operation(struct fixture *f, const struct operation *op, enum family family, bool returns)
{
    char text[128];
    unsigned words = op->bits / 32;
    uint8_t *memory = family == FLAT_LDS ? f->group.lds : f->memory;
    fixture_set_s64(f, 4, memory_address(f));
    fixture_set_s64(f, 8, memory_address(f));
    f->wave.s[10] = FIXTURE_MEMORY_BYTES;
    f->wave.s[11] = 0x31014000;
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        memcpy(memory + 8 + 16 * lane, &op->old, op->bits / 8);
        set_pair(f, ADDRESS, lane, lane_base(f, family) + 16 * lane);
        set_pair(f, DATA, lane, op->data);
        set_pair(f, DATA + words, lane, op->compare);
        set_pair(f, RESULT, lane, 0x1234567812345678);
    }
    f->wave.s[EMU_SGPR_EXEC] = 0x80fffffe;
    write_text(text, sizeof text, op, family, returns);
    fixture_run(f, text);
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        bool active = 0x80fffffeu >> lane & 1;
        uint64_t now = 0, mask = UINT64_MAX >> (64 - op->bits);
        memcpy(&now, memory + 8 + 16 * lane, op->bits / 8);
        uint64_t want = active ? op->want : op->old;
        if (now != (want & mask))
            fail_msg("%s lane %u: memory 0x%" PRIx64 " instead of 0x%" PRIx64, text, lane, now, want);
        unsigned reg = family == BUFFER ? DATA : RESULT;
        uint64_t before = family == BUFFER ? op->data : 0x1234567812345678;
        uint64_t back = *fixture_v(f, reg, lane);
        if (words == 2)
            back |= (uint64_t)*fixture_v(f, reg + 1, lane) << 32;
        uint64_t want_back = (active && returns ? op->old : before) & mask;
        if (back != want_back)
            fail_msg("%s lane %u: 0x%" PRIx64 " came back instead of 0x%" PRIx64, text, lane, back, want_back);
    }
}

static void run_family(struct fixture *f, enum family family)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        bool is_csub = strcmp(operations[i].suffix, "csub_u32") == 0;
        if ((family == FLAT || family == FLAT_LDS) && operations[i].no_flat)
            continue;
        if (!is_csub)
            run_operation(f, &operations[i], family, false);
        run_operation(f, &operations[i], family, true);
    }
}

static void global_operations(void **state)
{
    run_family(*state, GLOBAL);
}

static void global_operations_from_a_base(void **state)
{
    run_family(*state, GLOBAL_BASE);
}

static void flat_operations(void **state)
{
    run_family(*state, FLAT);
}

static void flat_operations_on_lds(void **state)
{
    run_family(*state, FLAT_LDS);
}

static void buffer_operations(void **state)
{
    run_family(*state, BUFFER);
}

static void lanes_on_one_address_add_up(void **state)
{
    struct fixture *f = *state;
    fixture_ramp(f, DATA, 1, 1);
    for (unsigned lane = 0; lane < f->lanes; lane++)
        set_pair(f, ADDRESS, lane, memory_address(f));
    fixture_run(f, "global_atomic_add_u32 v20, v[2:3], v10, off glc");
    uint32_t sum;
    memcpy(&sum, f->memory, sizeof sum);
    assert_int_equal(sum, f->lanes * (f->lanes + 1) / 2);
    for (unsigned lane = 0; lane < f->lanes; lane++) // ascending lanes
        assert_int_equal(*fixture_v(f, RESULT, lane), lane * (lane + 1) / 2);
}

static void misaligned_atomics_fault(void **state)
{
    struct fixture *f = *state;
    for (unsigned lane = 0; lane < f->lanes; lane++)
        set_pair(f, ADDRESS, lane, memory_address(f) + (lane == 9 ? 4 : 8));
    fixture_run_faulting(f, "global_atomic_add_u64 v[2:3], v[10:11], off", EMU_FAULT_ALIGNMENT);
    assert_int_equal(f->fault.lane, 9);
    fixture_run(f, "global_atomic_add_u32 v[2:3], v10, off");
}

static void flat_atomics_on_private_memory_fault(void **state)
{
    struct fixture *f = *state;
    for (unsigned lane = 0; lane < f->lanes; lane++)
        set_pair(f, ADDRESS, lane, lane == 3 ? f->group.private_base : memory_address(f));
    fixture_run_faulting(f, "flat_atomic_add_u32 v[2:3], v10", EMU_FAULT_SCRATCH_ACCESS);
    assert_int_equal(f->fault.lane, 3);
}

static void observers_see_an_atomic(void **state)
{
    struct fixture *f = *state;
    for (unsigned lane = 0; lane < f->lanes; lane++)
        set_pair(f, ADDRESS, lane, memory_address(f) + 4 * lane);
    f->observe = 1;
    fixture_run(f, "global_atomic_add_f32 v[2:3], v10, off");
    assert_int_equal(f->access.atomic, 1);
    assert_int_equal(f->access.bytes, 4);
    assert_true(f->access.lanes == UINT32_MAX);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(global_operations, 32),
        FIXTURE_TEST(global_operations_from_a_base, 32),
        FIXTURE_TEST(flat_operations, 32),
        FIXTURE_TEST(flat_operations_on_lds, 32),
        FIXTURE_TEST(buffer_operations, 32),
        FIXTURE_TEST(lanes_on_one_address_add_up, 32),
        FIXTURE_TEST(lanes_on_one_address_add_up, 64),
        FIXTURE_TEST(misaligned_atomics_fault, 32),
        FIXTURE_TEST(flat_atomics_on_private_memory_fault, 32),
        FIXTURE_TEST(observers_see_an_atomic, 32),
    };
    return fixture_main("atomics", tests, sizeof tests / sizeof *tests);
}
