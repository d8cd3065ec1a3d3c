// The dispatch table of one SIMD level: opcode -> body, made from the instruction table.
#include "body.h"

// A row without a body does not link.
#define EMU_ROW(name) extern emu_exec_fn EMU_BODY(name);
#define EMU_DUAL_ROW(name, vop)
#include "../isa/all_rows.def"
#undef EMU_ROW
#undef EMU_DUAL_ROW

extern emu_exec_fn EMU_LEVELED(emu_dual);

static void both_halves(struct emu_wave *wave, const struct emu_inst *inst)
{
    wave->half = 0;
    inst->body(wave, inst);
    wave->half = 1;
    inst->body(wave, inst);
    wave->half = 0;
}

static emu_exec_fn *const table[EMU_OP_COUNT] = {
#define EMU_ROW(name)           [EMU_OP_##name] = EMU_BODY(name),
#define EMU_DUAL_ROW(name, vop) [EMU_OP_##name] = EMU_BODY(vop),
#include "../isa/all_rows.def"
#undef EMU_ROW
#undef EMU_DUAL_ROW
};

#define EMU_STRING_(x) #x
#define EMU_STRING(x)  EMU_STRING_(x)

extern const struct emu_bodies EMU_LEVELED(emu_bodies);
const struct emu_bodies EMU_LEVELED(emu_bodies) = {
    .level = EMU_STRING(EMU_LEVEL),
    .body = table,
    .dual = EMU_LEVELED(emu_dual),
    .both_halves = both_halves,
};
