// Profiles of launches for those who ask (extras.h): rendered at the launch's end, while its module is loaded.
#include <stdlib.h>

#include "../profile/profile.h"
#include "runtime.h"

static char *text_of(const struct emu_profile *profile, void (*write)(const struct emu_profile *, FILE *))
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    write(profile, stream);
    if (fclose(stream) == 0)
        return text;
    free(text);
    return NULL;
}

static char *json_of(const struct emu_profile *profile)
{
    json_t *root = emu_profile_to_json(profile);
    char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(root);
    return text;
}

void hip_profile_forget(struct hip_runtime *runtime)
{
    for (unsigned i = 0; i < EMU_PROFILE_FORMS; i++) {
        free(runtime->profiles[i]);
        runtime->profiles[i] = NULL;
    }
}

enum w4_status hip_profile_keep(struct hip_runtime *runtime, struct emu_profile *profile,
                                const struct emu_launch_params *params, const struct emu_launch_result *result,
                                struct w4_error *error)
{
    const enum w4_status status = emu_profile_finish(profile, params, result, error);
    if (status != W4_OK)
        return status;
    runtime->profiles[EMU_PROFILE_TEXT] = text_of(profile, emu_profile_write_text);
    runtime->profiles[EMU_PROFILE_JSON] = json_of(profile);
    const bool traced = atomic_load(&runtime->profile) > 1;
    if (traced)
        runtime->profiles[EMU_PROFILE_TRACE] = text_of(profile, emu_profile_write_trace);
    if (runtime->profiles[EMU_PROFILE_TEXT] && runtime->profiles[EMU_PROFILE_JSON] &&
        (!traced || runtime->profiles[EMU_PROFILE_TRACE]))
        return W4_OK;
    return w4_fail(error, W4_MEMORY, "kernel %s: out of memory for its profile", params->kernel->name);
}

HIP_EXPORT void emuSetProfile(int level)
{
    struct hip_runtime *runtime = hip_runtime_get();
    if (runtime)
        atomic_store(&runtime->profile, level);
}

HIP_EXPORT const char *emuGetLastProfile(enum emu_profile_form form)
{
    const struct hip_runtime *runtime = hip_runtime_get();
    return runtime && (unsigned)form < EMU_PROFILE_FORMS ? runtime->profiles[form] : NULL;
}
