// Every opcode has a body in every vector level, and was executed by the instruction tests, which leave what they
// executed in W4_BUILD_DIR/tests/coverage (wave_coverage.h). Unsupported opcodes have to fault, all others to run, and
// where the audit was on, some test has to fail when the opcode does nothing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "emulator/exec/body.h"

static const char folder[] = W4_BUILD_DIR "/tests/coverage";

struct coverage {
    bool ran[EMU_OP_COUNT], faulted[EMU_OP_COUNT], watched[EMU_OP_COUNT];
    unsigned files;
};

// Opcodes (patterns) that change nothing which a wave on its own could see, beside the classes below.
static const char *const without_effect[] = {
    "v_nop",      "v_pipeflush", "ds_nop", "s_version", "s_sendmsg", "s_cbranch_cdbg*", // no debugger: never taken
    "v_cmpx_t_*",                                                                       // the active lanes stay active
};

static bool has_effect(const struct emu_opcode *opcode)
{
    for (size_t i = 0; i < sizeof without_effect / sizeof *without_effect; i++) {
        if (fnmatch(without_effect[i], opcode->name, 0) == 0)
            return false;
    }
    return opcode->class != EMU_C_HINT && opcode->class != EMU_C_WAIT && opcode->class != EMU_C_CACHE;
}

static unsigned op_named(const char *name)
{
    for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
        if (strcmp(emu_opcodes[op].name, name) == 0)
            return op;
    }
    return EMU_OP_INVALID;
}

// Lines of an older build may name opcodes that are gone: they count for nothing.
static void merge_file(struct coverage *coverage, const char *name)
{
    char path[4096], opcode[64], ending[16];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    while (fscanf(file, "%63s %15s", opcode, ending) == 2) {
        unsigned op = op_named(opcode);
        coverage->ran[op] |= strcmp(ending, "ran") == 0;
        coverage->faulted[op] |= strcmp(ending, "faulted") == 0;
        coverage->watched[op] |= strcmp(ending, "watched") == 0;
    }
    fclose(file);
    coverage->files++;
}

static void merge(struct coverage *coverage)
{
    DIR *listing = opendir(folder);
    if (!listing)
        return;
    for (const struct dirent *entry; (entry = readdir(listing));) {
        if (strstr(entry->d_name, ".txt"))
            merge_file(coverage, entry->d_name);
    }
    closedir(listing);
}

static void every_opcode_is_executed_by_a_test(void **state)
{
    (void)state;
    struct coverage coverage = {.files = 0};
    merge(&coverage);
    if (!coverage.files)
        fail_msg("%s is empty: let ctest run this test, so that the instruction tests come first", folder);
    unsigned missing = 0;
    for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
        bool unsupported = emu_opcodes[op].class == EMU_C_UNSUPPORTED;
        bool tested = unsupported ? coverage.faulted[op] && !coverage.ran[op] : coverage.ran[op];
        if (!tested)
            print_error("%s: %s\n", emu_opcodes[op].name,
                        unsupported ? "no test sees it fault" : "no test in tests/emulator/exec executes it");
        missing += !tested;
    }
    assert_int_equal(missing, 0);
}

static void a_test_notices_when_an_opcode_does_nothing(void **state)
{
    (void)state;
    if (!W4_AUDIT) {
        print_message("the audit is off in this build\n");
        skip();
    }
    struct coverage coverage = {.files = 0};
    merge(&coverage);
    unsigned missing = 0;
    for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
        if (!has_effect(&emu_opcodes[op]) || coverage.watched[op])
            continue;
        print_error("%s: no test in tests/emulator/exec checks what it does\n", emu_opcodes[op].name);
        missing++;
    }
    assert_int_equal(missing, 0);
}

static void every_opcode_has_a_body_in_every_level(void **state)
{
    (void)state;
    extern const struct emu_bodies emu_bodies_generic, emu_bodies_avx2, emu_bodies_avx512;
    const struct emu_bodies *levels[] = {&emu_bodies_generic, &emu_bodies_avx2, &emu_bodies_avx512};
    for (unsigned i = 0; i < sizeof levels / sizeof *levels; i++) {
        for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
            if (!levels[i]->body[op])
                fail_msg("%s has no body in level %s", emu_opcodes[op].name, levels[i]->level);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_opcode_is_executed_by_a_test),
        cmocka_unit_test(a_test_notices_when_an_opcode_does_nothing),
        cmocka_unit_test(every_opcode_has_a_body_in_every_level),
    };
    return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
