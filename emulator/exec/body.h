// Names of instruction bodies. Every file in exec/ is compiled once a SIMD level (EMU_LEVEL = generic, avx2, avx512),
// so that each body exists in each; dispatch.c makes one table a level and simd.c picks one when the program starts.
#ifndef EMU_EXEC_BODY_H
#define EMU_EXEC_BODY_H

#include "../wave.h"

#define EMU_PASTE_(a, b) a##_##b
#define EMU_PASTE(a, b)  EMU_PASTE_(a, b)
// A name private to the level being compiled: EMU_LEVELED(emu_dual) -> emu_dual_avx2.
#define EMU_LEVELED(name) EMU_PASTE(name, EMU_LEVEL)
// The body of opcode `name`: EMU_BODY(v_add_f32) -> emu_v_add_f32_avx2.
#define EMU_BODY(name) EMU_LEVELED(emu_##name)

// A level's tables; see simd.h.
struct emu_bodies {
    const char *level;
    emu_exec_fn *const *body; // indexed by enum emu_op; NULL: no body
    emu_exec_fn *dual;        // runs both halves of a VOPD instruction through inst->body and inst->dual->body
    emu_exec_fn *both_halves; // wave64: runs inst->body for half 0, then half 1
};

#endif
