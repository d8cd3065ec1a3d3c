// What a run needs before its first case: the device, the protocol, the machine's fingerprint.
#include <cblas.h>
#include <inttypes.h>
#include <libgen.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../base/random.h"
#include "measure/machine.h"
#include "run_setup.h"
#include "text.h"

// Providers with modelled times but without a choice of models are taken as they are, unless one is asked for.
static enum w4_status choose_model(struct w4_runner *runner, struct w4_error *error)
{
    const char *asked = runner->context->options->timing_model;
    const char *name = asked ? asked : W4_MODEL_CYCLES;
    struct w4_error ignored = {0};
    if (!runner->info->modelled)
        return asked
                   ? w4_fail(error, W4_USAGE, "--timing-model chooses the model of modelled times, and %s is measured",
                             runner->info->key)
                   : W4_OK;
    const enum w4_status status = w4_device_set_timing_model(runner->device, name, asked ? error : &ignored);
    runner->separate_timing = status == W4_OK && strcmp(name, W4_MODEL_CYCLES) == 0;
    return asked ? status : W4_OK;
}

enum w4_status w4_run_open_device(struct w4_runner *runner, struct w4_run *run, struct w4_error *error)
{
    const struct w4_options *options = runner->context->options;
    enum w4_status status = w4_device_open(options->device, &runner->device, error);
    if (status != W4_OK)
        return status;
    runner->info = w4_device_info(runner->device);
    w4_machine_fingerprint(runner->info, options->sensor_root, &run->fingerprint);
    if (!runner->info->modelled && options->clock_mhz > 0)
        return w4_fail(error, W4_USAGE, "--clock-mhz sets the clock of modelled times, and %s is measured",
                       runner->info->key);
    status = choose_model(runner, error);
    if (status != W4_OK)
        return status;
    run->device = *runner->info;
    if (options->clock_mhz > 0)
        w4_device_set_clock_mhz(runner->device, options->clock_mhz);
    if (options->jobs > 0) {
        w4_device_set_threads(runner->device, (unsigned)options->jobs);
        openblas_set_num_threads((int)options->jobs);
    }
    if (!options->device)
        fprintf(stderr, "device: %s (%s); --device chooses another\n", runner->info->key, runner->info->model_label);
    return W4_OK;
}

// Defaults, then the file, then single constants, then the options that have a name of their own.
static enum w4_status choose_protocol(const struct w4_options *options, bool modelled, struct w4_protocol *protocol,
                                      struct w4_error *error)
{
    enum w4_status status = W4_OK;
    w4_protocol_default(protocol);
    if (options->protocol)
        status = w4_protocol_load(options->protocol, protocol, error);
    for (size_t i = 0; i < options->setting_count && status == W4_OK; ++i)
        status = w4_protocol_set(options->settings[i], protocol, error);
    if (status != W4_OK)
        return status;
    protocol->active = !modelled || options->protocol || options->setting_count > 0;
    protocol->hot |= options->hot;
    if (options->repeat > 0) {
        protocol->batches_min = protocol->batches_max = (int32_t)options->repeat;
        protocol->budget_s = INFINITY; // so many are wanted, however long they take
    }
    return w4_protocol_check(protocol, error);
}

// A seed that differs from run to run and is exact in JSON readers that use doubles.
static uint64_t fresh_seed(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t mixed = w4_random_stream((uint64_t)now.tv_sec, (uint64_t)now.tv_nsec, (uint64_t)getpid());
    return 1 + (mixed >> 12);
}

enum w4_status w4_run_prepare_measuring(struct w4_runner *runner, struct w4_run *run, struct w4_error *error)
{
    const struct w4_options *options = runner->context->options;
    enum w4_status status = choose_protocol(options, runner->info->modelled, &run->protocol, error);
    if (status != W4_OK)
        return status;
    run->order_seed = (uint64_t)options->order_seed;
    if (!run->protocol.active) {
        w4_text_copy(run->sensors, sizeof(run->sensors), "not read: times are modelled");
        return W4_OK;
    }
    char manifest[W4_PATH_MAX];
    w4_text_copy(manifest, sizeof(manifest), runner->context->paths.manifest);
    status = w4_measure_init(&runner->measure, runner->device, &run->protocol, options->sensor_root, dirname(manifest),
                             error);
    runner->measuring = true;
    if (status != W4_OK)
        return status;
    if (options->order_seed == 0)
        run->order_seed = fresh_seed();
    w4_sensors_describe(runner->measure.sensors, run->sensors, sizeof(run->sensors));
    w4_text_copy(run->anchor_hash, sizeof(run->anchor_hash), runner->measure.anchors.hash);
    fprintf(stderr, "order of the cases: --order-seed %" PRIu64 "\nsensors: %s\n", run->order_seed, run->sensors);
    if (run->protocol.anchor_batches > 0 && !runner->measure.anchors.ready)
        fprintf(stderr, "no anchors: %s\n", runner->measure.anchors.reason);
    return W4_OK;
}
