// Device memory: allocations in the host's address space (device address == host address), each between guard zones,
// in a sorted table that every access of a kernel is checked against. Knows nothing of modules or waves.
#ifndef EMU_MEMORY_H
#define EMU_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum emu_range_kind { EMU_RANGE_BUFFER, EMU_RANGE_HOST, EMU_RANGE_MANAGED, EMU_RANGE_IMAGE };

// [begin, end) with one permission. Several ranges may belong to one block (a code object's segments).
struct emu_range {
    uint64_t begin, end;
    uint64_t block; // address of the allocation that the range is part of
    uint8_t kind;   // enum emu_range_kind
    bool writable;  // by kernels
};

// An immutable table, ascending by address. A launch holds one for its duration, so that looking addresses up takes no
// lock.
struct emu_ranges {
    uint32_t references; // under the memory's lock
    size_t count;
    struct emu_range range[];
};

struct emu_memory;

// `capacity_bytes` is what allocations may sum up to. NULL when memory is short.
struct emu_memory *emu_memory_create(uint64_t capacity_bytes);
void emu_memory_destroy(struct emu_memory *memory); // frees all allocations

// Zeroed memory of exactly `bytes` accessible bytes (> 0), aligned to at least 64 KiB. Addresses ascend from a fixed
// start and are not reused until the space is used up, so that they are the same in every run and that a freed
// address stays invalid. NULL when the capacity or the host's memory is exceeded.
void *emu_memory_alloc(struct emu_memory *memory, uint64_t bytes, enum emu_range_kind kind);

// Replaces the one range of a block by `count` ranges inside it (ascending; `block` and `kind` are filled in).
bool emu_memory_split(struct emu_memory *memory, const void *block, const struct emu_range *parts, size_t count);

// Frees the allocation that begins at `address`; false when there is none.
bool emu_memory_free(struct emu_memory *memory, const void *address);

// Lets kernels access host memory that the caller owns; false when a part of it is in the table already. Unregister
// takes the same address. It does not count as allocated.
bool emu_memory_register(struct emu_memory *memory, void *host, uint64_t bytes);
bool emu_memory_unregister(struct emu_memory *memory, void *host);

// Whether an address lies where allocations are made: if no range holds it, it is stale or wild, never the host's.
bool emu_memory_is_device_space(uint64_t address);

// The range that holds `address`; false when none does.
bool emu_memory_find(struct emu_memory *memory, uint64_t address, struct emu_range *out);

uint64_t emu_memory_used(struct emu_memory *memory);
uint64_t emu_memory_capacity(const struct emu_memory *memory);

const struct emu_ranges *emu_memory_acquire(struct emu_memory *memory);
void emu_memory_release(struct emu_memory *memory, const struct emu_ranges *ranges);

// The range of a table that holds `address`, NULL when none does.
const struct emu_range *emu_ranges_find(const struct emu_ranges *ranges, uint64_t address);

// Says in words what lies at or next to an address that a kernel may not access: "4 bytes behind the end of the
// 4096-byte buffer at 0x...", "in a buffer freed before".
void emu_memory_describe(struct emu_memory *memory, uint64_t address, char *text, size_t size);

#endif
