// Delays results as long as the ISA allows: loads until a wait, stores until a wait or beyond the wave's end, and the
// first-level caches drop nothing by themselves.
#include "adversary.h"

#include <stdlib.h>
#include <string.h>

#include "../counters.h"
#include "../launch.h"
#include "../registers.h"
#include "worst_memory.h"

enum { DELAYED_MAX = 256, SGPRS_MAX = 16, VGPRS_MAX = 4, BYTES_MAX = 64 * 16 * 2, WAVES_MAX = 32, LDS_MAX = 65536 };

// One outstanding operation: what it will write, and when.
struct delayed {
    uint32_t operation[EMU_CNT_COUNT];
    struct emu_register_use use[2];
    uint32_t use_count;
    uint32_t vgpr[2][VGPRS_MAX][EMU_LANES]; // [half]
    uint32_t sgpr[SGPRS_MAX];
    uint32_t byte_count; // LDS
    uint16_t byte_at[BYTES_MAX];
    uint8_t byte[BYTES_MAX];
    struct emu_late_store *store; // global memory
};

struct wave_state {
    struct emu_counter_state counter[EMU_CNT_COUNT];
    struct delayed *queue[DELAYED_MAX]; // oldest first
    uint32_t count;
};

struct emu_adversary {
    uint64_t random;
    struct emu_group *group;
    struct wave_state wave[WAVES_MAX];
    struct delayed kept; // registers as they were before the instruction
    uint8_t *lds;        // LDS as it was before the instruction
    struct emu_worst_memory *memory;
    struct emu_late_store *late; // of waves that have ended, newest first
};

static uint64_t next_random(struct emu_adversary *adversary)
{
    // xorshift64*: Marsaglia 2003, Vigna 2016.
    uint64_t x = adversary->random;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    adversary->random = x;
    return x * 0x2545f4914f6cdd1du;
}

struct emu_adversary *emu_adversary_create(uint64_t seed)
{
    struct emu_adversary *adversary = calloc(1, sizeof *adversary);
    if (!adversary)
        return NULL;
    adversary->random = seed * 0x9e3779b97f4a7c15u + 1;
    adversary->lds = malloc(LDS_MAX);
    adversary->memory = emu_worst_memory_create();
    if (adversary->lds && adversary->memory)
        return adversary;
    emu_adversary_destroy(adversary);
    return NULL;
}

// Lets the late stores arrive, oldest first.
static void flush_late(struct emu_adversary *adversary)
{
    struct emu_late_store *ordered = NULL;
    while (adversary->late) {
        struct emu_late_store *store = adversary->late;
        adversary->late = store->next;
        store->next = ordered;
        ordered = store;
    }
    while (ordered) {
        struct emu_late_store *next = ordered->next;
        emu_worst_memory_arrive(adversary->memory, ordered);
        ordered = next;
    }
}

// Empties the queues; the stores in them are late from now on.
static void drop_all(struct emu_adversary *adversary)
{
    for (unsigned i = 0; i < WAVES_MAX; i++) {
        for (uint32_t k = 0; k < adversary->wave[i].count; k++) {
            struct delayed *delayed = adversary->wave[i].queue[k];
            if (delayed->store) {
                delayed->store->next = adversary->late;
                adversary->late = delayed->store;
            }
            free(delayed);
        }
        adversary->wave[i] = (struct wave_state){0};
    }
}

void emu_adversary_destroy(struct emu_adversary *adversary)
{
    if (!adversary)
        return;
    drop_all(adversary);
    flush_late(adversary);
    emu_worst_memory_destroy(adversary->memory);
    free(adversary->lds);
    free(adversary);
}

void emu_adversary_group_begin(struct emu_adversary *adversary, struct emu_group *group)
{
    drop_all(adversary);
    if (next_random(adversary) % 4 == 0)
        flush_late(adversary);
    adversary->group = group;
    emu_worst_memory_begin(adversary->memory, group->launch->ranges);
}

// Waves of a workgroup in WGP mode take turns on the two CUs.
static uint32_t cache_of(const struct emu_wave *wave)
{
    return wave->group->launch->kernel->wgp_mode ? wave->index % EMU_WORST_CACHES : 0;
}

static uint32_t *vgpr_at(const struct emu_wave *wave, unsigned half, unsigned reg)
{
    return wave->v + ((size_t)half * 256 + reg) * EMU_LANES;
}

// Copies the registers that `delayed` names out of the wave.
static void read_registers(struct delayed *delayed, const struct emu_wave *wave)
{
    for (uint32_t i = 0; i < delayed->use_count; i++) {
        const struct emu_register_use *use = &delayed->use[i];
        for (unsigned k = 0; k < use->count; k++) {
            if (use->file == EMU_FILE_SGPR)
                delayed->sgpr[k] = wave->s[use->first + k];
            else
                for (unsigned half = 0; half <= wave->wave64; half++)
                    memcpy(delayed->vgpr[half][k], vgpr_at(wave, half, use->first + k), sizeof delayed->vgpr[half][k]);
        }
    }
}

// Writes them back; a 16-bit result only its half.
static void write_registers(const struct delayed *delayed, struct emu_wave *wave)
{
    for (uint32_t i = 0; i < delayed->use_count; i++) {
        const struct emu_register_use *use = &delayed->use[i];
        const uint32_t mask = (use->halves & 1 ? 0x0000ffffu : 0) | (use->halves & 2 ? 0xffff0000u : 0);
        for (unsigned k = 0; k < use->count; k++) {
            if (use->file == EMU_FILE_SGPR)
                wave->s[use->first + k] = delayed->sgpr[k];
            else
                for (unsigned half = 0; half <= wave->wave64; half++)
                    for (unsigned lane = 0; lane < EMU_LANES; lane++) {
                        uint32_t *word = vgpr_at(wave, half, use->first + k) + lane;
                        *word = (*word & ~mask) | (delayed->vgpr[half][k][lane] & mask);
                    }
        }
    }
}

static void commit(struct emu_adversary *adversary, struct emu_wave *wave, const struct delayed *delayed)
{
    write_registers(delayed, wave);
    for (uint32_t i = 0; i < delayed->byte_count; i++)
        adversary->group->lds[delayed->byte_at[i]] = delayed->byte[i];
    if (delayed->store)
        emu_worst_memory_arrive(adversary->memory, delayed->store);
}

// Commits the operations that `done` accepts, oldest first.
static void commit_where(struct emu_adversary *adversary, struct emu_wave *wave,
                         bool (*done)(const struct wave_state *state, const struct delayed *delayed))
{
    struct wave_state *state = &adversary->wave[wave->index];
    uint32_t kept = 0;
    for (uint32_t i = 0; i < state->count; i++) {
        struct delayed *delayed = state->queue[i];
        if (!done(state, delayed)) {
            state->queue[kept++] = delayed;
            continue;
        }
        commit(adversary, wave, delayed);
        free(delayed);
    }
    state->count = kept;
}

static bool is_retired(const struct wave_state *state, const struct delayed *delayed)
{
    for (unsigned counter = 0; counter < EMU_CNT_COUNT; counter++)
        if (delayed->operation[counter] > state->counter[counter].retired)
            return false;
    return true;
}

static bool is_lds_store(const struct wave_state *state, const struct delayed *delayed)
{
    (void)state;
    return delayed->byte_count > 0;
}

// A wave's end waits for nothing: its stores to memory may still be on their way.
static bool ends_with_wave(const struct wave_state *state, const struct delayed *delayed)
{
    (void)state;
    return !delayed->store;
}

void emu_adversary_before(struct emu_adversary *adversary, struct emu_wave *wave, const struct emu_inst *inst)
{
    wave->access->lanes = 0;
    adversary->kept.use_count = 0;
    const unsigned counters = emu_counters_of(inst);
    if (!counters)
        return;
    // LDS operations of one wave are in order: its own earlier stores are there for it.
    if (counters >> EMU_CNT_LDS & 1)
        commit_where(adversary, wave, is_lds_store);
    struct emu_register_uses uses;
    emu_register_uses_of(inst, &uses);
    for (uint32_t i = 0; i < uses.count && adversary->kept.use_count < 2; i++)
        if (uses.use[i].write && uses.use[i].file != EMU_FILE_SCC)
            adversary->kept.use[adversary->kept.use_count++] = uses.use[i];
    read_registers(&adversary->kept, wave);
    if (counters >> EMU_CNT_LDS & 1)
        memcpy(adversary->lds, adversary->group->lds, adversary->group->lds_bytes);
}

// Takes the bytes that a store to LDS has just written out of LDS again.
static void take_bytes(struct emu_adversary *adversary, const struct emu_access *access, struct delayed *delayed)
{
    for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1) {
        const int lane = __builtin_ctzll(lanes);
        for (unsigned i = 0; i < access->per_lane; i++)
            for (unsigned b = 0; b < access->bytes && delayed->byte_count < BYTES_MAX; b++) {
                const uint64_t at = access->address[i][lane] + b;
                if (at >= adversary->group->lds_bytes)
                    continue;
                delayed->byte_at[delayed->byte_count] = (uint16_t)at;
                delayed->byte[delayed->byte_count++] = adversary->group->lds[at];
            }
    }
    for (uint32_t i = 0; i < delayed->byte_count; i++)
        adversary->group->lds[delayed->byte_at[i]] = adversary->lds[delayed->byte_at[i]];
}

// Accesses of one wave to one address are in order: its own earlier stores to what it loads arrive first.
static bool commit_overlapping(struct emu_adversary *adversary, const struct emu_wave *wave)
{
    struct wave_state *state = &adversary->wave[wave->index];
    bool any = false;
    for (uint32_t i = state->count; i-- > 0;) {
        struct delayed *delayed = state->queue[i];
        any |= delayed->store && emu_late_store_overlaps(delayed->store, wave->access);
    }
    for (uint32_t i = 0; i < state->count && any; i++) {
        struct delayed *delayed = state->queue[i];
        if (delayed->store)
            emu_worst_memory_arrive(adversary->memory, delayed->store);
        delayed->store = NULL;
    }
    return any;
}

// A vector access of global memory was executed: loads see what their CU's cache holds; stores and atomics are noted.
static struct emu_late_store *after_memory(struct emu_adversary *adversary, struct emu_wave *wave,
                                           const struct emu_inst *inst)
{
    const struct emu_access *access = wave->access;
    const uint32_t cache = cache_of(wave);
    if (access->atomic) {
        emu_worst_memory_accept(adversary->memory, access, cache);
        return NULL;
    }
    if (access->store)
        return emu_worst_memory_hold(adversary->memory, access, cache);
    bool again = commit_overlapping(adversary, wave);
    if (inst->glc)
        emu_worst_memory_accept(adversary->memory, access, cache);
    else
        again |= emu_worst_memory_is_stale(adversary->memory, access, cache);
    if (again) {
        write_registers(&adversary->kept, wave);
        emu_worst_memory_reload(adversary->memory, wave, inst, cache);
    }
    return NULL;
}

void emu_adversary_after(struct emu_adversary *adversary, struct emu_wave *wave, const struct emu_inst *inst)
{
    struct wave_state *state = &adversary->wave[wave->index];
    if (inst->class == EMU_C_WAIT) {
        emu_counters_wait(state->counter, wave, inst);
        commit_where(adversary, wave, is_retired);
        return;
    }
    if (wave->status == EMU_ENDED)
        commit_where(adversary, wave, ends_with_wave);
    if (inst->op == EMU_OP_buffer_gl0_inv)
        emu_worst_memory_invalidate(adversary->memory, cache_of(wave));
    const unsigned counters = emu_counters_of(inst);
    if (!counters)
        return;
    struct emu_late_store *store = NULL;
    if (wave->access->lanes && wave->access->space == EMU_SPACE_GLOBAL)
        store = after_memory(adversary, wave, inst);
    struct delayed *delayed = calloc(1, sizeof *delayed);
    for (unsigned counter = 0; counter < EMU_CNT_COUNT; counter++)
        if (counters >> counter & 1 && delayed)
            delayed->operation[counter] = ++state->counter[counter].issued;
    // Without memory or room for it the result arrives at once, which is allowed too.
    if (!delayed || state->count == DELAYED_MAX) {
        free(delayed);
        if (store)
            emu_worst_memory_arrive(adversary->memory, store);
        return;
    }
    delayed->store = store;
    memcpy(delayed->use, adversary->kept.use, sizeof delayed->use);
    delayed->use_count = adversary->kept.use_count;
    read_registers(delayed, wave);
    write_registers(&adversary->kept, wave);
    const struct emu_access *access = wave->access;
    if (access->lanes && access->space == EMU_SPACE_LDS && access->store && !access->atomic)
        take_bytes(adversary, access, delayed);
    state->queue[state->count++] = delayed;
}

uint32_t emu_adversary_choose(struct emu_adversary *adversary, const uint32_t *ready, uint32_t count,
                              uint32_t *instructions)
{
    // Long turns find missing barriers, short ones find what hides behind lockstep.
    static const uint32_t turns[] = {1, 7, 50, 400, 100000};
    *instructions = turns[next_random(adversary) % (sizeof turns / sizeof *turns)];
    return ready[next_random(adversary) % count];
}
