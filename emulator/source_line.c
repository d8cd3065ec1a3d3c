// Source lines from DWARF, through libdw. Opened anew for each question: only messages ask.
#include "source_line.h"

#include <elfutils/libdw.h>
#include <stdio.h>
#include <string.h>

static void find_line(Dwarf *dwarf, uint64_t address, char *text, size_t size)
{
    Dwarf_Off offset = 0;
    Dwarf_Off next;
    size_t header_bytes;
    while (dwarf_nextcu(dwarf, offset, &next, &header_bytes, NULL, NULL, NULL) == 0) {
        Dwarf_Die die;
        Dwarf_Line *line = NULL;
        if (dwarf_offdie(dwarf, offset + header_bytes, &die))
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
    text[0] = '\0';
    elf_version(EV_CURRENT);
    // libelf takes a writable pointer and, opened for reading, does not write.
    Elf *elf = elf_memory((char *)(uintptr_t)object, object_bytes);
    if (!elf)
        return;
    Dwarf *dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
    if (dwarf) {
        find_line(dwarf, address, text, size);
        dwarf_end(dwarf);
    }
    elf_end(elf);
}
