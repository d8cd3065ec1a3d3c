// What the files of codeobject/ share: the target table, unaligned reads, and the stages of co_object_parse.
#ifndef CO_INTERNAL_H
#define CO_INTERNAL_H

#include <string.h>

#include "codeobject.h"

#define CO_BUNDLE_MAGIC       "__CLANG_OFFLOAD_BUNDLE__"
#define CO_BUNDLE_MAGIC_BYTES 24
#define CO_COMPRESSED_MAGIC   "CCOB"

// Largest file and loaded image that is taken seriously; the largest vendor libraries are well below.
#define CO_LIMIT_BYTES (UINT64_C(2) << 30)

// What a user does to get a file that loads.
#define CO_REMEDY "compile with --offload-arch=gfx1151 (amdhsa, code object version 4, 5 or 6)"

// A chip as EF_AMDGPU_MACH numbers it.
struct co_target {
    uint32_t machine;
    const char *name;
    enum co_match match;
};

const struct co_target *co_target_by_machine(uint32_t machine);
// By processor name; `length` bytes, features (":xnack-") already cut off.
const struct co_target *co_target_by_name(const char *name, size_t length);

// Finds the code object for gfx1151 inside a bundle; *offset and *bytes locate it.
bool co_is_bundle(const uint8_t *bytes, size_t size);
enum w4_status co_bundle_pick(const uint8_t *bytes, size_t size, const char *name, size_t *offset, size_t *picked,
                              struct w4_error *error);

// Compressed bundles. The unpacked bytes are the caller's to free. co_compressed_extent: bytes of the whole bundle as
// its header claims them, 0 when it does not say.
enum { CO_COMPRESSED_HEADER_BYTES = 32 };
bool co_is_compressed(const uint8_t *bytes, size_t size);
uint64_t co_compressed_extent(const uint8_t header_bytes[CO_COMPRESSED_HEADER_BYTES]);
enum w4_status co_compressed_unpack(const uint8_t *bytes, size_t size, const char *name, uint8_t **out,
                                    size_t *out_size, struct w4_error *error);

// Checks that one complete msgpack value fills `size` bytes, whose counts and nesting are possible, so that msgpack-c's
// unpacker never allocates for elements that cannot be there.
bool co_msgpack_plausible(const uint8_t *bytes, size_t size);

// Fills object->target and object->kernels from the metadata note.
enum w4_status co_metadata_parse(const uint8_t *note, size_t size, const char *name, struct co_object *object,
                                 struct w4_error *error);

// Reads the 64-byte kernel descriptor of each kernel.
enum w4_status co_descriptors_read(const char *name, struct co_object *object, struct w4_error *error);

static inline uint16_t co_read16(const void *bytes)
{
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

static inline uint32_t co_read32(const void *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

static inline uint64_t co_read64(const void *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

// [offset, offset + bytes) lies inside `size`.
static inline bool co_inside(uint64_t offset, uint64_t bytes, uint64_t size)
{
    return offset <= size && bytes <= size - offset;
}

#endif
