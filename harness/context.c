// Finds the data files and the output folder.
#include "context.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum w4_status w4_path_join(char path[W4_PATH_MAX], const char *folder, const char *name, struct w4_error *error)
{
    int length = snprintf(path, W4_PATH_MAX, "%s/%s", folder, name);
    if (length < 0 || length >= W4_PATH_MAX)
        return w4_fail(error, W4_RANGE, "%.200s...: the path is too long", folder);
    return W4_OK;
}

// The folder above the one that holds the program: a build folder or an installation's prefix. "." when unknown.
static void find_prefix(char prefix[W4_PATH_MAX])
{
    char program[W4_PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    strcpy(prefix, ".");
    if (length <= 0)
        return;
    program[length] = '\0';
    strcpy(prefix, dirname(dirname(program)));
}

struct place {
    const char *given;    // by an option
    const char *relative; // to the program's prefix
    const char *built;    // when it was configured
    char *out;
    const char **path;
};

static enum w4_status choose(const struct place *place, const char *prefix, struct w4_error *error)
{
    *place->path = place->out;
    if (place->given) {
        *place->path = place->given;
        return W4_OK;
    }
    enum w4_status status = w4_path_join(place->out, prefix, place->relative, error);
    if (status != W4_OK || access(place->out, R_OK) == 0)
        return status;
    int length = snprintf(place->out, W4_PATH_MAX, "%s", place->built);
    if (length < 0 || length >= W4_PATH_MAX)
        return w4_fail(error, W4_RANGE, "%.200s...: the path is too long", place->built);
    return W4_OK;
}

// What is written belongs into the build folder the program runs from; an installed program has none and writes where
// it is called.
static enum w4_status choose_written(char place[W4_PATH_MAX], const char *prefix, const char *in_build,
                                     const char *elsewhere, struct w4_error *error)
{
    char cache[W4_PATH_MAX];
    enum w4_status status = w4_path_join(cache, prefix, "CMakeCache.txt", error);
    if (status != W4_OK)
        return status;
    if (access(cache, F_OK) == 0)
        return w4_path_join(place, prefix, in_build, error);
    strcpy(place, elsewhere);
    return W4_OK;
}

enum w4_status w4_context_init(struct w4_context *context, const struct w4_options *options, struct w4_error *error)
{
    char prefix[W4_PATH_MAX];
    memset(context, 0, sizeof(*context));
    context->options = options;
    find_prefix(prefix);
    const char *kernels = NULL;
    const struct place places[] = {
        {options->shapes, "share/w4bench/shapes", W4_SOURCE_DIR "/shapes", context->shapes, &context->paths.shapes},
        {options->heuristics, "share/w4bench/heuristics", W4_SOURCE_DIR "/kernels/heuristics", context->heuristics,
         &context->paths.heuristics},
        {options->manifest, "kernels/kernels.json", W4_BUILD_DIR "/kernels/kernels.json", context->manifest,
         &context->paths.manifest},
        {options->baselines, "share/w4bench/baselines", W4_SOURCE_DIR "/baselines", context->baselines,
         &context->paths.baselines},
        {options->validation, "share/w4bench/validation", W4_SOURCE_DIR "/validation", context->validation,
         &context->paths.validation},
        {NULL, "validation", W4_BUILD_DIR "/validation", context->validation_kernels, &kernels},
    };
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && status == W4_OK; ++i)
        status = choose(&places[i], prefix, error);
    context->out = options->out ? options->out : context->default_out;
    context->objects = options->objects ? options->objects : context->default_objects;
    if (status == W4_OK)
        status = choose_written(context->default_out, prefix, "results", "w4bench-out", error);
    if (status == W4_OK)
        status = choose_written(context->default_objects, prefix, "objects", "w4bench-objects", error);
    return status;
}

static enum w4_status copy_cases(const struct w4_cases *from, struct w4_cases *cases, struct w4_error *error)
{
    *cases = (struct w4_cases){.items = calloc(from->count + 1, sizeof(*cases->items))};
    if (!cases->items)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu cases", from->count);
    memcpy(cases->items, from->items, from->count * sizeof(*cases->items));
    cases->count = from->count;
    return W4_OK;
}

enum w4_status w4_context_cases(const struct w4_context *context, struct w4_cases *cases, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    if (context->cases)
        return copy_cases(context->cases, cases, error);
    const struct w4_selection selection = {
        .suite = options->suite,
        .filter = options->filter,
        .model = options->model,
        .layer = options->layer,
        .kernels = options->kernel_count ? options->kernels : NULL,
        .m = options->m_count ? options->m : NULL,
        .m_count = options->m_count,
    };
    return w4_cases_expand(&context->paths, &selection, cases, error);
}

enum w4_status w4_context_manifest(const struct w4_context *context, struct w4_manifest *manifest,
                                   struct w4_error *error)
{
    const char *path = context->paths.manifest;
    if (access(path, F_OK) != 0)
        return w4_fail(error, W4_NOT_FOUND,
                       "%s: no kernels there: build the project (./bench does), or name kernels.json with --manifest",
                       path);
    return w4_manifest_load(path, manifest, error);
}

bool w4_use_colours(void)
{
    const char *no_color = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !(no_color && no_color[0]);
}
