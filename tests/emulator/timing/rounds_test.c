// How much of a large launch is simulated, and where its last workgroups go, without a launch.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../../emulator/timing/rounds.h"

enum { MEBI = 1 << 20 };

// The launch's first workgroup has ended, when every one under way had gone through `a_group` instructions.
static struct emu_rounds after_first_end(uint64_t total, unsigned resident, uint64_t a_group, uint64_t budget)
{
    const uint64_t round = (uint64_t)resident * EMU_WGPS;
    struct emu_rounds rounds = emu_rounds_of(total, resident, budget);
    const uint64_t dispatched = total < round ? total : round;
    const struct emu_mark mark = {.at = 1000, .instructions = dispatched * a_group};
    emu_rounds_note_end(&rounds, 1, dispatched, &mark);
    return rounds;
}

static void whole_rounds_and_the_last_one_fit_the_budget(void **state)
{
    (void)state;
    static const struct {
        uint64_t total;
        unsigned resident;
        uint64_t a_group, budget, limit;
    } rows[] = {
        {520, 4, 184 << 10, 24 * MEBI, 120},  // one of 80, and 40
        {728, 4, 93 << 10, 24 * MEBI, 248},   // three, and 8
        {480, 2, 640 << 10, 24 * MEBI, 80},   // no rest: the last of two rounds is the last one
        {728, 4, 1 << 20, 24 * MEBI, 88},     // beyond the budget: one round and the last one are the least
        {60, 4, 1 << 20, 24 * MEBI, 60},      // not even a round
        {520, 4, 10 << 10, 24 * MEBI, 520},   // all of it within the budget
        {520, 4, 184 << 10, UINT64_MAX, 520}, // asked for
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct emu_rounds rounds =
            after_first_end(rows[i].total, rows[i].resident, rows[i].a_group, rows[i].budget);
        if (rounds.limit != rows[i].limit)
            fail_msg("row %zu: %llu workgroups instead of %llu", i, (unsigned long long)rounds.limit,
                     (unsigned long long)rows[i].limit);
    }
}

// How many of the last round a WGP takes when it alone gets free again and again.
static unsigned most_on_a_wgp(struct emu_rounds *rounds)
{
    unsigned taken = 0;
    for (uint64_t dispatched = rounds->limit - rounds->tail; emu_rounds_takes_place(rounds, dispatched, 7);
         dispatched++)
        taken++;
    return taken;
}

static void the_last_round_lies_as_after_many_rounds(void **state)
{
    (void)state;
    static const struct {
        uint64_t total;
        unsigned resident;
        uint64_t a_group;
        unsigned most;
    } rows[] = {
        {520, 4, 184 << 10, 2}, // 40 on 20 WGPs whose four workgroups end one after the other
        {728, 4, 93 << 10, 1},  // 8
        {260, 2, 500 << 10, 2}, // 20, but the two of a WGP end together
        {364, 2, 900 << 10, 1}, // 4
        {320, 3, 240 << 10, 1}, // 20 on WGPs of three
        {160, 3, 240 << 10, 3}, // after fewer than three rounds they lie as they do after one
        {576, 8, 180 << 10, 6}, // 96 on WGPs of eight: five on most
        {520, 4, 50 << 10, 4},  // after five rounds they go where there is room
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct emu_rounds rounds = after_first_end(rows[i].total, rows[i].resident, rows[i].a_group, 24 * MEBI);
        assert_true(rounds.limit < rounds.total);
        const unsigned most = most_on_a_wgp(&rounds);
        if (most != rows[i].most)
            fail_msg("row %zu: %u instead of %u", i, most, rows[i].most);
    }
}

static void the_steady_rate_is_that_of_whole_rounds(void **state)
{
    (void)state;
    enum { ROUND = 4 * EMU_WGPS, A_GROUP = 93 << 10 };
    struct emu_rounds rounds = emu_rounds_of(728, 4, 24 * MEBI);
    // Workgroups end in bursts: those of a round within 100 ticks, 1000 after those of the one before.
    uint64_t dispatched = ROUND, ended = 0;
    for (unsigned round = 0; round < 3; round++)
        for (unsigned i = 0; i < ROUND; i++) {
            const struct emu_mark mark = {.at = 1000 * (round + 1) + i, .instructions = (round + 1) * ROUND * A_GROUP};
            emu_rounds_note_end(&rounds, ++ended, dispatched, &mark);
            dispatched += emu_rounds_takes_place(&rounds, dispatched, i % EMU_WGPS);
        }
    const struct emu_steady steady = emu_rounds_steady(&rounds, rounds.limit * A_GROUP);
    assert_int_equal(steady.to->at - steady.from->at, 2 * 1000);
    assert_true(steady.times == (728.0 - 248.0) / (2 * ROUND));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_rounds_and_the_last_one_fit_the_budget),
        cmocka_unit_test(the_last_round_lies_as_after_many_rounds),
        cmocka_unit_test(the_steady_rate_is_that_of_whole_rounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
