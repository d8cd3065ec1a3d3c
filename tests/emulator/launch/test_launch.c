// Launches of compiled kernels in wave32 and wave64: how waves start, meet, wait for each other and fail.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../base/file.h"
#include "../../../emulator/launch.h"

struct world {
    struct emu_memory *memory;
    struct emu_module *module;
    struct emu_launch_params params;
    struct emu_launch_result result;
    struct w4_error error;
    uint8_t arguments[256];
};

static void begin(struct world *world, const char *variant, const char *kernel)
{
    char path[512], *bytes;
    size_t size;
    memset(world, 0, sizeof *world);
    snprintf(path, sizeof path, "%s/%s.hsaco", SAMPLES, variant);
    world->memory = emu_memory_create(UINT64_C(1) << 30);
    assert_non_null(world->memory);
    if (w4_file_read(path, 1u << 24, &bytes, &size, &world->error) != W4_OK ||
        emu_module_create(world->memory, bytes, size, variant, &world->module, &world->error) != W4_OK)
        fail_msg("%s", world->error.message);
    free(bytes);
    world->params.module = world->module;
    world->params.kernel = co_object_find_kernel(&world->module->object, kernel);
    assert_non_null(world->params.kernel);
    world->params.arguments = world->arguments;
    world->params.threads = 2;
    for (int i = 0; i < 3; i++)
        world->params.grid[i] = world->params.block[i] = 1;
}

static void end(struct world *world)
{
    emu_launch_result_fini(&world->result);
    emu_module_destroy(world->memory, world->module);
    emu_memory_destroy(world->memory);
}

static void *buffer(struct world *world, uint64_t bytes)
{
    void *memory = emu_memory_alloc(world->memory, bytes, EMU_RANGE_BUFFER);
    assert_non_null(memory);
    return memory;
}

static void push(struct world *world, const void *value, size_t bytes)
{
    const size_t at = (world->params.argument_bytes + bytes - 1) / bytes * bytes;
    memcpy(world->arguments + at, value, bytes);
    world->params.argument_bytes = at + bytes;
}

static void push_pointer(struct world *world, const void *pointer)
{
    push(world, &pointer, sizeof pointer);
}

static void push_u32(struct world *world, uint32_t value)
{
    push(world, &value, sizeof value);
}

static void shape(struct world *world, const uint64_t grid[3], const uint32_t block[3])
{
    memcpy(world->params.grid, grid, sizeof world->params.grid);
    memcpy(world->params.block, block, sizeof world->params.block);
}

static enum w4_status launch(struct world *world)
{
    emu_launch_result_fini(&world->result);
    memset(&world->error, 0, sizeof world->error);
    return emu_launch(world->memory, &world->params, &world->result, &world->error);
}

static void launch_well(struct world *world)
{
    if (launch(world) != W4_OK)
        fail_msg("%s", world->error.message);
}

static const char *const variants[] = {"wave32", "wave64"};

static void every_work_item_of_a_3d_grid_runs_once(void **state)
{
    (void)state;
    // 105 work-items a block: a partial last wave; the grid is no multiple of the block in x and z.
    const uint64_t grid[3] = {13, 12, 9};
    const uint32_t block[3] = {5, 3, 7};
    for (size_t v = 0; v < 2; v++) {
        struct world world;
        begin(&world, variants[v], "ids");
        uint32_t *out = buffer(&world, 13 * 12 * 9 * 4);
        memset(out, 0xff, 13 * 12 * 9 * 4);
        push_pointer(&world, out);
        for (int i = 0; i < 3; i++)
            push_u32(&world, block[i]);
        push_u32(&world, 13);
        push_u32(&world, 12);
        shape(&world, grid, block);
        launch_well(&world);
        assert_int_equal(world.result.workgroups, 3 * 4 * 2);
        for (uint32_t z = 0; z < 9; z++)
            for (uint32_t y = 0; y < 12; y++)
                for (uint32_t x = 0; x < 13; x++)
                    assert_int_equal(out[(z * 12 + y) * 13 + x], x | y << 10 | z << 20);
        end(&world);
    }
}

static void hidden_arguments_tell_counts_sizes_and_remainders(void **state)
{
    (void)state;
    struct world world;
    begin(&world, "wave32", "hidden");
    uint32_t *out = buffer(&world, 36);
    push_pointer(&world, out);
    shape(&world, (uint64_t[3]){70, 6, 5}, (uint32_t[3]){32, 2, 3});
    launch_well(&world);
    static const uint32_t expected[9] = {2, 3, 1, 32, 2, 3, 6, 0, 2};
    assert_memory_equal(out, expected, sizeof expected);
    end(&world);
}

static void waves_exchange_values_through_lds_and_barriers(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        struct world world;
        begin(&world, variants[v], "reverse");
        int32_t *data = buffer(&world, 7 * 200 * 4);
        for (int i = 0; i < 7 * 200; i++)
            data[i] = i;
        push_pointer(&world, data);
        push_u32(&world, 200);
        world.params.dynamic_lds_bytes = 800;
        shape(&world, (uint64_t[3]){1400, 1, 1}, (uint32_t[3]){200, 1, 1});
        launch_well(&world);
        for (int i = 0; i < 7 * 200; i++)
            assert_int_equal(data[i], i / 200 * 200 + 199 - i % 200);
        end(&world);
    }
}

static void ended_waves_do_not_hold_a_barrier_up(void **state)
{
    (void)state;
    struct world world;
    begin(&world, "wave32", "early_end");
    int32_t *out = buffer(&world, 64 * 4);
    push_pointer(&world, out);
    shape(&world, (uint64_t[3]){128, 1, 1}, (uint32_t[3]){128, 1, 1});
    launch_well(&world);
    for (int i = 0; i < 64; i++)
        assert_int_equal(out[i], 42);
    end(&world);
}

static void workgroups_may_wait_for_later_ones(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 2; threads++) {
        struct world world;
        begin(&world, "wave32", "chain");
        uint32_t *flags = buffer(&world, 24 * 4);
        push_pointer(&world, flags);
        push_u32(&world, 24);
        world.params.threads = threads;
        shape(&world, (uint64_t[3]){24 * 32, 1, 1}, (uint32_t[3]){32, 1, 1});
        launch_well(&world);
        for (uint32_t i = 0; i < 24; i++)
            assert_int_equal(flags[i], 24 - i);
        end(&world);
    }
}

static void a_wave_may_spin_on_another_one(void **state)
{
    (void)state;
    struct world world;
    begin(&world, "wave32", "pair");
    uint32_t *out = buffer(&world, 64 * 4);
    push_pointer(&world, out);
    shape(&world, (uint64_t[3]){64, 1, 1}, (uint32_t[3]){64, 1, 1});
    launch_well(&world);
    for (int i = 0; i < 64; i++)
        assert_int_equal(out[i], 7);
    end(&world);
}

static void scratch_is_private_to_each_lane(void **state)
{
    (void)state;
    for (size_t v = 0; v < 2; v++) {
        struct world world;
        begin(&world, variants[v], "scratch");
        int32_t *data = buffer(&world, 96 * 4);
        push_pointer(&world, data);
        push_u32(&world, 11);
        shape(&world, (uint64_t[3]){96, 1, 1}, (uint32_t[3]){96, 1, 1});
        launch_well(&world);
        assert_true(world.params.kernel->scratch_bytes >= 256);
        for (int i = 0; i < 96; i++)
            assert_int_equal(data[i], i * 100 + ((11 + i) & 63));
        end(&world);
    }
}

static void called_functions_are_decoded_when_reached(void **state)
{
    (void)state;
    for (uint32_t which = 0; which < 2; which++) {
        struct world world;
        begin(&world, "wave32", "calls");
        uint32_t *out = buffer(&world, 32 * 4);
        push_pointer(&world, out);
        push_u32(&world, which);
        shape(&world, (uint64_t[3]){32, 1, 1}, (uint32_t[3]){32, 1, 1});
        launch_well(&world);
        for (uint32_t i = 0; i < 32; i++)
            assert_int_equal(out[i], i * (2 + which) + 1);
        end(&world);
    }
}

static void results_and_counts_do_not_depend_on_host_threads(void **state)
{
    (void)state;
    double cycles[3];
    uint64_t counts[3][EMU_C_COUNT];
    for (unsigned t = 0; t < 3; t++) {
        struct world world;
        begin(&world, "wave32", "sum");
        uint32_t *total = buffer(&world, 4), *values = buffer(&world, 1000 * 4);
        for (uint32_t i = 0; i < 1000; i++)
            values[i] = i;
        push_pointer(&world, total);
        push_pointer(&world, values);
        push_u32(&world, 1000);
        world.params.threads = 1u << t;
        shape(&world, (uint64_t[3]){1024, 1, 1}, (uint32_t[3]){64, 1, 1});
        launch_well(&world);
        assert_int_equal(*total, 499500);
        cycles[t] = world.result.timing.cycles;
        memcpy(counts[t], world.result.class_counts, sizeof counts[t]);
        end(&world);
    }
    assert_true(cycles[0] == cycles[1] && cycles[1] == cycles[2]);
    assert_memory_equal(counts[0], counts[1], sizeof counts[0]);
    assert_memory_equal(counts[0], counts[2], sizeof counts[0]);
}

static void a_sample_is_even_and_has_both_ends(void **state)
{
    (void)state;
    struct world world;
    begin(&world, "wave32", "hidden");
    push_pointer(&world, buffer(&world, 36));
    world.params.sample = 5;
    shape(&world, (uint64_t[3]){20, 1, 1}, (uint32_t[3]){1, 1, 1});
    launch_well(&world);
    static const uint64_t expected[5] = {0, 4, 9, 14, 19};
    assert_int_equal(world.result.workgroups_run, 5);
    assert_memory_equal(world.result.ids, expected, sizeof expected);
    assert_int_equal(world.result.workgroups, 20);

    static const uint64_t list[2] = {3, 17};
    world.params.list = list;
    world.params.list_count = 2;
    launch_well(&world);
    assert_int_equal(world.result.workgroups_run, 2);
    assert_int_equal(world.result.ids[1], 17);
    end(&world);
}

static void expect_failure(struct world *world, enum emu_launch_problem problem, const char *const *words)
{
    assert_int_not_equal(launch(world), W4_OK);
    assert_int_equal(world->result.problem, problem);
    for (; *words; words++)
        if (!strstr(world->error.message, *words))
            fail_msg("'%s' does not mention '%s'", world->error.message, *words);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void a_fault_names_its_place_and_the_first_workgroup(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads *= 2) {
        struct world world;
        begin(&world, "wave32", "fails");
        push_pointer(&world, buffer(&world, 64));
        push_u32(&world, 3);
        world.params.threads = threads;
        shape(&world, (uint64_t[3]){32 * 16, 1, 1}, (uint32_t[3]){32, 1, 1});
        expect_failure(&world, EMU_LAUNCH_FAULT,
                       WORDS("kernel fails", "workgroup (3,0,0)", "wave 0", "lane 5", "pc 0x", "global_store_b32"));
        end(&world);
    }
}

static void traps_endless_loops_and_argument_writes_end_the_launch(void **state)
{
    (void)state;
    struct world world;
    begin(&world, "wave32", "aborts");
    expect_failure(&world, EMU_LAUNCH_FAULT, WORDS("s_trap 2", "abort"));
    end(&world);

    begin(&world, "wave32", "endless");
    push_pointer(&world, buffer(&world, 4));
    world.params.instruction_limit = 100000;
    expect_failure(&world, EMU_LAUNCH_FAULT, WORDS("endless loop"));
    end(&world);

    begin(&world, "wave32", "writes_arguments");
    push_pointer(&world, buffer(&world, 4));
    expect_failure(&world, EMU_LAUNCH_FAULT, WORDS("store of 4 bytes", "own arguments"));
    end(&world);
}

static void a_launch_can_be_cancelled(void **state)
{
    (void)state;
    struct world world;
    atomic_int cancel = 1;
    begin(&world, "wave32", "endless");
    push_pointer(&world, buffer(&world, 4));
    world.params.cancel = &cancel;
    expect_failure(&world, EMU_LAUNCH_CANCELLED, WORDS("cancelled"));
    end(&world);
}

static void impossible_launches_are_refused(void **state)
{
    (void)state;
    struct world world;
    begin(&world, "wave32", "reverse");
    push_pointer(&world, buffer(&world, 64));
    push_u32(&world, 16);
    shape(&world, (uint64_t[3]){0, 1, 1}, (uint32_t[3]){16, 1, 1});
    expect_failure(&world, EMU_LAUNCH_EMPTY, WORDS("grid size is 0"));
    shape(&world, (uint64_t[3]){2048, 1, 1}, (uint32_t[3]){2048, 1, 1});
    expect_failure(&world, EMU_LAUNCH_TOO_LARGE, WORDS("at most 1024"));
    shape(&world, (uint64_t[3]){UINT64_C(1) << 40, 1, 1}, (uint32_t[3]){16, 1, 1});
    expect_failure(&world, EMU_LAUNCH_TOO_LARGE, WORDS("2^32"));
    shape(&world, (uint64_t[3]){16, 1, 1}, (uint32_t[3]){16, 1, 1});
    world.params.dynamic_lds_bytes = 65537;
    expect_failure(&world, EMU_LAUNCH_LDS, WORDS("65537", "65536"));
    world.params.dynamic_lds_bytes = 64;
    world.params.argument_bytes = 8;
    expect_failure(&world, EMU_LAUNCH_ARGUMENTS, WORDS("8 bytes of arguments"));
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_work_item_of_a_3d_grid_runs_once),
        cmocka_unit_test(hidden_arguments_tell_counts_sizes_and_remainders),
        cmocka_unit_test(waves_exchange_values_through_lds_and_barriers),
        cmocka_unit_test(ended_waves_do_not_hold_a_barrier_up),
        cmocka_unit_test(workgroups_may_wait_for_later_ones),
        cmocka_unit_test(a_wave_may_spin_on_another_one),
        cmocka_unit_test(scratch_is_private_to_each_lane),
        cmocka_unit_test(called_functions_are_decoded_when_reached),
        cmocka_unit_test(results_and_counts_do_not_depend_on_host_threads),
        cmocka_unit_test(a_sample_is_even_and_has_both_ends),
        cmocka_unit_test(a_fault_names_its_place_and_the_first_workgroup),
        cmocka_unit_test(traps_endless_loops_and_argument_writes_end_the_launch),
        cmocka_unit_test(a_launch_can_be_cancelled),
        cmocka_unit_test(impossible_launches_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
