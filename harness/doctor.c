// `doctor`: what is installed, which devices answer, what to do about the rest. Reads only.
#include <cblas.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../telemetry/sensors.h"
#include "commands.h"
#include "measure/machine.h"
#include "revision.h"

// Groups that may open /dev/kfd on the usual distributions.
static const char *const gpu_groups[] = {"render", "video"};

static void print_file(const char *what, const char *path, int mode, bool *found)
{
    *found = access(path, mode) == 0;
    printf("%-12s %s%s%s\n", what, path, *found ? "" : ": ", *found ? "" : strerror(errno));
}

static bool check_files(const struct w4_context *context)
{
    bool shapes = false;
    bool heuristics = false;
    bool manifest = false;
    bool baselines = false;
    print_file("shapes", context->paths.shapes, R_OK | X_OK, &shapes);
    print_file("rule tables", context->paths.heuristics, R_OK | X_OK, &heuristics);
    print_file("kernels", context->paths.manifest, R_OK, &manifest);
    print_file("baselines", context->paths.baselines, R_OK | X_OK, &baselines);
    if (!manifest)
        puts("             the kernels are not built: build the project (./bench does), or name kernels.json with "
             "--manifest");
    return shapes && heuristics && manifest;
}

static bool check_manifest(const struct w4_context *context)
{
    struct w4_manifest manifest = {0};
    struct w4_error error = {0};
    enum w4_status status = w4_manifest_load(context->paths.manifest, &manifest, &error);
    if (status == W4_OK)
        printf("%-12s %zu variants, by %s %s\n", "", manifest.variant_count, manifest.compiler,
               manifest.compiler_version);
    else
        printf("%-12s %s\n", "", error.message);
    w4_manifest_fini(&manifest);
    return status == W4_OK;
}

static bool in_group(gid_t group)
{
    gid_t groups[256];
    int count = getgroups((int)(sizeof(groups) / sizeof(groups[0])), groups);
    for (int i = 0; i < count; ++i) {
        if (groups[i] == group)
            return true;
    }
    return getegid() == group;
}

static void check_kfd(void)
{
    if (access("/dev/kfd", F_OK) != 0) {
        puts("/dev/kfd     absent: no AMD GPU here, or no amdgpu driver; the emulator needs neither");
        return;
    }
    if (access("/dev/kfd", R_OK | W_OK) == 0) {
        puts("/dev/kfd     accessible");
        return;
    }
    printf("/dev/kfd     %s\n", strerror(errno));
    for (size_t i = 0; i < sizeof(gpu_groups) / sizeof(gpu_groups[0]); ++i) {
        const struct group *group = getgrnam(gpu_groups[i]);
        if (group && !in_group(group->gr_gid))
            printf("             this user is not in group %s: usermod -aG %s USER, then log in again\n", gpu_groups[i],
                   gpu_groups[i]);
    }
}

static void check_sensors(const char *root)
{
    char text[256];
    struct w4_sensors *sensors = w4_sensors_create(root);
    if (!sensors) {
        puts("sensors      out of memory");
        return;
    }
    w4_sensors_describe(sensors, text, sizeof(text));
    printf("sensors      %s\n", text);
    if (!w4_sensors_has_gpu(sensors))
        puts("             no sensor of a GPU answers: a measured run judges its warm-up from batch times alone and "
             "says so");
    w4_sensors_destroy(sensors);
}

// What comparisons of times on this machine depend on.
static void check_machine(const char *root)
{
    struct w4_fingerprint machine;
    w4_fingerprint_read(root, &machine);
    puts("machine      (baselines of times hold for this one only)");
    w4_machine_print(&machine);
}

// Opens a provider and prints what it answers.
static bool check_provider(const char *choice)
{
    struct w4_device *device = NULL;
    struct w4_error error = {0};
    if (w4_device_open(choice, &device, &error) != W4_OK) {
        printf("%-12s %s\n", choice, error.message);
        return false;
    }
    const struct w4_device_info *info = w4_device_info(device);
    printf("%-12s %s, %s, %d multiprocessors, %.1f GiB, runtime %d, driver %d\n", choice, info->name, info->arch,
           info->compute_units, (double)info->memory_bytes / (1024.0 * 1024 * 1024), info->runtime_version,
           info->driver_version);
    printf("%-12s library %s, times %s, device key %s\n", "", info->library, info->model_label, info->key);
    w4_device_close(device);
    return true;
}

static void check_host(void)
{
    const char *level = __builtin_cpu_supports("avx512f") ? "AVX-512"
                        : __builtin_cpu_supports("avx2")  ? "AVX2"
                                                          : "neither AVX2 nor AVX-512";
    printf("w4bench      %s, revision %s, built by %s\n", W4_VERSION, W4_GIT_REVISION, W4_HOST_COMPILER);
    printf("CPU          %ld cores, %s\n", sysconf(_SC_NPROCESSORS_ONLN), level);
    printf("OpenBLAS     %s, core %s, %d threads\n", openblas_get_config(), openblas_get_corename(),
           openblas_get_num_threads());
}

enum w4_status w4_command_doctor(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    (void)error;
    check_host();
    bool files = check_files(context);
    if (files)
        files = check_manifest(context);
    check_kfd();
    check_machine(context->options->sensor_root);
    check_sensors(context->options->sensor_root);
    bool amd = false;
    bool other = false;
    if (context->options->device) {
        other = check_provider(context->options->device);
    } else {
        amd = check_provider("amd");
        other = check_provider("emulator");
    }
    if (!amd && !context->options->device)
        puts("advice       on a Strix Halo install ROCm >= 6.4 or 7 (its HIP runtime knows gfx1151; Debian 12's 5.2 "
             "does "
             "not) and join the groups render and video; everywhere else the emulator runs the same kernels");
    *exit_code = files && (amd || other) ? 0 : 4;
    puts(*exit_code == 0 ? "ready" : "not ready: see above");
    return W4_OK;
}
