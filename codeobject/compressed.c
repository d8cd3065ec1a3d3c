// Unpacks compressed offload bundles, which ROCm 6 and later write by default. Layout: clang's ClangOffloadBundler
// document, "Compressed Offload Bundle": magic "CCOB", u16 version, u16 method, the sizes (version 1: unpacked u32;
// 2: file and unpacked u32; 3: file and unpacked u64), a 64-bit hash, then the data.
#include "internal.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

enum { METHOD_ZLIB, METHOD_ZSTD };

struct header {
    uint16_t version, method;
    uint64_t file_bytes;     // 0: not said (version 1)
    uint64_t unpacked_bytes; // as claimed
    size_t data;             // offset
};

bool co_is_compressed(const uint8_t *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, CO_COMPRESSED_MAGIC, 4) == 0;
}

static bool read_header(const uint8_t *bytes, size_t size, struct header *header)
{
    if (size < CO_COMPRESSED_HEADER_BYTES)
        return false;
    header->version = co_read16(bytes + 4);
    header->method = co_read16(bytes + 6);
    switch (header->version) {
    case 1:
        header->file_bytes = 0;
        header->unpacked_bytes = co_read32(bytes + 8);
        header->data = 20;
        return true;
    case 2:
        header->file_bytes = co_read32(bytes + 8);
        header->unpacked_bytes = co_read32(bytes + 12);
        header->data = 24;
        return true;
    case 3:
        header->file_bytes = co_read64(bytes + 8);
        header->unpacked_bytes = co_read64(bytes + 16);
        header->data = 32;
        return true;
    default: return false;
    }
}

uint64_t co_compressed_extent(const uint8_t header_bytes[CO_COMPRESSED_HEADER_BYTES])
{
    struct header header;
    return read_header(header_bytes, CO_COMPRESSED_HEADER_BYTES, &header) ? header.file_bytes : 0;
}

static bool unpack(const struct header *header, const uint8_t *data, size_t size, uint8_t *out)
{
    if (header->method == METHOD_ZSTD) {
        const size_t got = ZSTD_decompress(out, (size_t)header->unpacked_bytes, data, size);
        return !ZSTD_isError(got) && got == header->unpacked_bytes;
    }
    uLongf got = (uLongf)header->unpacked_bytes;
    return uncompress(out, &got, data, (uLong)size) == Z_OK && got == header->unpacked_bytes;
}

enum w4_status co_compressed_unpack(const uint8_t *bytes, size_t size, const char *name, uint8_t **out,
                                    size_t *out_size, struct w4_error *error)
{
    struct header header;
    if (!read_header(bytes, size, &header))
        return w4_fail(error, W4_PARSE, "%s: compressed offload bundle is cut off or of an unknown version", name);
    if (header.method != METHOD_ZLIB && header.method != METHOD_ZSTD)
        return w4_fail(error, W4_UNSUPPORTED, "%s: compressed offload bundle of unknown method %u", name,
                       header.method);
    const uint64_t end = header.file_bytes ? header.file_bytes : size;
    if (end > size || end < header.data)
        return w4_fail(error, W4_PARSE, "%s: compressed offload bundle is cut off: its header claims %llu bytes of %zu",
                       name, (unsigned long long)end, size);
    if (header.unpacked_bytes == 0 || header.unpacked_bytes > CO_LIMIT_BYTES)
        return w4_fail(error, W4_PARSE, "%s: compressed offload bundle claims %llu unpacked bytes", name,
                       (unsigned long long)header.unpacked_bytes);
    *out = malloc((size_t)header.unpacked_bytes);
    if (!*out)
        return w4_fail(error, W4_MEMORY, "%s: out of memory for %llu unpacked bytes", name,
                       (unsigned long long)header.unpacked_bytes);
    if (!unpack(&header, bytes + header.data, (size_t)end - header.data, *out)) {
        free(*out);
        *out = NULL;
        return w4_fail(error, W4_PARSE, "%s: compressed offload bundle does not unpack: its data are damaged", name);
    }
    *out_size = (size_t)header.unpacked_bytes;
    return W4_OK;
}
