// Which opcodes a test program executed, for the coverage test in tests/emulator/fidelity. Decides nothing: it keeps
// and writes what the fixture tells it.
#ifndef EMU_TESTS_WAVE_COVERAGE_H
#define EMU_TESTS_WAVE_COVERAGE_H

#include <stdbool.h>

#include "emulator/inst.h"

// An instruction was executed, and stopped the wave with a fault or did not. Both halves of a VOPD count.
void fixture_coverage_note(const struct emu_inst *inst, bool faulted);

// Whether tests would notice if an opcode did nothing: runs `run` once for each executed opcode in a child process with
// that opcode muted; the opcode is watched when the child fails. Does nothing unless FIXTURE_AUDIT is set.
void fixture_coverage_audit(int (*run)(void *context), void *context);

// Whether the opcode has to do nothing in this process.
bool fixture_coverage_mutes(unsigned op);

// Writes one line an executed opcode, "name ran", "name faulted" or "name watched", to the file that FIXTURE_COVERAGE
// in the environment names; without it nothing. False with a line on standard error when the file cannot be written.
bool fixture_coverage_write(void);

#endif
