// Loops from backward branches that were taken to executed code.
#include <stdlib.h>

#include "internal.h"

size_t emu_profile_row_at(const struct emu_profile *profile, uint32_t pc)
{
    size_t low = 0;
    size_t high = profile->row_count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (profile->rows[middle].inst->pc < pc)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct emu_profile_row *head_of(const struct emu_profile *profile, const struct emu_inst *branch)
{
    if (branch->class != EMU_C_BRANCH || !branch->target || branch->target->pc > branch->pc)
        return NULL;
    const size_t at = emu_profile_row_at(profile, branch->target->pc);
    const struct emu_profile_row *head = at < profile->row_count ? &profile->rows[at] : NULL;
    return head && head->inst->pc == branch->target->pc ? head : NULL;
}

// Branches to one head are one loop, which ends at the last of them.
static void add_loop(struct emu_profile *profile, const struct emu_profile_row *head, uint32_t last_pc)
{
    for (size_t i = 0; i < profile->loop_count; i++)
        if (profile->loops[i].first_pc == head->inst->pc) {
            profile->loops[i].last_pc = last_pc;
            return;
        }
    profile->loops[profile->loop_count++] =
        (struct emu_profile_loop){.first_pc = head->inst->pc, .last_pc = last_pc, .iterations = head->executions};
}

size_t emu_profile_loop_of(const struct emu_profile *profile, uint32_t pc)
{
    size_t innermost = profile->loop_count;
    for (size_t i = 0; i < profile->loop_count; i++) {
        const struct emu_profile_loop *loop = &profile->loops[i];
        if (pc < loop->first_pc || pc > loop->last_pc)
            continue;
        if (innermost == profile->loop_count ||
            loop->last_pc - loop->first_pc < profile->loops[innermost].last_pc - profile->loops[innermost].first_pc)
            innermost = i;
    }
    return innermost;
}

static int by_own_time(const void *left, const void *right)
{
    const struct emu_profile_loop *a = left;
    const struct emu_profile_loop *b = right;
    if (a->own_time != b->own_time)
        return a->own_time < b->own_time ? 1 : -1;
    return (a->first_pc > b->first_pc) - (a->first_pc < b->first_pc);
}

bool emu_profile_find_loops(struct emu_profile *profile)
{
    profile->loops = calloc(profile->row_count + 1, sizeof *profile->loops);
    if (!profile->loops)
        return false;
    for (size_t i = 0; i < profile->row_count; i++) {
        const struct emu_profile_row *head = head_of(profile, profile->rows[i].inst);
        if (head)
            add_loop(profile, head, profile->rows[i].inst->pc);
    }
    for (size_t i = 0; i < profile->row_count; i++) {
        const emu_ticks time = emu_profile_row_time(&profile->rows[i]);
        const uint32_t pc = profile->rows[i].inst->pc;
        for (size_t k = 0; k < profile->loop_count; k++)
            if (pc >= profile->loops[k].first_pc && pc <= profile->loops[k].last_pc)
                profile->loops[k].time += time;
        const size_t innermost = emu_profile_loop_of(profile, pc);
        if (innermost < profile->loop_count)
            profile->loops[innermost].own_time += time;
    }
    if (profile->loop_count)
        qsort(profile->loops, profile->loop_count, sizeof *profile->loops, by_own_time);
    return true;
}
