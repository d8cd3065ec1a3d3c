// Finds out that a launch will never end: every wave that runs repeats itself and the others wait at barriers.
//
// Looked for only after many instructions in which no wave ended or passed a barrier. A wave repeats itself when it
// comes back to an instruction with the same registers; once all have done so after the last of them was first seen,
// and no atomic has changed memory, nothing can change any more. Long loops that compute differ in a register each
// time.
#ifndef EMU_TIMING_STUCK_H
#define EMU_TIMING_STUCK_H

#include "engine.h"

enum emu_stuck_phase { EMU_STUCK_IDLE, EMU_STUCK_RECORDS, EMU_STUCK_COMPARES };

struct emu_stuck {
    uint8_t phase;     // enum emu_stuck_phase
    uint64_t since;    // wave instructions of the launch at the last sign of life
    uint64_t patience; // instructions without one, after which to look; doubles with each look in vain
    unsigned missing;  // waves that are not recorded, or have not come back, yet
};

void emu_stuck_init(struct emu_stuck *stuck);
// A wave ended, or a barrier was passed.
void emu_stuck_alive(struct emu_stuck *stuck, uint64_t instructions);
// After each instruction of a wave: true when the launch is stuck. Then the oldest wave that runs has a fault that
// names the instruction it asks memory with (else one of its loop), and *faulted is that wave.
bool emu_stuck_look(struct emu_stuck *stuck, struct emu_engine *engine, struct emu_timed_wave *wave,
                    uint64_t instructions, const struct emu_wave **faulted);

#endif
