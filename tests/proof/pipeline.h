// A simulated machine's nights through the real decision functions: what a process would report, what the screen makes
// of it, what the A/B confirmation concludes. The times come from tests/noisy/noise.h; every decision is statistics/'.
#ifndef W4_PROOF_PIPELINE_H
#define W4_PROOF_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../statistics/blocks.h"
#include "../noisy/noise.h"

enum { PROOF_HISTORY_MOST = 64 };

// How a gate comes to its verdict.
enum proof_way {
    PROOF_PLAIN,  // tonight's figure against the stored one
    PROOF_AGREE,  // a second process must say the same
    PROOF_BLOCKS, // A/B blocks for every case
    PROOF_SCREEN, // A/B blocks for what the screen flags
};

struct proof_design {
    const char *name;
    enum proof_way way;
    bool anchored;          // figures are divided by the anchors'
    size_t baseline_nights; // whose median is the stored figure
    double screen_miss;     // per-case threshold: a loss of 8 % is missed so often; 0: half the tolerance for all
    struct w4_block_design blocks;
};

// One case's nights so far.
struct proof_history {
    double log_time[PROOF_HISTORY_MOST]; // of a process' median, anchors taken off when the design says so
    size_t count;
};

// A set of cases on one machine: campaign `seed` has its own cases.
struct proof_campaign {
    const struct w4_noise_profile *profile;
    const struct proof_design *design;
    uint64_t seed;
    size_t cases;
    size_t history_nights;           // measured before the first night that is gated
    struct proof_history *histories; // owned
};

struct proof_tally {
    uint64_t nights, alarm_nights;
    uint64_t cases, flagged, blocks;
    uint64_t outcomes[W4_OUTCOME_COUNT];
};

bool proof_campaign_init(struct proof_campaign *campaign, const struct w4_noise_profile *profile,
                         const struct proof_design *design, uint64_t seed, size_t cases);
void proof_campaign_fini(struct proof_campaign *campaign);

// Gates one night whose code is slower by `loss` (share of TFLOPS; 0: unchanged) in every case, and adds to `tally`.
// The histories stay those before the first gated night, as baselines do.
void proof_night(struct proof_campaign *campaign, uint64_t night, double loss, struct proof_tally *tally);

// Nights on which `profile` measured nothing of a case (every time is NaN), screened and confirmed: what the decisions
// make of nothing. False when memory ran out.
bool proof_blind_nights(const struct w4_noise_profile *profile, const struct proof_design *design, uint64_t seed,
                        size_t cases, struct proof_tally *tally);

// Share of `cases` x 10 confirmations of unchanged code, `blocks` each, whose 95 % interval holds 0. NaN when memory
// ran out.
double proof_coverage(const struct w4_noise_profile *profile, const struct proof_design *design, uint64_t seed,
                      size_t cases, size_t blocks);

// Deviation of ln(time) over `repeats` processes of one night, for each case: what publications call repeat spread.
void proof_repeat_spreads(const struct proof_campaign *campaign, size_t repeats, double *spreads);

#endif
