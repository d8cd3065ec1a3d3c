// Late stores and stale lines; see worst_memory.h.
#include "worst_memory.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 128, LINES = 1024, COPY_MAX = 64 << 20, TOUCHED_MAX = 128 };

struct line {
    uint64_t address; // 0: empty
    uint32_t bytes;   // up to the allocation's end
    uint32_t offset;  // of the first byte that belongs to the allocation
    uint8_t content[LINE_BYTES];
};

struct emu_worst_memory {
    const struct emu_ranges *ranges;
    uint8_t **copies; // of each writable range, as memory is without the stores on their way
    size_t count;
    struct line lines[EMU_WORST_CACHES][LINES]; // direct-mapped: losing a line is allowed at any time
};

struct emu_worst_memory *emu_worst_memory_create(void)
{
    return calloc(1, sizeof(struct emu_worst_memory));
}

void emu_worst_memory_destroy(struct emu_worst_memory *memory)
{
    if (!memory)
        return;
    for (size_t i = 0; i < memory->count; i++)
        free(memory->copies[i]);
    free(memory->copies);
    free(memory);
}

void emu_worst_memory_begin(struct emu_worst_memory *memory, const struct emu_ranges *ranges)
{
    uint64_t sum = 0;
    if (memory->ranges)
        return;
    memory->ranges = ranges;
    for (size_t i = 0; i < ranges->count; i++)
        sum += ranges->range[i].writable ? ranges->range[i].end - ranges->range[i].begin : 0;
    if (sum > COPY_MAX)
        return;
    memory->copies = calloc(ranges->count ? ranges->count : 1, sizeof *memory->copies);
    memory->count = memory->copies ? ranges->count : 0;
    for (size_t i = 0; i < memory->count; i++) {
        const struct emu_range *range = &ranges->range[i];
        const size_t bytes = (size_t)(range->end - range->begin);
        if (range->writable)
            memory->copies[i] = malloc(bytes);
        if (memory->copies[i])
            memcpy(memory->copies[i], (const void *)(uintptr_t)range->begin, bytes);
    }
}

// The copy's byte for an address; NULL where there is none.
static uint8_t *copy_of(const struct emu_worst_memory *memory, uint64_t address)
{
    const struct emu_range *range = memory->count ? emu_ranges_find(memory->ranges, address) : NULL;
    if (!range)
        return NULL;
    uint8_t *copy = memory->copies[range - memory->ranges->range];
    return copy ? copy + (address - range->begin) : NULL;
}

static uint8_t *byte_at(uint64_t address)
{
    return (uint8_t *)(uintptr_t)address;
}

static struct line *line_of(struct emu_worst_memory *memory, uint32_t cache, uint64_t address)
{
    return &memory->lines[cache][address / LINE_BYTES % LINES];
}

static bool line_holds(const struct line *line, uint64_t address)
{
    const uint64_t at = address % LINE_BYTES;
    return line->address == address - at && line->address && at >= line->offset && at < line->bytes;
}

struct emu_late_store *emu_worst_memory_hold(struct emu_worst_memory *memory, const struct emu_access *access,
                                             uint32_t cache)
{
    const size_t most = (size_t)__builtin_popcountll(access->lanes) * access->per_lane * access->bytes;
    struct emu_late_store *store = malloc(sizeof *store + most * sizeof *store->byte);
    if (!store)
        return NULL;
    *store = (struct emu_late_store){.cache = cache};
    for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1)
        for (unsigned b = 0; b < access->bytes; b++) {
            const uint64_t at = access->address[0][__builtin_ctzll(lanes)] + b;
            if (!copy_of(memory, at))
                continue;
            store->byte[store->count].at = at;
            store->byte[store->count++].value = *byte_at(at);
        }
    for (uint32_t i = 0; i < store->count; i++)
        *byte_at(store->byte[i].at) = *copy_of(memory, store->byte[i].at);
    return store;
}

void emu_worst_memory_arrive(struct emu_worst_memory *memory, struct emu_late_store *store)
{
    for (uint32_t i = 0; i < store->count; i++) {
        const uint64_t at = store->byte[i].at;
        struct line *line = line_of(memory, store->cache, at);
        *byte_at(at) = *copy_of(memory, at) = store->byte[i].value;
        if (line_holds(line, at))
            line->content[at % LINE_BYTES] = store->byte[i].value;
    }
    free(store);
}

bool emu_late_store_overlaps(const struct emu_late_store *store, const struct emu_access *access)
{
    for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1) {
        const uint64_t begin = access->address[0][__builtin_ctzll(lanes)];
        for (uint32_t i = 0; i < store->count; i++)
            if (store->byte[i].at >= begin && store->byte[i].at < begin + access->bytes)
                return true;
    }
    return false;
}

void emu_worst_memory_accept(struct emu_worst_memory *memory, const struct emu_access *access, uint32_t cache)
{
    for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1)
        for (unsigned b = 0; b < access->bytes; b++) {
            const uint64_t at = access->address[0][__builtin_ctzll(lanes)] + b;
            uint8_t *copy = copy_of(memory, at);
            if (copy)
                *copy = *byte_at(at);
            if (line_holds(line_of(memory, cache, at), at))
                line_of(memory, cache, at)->address = 0;
        }
}

static void bring_in(struct emu_worst_memory *memory, struct line *line, uint64_t address)
{
    const struct emu_range *range = emu_ranges_find(memory->ranges, address);
    if (!range)
        return;
    const uint64_t begin = address - address % LINE_BYTES;
    line->address = begin;
    line->offset = range->begin > begin ? (uint32_t)(range->begin - begin) : 0;
    line->bytes = range->end - begin < LINE_BYTES ? (uint32_t)(range->end - begin) : LINE_BYTES;
    memcpy(line->content + line->offset, byte_at(begin + line->offset), line->bytes - line->offset);
}

bool emu_worst_memory_is_stale(struct emu_worst_memory *memory, const struct emu_access *access, uint32_t cache)
{
    bool stale = false;
    for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1)
        for (unsigned b = 0; b < access->bytes; b++) {
            const uint64_t at = access->address[0][__builtin_ctzll(lanes)] + b;
            struct line *line = line_of(memory, cache, at);
            if (!line_holds(line, at))
                bring_in(memory, line, at);
            else
                stale |= line->content[at % LINE_BYTES] != *byte_at(at);
        }
    return stale;
}

static void swap_lines(struct line *const *lines, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint8_t kept[LINE_BYTES];
        struct line *line = lines[i];
        uint8_t *real = byte_at(line->address + line->offset);
        memcpy(kept, real, line->bytes - line->offset);
        memcpy(real, line->content + line->offset, line->bytes - line->offset);
        memcpy(line->content + line->offset, kept, line->bytes - line->offset);
    }
}

void emu_worst_memory_reload(struct emu_worst_memory *memory, struct emu_wave *wave, const struct emu_inst *inst,
                             uint32_t cache)
{
    const struct emu_access access = *wave->access;
    struct line *lines[TOUCHED_MAX];
    unsigned count = 0;
    for (uint64_t lanes = access.lanes; lanes; lanes &= lanes - 1)
        for (unsigned b = 0; b < access.bytes && count < TOUCHED_MAX; b++) {
            const uint64_t at = access.address[0][__builtin_ctzll(lanes)] + b;
            struct line *line = line_of(memory, cache, at);
            bool known = !line_holds(line, at) || !copy_of(memory, at);
            for (unsigned i = 0; i < count && !known; i++)
                known = lines[i] == line;
            if (!known)
                lines[count++] = line;
        }
    swap_lines(lines, count);
    inst->exec(wave, inst);
    swap_lines(lines, count);
}

void emu_worst_memory_invalidate(struct emu_worst_memory *memory, uint32_t cache)
{
    for (unsigned i = 0; i < LINES; i++)
        memory->lines[cache][i].address = 0;
}
