// Loads and launches hand-made kernels; see kernels.h.
#include "kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../base/file.h"

const char kernels_head[] = "  s_load_b64 s[4:5], s[0:1], null\n"
                            "  v_lshrrev_b32 v1, 5, v0\n  v_readfirstlane_b32 s3, v1\n  v_lshlrev_b32 v1, 2, v0\n"
                            "  s_waitcnt lgkmcnt(0)\n";

static struct {
    char folder[64];
    char *bytes;
    struct emu_memory *memory;
    struct emu_module *module;
    void *buffer;
} world; // cmocka's group set-up hands nothing to a test that has its own state

int kernels_set_up(const struct asm_kernel *kernels, size_t count)
{
    struct w4_error error = {0};
    char path[96];
    size_t size = 0;
    snprintf(world.folder, sizeof world.folder, "/tmp/w4-kernels-XXXXXX");
    world.memory = emu_memory_create(UINT64_C(1) << 28);
    if (!mkdtemp(world.folder) || !world.memory || !asm_build(W4_CLANG, world.folder, "kernels", kernels, count, false))
        return -1;
    snprintf(path, sizeof path, "%s/kernels.hsaco", world.folder);
    world.buffer = emu_memory_alloc(world.memory, KERNEL_BUFFER_BYTES, EMU_RANGE_BUFFER);
    if (!world.buffer || w4_file_read(path, 1u << 24, &world.bytes, &size, &error) != W4_OK ||
        emu_module_create(world.memory, world.bytes, size, path, &world.module, &error) != W4_OK) {
        fprintf(stderr, "%s\n", error.message);
        return -1;
    }
    return 0;
}

int kernels_tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"kernels.s", "kernels.hsaco"};
    char path[96];
    emu_module_destroy(world.memory, world.module);
    emu_memory_destroy(world.memory);
    free(world.bytes);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", world.folder, names[i]);
        (void)unlink(path);
    }
    return rmdir(world.folder);
}

const struct emu_module *kernels_module(void)
{
    return world.module;
}

bool kernels_move_buffer(uint64_t bytes)
{
    void *spacer = emu_memory_alloc(world.memory, bytes, EMU_RANGE_BUFFER);
    void *buffer = emu_memory_alloc(world.memory, KERNEL_BUFFER_BYTES, EMU_RANGE_BUFFER);
    if (!spacer || !buffer)
        return false;
    (void)emu_memory_free(world.memory, spacer);
    (void)emu_memory_free(world.memory, world.buffer);
    world.buffer = buffer;
    return true;
}

enum w4_status kernels_launch(const char *name, unsigned waves, uint64_t groups,
                              const struct emu_cycles_observer *observer, struct emu_launch_result *result,
                              struct w4_error *error)
{
    return kernels_launch_part(name, waves, groups, 0, observer, result, error);
}

enum w4_status kernels_launch_part(const char *name, unsigned waves, uint64_t groups, uint64_t budget,
                                   const struct emu_cycles_observer *observer, struct emu_launch_result *result,
                                   struct w4_error *error)
{
    const struct emu_launch_params params = {
        .module = world.module,
        .kernel = co_object_find_kernel(&world.module->object, name),
        .grid = {groups * waves * 32, 1, 1},
        .block = {waves * 32, 1, 1},
        .arguments = &world.buffer,
        .argument_bytes = sizeof world.buffer,
        .model = EMU_MODEL_CYCLES,
        .instruction_budget = budget,
        .observer = observer,
    };
    *result = (struct emu_launch_result){0};
    if (!params.kernel)
        return w4_fail(error, W4_NOT_FOUND, "no kernel %s among the assembled ones", name);
    memset(world.buffer, 0, KERNEL_BUFFER_BYTES);
    return emu_launch(world.memory, &params, result, error);
}
