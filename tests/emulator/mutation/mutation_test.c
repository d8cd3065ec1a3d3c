// How good are the checks? Drops or weakens one wait, barrier or hazard slot at a time, shifts one base address, and
// asks two judges: the adversary (or a fault), whether the result can change; the checks, whether they report it.
//
//   test_mutation [--full] [--stride N] [--only TITLE] [--seeds N] [--write FILE]
//
// Without --full every N-th site. --write puts the table into FILE between its two marker lines. The WMMA v_nop has no
// effect that this emulator models: a mutant without it counts as one that can change the result by construction.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../base/file.h"
#include "../corpus/subject.h"
#include "sites.h"

enum { SITES_MAX = 4096, GOAL_PERCENT = 95 };

struct tally {
    unsigned mutants, changing, reported, silent_changes, quiet_reports;
};

struct options {
    unsigned stride, seeds;
    const char *only, *write;
};

struct score {
    struct tally kind[MUTATION_COUNT];
    unsigned subjects;
};

// One subject, read and run once.
struct bench {
    const struct subject *subject;
    const struct options *options;
    uint8_t *object, *copy;
    size_t size;
    struct subject_outcome base;
};

static bool run_once(struct bench *bench, enum subject_mode mode, uint64_t seed, const struct mutation_site *site,
                     struct subject_outcome *outcome)
{
    const struct subject_run run = {.mode = mode,
                                    .seed = seed,
                                    .object = bench->copy,
                                    .size = bench->size,
                                    .shifted = site ? site->buffer : 0,
                                    .shift = site ? site->shift : 0,
                                    .instruction_limit = 4 * bench->base.wave_instructions + 10000};
    if (subject_launch(bench->subject, &run, outcome))
        return true;
    fprintf(stderr, "%s: %s\n", bench->subject->title, *outcome->first ? outcome->first : "out of memory");
    exit(1); // NOLINT(concurrency-mt-unsafe): a test program without threads
}

static bool is_executed(struct bench *bench, const struct mutation_site *site)
{
    struct subject_outcome outcome;
    mutation_trap(site, bench->copy);
    run_once(bench, SUBJECT_PLAIN, 0, NULL, &outcome);
    const bool executed = outcome.faulted;
    subject_outcome_fini(&outcome);
    memcpy(bench->copy + site->at, bench->object + site->at, 8);
    return executed;
}

// Whether some run differs from the right one. Addresses are the program's, not the machine's: a plain run shows it.
static bool can_change(struct bench *bench, const struct mutation_site *site)
{
    if (site->kind == MUTATION_NOP_DROPPED)
        return true;
    bool changed = false;
    for (unsigned seed = 1; seed <= bench->options->seeds && !changed; seed++) {
        struct subject_outcome outcome;
        run_once(bench, SUBJECT_ADVERSARY, seed, site, &outcome);
        changed = outcome.faulted || !subject_outcome_equal(&outcome, &bench->base);
        subject_outcome_fini(&outcome);
    }
    return changed;
}

static void try_site(struct bench *bench, const struct mutation_site *site, struct tally *tally)
{
    struct subject_outcome outcome;
    if (!site->buffer) {
        if (!is_executed(bench, site))
            return;
        mutation_apply(site, bench->copy);
    }
    const bool changing = can_change(bench, site);
    run_once(bench, SUBJECT_CHECK, 0, site, &outcome);
    const bool reported = outcome.findings || outcome.faulted;
    subject_outcome_fini(&outcome);
    memcpy(bench->copy, bench->object, bench->size);
    tally->mutants++;
    tally->changing += changing;
    tally->reported += changing && reported;
    tally->silent_changes += changing && !reported;
    tally->quiet_reports += !changing && reported;
    if (changing && !reported)
        printf("missed: %s, pc 0x%x, buffer %u: %s\n", bench->subject->title, site->pc, site->buffer,
               mutation_texts[site->kind]);
}

static bool begin(struct bench *bench)
{
    struct w4_error error = {0};
    char *bytes = NULL;
    if (w4_file_read(bench->subject->path, 1u << 26, &bytes, &bench->size, &error) != W4_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    bench->object = (uint8_t *)bytes;
    bench->copy = malloc(bench->size + 8);
    if (!bench->copy)
        return false;
    memcpy(bench->copy, bench->object, bench->size);
    bench->base.wave_instructions = 1000000;
    struct subject_outcome base;
    run_once(bench, SUBJECT_PLAIN, 0, NULL, &base);
    bench->base = base;
    return !base.faulted;
}

static bool mutate_subject(const struct subject *subject, const struct options *options, bool whole_text,
                           struct score *score)
{
    struct bench bench = {.subject = subject, .options = options};
    struct mutation_site *sites = calloc(SITES_MAX, sizeof *sites);
    bool fine = sites && begin(&bench);
    if (fine) {
        const size_t count =
            mutation_sites(bench.object, bench.size, subject->kernel, whole_text, sites, SITES_MAX - SUBJECT_BUFFERS);
        // Sites of one kind follow each other closely; a subject's own start spreads the sample over all of them.
        for (size_t i = score->subjects % options->stride; i < count; i += options->stride)
            try_site(&bench, &sites[i], &score->kind[sites[i].kind]);
        for (unsigned i = 0; i < 2 * subject->buffer_count; i++) {
            const struct mutation_site shift = {
                .kind = MUTATION_BASE_SHIFTED, .buffer = i / 2 + 1, .shift = i % 2 ? 1 : -1};
            try_site(&bench, &shift, &score->kind[MUTATION_BASE_SHIFTED]);
        }
        score->subjects++;
    }
    subject_outcome_fini(&bench.base);
    free(bench.object);
    free(bench.copy);
    free(sites);
    return fine;
}

static void print_table(FILE *file, const struct score *score, struct tally *sum)
{
    *sum = (struct tally){0};
    fprintf(file, "| mutation | mutants | can change a result | of these reported | reported, no change seen |\n");
    fprintf(file, "|---|---|---|---|---|\n");
    for (unsigned i = 0; i < MUTATION_COUNT; i++) {
        const struct tally *kind = &score->kind[i];
        fprintf(file, "| %s | %u | %u | %u | %u |\n", mutation_texts[i], kind->mutants, kind->changing, kind->reported,
                kind->quiet_reports);
        sum->mutants += kind->mutants;
        sum->changing += kind->changing;
        sum->reported += kind->reported;
        sum->quiet_reports += kind->quiet_reports;
    }
    fprintf(file, "| all | %u | %u | %u (%.1f %%) | %u |\n", sum->mutants, sum->changing, sum->reported,
            sum->changing ? 100.0 * sum->reported / sum->changing : 0.0, sum->quiet_reports);
}

// Replaces what stands between the marker lines.
static bool write_table(const char *path, const struct score *score)
{
    static const char begin_mark[] = "<!-- mutation score: test_mutation --full --write -->\n",
                      end_mark[] = "<!-- end -->";
    char *text = NULL, *fresh = NULL;
    size_t size, fresh_size;
    struct w4_error error = {0};
    struct tally sum;
    if (w4_file_read(path, 1u << 20, &text, &size, &error) != W4_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    char *from = strstr(text, begin_mark), *to = from ? strstr(from, end_mark) : NULL;
    FILE *file = to ? open_memstream(&fresh, &fresh_size) : NULL;
    if (!file) {
        fprintf(stderr, "%s: no lines \"<!-- mutation score ... -->\" and \"<!-- end -->\"\n", path);
        free(text);
        return false;
    }
    from += sizeof begin_mark - 1;
    fprintf(file, "%.*s", (int)(from - text), text);
    print_table(file, score, &sum);
    fprintf(file, "%s", to);
    bool fine = fclose(file) == 0 && w4_file_write_atomic(path, fresh, fresh_size, &error) == W4_OK;
    if (!fine)
        fprintf(stderr, "%s: %s\n", path, error.message);
    free(fresh);
    free(text);
    return fine;
}

static bool mutate_all(const struct options *options, struct score *score)
{
    // One build of the corpus a wave width; the suite's kernels exist in one.
    static const char *const builds[] = {"o3", "wave64", NULL};
    struct subject *subjects = calloc(SUBJECT_CASES, sizeof *subjects);
    bool fine = subjects != NULL;
    for (unsigned b = 0; b < 3 && fine; b++) {
        const size_t count = builds[b] ? subjects_of_corpus(builds[b], subjects, SUBJECT_CASES)
                                       : subjects_of_suite(subjects, SUBJECT_CASES);
        for (size_t i = 0; i < count; i++) {
            if (fine && (!options->only || strstr(subjects[i].title, options->only)))
                fine = mutate_subject(&subjects[i], options, builds[b] != NULL, score);
            subject_fini(&subjects[i]);
        }
    }
    free(subjects);
    return fine;
}

int main(int argc, char **argv)
{
    struct options options = {.stride = 3, .seeds = 4};
    struct score score = {0};
    struct tally sum;
    for (int i = 1; i < argc; i++) {
        const bool more = i + 1 < argc;
        if (strcmp(argv[i], "--full") == 0)
            options.stride = 1;
        else if (more && strcmp(argv[i], "--stride") == 0)
            options.stride = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (more && strcmp(argv[i], "--seeds") == 0)
            options.seeds = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (more && strcmp(argv[i], "--only") == 0)
            options.only = argv[++i];
        else if (more && strcmp(argv[i], "--write") == 0)
            options.write = argv[++i];
        else {
            fprintf(stderr, "usage: %s [--full] [--stride N] [--only TITLE] [--seeds N] [--write FILE]\n", argv[0]);
            return 4;
        }
    }
    if (options.stride == 0 || !mutate_all(&options, &score))
        return 1;
    print_table(stdout, &score, &sum);
    if (options.write && !write_table(options.write, &score))
        return 1;
    bool good = sum.changing > 0;
    for (unsigned i = 0; i < MUTATION_COUNT; i++)
        good = good && 100 * score.kind[i].reported >= GOAL_PERCENT * score.kind[i].changing;
    if (!good)
        fprintf(stderr, "of some kind fewer than %d %% of the mutants that can change a result are reported\n",
                GOAL_PERCENT);
    return good ? 0 : 1;
}
