// The worst machine that the ISA allows: a load's result arrives only when a wait demands it, a store becomes visible
// to other waves just as late, a CU's cache keeps its lines until buffer_gl0_inv, and waves run in an order of the
// adversary's choice. Scalar loads see memory as it is. A program that is right
// here needs no luck; the mutation tests use it as the judge of whether a dropped wait or barrier can change a result,
// independently of what the checks report.
#ifndef EMU_ADVERSARY_H
#define EMU_ADVERSARY_H

#include "../wave.h"

struct emu_adversary;

// NULL when memory is short. Not thread-safe.
struct emu_adversary *emu_adversary_create(uint64_t seed);
// Stores that are still on their way arrive here: destroy it before results are read, and before any device memory is
// allocated or freed.
void emu_adversary_destroy(struct emu_adversary *adversary);

void emu_adversary_group_begin(struct emu_adversary *adversary, struct emu_group *group);

// Around the execution of one instruction; the wave must be observed (wave->access filled by its bodies).
void emu_adversary_before(struct emu_adversary *adversary, struct emu_wave *wave, const struct emu_inst *inst);
void emu_adversary_after(struct emu_adversary *adversary, struct emu_wave *wave, const struct emu_inst *inst);

// The next wave to run of those that are ready, and for how many instructions.
uint32_t emu_adversary_choose(struct emu_adversary *adversary, const uint32_t *ready, uint32_t count,
                              uint32_t *instructions);

#endif
