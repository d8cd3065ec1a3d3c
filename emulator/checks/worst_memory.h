// The memory side of the adversary: stores to global memory that arrive late, and first-level caches that keep every
// line until they are told to drop it. Knows nothing of waits; adversary.c decides when a store arrives.
#ifndef EMU_WORST_MEMORY_H
#define EMU_WORST_MEMORY_H

#include "../memory.h"
#include "../wave.h"

enum { EMU_WORST_CACHES = 2 }; // CUs of a WGP

struct emu_worst_memory;

// A store's bytes on their way.
struct emu_late_store {
    struct emu_late_store *next; // the owner's
    uint32_t cache;              // of the storing wave
    uint32_t count;
    struct {
        uint64_t at;
        uint8_t value;
    } byte[];
};

struct emu_worst_memory *emu_worst_memory_create(void);
void emu_worst_memory_destroy(struct emu_worst_memory *memory);

// Copies what kernels may write, so that a store can be taken back. Does nothing when that was done, or when it is more
// than 64 MiB: stores then arrive at once.
void emu_worst_memory_begin(struct emu_worst_memory *memory, const struct emu_ranges *ranges);

// Takes the bytes of the store that has just been executed out of memory again. NULL: they stay there.
struct emu_late_store *emu_worst_memory_hold(struct emu_worst_memory *memory, const struct emu_access *access,
                                             uint32_t cache);
// Lets a held store arrive, and frees it.
void emu_worst_memory_arrive(struct emu_worst_memory *memory, struct emu_late_store *store);
bool emu_late_store_overlaps(const struct emu_late_store *store, const struct emu_access *access);

// An atomic, or a load past the cache, was executed: memory is what counts.
void emu_worst_memory_accept(struct emu_worst_memory *memory, const struct emu_access *access, uint32_t cache);

// Whether the cache holds other bytes than memory for the load that has just been executed. The lines that it does not
// hold are brought in.
bool emu_worst_memory_is_stale(struct emu_worst_memory *memory, const struct emu_access *access, uint32_t cache);
// Executes the load again, on the cache's lines.
void emu_worst_memory_reload(struct emu_worst_memory *memory, struct emu_wave *wave, const struct emu_inst *inst,
                             uint32_t cache);
void emu_worst_memory_invalidate(struct emu_worst_memory *memory, uint32_t cache);

#endif
