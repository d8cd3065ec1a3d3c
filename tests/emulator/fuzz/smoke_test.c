// The fuzz targets' entry points on inputs made from fixed seeds, so that every test run has them, without libFuzzer.
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "code_launch.h"
#include "code_words.h"
#include "emulator/launch.h"
#include "object_launch.h"

enum { PROGRAMS = 1200, RANDOM_BYTES = 300, OBJECTS = 400, FILE_BYTES_MAX = 1 << 20 };

// Every kind of launch (wave width, watcher, SIMD level, MODE) comes up.
static void random_instructions_end_or_fault(void **state)
{
    (void)state;
    uint8_t code[160];
    uint64_t random = 20240917;
    for (unsigned i = 0; i < PROGRAMS; i++) {
        code_program(&random, code, sizeof code);
        code_launch(code, sizeof code, code_random(&random));
    }
}

static void random_bytes_end_or_fault(void **state)
{
    (void)state;
    uint8_t code[64];
    uint64_t random = 77;
    for (unsigned i = 0; i < RANDOM_BYTES; i++) {
        for (size_t at = 0; at < sizeof code; at++)
            code[at] = (uint8_t)code_random(&random);
        code_launch(code, 1 + code_random(&random) % sizeof code, code_random(&random));
    }
}

static void damaged_code_objects_are_refused_or_run(void **state)
{
    (void)state;
    static const char *const names[] = {"wave32", "wave64"};
    uint64_t random = 4711;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        char path[512], *bytes;
        size_t size;
        struct w4_error error = {0};
        snprintf(path, sizeof path, "%s/%s.hsaco", SAMPLES, names[n]);
        if (w4_file_read(path, FILE_BYTES_MAX, &bytes, &size, &error) != W4_OK)
            fail_msg("%s", error.message);
        assert_true(object_launch((const uint8_t *)bytes, size) > 0);
        uint8_t *damaged = malloc(size);
        assert_non_null(damaged);
        for (unsigned i = 0; i < OBJECTS; i++) {
            memcpy(damaged, bytes, size);
            for (unsigned change = code_random(&random) % 3; change < 3; change++)
                damaged[code_random(&random) % size] = (uint8_t)code_random(&random);
            object_launch(damaged, i % 8 ? size : code_random(&random) % size);
        }
        free(damaged);
        free(bytes);
    }
}

// Programs that libFuzzer found interesting, one for each kind of launch.
static void corpus_programs_end_or_fault(void **state)
{
    (void)state;
    DIR *folder = opendir(W4_TEST_DATA "/corpus/code");
    size_t count = 0;
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder));) {
        char path[512], *bytes;
        size_t size;
        struct w4_error error = {0};
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/corpus/code/%s", W4_TEST_DATA, entry->d_name);
        if (w4_file_read(path, FILE_BYTES_MAX, &bytes, &size, &error) != W4_OK)
            fail_msg("%s", error.message);
        assert_true(size > 1);
        code_launch((const uint8_t *)bytes + 1, size - 1, (uint8_t)bytes[0]);
        free(bytes);
        count++;
    }
    closedir(folder);
    assert_true(count > 0);
}

// What a damaged descriptor may ask for (both found by fuzzing: gigabytes were allocated).
static void absurd_descriptors_are_refused(void **state)
{
    (void)state;
    char path[512], *bytes;
    size_t size;
    struct w4_error error = {0};
    struct emu_memory *memory = emu_memory_create(1u << 24);
    struct emu_module *module;
    assert_non_null(memory);
    snprintf(path, sizeof path, "%s/wave32.hsaco", SAMPLES);
    if (w4_file_read(path, FILE_BYTES_MAX, &bytes, &size, &error) != W4_OK ||
        emu_module_create(memory, bytes, size, "sample", &module, &error) != W4_OK)
        fail_msg("%s", error.message);
    const struct {
        uint32_t scratch_bytes, kernarg_bytes;
        enum emu_launch_problem problem;
        const char *text;
    } cases[] = {
        {UINT32_MAX, 64, EMU_LAUNCH_NO_MEMORY, "bytes of scratch a work-item"},
        {EMU_SCRATCH_WAVE_MAX / 32 + 1, 64, EMU_LAUNCH_NO_MEMORY, "bytes of scratch a work-item"},
        {0, UINT32_MAX, EMU_LAUNCH_ARGUMENTS, "is it damaged?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct co_kernel kernel = module->object.kernels[0];
        struct emu_launch_result result;
        kernel.scratch_bytes = cases[i].scratch_bytes;
        kernel.kernarg_bytes = cases[i].kernarg_bytes;
        const struct emu_launch_params params = {
            .module = module, .kernel = &kernel, .grid = {1, 1, 1}, .block = {1, 1, 1}};
        error.message[0] = '\0';
        error.status = W4_OK;
        assert_int_not_equal(emu_launch(memory, &params, &result, &error), W4_OK);
        assert_int_equal(result.problem, cases[i].problem);
        assert_non_null(strstr(error.message, cases[i].text));
        emu_launch_result_fini(&result);
    }
    emu_module_destroy(memory, module);
    emu_memory_destroy(memory);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_instructions_end_or_fault), cmocka_unit_test(random_bytes_end_or_fault),
        cmocka_unit_test(corpus_programs_end_or_fault),     cmocka_unit_test(damaged_code_objects_are_refused_or_run),
        cmocka_unit_test(absurd_descriptors_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
