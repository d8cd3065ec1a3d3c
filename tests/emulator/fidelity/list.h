// The fidelity list: what the emulator promises of each opcode, as docs/fidelity.md prints it.
#ifndef EMU_TESTS_FIDELITY_LIST_H
#define EMU_TESTS_FIDELITY_LIST_H

#include <stdbool.h>
#include <stdio.h>

#include "emulator/isa.h"

// A remark on the opcodes whose names match the pattern (as in fnmatch); the first match counts.
struct fidelity_note {
    const char *pattern, *text;
};

extern const struct fidelity_note fidelity_notes[];
extern const unsigned fidelity_note_count;

// The index of the opcode's note, or -1.
int fidelity_note_of(const struct emu_opcode *opcode);

// Writes the whole list; false when a write failed.
bool fidelity_list_write(FILE *file);

#endif
