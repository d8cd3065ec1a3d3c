// Source lines of instructions, from a code object's DWARF line tables.
#ifndef EMU_SOURCE_LINE_H
#define EMU_SOURCE_LINE_H

#include <stddef.h>
#include <stdint.h>

// The line tables of one code object, for many questions; NULL when it has none or memory is short. The object is
// borrowed and outlives them.
struct emu_source;
struct emu_source *emu_source_open(const uint8_t *object, size_t object_bytes);
void emu_source_close(struct emu_source *source);

// Writes "file:line" of the instruction at a virtual address of the code object to `text`; an empty text when `source`
// is NULL or no line covers the address.
void emu_source_find(const struct emu_source *source, uint64_t address, char *text, size_t size);

// The same for one question.
void emu_source_line(const uint8_t *object, size_t object_bytes, uint64_t address, char *text, size_t size);

#endif
