// Places a parsed code object in memory: segments, then relocations (AMDGPUUsage, "Relocation Records"). Everything was
// checked when the object was parsed.
#include "internal.h"

static uint64_t relocated(const struct co_relocation *relocation, uint64_t base)
{
    uint64_t value = relocation->value;
    if (!relocation->absolute)
        value += base;
    if (relocation->place)
        value -= base + relocation->address;
    return relocation->high ? value >> 32 : value;
}

enum w4_status co_object_load(const struct co_object *object, uint8_t *image, uint64_t base, struct w4_error *error)
{
    for (size_t i = 0; i < object->segment_count; i++) {
        const struct co_segment *segment = &object->segments[i];
        if (!co_inside(segment->address, segment->memory_bytes, object->load_size))
            return w4_fail(error, W4_INTERNAL, "segment %zu lies outside the image", i);
        if (segment->file_bytes)
            memcpy(image + segment->address, object->bytes + segment->offset, (size_t)segment->file_bytes);
    }
    for (size_t i = 0; i < object->relocation_count; i++) {
        const struct co_relocation *relocation = &object->relocations[i];
        if (!co_inside(relocation->address, relocation->bytes, object->load_size))
            return w4_fail(error, W4_INTERNAL, "relocation %zu lies outside the image", i);
        const uint64_t value = relocated(relocation, base);
        memcpy(image + relocation->address, &value, relocation->bytes);
    }
    return W4_OK;
}
