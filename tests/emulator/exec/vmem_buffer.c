// MUBUF: address forms, range rules of the descriptor, swizzle, formats in and out.
#include "vmem_memory.h"

enum { INDEX = 2, OFFSET = 3, DATA = 10, OLD = 0x5a5a5a5a };
enum { RAW = 3u << 28, EMPTY_ONLY = 2u << 28, INDEX_ONLY = 1u << 28, STRUCTURED = 0, XYZW = 0xfac };

// The descriptor in s[8:11], based at byte 256 of memory.
static void set_descriptor(struct fixture *f, unsigned stride, uint32_t records, uint32_t flags)
{
    uint64_t base = memory_address(f) + 256;
    f->wave.s[8] = (uint32_t)base;
    f->wave.s[9] = (uint32_t)(base >> 32) | stride << 16;
    f->wave.s[10] = records;
    f->wave.s[11] = flags;
}

static const uint8_t *buffer(const struct fixture *f)
{
    return f->memory + 256;
}

static void raw_loads_of_every_width_are_cut_off_at_records(void **state)
{
    enum { RECORDS = 500 };
    struct fixture *f = *state;
    char text[128], data[32];
    memory_pattern(f);
    set_descriptor(f, 0, RECORDS, RAW);
    for (unsigned n = 0; n < LOAD_FORMS; n++) {
        const struct load_form *form = &load_forms[n];
        fixture_ramp(f, INDEX, 0, 16);
        for (unsigned i = 0; i < form->registers; i++)
            fixture_fill(f, DATA + i, OLD);
        snprintf(text, sizeof text, "s_mov_b32 s6, 4\nbuffer_load_%s %s, v2, s[8:11], s6 offen offset:12", form->suffix,
                 registers_text(DATA, form->registers, data));
        fixture_run(f, text);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            uint8_t bytes[16] = {0};
            for (unsigned b = 0; b < form->bytes; b++) { // dwords, or the whole of a narrow access, are in range
                unsigned unit_end = form->bytes < 4 ? form->bytes : b / 4 * 4 + 4;
                if (16 * lane + 12 + unit_end <= RECORDS)
                    bytes[b] = buffer(f)[16 * lane + 12 + 4 + b];
            }
            for (unsigned i = 0; i < form->registers; i++)
                assert_int_equal(*fixture_v(f, DATA + i, lane), load_want(form, bytes, i, OLD));
        }
    }
}

static void raw_stores_of_every_width_are_cut_off_at_records(void **state)
{
    enum { RECORDS = 500 };
    struct fixture *f = *state;
    char text[128], data[32];
    set_descriptor(f, 0, RECORDS, RAW);
    for (unsigned n = 0; n < STORE_FORMS; n++) {
        const struct store_form *form = &store_forms[n];
        uint8_t want[FIXTURE_MEMORY_BYTES];
        memory_pattern(f);
        memcpy(want, f->memory, sizeof want);
        fixture_ramp(f, INDEX, 0, 16);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            for (unsigned i = 0; i < form->registers; i++)
                *fixture_v(f, DATA + i, lane) = 0x89abcdef * (lane + 1) + i;
            for (unsigned b = 0; b < form->bytes; b++) {
                unsigned unit_end = form->bytes < 4 ? form->bytes : b / 4 * 4 + 4;
                if (16 * lane + 12 + unit_end <= RECORDS)
                    want[256 + 16 * lane + 12 + b] =
                        (uint8_t)(*fixture_v(f, DATA + b / 4, lane) >> (form->shift + b % 4 * 8));
            }
        }
        snprintf(text, sizeof text, "buffer_store_%s %s, v2, s[8:11], 0 offen offset:12", form->suffix,
                 registers_text(DATA, form->registers, data));
        fixture_run(f, text);
        assert_memory_equal(f->memory, want, sizeof want);
    }
}

static void address_forms_add_index_offset_and_immediate(void **state)
{
    struct fixture *f = *state;
    memory_pattern(f);
    set_descriptor(f, 20, 100, STRUCTURED);
    fixture_ramp(f, INDEX, 1, 1);
    fixture_ramp(f, OFFSET, 0, 4);
    fixture_fill(f, DATA, OLD);
    fixture_run(f, "s_mov_b32 s6, 8\n"
                   "buffer_load_b32 v10, v[2:3], s[8:11], s6 idxen offen offset:4\n"
                   "buffer_load_b32 v11, v2, s[8:11], 0 idxen offset:16\n"
                   "buffer_load_b32 v12, off, s[8:11], 0");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        uint32_t want = 0; // offsets past the stride are out of range
        if (4 * lane + 4 + 4 <= 20)
            memcpy(&want, buffer(f) + 8 + 20 * (lane + 1) + 4 * lane + 4, 4);
        assert_int_equal(*fixture_v(f, DATA, lane), want);
        assert_memory_equal(fixture_v(f, DATA + 1, lane), buffer(f) + 20 * (lane + 1) + 16, 4);
        assert_memory_equal(fixture_v(f, DATA + 2, lane), buffer(f), 4);
    }
}

static void index_range_rules(void **state)
{
    static const struct {
        uint32_t flags, records;
        unsigned in_range; // lanes whose index (= lane) is in range
    } cases[] = {{STRUCTURED, 10, 10}, {INDEX_ONLY, 10, 10}, {EMPTY_ONLY, 1, 32}, {EMPTY_ONLY, 0, 0}, {RAW, 160, 10}};
    struct fixture *f = *state;
    memory_pattern(f);
    fixture_ramp(f, INDEX, 0, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_descriptor(f, 16, cases[i].records, cases[i].flags);
        fixture_fill(f, DATA, OLD);
        fixture_run(f, "buffer_load_b32 v10, v2, s[8:11], 0 idxen");
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            uint32_t want = 0;
            if (lane < cases[i].in_range)
                memcpy(&want, buffer(f) + 16 * lane, 4);
            assert_int_equal(*fixture_v(f, DATA, lane), want);
        }
    }
}

static void swizzled_records_interleave(void **state)
{
    struct fixture *f = *state;
    memory_pattern(f);
    set_descriptor(f, 16, 64, STRUCTURED); // index stride 8
    f->wave.s[9] |= 1u << 30;              // elements of 4 bytes
    fixture_ramp(f, INDEX, 0, 1);
    fixture_run(f, "buffer_load_b128 v[10:13], v2, s[8:11], 0 idxen");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        for (unsigned i = 0; i < 4; i++)
            assert_memory_equal(fixture_v(f, DATA + i, lane), buffer(f) + (lane / 8 * 16 + i * 4) * 8 + lane % 8 * 4,
                                4);
    }
}

static void descriptors_can_add_the_lane(void **state)
{
    struct fixture *f = *state;
    memory_pattern(f);
    set_descriptor(f, 12, 64, STRUCTURED | 1u << 23);
    fixture_run(f, "buffer_load_b32 v10, off, s[8:11], 0 offset:8");
    for (unsigned lane = 0; lane < f->lanes; lane++)
        assert_memory_equal(fixture_v(f, DATA, lane), buffer(f) + 12 * lane + 8, 4);
}

// In range for the descriptor is not enough: the memory must exist.
static void descriptors_that_lie_fault(void **state)
{
    struct fixture *f = *state;
    set_descriptor(f, 0, UINT32_MAX, RAW);
    fixture_fill(f, INDEX, 0);
    *fixture_v(f, INDEX, 11) = FIXTURE_MEMORY_BYTES - 256;
    fixture_run_faulting(f, "buffer_load_b32 v10, v2, s[8:11], 0 offen", EMU_FAULT_GLOBAL_ACCESS);
    assert_int_equal(f->fault.lane, 11);
    fixture_run_faulting(f, "buffer_store_b64 v[10:11], v2, s[8:11], 0 offen", EMU_FAULT_GLOBAL_ACCESS);
    set_descriptor(f, 0, 16, RAW); // now the lane is out of range: dropped
    fixture_run(f, "buffer_store_b64 v[10:11], v2, s[8:11], 0 offen");
}

static void inactive_lanes_keep_their_destination(void **state)
{
    struct fixture *f = *state;
    memory_pattern(f);
    set_descriptor(f, 0, 64, RAW);
    fixture_ramp(f, INDEX, 0, 4);
    fixture_fill(f, DATA, OLD);
    fixture_set_s64(f, EMU_SGPR_EXEC, 0xffff0003);
    fixture_run(f, "buffer_load_b32 v10, v2, s[8:11], 0 offen");
    assert_memory_equal(fixture_v(f, DATA, 1), buffer(f) + 4, 4);
    assert_int_equal(*fixture_v(f, DATA, 2), OLD);
    assert_int_equal(*fixture_v(f, DATA, 16), 0);
}

static void atomics_out_of_range_do_nothing_and_return_0(void **state)
{
    struct fixture *f = *state;
    set_descriptor(f, 0, 64, RAW);
    memset(f->memory, 0x11, FIXTURE_MEMORY_BYTES);
    fixture_ramp(f, INDEX, 0, 4);
    fixture_fill(f, DATA, 1);
    fixture_run(f, "buffer_atomic_add_u32 v10, v2, s[8:11], 0 offen glc");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        uint32_t word;
        memcpy(&word, buffer(f) + 4 * lane, 4);
        assert_int_equal(word, lane < 16 ? 0x11111112 : 0x11111111);
        assert_int_equal(*fixture_v(f, DATA, lane), lane < 16 ? 0x11111111 : 0);
    }
}

struct format_case {
    unsigned format;
    uint32_t memory[4];
    uint32_t registers[4]; // of a load through select x, y, z, w
    const char *store;     // suffix that stores the registers back to the same memory
};

static const struct format_case format_cases[] = {
    {1, {0x000000ff}, {0x3f800000, 0, 0, 0x3f800000}, "format_x"},                        // 8 unorm
    {2, {0x00000081}, {0xbf800000, 0, 0, 0x3f800000}, "format_x"},                        // 8 snorm
    {5, {0x000000fe}, {0x000000fe, 0, 0, 1}, "format_x"},                                 // 8 uint
    {6, {0x000000fe}, {0xfffffffe, 0, 0, 1}, "format_x"},                                 // 8 sint
    {3, {0x00000003}, {0x40400000, 0, 0, 0x3f800000}, "format_x"},                        // 8 uscaled
    {4, {0x000000fd}, {0xc0400000, 0, 0, 0x3f800000}, "format_x"},                        // 8 sscaled
    {13, {0x00003e00}, {0x3fc00000, 0, 0, 0x3f800000}, "format_x"},                       // 16 float
    {19, {0x000080ff}, {0xffffffff, 0xffffff80, 0, 1}, "format_xy"},                      // 8_8 sint
    {22, {0x40490fdb}, {0x40490fdb, 0, 0, 0x3f800000}, "format_x"},                       // 32 float
    {23, {0xffff0000}, {0, 0x3f800000, 0, 0x3f800000}, "format_xy"},                      // 16_16 unorm
    {30, {0x780003c0}, {0x3f800000, 0, 0x3f800000, 0x3f800000}, "format_xyz"},            // 10_11_11 float
    {40, {0xc0100401}, {1, 1, 1, 3}, "format_xyzw"},                                      // 2_10_10_10 uint
    {42, {0xff0000ff}, {0x3f800000, 0, 0, 0x3f800000}, "format_xyzw"},                    // 8_8_8_8 unorm
    {46, {0x04030201}, {1, 2, 3, 4}, "format_xyzw"},                                      // 8_8_8_8 uint
    {50, {0x3f800000, 0x40000000}, {0x3f800000, 0x40000000, 0, 0x3f800000}, "format_xy"}, // 32_32 float
    {57, {0x40003c00, 0xc000bc00}, {0x3f800000, 0x40000000, 0xbf800000, 0xc0000000}, "format_xyzw"},
    {58, {1, 2, 3}, {1, 2, 3, 1}, "format_xyz"},                                         // 32_32_32 uint
    {63, {0x3f800000, 0, 0x40000000, 5}, {0x3f800000, 0, 0x40000000, 5}, "format_xyzw"}, // 32_32_32_32 float
};

static void formats_decode_and_encode(void **state)
{
    struct fixture *f = *state;
    char text[128], data[32];
    for (size_t i = 0; i < sizeof format_cases / sizeof *format_cases; i++) {
        const struct format_case *c = &format_cases[i];
        set_descriptor(f, 16, 64, STRUCTURED | XYZW | c->format << 12);
        fixture_ramp(f, INDEX, 0, 1);
        memset(f->memory, 0, FIXTURE_MEMORY_BYTES);
        for (unsigned lane = 0; lane < f->lanes; lane++)
            memcpy(f->memory + 256 + 16 * lane, c->memory, 16);
        fixture_run(f, "buffer_load_format_xyzw v[10:13], v2, s[8:11], 0 idxen");
        for (unsigned r = 0; r < 4; r++) {
            if (*fixture_v(f, DATA + r, 31) != c->registers[r])
                fail_msg("format %u, component %u: 0x%x instead of 0x%x", c->format, r, *fixture_v(f, DATA + r, 31),
                         c->registers[r]);
        }
        memset(f->memory, 0, FIXTURE_MEMORY_BYTES);
        snprintf(text, sizeof text, "buffer_store_%s %s, v2, s[8:11], 0 idxen", c->store,
                 registers_text(DATA, (unsigned)strlen(c->store) - 7, data));
        fixture_run(f, text);
        for (unsigned lane = 0; lane < f->lanes; lane++)
            assert_memory_equal(f->memory + 256 + 16 * lane, c->memory, 16);
    }
}

static void narrower_format_loads_give_their_components(void **state)
{
    struct fixture *f = *state;
    uint32_t bytes = 0x04030201;
    memcpy(f->memory + 256, &bytes, 4);
    set_descriptor(f, 4, 64, STRUCTURED | XYZW | 46u << 12);
    fixture_fill(f, INDEX, 0);
    for (unsigned reg = 10; reg < 20; reg++)
        fixture_fill(f, reg, OLD);
    fixture_run(f, "buffer_load_format_x v10, v2, s[8:11], 0 idxen\n"
                   "buffer_load_format_xy v[11:12], v2, s[8:11], 0 idxen\n"
                   "buffer_load_format_xyz v[13:15], v2, s[8:11], 0 idxen");
    static const uint32_t want[] = {1, 1, 2, 1, 2, 3, OLD};
    for (unsigned i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(*fixture_v(f, 10 + i, 0), want[i]);
}

static void selects_reorder_and_fill(void **state)
{
    struct fixture *f = *state;
    uint32_t bytes = 0x04030201;
    memcpy(f->memory + 256, &bytes, 4);
    set_descriptor(f, 4, 1, STRUCTURED | 46u << 12 | (7 | 4 << 3 | 1 << 6 | 0 << 9)); // w, x, 1, 0
    fixture_fill(f, INDEX, 0);
    *fixture_v(f, INDEX, 1) = 1; // out of range: 0 and the constants
    fixture_run(f, "buffer_load_format_xyzw v[10:13], v2, s[8:11], 0 idxen");
    static const uint32_t want[2][4] = {{4, 1, 1, 0}, {0, 0, 1, 0}};
    for (unsigned lane = 0; lane < 2; lane++) {
        for (unsigned i = 0; i < 4; i++)
            assert_int_equal(*fixture_v(f, DATA + i, lane), want[lane][i]);
    }
}

static void d16_formats_pack_halves(void **state)
{
    struct fixture *f = *state;
    uint32_t halves[2] = {0x40003c00, 0xc000bc00};
    memcpy(f->memory + 256, halves, 8);
    set_descriptor(f, 8, 64, STRUCTURED | XYZW | 57u << 12);
    fixture_fill(f, INDEX, 0);
    for (unsigned reg = 10; reg < 20; reg++)
        fixture_fill(f, reg, OLD);
    fixture_run(f, "buffer_load_d16_format_x v10, v2, s[8:11], 0 idxen\n"
                   "buffer_load_d16_hi_format_x v11, v2, s[8:11], 0 idxen\n"
                   "buffer_load_d16_format_xy v12, v2, s[8:11], 0 idxen\n"
                   "buffer_load_d16_format_xyz v[13:14], v2, s[8:11], 0 idxen\n"
                   "buffer_load_d16_format_xyzw v[15:16], v2, s[8:11], 0 idxen");
    static const uint32_t want[] = {0x5a5a3c00, 0x3c005a5a, 0x40003c00, 0x40003c00, 0x5a5abc00, 0x40003c00, 0xc000bc00};
    for (unsigned i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(*fixture_v(f, 10 + i, 0), want[i]);
    static const struct {
        const char *text;
        uint32_t memory[2];
    } stores[] = {
        {"buffer_store_d16_format_x v15, v2, s[8:11], 0 idxen", {0x00003c00, 0}},
        {"buffer_store_d16_hi_format_x v15, v2, s[8:11], 0 idxen", {0x00004000, 0}},
        {"buffer_store_d16_format_xy v15, v2, s[8:11], 0 idxen", {0x40003c00, 0}},
        {"buffer_store_d16_format_xyz v[15:16], v2, s[8:11], 0 idxen", {0x40003c00, 0x0000bc00}},
        {"buffer_store_d16_format_xyzw v[15:16], v2, s[8:11], 0 idxen", {0x40003c00, 0xc000bc00}},
    };
    for (size_t i = 0; i < sizeof stores / sizeof *stores; i++) {
        memset(f->memory, 0xee, 512);
        fixture_run(f, stores[i].text);
        assert_memory_equal(f->memory + 256, stores[i].memory, 8);
    }
}

static void formats_that_do_not_exist_are_unsupported(void **state)
{
    struct fixture *f = *state;
    set_descriptor(f, 4, 64, STRUCTURED | XYZW);
    fixture_run_faulting(f, "buffer_load_format_x v10, off, s[8:11], 0", EMU_FAULT_UNSUPPORTED);
}

static void cache_control_does_nothing(void **state)
{
    fixture_run(*state, "buffer_gl0_inv\nbuffer_gl1_inv");
}

static void observers_see_lanes_in_range(void **state)
{
    struct fixture *f = *state;
    set_descriptor(f, 0, 64, RAW);
    fixture_ramp(f, INDEX, 0, 4);
    f->observe = 1;
    fixture_run(f, "buffer_store_b32 v10, v2, s[8:11], 0 offen");
    assert_int_equal(f->access.space, EMU_SPACE_GLOBAL);
    assert_true(f->access.lanes == 0xffff);
    assert_true(f->access.address[0][3] == memory_address(f) + 256 + 12);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(raw_loads_of_every_width_are_cut_off_at_records, 32),
        FIXTURE_TEST(raw_loads_of_every_width_are_cut_off_at_records, 64),
        FIXTURE_TEST(raw_stores_of_every_width_are_cut_off_at_records, 32),
        FIXTURE_TEST(raw_stores_of_every_width_are_cut_off_at_records, 64),
        FIXTURE_TEST(address_forms_add_index_offset_and_immediate, 32),
        FIXTURE_TEST(index_range_rules, 32),
        FIXTURE_TEST(swizzled_records_interleave, 32),
        FIXTURE_TEST(descriptors_can_add_the_lane, 32),
        FIXTURE_TEST(descriptors_can_add_the_lane, 64),
        FIXTURE_TEST(descriptors_that_lie_fault, 32),
        FIXTURE_TEST(inactive_lanes_keep_their_destination, 32),
        FIXTURE_TEST(atomics_out_of_range_do_nothing_and_return_0, 32),
        FIXTURE_TEST(formats_decode_and_encode, 32),
        FIXTURE_TEST(narrower_format_loads_give_their_components, 32),
        FIXTURE_TEST(selects_reorder_and_fill, 32),
        FIXTURE_TEST(d16_formats_pack_halves, 32),
        FIXTURE_TEST(formats_that_do_not_exist_are_unsupported, 32),
        FIXTURE_TEST(cache_control_does_nothing, 32),
        FIXTURE_TEST(observers_see_lanes_in_range, 32),
    };
    return fixture_main("buffer", tests, sizeof tests / sizeof *tests);
}
