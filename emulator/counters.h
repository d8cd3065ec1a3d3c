// The wait counters of a wave: which one an instruction raises, and which operations a wait proves complete.
//
// Documented in LLVM's AMDGPUUsage (memory model gfx10-gfx11: vmcnt, vscnt, lgkmcnt) and the RDNA 3 ISA manual, ch. 5
// "Data dependency resolution": loads return in order on vmcnt, stores and atomics without return count on vscnt, LDS
// operations of a wave complete in order on lgkmcnt, scalar loads in any order on lgkmcnt. A register that a later
// instruction overwrites while an outstanding store or load still has to read it as a source is interlocked on gfx11.
#ifndef EMU_COUNTERS_H
#define EMU_COUNTERS_H

#include "wave.h"

enum emu_counter { EMU_CNT_VM, EMU_CNT_VS, EMU_CNT_LDS, EMU_CNT_SMEM, EMU_CNT_COUNT };

// Numbers of operations: issued so far, and how many of the oldest are known to be complete.
struct emu_counter_state {
    uint32_t issued, retired;
};

// Bit mask of 1 << enum emu_counter; 0: the instruction raises none.
unsigned emu_counters_of(const struct emu_inst *inst);

// What a wait instruction (class WAIT) lets be outstanding; EMU_NO_WAIT: as many as there are.
#define EMU_NO_WAIT UINT32_MAX
struct emu_wait {
    uint32_t vm, vs, lgkm;
};
struct emu_wait emu_wait_of(const struct emu_wave *wave, const struct emu_inst *inst);

// Retires what a wait instruction (class WAIT) proves complete; nothing for others.
void emu_counters_wait(struct emu_counter_state counters[EMU_CNT_COUNT], const struct emu_wave *wave,
                       const struct emu_inst *inst);

#endif
