// Source lines from DWARF, through libdw.
#include "source_line.h"

#include <elfutils/libdw.h>
#include <stdio.h>
#include <stdlib.h>

struct emu_source {
    Elf *elf;
    Dwarf *dwarf;
};

struct emu_source *emu_source_open(const uint8_t *object, size_t object_bytes)
{
    struct emu_source *source = calloc(1, sizeof *source);
    if (!source)
        return NULL;
    elf_version(EV_CURRENT);
    // libelf takes a writable pointer and, opened for reading, does not write.
    source->elf = elf_memory((char *)(uintptr_t)object, object_bytes);
    if (source->elf)
        source->dwarf = dwarf_begin_elf(source->elf, DWARF_C_READ, NULL);
    if (source->dwarf)
        return source;
    emu_source_close(source);
    return NULL;
}

void emu_source_close(struct emu_source *source)
{
    if (!source)
        return;
    if (source->dwarf)
        dwarf_end(source->dwarf);
    if (source->elf)
        elf_end(source->elf);
    free(source);
}

void emu_source_find(const struct emu_source *source, uint64_t address, char *text, size_t size)
{
    Dwarf_Off offset = 0;
    Dwarf_Off next;
    size_t header_bytes;
    text[0] = '\0';
    while (source && dwarf_nextcu(source->dwarf, offset, &next, &header_bytes, NULL, NULL, NULL) == 0) {
        Dwarf_Die die;
        Dwarf_Line *line = NULL;
        if (dwarf_offdie(source->dwarf, offset + header_bytes, &die))
            line = dwarf_getsrc_die(&die, address);
        offset = next;
        int number = 0;
        const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
        if (!file || dwarf_lineno(line, &number) != 0 || number == 0)
            continue;
        snprintf(text, size, "%s:%d", file, number);
        return;
    }
}

void emu_source_line(const uint8_t *object, size_t object_bytes, uint64_t address, char *text, size_t size)
{
    struct emu_source *source = emu_source_open(object, object_bytes);
    emu_source_find(source, address, text, size);
    emu_source_close(source);
}
