// Tags of one cache level: set-associative, LRU, each line with the time at which its data are there.
#include <stdlib.h>
#include <string.h>

#include "machine.h"

bool emu_cache_level_init(struct emu_cache_level *cache, uint32_t lines, uint32_t ways, bool hashed)
{
    uint32_t sets = 1;
    while ((uint64_t)sets * 2 * ways <= lines)
        sets *= 2;
    cache->sets = sets;
    cache->ways = ways;
    cache->hashed = hashed;
    cache->line = calloc((size_t)sets * ways, sizeof *cache->line);
    cache->ready = calloc((size_t)sets * ways, sizeof *cache->ready);
    return cache->line && cache->ready;
}

void emu_cache_level_fini(struct emu_cache_level *cache)
{
    free(cache->line);
    free(cache->ready);
    *cache = (struct emu_cache_level){0};
}

// A hash of upper address bits makes power-of-two strides spread over the sets.
static size_t set_of(const struct emu_cache_level *cache, uint64_t line)
{
    const uint64_t index = cache->hashed ? line ^ line >> 7 ^ line >> 14 ^ line >> 21 : line;
    return (size_t)(index & (cache->sets - 1)) * cache->ways;
}

static void to_front(struct emu_cache_level *cache, size_t set, uint32_t way, uint64_t tag, emu_ticks ready)
{
    memmove(cache->line + set + 1, cache->line + set, way * sizeof *cache->line);
    memmove(cache->ready + set + 1, cache->ready + set, way * sizeof *cache->ready);
    cache->line[set] = tag;
    cache->ready[set] = ready;
}

// The way that holds the line; `ways` when none does.
static uint32_t way_of(const struct emu_cache_level *cache, size_t set, uint64_t line)
{
    uint32_t way = 0;
    while (way < cache->ways && (cache->line[set + way] | EMU_LINE_DIRTY) != ((line + 1) | EMU_LINE_DIRTY))
        way++;
    return way;
}

emu_ticks emu_cache_level_find(struct emu_cache_level *cache, uint64_t line)
{
    const size_t set = set_of(cache, line);
    const uint32_t way = way_of(cache, set, line);
    if (way == cache->ways)
        return EMU_NEVER;
    const emu_ticks ready = cache->ready[set + way];
    if (way)
        to_front(cache, set, way, cache->line[set + way], ready);
    return ready;
}

static uint64_t put(struct emu_cache_level *cache, size_t set, uint64_t tag, emu_ticks ready)
{
    const uint64_t victim = cache->line[set + cache->ways - 1];
    to_front(cache, set, cache->ways - 1, tag, ready);
    return victim & EMU_LINE_DIRTY ? (victim & ~EMU_LINE_DIRTY) - 1 : EMU_NO_LINE;
}

uint64_t emu_cache_level_put(struct emu_cache_level *cache, uint64_t line, emu_ticks ready)
{
    return put(cache, set_of(cache, line), line + 1, ready);
}

uint64_t emu_cache_level_write(struct emu_cache_level *cache, uint64_t line, emu_ticks ready)
{
    const size_t set = set_of(cache, line);
    const uint32_t way = way_of(cache, set, line);
    if (way == cache->ways)
        return put(cache, set, (line + 1) | EMU_LINE_DIRTY, ready);
    to_front(cache, set, way, (line + 1) | EMU_LINE_DIRTY, cache->ready[set + way]);
    return EMU_NO_LINE;
}

void emu_cache_level_clear(struct emu_cache_level *cache)
{
    memset(cache->line, 0, (size_t)cache->sets * cache->ways * sizeof *cache->line);
}
