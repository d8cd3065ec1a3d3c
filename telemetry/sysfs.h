// Small files of the kernel, below a root that tests replace. A file that is absent, unreadable or empty is `false`,
// never an error: most machines lack most of them.
#ifndef W4_TELEMETRY_SYSFS_H
#define W4_TELEMETRY_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

enum { W4_SYSFS_PATH_MAX = 512 };

// Reads up to size - 1 bytes and ends them with NUL; returns how many, 0 when there is nothing.
size_t w4_sysfs_read(const char *root, const char *folder, const char *name, void *out, size_t size);
// The first line without its end and without blanks around it, control characters as '?'. Cut to size - 1 bytes.
bool w4_sysfs_line(const char *root, const char *folder, const char *name, char *out, size_t size);
// The number that the first line begins with.
bool w4_sysfs_number(const char *root, const char *folder, const char *name, double *out);

// The folder of the gfx1151's PCI device below the root ("/sys/class/drm/renderD128/device"): the one that KFD calls
// gfx_target_version 110501, else the first AMD one. False when there is none.
bool w4_sysfs_find_gpu(const char *root, char *folder, size_t size);
// The amdgpu hwmon folder of that device.
bool w4_sysfs_find_hwmon(const char *root, const char *gpu, char *folder, size_t size);

// amdgpu's pp_dpm_* lists ("1: 800Mhz *"): the state marked as current, and the highest one.
bool w4_sysfs_dpm_current(const char *root, const char *gpu, const char *name, double *mhz);
bool w4_sysfs_dpm_highest(const char *root, const char *gpu, const char *name, double *mhz);

#endif
