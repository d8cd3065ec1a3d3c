// The emulator's own entry points (extras.h).
#include "extras.h"

#include <string.h>

#include "runtime.h"

// By enum emu_model.
static const struct {
    const char *name, *key, *label;
} models[] = {
    [EMU_MODEL_ISSUE] = {"issue", EMU_ISSUE_KEY, EMU_ISSUE_LABEL},
    [EMU_MODEL_CYCLES] = {"cycles", EMU_CYCLES_KEY, EMU_CYCLES_LABEL},
};

static unsigned current_model(void)
{
    struct hip_runtime *runtime = hip_runtime_get();
    return runtime ? atomic_load(&runtime->model) : EMU_MODEL_ISSUE;
}

HIP_EXPORT const char *emuModelKey(void)
{
    return models[current_model()].key;
}

HIP_EXPORT const char *emuModelLabel(void)
{
    return models[current_model()].label;
}

HIP_EXPORT int emuSetTimingModel(const char *name)
{
    struct hip_runtime *runtime = hip_runtime_get();
    for (unsigned i = 0; runtime && name && i < sizeof models / sizeof *models; i++)
        if (strcmp(models[i].name, name) == 0) {
            atomic_store(&runtime->model, i);
            return 0;
        }
    return -1;
}

HIP_EXPORT int emuSetTimingParameter(const char *name, double value)
{
    struct hip_runtime *runtime = hip_runtime_get();
    if (!runtime || !name || !(value >= 0 && value <= EMU_PARAM_MAX))
        return -1;
    pthread_mutex_lock(&runtime->launch_lock);
    double *parameter = emu_timing_param(&runtime->timing, name);
    if (parameter)
        *parameter = value;
    pthread_mutex_unlock(&runtime->launch_lock);
    return parameter ? 0 : -1;
}

HIP_EXPORT void emuSetWorkgroupSample(uint64_t workgroups)
{
    struct hip_runtime *runtime = hip_runtime_get();
    if (runtime)
        atomic_store(&runtime->sample, workgroups);
}

HIP_EXPORT void emuSetHostThreads(unsigned threads)
{
    struct hip_runtime *runtime = hip_runtime_get();
    if (runtime)
        atomic_store(&runtime->threads, threads);
}

HIP_EXPORT void emuSetClockMhz(double mhz)
{
    struct hip_runtime *runtime = hip_runtime_get();
    if (runtime && mhz > 0)
        atomic_store(&runtime->clock_mhz, mhz);
}

// The caller may know a shorter report: it gets as much as it has room for.
HIP_EXPORT int emuGetLastLaunch(struct emu_launch_report *report)
{
    struct hip_runtime *runtime = hip_runtime_get();
    if (!runtime || !report)
        return -1;
    pthread_mutex_lock(&runtime->lock);
    const bool launched = runtime->launched;
    const uint32_t size = report->size < sizeof *report ? report->size : (uint32_t)sizeof *report;
    if (launched && size >= sizeof report->size) {
        memcpy(report, &runtime->report, size);
        report->size = size;
    }
    pthread_mutex_unlock(&runtime->lock);
    return launched ? 0 : -1;
}

HIP_EXPORT uint64_t emuGetLastWorkgroups(uint64_t *ids, uint64_t capacity)
{
    struct hip_runtime *runtime = hip_runtime_get();
    if (!runtime)
        return 0;
    pthread_mutex_lock(&runtime->lock);
    const uint64_t count = runtime->launched ? runtime->report.workgroups_run : 0;
    const uint64_t copied = count < capacity ? count : capacity;
    if (ids && copied)
        memcpy(ids, runtime->ids, copied * sizeof *ids);
    pthread_mutex_unlock(&runtime->lock);
    return count;
}

HIP_EXPORT const char *emuGetLastMessage(void)
{
    return hip_last_message();
}

HIP_EXPORT void emuCancel(void)
{
    struct hip_runtime *runtime = hip_runtime_get();
    if (runtime)
        atomic_store(&runtime->cancel, 1);
}
