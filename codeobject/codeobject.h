// Reads AMDGPU code objects: ELF, kernel descriptors, msgpack metadata. Decides whether a file is one that gfx1151 can
// load; knows nothing of executing it. Facts: LLVM AMDGPUUsage, sections "Code Object", "Kernel Descriptor".
#ifndef CO_CODEOBJECT_H
#define CO_CODEOBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"

// Metadata `.value_kind` of an argument: X(name, text).
#define CO_ARG_KINDS(X)                                                                                                \
    X(BY_VALUE, "by_value")                                                                                            \
    X(GLOBAL_BUFFER, "global_buffer")                                                                                  \
    X(DYNAMIC_SHARED_POINTER, "dynamic_shared_pointer")                                                                \
    X(HIDDEN_BLOCK_COUNT_X, "hidden_block_count_x")                                                                    \
    X(HIDDEN_BLOCK_COUNT_Y, "hidden_block_count_y")                                                                    \
    X(HIDDEN_BLOCK_COUNT_Z, "hidden_block_count_z")                                                                    \
    X(HIDDEN_GROUP_SIZE_X, "hidden_group_size_x")                                                                      \
    X(HIDDEN_GROUP_SIZE_Y, "hidden_group_size_y")                                                                      \
    X(HIDDEN_GROUP_SIZE_Z, "hidden_group_size_z")                                                                      \
    X(HIDDEN_REMAINDER_X, "hidden_remainder_x")                                                                        \
    X(HIDDEN_REMAINDER_Y, "hidden_remainder_y")                                                                        \
    X(HIDDEN_REMAINDER_Z, "hidden_remainder_z")                                                                        \
    X(HIDDEN_GLOBAL_OFFSET_X, "hidden_global_offset_x")                                                                \
    X(HIDDEN_GLOBAL_OFFSET_Y, "hidden_global_offset_y")                                                                \
    X(HIDDEN_GLOBAL_OFFSET_Z, "hidden_global_offset_z")                                                                \
    X(HIDDEN_GRID_DIMS, "hidden_grid_dims")                                                                            \
    X(HIDDEN_DYNAMIC_LDS_SIZE, "hidden_dynamic_lds_size")                                                              \
    X(HIDDEN_PRIVATE_BASE, "hidden_private_base")                                                                      \
    X(HIDDEN_SHARED_BASE, "hidden_shared_base")                                                                        \
    X(HIDDEN_QUEUE_PTR, "hidden_queue_ptr")                                                                            \
    X(HIDDEN_NONE, "hidden_none")                                                                                      \
    X(HIDDEN_OTHER, "hidden_*") // printf, hostcall, heap, default queue, completion action, multigrid: zero-filled

enum co_arg_kind {
#define X(name, text) CO_ARG_##name,
    CO_ARG_KINDS(X)
#undef X
};

struct co_arg {
    enum co_arg_kind kind;
    uint32_t offset, size; // in the kernarg segment, bytes
};

struct co_kernel {
    char *name;   // as the metadata names it
    char *symbol; // descriptor symbol, "name.kd"
    // Metadata.
    struct co_arg *args;
    size_t arg_count;
    uint32_t vgpr_count, sgpr_count, vgpr_spill_count, sgpr_spill_count;
    uint32_t max_flat_workgroup_size, kernarg_align, wavefront_size;
    bool uses_dynamic_stack, wgp_mode;
    // Kernel descriptor.
    uint32_t lds_bytes, scratch_bytes, kernarg_bytes;
    uint32_t rsrc1, rsrc2, rsrc3;
    uint16_t properties;
    uint64_t entry; // virtual address of the first instruction
};

struct co_section {
    uint64_t address, size;  // virtual
    const uint8_t *contents; // borrowed from the image; NULL for no-bits
};

struct co_symbol {
    char *name;
    uint64_t address, size;
    bool function;
};

// How close the file's machine is to gfx1151. Only FAMILY is worth a note to the user: such code may rely on
// instructions that another chip of the family lacks or has, and what this chip lacks stops at its first execution.
enum co_match { CO_MATCH_EXACT, CO_MATCH_GENERIC, CO_MATCH_FAMILY, CO_MATCH_FOREIGN };

// A PT_LOAD segment: `file_bytes` from the file's `offset`, then zeros up to `memory_bytes`.
struct co_segment {
    uint64_t offset, file_bytes;
    uint64_t address, memory_bytes; // virtual
    bool writable, executable;
};

// A dynamic relocation with its symbol resolved: image[address] = (relative ? base : 0) + value.
struct co_relocation {
    uint64_t address; // virtual
    uint64_t value;   // symbol (virtual address) + addend
    uint8_t bytes;    // 4 or 8
    uint8_t high;     // 4 bytes: the upper half of the sum
    uint8_t place;    // subtract the place (REL32, REL64)
    uint8_t absolute; // value of an absolute or weak undefined symbol: the base is not added
};

struct co_object {
    uint8_t *bytes; // the code object's ELF, owned
    size_t size;
    char *target;       // "amdgcn-amd-amdhsa--gfx1151"
    uint32_t version;   // code object version 4, 5, 6
    uint64_t load_size; // bytes of the loaded image: PT_LOAD segments from virtual address 0
    enum co_match match;
    struct co_section text;
    struct co_segment *segments;
    size_t segment_count;
    struct co_relocation *relocations;
    size_t relocation_count;
    struct co_kernel *kernels;
    size_t kernel_count;
    struct co_symbol *symbols; // defined functions and objects (device variables)
    size_t symbol_count;
};

// Parses a code object, or picks gfx1151 (gfx11-generic, then the gfx1100 family where the encoding is shared) out of a
// clang offload bundle or HIP fat binary, compressed (zstd, zlib) or not. Copies the bytes. Errors name what is wrong
// with the file and what to do.
enum w4_status co_object_parse(const void *bytes, size_t size, const char *name, struct co_object *object,
                               struct w4_error *error);
void co_object_fini(struct co_object *object);

// Copies the PT_LOAD segments to `image` (load_size bytes, zeroed by the caller) and applies the dynamic relocations
// for an image at device address `base`.
enum w4_status co_object_load(const struct co_object *object, uint8_t *image, uint64_t base, struct w4_error *error);

const struct co_kernel *co_object_find_kernel(const struct co_object *object, const char *name);
const struct co_symbol *co_object_find_symbol(const struct co_object *object, const char *name);

// Copies a code object, bundle or HIP fat binary whose size the caller does not know (hipModuleLoadData hands over a
// bare pointer): the size follows from its own headers. Unreadable addresses are an error, not a crash. The caller
// frees *bytes.
enum w4_status co_image_copy(const void *image, const char *name, uint8_t **bytes, size_t *size,
                             struct w4_error *error);

#endif
