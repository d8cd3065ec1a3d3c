// Times one case: by the protocol where times are measured, else each launch on its own.
#include <math.h>
#include <stdlib.h>

#include "interrupt.h"
#include "launch.h"
#include "runner.h"

enum w4_status w4_runner_launch_copy(void *context, size_t copy, struct w4_error *error)
{
    const struct w4_runner_launch *launch = context;
    const struct w4_operand_set *operands = &launch->runner->operands;
    const struct w4_weight_addresses weights = w4_rotation_at(&operands->weights, copy);
    const struct w4_gemm_addresses addresses = {operands->a, weights.w, weights.scales, weights.zeros, launch->c};
    struct w4_gemm_launch gemm;
    if (w4_interrupt_requested())
        return w4_fail(error, W4_INTERRUPTED, "interrupted");
    enum w4_status status = w4_gemm_launch_of(launch->item->variant, &operands->shape, &addresses, &gemm, error);
    return status == W4_OK ? w4_gemm_launch_run(launch->runner->device, launch->item->function, &gemm, error) : status;
}

static struct w4_launchable launchable_of(struct w4_runner_launch *launch)
{
    return (struct w4_launchable){launch, w4_runner_launch_copy, launch->runner->operands.weights.copies};
}

// Modelled times are exact: `repeat` windows of one launch show that, and one is enough.
static enum w4_status time_modelled(struct w4_runner_launch *launch, struct w4_result *result, struct w4_error *error)
{
    const struct w4_launchable launchable = launchable_of(launch);
    const int64_t repeat = launch->runner->context->options->repeat;
    const size_t count = repeat > 0 ? (size_t)repeat : 1;
    struct w4_timer timer;
    size_t next = 0;
    result->samples_ms = calloc(count, sizeof(*result->samples_ms));
    if (!result->samples_ms)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu samples", count);
    enum w4_status status = w4_timer_init(&timer, launch->runner->device, error);
    for (size_t i = 0; i < count && status == W4_OK; ++i) {
        status = w4_window_time(&timer, &launchable, 0, 1, &next, &result->samples_ms[i], error);
        result->sample_count += status == W4_OK;
    }
    w4_timer_fini(&timer);
    return status;
}

enum w4_status w4_runner_warm_up(struct w4_runner_launch *launch, struct w4_result *result, double *launch_ms,
                                 struct w4_error *error)
{
    const struct w4_launchable launchable = launchable_of(launch);
    *launch_ms = NAN;
    if (!launch->runner->measuring)
        return W4_OK;
    if (w4_rotation_bytes(&launch->runner->operands.weights) < launch->runner->measure.protocol->rotation_bytes)
        result->measured.marks |= W4_MARK_ROTATION_SHORT;
    return w4_measure_warm_up(&launch->runner->measure, &launchable, result, launch_ms, error);
}

enum w4_status w4_runner_samples(struct w4_runner_launch *launch, double launch_ms, struct w4_result *result,
                                 struct w4_error *error)
{
    const struct w4_launchable launchable = launchable_of(launch);
    if (!launch->runner->measuring)
        return time_modelled(launch, result, error);
    if (launch->runner->sampler)
        return launch->runner->sampler(launch->runner->sampler_context, launch, launch_ms, result, error);
    return w4_measure_samples(&launch->runner->measure, &launchable, launch_ms, result, error);
}
