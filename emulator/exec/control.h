// What instruction bodies must know about where code lies, to move between byte addresses (s_getpc, s_setpc, s_swappc,
// s_call) and decoded instructions. Implemented beside the code's loader; tests bring their own.
#ifndef EMU_EXEC_CONTROL_H
#define EMU_EXEC_CONTROL_H

#include "../wave.h"

// The decoded instruction at a device address, or NULL when no instruction starts there.
const struct emu_inst *emu_code_at(const struct emu_wave *wave, uint64_t address);

// The device address of an instruction of the wave's code; `next` may be the position behind the last one.
uint64_t emu_code_address(const struct emu_wave *wave, const struct emu_inst *next);

#endif
