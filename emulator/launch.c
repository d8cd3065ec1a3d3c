// A launch: checks it against the chip's and the kernel's limits, chooses the workgroups, runs them on host threads,
// and gathers counts and modelled time. What is counted is summed a workgroup, so that it does not depend on the
// threads.
#include "launch.h"

#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "group.h"
#include "timing/cycles.h"

// Wave instructions after which a workgroup that has not ended makes room for others: it may wait for one of them.
#define TURN_INSTRUCTIONS (UINT64_C(1) << 20)
// After a fault, workgroups before the faulting one may go on for this long, so that the first fault in order is the
// one reported; they may also wait for the one that faulted, hence an end.
#define GRACE_INSTRUCTIONS  (UINT64_C(1) << 26)
#define DYNAMIC_STACK_BYTES 16384 // scratch a lane beyond the fixed part, where the kernel's use is unknown
#define THREADS_MAX         256
// Wave instructions of a launch in modelled time, where the caller names no budget: a few seconds of one host core.
#define CYCLES_INSTRUCTIONS (UINT64_C(24) << 20)
// And those of one wave after which it counts as endless where the caller names no limit: ten seconds of one host core.
#define CYCLES_WAVE_INSTRUCTIONS (UINT64_C(1) << 26)

struct pool {
    const struct emu_launch_context *context;
    const uint64_t *ids;
    size_t count;
    size_t active_max;         // workgroups resident at once on the chip
    atomic_size_t next;        // index of the next workgroup to start
    atomic_size_t active;      // started and not ended
    atomic_size_t first_fault; // smallest index of a faulting workgroup; count when none
    pthread_mutex_t lock;      // of `fault`, `counts` and `no_memory`
    struct emu_fault fault;
    bool no_memory;
    struct emu_group_cost *costs;
    uint64_t class_counts[EMU_C_COUNT];
};

// One host thread's share: the workgroups that it has started, of which one runs at a time.
struct worker {
    struct pool *pool;
    struct emu_slot **slots; // `active` running ones first, then spare ones
    size_t active, capacity;
    uint64_t grace;
    uint64_t class_counts[EMU_C_COUNT];
};

static bool is_watched(const struct emu_launch_params *params)
{
    return params->checker || params->adversary;
}

static bool reserve_slot(struct worker *worker)
{
    if (worker->active < worker->capacity)
        return true;
    struct emu_slot **grown = realloc(worker->slots, (worker->capacity + 1) * sizeof *grown);
    if (!grown)
        return false;
    worker->slots = grown;
    grown[worker->capacity] = emu_slot_create(worker->pool->context);
    if (!grown[worker->capacity])
        return false;
    worker->capacity++;
    return true;
}

// Starts the launch's next workgroup on this thread. False when there is none, or no room on the chip.
static bool start_next(struct worker *worker)
{
    struct pool *pool = worker->pool;
    if (atomic_load(&pool->first_fault) < pool->count)
        return false;
    if (atomic_fetch_add(&pool->active, 1) >= pool->active_max && worker->active) {
        atomic_fetch_sub(&pool->active, 1);
        return false;
    }
    const size_t index = reserve_slot(worker) ? atomic_fetch_add(&pool->next, 1) : SIZE_MAX;
    if (index >= pool->count) {
        atomic_fetch_sub(&pool->active, 1);
        if (index == SIZE_MAX && worker->active == 0) {
            pthread_mutex_lock(&pool->lock);
            pool->no_memory = true;
            pthread_mutex_unlock(&pool->lock);
        }
        return false;
    }
    struct emu_slot *slot = worker->slots[worker->active++];
    slot->index = index;
    emu_startup(pool->context, pool->ids[index], &slot->group);
    return true;
}

static void retire(struct worker *worker, size_t at)
{
    struct emu_slot *slot = worker->slots[at];
    worker->slots[at] = worker->slots[--worker->active];
    worker->slots[worker->active] = slot;
    atomic_fetch_sub(&worker->pool->active, 1);
}

static void record_end(struct worker *worker, const struct emu_slot *slot)
{
    const struct emu_group *group = &slot->group;
    emu_timing_issue.group_cost(group, &worker->pool->costs[slot->index]);
    for (uint32_t w = 0; w < group->wave_count; w++)
        for (unsigned c = 0; c < EMU_C_COUNT; c++)
            worker->class_counts[c] += group->waves[w].class_counts[c];
}

static void record_fault(struct worker *worker, const struct emu_slot *slot)
{
    struct pool *pool = worker->pool;
    pthread_mutex_lock(&pool->lock);
    if (slot->index < atomic_load(&pool->first_fault)) {
        pool->fault = slot->fault;
        atomic_store(&pool->first_fault, slot->index);
    }
    pthread_mutex_unlock(&pool->lock);
}

// Runs one turn of the workgroup at `at`; false when it left the active ones.
static bool run_one(struct worker *worker, size_t at)
{
    struct emu_slot *slot = worker->slots[at];
    struct pool *pool = worker->pool;
    uint64_t executed;
    const size_t first_fault = atomic_load(&pool->first_fault);
    if (first_fault < pool->count && (slot->index > first_fault || worker->grace >= GRACE_INSTRUCTIONS)) {
        retire(worker, at);
        return false;
    }
    const bool watched = is_watched(pool->context->params);
    const enum emu_progress progress =
        watched ? emu_slot_run_watched(slot, &executed) : emu_slot_run(slot, TURN_INSTRUCTIONS, &executed);
    if (first_fault < pool->count)
        worker->grace += executed;
    if (progress == EMU_PROGRESS_WAITING)
        return true;
    if (progress == EMU_PROGRESS_DONE)
        record_end(worker, slot);
    else
        record_fault(worker, slot);
    retire(worker, at);
    return false;
}

// A thread finishes the workgroups that it has before it starts new ones, except that each turn without an end starts
// one more, as far as the chip holds them.
static void *work(void *argument)
{
    struct worker *worker = argument;
    fenv_t host;
    fegetenv(&host);
    fesetenv(FE_DFL_ENV);
    size_t turn = 0;
    while (worker->active || start_next(worker)) {
        turn = turn < worker->active ? turn : 0;
        if (run_one(worker, turn)) {
            (void)start_next(worker);
            turn++;
        }
    }
    fesetenv(&host);

    struct pool *pool = worker->pool;
    pthread_mutex_lock(&pool->lock);
    for (unsigned c = 0; c < EMU_C_COUNT; c++)
        pool->class_counts[c] += worker->class_counts[c];
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < worker->capacity; i++)
        emu_slot_destroy(worker->slots[i]);
    free(worker->slots);
    return NULL;
}

static unsigned host_threads(unsigned asked, size_t workgroups)
{
    cpu_set_t set;
    unsigned threads = asked;
    if (threads == 0 && sched_getaffinity(0, sizeof set, &set) == 0)
        threads = (unsigned)CPU_COUNT(&set);
    if (threads > THREADS_MAX)
        threads = THREADS_MAX;
    if (threads > workgroups)
        threads = (unsigned)workgroups;
    return threads ? threads : 1;
}

// A thread that cannot be created is no failure: the others do its work.
static void run_pool(struct pool *pool, unsigned threads)
{
    struct worker workers[THREADS_MAX];
    pthread_t handles[THREADS_MAX];
    bool started[THREADS_MAX] = {false};
    memset(workers, 0, threads * sizeof *workers);
    for (unsigned i = 0; i < threads; i++)
        workers[i].pool = pool;
    for (unsigned i = 1; i < threads; i++)
        started[i] = pthread_create(&handles[i], NULL, work, &workers[i]) == 0;
    work(&workers[0]);
    for (unsigned i = 1; i < threads; i++)
        if (started[i])
            pthread_join(handles[i], NULL);
}

// ---- Checks -----------------------------------------------------------------------------------------------------

static enum w4_status refuse(struct emu_launch_result *result, enum emu_launch_problem problem, enum w4_status status)
{
    result->problem = problem;
    return status;
}

static enum w4_status check_shape(const struct emu_launch_params *params, struct emu_launch_result *result,
                                  struct w4_error *error)
{
    const char *name = params->kernel->name;
    uint64_t items = 1;
    for (int i = 0; i < 3; i++) {
        if (params->grid[i] == 0 || params->block[i] == 0)
            return refuse(result, EMU_LAUNCH_EMPTY,
                          w4_fail(error, W4_RANGE, "kernel %s: %s size is 0 in dimension %c", name,
                                  params->grid[i] == 0 ? "grid" : "block", "xyz"[i]));
        if (params->grid[i] > UINT32_MAX)
            return refuse(result, EMU_LAUNCH_TOO_LARGE,
                          w4_fail(error, W4_RANGE,
                                  "kernel %s: grid of %llu work-items in dimension %c, at most 2^32 - 1", name,
                                  (unsigned long long)params->grid[i], "xyz"[i]));
        items = items > EMU_WORKITEMS_MAX ? items : items * params->block[i];
    }
    if (items > EMU_WORKITEMS_MAX)
        return refuse(result, EMU_LAUNCH_TOO_LARGE,
                      w4_fail(error, W4_RANGE, "kernel %s: block of %u x %u x %u work-items, at most %d", name,
                              params->block[0], params->block[1], params->block[2], EMU_WORKITEMS_MAX));
    if (items > params->kernel->max_flat_workgroup_size)
        return refuse(result, EMU_LAUNCH_BOUNDS,
                      w4_fail(error, W4_RANGE,
                              "kernel %s: block of %llu work-items, compiled for at most %u: see "
                              "__launch_bounds__",
                              name, (unsigned long long)items, params->kernel->max_flat_workgroup_size));
    return W4_OK;
}

static uint64_t scratch_lane_bytes(const struct co_kernel *kernel)
{
    const uint64_t bytes = (uint64_t)kernel->scratch_bytes + (kernel->uses_dynamic_stack ? DYNAMIC_STACK_BYTES : 0);
    return (bytes + 3) & ~UINT64_C(3);
}

static enum w4_status check_resources(const struct emu_launch_params *params, struct emu_launch_result *result,
                                      struct w4_error *error)
{
    const struct co_kernel *kernel = params->kernel;
    const uint64_t lds = (uint64_t)kernel->lds_bytes + params->dynamic_lds_bytes;
    if (lds > EMU_LDS_MAX)
        return refuse(result, EMU_LAUNCH_LDS,
                      w4_fail(error, W4_RANGE, "kernel %s: %u bytes of static and %u of dynamic LDS, at most %d",
                              kernel->name, kernel->lds_bytes, params->dynamic_lds_bytes, EMU_LDS_MAX));
    if (scratch_lane_bytes(kernel) * kernel->wavefront_size > EMU_SCRATCH_WAVE_MAX)
        return refuse(result, EMU_LAUNCH_NO_MEMORY,
                      w4_fail(error, W4_RANGE, "kernel %s: %llu bytes of scratch a work-item, a wave has at most %d",
                              kernel->name, (unsigned long long)scratch_lane_bytes(kernel), EMU_SCRATCH_WAVE_MAX));
    if (kernel->kernarg_bytes > EMU_KERNARG_MAX)
        return refuse(result, EMU_LAUNCH_ARGUMENTS,
                      w4_fail(error, W4_RANGE,
                              "kernel %s: its descriptor asks for %u bytes of arguments, at most %d: is it damaged?",
                              kernel->name, kernel->kernarg_bytes, EMU_KERNARG_MAX));
    if (params->argument_bytes > kernel->kernarg_bytes)
        return refuse(result, EMU_LAUNCH_ARGUMENTS,
                      w4_fail(error, W4_RANGE, "kernel %s: %zu bytes of arguments, it takes %u", kernel->name,
                              params->argument_bytes, kernel->kernarg_bytes));
    for (size_t i = 0; i < kernel->arg_count; i++) {
        const struct co_arg *arg = &kernel->args[i];
        if (arg->kind < CO_ARG_HIDDEN_BLOCK_COUNT_X && arg->offset + arg->size > params->argument_bytes)
            return refuse(result, EMU_LAUNCH_ARGUMENTS,
                          w4_fail(error, W4_RANGE, "kernel %s: %zu bytes of arguments, argument %zu ends at byte %u",
                                  kernel->name, params->argument_bytes, i, arg->offset + arg->size));
    }
    return W4_OK;
}

// ---- Which workgroups -------------------------------------------------------------------------------------------

static enum w4_status choose_workgroups(const struct emu_launch_params *params, struct emu_launch_result *result,
                                        struct w4_error *error)
{
    const uint64_t total = result->workgroups;
    uint64_t count = total;
    if (params->list)
        count = params->list_count;
    else if (params->sample && params->sample < total)
        count = params->sample;
    result->ids = count <= SIZE_MAX / 64 ? malloc((size_t)count * sizeof *result->ids) : NULL;
    if (!result->ids)
        return refuse(result, EMU_LAUNCH_NO_MEMORY,
                      w4_fail(error, W4_MEMORY, "kernel %s: out of memory for %llu workgroups", params->kernel->name,
                              (unsigned long long)count));
    for (uint64_t i = 0; i < count; i++) {
        if (params->list)
            result->ids[i] = params->list[i];
        else if (count == 1)
            result->ids[i] = 0;
        else // first and last included: ragged edges are where kernels go wrong
            result->ids[i] = (uint64_t)((unsigned __int128)i * (total - 1) / (count - 1));
        if (result->ids[i] >= total || (i && result->ids[i] <= result->ids[i - 1]))
            return refuse(result, EMU_LAUNCH_ARGUMENTS,
                          w4_fail(error, W4_RANGE,
                                  "workgroup list: %llu is not ascending or not below the launch's %llu workgroups",
                                  (unsigned long long)result->ids[i], (unsigned long long)total));
    }
    result->workgroups_run = count;
    return W4_OK;
}

uint64_t emu_instruction_limit_setting(void)
{
    const char *text = getenv("EMU_INSTRUCTION_LIMIT");
    return text ? strtoull(text, NULL, 10) : 0;
}

// ---- The launch -------------------------------------------------------------------------------------------------

static double now_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void describe_kernel(const struct emu_launch_params *params, struct emu_launch_context *context)
{
    const struct co_kernel *kernel = params->kernel;
    const bool wave64 = kernel->wavefront_size == 64;
    context->wave_size = wave64 ? 64 : 32;
    context->lds_bytes = kernel->lds_bytes + params->dynamic_lds_bytes;
    context->kernarg_bytes = kernel->kernarg_bytes;
    // RSRC1 counts granules of 8 registers (wave32) or 4 (wave64).
    context->vgpr_words = ((kernel->rsrc1 & 63) + 1) * (wave64 ? 4 : 8);
    if (context->vgpr_words > 256)
        context->vgpr_words = 256;
    context->scratch_lane_bytes = (uint32_t)scratch_lane_bytes(kernel);
    context->instruction_limit = params->instruction_limit ? params->instruction_limit : EMU_INSTRUCTION_LIMIT;
    context->code = params->module->code[wave64];
    context->entry = emu_code_find(context->code, (uint64_t)(uintptr_t)params->module->image + kernel->entry);
}

static struct emu_occupancy occupancy_of(const struct emu_launch_context *context)
{
    const uint32_t *block = context->params->block;
    const uint32_t items = block[0] * block[1] * block[2];
    return emu_occupancy_of(context->kernel->vgpr_count, context->lds_bytes,
                            (items + context->wave_size - 1) / context->wave_size, context->wave_size == 64,
                            context->kernel->wgp_mode);
}

static void model_time(const struct emu_launch_context *context, const struct emu_occupancy *occupancy,
                       const struct emu_group_cost *costs, struct emu_launch_result *result)
{
    const struct emu_launch_params *params = context->params;
    const struct emu_timing_launch launch = {
        .workgroups = result->workgroups,
        .ids = result->ids,
        .costs = costs,
        .count = (size_t)result->workgroups_run,
        .waves = (params->block[0] * params->block[1] * params->block[2] + context->wave_size - 1) / context->wave_size,
        .wgp_mode = context->kernel->wgp_mode,
        .occupancy = *occupancy,
        .clock_mhz = params->clock_mhz > 0 ? params->clock_mhz : EMU_CLOCK_MHZ,
    };
    emu_timing_issue.launch(&launch, &result->timing);
}

// Runs the launch in modelled time.
static enum w4_status run_cycles(struct emu_launch_context *context, struct emu_launch_result *result,
                                 struct w4_error *error)
{
    const struct emu_occupancy occupancy = occupancy_of(context);
    const double start = now_seconds();
    const uint32_t *block = context->params->block;
    if (!context->params->instruction_limit)
        context->instruction_limit = CYCLES_WAVE_INSTRUCTIONS;
    const struct emu_cycles_options options = {
        .params = context->params->timing ? context->params->timing : &emu_timing_defaults,
        .clock_mhz = context->params->clock_mhz > 0 ? context->params->clock_mhz : EMU_CLOCK_MHZ,
        .wgp_mode = context->kernel->wgp_mode,
        .waves_a_group = (block[0] * block[1] * block[2] + context->wave_size - 1) / context->wave_size,
        .occupancy = occupancy,
        .instruction_budget =
            context->params->instruction_budget ? context->params->instruction_budget : CYCLES_INSTRUCTIONS,
        .observer = context->params->observer,
    };
    struct emu_cycles_result *cycles = &result->cycles;
    struct emu_fault fault = {0};
    char text[640];
    const enum emu_cycles_status status =
        occupancy.workgroups_a_wgp ? emu_cycles_run(context, &options, cycles, &fault) : EMU_CYCLES_DEADLOCK;
    switch (status) {
    case EMU_CYCLES_FINE: break;
    case EMU_CYCLES_FAULT:
        emu_fault_message(context, &fault, text, sizeof text);
        result->fault = fault.kind;
        if (fault.kind == EMU_FAULT_CANCELLED)
            return refuse(result, EMU_LAUNCH_CANCELLED, w4_fail(error, W4_INTERRUPTED, "%s", text));
        return refuse(result, EMU_LAUNCH_FAULT, w4_fail(error, W4_DEVICE, "%s", text));
    case EMU_CYCLES_DEADLOCK:
        return refuse(result, EMU_LAUNCH_FAULT,
                      w4_fail(error, W4_DEVICE, "kernel %s: %s", context->kernel->name,
                              occupancy.workgroups_a_wgp ? "its waves wait for each other for ever"
                                                         : "a workgroup of it does not fit on the chip"));
    case EMU_CYCLES_NO_MEMORY:
        return refuse(
            result, EMU_LAUNCH_NO_MEMORY,
            w4_fail(error, W4_MEMORY, "kernel %s: out of memory for the timing model", context->kernel->name));
    }
    const struct emu_occupancy reached = emu_occupancy_of_launch(&occupancy, result->workgroups, options.waves_a_group);
    result->workgroups_run = cycles->workgroups_simulated;
    result->wave_instructions = cycles->instructions;
    result->host_seconds = now_seconds() - start;
    result->timing = (struct emu_timing_result){.cycles = cycles->cycles,
                                                .milliseconds = cycles->cycles / options.clock_mhz / 1e3,
                                                .clock_mhz = options.clock_mhz,
                                                .waves_a_simd = reached.waves_a_simd,
                                                .limiter = reached.limiter};
    return W4_OK;
}

// Runs the chosen workgroups; everything in the context is ready.
static enum w4_status run(struct emu_launch_context *context, struct emu_launch_result *result, struct w4_error *error)
{
    const struct emu_occupancy occupancy = occupancy_of(context);
    const double start = now_seconds();
    struct pool pool = {
        .context = context,
        .ids = result->ids,
        .count = (size_t)result->workgroups_run,
        .active_max = (size_t)occupancy.workgroups_a_wgp * EMU_WGPS,
        .first_fault = (size_t)result->workgroups_run,
        .costs = calloc(result->workgroups_run ? (size_t)result->workgroups_run : 1, sizeof *pool.costs),
    };
    if (!pool.costs || pthread_mutex_init(&pool.lock, NULL) != 0) {
        free(pool.costs);
        return refuse(result, EMU_LAUNCH_NO_MEMORY, w4_fail(error, W4_MEMORY, "out of memory for a launch"));
    }
    run_pool(&pool, is_watched(context->params) ? 1 : host_threads(context->params->threads, pool.count));
    pthread_mutex_destroy(&pool.lock);
    result->host_seconds = now_seconds() - start;
    for (unsigned c = 0; c < EMU_C_COUNT; c++) {
        result->class_counts[c] = pool.class_counts[c];
        result->wave_instructions += pool.class_counts[c];
    }
    enum w4_status status = W4_OK;
    if (pool.no_memory) {
        status = refuse(
            result, EMU_LAUNCH_NO_MEMORY,
            w4_fail(error, W4_MEMORY, "kernel %s: out of memory for a workgroup's registers", context->kernel->name));
    } else if (pool.fault.kind != EMU_FAULT_NONE) {
        char text[640];
        const bool cancelled = pool.fault.kind == EMU_FAULT_CANCELLED;
        emu_fault_message(context, &pool.fault, text, sizeof text);
        result->fault = pool.fault.kind;
        status = refuse(result, cancelled ? EMU_LAUNCH_CANCELLED : EMU_LAUNCH_FAULT,
                        w4_fail(error, cancelled ? W4_INTERRUPTED : W4_DEVICE, "%s", text));
    } else {
        model_time(context, &occupancy, pool.costs, result);
    }
    free(pool.costs);
    return status;
}

enum w4_status emu_launch(struct emu_memory *memory, const struct emu_launch_params *params,
                          struct emu_launch_result *result, struct w4_error *error)
{
    memset(result, 0, sizeof *result);
    enum w4_status status = check_shape(params, result, error);
    if (status == W4_OK)
        status = check_resources(params, result, error);
    if (status != W4_OK)
        return status;

    struct emu_launch_context context = {.params = params, .kernel = params->kernel, .memory = memory};
    describe_kernel(params, &context);
    result->workgroups = 1;
    for (int i = 0; i < 3; i++) {
        context.groups[i] = (params->grid[i] + params->block[i] - 1) / params->block[i];
        if (__builtin_mul_overflow(result->workgroups, context.groups[i], &result->workgroups))
            return refuse(result, EMU_LAUNCH_TOO_LARGE,
                          w4_fail(error, W4_RANGE, "kernel %s: too many workgroups", params->kernel->name));
    }
    const size_t kernarg_room = ((size_t)context.kernarg_bytes + 255) & ~(size_t)255;
    uint8_t *block = aligned_alloc(256, kernarg_room + EMU_QUEUE_BYTES + 256);
    if (!block || !context.entry) {
        free(block);
        return refuse(result, EMU_LAUNCH_NO_MEMORY,
                      w4_fail(error, W4_MEMORY, "kernel %s: out of memory for its code", params->kernel->name));
    }
    context.kernarg = block;
    context.queue = block + kernarg_room;
    context.packet = context.queue + EMU_QUEUE_BYTES;
    emu_kernarg_fill(&context);
    emu_packet_fill(&context);
    status = choose_workgroups(params, result, error);
    if (status == W4_OK) {
        context.ranges = emu_memory_acquire(memory);
        status = params->model == EMU_MODEL_CYCLES ? run_cycles(&context, result, error) : run(&context, result, error);
        emu_memory_release(memory, context.ranges);
    }
    free(block);
    return status;
}

void emu_launch_result_fini(struct emu_launch_result *result)
{
    free(result->ids);
    result->ids = NULL;
}
