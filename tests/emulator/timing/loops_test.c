// The timing model against cycles published from a real gfx1151: data/gfx1151_cycles.csv, every row.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../base/file.h"
#include "../../../emulator/launch.h"
#include "loops.h"

enum { ROWS_MAX = 64, SIMDS = 80, BUFFER_BYTES = 65536 };

static const double median_limit = 0.02; // of the relative error
static const double worst_limit = 0.10;

struct width {
    char source[80], object[80];
    char *bytes;
    struct emu_module *module;
};

static struct {
    char folder[64];
    struct emu_memory *memory;
    void *buffer;
    struct width width[2]; // wave32, wave64
} world;

static int set_up_width(struct width *width, bool wave64)
{
    struct w4_error error = {0};
    char command[400];
    size_t size = 0;
    snprintf(width->source, sizeof width->source, "%s/%d.s", world.folder, wave64 ? 64 : 32);
    snprintf(width->object, sizeof width->object, "%s/%d.hsaco", world.folder, wave64 ? 64 : 32);
    if (!loops_write(width->source, wave64))
        return -1;
    snprintf(command, sizeof command, "%s -x assembler -target amdgcn-amd-amdhsa -mcpu=gfx1151 %s %s -o %s", W4_CLANG,
             wave64 ? "-mwavefrontsize64" : "", width->source, width->object);
    if (system(command) != 0)
        return -1;
    if (w4_file_read(width->object, 1u << 24, &width->bytes, &size, &error) != W4_OK)
        return -1;
    return emu_module_create(world.memory, width->bytes, size, width->object, &width->module, &error) == W4_OK ? 0 : -1;
}

static int set_up(void **state)
{
    (void)state;
    snprintf(world.folder, sizeof world.folder, "/tmp/w4-loops-XXXXXX");
    world.memory = emu_memory_create(UINT64_C(1) << 28);
    if (!mkdtemp(world.folder) || !world.memory)
        return -1;
    world.buffer = emu_memory_alloc(world.memory, BUFFER_BYTES, EMU_RANGE_BUFFER);
    return !world.buffer || set_up_width(&world.width[0], false) || set_up_width(&world.width[1], true);
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        emu_module_destroy(world.memory, world.width[i].module);
        free(world.width[i].bytes);
        (void)unlink(world.width[i].source);
        (void)unlink(world.width[i].object);
    }
    emu_memory_destroy(world.memory);
    return rmdir(world.folder);
}

// Modelled cycles of an iteration on one SIMD.
static double model_loop(const struct loop *loop)
{
    const struct emu_module *module = world.width[loop->wave64].module;
    // As published: workgroups of 8 waves, 16 waves a SIMD; alone on its SIMD: workgroups of 4, one a WGP.
    const unsigned waves_a_simd = loop->one_wave ? 1 : 16;
    const unsigned waves_a_group = loop->one_wave ? 4 : 8;
    const uint32_t block = waves_a_group * (loop->wave64 ? 64 : 32);
    const uint64_t groups = (uint64_t)SIMDS * waves_a_simd / waves_a_group;
    const struct emu_launch_params params = {
        .module = module,
        .kernel = co_object_find_kernel(&module->object, loop->symbol),
        .grid = {groups * block, 1, 1},
        .block = {block, 1, 1},
        .arguments = &world.buffer,
        .argument_bytes = sizeof world.buffer,
        .model = EMU_MODEL_CYCLES,
    };
    struct emu_launch_result result;
    struct w4_error error = {0};
    assert_non_null(params.kernel);
    if (emu_launch(world.memory, &params, &result, &error) != W4_OK)
        fail_msg("%s", error.message);
    assert_int_equal(result.cycles.workgroups_simulated, groups);
    emu_launch_result_fini(&result);
    return result.cycles.simulated_cycles / (double)LOOP_ITERATIONS / waves_a_simd;
}

static const struct loop *find_loop(const char *name)
{
    for (size_t i = 0; i < loop_count; i++)
        if (strcmp(loops[i].name, name) == 0)
            return &loops[i];
    return NULL;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void published_loops_come_out(void **state)
{
    (void)state;
    FILE *file = fopen(W4_SOURCE_DIR "/data/gfx1151_cycles.csv", "r");
    assert_non_null(file);
    char line[256];
    double errors[ROWS_MAX];
    size_t count = 0;
    assert_non_null(fgets(line, sizeof line, file)); // the header
    while (fgets(line, sizeof line, file)) {
        char *comma = strchr(line, ',');
        assert_non_null(comma);
        *comma = '\0';
        const double published = strtod(comma + 1, NULL);
        const struct loop *loop = find_loop(line);
        if (!loop)
            fail_msg("no kernel for the published loop \"%s\"", line);
        const double modelled = model_loop(loop);
        assert_in_range(count, 0, ROWS_MAX - 1);
        errors[count++] = fabs(modelled / published - 1);
        print_message("%-46s %8.2f modelled %8.2f published %+6.1f %%\n", line, modelled, published,
                      100 * (modelled / published - 1));
    }
    fclose(file);
    assert_int_equal(count, loop_count);
    qsort(errors, count, sizeof *errors, ascending);
    print_message("median error %.1f %%, worst %.1f %%\n", 100 * errors[count / 2], 100 * errors[count - 1]);
    assert_true(errors[count / 2] <= median_limit);
    assert_true(errors[count - 1] <= worst_limit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(published_loops_come_out)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
