// The launches are small: what the code object's descriptors ask for is under test, not what the kernels compute.
#include "object_launch.h"

#include <stdio.h>
#include <stdlib.h>

#include "emulator/launch.h"

enum { MEMORY_BYTES = 1 << 24, ARGUMENT_BYTES_MAX = 4096, WORK_ITEMS = 40, INSTRUCTION_LIMIT = 300, KERNELS_MAX = 8 };

static _Noreturn void silent(const char *what)
{
    fprintf(stderr, "%s failed without saying why\n", what);
    abort();
}

static bool launch_kernel(struct emu_memory *memory, const struct emu_module *module, const struct co_kernel *kernel,
                          uint64_t *arguments)
{
    struct emu_launch_params params = {
        .module = module,
        .kernel = kernel,
        .grid = {WORK_ITEMS, 1, 1},
        .block = {WORK_ITEMS, 1, 1},
        .arguments = arguments,
        .argument_bytes = kernel->kernarg_bytes < ARGUMENT_BYTES_MAX ? kernel->kernarg_bytes : ARGUMENT_BYTES_MAX,
        .threads = 1,
        .instruction_limit = INSTRUCTION_LIMIT,
    };
    struct w4_error error = {0};
    struct emu_launch_result result;
    const enum w4_status status = emu_launch(memory, &params, &result, &error);
    if (status != W4_OK && (result.problem == EMU_LAUNCH_FINE || error.message[0] == '\0'))
        silent("a launch");
    const bool started = status == W4_OK || result.problem == EMU_LAUNCH_FAULT;
    emu_launch_result_fini(&result);
    return started;
}

size_t object_launch(const uint8_t *bytes, size_t size)
{
    struct emu_memory *memory = emu_memory_create(MEMORY_BYTES);
    struct emu_module *module = NULL;
    struct w4_error error = {0};
    size_t started = 0;
    if (!memory)
        return 0;
    const enum w4_status status = emu_module_create(memory, bytes, size, "fuzz", &module, &error);
    if (status != W4_OK && error.message[0] == '\0')
        silent("loading a code object");
    uint64_t *arguments = emu_memory_alloc(memory, ARGUMENT_BYTES_MAX, EMU_RANGE_BUFFER);
    for (size_t i = 0; arguments && i < ARGUMENT_BYTES_MAX / sizeof *arguments; i++)
        arguments[i] = (uint64_t)(uintptr_t)arguments;
    for (size_t i = 0; status == W4_OK && arguments && i < module->object.kernel_count && i < KERNELS_MAX; i++)
        started += launch_kernel(memory, module, &module->object.kernels[i], arguments);
    if (status == W4_OK)
        emu_module_destroy(memory, module);
    emu_memory_destroy(memory);
    return started;
}
