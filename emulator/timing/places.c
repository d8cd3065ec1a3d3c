// Lays allocations one behind the other, and swizzles scratch.
#include "places.h"

#include <stdlib.h>
#include <string.h>

// Allocations begin at multiples of this, as the runtime's large ones do; scratch lies beyond all of them.
#define UNIT_BYTES    (UINT64_C(2) << 20)
#define SCRATCH_BEGIN (UINT64_C(1) << 46)
enum { SCRATCH_GRANULE_BYTES = 1024 }; // of a wave (AMDGPUUsage, COMPUTE_TMPRING_SIZE.WAVESIZE: 256 dwords)

static const struct emu_place *lay(struct emu_places *places, uint64_t begin, uint64_t end)
{
    struct emu_place *place = &places->place[places->count++];
    *place = (struct emu_place){begin, end, places->next};
    places->next += (end - begin + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES;
    return place;
}

// The allocation around a range of the table: all of its ranges, which lie beside each other.
static const struct emu_place *lay_block(struct emu_places *places, const struct emu_range *range)
{
    const struct emu_ranges *ranges = places->context->ranges;
    const struct emu_range *first = range, *last = range;
    while (first > ranges->range && first[-1].block == range->block)
        first--;
    while (last + 1 < ranges->range + ranges->count && last[1].block == range->block)
        last++;
    return lay(places, first->begin, last->end);
}

static bool holds(const struct emu_place *place, uint64_t address)
{
    return address >= place->begin && address < place->end;
}

static const struct emu_place *find(struct emu_places *places, uint64_t address)
{
    for (size_t i = 0; i < places->count; i++)
        if (holds(&places->place[i], address))
            return &places->place[i];
    const struct emu_range *range = emu_ranges_find(places->context->ranges, address);
    return range ? lay_block(places, range) : NULL;
}

bool emu_places_init(struct emu_places *places, const struct emu_launch_context *context)
{
    const struct co_kernel *kernel = context->kernel;
    const uint64_t kernarg = (uint64_t)(uintptr_t)context->kernarg;
    const uint64_t launch_end = (uint64_t)(uintptr_t)context->packet + EMU_PACKET_BYTES;
    *places = (struct emu_places){.context = context};
    places->place = calloc(context->ranges->count + 1, sizeof *places->place);
    if (!places->place)
        return false;
    (void)lay(places, kernarg, launch_end);
    for (size_t i = 0; i < kernel->arg_count; i++) {
        uint64_t pointer;
        if (kernel->args[i].kind != CO_ARG_GLOBAL_BUFFER || kernel->args[i].size != sizeof pointer)
            continue;
        memcpy(&pointer, context->kernarg + kernel->args[i].offset, sizeof pointer);
        (void)find(places, pointer);
    }
    return true;
}

void emu_places_fini(struct emu_places *places)
{
    free(places->place);
    *places = (struct emu_places){0};
}

uint64_t emu_places_of(struct emu_places *places, uint64_t address)
{
    const struct emu_place *place = find(places, address);
    return place ? address - place->begin + place->base : address;
}

void emu_places_move(struct emu_places *places, struct emu_access *access)
{
    const struct emu_place *place = NULL; // of the last address: mostly the next one's too
    for (unsigned k = 0; k < access->per_lane; k++)
        for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1) {
            uint64_t *address = &access->address[k][__builtin_ctzll(lanes)];
            if (!place || !holds(place, *address))
                place = find(places, *address);
            if (place)
                *address = *address - place->begin + place->base;
        }
}

unsigned emu_places_scratch(const struct emu_places *places, const struct emu_access *access, unsigned wave,
                            unsigned row, struct emu_access *at)
{
    const uint64_t lanes_a_wave = places->context->wave_size;
    const uint64_t wave_bytes = (places->context->scratch_lane_bytes * lanes_a_wave + SCRATCH_GRANULE_BYTES - 1) /
                                SCRATCH_GRANULE_BYTES * SCRATCH_GRANULE_BYTES;
    *at = *access;
    at->bytes = access->bytes < 4 ? access->bytes : 4;
    for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(lanes);
        const uint64_t dword = access->address[0][lane] / 4 + row;
        at->address[0][lane] = SCRATCH_BEGIN + wave * wave_bytes + (dword * lanes_a_wave + lane) * 4;
    }
    return (access->bytes + 3u) / 4;
}
