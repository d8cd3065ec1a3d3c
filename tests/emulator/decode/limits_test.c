// Words that end too early, and buffers that are too short.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "emulator/inst.h"

// Longest first: the instruction needs all of its words.
static const struct {
    int words;
    uint32_t code[3];
} samples[] = {
    {3, {0xc8460aff, 0x07080d06, 0x3f000000}}, // VOPD with literal
    {3, {0xd5030005, 0x000208e9, 0xfac68885}}, // VOP3 DPP8
    {3, {0xd5030005, 0x000208ff, 0x12345678}}, // VOP3 literal
    {3, {0xcc0f4000, 0x180208ff, 0x12345678}}, // VOP3P literal
    {3, {0xe0500010, 0xffc20402, 0x12345678}}, // MUBUF literal offset
    {2, {0xdc520004, 0x08060002}},             // GLOBAL
    {2, {0xd8dc0301, 0x08000002}},             // DS
    {2, {0xf4040204, 0xf81ffff8}},             // SMEM
    {2, {0x7e0002ff, 0x12345678}},             // VOP1 literal
    {2, {0x061404fa, 0xa57d1105}},             // VOP2 DPP16
    {2, {0x58080d04, 0x12345678}},             // fmamk
    {2, {0xbe8400ff, 0x12345678}},             // SOP1 literal
    {2, {0x800504ff, 0x12345678}},             // SOP2 literal
    {2, {0xb9801001, 0x0000cafe}},             // s_setreg_imm32
    {1, {0xbfb00000}},                         // s_endpgm
};

// Words in front of a page that must not be read.
struct guarded {
    uint8_t *pages;
    size_t page;
};

static int map_pages(void **state)
{
    static struct guarded guarded;
    guarded.page = (size_t)sysconf(_SC_PAGESIZE);
    guarded.pages = mmap(NULL, 2 * guarded.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (guarded.pages == MAP_FAILED)
        return -1;
    *state = &guarded;
    return mprotect(guarded.pages + guarded.page, guarded.page, PROT_NONE);
}

static int unmap_pages(void **state)
{
    struct guarded *guarded = *state;
    return munmap(guarded->pages, 2 * guarded->page);
}

static void cut_off_instructions_are_refused_without_reading_on(void **state)
{
    const struct guarded *guarded = *state;
    struct emu_inst inst, dual;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        for (int available = 0; available <= samples[i].words; available++) {
            uint8_t *end = guarded->pages + guarded->page - 4 * (size_t)available;
            memcpy(end, samples[i].code, 4 * (size_t)available);
            int length = emu_decode((const uint32_t *)(void *)end, (size_t)available, 0, false, &inst, &dual);
            assert_int_equal(length, available == samples[i].words ? samples[i].words : 0);
            if (length)
                continue;
            assert_int_equal(inst.op, EMU_OP_INVALID);
            assert_int_equal(inst.words, 1);
        }
    }
}

static void text_is_cut_and_terminated(void **state)
{
    (void)state;
    const char *expected = "v_dual_fmaak_f32 v7, 0x3f123456, v5, 0x3f123456 :: v_dual_mul_f32 v8, s6, v6";
    const uint32_t code[] = {0xc8460aff, 0x07080c06, 0x3f123456};
    struct emu_inst inst, dual;
    char text[128];
    assert_int_equal(emu_decode(code, 3, 0, false, &inst, &dual), 3);
    assert_int_equal(emu_print(&inst, NULL, 0), strlen(expected));
    for (size_t size = 1; size < sizeof text; size++) {
        memset(text, 'x', sizeof text);
        assert_int_equal(emu_print(&inst, text, size), strlen(expected));
        size_t kept = strlen(expected) < size ? strlen(expected) : size - 1;
        assert_memory_equal(text, expected, kept);
        assert_int_equal(text[kept], '\0');
        assert_true(size >= sizeof text || text[size] == 'x');
    }
}

static void unknown_words_print_as_data(void **state)
{
    (void)state;
    const uint32_t code[] = {0xffffffff};
    struct emu_inst inst, dual;
    char text[64];
    assert_int_equal(emu_decode(code, 1, 8, false, &inst, &dual), 0);
    assert_int_equal(inst.pc, 8);
    (void)emu_print(&inst, text, sizeof text);
    assert_string_equal(text, ".long 0xffffffff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cut_off_instructions_are_refused_without_reading_on, map_pages, unmap_pages),
        cmocka_unit_test(text_is_cut_and_terminated),
        cmocka_unit_test(unknown_words_print_as_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
