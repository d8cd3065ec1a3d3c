// Loads a code object into device memory: image, relocations, the permissions of its segments, and one decoder for each
// wave width that its kernels have.
#include "launch.h"

#include <stdlib.h>
#include <string.h>

enum { WAVE32, WAVE64 };

static enum w4_status place_image(struct emu_memory *memory, struct emu_module *module, struct w4_error *error)
{
    const struct co_object *object = &module->object;
    struct emu_range *parts = calloc(object->segment_count ? object->segment_count : 1, sizeof *parts);
    module->image = emu_memory_alloc(memory, object->load_size, EMU_RANGE_IMAGE);
    enum w4_status status = W4_MEMORY;
    size_t count = 0;
    if (!parts || !module->image)
        goto out;
    const uint64_t base = (uint64_t)(uintptr_t)module->image;
    status = co_object_load(object, module->image, base, error);
    if (status != W4_OK)
        goto out;
    // Overlapping segments cannot both keep their permission: such a file is not one that lld writes.
    for (size_t i = 0; i < object->segment_count; i++) {
        const struct co_segment *segment = &object->segments[i];
        const uint64_t begin = base + segment->address, end = begin + segment->memory_bytes;
        if (segment->memory_bytes == 0)
            continue;
        if (count && begin < parts[count - 1].end) {
            status = w4_fail(error, W4_PARSE, "%s: segments overlap or are not in ascending order", module->name);
            goto out;
        }
        parts[count++] = (struct emu_range){.begin = begin, .end = end, .writable = segment->writable};
    }
    status = emu_memory_split(memory, module->image, parts, count) ? W4_OK : W4_MEMORY;
out:
    free(parts);
    return status;
}

static enum w4_status make_decoders(struct emu_module *module)
{
    // EMU_SIMD forces a level, for tests and for comparing them.
    const struct emu_bodies *bodies = emu_simd_choose(getenv("EMU_SIMD"));
    if (!bodies)
        return W4_UNSUPPORTED;
    for (size_t i = 0; i < module->object.kernel_count; i++) {
        const bool wave64 = module->object.kernels[i].wavefront_size == 64;
        struct emu_code **code = &module->code[wave64 ? WAVE64 : WAVE32];
        if (*code)
            continue;
        *code = emu_code_create(&module->object, module->image, (uint64_t)(uintptr_t)module->image, wave64, bodies);
        if (!*code)
            return W4_MEMORY;
    }
    return W4_OK;
}

enum w4_status emu_module_create(struct emu_memory *memory, const void *bytes, size_t size, const char *name,
                                 struct emu_module **module, struct w4_error *error)
{
    struct emu_module *made = calloc(1, sizeof *made);
    enum w4_status status = W4_MEMORY;
    if (!made)
        return w4_fail(error, W4_MEMORY, "%s: out of memory", name);
    made->name = strdup(name);
    if (made->name)
        status = co_object_parse(bytes, size, name, &made->object, error);
    if (status == W4_OK)
        status = place_image(memory, made, error);
    if (status == W4_OK)
        status = make_decoders(made);
    if (status == W4_OK) {
        *module = made;
        return W4_OK;
    }
    emu_module_destroy(memory, made);
    return w4_fail(error, status, "%s: %s", name,
                   status == W4_UNSUPPORTED ? "EMU_SIMD names no SIMD level of this processor (generic, avx2, avx512)"
                                            : "out of memory for the code object's image");
}

void emu_module_destroy(struct emu_memory *memory, struct emu_module *module)
{
    if (!module)
        return;
    emu_code_destroy(module->code[WAVE32]);
    emu_code_destroy(module->code[WAVE64]);
    if (module->image)
        (void)emu_memory_free(memory, module->image);
    co_object_fini(&module->object);
    free(module->name);
    free(module);
}
