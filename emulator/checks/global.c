// Global memory: data races between the waves of a workgroup and between workgroups, and reads that may hit a stale
// line of the other CU's L0.
//
// Inside a workgroup as for LDS: a barrier orders two accesses when the first had completed before (vmcnt or vscnt
// waited for). In WGP mode the waves may run on two CUs with an L0 each, so a reader must also have executed
// buffer_gl0_inv since that barrier (LLVM AMDGPUUsage, memory model gfx10-gfx11). Between workgroups: an access is
// taken as ordered when it was complete before its workgroup stored or executed an atomic, and this workgroup has since
// received the value of an atomic or of a load with GLC; a plain load must then come after a buffer_gl0_inv. Which
// addresses release and acquire use is not followed.
#include <stdlib.h>
#include <string.h>

#include "state.h"

enum {
    CELL_BYTES = 4,
    PAGE_BYTES = 4096,
    PAGE_CELLS = PAGE_BYTES / CELL_BYTES,
    PAGES_MAX = 1 << 13,
    RELEASES_MAX = 1 << 16
};

struct page {
    uint64_t number; // address / PAGE_BYTES
    struct emu_cell cells[PAGE_CELLS];
};

// Open addressing by page number. Beyond PAGES_MAX pages (32 MiB of touched memory, at most 512 MiB of shadow) further
// pages are not watched, and beyond RELEASES_MAX workgroups a race between workgroups is not reported.
struct emu_global_shadow {
    size_t count;
    struct emu_release *releases[RELEASES_MAX]; // by workgroup
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
    for (size_t i = 0; i < RELEASES_MAX; i++)
        free(shadow->releases[i]);
    free(shadow);
}

static struct emu_cell *cell_at(struct emu_global_shadow *shadow, uint64_t address)
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

// ---- Between workgroups ------------------------------------------------------------------------------------------

// Notes what the running wave's store or atomic may release: its own complete operations, and those of others that were
// complete at the last barrier.
static void release(struct emu_checker *checker, const struct emu_wave *wave)
{
    const uint32_t number = checker->group_number - 1;
    if (number >= RELEASES_MAX)
        return;
    struct emu_release **slot = &checker->global->releases[number];
    if (!*slot)
        *slot = calloc(1, sizeof **slot);
    if (!*slot)
        return;
    if (checker->epoch && (*slot)->epoch != checker->epoch + 1) {
        for (uint32_t w = 0; w < checker->group->wave_count; w++)
            for (unsigned counter = 0; counter < EMU_CNT_COUNT; counter++)
                if ((*slot)->operation[w][counter] < checker->wave[w].retired_at_barrier[counter])
                    (*slot)->operation[w][counter] = checker->wave[w].retired_at_barrier[counter];
        (*slot)->epoch = checker->epoch + 1;
    }
    for (unsigned counter = 0; counter < EMU_CNT_COUNT; counter++)
        (*slot)->operation[wave->index][counter] = checker->wave[wave->index].counter[counter].retired;
}

static bool was_released(const struct emu_checker *checker, const struct emu_toucher *other)
{
    const uint32_t number = other->group - 1;
    if (number >= RELEASES_MAX)
        return true; // not known
    const struct emu_release *released = checker->global->releases[number];
    return released && other->operation <= released->operation[other->wave][other->counter];
}

bool emu_check_has_acquired(const struct emu_checker *checker, const struct emu_wave *wave)
{
    const struct emu_wave_checks *checks = &checker->wave[wave->index];
    return checker->acquired || (checks->acquire && checks->acquire <= checks->counter[EMU_CNT_VM].retired);
}

// ---- One cell ----------------------------------------------------------------------------------------------------

// Accesses that are, or may be, atomic on both sides. Atomic loads are loads with GLC; an atomic store looks like any
// other one, so that of one word by one lane gets the benefit of the doubt against atomics.
static bool are_atomic(const struct emu_toucher *a, const struct emu_toucher *b)
{
    if (a->past_l0 || b->past_l0)
        return true;
    return (a->atomic && (b->atomic || b->flag)) || (b->atomic && a->flag);
}

static void check_other_group(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                              const struct emu_toucher *other, const struct emu_toucher *mine, int lane,
                              uint64_t address, const char *what)
{
    if (!emu_check_has_acquired(checker, wave) || !was_released(checker, other))
        emu_check_report(checker, EMU_CHECK_GROUP_RACE, wave, inst, lane, "address 0x%llx, %s by workgroup %u",
                         (unsigned long long)address, what, other->group - 1);
    else if (*what == 'w' && !checker->access.store && !mine->atomic && !checker->wave[wave->index].fresh)
        emu_check_report(checker, EMU_CHECK_STALE_L0, wave, inst, lane, "address 0x%llx, written by workgroup %u",
                         (unsigned long long)address, other->group - 1);
}

static void check_pair(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                       const struct emu_toucher *other, const struct emu_toucher *mine, int lane, uint64_t address,
                       const char *what)
{
    if (!other->group || !(other->bytes & mine->bytes) || are_atomic(other, mine))
        return;
    if (other->group != mine->group) {
        check_other_group(checker, wave, inst, other, mine, lane, address, what);
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
    if (checker->wgp_mode && *what == 'w' && !checker->access.store && !mine->atomic &&
        checker->wave[wave->index].gl0_inv_epoch <= other->epoch + 1)
        emu_check_report(checker, EMU_CHECK_STALE_L0, wave, inst, lane, "address 0x%llx, written by wave %u",
                         (unsigned long long)address, other->wave);
}

static void touch_cell(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                       const struct emu_toucher *mine, int lane, uint64_t address)
{
    struct emu_cell *cell = cell_at(checker->global, address);
    if (!cell)
        return;
    const bool stores = checker->access.store || checker->access.atomic;
    for (unsigned i = 0; i < 2; i++) {
        check_pair(checker, wave, inst, &cell->writer[i], mine, lane, address, "written");
        if (stores)
            check_pair(checker, wave, inst, &cell->reader[i], mine, lane, address, "read");
    }
    emu_cell_touch(cell, mine, stores);
}

static void touch_range(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                        struct emu_toucher mine, int lane, uint64_t address)
{
    const uint64_t end = address + checker->access.bytes;
    for (uint64_t at = address; at < end;) {
        const uint64_t cell_begin = at / CELL_BYTES * CELL_BYTES;
        const uint64_t until = end < cell_begin + CELL_BYTES ? end : cell_begin + CELL_BYTES;
        mine.bytes = (((1u << (until - at)) - 1) << (at - cell_begin)) & 0xf;
        touch_cell(checker, wave, inst, &mine, lane, at);
        at = until;
    }
}

void emu_check_scalar_address(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst)
{
    const struct emu_operand *base = &inst->src[0];
    const struct emu_operand *offset = &inst->src[1];
    if (base->kind != EMU_K_SGPR || inst->dst.kind == EMU_K_NONE)
        return;
    uint32_t low = wave->s[base->reg] + (uint32_t)inst->offset;
    if (offset->kind == EMU_K_SGPR)
        low += wave->s[offset->reg];
    if (low & 3)
        emu_check_report(checker, EMU_CHECK_MISALIGNED, wave, inst, -1,
                         "address ends in %u: the low two bits are dropped", low & 3);
}

void emu_check_global(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst)
{
    const struct emu_access *access = &checker->access;
    struct emu_wave_checks *checks = &checker->wave[wave->index];
    const struct emu_toucher mine = emu_check_toucher(checker, wave, inst);
    if (access->store || access->atomic)
        release(checker, wave);
    if (!checks->acquire && mine.counter == EMU_CNT_VM && (mine.past_l0 || mine.atomic))
        checks->acquire = mine.operation;
    for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1) {
        const int lane = __builtin_ctzll(lanes);
        for (unsigned i = 0; i < access->per_lane; i++)
            touch_range(checker, wave, inst, mine, lane, access->address[i][lane]);
    }
}
