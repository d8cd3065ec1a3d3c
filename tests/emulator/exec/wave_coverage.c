// Keeps what a test program executed and writes it out at its end.
#include "wave_coverage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RAN = 1, FAULTED = 2 };

// How each opcode ended so far, over all tests of the process: every test has a fixture of its own, and what they
// executed is asked for once, at the end.
static unsigned char endings[EMU_OP_COUNT];

void fixture_coverage_note(const struct emu_inst *inst, bool faulted)
{
    for (; inst; inst = inst->dual)
        endings[inst->op] |= faulted ? FAULTED : RAN;
}

bool fixture_coverage_write(void)
{
    const char *path = getenv("FIXTURE_COVERAGE");
    if (!path)
        return true;
    FILE *file = fopen(path, "we");
    if (!file) {
        fprintf(stderr, "%s: %s; the coverage test needs it\n", path, strerror(errno));
        return false;
    }
    bool written = true;
    for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
        if (endings[op])
            written &= fprintf(file, "%s %s\n", emu_opcodes[op].name, endings[op] & RAN ? "ran" : "faulted") > 0;
    }
    written &= fclose(file) == 0;
    if (!written)
        fprintf(stderr, "%s: could not be written: %s\n", path, strerror(errno));
    return written;
}
