// Plan, blocks, controls.
#include "confirm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/lock.h"
#include "../../statistics/rng.h"
#include "../gate.h"
#include "../objects.h"
#include "../text.h"
#include "blocks.h"
#include "process.h"

#define INJECTED_SHARE 0.08

enum { VISIT_SAMPLES = 10, PROCESS_LIMIT_S = 300, COINS = 0x636f696e };

// Everything that blocks of one case and kind have in common.
struct comparison {
    const struct w4_context *context;
    const char *results_path;
    struct w4_run *run;
    struct w4_result *result;
    const char *kind;
    char log_path[W4_PATH_MAX];
    struct w4_turn_request requests[2]; // baseline, candidate
    struct w4_rng *coin;
};

static const char *const side_names[2] = {W4_SIDE_BASELINE, W4_SIDE_CANDIDATE};

static enum w4_status add_part(struct comparison *comparison, const struct w4_block *part, struct w4_error *error)
{
    struct w4_measured *measured = &comparison->result->measured;
    struct w4_block *grown = reallocarray(measured->blocks, measured->block_count + 1, sizeof(*grown));
    if (!grown)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu blocks", measured->block_count + 1);
    measured->blocks = grown;
    grown[measured->block_count++] = *part;
    return W4_OK;
}

static struct w4_block part_of(const struct comparison *comparison, size_t side, int32_t index, int32_t order)
{
    struct w4_block part = {.index = index, .order = order};
    w4_text_copy(part.kind, sizeof(part.kind), comparison->kind);
    w4_text_copy(part.side, sizeof(part.side), side_names[side]);
    w4_text_copy(part.code_object_hash, sizeof(part.code_object_hash), comparison->requests[side].code_object_hash);
    return part;
}

// Records why there is no block, as a block without samples.
static enum w4_status add_failure(struct comparison *comparison, int32_t index, const char *message,
                                  struct w4_error *error)
{
    struct w4_block part = part_of(comparison, 0, index, 0);
    w4_text_copy(part.message, sizeof(part.message), message);
    fprintf(stderr, "%s of %s: %s\n", comparison->kind, comparison->result->test.id, message);
    return add_part(comparison, &part, error);
}

// Both processes are warmed up before the first turn, then take turns ABBA or BAAB. *message tells what went wrong.
static enum w4_status take_turns(struct comparison *comparison, struct w4_turn_process *processes, int32_t index,
                                 const char **message, struct w4_error *error)
{
    const size_t first = w4_rng_coin(comparison->coin);
    enum w4_status status = W4_OK;
    for (size_t side = 0; side < 2 && !*message; ++side) {
        if (!w4_turn_process_start(&processes[side], &comparison->requests[side], comparison->log_path,
                                   comparison->run->gate_plan.process_limit_s))
            *message = processes[side].message;
    }
    for (int32_t order = 0; order < W4_BLOCK_TURNS && !*message && status == W4_OK; ++order) {
        const size_t side = order == 0 || order == W4_BLOCK_TURNS - 1 ? first : 1 - first;
        struct w4_block part = part_of(comparison, side, index, order);
        part.process_id = processes[side].pid;
        bool taken = w4_turn_process_take(&processes[side], &part.samples_ms, &part.sample_count);
        if (taken)
            status = add_part(comparison, &part, error);
        else
            *message = processes[side].message;
        if (!taken || status != W4_OK)
            free(part.samples_ms);
    }
    for (size_t side = 0; side < 2 && !*message && status == W4_OK; ++side) {
        if (!w4_turn_process_end(&processes[side]))
            *message = processes[side].message;
    }
    return status;
}

static enum w4_status run_block(struct comparison *comparison, int32_t index, struct w4_error *error)
{
    struct w4_turn_process processes[2] = {{.to = -1, .from = -1}, {.to = -1, .from = -1}};
    const char *message = NULL;
    enum w4_status status = take_turns(comparison, processes, index, &message, error);
    for (size_t side = 0; side < 2; ++side)
        w4_turn_process_kill(&processes[side]);
    if (status == W4_OK && message)
        status = add_failure(comparison, index, message, error);
    return status == W4_OK ? w4_run_save(comparison->results_path, comparison->run, error) : status;
}

// Adds blocks until the design has decided or blocks keep failing.
static enum w4_status run_blocks(struct comparison *comparison, double tolerance, struct w4_error *error)
{
    const struct w4_block_design design = w4_gate_design(&comparison->run->gate_plan, tolerance);
    enum w4_status status = W4_OK;
    bool more = true;
    while (status == W4_OK && more) {
        struct w4_block_values values;
        status = w4_block_values_of(&comparison->result->measured, comparison->kind,
                                    comparison->requests[0].code_object_hash, comparison->requests[1].code_object_hash,
                                    &values, error);
        if (status == W4_OK) {
            more = !values.broken && w4_block_decide(&design, values.d, values.count, false).more_blocks > 0;
            if (more)
                status = run_block(comparison, (int32_t)values.attempts, error);
        }
        free(values.d);
    }
    return status;
}

static enum w4_status fill_request(const struct comparison *comparison, const char *manifest, const char *variant,
                                   const char *hash, struct w4_turn_request *request, struct w4_error *error)
{
    const struct w4_options *options = comparison->context->options;
    const struct w4_run *run = comparison->run;
    const char *device = options->device ? options->device : run->device.provider;
    memset(request, 0, sizeof(*request));
    if (!w4_text_copy(request->device, sizeof(request->device), device) ||
        !w4_text_copy(request->sensor_root, sizeof(request->sensor_root),
                      options->sensor_root ? options->sensor_root : "") ||
        !w4_text_copy(request->manifest, sizeof(request->manifest), manifest) ||
        !w4_text_copy(request->variant, sizeof(request->variant), variant))
        return w4_fail(error, W4_RANGE, "%.200s: a path or a name is too long for an A/B process", manifest);
    w4_text_copy(request->code_object_hash, sizeof(request->code_object_hash), hash);
    request->seed = run->seed;
    request->jobs = options->jobs;
    request->samples = run->gate_plan.visit_samples;
    request->launch_multiple = 1;
    request->test = comparison->result->test;
    request->protocol = run->protocol;
    return W4_OK;
}

static struct comparison comparison_of(const struct w4_context *context, const char *results_path, struct w4_run *run,
                                       struct w4_result *result, const char *kind, struct w4_rng *coin)
{
    return (struct comparison){
        .context = context, .results_path = results_path, .run = run, .result = result, .kind = kind, .coin = coin};
}

static enum w4_status prepare(struct comparison *comparison, struct w4_error *error)
{
    const struct w4_result *result = comparison->result;
    enum w4_status status = w4_path_join(comparison->log_path, comparison->context->out, "gate-turns.log", error);
    if (status == W4_OK)
        status = fill_request(comparison, comparison->context->paths.manifest, result->variant,
                              result->code_object_hash, &comparison->requests[1], error);
    if (status == W4_OK)
        comparison->requests[0] = comparison->requests[1];
    return status;
}

static enum w4_status confirm_case(struct comparison *comparison, const struct w4_baseline_entry *entry,
                                   double tolerance, struct w4_error *error)
{
    char manifest[W4_PATH_MAX];
    struct w4_error cause = {0};
    enum w4_status status = prepare(comparison, error);
    if (status == W4_OK &&
        w4_objects_find(comparison->context->objects, entry->now.code_object_hash, manifest, &cause) != W4_OK)
        return add_failure(comparison, 0, cause.message, error);
    if (status == W4_OK)
        status = fill_request(comparison, manifest, entry->now.variant, entry->now.code_object_hash,
                              &comparison->requests[0], error);
    return status == W4_OK ? run_blocks(comparison, tolerance, error) : status;
}

// A control compares tonight's code object with itself. The slowed-down candidate needs windows of whole rounds of its
// injection; the baseline gets the same, so that nothing else differs.
static enum w4_status run_control(struct comparison *comparison, struct w4_error *error)
{
    int32_t extra = 0;
    enum w4_status status = prepare(comparison, error);
    if (status == W4_OK && strcmp(comparison->kind, W4_KIND_INJECTED) == 0) {
        comparison->requests[1].injected_share = comparison->run->gate_plan.injected_share;
        w4_turn_injection(comparison->requests[1].injected_share, &comparison->requests[1].launch_multiple, &extra);
        comparison->requests[0].launch_multiple = comparison->requests[1].launch_multiple;
    }
    return status == W4_OK ? run_blocks(comparison, W4_DEFAULT_TOLERANCE, error) : status;
}

static struct w4_result *find_case(struct w4_run *run, const char *id)
{
    for (size_t i = 0; i < run->case_count; ++i) {
        if (strcmp(run->cases[i].test.id, id) == 0)
            return &run->cases[i];
    }
    return NULL;
}

// Each night other cases are the controls, so that in time every case has shown its noise.
static void choose_controls(struct w4_run *run, struct w4_rng *rng)
{
    struct w4_gate_plan *plan = &run->gate_plan;
    char *const places[] = {plan->same_case, plan->injected_case};
    size_t right = 0;
    for (size_t i = 0; i < run->case_count; ++i)
        right += run->cases[i].state == W4_CASE_OK;
    for (size_t control = 0; control < 2 && right > 0; ++control) {
        size_t wanted = w4_rng_below(rng, right);
        for (size_t i = 0; i < run->case_count; ++i) {
            if (run->cases[i].state == W4_CASE_OK && wanted-- == 0)
                w4_text_copy(places[control], W4_CASE_ID_MAX, run->cases[i].test.id);
        }
    }
}

// The usual design, or exactly --blocks of them.
static struct w4_gate_plan plan_of(const struct w4_options *options, size_t comparisons)
{
    const struct w4_block_design usual = w4_block_design_usual(comparisons ? comparisons : 1);
    struct w4_gate_plan plan = {
        .active = true,
        .alpha = usual.alpha,
        .pass_alpha = usual.pass_alpha,
        .comparisons = (int32_t)usual.comparisons,
        .pass_blocks = (int32_t)usual.pass_blocks,
        .first_blocks = (int32_t)usual.first_blocks,
        .step_blocks = (int32_t)usual.step_blocks,
        .cap_blocks = (int32_t)usual.cap_blocks,
        .visit_samples = VISIT_SAMPLES,
        .injected_share = INJECTED_SHARE,
        .process_limit_s = options->turn_limit_s > 0 ? options->turn_limit_s : (double)PROCESS_LIMIT_S,
    };
    if (options->blocks > 0) {
        plan.first_blocks = plan.cap_blocks = (int32_t)options->blocks;
        plan.step_blocks = plan.pass_blocks = 0;
    }
    return plan;
}

static enum w4_status check_plan(const struct w4_gate_plan *plan, struct w4_error *error)
{
    const struct w4_block_design design = w4_gate_design(plan, W4_DEFAULT_TOLERANCE);
    return w4_block_check(&design, error);
}

enum w4_status w4_gate_check_blocks(const struct w4_context *context, struct w4_error *error)
{
    struct w4_cases cases = {0};
    if (context->options->blocks == 0)
        return W4_OK;
    enum w4_status status = w4_context_cases(context, &cases, error);
    if (status == W4_OK) {
        const struct w4_gate_plan plan = plan_of(context->options, cases.count);
        status = check_plan(&plan, error);
    }
    w4_cases_fini(&cases);
    return status;
}

static enum w4_status make_plan(struct w4_run *run, const struct w4_options *options, const struct w4_gate *gate,
                                struct w4_rng *rng, struct w4_error *error)
{
    size_t comparisons = 0;
    for (size_t i = 0; i < gate->count; ++i)
        comparisons += gate->items[i].evidence.screened;
    run->gate_plan = plan_of(options, comparisons);
    run->gate_plan.coin_seed = run->order_seed;
    choose_controls(run, rng);
    return check_plan(&run->gate_plan, error);
}

static enum w4_status run_controls(const struct w4_context *context, const char *results_path, struct w4_run *run,
                                   struct w4_rng *rng, struct w4_error *error)
{
    struct w4_result *same = find_case(run, run->gate_plan.same_case);
    struct w4_result *injected = find_case(run, run->gate_plan.injected_case);
    enum w4_status status = W4_OK;
    if (same) {
        struct comparison comparison = comparison_of(context, results_path, run, same, W4_KIND_SAME, rng);
        fprintf(stderr, "control A/A: %s\n", same->test.id);
        status = run_control(&comparison, error);
    }
    if (status == W4_OK && injected) {
        struct comparison comparison = comparison_of(context, results_path, run, injected, W4_KIND_INJECTED, rng);
        fprintf(stderr, "control -%.3g %%: %s\n", 100 * run->gate_plan.injected_share, injected->test.id);
        status = run_control(&comparison, error);
    }
    return status;
}

static bool is_flagged(const struct w4_gate_item *item)
{
    return item->evidence.screened && !item->evidence.same_code &&
           (item->evidence.screen == W4_SCREEN_SLOWER || item->evidence.screen == W4_SCREEN_FASTER);
}

enum w4_status w4_gate_confirm(const struct w4_context *context, const char *results_path, struct w4_run *run,
                               const struct w4_baselines *baselines, double tolerance, struct w4_error *error)
{
    struct w4_gate gate = {0};
    int lock = -1;
    if (run->device.modelled || run->interrupted)
        return W4_OK;
    enum w4_status status = w4_lock_take(context->out, &lock, error);
    if (status == W4_OK)
        status = w4_gate_decide(run, baselines, false, tolerance, &gate, error);
    if (status == W4_OK) {
        struct w4_rng rng = w4_rng_start(run->order_seed, COINS, 0);
        status = make_plan(run, context->options, &gate, &rng, error);
        for (size_t i = 0; i < gate.count && status == W4_OK; ++i) {
            const struct w4_gate_item *item = &gate.items[i];
            if (!is_flagged(item))
                continue;
            struct comparison comparison =
                comparison_of(context, results_path, run, &run->cases[i], W4_KIND_CONFIRM, &rng);
            fprintf(stderr, "confirm: %s\n", item->id);
            status = confirm_case(&comparison, item->entry, item->tolerance, error);
        }
        if (status == W4_OK)
            status = run_controls(context, results_path, run, &rng, error);
        if (status == W4_OK)
            status = w4_run_save(results_path, run, error);
    }
    w4_gate_fini(&gate);
    w4_lock_release(context->out, lock);
    return status;
}
