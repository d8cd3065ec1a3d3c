// One process of an A/B block: the runner's own way through a case, with turns in place of its sampling.
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../measure/warm_up.h"
#include "../run_setup.h"
#include "../runner.h"
#include "../text.h"
#include "request.h"

// A launch as the request wants it: as it is, or slowed down by repeating some of them.
struct slowed_launch {
    struct w4_runner_launch *launch;
    int32_t round, extra; // of every `round` launches, `extra` run twice
    uint64_t count;
};

struct turns {
    FILE *answers;
    const struct w4_turn_request *request;
    char *line;
    size_t line_size;
};

static enum w4_status launch_slowed(void *context, size_t copy, struct w4_error *error)
{
    struct slowed_launch *slowed = context;
    const size_t copies = slowed->launch->runner->operands.weights.copies;
    const uint64_t round = (uint64_t)slowed->round;
    const uint64_t extra = (uint64_t)slowed->extra;
    const uint64_t before = slowed->count * extra / round;
    const uint64_t after = ++slowed->count * extra / round;
    enum w4_status status = w4_runner_launch_copy(slowed->launch, copy, error);
    // The repetition reads another copy: it must be as cold as the first.
    if (status == W4_OK && after > before)
        status = w4_runner_launch_copy(slowed->launch, (copy + copies / 2) % copies, error);
    return status;
}

// The next line of standard input without its end; W4_INTERRUPTED when there is none: the gate has gone.
static enum w4_status next_line(struct turns *turns, struct w4_error *error)
{
    ssize_t length = getline(&turns->line, &turns->line_size, stdin);
    if (length < 0)
        return w4_fail(error, W4_INTERRUPTED, "%s: nobody asks any more", W4_TURNS_COMMAND);
    turns->line[strcspn(turns->line, "\n")] = '\0';
    return W4_OK;
}

static enum w4_status answer(struct turns *turns, json_t *object, struct w4_error *error)
{
    bool written = object && json_dumpf(object, turns->answers, JSON_COMPACT | JSON_REAL_PRECISION(17)) == 0 &&
                   fputc('\n', turns->answers) != EOF && fflush(turns->answers) == 0;
    json_decref(object);
    return written ? W4_OK : w4_fail(error, W4_IO, "%s: the answer cannot be written", W4_TURNS_COMMAND);
}

static enum w4_status answer_samples(struct turns *turns, const double *samples_ms, size_t count,
                                     struct w4_error *error)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count && array; ++i) {
        if (json_array_append_new(array, json_real(samples_ms[i])) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return answer(turns, array ? json_pack("{s:o}", "samples_ms", array) : NULL, error);
}

static size_t rounded_up(size_t launches, size_t multiple)
{
    return (launches + multiple - 1) / multiple * multiple;
}

// One turn's windows go to the result, in place of those of the turn before. The first is dropped: until then the other
// process had the caches.
static enum w4_status take_turn(struct turns *turns, struct slowed_launch *slowed, size_t *next_copy, double launch_ms,
                                struct w4_result *result, struct w4_error *error)
{
    struct w4_runner *runner = slowed->launch->runner;
    const struct w4_launchable launchable = {slowed, launch_slowed, runner->operands.weights.copies};
    const size_t samples = (size_t)turns->request->samples;
    const size_t lead = (size_t)runner->measure.protocol->lead_launches;
    const size_t launches =
        rounded_up(w4_window_launches(runner->measure.protocol, launch_ms), (size_t)turns->request->launch_multiple);
    double dropped_ms = 0;
    free(result->samples_ms);
    result->sample_count = 0;
    result->samples_ms = calloc(samples, sizeof(*result->samples_ms));
    if (!result->samples_ms)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu samples", samples);
    enum w4_status status =
        w4_window_time(&runner->measure.timer, &launchable, lead, launches, next_copy, &dropped_ms, error);
    for (size_t i = 0; i < samples && status == W4_OK; ++i) {
        status = w4_window_time(&runner->measure.timer, &launchable, lead, launches, next_copy, &result->samples_ms[i],
                                error);
        result->sample_count += status == W4_OK;
    }
    return status;
}

// Between warm-up and verification: a turn for every line, until "end".
static enum w4_status take_turns(void *context, struct w4_runner_launch *launch, double launch_ms,
                                 struct w4_result *result, struct w4_error *error)
{
    struct turns *turns = context;
    struct slowed_launch slowed = {.launch = launch};
    size_t next_copy = 0;
    w4_turn_injection(turns->request->injected_share, &slowed.round, &slowed.extra);
    enum w4_status status = answer_samples(turns, NULL, 0, error);
    while (status == W4_OK) {
        status = next_line(turns, error);
        if (status != W4_OK || strcmp(turns->line, W4_TURN_END) == 0)
            return status;
        if (strcmp(turns->line, W4_TURN_TAKE) != 0)
            return w4_fail(error, W4_PARSE, "%s: \"%.40s\" is neither %s nor %s", W4_TURNS_COMMAND, turns->line,
                           W4_TURN_TAKE, W4_TURN_END);
        status = take_turn(turns, &slowed, &next_copy, launch_ms, result, error);
        if (status == W4_OK)
            status = answer_samples(turns, result->samples_ms, result->sample_count, error);
    }
    return status;
}

static enum w4_status check_code_object(const struct w4_turn_request *request, const struct w4_result *result,
                                        struct w4_error *error)
{
    if (strcmp(result->code_object_hash, request->code_object_hash) == 0)
        return W4_OK;
    return w4_fail(error, W4_PARSE, "%s: variant %s is code object %s there, not %s: the build changed meanwhile",
                   request->manifest, request->variant, result->code_object_hash, request->code_object_hash);
}

static enum w4_status run_turns(struct turns *turns, struct w4_runner *runner, struct w4_run *run,
                                struct w4_error *error)
{
    struct w4_result *result = &run->cases[0];
    enum w4_status status = w4_run_open_device(runner, run, error);
    if (status == W4_OK && runner->info->modelled)
        status =
            w4_fail(error, W4_USAGE, "%s: times of %s are modelled, and exact", W4_TURNS_COMMAND, runner->info->key);
    if (status == W4_OK)
        status = w4_measure_init(&runner->measure, runner->device, &run->protocol,
                                 runner->context->options->sensor_root, "", error);
    runner->measuring = status == W4_OK;
    if (status == W4_OK)
        status = w4_runner_plan(runner, run, error);
    if (status == W4_OK)
        status = check_code_object(turns->request, result, error);
    if (status == W4_OK)
        status = w4_runner_case(runner, &runner->plan[0], turns->request->seed, result);
    if (status == W4_OK && result->state != W4_CASE_OK)
        status = w4_fail(error, W4_DEVICE, "%s %s", w4_case_state_name(result->state), result->message);
    return status == W4_OK ? answer_samples(turns, NULL, 0, error) : status;
}

// Like a run of one case whose kernel is a variant's name.
static enum w4_status set_up(struct turns *turns, struct w4_run *run, struct w4_error *error)
{
    const struct w4_turn_request *request = turns->request;
    const struct w4_options options = {.device = request->device,
                                       .manifest = request->manifest,
                                       .sensor_root = request->sensor_root[0] ? request->sensor_root : NULL,
                                       .jobs = request->jobs,
                                       .tolerance = -1};
    struct w4_context context;
    struct w4_runner runner = {.context = &context, .sampler = take_turns, .sampler_context = turns};
    enum w4_status status = w4_context_init(&context, &options, error);
    if (status != W4_OK)
        return status;
    run->cases = calloc(1, sizeof(*run->cases));
    if (!run->cases)
        return w4_fail(error, W4_MEMORY, "out of memory for a case");
    run->case_count = 1;
    run->cases[0].test = request->test;
    run->protocol = request->protocol;
    run->protocol.anchor_batches = 0; // the other side is what it is compared with
    run->protocol.hot = false;
    if (!w4_text_copy(run->cases[0].test.kernel, W4_NAME_MAX, request->variant))
        return w4_fail(error, W4_RANGE, "variant %s: the name is too long", request->variant);
    status = run_turns(turns, &runner, run, error);
    w4_runner_fini(&runner);
    return status;
}

enum w4_status w4_command_gate_turns(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    struct w4_turn_request request;
    struct w4_run run = {0};
    // What libraries print must not get between the answers.
    int kept = dup(STDOUT_FILENO);
    struct turns turns = {.answers = kept >= 0 ? fdopen(kept, "w") : NULL, .request = &request};
    (void)context;
    *exit_code = 0;
    if (!turns.answers || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return w4_fail(error, W4_IO, "%s: standard output cannot be kept", W4_TURNS_COMMAND);
    enum w4_status status = next_line(&turns, error);
    if (status == W4_OK)
        status = w4_turn_request_read(turns.line, &request, error);
    if (status == W4_OK)
        status = set_up(&turns, &run, error);
    if (status != W4_OK)
        answer(&turns, json_pack("{s:s}", "error", error->message), NULL);
    w4_run_fini(&run);
    free(turns.line);
    fclose(turns.answers);
    return status;
}
