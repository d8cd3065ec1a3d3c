// Which registers an instruction reads and writes, derived from its operands and its row of the instruction table.
// Used by the checks and the timing model, which therefore need no knowledge of single opcodes.
#ifndef EMU_REGISTERS_H
#define EMU_REGISTERS_H

#include "inst.h"

enum { EMU_REGISTER_USES_MAX = 20 };

enum emu_register_file { EMU_FILE_VGPR, EMU_FILE_SGPR, EMU_FILE_SCC };

struct emu_register_use {
    uint8_t file;   // enum emu_register_file
    uint8_t write;  // else read
    uint8_t halves; // of 16-bit operands: bit 0 low, bit 1 high; 3 otherwise
    uint8_t role;   // index of the source operand (0..3; of a VOPD's Y half 4..7), or EMU_ROLE_* below
    uint16_t first; // VGPR, or SGPR as in wave->s
    uint16_t count;
};

enum emu_register_role { EMU_ROLE_Y = 4, EMU_ROLE_RESULT = 8, EMU_ROLE_SCALAR_RESULT, EMU_ROLE_IMPLICIT };

struct emu_register_uses {
    uint32_t count;
    struct emu_register_use use[EMU_REGISTER_USES_MAX];
};

// Reads come before writes. Of a VOPD instruction both halves; EXEC as a mask of vector instructions is left out.
void emu_register_uses_of(const struct emu_inst *inst, struct emu_register_uses *uses);

#endif
