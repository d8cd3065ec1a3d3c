// Copies a code object out of memory whose size only its own headers tell. Addresses that those headers lead to may not
// be readable, so every read goes through the kernel, which reports a bad address instead of faulting.
#include "internal.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

static bool read_memory(const void *from, size_t size, void *to)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    while (size) {
        const struct iovec local = {out, size}, remote = {(void *)(uintptr_t)in, size};
        const ssize_t got = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
        if (got <= 0)
            return false;
        out += got;
        in += got;
        size -= (size_t)got;
    }
    return true;
}

static void cover(uint64_t end, uint64_t *size)
{
    if (end > *size)
        *size = end;
}

// Tables and contents of an ELF file: the farthest end that any header names.
static bool elf_extent(const uint8_t *image, uint64_t *size)
{
    Elf64_Ehdr header;
    if (!read_memory(image, sizeof header, &header))
        return false;
    *size = sizeof header;
    if (header.e_shoff > CO_LIMIT_BYTES || header.e_phoff > CO_LIMIT_BYTES)
        return true; // absurd: the parser says so
    cover(header.e_shoff + (uint64_t)header.e_shnum * sizeof(Elf64_Shdr), size);
    cover(header.e_phoff + (uint64_t)header.e_phnum * sizeof(Elf64_Phdr), size);
    for (unsigned i = 0; i < header.e_shnum; i++) {
        Elf64_Shdr section;
        if (!read_memory(image + header.e_shoff + i * sizeof section, sizeof section, &section))
            return false;
        if (section.sh_type != SHT_NOBITS && co_inside(section.sh_offset, section.sh_size, CO_LIMIT_BYTES))
            cover(section.sh_offset + section.sh_size, size);
    }
    for (unsigned i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr segment;
        if (!read_memory(image + header.e_phoff + i * sizeof segment, sizeof segment, &segment))
            return false;
        if (co_inside(segment.p_offset, segment.p_filesz, CO_LIMIT_BYTES))
            cover(segment.p_offset + segment.p_filesz, size);
    }
    return true;
}

static bool bundle_extent(const uint8_t *image, uint64_t *size)
{
    uint64_t count;
    uint64_t cursor = CO_BUNDLE_MAGIC_BYTES + sizeof count;
    if (!read_memory(image + CO_BUNDLE_MAGIC_BYTES, sizeof count, &count))
        return false;
    *size = cursor;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t entry[3]; // offset, size, id length
        if (!read_memory(image + cursor, sizeof entry, entry))
            return false;
        if (!co_inside(entry[0], entry[1], CO_LIMIT_BYTES) || !co_inside(cursor + 24, entry[2], CO_LIMIT_BYTES))
            return true;
        cursor += sizeof entry + entry[2];
        cover(cursor, size);
        cover(entry[0] + entry[1], size);
    }
    return true;
}

static bool compressed_extent(const uint8_t *image, uint64_t *size)
{
    uint8_t header[CO_COMPRESSED_HEADER_BYTES];
    if (!read_memory(image, sizeof header, header))
        return false;
    const uint64_t extent = co_compressed_extent(header);
    *size = extent > 0 && extent <= CO_LIMIT_BYTES ? extent : sizeof header; // else the parser says what is wrong
    return true;
}

enum w4_status co_image_copy(const void *image, const char *name, uint8_t **bytes, size_t *size, struct w4_error *error)
{
    uint8_t magic[CO_BUNDLE_MAGIC_BYTES] = {0};
    uint64_t extent = sizeof magic;
    bool readable = image && read_memory(image, sizeof magic, magic);

    if (readable && memcmp(magic, ELFMAG, SELFMAG) == 0)
        readable = elf_extent(image, &extent);
    else if (readable && co_is_bundle(magic, sizeof magic))
        readable = bundle_extent(image, &extent);
    else if (readable && co_is_compressed(magic, sizeof magic))
        readable = compressed_extent(image, &extent);
    if (!readable)
        return w4_fail(error, W4_PARSE, "%s: the image at %p is not readable or ends inside its headers", name, image);

    *bytes = malloc((size_t)extent);
    if (!*bytes)
        return w4_fail(error, W4_MEMORY, "%s: out of memory for an image of %llu bytes", name,
                       (unsigned long long)extent);
    if (!read_memory(image, (size_t)extent, *bytes)) {
        free(*bytes);
        *bytes = NULL;
        return w4_fail(error, W4_PARSE, "%s: the image at %p is cut off: its headers claim %llu bytes", name, image,
                       (unsigned long long)extent);
    }
    *size = (size_t)extent;
    return W4_OK;
}
