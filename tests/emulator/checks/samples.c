// Assembles and runs samples; see samples.h.
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../base/file.h"
#include "../../../emulator/checks/checks.h"
#include "../../../emulator/launch.h"

enum { SAMPLES_MAX = 128, INSTRUCTION_LIMIT = 200000 };

static const char head[] = "  s_load_b128 s[4:7], s[0:1], null\n"
                           "  s_load_b64 s[8:9], s[0:1], 16\n"
                           "  s_waitcnt lgkmcnt(0)\n";

struct world {
    const struct sample *samples;
    size_t count;
    char folder[64];
};

static struct world world; // cmocka hands a test one pointer only, and that is its sample

static void write_kernel(FILE *file, const struct sample *sample)
{
    const unsigned wave64 = sample->options & SAMPLE_WAVE64;
    fprintf(file,
            ".text\n.globl %s\n.p2align 8\n.type %s,@function\n%s:\n%s  v_lshrrev_b32 v1, %d, v0\n"
            "  v_readfirstlane_b32 s3, v1\n  v_lshlrev_b32 v1, 2, v0\n%s\n  s_endpgm\n",
            sample->name, sample->name, sample->name, head, wave64 ? 6 : 5, sample->body);
    fprintf(file, ".Lend_%s:\n.size %s, .Lend_%s-%s\n", sample->name, sample->name, sample->name, sample->name);
    fprintf(file,
            ".rodata\n.p2align 6\n.amdhsa_kernel %s\n"
            "  .amdhsa_group_segment_fixed_size %d\n  .amdhsa_private_segment_fixed_size %d\n"
            "  .amdhsa_kernarg_size 24\n  .amdhsa_user_sgpr_kernarg_segment_ptr 1\n"
            "  .amdhsa_system_sgpr_workgroup_id_x 1\n  .amdhsa_system_sgpr_workgroup_id_y 0\n"
            "  .amdhsa_system_sgpr_workgroup_id_z 0\n  .amdhsa_enable_private_segment 1\n"
            "  .amdhsa_next_free_vgpr 128\n  .amdhsa_next_free_sgpr 64\n  .amdhsa_wavefront_size32 %d\n"
            "  .amdhsa_workgroup_processor_mode %d\n.end_amdhsa_kernel\n",
            sample->name, SAMPLE_LDS_BYTES, SAMPLE_SCRATCH_BYTES, wave64 ? 0 : 1,
            sample->options & SAMPLE_CU_MODE ? 0 : 1);
}

static void write_metadata(FILE *file, const struct sample *sample)
{
    fprintf(file,
            "  - .name: %s\n    .symbol: %s.kd\n    .kernarg_segment_size: 24\n    .kernarg_segment_align: 8\n"
            "    .group_segment_fixed_size: %d\n    .private_segment_fixed_size: %d\n    .wavefront_size: %d\n"
            "    .sgpr_count: 64\n    .vgpr_count: 128\n    .max_flat_workgroup_size: 1024\n    "
            ".workgroup_processor_mode: %d\n    .args:\n",
            sample->name, sample->name, SAMPLE_LDS_BYTES, SAMPLE_SCRATCH_BYTES,
            sample->options & SAMPLE_WAVE64 ? 64 : 32, sample->options & SAMPLE_CU_MODE ? 0 : 1);
    for (int i = 0; i < 3; i++)
        fprintf(file,
                "      - .offset: %d\n        .size: 8\n        .value_kind: global_buffer\n"
                "        .address_space: global\n",
                8 * i);
}

// Writes and assembles the samples of one wave width; none of that width is fine too.
static int assemble(unsigned wave64)
{
    char source[96], object[96], command[512];
    snprintf(source, sizeof source, "%s/%u.s", world.folder, wave64 ? 64 : 32);
    snprintf(object, sizeof object, "%s/%u.hsaco", world.folder, wave64 ? 64 : 32);
    FILE *file = fopen(source, "w");
    if (!file)
        return -1;
    fprintf(file, ".amdgcn_target \"amdgcn-amd-amdhsa--gfx1151\"\n");
    size_t written = 0;
    for (size_t i = 0; i < world.count; i++)
        if ((world.samples[i].options & SAMPLE_WAVE64) == wave64) {
            write_kernel(file, &world.samples[i]);
            written++;
        }
    fprintf(file, ".amdgpu_metadata\namdhsa.version: [1, 2]\namdhsa.kernels:\n");
    for (size_t i = 0; i < world.count; i++)
        if ((world.samples[i].options & SAMPLE_WAVE64) == wave64)
            write_metadata(file, &world.samples[i]);
    fprintf(file, ".end_amdgpu_metadata\n");
    if (fclose(file) != 0)
        return -1;
    if (written == 0)
        return 0;
    snprintf(command, sizeof command, "%s -x assembler -target amdgcn-amd-amdhsa -mcpu=gfx1151 %s %s -o %s", W4_CLANG,
             wave64 ? "-mwavefrontsize64" : "", source, object);
    return system(command); // NOLINT(bugprone-command-processor): the compiler that the build found
}

static int set_up(void **state)
{
    (void)state;
    snprintf(world.folder, sizeof world.folder, "/tmp/w4-samples-XXXXXX");
    if (!mkdtemp(world.folder))
        return -1;
    return assemble(0) != 0 || assemble(SAMPLE_WAVE64) != 0;
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
