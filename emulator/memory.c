// The allocation table and the address space behind it. Decides where allocations lie; permissions of kernels are data
// here and enforced by the launch.
#include "memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE_BYTES   UINT64_C(4096)
#define GUARD_BYTES  UINT64_C(65536)
#define SPACE_BEGIN  UINT64_C(0x200000000000) // below where Linux maps programs (0x55...), heaps and libraries
#define SPACE_END    UINT64_C(0x500000000000)
#define FREED_MAX    256 // freed allocations remembered for messages
#define ATTEMPTS_MAX 64  // occupied places skipped before the kernel is asked for any place

struct block {
    uint64_t address, bytes;         // as asked for
    uint64_t mapping, mapping_bytes; // 0: registered host memory
};

struct freed {
    uint64_t begin, end;
};

struct emu_memory {
    pthread_mutex_t lock;
    uint64_t capacity, used;
    uint64_t next; // where the next mapping is tried
    struct block *blocks;
    size_t block_count, block_capacity;
    struct emu_ranges *ranges; // current table; one reference is ours
    struct freed freed[FREED_MAX];
    size_t freed_count; // ever
};

static struct emu_ranges *new_table(size_t count)
{
    struct emu_ranges *table = malloc(sizeof *table + count * sizeof table->range[0]);
    if (table) {
        table->references = 1;
        table->count = count;
    }
    return table;
}

struct emu_memory *emu_memory_create(uint64_t capacity_bytes)
{
    struct emu_memory *memory = calloc(1, sizeof *memory);
    if (!memory)
        return NULL;
    memory->ranges = new_table(0);
    if (!memory->ranges || pthread_mutex_init(&memory->lock, NULL) != 0) {
        free(memory->ranges);
        free(memory);
        return NULL;
    }
    memory->capacity = capacity_bytes;
    memory->next = SPACE_BEGIN;
    return memory;
}

void emu_memory_destroy(struct emu_memory *memory)
{
    if (!memory)
        return;
    for (size_t i = 0; i < memory->block_count; i++)
        if (memory->blocks[i].mapping_bytes)
            munmap((void *)(uintptr_t)memory->blocks[i].mapping, memory->blocks[i].mapping_bytes);
    pthread_mutex_destroy(&memory->lock);
    free(memory->blocks);
    free(memory->ranges);
    free(memory);
}

// Maps `bytes` of inaccessible address space at the next free place.
static uint64_t map_space(struct emu_memory *memory, uint64_t bytes)
{
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        if (memory->next + bytes > SPACE_END)
            memory->next = SPACE_BEGIN;
        const uint64_t at = memory->next;
        void *got = mmap((void *)(uintptr_t)at, bytes, PROT_NONE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
        if (got == MAP_FAILED && errno != EEXIST)
            return 0;
        memory->next = at + bytes;
        if (got == (void *)(uintptr_t)at)
            return at;
        if (got != MAP_FAILED) // a kernel that does not know MAP_FIXED_NOREPLACE chose a place itself
            return (uint64_t)(uintptr_t)got;
    }
    void *got = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return got == MAP_FAILED ? 0 : (uint64_t)(uintptr_t)got;
}

static bool map_block(struct emu_memory *memory, uint64_t bytes, struct block *block)
{
    const uint64_t pages = (bytes + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
    // Whole guard units, so that every allocation starts at a multiple of GUARD_BYTES.
    const uint64_t body = (pages + GUARD_BYTES - 1) & ~(GUARD_BYTES - 1);
    *block = (struct block){.bytes = bytes, .mapping_bytes = body + 2 * GUARD_BYTES};
    block->mapping = map_space(memory, block->mapping_bytes);
    if (!block->mapping)
        return false;
    block->address = block->mapping + GUARD_BYTES;
    if (mprotect((void *)(uintptr_t)block->address, pages, PROT_READ | PROT_WRITE) == 0)
        return true;
    munmap((void *)(uintptr_t)block->mapping, block->mapping_bytes);
    return false;
}

static void drop(struct emu_ranges *table)
{
    if (--table->references == 0)
        free(table);
}

// Makes a new current table: the old one without the ranges of `block`, plus `parts`. Takes the lock as held.
static bool replace_ranges(struct emu_memory *memory, uint64_t block, const struct emu_range *parts, size_t count)
{
    const struct emu_ranges *old = memory->ranges;
    struct emu_ranges *table = new_table(old->count + count);
    size_t at = 0, part = 0;
    if (!table)
        return false;
    for (size_t i = 0; i < old->count; i++) {
        while (part < count && parts[part].begin < old->range[i].begin)
            table->range[at++] = parts[part++];
        if (old->range[i].block != block)
            table->range[at++] = old->range[i];
    }
    while (part < count)
        table->range[at++] = parts[part++];
    table->count = at;
    drop(memory->ranges);
    memory->ranges = table;
    return true;
}

static bool reserve_block(struct emu_memory *memory)
{
    if (memory->block_count < memory->block_capacity)
        return true;
    const size_t capacity = memory->block_capacity ? memory->block_capacity * 2 : 64;
    struct block *grown = realloc(memory->blocks, capacity * sizeof *grown);
    if (!grown)
        return false;
    memory->blocks = grown;
    memory->block_capacity = capacity;
    return true;
}

void *emu_memory_alloc(struct emu_memory *memory, uint64_t bytes, enum emu_range_kind kind)
{
    struct block block;
    void *result = NULL;
    if (bytes == 0)
        return NULL;
    pthread_mutex_lock(&memory->lock);
    if (bytes > memory->capacity - memory->used || !reserve_block(memory) || !map_block(memory, bytes, &block))
        goto out;
    const struct emu_range range = {block.address, block.address + bytes, block.address, (uint8_t)kind, true};
    if (!replace_ranges(memory, block.address, &range, 1)) {
        munmap((void *)(uintptr_t)block.mapping, block.mapping_bytes);
        goto out;
    }
    memory->blocks[memory->block_count++] = block;
    memory->used += bytes;
    result = (void *)(uintptr_t)block.address;
out:
    pthread_mutex_unlock(&memory->lock);
    return result;
}

static struct block *find_block(struct emu_memory *memory, uint64_t address)
{
    for (size_t i = memory->block_count; i-- > 0;)
        if (memory->blocks[i].address == address)
            return &memory->blocks[i];
    return NULL;
}

bool emu_memory_split(struct emu_memory *memory, const void *address, const struct emu_range *parts, size_t count)
{
    bool done = false;
    struct emu_range *copy = calloc(count ? count : 1, sizeof *copy);
    if (!copy)
        return false;
    pthread_mutex_lock(&memory->lock);
    const struct block *block = find_block(memory, (uint64_t)(uintptr_t)address);
    const struct emu_range *whole = block ? emu_ranges_find(memory->ranges, block->address) : NULL;
    if (whole) {
        for (size_t i = 0; i < count; i++) {
            copy[i] = parts[i];
            copy[i].block = block->address;
            copy[i].kind = whole->kind;
        }
        done = replace_ranges(memory, block->address, copy, count);
    }
    pthread_mutex_unlock(&memory->lock);
    free(copy);
    return done;
}

// Takes the block at `address` out of the table when `registered` says what it is.
static bool take_block(struct emu_memory *memory, uint64_t address, bool registered, struct block *taken)
{
    struct block *block = find_block(memory, address);
    if (!block || (block->mapping_bytes == 0) != registered || !replace_ranges(memory, block->address, NULL, 0))
        return false;
    *taken = *block;
    *block = memory->blocks[--memory->block_count];
    return true;
}

bool emu_memory_free(struct emu_memory *memory, const void *address)
{
    struct block block;
    pthread_mutex_lock(&memory->lock);
    const bool done = take_block(memory, (uint64_t)(uintptr_t)address, false, &block);
    if (done) {
        munmap((void *)(uintptr_t)block.mapping, block.mapping_bytes);
        memory->used -= block.bytes;
        memory->freed[memory->freed_count++ % FREED_MAX] = (struct freed){block.address, block.address + block.bytes};
    }
    pthread_mutex_unlock(&memory->lock);
    return done;
}

bool emu_memory_register(struct emu_memory *memory, void *host, uint64_t bytes)
{
    const uint64_t begin = (uint64_t)(uintptr_t)host;
    uint64_t end;
    if (bytes == 0 || __builtin_add_overflow(begin, bytes, &end))
        return false;
    const struct emu_range range = {begin, end, begin, EMU_RANGE_HOST, true};
    pthread_mutex_lock(&memory->lock);
    bool done = reserve_block(memory);
    for (size_t i = 0; done && i < memory->ranges->count; i++)
        done = end <= memory->ranges->range[i].begin || begin >= memory->ranges->range[i].end;
    if (done)
        done = replace_ranges(memory, begin, &range, 1);
    if (done)
        memory->blocks[memory->block_count++] = (struct block){.address = begin, .bytes = bytes};
    pthread_mutex_unlock(&memory->lock);
    return done;
}

bool emu_memory_unregister(struct emu_memory *memory, void *host)
{
    struct block block;
    pthread_mutex_lock(&memory->lock);
    const bool done = take_block(memory, (uint64_t)(uintptr_t)host, true, &block);
    pthread_mutex_unlock(&memory->lock);
    return done;
}

bool emu_memory_is_device_space(uint64_t address)
{
    return address >= SPACE_BEGIN && address < SPACE_END;
}

const struct emu_range *emu_ranges_find(const struct emu_ranges *ranges, uint64_t address)
{
    size_t low = 0, high = ranges->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (address < ranges->range[middle].begin)
            high = middle;
        else if (address >= ranges->range[middle].end)
            low = middle + 1;
        else
            return &ranges->range[middle];
    }
    return NULL;
}

bool emu_memory_find(struct emu_memory *memory, uint64_t address, struct emu_range *out)
{
    pthread_mutex_lock(&memory->lock);
    const struct emu_range *found = emu_ranges_find(memory->ranges, address);
    if (found)
        *out = *found;
    pthread_mutex_unlock(&memory->lock);
    return found != NULL;
}

uint64_t emu_memory_used(struct emu_memory *memory)
{
    pthread_mutex_lock(&memory->lock);
    const uint64_t used = memory->used;
    pthread_mutex_unlock(&memory->lock);
    return used;
}

uint64_t emu_memory_capacity(const struct emu_memory *memory)
{
    return memory->capacity;
}

const struct emu_ranges *emu_memory_acquire(struct emu_memory *memory)
{
    pthread_mutex_lock(&memory->lock);
    struct emu_ranges *ranges = memory->ranges;
    ranges->references++;
    pthread_mutex_unlock(&memory->lock);
    return ranges;
}

void emu_memory_release(struct emu_memory *memory, const struct emu_ranges *ranges)
{
    pthread_mutex_lock(&memory->lock);
    drop((struct emu_ranges *)(uintptr_t)ranges);
    pthread_mutex_unlock(&memory->lock);
}

static const char *kind_name(uint8_t kind)
{
    static const char *const names[] = {[EMU_RANGE_BUFFER] = "buffer",
                                        [EMU_RANGE_HOST] = "host buffer",
                                        [EMU_RANGE_MANAGED] = "managed buffer",
                                        [EMU_RANGE_IMAGE] = "code object segment"};
    return names[kind];
}

// The nearest range on either side; `what` is filled only when it is less than a guard zone away.
static bool describe_neighbour(const struct emu_ranges *ranges, uint64_t address, char *text, size_t size)
{
    const struct emu_range *best = NULL;
    uint64_t distance = GUARD_BYTES;
    bool behind = false;
    for (size_t i = 0; i < ranges->count; i++) {
        const struct emu_range *range = &ranges->range[i];
        if (address >= range->end && address - range->end < distance) {
            best = range;
            distance = address - range->end;
            behind = true;
        } else if (address < range->begin && range->begin - address < distance) {
            best = range;
            distance = range->begin - address;
            behind = false;
        }
    }
    if (!best)
        return false;
    snprintf(text, size, "%llu bytes %s the %llu-byte %s at 0x%llx", (unsigned long long)distance,
             behind ? "behind the end of" : "before", (unsigned long long)(best->end - best->begin),
             kind_name(best->kind), (unsigned long long)best->begin);
    return true;
}

void emu_memory_describe(struct emu_memory *memory, uint64_t address, char *text, size_t size)
{
    pthread_mutex_lock(&memory->lock);
    const struct emu_range *inside = emu_ranges_find(memory->ranges, address);
    const size_t freed_count = memory->freed_count < FREED_MAX ? memory->freed_count : FREED_MAX;
    if (inside) {
        snprintf(text, size, "%s %llu bytes into the %llu-byte %s at 0x%llx",
                 inside->writable ? "begins" : "read-only, begins", (unsigned long long)(address - inside->begin),
                 (unsigned long long)(inside->end - inside->begin), kind_name(inside->kind),
                 (unsigned long long)inside->begin);
        goto out;
    }
    for (size_t i = 0; i < freed_count; i++) {
        if (address < memory->freed[i].begin || address >= memory->freed[i].end)
            continue;
        snprintf(text, size, "in the %llu-byte buffer at 0x%llx, which was freed",
                 (unsigned long long)(memory->freed[i].end - memory->freed[i].begin),
                 (unsigned long long)memory->freed[i].begin);
        goto out;
    }
    if (address < PAGE_BYTES)
        snprintf(text, size, "a null pointer");
    else if (!describe_neighbour(memory->ranges, address, text, size))
        snprintf(text, size, "in no allocation");
out:
    pthread_mutex_unlock(&memory->lock);
}
