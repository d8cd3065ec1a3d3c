// Finds, opens and saves the baseline file of a device.
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../../base/file.h"
#include "../evaluation.h"
#include "command.h"

static enum w4_status path_of_key(const struct w4_context *context, const char *key, char path[W4_PATH_MAX],
                                  struct w4_error *error)
{
    if (w4_baselines_path(context->paths.baselines, key, path, W4_PATH_MAX))
        return W4_OK;
    return w4_fail(error, W4_RANGE, "%.200s: the path of the baselines is too long", context->paths.baselines);
}

enum w4_status w4_baseline_file_of_run(const struct w4_context *context, const struct w4_run *run,
                                       struct w4_baseline_file *file, struct w4_error *error)
{
    enum w4_status status = path_of_key(context, run->device.key, file->path, error);
    if (status != W4_OK || access(file->path, F_OK) != 0)
        return status;
    return w4_baselines_load(file->path, &file->baselines, error);
}

static bool is_baseline_file(const char *name)
{
    const char *dot = strrchr(name, '.');
    return name[0] != '.' && dot && strcmp(dot, ".json") == 0 && strcmp(name, W4_PUBLISHED_FILE) != 0;
}

static enum w4_status find_only_file(const struct w4_context *context, char path[W4_PATH_MAX], struct w4_error *error)
{
    const char *folder = context->paths.baselines;
    size_t count = 0;
    enum w4_status status = W4_OK;
    DIR *entries = opendir(folder);
    if (!entries)
        return w4_fail(error, W4_IO, "%s: cannot be read: %s", folder, strerror(errno));
    for (const struct dirent *entry = readdir(entries); entry && status == W4_OK; entry = readdir(entries)) {
        if (!is_baseline_file(entry->d_name))
            continue;
        ++count;
        status = w4_path_join(path, folder, entry->d_name, error);
    }
    closedir(entries);
    if (status == W4_OK && count == 0)
        return w4_fail(error, W4_NOT_FOUND, "%s: there are no baselines; `w4bench baseline accept` makes them", folder);
    if (status == W4_OK && count > 1)
        return w4_fail(error, W4_USAGE,
                       "%s: %zu devices have baselines there: say which with --key KEY or --results FILE", folder,
                       count);
    return status;
}

enum w4_status w4_baseline_file_open(const struct w4_context *context, struct w4_baseline_file *file,
                                     struct w4_error *error)
{
    const struct w4_options *options = context->options;
    enum w4_status status = W4_OK;
    if (options->results) {
        struct w4_run run = {0};
        status = w4_run_load(options->results, &run, error);
        if (status == W4_OK)
            status = path_of_key(context, run.device.key, file->path, error);
        w4_run_fini(&run);
    } else if (options->key) {
        status = path_of_key(context, options->key, file->path, error);
    } else {
        status = find_only_file(context, file->path, error);
    }
    if (status == W4_OK && access(file->path, F_OK) != 0)
        return w4_fail(error, W4_NOT_FOUND, "%s: there are no baselines of this device", file->path);
    return status == W4_OK ? w4_baselines_load(file->path, &file->baselines, error) : status;
}

enum w4_status w4_baseline_file_save(const struct w4_context *context, const struct w4_baseline_file *file,
                                     struct w4_error *error)
{
    enum w4_status status = w4_folder_create(context->paths.baselines, error);
    return status == W4_OK ? w4_baselines_save(file->path, &file->baselines, error) : status;
}

void w4_baseline_file_fini(struct w4_baseline_file *file)
{
    w4_baselines_fini(&file->baselines);
}
