// The buffer resource descriptor (V#, four SGPRs) and what its fields make of an index and an offset: address and room.
// Layout: RDNA 3 ISA, "Buffer resource descriptor". Where the manual's range rules leave room, the choice is marked.
#ifndef EMU_EXEC_BUFFER_RESOURCE_H
#define EMU_EXEC_BUFFER_RESOURCE_H

#include "../wave.h"

enum buffer_bounds {
    BUFFER_BOUNDS_STRUCTURED, // index against records, offset against stride
    BUFFER_BOUNDS_INDEX,      // index against records
    BUFFER_BOUNDS_EMPTY,      // only an empty buffer is out of range
    BUFFER_BOUNDS_RAW         // bytes against records; like STRUCTURED when swizzled
};

struct buffer_resource {
    uint64_t base;
    uint32_t records;
    uint32_t stride;        // bytes
    uint32_t element_bytes; // 0: not swizzled
    uint32_t index_stride;  // elements that lie side by side when swizzled
    uint32_t bounds;        // enum buffer_bounds
    uint32_t format;        // buffer_format.h
    uint32_t add_lane;      // the lane's number is added to the index
    uint8_t select[4];      // result component -> 0, 1, or memory component + 4
};

static inline struct buffer_resource buffer_resource_decode(const uint32_t words[4])
{
    static const uint8_t element_bytes[4] = {0, 4, 0, 16}; // 2 is reserved: linear
    struct buffer_resource out = {
        .base = words[0] | (uint64_t)(words[1] & 0xffff) << 32,
        .stride = words[1] >> 16 & 0x3fff,
        .element_bytes = element_bytes[words[1] >> 30],
        .records = words[2],
        .format = words[3] >> 12 & 0x3f,
        .index_stride = 8u << (words[3] >> 21 & 3),
        .add_lane = words[3] >> 23 & 1,
        .bounds = words[3] >> 28 & 3,
    };
    for (unsigned i = 0; i < 4; i++)
        out.select[i] = (uint8_t)(words[3] >> (3 * i) & 7);
    return out;
}

// Bytes from the start of the buffer.
static inline uint64_t buffer_offset(const struct buffer_resource *buffer, uint64_t index, uint64_t offset)
{
    if (!buffer->element_bytes)
        return index * buffer->stride + offset;
    uint64_t block = index / buffer->index_stride, within = index % buffer->index_stride;
    uint64_t element = offset / buffer->element_bytes, byte = offset % buffer->element_bytes;
    return (block * buffer->stride + element * buffer->element_bytes) * buffer->index_stride +
           within * buffer->element_bytes + byte;
}

// How many bytes from here on are in range. The scalar offset takes no part in range checks (LLVM's buffer intrinsics
// rely on that); a raw buffer with an index counts index * stride into the checked bytes (assumed).
static inline uint64_t buffer_room(const struct buffer_resource *buffer, uint64_t index, uint64_t offset)
{
    uint32_t bounds = buffer->bounds;
    if (bounds == BUFFER_BOUNDS_RAW && buffer->element_bytes)
        bounds = BUFFER_BOUNDS_STRUCTURED;
    switch (bounds) {
    case BUFFER_BOUNDS_STRUCTURED:
        return index < buffer->records && offset < buffer->stride ? buffer->stride - offset : 0;
    case BUFFER_BOUNDS_INDEX: return index < buffer->records ? UINT64_MAX : 0;
    case BUFFER_BOUNDS_EMPTY: return buffer->records ? UINT64_MAX : 0;
    default: break;
    }
    uint64_t start = index * buffer->stride + offset;
    return start < buffer->records ? buffer->records - start : 0;
}

#endif
