// Which workgroups of a large launch are simulated, and what those left out add. A round is as many workgroups as fit
// on the chip. Some whole rounds are simulated and a last one as full as the launch's; the others take the time of the
// steady rate. Private to timing/.
#ifndef EMU_TIMING_ROUNDS_H
#define EMU_TIMING_ROUNDS_H

#include "machine.h"

// Where a launch stands: when, how far, and what the SIMDs' time went into until then.
struct emu_mark {
    emu_ticks at;
    uint64_t instructions;
    emu_ticks time[EMU_STALL_COUNT];
};

struct emu_rounds {
    uint64_t total, budget; // workgroups of the launch; wave instructions to simulate, about
    unsigned resident;      // workgroups of a WGP at once
    uint64_t limit;         // workgroups to simulate
    // When some are left out: workgroups of the last round, and how many of them a WGP gets at most.
    uint64_t tail;
    unsigned tail_a_wgp, tail_on_wgp[EMU_WGPS];
    // The steady rate, as long as every place that gets free is taken again (`busy`): over whole rounds, since it is
    // another one while workgroups end and begin; within the first round when there is no second one. The caller sets
    // `warm`, after the launch's instruction number warm_at.
    uint64_t warm_at;
    struct emu_mark warm, first_end, round_end, busy;
};

struct emu_rounds emu_rounds_of(uint64_t total, unsigned resident, uint64_t budget);

// A workgroup has ended, the `ended`-th of `dispatched` ones; `mark` is where the launch stands.
void emu_rounds_note_end(struct emu_rounds *rounds, uint64_t ended, uint64_t dispatched, const struct emu_mark *mark);
// Whether the place that it leaves on the WGP is taken again; to be asked once for each.
bool emu_rounds_takes_place(struct emu_rounds *rounds, uint64_t dispatched, unsigned wgp);

// The steady span, and how often its work remains to be done after `instructions` that were simulated: 0 when none.
struct emu_steady {
    const struct emu_mark *from, *to;
    double times;
};
struct emu_steady emu_rounds_steady(const struct emu_rounds *rounds, uint64_t instructions);

#endif
