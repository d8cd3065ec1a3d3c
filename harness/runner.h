// The parts of a run: plan (which kernel for which case, code objects loaded), operands on the device, one case.
#ifndef W4_HARNESS_RUNNER_H
#define W4_HARNESS_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"
#include "../device/hip.h"
#include "../reference/reference.h"
#include "catalog.h"
#include "context.h"
#include "measure/measure.h"
#include "measure/rotation.h"
#include "results.h"

// What one case needs besides its operands.
struct w4_plan_item {
    const struct w4_variant *variant; // borrowed from the manifest; NULL: the case is skipped
    w4_function function;
};

struct w4_loaded_object {
    const char *path; // borrowed from the manifest
    w4_module module;
};

// Operands of the current shape on host and device; kept while cases of the same shape follow each other.
struct w4_operand_set {
    bool present;
    struct w4_shape shape;
    struct w4_operands host;
    w4_oracle *oracle; // borrows host
    uint64_t a;
    struct w4_rotation weights;
};

struct w4_runner_launch;

struct w4_runner {
    const struct w4_context *context;
    struct w4_device *device;
    const struct w4_device_info *info;
    bool separate_timing; // by the model "cycles", in a launch after the one that is verified
    bool measuring;       // by the protocol of `measure`; else times are modelled and there is none
    struct w4_measure measure;
    struct w4_manifest manifest;
    struct w4_plan_item *plan; // owned, one a case of the run
    struct w4_loaded_object *objects;
    size_t object_count;
    struct w4_operand_set operands;
    unsigned char *c_memory; // owned: C as downloaded, guards included
    size_t c_capacity;
    uint64_t *ids; // owned: workgroups that ran
    size_t id_capacity;
    // Takes the samples of a case, between its warm-up and its verification; NULL: the protocol's way.
    enum w4_status (*sampler)(void *context, struct w4_runner_launch *launch, double launch_ms,
                              struct w4_result *result, struct w4_error *error);
    void *sampler_context;
};

// runner_plan.c: chooses every case's variant (none: the case is marked skipped) and loads all code objects, so that a
// missing, changed or foreign one stops the run before anything is timed.
enum w4_status w4_runner_plan(struct w4_runner *runner, struct w4_run *run, struct w4_error *error);
void w4_runner_unload(struct w4_runner *runner);

// runner_operands.c: makes and uploads the operands of a shape, unless they are there already.
enum w4_status w4_runner_operands(struct w4_runner *runner, const struct w4_shape *shape, uint64_t seed,
                                  struct w4_error *error);
void w4_runner_drop_operands(struct w4_runner *runner);

// A case's kernel with its operands, to be launched again and again: C lies at `c`.
struct w4_runner_launch {
    struct w4_runner *runner;
    const struct w4_plan_item *item;
    uint64_t c;
};

// runner_time.c: launches with one copy of the weights (the form of w4_launchable).
enum w4_status w4_runner_launch_copy(void *context, size_t copy, struct w4_error *error);
// What comes before C is poisoned for good, and the timed launches. Without a protocol the first does nothing.
enum w4_status w4_runner_warm_up(struct w4_runner_launch *launch, struct w4_result *result, double *launch_ms,
                                 struct w4_error *error);
enum w4_status w4_runner_samples(struct w4_runner_launch *launch, double launch_ms, struct w4_result *result,
                                 struct w4_error *error);

// runner_case.c: launches, times and verifies one case; fills *result. What goes wrong with the case itself is its
// state; the status is W4_INTERRUPTED when the user asked to stop, else W4_OK.
enum w4_status w4_runner_case(struct w4_runner *runner, const struct w4_plan_item *item, uint64_t seed,
                              struct w4_result *result);
// True when the device still answers.
bool w4_runner_probe(struct w4_runner *runner, struct w4_error *error);

// run_cases.c: gives everything back, the device last.
void w4_runner_fini(struct w4_runner *runner);

// run_cases.c: everything; results are written to `results_path` after every case.
enum w4_status w4_bench_run(const struct w4_context *context, const char *results_path, struct w4_run *run,
                            struct w4_error *error);

#endif
