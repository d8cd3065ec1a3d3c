// amdgpu's binary gpu_metrics file. Layouts: Linux, drivers/gpu/drm/amd/include/kgd_pp_interface.h.
#ifndef W4_TELEMETRY_GPU_METRICS_H
#define W4_TELEMETRY_GPU_METRICS_H

#include <stdbool.h>
#include <stddef.h>

enum { W4_GPU_METRICS_BYTES_MAX = 4096 };

// What a metrics table may hold; NaN: not in this version, or marked as invalid (all bits set) by the driver.
struct w4_gpu_metrics {
    int format, content; // version: 3.0 on Strix Halo, 2.x on older APUs, 1.x on cards
    double engine_mhz, memory_mhz, power_w, temperature_c;
};

// False when the bytes are no table of a known version, or shorter than they say.
bool w4_gpu_metrics_parse(const void *bytes, size_t size, struct w4_gpu_metrics *metrics);

#endif
