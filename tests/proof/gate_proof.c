// Prints what the gate's decisions are worth on simulated machines: false alarms, catches and cost of several designs
// at several noise levels. With --check it judges the suite's own design on few nights and exits 1 when a promise is
// broken.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../statistics/binomial.h"
#include "../../statistics/order.h"
#include "../../statistics/screen.h"
#include "pipeline.h"

enum { CASES = 200, SPREAD_CASES = 2000, SPREAD_REPEATS = 10, CAMPAIGN_NIGHTS = 20, LOSSES = 3 };

static const double losses[LOSSES] = {0.05, 0.08, 0.10};

// What the proof promises of the suite's own design on a typical APU.
static const double alarm_nights_most = 0.01;
static const double caught_least[LOSSES] = {0, 0.95, 0.99};
static const double coverage_least = 0.94;
static const double coverage_most = 0.97;

struct options {
    const char *profile; // NULL: all
    uint64_t nights, seed;
    bool check;
};

// One row: a design on a machine.
struct row {
    struct proof_tally same, slow[LOSSES];
};

// The last one is the suite's own, filled in from statistics/.
static struct proof_design designs[] = {
    {"stored value, 5 %", PROOF_PLAIN, false, 1, 0, {0.05, 0.05, 1, 6, 0, 6, 0, 0}},
    {"second process must agree", PROOF_AGREE, false, 1, 0, {0.05, 0.05, 1, 6, 0, 6, 0, 0}},
    {"A/B x 10 for all, 95 % a case", PROOF_BLOCKS, true, 5, 0, {0.05, 0.05, 1, 10, 0, 10, 0, 0}},
    {"screen 2.5 % + A/B x 20", PROOF_SCREEN, true, 5, 0, {0.05, 0.05, CASES, 20, 0, 20, 0, 0}},
    {"screen 2.5 % + A/B x 20-60", PROOF_SCREEN, true, 5, 0, {0.05, 0.05, CASES, 20, 20, 60, 0, 0}},
    {"screen by spread + A/B x 20-60", PROOF_SCREEN, true, 5, W4_SCREEN_MISS, {0.05, 0.05, CASES, 20, 20, 60, 0, 0}},
    {"the suite's: spread, A/B 6, 16-100", PROOF_SCREEN, true, 5, W4_SCREEN_MISS, {.tolerance = 0}},
};

enum { DESIGNS = sizeof(designs) / sizeof(*designs), OWN = DESIGNS - 1 };

static bool add_nights(const struct w4_noise_profile *profile, const struct proof_design *design, uint64_t seed,
                       uint64_t nights, uint64_t nights_a_campaign, double loss, struct proof_tally *tally)
{
    for (uint64_t done = 0; done < nights; done += nights_a_campaign) {
        struct proof_campaign campaign;
        if (!proof_campaign_init(&campaign, profile, design, seed + done / nights_a_campaign, CASES))
            return false;
        for (uint64_t night = 0; night < nights_a_campaign && done + night < nights; ++night)
            proof_night(&campaign, night, loss, tally);
        proof_campaign_fini(&campaign);
    }
    return tally->nights == nights;
}

// Catches need fewer nights than alarms, and as many different cases as possible: a campaign for each two nights.
static bool measure_row(const struct w4_noise_profile *profile, const struct proof_design *design, uint64_t seed,
                        uint64_t nights, struct row *row)
{
    const uint64_t wanted = nights / 15;
    const uint64_t slow_nights = wanted < 10 ? 10 : wanted > 100 ? 100 : wanted;
    memset(row, 0, sizeof(*row));
    bool done = add_nights(profile, design, seed, nights, CAMPAIGN_NIGHTS, 0, &row->same);
    for (size_t i = 0; i < LOSSES && done; ++i)
        done = add_nights(profile, design, seed + 1000000, slow_nights, 2, losses[i], &row->slow[i]);
    return done;
}

static double share(uint64_t part, uint64_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

static double caught(const struct proof_tally *tally)
{
    return share(tally->outcomes[W4_OUTCOME_FAIL], tally->cases);
}

static double passed(const struct proof_tally *tally)
{
    return share(tally->outcomes[W4_OUTCOME_PASS] + tally->outcomes[W4_OUTCOME_IMPROVED], tally->cases);
}

static void print_heading(void)
{
    printf("%-36s %-26s %10s %7s  %-22s  %-13s %9s %6s\n", "design", "nights with a false alarm", "a case", "open",
           "caught -5 / -8 / -10 %", "passed -8/-10", "confirmed", "blocks");
}

static void print_row(const struct proof_design *design, const struct row *row)
{
    const struct proof_tally *same = &row->same;
    char nights[64];
    snprintf(nights, sizeof(nights), "%llu of %llu (< %.2f %%)", (unsigned long long)same->alarm_nights,
             (unsigned long long)same->nights, 100 * w4_proportion_upper(same->alarm_nights, same->nights, 0.05));
    printf("%-36s %-26s %8.4f %% %5.2f %%  %6.1f /%6.2f /%6.2f  %5.2f / %5.2f %7.1f %% %6.0f\n", design->name, nights,
           100 * caught(same), 100 * share(same->outcomes[W4_OUTCOME_INCONCLUSIVE], same->cases),
           100 * caught(&row->slow[0]), 100 * caught(&row->slow[1]), 100 * caught(&row->slow[2]),
           100 * passed(&row->slow[1]), 100 * passed(&row->slow[2]), 100 * share(same->flagged, same->cases),
           (double)same->blocks / (double)same->nights);
    fflush(stdout);
}

static bool print_spreads(const struct w4_noise_profile *profile, uint64_t seed)
{
    static double spreads[SPREAD_CASES];
    struct proof_campaign campaign;
    if (!proof_campaign_init(&campaign, profile, &designs[0], seed, SPREAD_CASES))
        return false;
    proof_repeat_spreads(&campaign, SPREAD_REPEATS, spreads);
    proof_campaign_fini(&campaign);
    printf("\n%s: deviation of a case over %d repeats: median %.1f %%, 90th percentile %.1f %%, worst of %d cases %.0f "
           "%%\n",
           profile->name, SPREAD_REPEATS, 100 * w4_median(spreads, SPREAD_CASES),
           100 * w4_quantile(spreads, SPREAD_CASES, 0.9), SPREAD_CASES, 100 * w4_quantile(spreads, SPREAD_CASES, 1));
    return true;
}

static bool keep(bool kept, const char *promise, double value)
{
    printf("%s: %s: %.2f %%\n", kept ? "kept" : "BROKEN", promise, 100 * value);
    return kept;
}

// The promises that a simulation can break; true when all hold.
static bool check_promises(const struct w4_noise_profile *profile, const struct row *row, uint64_t seed)
{
    const struct proof_tally *same = &row->same;
    const double bound = w4_proportion_upper(same->alarm_nights, same->nights, 0.05);
    const double coverage = proof_coverage(profile, &designs[OWN], seed, CASES, 20);
    struct proof_tally blind = {0};
    const bool ran = proof_blind_nights(profile, &designs[OWN], seed, CASES, &blind);
    bool kept = keep(bound <= alarm_nights_most, "at most 1 night of 100 with a false alarm (95 % bound)", bound);
    kept =
        keep(caught(&row->slow[1]) >= caught_least[1], "-8 % caught in at least 95 %", caught(&row->slow[1])) && kept;
    kept =
        keep(caught(&row->slow[2]) >= caught_least[2], "-10 % caught in at least 99 %", caught(&row->slow[2])) && kept;
    kept = keep(coverage >= coverage_least && coverage <= coverage_most,
                "the 95 % interval of 20 blocks covers 94-97 %", coverage) &&
           kept;
    return keep(ran && blind.cases > 0 && !(passed(&blind) > 0), "cases that were not measured and pass",
                passed(&blind)) &&
           kept;
}

static bool prove(const struct w4_noise_profile *profile, const struct options *options)
{
    struct row row;
    if (!print_spreads(profile, options->seed))
        return false;
    print_heading();
    for (size_t i = options->check ? OWN : 0; i < DESIGNS; ++i) {
        // The others are there for comparison: a tenth of the nights tells them apart.
        const uint64_t nights = i == OWN || options->nights < 500 ? options->nights : options->nights / 10;
        if (!measure_row(profile, &designs[i], options->seed, nights, &row))
            return false;
        print_row(&designs[i], &row);
    }
    return strcmp(profile->name, "typical-apu") != 0 || check_promises(profile, &row, options->seed);
}

static bool parse_count(const char *text, uint64_t *out)
{
    char *end = NULL;
    errno = 0;
    *out = text ? strtoull(text, &end, 10) : 0;
    return text && *text && !*end && errno == 0;
}

static bool parse(int argc, char **argv, struct options *options)
{
    *options = (struct options){.nights = 300, .seed = 1};
    for (int i = 1; i < argc; ++i) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--check") == 0) {
            options->check = true;
            continue;
        }
        ++i;
        if (strcmp(argv[i - 1], "--nights") == 0 && parse_count(value, &options->nights) && options->nights > 0)
            continue;
        if (strcmp(argv[i - 1], "--seed") == 0 && parse_count(value, &options->seed))
            continue;
        if (strcmp(argv[i - 1], "--profile") == 0 && value && w4_noise_profile_find(value)) {
            options->profile = value;
            continue;
        }
        fprintf(stderr,
                "%s%s%s: wrong; usage: w4bench-proof [--check] [--nights N] [--seed N] "
                "[--profile quiet|typical-apu|laptop|hostile]\n",
                argv[i - 1], value ? " " : "", value ? value : "");
        return false;
    }
    if (options->check && !options->profile)
        options->profile = "typical-apu";
    return true;
}

int main(int argc, char **argv)
{
    struct options options;
    struct w4_error error = {0};
    if (!parse(argc, argv, &options))
        return 4;
    designs[OWN].blocks = w4_block_design_usual(CASES);
    for (size_t i = 0; i < DESIGNS; ++i) {
        if (w4_block_check(&designs[i].blocks, &error) != W4_OK) {
            fprintf(stderr, "%s: %s\n", designs[i].name, error.message);
            return 4;
        }
    }
    bool kept = true;
    printf("%d cases; simulated times; seed %llu\n", CASES, (unsigned long long)options.seed);
    for (size_t i = 0; w4_noise_profile_at(i); ++i) {
        const struct w4_noise_profile *profile = w4_noise_profile_at(i);
        if (!options.profile || strcmp(options.profile, profile->name) == 0)
            kept = prove(profile, &options) && kept;
    }
    return kept ? 0 : 1;
}
