// Where a launch's memory lies for caches and channels. Which addresses an allocator happens to hand out must not move
// a figure, so the buffers that a launch touches are laid one behind the other in the order of its arguments, whatever
// else the program has allocated, and scratch gets memory as the hardware swizzles it.
#ifndef EMU_TIMING_PLACES_H
#define EMU_TIMING_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../launch.h"
#include "../wave.h"

struct emu_place {
    uint64_t begin, end; // of the allocation, device addresses
    uint64_t base;       // where it begins here
};

struct emu_places {
    const struct emu_launch_context *context;
    struct emu_place *place; // owned
    size_t count;
    uint64_t next; // where the next one begins
};

// Lays the kernarg segment and the buffers that pointer arguments name. False when memory is short. The context
// outlives the places.
bool emu_places_init(struct emu_places *places, const struct emu_launch_context *context);
void emu_places_fini(struct emu_places *places);

// A device address's place; an allocation that no argument names is laid when first asked for.
uint64_t emu_places_of(struct emu_places *places, uint64_t address);
// Moves all addresses of an access to global memory.
void emu_places_move(struct emu_places *places, struct emu_access *access);
// Row `row` of a scratch access: its dword of every lane, for the wave with this number among those that fit on the
// chip. Lanes' dwords lie side by side, so that a spill of one register is one row of 4 bytes a lane. Returns the
// number of rows.
unsigned emu_places_scratch(const struct emu_places *places, const struct emu_access *access, unsigned wave,
                            unsigned row, struct emu_access *at);

#endif
