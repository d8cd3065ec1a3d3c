// Reads kernel descriptors (AMDGPUUsage, "Kernel Descriptor", 64 bytes at the kernel's .kd symbol) and holds them
// against the metadata and the code section.
#include "internal.h"

#define DESCRIPTOR_BYTES 64

enum {
    AT_LDS = 0,
    AT_SCRATCH = 4,
    AT_KERNARG = 8,
    AT_ENTRY = 16,
    AT_RSRC3 = 44,
    AT_RSRC1 = 48,
    AT_RSRC2 = 52,
    AT_PROPERTIES = 56,
    PROPERTY_WAVE32 = 1 << 10
};

// The file's bytes at a virtual address range; NULL when no segment's file part covers it.
static const uint8_t *at_address(const struct co_object *object, uint64_t address, uint64_t bytes)
{
    for (size_t i = 0; i < object->segment_count; i++) {
        const struct co_segment *segment = &object->segments[i];
        if (address >= segment->address && co_inside(address - segment->address, bytes, segment->file_bytes))
            return object->bytes + segment->offset + (address - segment->address);
    }
    return NULL;
}

static enum w4_status read_one(const char *name, const struct co_object *object, struct co_kernel *kernel,
                               struct w4_error *error)
{
    const struct co_symbol *symbol = co_object_find_symbol(object, kernel->symbol);
    if (!symbol)
        return w4_fail(error, W4_PARSE, "%s: kernel %s: no kernel descriptor symbol %s; compile the file again", name,
                       kernel->name, kernel->symbol);
    const uint8_t *bytes = at_address(object, symbol->address, DESCRIPTOR_BYTES);
    if (!bytes)
        return w4_fail(error, W4_PARSE, "%s: kernel %s: descriptor at 0x%llx lies outside the loaded segments", name,
                       kernel->name, (unsigned long long)symbol->address);

    kernel->lds_bytes = co_read32(bytes + AT_LDS);
    kernel->scratch_bytes = co_read32(bytes + AT_SCRATCH);
    const uint32_t kernarg_bytes = co_read32(bytes + AT_KERNARG);
    kernel->entry = symbol->address + co_read64(bytes + AT_ENTRY);
    kernel->rsrc3 = co_read32(bytes + AT_RSRC3);
    kernel->rsrc1 = co_read32(bytes + AT_RSRC1);
    kernel->rsrc2 = co_read32(bytes + AT_RSRC2);
    kernel->properties = co_read16(bytes + AT_PROPERTIES);
    if (kernarg_bytes > kernel->kernarg_bytes)
        kernel->kernarg_bytes = kernarg_bytes;

    const uint32_t wave = kernel->properties & PROPERTY_WAVE32 ? 32 : 64;
    if (kernel->wavefront_size != wave)
        return w4_fail(error, W4_PARSE, "%s: kernel %s: metadata says wave%u, the descriptor wave%u", name,
                       kernel->name, kernel->wavefront_size, wave);
    const struct co_section *text = &object->text;
    if (kernel->entry < text->address || kernel->entry - text->address >= text->size || kernel->entry % 4 != 0)
        return w4_fail(error, W4_PARSE, "%s: kernel %s: entry 0x%llx is not an instruction address in .text", name,
                       kernel->name, (unsigned long long)kernel->entry);
    return W4_OK;
}

// Arguments must lie in the kernarg segment, whose size the hardware's descriptor and the metadata give.
static enum w4_status check_args(const char *name, const struct co_kernel *kernel, struct w4_error *error)
{
    for (size_t i = 0; i < kernel->arg_count; i++)
        if (!co_inside(kernel->args[i].offset, kernel->args[i].size, kernel->kernarg_bytes))
            return w4_fail(error, W4_PARSE,
                           "%s: kernel %s: argument %zu (offset %u, %u bytes) lies outside the %u "
                           "bytes of the kernarg segment",
                           name, kernel->name, i, kernel->args[i].offset, kernel->args[i].size, kernel->kernarg_bytes);
    return W4_OK;
}

enum w4_status co_descriptors_read(const char *name, struct co_object *object, struct w4_error *error)
{
    for (size_t i = 0; i < object->kernel_count; i++) {
        enum w4_status status = read_one(name, object, &object->kernels[i], error);
        if (status == W4_OK)
            status = check_args(name, &object->kernels[i], error);
        if (status != W4_OK)
            return status;
    }
    return W4_OK;
}
