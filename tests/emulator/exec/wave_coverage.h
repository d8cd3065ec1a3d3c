// Which opcodes a test program executed, for the coverage test in tests/emulator/fidelity. Decides nothing: it keeps
// and writes what the fixture tells it.
#ifndef EMU_TESTS_WAVE_COVERAGE_H
#define EMU_TESTS_WAVE_COVERAGE_H

#include <stdbool.h>

#include "emulator/inst.h"

// An instruction was executed, and stopped the wave with a fault or did not. Both halves of a VOPD count.
void fixture_coverage_note(const struct emu_inst *inst, bool faulted);

// Writes one line an executed opcode, "name ran" or "name faulted", to the file that FIXTURE_COVERAGE in the
// environment names; without it nothing. False with a line on standard error when the file cannot be written.
bool fixture_coverage_write(void);

#endif
