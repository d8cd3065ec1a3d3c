// Decides once the first workgroup has ended, and takes the steady rate from there.
#include "rounds.h"

// WARM_PARTS: the part of the budget after which a first round counts as steady. LONG: rounds of a launch during which
// workgroups part. PARTED: simulated rounds after which they have.
enum { WARM_PARTS = 4, LONG = 3, PARTED = 4 };

struct emu_rounds emu_rounds_of(uint64_t total, unsigned resident, uint64_t budget)
{
    return (struct emu_rounds){
        .total = total, .budget = budget, .resident = resident, .limit = total, .warm_at = budget / WARM_PARTS};
}

static uint64_t round_of(const struct emu_rounds *rounds)
{
    return (uint64_t)rounds->resident * EMU_WGPS;
}

// Round by round the workgroups of a WGP part, since the older ones go first, until the first to end are those of
// different WGPs, and the last round finds as many places on all of them; less so the more share a WGP, and so end
// close to each other. Two of a WGP never part much: they end together, and leave some WGPs before others.
static unsigned tail_a_wgp(const struct emu_rounds *rounds, uint64_t whole_rounds)
{
    const unsigned whole = (unsigned)(rounds->tail / EMU_WGPS);
    if (rounds->total / round_of(rounds) < LONG || whole_rounds >= PARTED)
        return rounds->resident;
    if (rounds->resident <= 2)
        return whole + 1;
    return whole + (rounds->tail % EMU_WGPS != 0) + rounds->resident / 8;
}

// As many whole rounds as the budget allows. Decided when the first workgroup has ended and so told what one costs;
// again when the others turn out to cost more.
static void limit_rounds(struct emu_rounds *rounds, uint64_t ended, uint64_t dispatched, uint64_t instructions)
{
    const uint64_t round = round_of(rounds);
    const uint64_t rest = rounds->total % round, tail = rest ? rest : round;
    if (rounds->limit <= round || (ended > 1 && instructions / 2 < rounds->budget))
        return;
    const uint64_t affordable = rounds->budget / (instructions / dispatched + 1);
    const uint64_t least = (dispatched + tail - rest + round - 1) / round; // none of the last round is under way
    uint64_t whole = ended == 1 && affordable > rest ? (affordable - rest) / round : 0;
    whole = whole < least ? least : whole;
    if (whole < rounds->limit / round) {
        rounds->limit = whole * round + rest;
        rounds->tail = tail;
        rounds->tail_a_wgp = tail_a_wgp(rounds, whole);
    }
}

void emu_rounds_note_end(struct emu_rounds *rounds, uint64_t ended, uint64_t dispatched, const struct emu_mark *mark)
{
    const uint64_t round = round_of(rounds);
    if (ended + round <= dispatched + 1) {
        rounds->busy = *mark;
        if (ended == 1)
            rounds->first_end = *mark;
        else if (ended % round == 1)
            rounds->round_end = *mark;
    }
    limit_rounds(rounds, ended, dispatched, mark->instructions);
}

bool emu_rounds_takes_place(struct emu_rounds *rounds, uint64_t dispatched, unsigned wgp)
{
    if (dispatched >= rounds->limit)
        return false;
    if (!rounds->tail || dispatched + rounds->tail < rounds->limit)
        return true;
    return rounds->tail_on_wgp[wgp]++ < rounds->tail_a_wgp;
}

struct emu_steady emu_rounds_steady(const struct emu_rounds *rounds, uint64_t instructions)
{
    const bool one_round = rounds->round_end.at == 0;
    struct emu_steady steady = {.from = one_round ? &rounds->warm : &rounds->first_end,
                                .to = one_round ? &rounds->busy : &rounds->round_end};
    if (rounds->limit < rounds->total) {
        const double a_group = (double)instructions / (double)rounds->limit;
        steady.times = (double)(rounds->total - rounds->limit) * a_group /
                       (double)(steady.to->instructions - steady.from->instructions);
    }
    return steady;
}
