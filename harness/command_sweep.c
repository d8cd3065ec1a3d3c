// `sweep`: runs every variant on the selected shapes, ranks them, compares rule tables and writes one.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/file.h"
#include "commands.h"
#include "evaluation.h"
#include "listing.h"
#include "runner.h"
#include "sweep/sweep.h"
#include "text.h"

#define DEFAULT_NAME "swept"
#define DEFAULT_BASE "tuned"

enum { RULES_LIMIT_BYTES = 1 << 20 };

struct job {
    const struct w4_context *context;
    struct w4_manifest manifest;
    struct w4_run run;
    struct w4_sweep sweep;
    char results[W4_PATH_MAX]; // the result file
    char folder[W4_PATH_MAX];  // of the rule tables
    const char *name;          // of the new one
};

static enum w4_status check_options(const struct w4_options *options, struct w4_error *error)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *name = options->name;
    if (options->format != W4_FORMAT_TABLE && options->format != W4_FORMAT_MARKDOWN)
        return w4_fail(error, W4_USAGE,
                       "sweep: --format is table or markdown; `w4bench report` makes the others from the result file");
    if (name && (!name[0] || name[0] == '.' || strlen(name) >= W4_NAME_MAX || strspn(name, allowed) != strlen(name)))
        return w4_fail(error, W4_USAGE, "sweep: --name %.80s: 1 to %d letters, digits, '.', '_', '-'", name,
                       W4_NAME_MAX - 1);
    return W4_OK;
}

// What an interrupted sweep left, when --resume asks for it and it is there.
static enum w4_status load_earlier(const struct job *job, struct w4_options *options, struct w4_run *earlier,
                                   bool *resumed, struct w4_error *error)
{
    *resumed = false;
    if (!options->resume || access(job->results, F_OK) != 0)
        return W4_OK;
    enum w4_status status = w4_run_load(job->results, earlier, error);
    if (status != W4_OK)
        return status;
    if (options->clock_mhz > 0 && fabs(options->clock_mhz - earlier->clock_mhz) > 0 && earlier->clock_mhz > 0)
        status = w4_fail(error, W4_USAGE, "--resume: the earlier results are at %g MHz", earlier->clock_mhz);
    if (options->clock_mhz <= 0)
        options->clock_mhz = earlier->clock_mhz; // 0 when measured
    *resumed = status == W4_OK;
    if (status != W4_OK)
        w4_run_fini(earlier);
    return status;
}

static enum w4_status run_cases(struct job *job, const struct w4_cases *cases, struct w4_error *error)
{
    // Not a suite of gates and baselines, although the shapes are one's.
    char suite[W4_NAME_MAX];
    struct w4_options options = *job->context->options;
    struct w4_context changed = *job->context;
    struct w4_run earlier = {0};
    bool resumed = false;
    snprintf(suite, sizeof(suite), "sweep-%.50s", options.suite ? options.suite : W4_DEFAULT_SUITE);
    options.suite = suite;
    options.kernel_count = 0;
    enum w4_status status = load_earlier(job, &options, &earlier, &resumed, error);
    if (status != W4_OK)
        return status;
    changed.options = &options;
    changed.cases = cases;
    changed.earlier = resumed ? &earlier : NULL;
    status = w4_bench_run(&changed, job->results, &job->run, error);
    w4_run_fini(&earlier);
    if (status == W4_OK)
        fprintf(stderr, "results: %s\n", job->results);
    return status;
}

static enum w4_status measure(struct job *job, struct w4_error *error)
{
    struct w4_context every = *job->context;
    struct w4_options options = *job->context->options;
    struct w4_cases shapes = {0};
    struct w4_cases cases = {0};
    options.filter = NULL; // names variants
    every.options = &options;
    enum w4_status status = w4_context_cases(&every, &shapes, error);
    for (size_t i = 0; i < shapes.count && status == W4_OK; ++i)
        status = w4_shape_check(&shapes.items[i].shape, error);
    if (status == W4_OK)
        status = w4_sweep_cases(&shapes, &job->manifest, job->context->options->filter, &cases, error);
    if (status == W4_OK)
        status = run_cases(job, &cases, error);
    w4_cases_fini(&cases);
    w4_cases_fini(&shapes);
    return status;
}

// The tables beside the new one, so that a run can compare it with them by --heuristics FOLDER.
static enum w4_status copy_tables(const struct job *job, const struct w4_listing *listing, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < listing->count && status == W4_OK; ++i) {
        char *from = w4_listing_path(job->context->paths.heuristics, listing->names[i]);
        char *to = w4_listing_path(job->folder, listing->names[i]);
        char *text = NULL;
        size_t size = 0;
        status = from && to ? w4_file_read(from, RULES_LIMIT_BYTES, &text, &size, error)
                            : w4_fail(error, W4_MEMORY, "out of memory for the path of %s", listing->names[i]);
        if (status == W4_OK)
            status = w4_file_write_atomic(to, text, size, error);
        free(text);
        free(from);
        free(to);
    }
    return status;
}

static enum w4_status write_rules(const struct job *job, size_t *rules, struct w4_error *error)
{
    const struct w4_run *run = &job->run;
    double slack = job->context->options->tolerance;
    char note[512];
    char *text = NULL;
    char *path = w4_listing_path(job->folder, job->name);
    if (!path)
        return w4_fail(error, W4_MEMORY, "out of memory for the path of %s", job->name);
    snprintf(note, sizeof(note),
             "made by w4bench sweep from %zu shapes of %s on %s (%s), revision %s: the fastest variant of each%s; an M "
             "between two swept ones gets the larger one's tile",
             job->sweep.usable, run->options.suite, run->device.key, w4_report_label(run), run->git_revision,
             slack > 0 ? ", or one within the tolerance" : "");
    enum w4_status status =
        w4_sweep_fit_rules(&job->sweep, &job->manifest, job->name, note, slack > 0 ? slack : 0, &text, rules, error);
    if (status == W4_OK)
        status = w4_file_write_atomic(path, text, strlen(text), error);
    free(text);
    free(path);
    return status;
}

// The tables to compare, the new one last.
static enum w4_status score_tables(const struct job *job, const struct w4_listing *listing,
                                   struct w4_sweep_score *scores, size_t *count, struct w4_error *error)
{
    const struct w4_options *options = job->context->options;
    enum w4_status status = W4_OK;
    *count = 0;
    for (size_t i = 0; i < listing->count && status == W4_OK; ++i) {
        bool wanted = options->kernel_count == 0;
        for (size_t k = 0; k < options->kernel_count; ++k)
            wanted |= strcmp(options->kernels[k], listing->names[i]) == 0;
        if (wanted && strcmp(listing->names[i], job->name) != 0)
            status =
                w4_sweep_score(&job->sweep, &job->manifest, job->folder, listing->names[i], &scores[(*count)++], error);
    }
    return status == W4_OK
               ? w4_sweep_score(&job->sweep, &job->manifest, job->folder, job->name, &scores[(*count)++], error)
               : status;
}

static enum w4_status write_report(const struct job *job, const struct w4_sweep_score *scores, size_t score_count,
                                   size_t rules, enum w4_format format, FILE *out, bool colours, struct w4_error *error)
{
    const struct w4_options *options = job->context->options;
    const char *label = w4_report_label(&job->run);
    const char *base = options->base ? options->base : DEFAULT_BASE;
    enum w4_status status = w4_sweep_write_best(&job->sweep, label, format, out, colours, error);
    if (status == W4_OK)
        status = w4_sweep_write_scores(scores, score_count, job->sweep.count, format, out, colours, error);
    if (status == W4_OK)
        status =
            w4_sweep_write_ablation(&job->sweep, &job->manifest, job->folder, base, label, format, out, colours, error);
    if (status == W4_OK)
        fprintf(out, "\n%zu rules for %zu shapes: --kernel %s --heuristics %s\n", rules, job->sweep.usable, job->name,
                job->folder);
    return status;
}

static enum w4_status save_report(const struct job *job, const struct w4_sweep_score *scores, size_t score_count,
                                  size_t rules, struct w4_error *error)
{
    char path[W4_PATH_MAX];
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return w4_fail(error, W4_MEMORY, "out of memory for the report of the sweep");
    enum w4_status status = write_report(job, scores, score_count, rules, W4_FORMAT_MARKDOWN, out, false, error);
    if (fclose(out) != 0 && status == W4_OK)
        status = w4_fail(error, W4_MEMORY, "out of memory for the report of the sweep");
    if (status == W4_OK)
        status = w4_path_join(path, job->context->out, "sweep.md", error);
    if (status == W4_OK)
        status = w4_file_write_atomic(path, text, size, error);
    free(text);
    return status;
}

static enum w4_status conclude(struct job *job, struct w4_error *error)
{
    struct w4_listing listing = {0};
    struct w4_sweep_score *scores = NULL;
    size_t score_count = 0;
    size_t rules = 0;
    enum w4_status status = w4_listing_create(job->context->paths.heuristics, &listing, error);
    if (status == W4_OK) {
        scores = calloc(listing.count + 1, sizeof(*scores));
        status = scores ? w4_folder_create(job->folder, error) : w4_fail(error, W4_MEMORY, "out of memory for scores");
    }
    if (status == W4_OK)
        status = copy_tables(job, &listing, error);
    if (status == W4_OK)
        status = write_rules(job, &rules, error);
    if (status == W4_OK)
        status = score_tables(job, &listing, scores, &score_count, error);
    if (status == W4_OK)
        status = write_report(job, scores, score_count, rules, job->context->options->format, stdout, w4_use_colours(),
                              error);
    if (status == W4_OK)
        status = save_report(job, scores, score_count, rules, error);
    free(scores);
    w4_listing_fini(&listing);
    return status;
}

// 2 for something wrong, 3 for something that has no figure, as a gate would say.
static int exit_code_of(const struct w4_run *run)
{
    int code = 0;
    for (size_t i = 0; i < run->case_count; ++i) {
        if (run->cases[i].state == W4_CASE_WRONG) {
            fprintf(stderr, "WRONG %s: %s\n", run->cases[i].test.id, run->cases[i].message);
            code = 2;
        } else if (run->cases[i].state != W4_CASE_OK && code == 0) {
            fprintf(stderr, "without a figure: %s: %s\n", run->cases[i].test.id, run->cases[i].message);
            code = 3;
        }
    }
    return code;
}

enum w4_status w4_command_sweep(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    struct job job = {.context = context, .name = context->options->name ? context->options->name : DEFAULT_NAME};
    enum w4_status status = check_options(context->options, error);
    if (status == W4_OK)
        status = w4_listing_require(context->paths.heuristics, "kernel",
                                    context->options->base ? context->options->base : DEFAULT_BASE, error);
    if (status == W4_OK)
        status = w4_path_join(job.results, context->out, "sweep.json", error);
    if (status == W4_OK)
        status = w4_path_join(job.folder, context->out, "heuristics", error);
    if (status == W4_OK)
        status = w4_context_manifest(context, &job.manifest, error);
    if (status == W4_OK)
        status = measure(&job, error);
    if (status == W4_OK)
        status = w4_sweep_rank(&job.run, &job.sweep, error);
    if (status == W4_OK) {
        *exit_code = exit_code_of(&job.run);
        // Rules from a part of the shapes' variants would call the best what only happened to run first.
        if (job.run.interrupted || job.sweep.usable == 0)
            fprintf(stderr, "the sweep is not complete: no rules are made; `w4bench sweep --resume` with the same "
                            "options continues it\n");
        else
            status = conclude(&job, error);
    }
    w4_sweep_fini(&job.sweep);
    w4_run_fini(&job.run);
    w4_manifest_fini(&job.manifest);
    return status;
}
