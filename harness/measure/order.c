// Groups cases by GEMM and shuffles them, so that slow drift meets different cases every night.
#include "order.h"

#include <stdlib.h>
#include <string.h>

#include "../../statistics/rng.h"

enum { KEY_MAX = 320, SHUFFLE_GROUPS = 1, SHUFFLE_CASES = 2 };

// The group of every case, numbered as they appear; returns how many.
static size_t number_groups(const struct w4_run *run, size_t *group, char (*keys)[KEY_MAX])
{
    size_t groups = 0;
    for (size_t i = 0; i < run->case_count; ++i) {
        w4_case_shape_key(&run->cases[i].test, keys[groups], KEY_MAX);
        size_t at = 0;
        while (strcmp(keys[at], keys[groups]) != 0)
            ++at;
        group[i] = at;
        groups += at == groups;
    }
    return groups;
}

static void shuffle(uint64_t seed, uint64_t purpose, uint64_t index, size_t *order, size_t count)
{
    struct w4_rng rng = w4_rng_start(seed, purpose, index);
    if (seed != 0) {
        w4_rng_shuffle(&rng, order, count);
        return;
    }
    for (size_t i = 0; i < count; ++i)
        order[i] = i;
}

// Appends the cases of one group, shuffled among themselves. `members` and `within` are room for case_count each.
static size_t append_group(const struct w4_run *run, const size_t *group, size_t which, uint64_t seed, size_t *members,
                           size_t *within, size_t *order)
{
    size_t count = 0;
    for (size_t i = 0; i < run->case_count; ++i) {
        if (group[i] == which)
            members[count++] = i;
    }
    shuffle(seed, SHUFFLE_CASES, which, within, count);
    for (size_t i = 0; i < count; ++i)
        order[i] = members[within[i]];
    return count;
}

enum w4_status w4_order_cases(const struct w4_run *run, uint64_t seed, size_t *order, struct w4_error *error)
{
    size_t count = run->case_count;
    size_t *room = calloc(4 * count + 1, sizeof(*room));
    char (*keys)[KEY_MAX] = calloc(count + 1, sizeof(*keys));
    enum w4_status status = W4_OK;
    if (!room || !keys) {
        status = w4_fail(error, W4_MEMORY, "out of memory for the order of %zu cases", count);
        goto out;
    }
    size_t *group = room;
    size_t *group_order = room + count;
    size_t groups = number_groups(run, group, keys);
    shuffle(seed, SHUFFLE_GROUPS, 0, group_order, groups);
    size_t done = 0;
    for (size_t i = 0; i < groups; ++i)
        done += append_group(run, group, group_order[i], seed, room + 2 * count, room + 3 * count, order + done);
out:
    free(keys);
    free(room);
    return status;
}
