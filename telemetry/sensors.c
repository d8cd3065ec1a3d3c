// Sources of each value in the order of preference, and the reading of those that were chosen.
#include "sensors.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gpu_metrics.h"
#include "sysfs.h"

enum value { ENGINE, MEMORY, POWER, TEMPERATURE, VALUE_COUNT };

struct w4_sensors {
    char root[W4_SYSFS_PATH_MAX];
    char gpu[W4_SYSFS_PATH_MAX], hwmon[W4_SYSFS_PATH_MAX]; // "" when there is none
    const struct source *chosen[VALUE_COUNT];              // NULL: nothing answers
    bool has_cpu;
    uint64_t busy_ticks, all_ticks;
    bool vanished;
};

enum source_kind { HWMON, METRICS, DPM };

// hwmon: Linux, Documentation/gpu/amdgpu/thermal.rst (Hz, uW, mC). power1_input is the present power where the chip
// tells it, power1_average a filtered one. freq2 is a card's memory; APUs have it in gpu_metrics or pp_dpm_mclk only.
static const struct source {
    enum value value;
    enum source_kind kind;
    const char *file;
    double scale;
    size_t metric; // in struct w4_gpu_metrics
} sources[] = {
    {ENGINE, HWMON, "freq1_input", 1e-6, 0},
    {ENGINE, METRICS, NULL, 1, offsetof(struct w4_gpu_metrics, engine_mhz)},
    {ENGINE, DPM, "pp_dpm_sclk", 1, 0},
    {MEMORY, HWMON, "freq2_input", 1e-6, 0},
    {MEMORY, METRICS, NULL, 1, offsetof(struct w4_gpu_metrics, memory_mhz)},
    {MEMORY, DPM, "pp_dpm_mclk", 1, 0},
    {POWER, HWMON, "power1_input", 1e-6, 0},
    {POWER, HWMON, "power1_average", 1e-6, 0},
    {POWER, METRICS, NULL, 1, offsetof(struct w4_gpu_metrics, power_w)},
    {TEMPERATURE, HWMON, "temp1_input", 1e-3, 0},
    {TEMPERATURE, METRICS, NULL, 1, offsetof(struct w4_gpu_metrics, temperature_c)},
};

static const char *const value_words[VALUE_COUNT] = {"engine clock", "memory clock", "power", "temperature"};

static bool read_metrics(const struct w4_sensors *sensors, struct w4_gpu_metrics *metrics)
{
    unsigned char bytes[W4_GPU_METRICS_BYTES_MAX + 1];
    const size_t size = w4_sysfs_read(sensors->root, sensors->gpu, "gpu_metrics", bytes, sizeof bytes);
    return w4_gpu_metrics_parse(bytes, size, metrics);
}

// NaN when the source does not answer. `metrics` is the table read for this look, or NULL when there is none.
static double read_source(const struct w4_sensors *sensors, const struct source *source,
                          const struct w4_gpu_metrics *metrics)
{
    double value = NAN;
    switch (source->kind) {
    case HWMON:
        if (!sensors->hwmon[0] || !w4_sysfs_number(sensors->root, sensors->hwmon, source->file, &value))
            return NAN;
        return value * source->scale;
    case METRICS:
        if (metrics)
            memcpy(&value, (const char *)metrics + source->metric, sizeof value);
        return value;
    case DPM: return w4_sysfs_dpm_current(sensors->root, sensors->gpu, source->file, &value) ? value : NAN;
    }
    return NAN;
}

// Line "cpu  user nice system idle iowait irq softirq steal ...": ticks of all cores (proc_stat(5)).
static bool read_cpu_ticks(const struct w4_sensors *sensors, uint64_t *busy, uint64_t *all)
{
    char line[512];
    unsigned long long user, nice, system, idle, wait, irq, soft_irq, steal;
    if (!w4_sysfs_line(sensors->root, "/proc", "stat", line, sizeof line) ||
        sscanf(line, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle, &wait, &irq,
               &soft_irq, &steal) != 8)
        return false;
    *busy = user + nice + system + irq + soft_irq + steal;
    *all = *busy + idle + wait;
    return true;
}

struct w4_sensors *w4_sensors_create(const char *root)
{
    struct w4_sensors *sensors = calloc(1, sizeof *sensors);
    struct w4_gpu_metrics metrics;
    if (!sensors)
        return NULL;
    snprintf(sensors->root, sizeof sensors->root, "%s", root);
    sensors->has_cpu = read_cpu_ticks(sensors, &sensors->busy_ticks, &sensors->all_ticks);
    if (!w4_sysfs_find_gpu(sensors->root, sensors->gpu, sizeof sensors->gpu))
        return sensors;
    w4_sysfs_find_hwmon(sensors->root, sensors->gpu, sensors->hwmon, sizeof sensors->hwmon);
    const bool has_metrics = read_metrics(sensors, &metrics);
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        const struct source *source = &sources[i];
        if (!sensors->chosen[source->value] && isfinite(read_source(sensors, source, has_metrics ? &metrics : NULL)))
            sensors->chosen[source->value] = source;
    }
    return sensors;
}

void w4_sensors_destroy(struct w4_sensors *sensors)
{
    free(sensors);
}

static bool needs_metrics(const struct w4_sensors *sensors)
{
    for (int i = 0; i < VALUE_COUNT; i++)
        if (sensors->chosen[i] && sensors->chosen[i]->kind == METRICS)
            return true;
    return false;
}

static double read_cpu_load(struct w4_sensors *sensors)
{
    uint64_t busy, all;
    if (!sensors->has_cpu || !read_cpu_ticks(sensors, &busy, &all))
        return NAN;
    const double elapsed = (double)(all - sensors->all_ticks);
    const double load =
        all > sensors->all_ticks && busy >= sensors->busy_ticks ? (double)(busy - sensors->busy_ticks) / elapsed : NAN;
    sensors->busy_ticks = busy;
    sensors->all_ticks = all;
    return load;
}

void w4_sensors_read(struct w4_sensors *sensors, double time_s, struct w4_reading *reading)
{
    struct w4_gpu_metrics metrics;
    const bool has_metrics = needs_metrics(sensors) && read_metrics(sensors, &metrics);
    double values[VALUE_COUNT];
    for (int i = 0; i < VALUE_COUNT; i++) {
        const struct source *source = sensors->chosen[i];
        values[i] = source ? read_source(sensors, source, has_metrics ? &metrics : NULL) : NAN;
        sensors->vanished |= source && isnan(values[i]);
    }
    *reading = (struct w4_reading){.time_s = time_s,
                                   .engine_mhz = values[ENGINE],
                                   .memory_mhz = values[MEMORY],
                                   .power_w = values[POWER],
                                   .temperature_c = values[TEMPERATURE],
                                   .cpu_load = read_cpu_load(sensors)};
}

bool w4_sensors_has_engine_clock(const struct w4_sensors *sensors)
{
    return sensors->chosen[ENGINE];
}

bool w4_sensors_has_gpu(const struct w4_sensors *sensors)
{
    for (int i = 0; i < VALUE_COUNT; i++)
        if (sensors->chosen[i])
            return true;
    return false;
}

bool w4_sensors_vanished(const struct w4_sensors *sensors)
{
    return sensors->vanished;
}

void w4_sensors_describe(const struct w4_sensors *sensors, char *text, size_t size)
{
    static const char *const kind_words[] = {"hwmon ", "gpu_metrics", ""};
    size_t used = 0;
    for (int i = 0; i < VALUE_COUNT && used < size; i++) {
        const struct source *source = sensors->chosen[i];
        const int length =
            snprintf(text + used, size - used, "%s: %s%s; ", value_words[i], source ? kind_words[source->kind] : "none",
                     source && source->file ? source->file : "");
        used += length > 0 ? (size_t)length : 0;
    }
    if (used < size)
        snprintf(text + used, size - used, "CPU load: %s", sensors->has_cpu ? "/proc/stat" : "none");
}
