// Prints the fidelity list from the instruction table and the notes. It judges no opcode: the table does.
#include "list.h"

#include <fnmatch.h>
#include <string.h>

// clang-format off
const struct fidelity_note fidelity_notes[] = {
#define NOTE(pattern, text) {pattern, text},
#include "notes.def"
#undef NOTE
};
// clang-format on
const unsigned fidelity_note_count = sizeof fidelity_notes / sizeof *fidelity_notes;

static const char *const type_names[EMU_T_COUNT] = {
#define X(name, bits, constant) [EMU_T_##name] = #name,
    EMU_TYPES(X)
#undef X
};

static const char *const fidelity_names[] = {
    [EMU_EXACT] = "exact",
    [EMU_WITHIN_ERROR] = "within error",
    [EMU_ASSUMED] = "assumed",
};
static const char unsupported[] = "faults";
enum { FIDELITIES = sizeof fidelity_names / sizeof *fidelity_names };

static const char head[] =
    "# Fidelity of the emulator's instructions\n"
    "\n"
    "One row an opcode of gfx1151 compute kernels, made from the instruction table (`emulator/isa/`) and the notes in\n"
    "`tests/emulator/fidelity/notes.def`; do not edit. `tests/test_fidelity --regenerate` in a build folder writes it\n"
    "anew, and a test fails when it differs, when an opcode has no body in one of the vector levels, or when none of "
    "the\n"
    "instruction tests executes it.\n"
    "\n"
    "* **exact**: to the bit what the RDNA 3 and RDNA 3.5 manuals define, for all inputs and modes. A NaN result is a\n"
    "  NaN; which one is only promised where the manuals name it.\n"
    "* **within error**: inside the error that the manuals state; hardware may round another way.\n"
    "* **assumed**: the manuals leave something open; the note says what was chosen.\n"
    "* **faults**: no compute kernel on this chip has use for it. It is decoded and printed; executing it is a fault "
    "that\n"
    "  names the instruction.\n"
    "\n";

int fidelity_note_of(const struct emu_opcode *opcode)
{
    for (unsigned i = 0; i < fidelity_note_count; i++) {
        if (fnmatch(fidelity_notes[i].pattern, opcode->name, 0) == 0)
            return (int)i;
    }
    return -1;
}

static bool write_summary(FILE *file)
{
    unsigned counts[FIDELITIES] = {0}, faults = 0;
    for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
        if (emu_opcodes[op].class == EMU_C_UNSUPPORTED)
            faults++;
        else
            counts[emu_opcodes[op].fidelity]++;
    }
    bool written = fprintf(file, "| fidelity | opcodes |\n|---|---|\n") > 0;
    for (unsigned i = 0; i < FIDELITIES; i++)
        written &= fprintf(file, "| %s | %u |\n", fidelity_names[i], counts[i]) > 0;
    return written && fprintf(file, "| %s | %u |\n", unsupported, faults) > 0;
}

static bool write_types(FILE *file, const uint8_t *types, unsigned count)
{
    const char *separator = "";
    bool written = true;
    for (unsigned i = 0; i < count; i++) {
        if (types[i] == EMU_T_NONE)
            continue;
        written &= fprintf(file, "%s%s", separator, type_names[types[i]]) > 0;
        separator = ", ";
    }
    return written && fputs(" | ", file) >= 0;
}

static bool write_row(FILE *file, const struct emu_opcode *opcode)
{
    const uint8_t results[] = {opcode->dst, opcode->sdst};
    int note = fidelity_note_of(opcode);
    const char *fidelity = opcode->class == EMU_C_UNSUPPORTED ? unsupported : fidelity_names[opcode->fidelity];
    return fprintf(file, "| `%s` | %u | %s | ", opcode->name, opcode->opcode, emu_class_names[opcode->class]) > 0 &&
           write_types(file, results, sizeof results / sizeof *results) &&
           write_types(file, opcode->src, sizeof opcode->src / sizeof *opcode->src) &&
           fprintf(file, "%s | %s |\n", fidelity, note < 0 ? "" : fidelity_notes[note].text) > 0;
}

static bool write_encoding(FILE *file, unsigned encoding)
{
    bool written = fprintf(file,
                           "\n## %s\n\n| opcode | number | class | result | sources | fidelity | note |\n"
                           "|---|---|---|---|---|---|---|\n",
                           emu_encoding_names[encoding]) > 0;
    for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
        if (emu_opcodes[op].encoding == encoding)
            written &= write_row(file, &emu_opcodes[op]);
    }
    return written;
}

bool fidelity_list_write(FILE *file)
{
    bool written = fputs(head, file) >= 0 && write_summary(file);
    for (unsigned encoding = 0; encoding < EMU_E_COUNT; encoding++)
        written &= write_encoding(file, encoding);
    return written;
}
