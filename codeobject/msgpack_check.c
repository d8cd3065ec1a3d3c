// Judges whether bytes are one complete msgpack value (msgpack specification, formats 0x00..0xff) before msgpack-c
// sees them: a count that the bytes cannot hold is refused here instead of being allocated for.
#include "internal.h"

#define MAXIMUM_DEPTH 16 // AMDGPU metadata nests 5 deep

// Length field, payload bytes an element, values an element: the shapes of the formats from 0xc0 on.
struct format {
    uint8_t length_bytes; // size of the count field
    uint8_t fixed;        // payload bytes when there is no count field, or beside it (ext type byte)
    uint8_t values;       // nested values a count: 1 array, 2 map; 0: the count is bytes
    uint8_t reserved;
};

static const struct format formats[32] = {
    [0x00] = {0, 0, 0, 0},                                                                       // nil
    [0x01] = {0, 0, 0, 1},                                                                       // never used
    [0x04] = {1, 0, 0, 0},  [0x05] = {2, 0, 0, 0}, [0x06] = {4, 0, 0, 0},                        // bin
    [0x07] = {1, 1, 0, 0},  [0x08] = {2, 1, 0, 0}, [0x09] = {4, 1, 0, 0},                        // ext
    [0x0a] = {0, 4, 0, 0},  [0x0b] = {0, 8, 0, 0},                                               // float
    [0x0c] = {0, 1, 0, 0},  [0x0d] = {0, 2, 0, 0}, [0x0e] = {0, 4, 0, 0}, [0x0f] = {0, 8, 0, 0}, // uint
    [0x10] = {0, 1, 0, 0},  [0x11] = {0, 2, 0, 0}, [0x12] = {0, 4, 0, 0}, [0x13] = {0, 8, 0, 0}, // int
    [0x14] = {0, 2, 0, 0},  [0x15] = {0, 3, 0, 0}, [0x16] = {0, 5, 0, 0}, [0x17] = {0, 9, 0, 0}, // fixext 1..8
    [0x18] = {0, 17, 0, 0},                                                                      // fixext 16
    [0x19] = {1, 0, 0, 0},  [0x1a] = {2, 0, 0, 0}, [0x1b] = {4, 0, 0, 0},                        // str
    [0x1c] = {2, 0, 1, 0},  [0x1d] = {4, 0, 1, 0},                                               // array
    [0x1e] = {2, 0, 2, 0},  [0x1f] = {4, 0, 2, 0},                                               // map
};

static uint64_t big_endian(const uint8_t *bytes, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

// Reads one head at *cursor: *skip payload bytes follow it, then *values nested values.
static bool read_head(const uint8_t *bytes, size_t size, size_t *cursor, uint64_t *skip, uint64_t *values)
{
    const uint8_t head = bytes[(*cursor)++];
    *skip = *values = 0;
    if (head <= 0x7f || head >= 0xe0)
        return true;
    if (head <= 0x9f) {
        *values = (uint64_t)(head & 15) * (head <= 0x8f ? 2 : 1);
        return true;
    }
    if (head <= 0xbf) {
        *skip = head & 31;
        return true;
    }
    const struct format *format = &formats[head - 0xc0];
    if (format->reserved || !co_inside(*cursor, format->length_bytes, size))
        return false;
    const uint64_t count = big_endian(bytes + *cursor, format->length_bytes);
    *cursor += format->length_bytes;
    *values = count * format->values;
    *skip = format->fixed + (format->values ? 0 : count);
    return true;
}

bool co_msgpack_plausible(const uint8_t *bytes, size_t size)
{
    uint64_t pending[MAXIMUM_DEPTH] = {1};
    unsigned depth = 0;
    size_t cursor = 0;

    for (;;) {
        while (pending[depth] == 0) {
            if (depth == 0)
                return true;
            depth--;
        }
        pending[depth]--;
        uint64_t skip, values;
        if (cursor >= size || !read_head(bytes, size, &cursor, &skip, &values))
            return false;
        // Each nested value takes at least one byte.
        if (!co_inside(cursor, skip, size) || values > size - cursor - skip)
            return false;
        cursor += (size_t)skip;
        if (values == 0)
            continue;
        if (++depth == MAXIMUM_DEPTH)
            return false;
        pending[depth] = values;
    }
}
