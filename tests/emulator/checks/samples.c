// Assembles and runs samples; see samples.h.
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../base/file.h"
#include "../../../emulator/checks/checks.h"
#include "../../../emulator/launch.h"
#include "../assemble.h"

enum { SAMPLES_MAX = 128, INSTRUCTION_LIMIT = 200000 };

#define HEAD(wave_shift)                                                                                               \
    "  s_load_b128 s[4:7], s[0:1], null\n"                                                                             \
    "  s_load_b64 s[8:9], s[0:1], 16\n"                                                                                \
    "  s_waitcnt lgkmcnt(0)\n"                                                                                         \
    "  v_lshrrev_b32 v1, " wave_shift ", v0\n  v_readfirstlane_b32 s3, v1\n  v_lshlrev_b32 v1, 2, v0\n"
static const char head32[] = HEAD("5");
static const char head64[] = HEAD("6");

struct world {
    const struct sample *samples;
    size_t count;
    char folder[64];
};

static struct world world; // cmocka hands a test one pointer only, and that is its sample

// Writes and assembles the samples of one wave width; none of that width is fine too.
static bool assemble(bool wave64)
{
    struct asm_kernel kernels[SAMPLES_MAX];
    for (size_t i = 0; i < world.count; i++)
        kernels[i] = (struct asm_kernel){.name = world.samples[i].name,
                                         .head = world.samples[i].options & SAMPLE_WAVE64 ? head64 : head32,
                                         .body = world.samples[i].body,
                                         .buffers = 3,
                                         .lds_bytes = SAMPLE_LDS_BYTES,
                                         .scratch_bytes = SAMPLE_SCRATCH_BYTES,
                                         .wave64 = world.samples[i].options & SAMPLE_WAVE64,
                                         .cu_mode = world.samples[i].options & SAMPLE_CU_MODE};
    return asm_build(W4_CLANG, world.folder, wave64 ? "64" : "32", kernels, world.count, wave64);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(world.folder, sizeof world.folder, "/tmp/w4-samples-XXXXXX");
    if (!mkdtemp(world.folder))
        return -1;
    return assemble(false) && assemble(true) ? 0 : -1;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"32.s", "64.s", "32.hsaco", "64.hsaco"};
    char path[96];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", world.folder, names[i]);
        (void)unlink(path);
    }
    return rmdir(world.folder);
}

// Every finding must be of the kind that the sample names, and one must stand at its instruction.
static void judge_findings(const struct sample *sample, const struct emu_checker *checker)
{
    size_t count;
    const struct emu_finding *findings = emu_checker_findings(checker, &count);
    const struct emu_finding *hit = NULL;
    for (size_t i = 0; i < count; i++) {
        char text[160];
        (void)emu_print(findings[i].inst, text, sizeof text);
        const char *kind = emu_check_names[findings[i].kind];
        if (!sample->finding || strcmp(kind, sample->finding) != 0)
            fail_msg("%s: unexpected %s at pc 0x%x: %s: %s", sample->name, kind, findings[i].inst->pc, text,
                     findings[i].detail);
        if (strncmp(text, sample->instruction, strlen(sample->instruction)) == 0)
            hit = &findings[i];
    }
    if (!sample->finding)
        return;
    if (!hit)
        fail_msg("%s: no %s at \"%s\" among %zu findings", sample->name, sample->finding, sample->instruction, count);
    assert_int_equal(hit->wave, sample->reporter);
    assert_true(*hit->detail != 0);
}

static void run_sample(void **state)
{
    const struct sample *sample = *state;
    const unsigned wave_size = sample->options & SAMPLE_WAVE64 ? 64 : 32;
    struct w4_error error = {0};
    char path[96], *bytes = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "%s/%u.hsaco", world.folder, wave_size);
    struct emu_memory *memory = emu_memory_create(UINT64_C(1) << 26);
    struct emu_module *module = NULL;
    assert_non_null(memory);
    if (w4_file_read(path, 1u << 24, &bytes, &size, &error) != W4_OK ||
        emu_module_create(memory, bytes, size, sample->name, &module, &error) != W4_OK)
        fail_msg("%s", error.message);
    uint32_t *buffer[3];
    for (int i = 0; i < 3; i++) {
        buffer[i] = emu_memory_alloc(memory, SAMPLE_BUFFER_BYTES, EMU_RANGE_BUFFER);
        assert_non_null(buffer[i]);
    }
    for (uint32_t i = 0; i < SAMPLE_BUFFER_BYTES / 4; i++)
        buffer[0][i] = i;
    assert_true(emu_memory_free(memory, buffer[2]));

    struct emu_launch_params params = {
        .module = module,
        .kernel = co_object_find_kernel(&module->object, sample->name),
        .arguments = buffer,
        .argument_bytes = sizeof buffer,
        .grid = {(uint64_t)(sample->waves ? sample->waves : 1) * wave_size * (sample->groups ? sample->groups : 1), 1,
                 1},
        .block = {(sample->waves ? sample->waves : 1) * wave_size, 1, 1},
        .instruction_limit = INSTRUCTION_LIMIT,
    };
    assert_non_null(params.kernel);
    params.checker = emu_checker_create(params.kernel->wgp_mode);
    assert_non_null(params.checker);
    struct emu_launch_result result;
    const enum w4_status status = emu_launch(memory, &params, &result, &error);
    const int faults = sample->finding && strcmp(sample->finding, "fault") == 0;
    if (faults) {
        assert_int_not_equal(status, W4_OK);
        assert_int_equal(result.problem, EMU_LAUNCH_FAULT);
        if (!strstr(error.message, sample->instruction))
            fail_msg("%s: \"%s\" does not say \"%s\"", sample->name, error.message, sample->instruction);
    } else {
        if (status != W4_OK)
            fail_msg("%s: %s", sample->name, error.message);
        judge_findings(sample, params.checker);
    }
    emu_checker_destroy(params.checker);
    emu_launch_result_fini(&result);
    emu_module_destroy(memory, module);
    emu_memory_destroy(memory);
    free(bytes);
}

int samples_run(const char *title, const struct sample *samples, size_t count)
{
    struct CMUnitTest tests[SAMPLES_MAX];
    if (count > SAMPLES_MAX)
        return 1;
    world.samples = samples;
    world.count = count;
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){samples[i].name, run_sample, NULL, NULL, (void *)(uintptr_t)&samples[i]};
    return _cmocka_run_group_tests(title, tests, count, set_up, tear_down);
}
