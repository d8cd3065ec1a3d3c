// Global memory: data races between the waves of a workgroup and between workgroups, and reads that may hit a stale
// line of the other CU's L0.
//
// Inside a workgroup as for LDS: a barrier orders two accesses when the first had completed before (vmcnt or vscnt
// waited for). In WGP mode the waves may run on two CUs with an L0 each, so a reader must also have executed
// buffer_gl0_inv since that barrier (LLVM AMDGPUUsage, memory model gfx10-gfx11). Between workgroups only atomics
// order: an access is taken as ordered when its workgroup executed an atomic afterwards and this one has executed one
// since.
#include <stdlib.h>
#include <string.h>

#include "state.h"

enum { CELL_BYTES = 4, PAGE_BYTES = 4096, PAGE_CELLS = PAGE_BYTES / CELL_BYTES, PAGES_MAX = 1 << 15 };

struct cell {
    struct emu_toucher writer;
    struct emu_toucher reader;
};

struct page {
    uint64_t number; // address / PAGE_BYTES
    struct cell cells[PAGE_CELLS];
};

// Open addressing by page number. Beyond PAGES_MAX pages (128 MiB of touched memory) further pages are not watched.
struct emu_global_shadow {
    size_t count;
    struct page *pages[2 * PAGES_MAX];
};

struct emu_global_shadow *emu_global_shadow_create(void)
{
    return calloc(1, sizeof(struct emu_global_shadow));
}

void emu_global_shadow_destroy(struct emu_global_shadow *shadow)
{
    if (!shadow)
        return;
    for (size_t i = 0; i < 2 * PAGES_MAX; i++)
        free(shadow->pages[i]);
    free(shadow);
}

static struct cell *cell_at(struct emu_global_shadow *shadow, uint64_t address)
{
    const uint64_t number = address / PAGE_BYTES;
    size_t slot = (size_t)((number * 0x9e3779b97f4a7c15u) >> 40) % (2 * PAGES_MAX);
    while (shadow->pages[slot] && shadow->pages[slot]->number != number)
        slot = (slot + 1) % (2 * PAGES_MAX);
    if (!shadow->pages[slot]) {
        if (shadow->count == PAGES_MAX)
            return NULL;
        shadow->pages[slot] = calloc(1, sizeof(struct page));
        if (!shadow->pages[slot])
            return NULL;
        shadow->pages[slot]->number = number;
        shadow->count++;
    }
    return &shadow->pages[slot]->cells[address % PAGE_BYTES / CELL_BYTES];
}

static void check_pair(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                       const struct emu_toucher *other, const struct emu_toucher *mine, int lane, uint64_t address,
                       const char *what)
{
    if (!other->group || !(other->bytes & mine->bytes) || (other->atomic && mine->atomic))
        return;
    if (other->group != mine->group) {
        if (other->time >= checker->acquired)
            emu_check_report(checker, EMU_CHECK_GROUP_RACE, wave, inst, lane, "address 0x%llx, %s by workgroup %u",
                             (unsigned long long)address, what, other->group - 1);
        return;
    }
    if (other->wave == wave->index)
        return;
    if (!emu_toucher_is_ordered(checker, other)) {
        emu_check_report(checker, EMU_CHECK_GLOBAL_RACE, wave, inst, lane, "address 0x%llx, %s by wave %u%s",
                         (unsigned long long)address, what, other->wave,
                         other->epoch < checker->epoch ? " before the barrier without waiting for it" : "");
        return;
    }
    const bool reads = !checker->access.store || checker->access.atomic;
    if (checker->wgp_mode && reads && !checker->access.atomic && *what == 'w' &&
        checker->wave[wave->index].gl0_inv_epoch <= other->epoch + 1)
        emu_check_report(checker, EMU_CHECK_STALE_L0, wave, inst, lane, "address 0x%llx, written by wave %u",
                         (unsigned long long)address, other->wave);
}

static void touch_cell(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                       const struct emu_toucher *mine, int lane, uint64_t address)
{
    struct cell *cell = cell_at(checker->global, address);
    if (!cell)
        return;
    check_pair(checker, wave, inst, &cell->writer, mine, lane, address, "written");
    if (!checker->access.store && !checker->access.atomic) {
        cell->reader = *mine;
        return;
    }
    check_pair(checker, wave, inst, &cell->reader, mine, lane, address, "read");
    cell->writer = *mine;
}

static void touch_range(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                        struct emu_toucher mine, int lane, uint64_t address)
{
    const uint64_t end = address + checker->access.bytes;
    for (uint64_t at = address; at < end;) {
        const uint64_t cell_begin = at / CELL_BYTES * CELL_BYTES;
        const uint64_t until = end < cell_begin + CELL_BYTES ? end : cell_begin + CELL_BYTES;
        mine.bytes = (uint8_t)(((1u << (until - at)) - 1) << (at - cell_begin));
        touch_cell(checker, wave, inst, &mine, lane, at);
        at = until;
    }
}

static void check_alignment(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                            int lane, uint64_t address)
{
    // Atomics must be naturally aligned; loads and stores may sit anywhere (unaligned access mode is on for HSA).
    if (checker->access.atomic && address % checker->access.bytes != 0)
        emu_check_report(checker, EMU_CHECK_MISALIGNED, wave, inst, lane, "address 0x%llx",
                         (unsigned long long)address);
}

void emu_check_global(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst)
{
    const struct emu_access *access = &checker->access;
    if (access->atomic) {
        // Taken as release and acquire: what others did before their last atomic is visible from here on.
        checker->acquired = checker->clock++;
    }
    const struct emu_toucher mine = emu_check_toucher(checker, wave, inst);
    for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1) {
        const int lane = __builtin_ctzll(lanes);
        for (unsigned i = 0; i < access->per_lane; i++) {
            check_alignment(checker, wave, inst, lane, access->address[i][lane]);
            touch_range(checker, wave, inst, mine, lane, access->address[i][lane]);
        }
    }
}
