// Reads the script and counts processes.
#include "script.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const known_keys[] = {"profile",    "levels", "seed",       "night", "slowdowns",
                                         "time_scale", "hwmon",  "lost_after", NULL};

static const struct {
    const char *name;
    size_t offset;
} levels[] = {
#define X(member, text) {#member, offsetof(struct w4_noise_profile, member)},
    W4_NOISE_LEVELS(X)
#undef X
};

static enum w4_status read_levels(const struct w4_json_at *root, struct w4_noise_profile *profile,
                                  struct w4_error *error)
{
    static const char *names[sizeof(levels) / sizeof(*levels) + 1];
    struct w4_json_at object;
    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); ++i)
        names[i] = levels[i].name;
    w4_json_optional(root, "levels", &object);
    if (!object.value)
        return W4_OK;
    enum w4_status status = w4_json_keys(&object, names, error);
    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels) && status == W4_OK; ++i) {
        struct w4_json_at level;
        w4_json_optional(&object, levels[i].name, &level);
        if (level.value)
            status = w4_json_real(&level, 0, 1e6, (double *)((char *)profile + levels[i].offset), error);
    }
    return status;
}

static enum w4_status read_profile(const struct w4_json_at *root, struct w4_noise_profile *profile,
                                   struct w4_error *error)
{
    struct w4_json_at at;
    const char *name;
    w4_json_optional(root, "profile", &at);
    if (!at.value)
        return W4_OK;
    const enum w4_status status = w4_json_string(&at, &name, error);
    if (status != W4_OK)
        return status;
    const struct w4_noise_profile *found = w4_noise_profile_find(name);
    if (!found)
        return w4_json_fail(&at, error, "\"%s\" is no noise profile; quiet, typical-apu, laptop and hostile are", name);
    *profile = *found;
    return W4_OK;
}

static enum w4_status read_integer(const struct w4_json_at *root, const char *key, int64_t *out, struct w4_error *error)
{
    struct w4_json_at at;
    w4_json_optional(root, key, &at);
    return at.value ? w4_json_integer(&at, 0, INT64_MAX, out, error) : W4_OK;
}

static enum w4_status read_time_scale(const struct w4_json_at *root, double *scale, struct w4_error *error)
{
    struct w4_json_at at;
    w4_json_optional(root, "time_scale", &at);
    return at.value ? w4_json_real(&at, 1e-3, 1e6, scale, error) : W4_OK;
}

static enum w4_status read_hwmon(const struct w4_json_at *root, struct noisy_script *script, struct w4_error *error)
{
    struct w4_json_at at;
    const char *folder;
    w4_json_optional(root, "hwmon", &at);
    if (!at.value)
        return W4_OK;
    const enum w4_status status = w4_json_string(&at, &folder, error);
    if (status == W4_OK && strlen(folder) >= sizeof(script->hwmon))
        return w4_json_fail(&at, error, "longer than %zu bytes", sizeof(script->hwmon) - 1);
    if (status == W4_OK)
        strcpy(script->hwmon, folder);
    return status;
}

static enum w4_status check_slowdowns(const struct w4_json_at *root, struct w4_error *error)
{
    struct w4_json_at object;
    const char *key;
    json_t *value;
    w4_json_optional(root, "slowdowns", &object);
    if (!object.value)
        return W4_OK;
    if (!json_is_object(object.value))
        return w4_json_fail(&object, error, "must be an object of kernel names or hashes and factors");
    json_object_foreach(object.value, key, value)
    {
        double factor;
        const enum w4_status status = w4_json_get_real(&object, key, 0.01, 100, &factor, error);
        if (status != W4_OK)
            return status;
    }
    return W4_OK;
}

static enum w4_status read_script(struct noisy_script *script, struct w4_error *error)
{
    const struct w4_json_at root = w4_json_root(&script->json);
    int64_t seed = 1;
    int64_t night = 0;
    enum w4_status status = w4_json_keys(&root, known_keys, error);
    if (status == W4_OK)
        status = read_profile(&root, &script->profile, error);
    if (status == W4_OK)
        status = read_levels(&root, &script->profile, error);
    if (status == W4_OK)
        status = read_integer(&root, "seed", &seed, error);
    if (status == W4_OK)
        status = read_integer(&root, "night", &night, error);
    if (status == W4_OK)
        status = read_integer(&root, "lost_after", &script->lost_after, error);
    if (status == W4_OK)
        status = read_time_scale(&root, &script->time_scale, error);
    if (status == W4_OK)
        status = read_hwmon(&root, script, error);
    if (status == W4_OK)
        status = check_slowdowns(&root, error);
    script->seed = (uint64_t)seed;
    script->night = (uint64_t)night;
    return status;
}

// One byte a process: where it came to lie is the process' number, also when several write at once.
static enum w4_status count_process(const char *path, uint64_t *process, struct w4_error *error)
{
    char name[1024];
    snprintf(name, sizeof(name), "%s.processes", path);
    const int file = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0)
        return w4_fail(error, W4_IO, "%s: cannot be opened, so that processes cannot be counted", name);
    const ssize_t written = write(file, ".", 1);
    const off_t end = lseek(file, 0, SEEK_CUR);
    close(file);
    if (written != 1 || end < 1)
        return w4_fail(error, W4_IO, "%s: cannot be written, so that processes cannot be counted", name);
    *process = (uint64_t)end;
    return W4_OK;
}

enum w4_status noisy_script_init(struct noisy_script *script, const char *path, struct w4_error *error)
{
    *script = (struct noisy_script){.seed = 1, .time_scale = 8, .lost_after = INT64_MAX};
    script->profile = *w4_noise_profile_find("typical-apu");
    enum w4_status status = W4_OK;
    if (path) {
        status = w4_json_load(&script->json, path, error);
        if (status == W4_OK)
            status = read_script(script, error);
        if (status == W4_OK)
            status = count_process(path, &script->process, error);
    }
    const char *night = getenv("W4_NOISY_NIGHT");
    if (night)
        script->night = strtoull(night, NULL, 10);
    return status;
}

void noisy_script_fini(struct noisy_script *script)
{
    w4_json_fini(&script->json);
}

double noisy_script_slowdown(const struct noisy_script *script, const char *kernel, const char *object_hash)
{
    const json_t *slowdowns = json_object_get(script->json.root, "slowdowns");
    const json_t *factor = json_object_get(slowdowns, object_hash);
    if (!factor)
        factor = json_object_get(slowdowns, kernel);
    return json_is_number(factor) ? json_number_value(factor) : 1;
}
