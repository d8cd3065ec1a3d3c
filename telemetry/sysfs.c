// Reads small files and finds the GPU among them. Decides nothing about what the numbers mean.
#include "sysfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KFD_NODES_MAX = 64, DRM_MINORS_MAX = 64, DRM_FIRST_RENDER = 128, GFX1151_TARGET = 110501 };

static bool join(char *path, size_t size, const char *root, const char *folder, const char *name)
{
    const int length = snprintf(path, size, "%s%s/%s", root, folder, name);
    return length > 0 && (size_t)length < size;
}

size_t w4_sysfs_read(const char *root, const char *folder, const char *name, void *out, size_t size)
{
    char path[W4_SYSFS_PATH_MAX];
    char *bytes = out;
    if (!join(path, sizeof path, root, folder, name))
        return 0;
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return 0;
    size_t used = 0;
    // A sysfs read may answer EBUSY or EPERM when the device is in reset: that is an absent value too.
    for (ssize_t got = 1; got > 0 && used + 1 < size; used += got > 0 ? (size_t)got : 0)
        got = read(descriptor, bytes + used, size - 1 - used);
    close(descriptor);
    bytes[used] = '\0';
    return used;
}

bool w4_sysfs_line(const char *root, const char *folder, const char *name, char *out, size_t size)
{
    char text[1024];
    out[0] = '\0';
    if (w4_sysfs_read(root, folder, name, text, sizeof text) == 0)
        return false;
    char *line = text + strspn(text, " \t");
    line[strcspn(line, "\n")] = '\0';
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t\r", line[length - 1]))
        line[--length] = '\0';
    // These texts go into JSON and XML: ASCII only.
    for (char *at = line; *at; ++at)
        if ((unsigned char)*at < 0x20 || (unsigned char)*at > 0x7e)
            *at = '?';
    snprintf(out, size, "%s", line);
    return out[0] != '\0';
}

bool w4_sysfs_number(const char *root, const char *folder, const char *name, double *out)
{
    char line[64];
    char *end = NULL;
    if (!w4_sysfs_line(root, folder, name, line, sizeof line))
        return false;
    *out = strtod(line, &end);
    return end != line;
}

// The value behind a key of a KFD node's properties ("gfx_target_version 110501").
static bool kfd_property(const char *text, const char *key, long *value)
{
    const size_t length = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, length) == 0 && line[length] == ' ') {
            *value = strtol(line + length, NULL, 10);
            return true;
        }
    }
    return false;
}

bool w4_sysfs_find_gpu(const char *root, char *folder, size_t size)
{
    char text[4096];
    for (int node = 0; node < KFD_NODES_MAX; node++) {
        char nodes[64];
        long target = 0;
        long minor = -1;
        snprintf(nodes, sizeof nodes, "/sys/class/kfd/kfd/topology/nodes/%d", node);
        if (w4_sysfs_read(root, nodes, "properties", text, sizeof text) == 0 ||
            !kfd_property(text, "gfx_target_version", &target) || target != GFX1151_TARGET ||
            !kfd_property(text, "drm_render_minor", &minor))
            continue;
        snprintf(folder, size, "/sys/class/drm/renderD%ld/device", minor);
        return true;
    }
    for (int minor = 0; minor < DRM_MINORS_MAX; minor++) {
        char vendor[16];
        snprintf(folder, size, "/sys/class/drm/renderD%d/device", DRM_FIRST_RENDER + minor);
        if (w4_sysfs_line(root, folder, "vendor", vendor, sizeof vendor) && strcmp(vendor, "0x1002") == 0)
            return true;
    }
    folder[0] = '\0';
    return false;
}

bool w4_sysfs_find_hwmon(const char *root, const char *gpu, char *folder, size_t size)
{
    char path[W4_SYSFS_PATH_MAX];
    bool found = false;
    folder[0] = '\0';
    if (!join(path, sizeof path, root, gpu, "hwmon"))
        return false;
    DIR *entries = opendir(path);
    if (!entries)
        return false;
    for (const struct dirent *entry = readdir(entries); entry && !found; entry = readdir(entries)) {
        char name[32];
        const int length = snprintf(folder, size, "%s/hwmon/%s", gpu, entry->d_name);
        found = length > 0 && (size_t)length < size && w4_sysfs_line(root, folder, "name", name, sizeof name) &&
                strcmp(name, "amdgpu") == 0;
    }
    closedir(entries);
    if (!found)
        folder[0] = '\0';
    return found;
}

static bool dpm_state(const char *root, const char *gpu, const char *name, bool current, double *mhz)
{
    char text[1024];
    bool found = false;
    if (w4_sysfs_read(root, gpu, name, text, sizeof text) == 0)
        return false;
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        char *colon = strchr(line, ':');
        char *end = NULL;
        if (!colon || (current && !strchr(colon, '*')))
            continue;
        const double value = strtod(colon + 1, &end);
        if (end == colon + 1 || (found && value <= *mhz))
            continue;
        *mhz = value;
        found = true;
    }
    return found;
}

bool w4_sysfs_dpm_current(const char *root, const char *gpu, const char *name, double *mhz)
{
    return dpm_state(root, gpu, name, true, mhz);
}

bool w4_sysfs_dpm_highest(const char *root, const char *gpu, const char *name, double *mhz)
{
    return dpm_state(root, gpu, name, false, mhz);
}
