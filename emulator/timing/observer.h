// What the execution-driven timing model tells of a launch while it runs: every instruction with its times, and the
// beginnings, barriers and ends of waves. For profiles and traces; observing changes no time.
#ifndef EMU_TIMING_OBSERVER_H
#define EMU_TIMING_OBSERVER_H

#include "machine.h"

// Which wave an event is about.
struct emu_cycles_wave {
    uint64_t number;    // in order of dispatch, from 0; never used again
    uint64_t workgroup; // linear id
    uint32_t index;     // in the workgroup
    uint32_t simd;      // 0..EMU_SIMDS - 1; WGP = simd / EMU_SIMDS_A_WGP
};

// One instruction of one wave. In order: `from` <= `ready` <= `at` <= `at + busy`.
struct emu_cycles_issue {
    struct emu_cycles_wave wave;
    const struct emu_inst *inst;
    emu_ticks from;       // the wave's previous instruction had let it go
    emu_ticks ready;      // it could have issued, had its port been free
    uint8_t reason;       // enum emu_stall: what it waited for until then
    emu_ticks at;         // it issued
    emu_ticks busy;       // for how long it keeps its port; 0: it has none
    emu_ticks held;       // part of `busy` in which it waits for an operand while nobody else may issue there
    emu_ticks next;       // when the wave may go on; unknown (EMU_NEVER) at a barrier and at the wave's end
    uint64_t active;      // lanes that accessed memory or LDS
    uint32_t lane_bytes;  // of each of them
    uint32_t lines;       // of 128 bytes that a memory access touches, and
    uint32_t lines_least; // as many as its bytes need when they lie side by side
    uint32_t lds_passes;  // of an LDS access: those that it needs anyway, and
    uint32_t lds_replays; // further ones by bank conflicts
    // Of a memory access: bytes that it moved out of each level; the farthest level with any has served it.
    uint64_t bytes[EMU_LEVEL_COUNT];
};

// Each callback may be NULL. What they get is valid during the call only, except for the instruction.
struct emu_cycles_observer {
    void *context; // the callbacks' first argument
    void (*started)(void *context, const struct emu_cycles_wave *wave, emu_ticks at);
    void (*issued)(void *context, const struct emu_cycles_issue *issue);
    void (*released)(void *context, const struct emu_cycles_wave *wave, emu_ticks at); // from a barrier
    void (*ended)(void *context, const struct emu_cycles_wave *wave, emu_ticks at);
};

#endif
