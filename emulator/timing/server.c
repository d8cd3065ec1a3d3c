// A server of the memory path: what it has to do, by time.
//
// Requests are not asked for in the order in which they arrive: one that waited in a level before arrives late, and is
// known early. A single "free from" time would let it block everything that arrives until then. So the server's time is
// kept in slices, each with the work that it has taken, and a request takes what is left from its arrival on.
#include <stdlib.h>

#include "machine.h"

enum { SLICE = 32 * EMU_TICKS_A_CYCLE, SLICES = 4096 };

struct slice {
    int64_t number; // which slice of time this place holds now
    int32_t taken;  // ticks
    int32_t full;   // how many slices from here on are known to be full; a hint
};

bool emu_server_init(struct emu_server *server)
{
    server->slices = calloc(SLICES, sizeof *server->slices);
    return server->slices != NULL;
}

void emu_server_fini(struct emu_server *server)
{
    free(server->slices);
    server->slices = NULL;
}

static struct slice *slice_at(struct emu_server *server, int64_t number)
{
    struct slice *slice = &server->slices[number % SLICES];
    if (slice->number != number)
        *slice = (struct slice){.number = number};
    return slice;
}

// The first slice from `number` on that is not full. Full runs are jumped over, and remembered.
static int64_t first_free(struct emu_server *server, int64_t number)
{
    int64_t at = number;
    for (;;) {
        const struct slice *slice = slice_at(server, at);
        if (slice->taken < SLICE)
            break;
        at += slice->full ? slice->full : 1;
    }
    if (at > number)
        slice_at(server, number)->full = (int32_t)(at - number);
    return at;
}

emu_ticks emu_server_take(struct emu_server *server, emu_ticks now, emu_ticks arrival, emu_ticks duration)
{
    // What lies further ahead than the slices reach queues up behind the last one.
    const int64_t last = now / SLICE + SLICES - 2;
    int64_t number = arrival / SLICE;
    if (number < last)
        number = first_free(server, number);
    if (number >= last) {
        const emu_ticks start = emu_ticks_max(emu_ticks_max(server->tail, arrival), last * SLICE);
        server->tail = start + duration;
        return start;
    }
    struct slice *slice = slice_at(server, number);
    const emu_ticks start = emu_ticks_max(arrival, number * SLICE + slice->taken);
    for (emu_ticks left = duration; left > 0 && number < last;) {
        const emu_ticks room = SLICE - slice->taken;
        const emu_ticks part = left < room ? left : room;
        slice->taken += (int32_t)part;
        left -= part;
        if (left > 0) {
            number = first_free(server, number + 1);
            slice = slice_at(server, number);
        }
    }
    return start;
}
