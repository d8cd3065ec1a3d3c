// Prints how fast whole launches run: matrix instructions and a VALU/LDS/global mix a second and core, for each SIMD
// level that has a goal; how that grows with host threads; and the full prefill GEMM. Rates are medians of several
// runs, by CPU time (which a busy machine does not spoil) and by wall clock, with their ratio to the goal. It judges
// nothing.
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "emulator/launch.h"
#include "kernels/abi.h"

enum { RUNS = 5, WAVES = 4, GROUPS_A_THREAD = 8, GROUP_BYTES = 16384, FILE_BYTES_MAX = 1 << 26, THREADS_MAX = 64 };

struct machine {
    struct emu_memory *memory;
    struct emu_module *module;
};

struct times {
    double wall_s, cpu_s;
};

static double clock_s(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t) != 0)
        abort();
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return values[count / 2];
}

static unsigned host_cores(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

// The highest resident size since the process began, KiB.
static long peak_kib(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

static void machine_fini(struct machine *machine)
{
    emu_module_destroy(machine->memory, machine->module);
    emu_memory_destroy(machine->memory);
}

// `level` NULL: the best of this processor.
static bool machine_init(struct machine *machine, const char *path, const char *level)
{
    struct w4_error error = {0};
    char *bytes = NULL;
    size_t size;
    *machine = (struct machine){.memory = emu_memory_create(UINT64_C(1) << 33)};
    if (level ? setenv("EMU_SIMD", level, 1) : unsetenv("EMU_SIMD"))
        return false;
    if (!machine->memory || w4_file_read(path, FILE_BYTES_MAX, &bytes, &size, &error) != W4_OK ||
        emu_module_create(machine->memory, bytes, size, path, &machine->module, &error) != W4_OK) {
        fprintf(stderr, "%s\n", error.message);
        free(bytes);
        machine_fini(machine);
        return false;
    }
    free(bytes);
    return true;
}

static bool launch(struct machine *machine, struct emu_launch_params *params, struct times *times,
                   struct emu_launch_result *result)
{
    struct w4_error error = {0};
    const double wall = clock_s(CLOCK_MONOTONIC), cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    const enum w4_status status = emu_launch(machine->memory, params, result, &error);
    times->wall_s = clock_s(CLOCK_MONOTONIC) - wall;
    times->cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    emu_launch_result_fini(result);
    if (status != W4_OK)
        fprintf(stderr, "%s\n", error.message);
    return status == W4_OK;
}

// ---- Loop kernels -----------------------------------------------------------------------------------------------

// What of a loop kernel's instructions counts, and how many a second and core are wanted.
struct workload {
    const char *title, *kernel, *level;
    uint32_t iterations, counted; // counted: instructions of one iteration
    double goal;
};

static const struct workload workloads[] = {
    {"v_wmma_f32_16x16x16_f16", "wmma", "avx512", 4000, 16, 8e6},
    {"v_wmma_f32_16x16x16_f16", "wmma", "avx2", 4000, 16, 4e6},
    {"VALU/LDS/global mix", "mix", "avx512", 30000, 29, 60e6},
    {"VALU/LDS/global mix", "mix", "avx2", 30000, 29, 60e6},
};

// Median instructions a second of CPU time (one core's), and a second of wall clock (all threads').
static bool loop_rates(const char *path, const struct workload *work, unsigned threads, double *cpu, double *wall)
{
    struct machine machine;
    if (!machine_init(&machine, path, work->level))
        return false;
    const uint32_t groups = threads * GROUPS_A_THREAD;
    uint32_t *buffer = emu_memory_alloc(machine.memory, (uint64_t)groups * GROUP_BYTES, EMU_RANGE_BUFFER);
    bool fine = buffer != NULL;
    for (size_t i = 0; buffer && i < (size_t)groups * GROUP_BYTES / sizeof *buffer; i++)
        buffer[i] = 0x3c003800;
    const struct {
        uint32_t *buffer;
        uint32_t iterations, padding;
    } arguments = {buffer, work->iterations, 0};
    struct emu_launch_params params = {
        .module = machine.module,
        .kernel = co_object_find_kernel(&machine.module->object, work->kernel),
        .grid = {(uint64_t)groups * WAVES * 32, 1, 1},
        .block = {WAVES * 32, 1, 1},
        .arguments = &arguments,
        .argument_bytes = sizeof arguments,
        .threads = threads,
    };
    const double count = (double)((uint64_t)work->counted * work->iterations * WAVES * groups);
    double by_cpu[RUNS], by_wall[RUNS];
    for (unsigned run = 0; fine && run < RUNS; run++) {
        struct times times = {1, 1};
        struct emu_launch_result result;
        fine = params.kernel && launch(&machine, &params, &times, &result);
        by_cpu[run] = count / times.cpu_s;
        by_wall[run] = count / times.wall_s;
    }
    machine_fini(&machine);
    if (!fine)
        return false;
    *cpu = median(by_cpu, RUNS);
    *wall = median(by_wall, RUNS);
    return true;
}

static bool print_loops(const char *path, unsigned cores)
{
    bool fine = true;
    printf("%-26s %-7s %8s %14s %14s %8s %12s\n", "million a second and core", "level", "threads", "by CPU time",
           "by wall clock", "goal", "CPU / goal");
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
        const struct workload *work = &workloads[i];
        double one_cpu = 0, one_wall = 0;
        if (!emu_simd_choose(work->level)) {
            printf("%-26s %-7s this processor has not got it\n", work->title, work->level);
            continue;
        }
        for (unsigned threads = 1; threads <= cores;
             threads = threads < cores && threads * 2 > cores ? cores : threads * 2) {
            double cpu, wall;
            if (!loop_rates(path, work, threads, &cpu, &wall)) {
                fine = false;
                break;
            }
            one_cpu = threads == 1 ? cpu : one_cpu;
            one_wall = threads == 1 ? wall : one_wall;
            printf("%-26s %-7s %8u %14.2f %14.2f %8.0f %12.2f", work->title, work->level, threads, cpu * 1e-6,
                   wall / threads * 1e-6, work->goal * 1e-6, cpu / work->goal);
            if (threads > 1)
                printf("   %u threads are worth %.2f (%.2f by wall clock)", threads, threads * cpu / one_cpu,
                       wall / one_wall);
            printf("\n");
            fflush(stdout);
        }
    }
    return fine;
}

// ---- The prefill GEMM -------------------------------------------------------------------------------------------

enum { M = 1606, N = 37888, K = 3584, GROUP = 128, TILE_M = 64, TILE_N = 256, GEMM_THREADS = 256 };

static void *filled(struct machine *machine, uint64_t bytes, uint32_t word)
{
    uint32_t *memory = emu_memory_alloc(machine->memory, bytes, EMU_RANGE_BUFFER);
    for (uint64_t i = 0; memory && i < bytes / sizeof word; i++)
        memory[i] = word;
    return memory;
}

static bool print_gemm(const char *path)
{
    struct machine machine;
    if (!machine_init(&machine, path, NULL))
        return false;
    const uint64_t a_bytes = (uint64_t)M * K * 2, w_bytes = (uint64_t)N * K / 2,
                   s_bytes = (uint64_t)N * (K / GROUP) * 2;
    const uint64_t c_bytes = (uint64_t)M * N * 2;
    void *a = filled(&machine, a_bytes, 0x3c003800), *w = filled(&machine, w_bytes, 0x87654321);
    void *scales = filled(&machine, s_bytes, 0x20002000), *c = filled(&machine, c_bytes, 0);
    const struct w4_gemm_args arguments = {
        .a = (uintptr_t)a,
        .w = (uintptr_t)w,
        .scales = (uintptr_t)scales,
        .c = (uintptr_t)c,
        .m = M,
        .n = N,
        .k = K,
        .a_pitch = K,
        .w_pitch = K / 8,
        .scale_pitch = K / GROUP,
        .c_pitch = N,
    };
    struct emu_launch_params params = {
        .module = machine.module,
        .kernel = co_object_find_kernel(&machine.module->object, "w4_prefill_64x256x64_w8_u4_fp16_g128_sym"),
        .grid = {(M + TILE_M - 1) / TILE_M * GEMM_THREADS, (N + TILE_N - 1) / TILE_N, 1},
        .block = {GEMM_THREADS, 1, 1},
        .arguments = &arguments,
        .argument_bytes = sizeof arguments,
    };
    struct times times = {0};
    struct emu_launch_result result;
    const bool fine = a && w && scales && c && params.kernel && launch(&machine, &params, &times, &result);
    if (fine) {
        const double rest_mib = (double)peak_kib() / 1024 - (double)(a_bytes + w_bytes + s_bytes + c_bytes) / 1048576;
        printf(
            "\nprefill %d x %d x %d, all workgroups: %.2f s wall (goal 20), %.2f s CPU; %.0f million wave instructions "
            "(%.1f million a CPU second), %.1f million WMMA\n",
            M, N, K, times.wall_s, times.cpu_s, (double)result.wave_instructions * 1e-6,
            (double)result.wave_instructions / times.cpu_s * 1e-6, (double)result.class_counts[EMU_C_WMMA] * 1e-6);
        printf("peak resident memory beyond the buffers: %.1f MiB (goal 64)\n", rest_mib);
    }
    machine_fini(&machine);
    return fine;
}

// launch_speed [all | loops | prefill]
int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "all";
    const unsigned cores = host_cores() < THREADS_MAX ? host_cores() : THREADS_MAX;
    const char *prefill = W4_KERNELS "/prefill-64x256x64-w8-u4.hsaco";
    bool fine = true;
    if (strcmp(what, "prefill") != 0)
        fine = print_loops(SPEED_KERNELS, cores);
    if (strcmp(what, "loops") != 0 && access(prefill, R_OK) != 0)
        printf("\nprefill: not run: %s: %s; build the target all\n", prefill, strerror(errno));
    else if (strcmp(what, "loops") != 0)
        fine &= print_gemm(prefill);
    return fine ? 0 : 1;
}
