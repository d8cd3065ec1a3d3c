// Opens a provider's shared library and looks its functions up. Decides nothing about devices.
#include "provider.h"

#include <dlfcn.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Library names in the order they are tried.
static const char *const amd_libraries[] = {"libamdhip64.so.7", "libamdhip64.so.6", "libamdhip64.so.5",
                                            "libamdhip64.so", NULL};

static const char amd_remedy[] = "install ROCm >= 6.4 (its HIP runtime is libamdhip64), or use --device emulator";

static enum w4_status open_amd(struct w4_hip *hip, struct w4_error *error)
{
    for (size_t i = 0; amd_libraries[i]; i++) {
        hip->library = dlopen(amd_libraries[i], RTLD_NOW | RTLD_LOCAL);
        if (!hip->library)
            continue;
        snprintf(hip->file, sizeof hip->file, "%s", amd_libraries[i]);
        return W4_OK;
    }
    const char *reason = dlerror();
    return w4_fail(error, W4_DEVICE, "amd: no HIP runtime: tried libamdhip64.so.7, .6, .5 and unversioned (%s); %s",
                   reason ? reason : "no reason given", amd_remedy);
}

static enum w4_status open_file(const char *path, struct w4_hip *hip, struct w4_error *error)
{
    hip->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    snprintf(hip->file, sizeof hip->file, "%s", path);
    if (hip->library)
        return W4_OK;
    const char *reason = dlerror();
    return w4_fail(error, W4_DEVICE, "cannot open the HIP library %s (%s); --device takes emulator, amd or a path",
                   path, reason ? reason : "no reason given");
}

// The emulator lies beside the program (../lib), so that a build folder can be moved; else where it was built.
static enum w4_status open_emulator(struct w4_hip *hip, struct w4_error *error)
{
    char program[400];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) {
        program[length] = '\0';
        char path[512];
        snprintf(path, sizeof path, "%s/../lib/libgfx1151.so", dirname(program));
        if (access(path, R_OK) == 0)
            return open_file(path, hip, error);
    }
    return open_file(W4_EMULATOR_LIBRARY, hip, error);
}

static enum w4_status find_functions(struct w4_hip *hip, struct w4_error *error)
{
    // A function pointer read through memcpy: C has no conversion from void * to one.
    void *symbol;
#define X(function)                                                                                                    \
    symbol = dlsym(hip->library, #function);                                                                           \
    memcpy(&hip->function, &symbol, sizeof symbol);
    W4_EMULATOR_FUNCTIONS(X)
#undef X
#define X(function)                                                                                                    \
    symbol = dlsym(hip->library, #function);                                                                           \
    if (!symbol)                                                                                                       \
        return w4_fail(error, W4_DEVICE, "%s: lacks the HIP function %s; is it a HIP runtime >= 5?", hip->file,        \
                       #function);                                                                                     \
    memcpy(&hip->function, &symbol, sizeof symbol);
    W4_HIP_FUNCTIONS(X)
#undef X
    return W4_OK;
}

enum w4_status w4_provider_open(const char *choice, struct w4_hip *hip, struct w4_error *error)
{
    static const struct {
        const char *name;
        enum w4_status (*open)(struct w4_hip *hip, struct w4_error *error);
    } providers[] = {{"emulator", open_emulator}, {"amd", open_amd}};

    *hip = (struct w4_hip){0};
    enum w4_status status = W4_NOT_FOUND;
    for (size_t i = 0; i < sizeof providers / sizeof *providers; i++)
        if (strcmp(choice, providers[i].name) == 0)
            status = providers[i].open(hip, error);
    if (status == W4_NOT_FOUND)
        status = open_file(choice, hip, error);
    if (status == W4_OK)
        status = find_functions(hip, error);
    if (status != W4_OK)
        w4_provider_close(hip);
    return status;
}

void w4_provider_close(struct w4_hip *hip)
{
    if (hip->library)
        dlclose(hip->library);
    *hip = (struct w4_hip){0};
}
