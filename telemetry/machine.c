// Collects the fingerprint from sysfs, procfs and the ROCm installation.
#include <stdio.h>
#include <string.h>

#include "fingerprint.h"
#include "sysfs.h"

// A field that is one line, or several joined by blanks. "GPU" as folder stands for the GPU's PCI device.
static const struct line_row {
    size_t offset, size;
    const char *prefix, *folder, *name;
} line_rows[] = {
#define LINE(member, prefix, folder, name)                                                                             \
    {offsetof(struct w4_fingerprint, member), sizeof(((struct w4_fingerprint *)0)->member), prefix, folder, name}
    LINE(amdgpu, "", "/sys/module/amdgpu", "version"), // only the DKMS module has one; the kernel's own has
    LINE(amdgpu, "srcversion ", "/sys/module/amdgpu", "srcversion"),
    LINE(vbios, "", "GPU", "vbios_version"),
    LINE(smu_firmware, "", "GPU/fw_version", "smc_fw_version"),
    LINE(mec_firmware, "", "GPU/fw_version", "mec_fw_version"),
    LINE(board, "", "/sys/class/dmi/id", "sys_vendor"),
    LINE(board, "", "/sys/class/dmi/id", "product_name"),
    LINE(board, "board ", "/sys/class/dmi/id", "board_name"),
    LINE(bios, "", "/sys/class/dmi/id", "bios_vendor"),
    LINE(bios, "", "/sys/class/dmi/id", "bios_version"),
    LINE(bios, "", "/sys/class/dmi/id", "bios_date"),
    LINE(performance_level, "", "GPU", "power_dpm_force_performance_level"),
    LINE(kernel, "", "/proc/sys/kernel", "osrelease"),
    LINE(kernel, "", "/proc/sys/kernel", "version"),
    LINE(rocm, "", "/opt/rocm/.info", "version"),
    LINE(cpu_governor, "", "/sys/devices/system/cpu/cpu0/cpufreq", "scaling_governor"),
    LINE(cpu_governor, "preference ", "/sys/devices/system/cpu/cpu0/cpufreq", "energy_performance_preference"),
#undef LINE
};

static void append(char *out, size_t size, const char *prefix, const char *text)
{
    const size_t used = strlen(out);
    if (used < size)
        snprintf(out + used, size - used, "%s%s%s", used ? " " : "", prefix, text);
}

static void read_lines(const char *root, const char *gpu, struct w4_fingerprint *out)
{
    for (size_t i = 0; i < sizeof line_rows / sizeof *line_rows; i++) {
        const struct line_row *row = &line_rows[i];
        char folder[W4_SYSFS_PATH_MAX];
        char line[192];
        const bool of_gpu = strncmp(row->folder, "GPU", 3) == 0;
        if (of_gpu && !gpu[0])
            continue;
        snprintf(folder, sizeof folder, "%.400s%s", of_gpu ? gpu : "", of_gpu ? row->folder + 3 : row->folder);
        if (w4_sysfs_line(root, folder, row->name, line, sizeof line))
            append((char *)out + row->offset, row->size, row->prefix, line);
    }
}

// pp_power_profile_mode marks the active line with '*': " 0 BOOTUP_DEFAULT*:" or " 1 3D_FULL_SCREEN *".
static void read_power_profile(const char *root, const char *gpu, char *out, size_t size)
{
    char text[4096];
    char platform[32];
    char *rest = text;
    if (!gpu[0] || w4_sysfs_read(root, gpu, "pp_power_profile_mode", text, sizeof text) == 0)
        text[0] = '\0';
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        char name[48];
        if (strchr(line, '*') && sscanf(line, " %*d %47[^ *:]", name) == 1)
            append(out, size, "", name);
    }
    // The firmware's own profile (quiet, balanced, performance) sets the power limits of laptops and mini PCs.
    if (w4_sysfs_line(root, "/sys/firmware/acpi", "platform_profile", platform, sizeof platform))
        append(out, size, "platform ", platform);
}

static void read_cpu(const char *root, char *out, size_t size)
{
    char text[4096];
    if (w4_sysfs_read(root, "/proc", "cpuinfo", text, sizeof text) == 0)
        return;
    const char *name = strstr(text, "model name");
    const char *colon = name ? strchr(name, ':') : NULL;
    if (colon)
        snprintf(out, size, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
}

void w4_fingerprint_read(const char *root, struct w4_fingerprint *fingerprint)
{
    char gpu[W4_SYSFS_PATH_MAX];
    char hwmon[W4_SYSFS_PATH_MAX];
    double value = 0;
    *fingerprint = (struct w4_fingerprint){0};
    w4_sysfs_find_gpu(root, gpu, sizeof gpu);
    read_lines(root, gpu, fingerprint);
    read_power_profile(root, gpu, fingerprint->power_profile, sizeof fingerprint->power_profile);
    read_cpu(root, fingerprint->cpu, sizeof fingerprint->cpu);
    if (!gpu[0])
        return;
    if (w4_sysfs_find_hwmon(root, gpu, hwmon, sizeof hwmon) && w4_sysfs_number(root, hwmon, "power1_cap", &value))
        snprintf(fingerprint->power_cap_w, sizeof fingerprint->power_cap_w, "%.0f", value * 1e-6);
    if (w4_sysfs_dpm_highest(root, gpu, "pp_dpm_mclk", &value))
        snprintf(fingerprint->memory_speed, sizeof fingerprint->memory_speed, "memory clock up to %.0f MHz", value);
}
