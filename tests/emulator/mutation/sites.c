// Finds mutation sites by decoding .text.
#include "sites.h"

#include <string.h>

#include "../../../codeobject/codeobject.h"
#include "../../../emulator/inst.h"

enum {
    S_NOP = 0xbf800000u,  // s_nop 0
    S_TRAP = 0xbf900002u, // s_trap 2
    COUNT_MAX = 63
};

const char *const mutation_texts[MUTATION_COUNT] = {
#define X(name, text) [MUTATION_##name] = (text),
    MUTATION_KINDS(X)
#undef X
};

struct finder {
    const struct co_object *parsed;
    struct mutation_site *sites;
    size_t count, room;
    bool after_wmma; // the last instruction was a WMMA
};

static void add(struct finder *finder, enum mutation_kind kind, const struct emu_inst *inst, uint32_t word)
{
    if (finder->count == finder->room)
        return;
    finder->sites[finder->count++] =
        (struct mutation_site){.kind = kind,
                               .pc = inst->pc,
                               .at = (size_t)(finder->parsed->text.contents - finder->parsed->bytes) + inst->pc,
                               .word = {word, S_NOP},
                               .words = inst->words == 2 ? 2 : 1};
}

// s_waitcnt: vmcnt in bits 15:10, lgkmcnt in 9:4, expcnt in 2:0.
static void add_waitcnt(struct finder *finder, const struct emu_inst *inst)
{
    const uint32_t vm = inst->raw[0] >> 10 & COUNT_MAX, lgkm = inst->raw[0] >> 4 & COUNT_MAX;
    add(finder, MUTATION_WAIT_DROPPED, inst, S_NOP);
    if (vm < COUNT_MAX)
        add(finder, MUTATION_VMCNT_WEAKENED, inst, inst->raw[0] + (1u << 10));
    if (lgkm < COUNT_MAX)
        add(finder, MUTATION_LGKMCNT_WEAKENED, inst, inst->raw[0] + (1u << 4));
}

static void add_instruction(struct finder *finder, const struct emu_inst *inst)
{
    const bool wmma = inst->class == EMU_C_WMMA || inst->class == EMU_C_WMMA_IU4;
    switch (inst->op) {
    case EMU_OP_s_waitcnt: add_waitcnt(finder, inst); break;
    case EMU_OP_s_waitcnt_vscnt:
        add(finder, MUTATION_VSCNT_DROPPED, inst, S_NOP);
        add(finder, MUTATION_VSCNT_WEAKENED, inst, inst->raw[0] + 1);
        break;
    case EMU_OP_s_barrier: add(finder, MUTATION_BARRIER_DROPPED, inst, S_NOP); break;
    case EMU_OP_buffer_gl0_inv: add(finder, MUTATION_INV_DROPPED, inst, S_NOP); break;
    case EMU_OP_v_nop:
        if (finder->after_wmma)
            add(finder, MUTATION_NOP_DROPPED, inst, S_NOP);
        break;
    default: break;
    }
    finder->after_wmma = wmma;
}

static void scan(struct finder *finder, uint64_t from, uint64_t to, bool wave64)
{
    const struct co_object *parsed = finder->parsed;
    const uint32_t *words = (const uint32_t *)(const void *)(parsed->text.contents);
    for (uint64_t at = from / 4; at < to / 4;) {
        struct emu_inst inst, dual;
        const int length = emu_decode(words + at, (size_t)(to / 4 - at), (uint32_t)at * 4, wave64, &inst, &dual);
        if (length > 0)
            add_instruction(finder, &inst);
        at += length > 0 ? (uint64_t)length : 1;
    }
}

size_t mutation_sites(const void *object, size_t size, const char *kernel, bool whole_text, struct mutation_site *sites,
                      size_t room)
{
    struct co_object parsed;
    struct w4_error error = {0};
    if (co_object_parse(object, size, kernel, &parsed, &error) != W4_OK)
        return 0;
    struct finder finder = {.parsed = &parsed, .sites = sites, .room = room};
    const struct co_kernel *found = co_object_find_kernel(&parsed, kernel);
    if (found) {
        uint64_t from = 0, to = parsed.text.size;
        if (!whole_text) {
            from = found->entry - parsed.text.address;
            for (size_t i = 0; i < parsed.kernel_count; i++) {
                const uint64_t entry = parsed.kernels[i].entry - parsed.text.address;
                if (entry > from && entry < to)
                    to = entry;
            }
        }
        scan(&finder, from, to, found->wavefront_size == 64);
    }
    co_object_fini(&parsed);
    return finder.count;
}

void mutation_apply(const struct mutation_site *site, uint8_t *copy)
{
    memcpy(copy + site->at, site->word, site->words * sizeof *site->word);
}

void mutation_trap(const struct mutation_site *site, uint8_t *copy)
{
    const uint32_t trap = S_TRAP;
    memcpy(copy + site->at, &trap, sizeof trap);
}
