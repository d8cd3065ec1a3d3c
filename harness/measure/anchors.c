// Loads, launches and times the anchors.
#include "anchors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/file.h"
#include "../../kernels/anchor.h"
#include "../context.h"

enum { CODE_LIMIT_BYTES = 1 << 20, LAUNCHES = 3, FILL_BYTE = 0xa5 };

// Outputs of the larger grid.
static const size_t out_bytes =
    sizeof(uint32_t) * W4_ANCHOR_THREADS *
    (W4_ANCHOR_WMMA_WORKGROUPS > W4_ANCHOR_READ_WORKGROUPS ? W4_ANCHOR_WMMA_WORKGROUPS : W4_ANCHOR_READ_WORKGROUPS);

static enum w4_status load(struct w4_anchors *anchors, const char *folder, struct w4_error *error)
{
    char path[W4_PATH_MAX];
    char *image = NULL;
    size_t size = 0;
    enum w4_status status = w4_path_join(path, folder, "anchor.hsaco", error);
    if (status == W4_OK)
        status = w4_file_read(path, CODE_LIMIT_BYTES, &image, &size, error);
    if (status != W4_OK)
        return status;
    w4_hash_hex(image, size, anchors->hash);
    status = w4_device_module_load(anchors->device, image, size, &anchors->module, error);
    free(image);
    if (status == W4_OK)
        status = w4_device_function(anchors->device, anchors->module, "w4_anchor_wmma", &anchors->wmma, error);
    if (status == W4_OK)
        status =
            w4_device_function(anchors->device, anchors->module, "w4_anchor_bandwidth", &anchors->bandwidth, error);
    return status;
}

static enum w4_status allocate(struct w4_anchors *anchors, struct w4_error *error)
{
    enum w4_status status = w4_device_malloc(anchors->device, out_bytes, &anchors->out, error);
    if (status == W4_OK)
        status = w4_device_malloc(anchors->device, anchors->read_bytes, &anchors->in, error);
    if (status == W4_OK)
        status = w4_device_fill(anchors->device, anchors->in, FILL_BYTE, anchors->read_bytes, error);
    return status;
}

void w4_anchors_init(struct w4_anchors *anchors, struct w4_device *device, const char *folder, uint64_t read_bytes)
{
    struct w4_error error = {0};
    // Whole rounds only.
    *anchors = (struct w4_anchors){.device = device,
                                   .read_bytes = (read_bytes + W4_ANCHOR_ROUND_BYTES - 1) / W4_ANCHOR_ROUND_BYTES *
                                                 W4_ANCHOR_ROUND_BYTES};
    enum w4_status status = load(anchors, folder, &error);
    if (status == W4_OK)
        status = allocate(anchors, &error);
    anchors->ready = status == W4_OK;
    if (status == W4_OK)
        return;
    w4_anchors_fini(anchors);
    snprintf(anchors->reason, sizeof(anchors->reason), "%.500s", error.message);
}

void w4_anchors_fini(struct w4_anchors *anchors)
{
    // What fails here failed before, or goes with the device.
    if (anchors->in)
        w4_device_free(anchors->device, anchors->in, NULL);
    if (anchors->out)
        w4_device_free(anchors->device, anchors->out, NULL);
    if (anchors->module)
        w4_device_module_unload(anchors->device, anchors->module, NULL);
    *anchors = (struct w4_anchors){0};
}

struct anchor_launch {
    struct w4_device *device;
    w4_function function;
    uint32_t workgroups;
    struct w4_anchor_args args;
};

static enum w4_status launch_anchor(void *context, size_t buffer, struct w4_error *error)
{
    const struct anchor_launch *launch = context;
    const uint32_t grid[3] = {launch->workgroups, 1, 1};
    const uint32_t block[3] = {W4_ANCHOR_THREADS, 1, 1};
    (void)buffer;
    return w4_device_launch(launch->device, launch->function, grid, block, 0, &launch->args, sizeof(launch->args),
                            error);
}

static enum w4_status measure_one(struct w4_timer *timer, struct anchor_launch *launch, size_t windows, size_t lead,
                                  double **times_ms, size_t *count, struct w4_error *error)
{
    const struct w4_launchable launchable = {.context = launch, .launch = launch_anchor, .buffers = 1};
    double *grown = reallocarray(*times_ms, *count + windows, sizeof(**times_ms));
    if (!grown)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu anchor times", windows);
    *times_ms = grown;
    enum w4_status status = W4_OK;
    size_t next = 0;
    for (size_t i = 0; i < windows && status == W4_OK; ++i) {
        status = w4_window_time(timer, &launchable, lead, LAUNCHES, &next, &grown[*count], error);
        *count += status == W4_OK;
    }
    return status;
}

enum w4_status w4_anchors_measure(struct w4_anchors *anchors, struct w4_timer *timer, size_t windows, size_t lead,
                                  struct w4_measured *measured, struct w4_error *error)
{
    if (!anchors->ready)
        measured->marks |= W4_MARK_NO_ANCHORS;
    if (!anchors->ready || windows == 0)
        return W4_OK;
    struct anchor_launch wmma = {anchors->device,
                                 anchors->wmma,
                                 W4_ANCHOR_WMMA_WORKGROUPS,
                                 {.out = anchors->out, .count = W4_ANCHOR_WMMA_ITERATIONS}};
    struct anchor_launch bandwidth = {
        anchors->device,
        anchors->bandwidth,
        W4_ANCHOR_READ_WORKGROUPS,
        {.in = anchors->in, .out = anchors->out, .count = (uint32_t)(anchors->read_bytes / W4_ANCHOR_ROUND_BYTES)}};
    enum w4_status status =
        measure_one(timer, &wmma, windows, lead, &measured->anchor_wmma_ms, &measured->anchor_wmma_count, error);
    return status == W4_OK ? measure_one(timer, &bandwidth, windows, lead, &measured->anchor_bandwidth_ms,
                                         &measured->anchor_bandwidth_count, error)
                           : status;
}
