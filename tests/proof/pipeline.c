// Process, night, screen, blocks. Protocol constants are those of the measuring loop, shortened to what matters here:
// how many samples a median has, how long the machine warmed up before.
#include "pipeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../statistics/order.h"
#include "../../statistics/precision.h"
#include "../../statistics/screen.h"

static const double warm_up_s = 2;
static const double sample_s = 0.02; // a batch of launches between two events
static const double setup_s = 0.5;   // operands of a case
static const struct w4_stop_rule screen_rule = {0.005, 10, 40, 2};

enum { GROUP_SAMPLES = 10, ANCHORS = 2, ANCHOR_SAMPLES = 10, SAMPLES_MOST = 64 };
// Streams of process numbers that cannot meet: nights measure in process 0 (and 1, to agree), blocks from here on.
enum { BLOCK_PROCESS = 16 };

bool proof_campaign_init(struct proof_campaign *campaign, const struct w4_noise_profile *profile,
                         const struct proof_design *design, uint64_t seed, size_t cases)
{
    *campaign = (struct proof_campaign){profile, design, seed, cases, 20, NULL};
    if (campaign->history_nights < design->baseline_nights)
        campaign->history_nights = design->baseline_nights;
    campaign->histories = calloc(cases, sizeof(*campaign->histories));
    return campaign->histories != NULL;
}

void proof_campaign_fini(struct proof_campaign *campaign)
{
    free(campaign->histories);
    campaign->histories = NULL;
}

static double sample(struct w4_noise_machine *machine, struct w4_noise_case *state, double effect)
{
    w4_noise_machine_pass(machine, sample_s, true);
    return exp(w4_noise_sample(machine, state) + effect);
}

static double log_median(struct w4_noise_machine *machine, struct w4_noise_case *state, double effect, size_t count)
{
    double times[SAMPLES_MOST];
    for (size_t i = 0; i < count; ++i)
        times[i] = sample(machine, state, effect);
    return log(w4_median(times, count));
}

// The median that a process reports, by the real stop rule.
static double log_figure(struct w4_noise_machine *machine, struct w4_noise_case *state, double effect)
{
    double times[SAMPLES_MOST];
    size_t count = 0;
    do {
        for (int i = 0; i < 5; ++i)
            times[count++] = sample(machine, state, effect);
    } while (w4_stop_of(&screen_rule, times, count, (double)count * sample_s) == W4_STOP_NOT_YET);
    return log(w4_median(times, count));
}

static struct w4_noise_case anchor_start(const struct proof_campaign *campaign, uint64_t anchor, uint64_t night,
                                         uint64_t process)
{
    // Frozen kernels, chosen for being quiet: one feels the clock wholly, one (memory) half.
    struct w4_noise_case state =
        w4_noise_case_start(campaign->profile, campaign->seed, UINT64_MAX - anchor, night, process);
    state.offset *= 0.5 / state.factor;
    state.factor = 0.5;
    state.clock_share = anchor == 0 ? 1 : 0.5;
    state.bimodal = state.slow_mode = false;
    return state;
}

// All cases in one process, in shuffled order, anchors beside each: ln of the figures.
static bool measure_night(const struct proof_campaign *campaign, uint64_t night, uint64_t process, double effect,
                          double *figures)
{
    struct w4_noise_machine machine = w4_noise_machine_start(campaign->profile, campaign->seed, night, process);
    struct w4_noise_case anchors[ANCHORS];
    size_t *order = calloc(campaign->cases, sizeof(*order));
    if (!order)
        return false;
    for (uint64_t i = 0; i < ANCHORS; ++i)
        anchors[i] = anchor_start(campaign, i, night, process);
    w4_rng_shuffle(&machine.rng, order, campaign->cases);
    w4_noise_machine_pass(&machine, warm_up_s, true);
    for (size_t i = 0; i < campaign->cases; ++i) {
        struct w4_noise_case state = w4_noise_case_start(campaign->profile, campaign->seed, order[i], night, process);
        state.phase_checked_s = machine.time_s;
        w4_noise_machine_pass(&machine, setup_s, false);
        double drift = 0;
        for (size_t a = 0; a < ANCHORS && campaign->design->anchored; ++a)
            drift += log_median(&machine, &anchors[a], 0, ANCHOR_SAMPLES) / (double)ANCHORS;
        figures[order[i]] = log_figure(&machine, &state, effect) - drift;
    }
    free(order);
    return true;
}

// d of one block: a fresh process for each side, warmed up, then ABBA or BAAB by coin.
static double measure_block(const struct proof_campaign *campaign, uint64_t key, uint64_t night, size_t block,
                            double effect)
{
    const uint64_t process = BLOCK_PROCESS + 2 * block;
    struct w4_noise_machine machine =
        w4_noise_machine_start(campaign->profile, campaign->seed, night, (key + 1) << 20 | process);
    struct w4_noise_case sides[2];
    double times[2][2];
    size_t counts[2] = {0};
    for (uint64_t side = 0; side < 2; ++side) {
        sides[side] = w4_noise_case_start(campaign->profile, campaign->seed, key, night, process + side);
        w4_noise_machine_pass(&machine, warm_up_s, true);
    }
    const size_t first = w4_rng_coin(&machine.rng);
    for (size_t group = 0; group < 4; ++group) {
        const size_t side = group == 0 || group == 3 ? first : 1 - first;
        times[side][counts[side]++] = exp(log_median(&machine, &sides[side], side == 1 ? effect : 0, GROUP_SAMPLES));
    }
    return w4_block_difference(times[0], 2, times[1], 2);
}

static enum w4_outcome confirm(const struct proof_campaign *campaign, uint64_t key, uint64_t night, double effect,
                               struct proof_tally *tally)
{
    const struct w4_block_design *design = &campaign->design->blocks;
    double *d = calloc(design->cap_blocks, sizeof(*d));
    if (!d)
        return W4_OUTCOME_INCONCLUSIVE;
    struct w4_block_decision decision = w4_block_decide(design, d, 0, false);
    size_t count = 0;
    while (decision.more_blocks > 0) {
        for (size_t i = 0; i < decision.more_blocks; ++i, ++count)
            d[count] = measure_block(campaign, key, night, count, effect);
        decision = w4_block_decide(design, d, count, false);
    }
    tally->blocks += count;
    free(d);
    return decision.outcome;
}

// The stored figure: median of the last nights before the gated ones.
static double baseline_of(const struct proof_campaign *campaign, size_t key)
{
    const struct proof_history *history = &campaign->histories[key];
    const size_t nights = campaign->design->baseline_nights;
    return w4_median(history->log_time + history->count - nights, nights);
}

static double threshold_of(const struct proof_campaign *campaign, size_t key, double delta)
{
    const struct proof_design *design = campaign->design;
    const struct proof_history *history = &campaign->histories[key];
    const double spread =
        design->screen_miss > 0 ? w4_screen_spread(history->log_time, history->count, design->baseline_nights) : NAN;
    return w4_screen_threshold(delta, spread, w4_log_of_loss(0.08), design->screen_miss);
}

static enum w4_outcome compare(double change, double delta)
{
    const struct w4_interval point = {change, change, change, 1};
    return w4_outcome_of(&point, delta, false);
}

static enum w4_outcome gate_case(const struct proof_campaign *campaign, size_t key, uint64_t night, double effect,
                                 const double figures[2], struct proof_tally *tally)
{
    const struct proof_design *design = campaign->design;
    const double delta = w4_log_of_loss(design->blocks.tolerance);
    const double baseline = baseline_of(campaign, key);
    const double change = w4_screen_change(exp(figures[0]), exp(baseline), 1, 1);
    enum w4_screen screen = W4_SCREEN_SLOWER;
    switch (design->way) {
    case PROOF_PLAIN: return compare(change, delta);
    case PROOF_AGREE: return compare(fmin(change, figures[1] - baseline), delta);
    case PROOF_SCREEN: screen = w4_screen_of(change, threshold_of(campaign, key, delta), delta); break;
    case PROOF_BLOCKS: break;
    }
    if (screen == W4_SCREEN_CLEAR)
        return W4_OUTCOME_PASS;
    if (screen == W4_SCREEN_BLIND)
        return W4_OUTCOME_INCONCLUSIVE;
    ++tally->flagged;
    return confirm(campaign, key, night, effect, tally);
}

static bool measure_history(struct proof_campaign *campaign, double *figures)
{
    for (uint64_t night = 0; night < campaign->history_nights; ++night) {
        if (!measure_night(campaign, night, 0, 0, figures))
            return false;
        for (size_t key = 0; key < campaign->cases; ++key) {
            struct proof_history *history = &campaign->histories[key];
            history->log_time[history->count++] = figures[key];
        }
    }
    return true;
}

void proof_night(struct proof_campaign *campaign, uint64_t night, double loss, struct proof_tally *tally)
{
    const double effect = w4_log_of_loss(loss);
    double *figures[2] = {calloc(campaign->cases, sizeof(double)), calloc(campaign->cases, sizeof(double))};
    bool measured = figures[0] && figures[1];
    bool alarm = false;
    if (measured && campaign->histories[0].count == 0)
        measured = measure_history(campaign, figures[0]);
    const uint64_t gated = campaign->history_nights + night;
    measured = measured && measure_night(campaign, gated, 0, effect, figures[0]);
    if (campaign->design->way == PROOF_AGREE)
        measured = measured && measure_night(campaign, gated, 1, effect, figures[1]);
    for (size_t key = 0; key < campaign->cases && measured; ++key) {
        const double pair[2] = {figures[0][key], figures[1][key]};
        const enum w4_outcome outcome = gate_case(campaign, key, gated, effect, pair, tally);
        ++tally->outcomes[outcome];
        ++tally->cases;
        alarm = alarm || outcome == W4_OUTCOME_FAIL;
    }
    tally->nights += measured;
    tally->alarm_nights += alarm;
    free(figures[0]);
    free(figures[1]);
}

void proof_repeat_spreads(const struct proof_campaign *campaign, size_t repeats, double *spreads)
{
    double values[PROOF_HISTORY_MOST];
    for (size_t key = 0; key < campaign->cases; ++key) {
        for (size_t i = 0; i < repeats; ++i) {
            const uint64_t process = (uint64_t)key << 8 | i;
            struct w4_noise_machine machine = w4_noise_machine_start(campaign->profile, campaign->seed, 0, process);
            struct w4_noise_case state = w4_noise_case_start(campaign->profile, campaign->seed, key, 0, process);
            w4_noise_machine_pass(&machine, warm_up_s, true);
            values[i] = log_figure(&machine, &state, 0);
        }
        spreads[key] = w4_deviation(values, repeats);
    }
}

bool proof_blind_nights(const struct w4_noise_profile *profile, const struct proof_design *design, uint64_t seed,
                        size_t cases, struct proof_tally *tally)
{
    // A level that is no number makes every time that depends on it none.
    struct w4_noise_profile blind = *profile;
    struct proof_campaign campaign;
    blind.sample = NAN;
    if (!proof_campaign_init(&campaign, profile, design, seed, cases))
        return false;
    struct proof_tally seen = {0};
    proof_night(&campaign, 0, 0, &seen); // the history is of nights that measured
    campaign.profile = &blind;
    for (uint64_t night = 1; night < 4; ++night)
        proof_night(&campaign, night, 0, tally);
    // The same when the screen had seen something and only the blocks did not.
    for (size_t key = 0; key < cases; ++key) {
        ++tally->cases;
        ++tally->outcomes[confirm(&campaign, key, campaign.history_nights, 0, tally)];
    }
    proof_campaign_fini(&campaign);
    return seen.nights == 1;
}

double proof_coverage(const struct w4_noise_profile *profile, const struct proof_design *design, uint64_t seed,
                      size_t cases, size_t blocks)
{
    enum { NIGHTS = 10 };
    struct proof_campaign campaign;
    double *d = calloc(blocks, sizeof(*d));
    if (!d || !proof_campaign_init(&campaign, profile, design, seed, cases)) {
        free(d);
        return NAN;
    }
    uint64_t covered = 0;
    for (uint64_t night = 0; night < NIGHTS; ++night) {
        for (size_t key = 0; key < cases; ++key) {
            for (size_t block = 0; block < blocks; ++block)
                d[block] = measure_block(&campaign, key, night, block, 0);
            const struct w4_interval interval = w4_median_interval(d, blocks, 0.05);
            covered += interval.lower <= 0 && 0 <= interval.upper;
        }
    }
    proof_campaign_fini(&campaign);
    free(d);
    return (double)covered / (double)(NIGHTS * cases);
}
