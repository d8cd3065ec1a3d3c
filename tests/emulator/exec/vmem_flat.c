// FLAT and SCRATCH: apertures, private memory's swizzle, uniform and divergent addresses, bounds.
#include <stdlib.h>

#include "vmem_memory.h"

enum { ADDRESS = 2, DATA = 10, OLD = 0x5a5a5a5a, PRIVATE_BYTES = 256 };

// Private memory with a pattern that differs by lane. Freed by drop_scratch.
static void make_scratch(struct fixture *f)
{
    f->wave.scratch_lane_bytes = PRIVATE_BYTES;
    f->wave.scratch = malloc(PRIVATE_BYTES * f->lanes);
    assert_non_null(f->wave.scratch);
    for (size_t i = 0; i < PRIVATE_BYTES * f->lanes; i++)
        f->wave.scratch[i] = (uint8_t)(i * 73 + (i >> 8) * 5 + 3);
}

static void drop_scratch(struct fixture *f)
{
    free(f->wave.scratch);
    f->wave.scratch = NULL;
}

static uint8_t *private_byte(const struct fixture *f, unsigned lane, uint32_t address)
{
    return f->wave.scratch + (address / 4 * f->lanes + lane) * 4 + address % 4;
}

static void private_bytes(const struct fixture *f, unsigned lane, uint32_t address, uint8_t out[16])
{
    for (uint32_t i = 0; i < 16; i++)
        out[i] = address + i < PRIVATE_BYTES ? *private_byte(f, lane, address + i) : 0;
}

// Addresses: all lanes 64; all lanes 66; each lane its own.
static uint32_t private_address(unsigned kind, unsigned lane)
{
    return kind == 0 ? 64 : kind == 1 ? 66 : lane * 3 + 5;
}

static void scratch_loads_of_every_width(void **state)
{
    struct fixture *f = *state;
    char text[128], data[32];
    make_scratch(f);
    for (unsigned n = 0; n < LOAD_FORMS * 3; n++) {
        const struct load_form *form = &load_forms[n / 3];
        for (unsigned lane = 0; lane < f->lanes; lane++)
            *fixture_v(f, ADDRESS, lane) = private_address(n % 3, lane) - 8;
        for (unsigned i = 0; i < form->registers; i++)
            fixture_fill(f, DATA + i, OLD);
        uint64_t exec = n & 1 ? UINT64_MAX : 0x8000000180000ff0;
        fixture_set_s64(f, EMU_SGPR_EXEC, exec);
        snprintf(text, sizeof text, "s_mov_b32 s6, 12\nscratch_load_%s %s, v2, s6 offset:-4", form->suffix,
                 registers_text(DATA, form->registers, data));
        fixture_run(f, text);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            uint8_t bytes[16];
            private_bytes(f, lane, private_address(n % 3, lane), bytes);
            for (unsigned i = 0; i < form->registers; i++)
                assert_int_equal(*fixture_v(f, DATA + i, lane),
                                 exec >> lane & 1 ? load_want(form, bytes, i, OLD) : OLD);
        }
    }
    drop_scratch(f);
}

static void scratch_stores_of_every_width(void **state)
{
    struct fixture *f = *state;
    char text[128], data[32];
    make_scratch(f);
    uint8_t *want = malloc(PRIVATE_BYTES * f->lanes), *kept = f->wave.scratch;
    assert_non_null(want);
    for (unsigned n = 0; n < STORE_FORMS * 3; n++) {
        const struct store_form *form = &store_forms[n / 3];
        uint64_t exec = n & 1 ? UINT64_MAX : 0x8000000180000ff0;
        memcpy(want, kept, PRIVATE_BYTES * f->lanes);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            *fixture_v(f, ADDRESS, lane) = private_address(n % 3, lane);
            for (unsigned i = 0; i < form->registers; i++)
                *fixture_v(f, DATA + i, lane) = 0x89abcdef * (lane + n) + i;
            f->wave.scratch = want;
            for (unsigned b = 0; b < form->bytes && exec >> lane & 1; b++)
                *private_byte(f, lane, private_address(n % 3, lane) + b) =
                    (uint8_t)(*fixture_v(f, DATA + b / 4, lane) >> (form->shift + b % 4 * 8));
            f->wave.scratch = kept;
        }
        fixture_set_s64(f, EMU_SGPR_EXEC, exec);
        snprintf(text, sizeof text, "scratch_store_%s v2, %s, off", form->suffix,
                 registers_text(DATA, form->registers, data));
        fixture_run(f, text);
        assert_memory_equal(f->wave.scratch, want, PRIVATE_BYTES * f->lanes);
    }
    free(want);
    drop_scratch(f);
}

static void scratch_without_a_vgpr_is_uniform(void **state)
{
    struct fixture *f = *state;
    make_scratch(f);
    fixture_ramp(f, DATA, 100, 1);
    fixture_run(f, "scratch_store_b32 off, v10, off offset:16\n"
                   "s_mov_b32 s6, 8\n"
                   "scratch_load_b32 v11, off, s6 offset:8");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        uint32_t word;
        memcpy(&word, private_byte(f, lane, 16), sizeof word);
        assert_int_equal(word, 100 + lane);
        assert_int_equal(*fixture_v(f, DATA + 1, lane), 100 + lane);
    }
    drop_scratch(f);
}

static void scratch_beyond_the_segment_faults(void **state)
{
    struct fixture *f = *state;
    make_scratch(f);
    fixture_fill(f, ADDRESS, 0);
    *fixture_v(f, ADDRESS, 6) = PRIVATE_BYTES - 7;
    fixture_run_faulting(f, "scratch_load_b64 v[10:11], v2, off", EMU_FAULT_SCRATCH_ACCESS);
    assert_int_equal(f->fault.lane, 6);
    assert_true(f->fault.address == PRIVATE_BYTES - 7);
    fixture_run_faulting(f, "scratch_store_b32 off, v10, off offset:-4", EMU_FAULT_SCRATCH_ACCESS);
    fixture_run_faulting(f, "scratch_store_b8 off, v10, off offset:256", EMU_FAULT_SCRATCH_ACCESS);
    drop_scratch(f);
    f->wave.scratch_lane_bytes = 0;
    fixture_run_faulting(f, "scratch_load_b32 v10, off, off", EMU_FAULT_SCRATCH_ACCESS);
}

// Lanes in turn: global, LDS, private.
static void point_lanes(struct fixture *f, uint32_t offset)
{
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        uint64_t base = lane % 3 == 0   ? memory_address(f)
                        : lane % 3 == 1 ? f->group.shared_base
                                        : f->group.private_base;
        set_pair(f, ADDRESS, lane, base + offset + 4 * (lane % 8));
    }
}

static void flat_accesses_go_to_their_aperture(void **state)
{
    struct fixture *f = *state;
    char text[128], data[32];
    memory_pattern(f);
    make_scratch(f);
    for (unsigned i = 0; i < FIXTURE_LDS_BYTES; i++)
        f->group.lds[i] = (uint8_t)(i * 91 + 17);
    for (unsigned n = 0; n < LOAD_FORMS; n++) {
        const struct load_form *form = &load_forms[n];
        point_lanes(f, 32);
        for (unsigned i = 0; i < form->registers; i++)
            fixture_fill(f, DATA + i, OLD);
        snprintf(text, sizeof text, "flat_load_%s %s, v[2:3] offset:4", form->suffix,
                 registers_text(DATA, form->registers, data));
        fixture_run(f, text);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            uint32_t at = 36 + 4 * (lane % 8);
            uint8_t bytes[16];
            memcpy(bytes, lane % 3 == 0 ? f->memory + at : f->group.lds + at, sizeof bytes);
            if (lane % 3 == 2)
                private_bytes(f, lane, at, bytes);
            for (unsigned i = 0; i < form->registers; i++)
                assert_int_equal(*fixture_v(f, DATA + i, lane), load_want(form, bytes, i, OLD));
        }
    }
    drop_scratch(f);
}

static void flat_stores_go_to_their_aperture(void **state)
{
    struct fixture *f = *state;
    char text[128], data[32];
    make_scratch(f);
    for (unsigned n = 0; n < STORE_FORMS; n++) {
        const struct store_form *form = &store_forms[n];
        memset(f->memory, 0, FIXTURE_MEMORY_BYTES);
        memset(f->group.lds, 0, FIXTURE_LDS_BYTES);
        memset(f->wave.scratch, 0, PRIVATE_BYTES * f->lanes);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            uint64_t base = lane % 3 == 0   ? memory_address(f) + 16 * lane
                            : lane % 3 == 1 ? f->group.shared_base + 16 * lane
                                            : f->group.private_base + 4 * lane;
            set_pair(f, ADDRESS, lane, base);
            for (unsigned i = 0; i < form->registers; i++)
                *fixture_v(f, DATA + i, lane) = 0x89abcdef * (lane + 1) + i;
        }
        snprintf(text, sizeof text, "flat_store_%s v[2:3], %s", form->suffix,
                 registers_text(DATA, form->registers, data));
        fixture_run(f, text);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            uint8_t bytes[16];
            memcpy(bytes, lane % 3 == 0 ? f->memory + 16 * lane : f->group.lds + 16 * lane, sizeof bytes);
            if (lane % 3 == 2)
                private_bytes(f, lane, 4 * lane, bytes);
            for (unsigned b = 0; b < form->bytes; b++)
                assert_int_equal(bytes[b], *fixture_v(f, DATA + b / 4, lane) >> (form->shift + b % 4 * 8) & 0xff);
        }
    }
    drop_scratch(f);
}

static void flat_on_global_memory_only(void **state)
{
    struct fixture *f = *state;
    memory_pattern(f);
    for (unsigned lane = 0; lane < f->lanes; lane++)
        set_pair(f, ADDRESS, lane, memory_address(f) + 16 * lane);
    fixture_run(f, "flat_load_b128 v[10:13], v[2:3]\nflat_store_b128 v[2:3], v[10:13] offset:2048");
    for (unsigned lane = 0; lane < f->lanes; lane++)
        assert_memory_equal(f->memory + 2048 + 16 * lane, f->memory + 16 * lane, 16);
}

static void flat_faults_name_the_space(void **state)
{
    struct fixture *f = *state;
    make_scratch(f);
    for (unsigned lane = 0; lane < f->lanes; lane++)
        set_pair(f, ADDRESS, lane, memory_address(f));
    set_pair(f, ADDRESS, 7, f->group.shared_base + FIXTURE_LDS_BYTES - 3);
    fixture_run_faulting(f, "flat_load_b32 v10, v[2:3]", EMU_FAULT_LDS_ACCESS);
    assert_int_equal(f->fault.lane, 7);
    set_pair(f, ADDRESS, 7, f->group.private_base + PRIVATE_BYTES);
    fixture_run_faulting(f, "flat_store_b32 v[2:3], v10", EMU_FAULT_SCRATCH_ACCESS);
    set_pair(f, ADDRESS, 7, memory_address(f) + FIXTURE_MEMORY_BYTES);
    fixture_run_faulting(f, "flat_store_b32 v[2:3], v10", EMU_FAULT_GLOBAL_ACCESS);
    drop_scratch(f);
}

static void observers_see_the_space(void **state)
{
    struct fixture *f = *state;
    make_scratch(f);
    f->observe = 1;
    fixture_run(f, "scratch_load_b64 v[10:11], off, off offset:8");
    assert_int_equal(f->access.space, EMU_SPACE_SCRATCH);
    assert_true(f->access.address[0][f->lanes - 1] == 8);
    for (unsigned lane = 0; lane < f->lanes; lane++)
        set_pair(f, ADDRESS, lane, f->group.shared_base + 4 * lane);
    fixture_run(f, "flat_load_b32 v10, v[2:3]");
    assert_int_equal(f->access.space, EMU_SPACE_LDS);
    assert_true(f->access.address[0][f->lanes - 1] == 4 * (f->lanes - 1));
    assert_true(f->access.lanes == (f->lanes == 64 ? UINT64_MAX : UINT32_MAX));
    drop_scratch(f);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(scratch_loads_of_every_width, 32),
        FIXTURE_TEST(scratch_loads_of_every_width, 64),
        FIXTURE_TEST(scratch_stores_of_every_width, 32),
        FIXTURE_TEST(scratch_stores_of_every_width, 64),
        FIXTURE_TEST(scratch_without_a_vgpr_is_uniform, 32),
        FIXTURE_TEST(scratch_without_a_vgpr_is_uniform, 64),
        FIXTURE_TEST(scratch_beyond_the_segment_faults, 32),
        FIXTURE_TEST(flat_accesses_go_to_their_aperture, 32),
        FIXTURE_TEST(flat_accesses_go_to_their_aperture, 64),
        FIXTURE_TEST(flat_stores_go_to_their_aperture, 32),
        FIXTURE_TEST(flat_on_global_memory_only, 32),
        FIXTURE_TEST(flat_faults_name_the_space, 32),
        FIXTURE_TEST(observers_see_the_space, 32),
        FIXTURE_TEST(observers_see_the_space, 64),
    };
    return fixture_main("flat", tests, sizeof tests / sizeof *tests);
}
