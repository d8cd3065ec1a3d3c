// Source lines of instructions, from a code object's DWARF line tables.
#ifndef EMU_SOURCE_LINE_H
#define EMU_SOURCE_LINE_H

#include <stddef.h>
#include <stdint.h>

// Writes "file:line" of the instruction at a virtual address of the code object to `text`; an empty text when the
// object has no line tables or none covers the address.
void emu_source_line(const uint8_t *object, size_t object_bytes, uint64_t address, char *text, size_t size);

#endif
