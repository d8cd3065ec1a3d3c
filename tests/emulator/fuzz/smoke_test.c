// The fuzz targets' entry points on inputs made from fixed seeds, so that every test run has them, without libFuzzer.
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_instructions_end_or_fault),
        cmocka_unit_test(random_bytes_end_or_fault),
        cmocka_unit_test(damaged_code_objects_are_refused_or_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
