// flock(2) on a file that holds the process id of its holder, for the message.
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool lock_path(char path[PATH_MAX], const char *folder)
{
    const int length = snprintf(path, PATH_MAX, "%s/.w4bench-lock", folder);
    return length > 0 && length < PATH_MAX;
}

// The holder's process id, 0 when it has not written it yet.
static long read_holder(int descriptor)
{
    char text[32] = "";
    const ssize_t got = pread(descriptor, text, sizeof text - 1, 0);
    return got > 0 ? strtol(text, NULL, 10) : 0;
}

// A holder that ends removes the file: a lock taken on a file without a name keeps nobody out.
static bool has_name(int descriptor)
{
    struct stat information;
    return fstat(descriptor, &information) == 0 && information.st_nlink > 0;
}

static enum w4_status take_once(const char *path, int *descriptor, struct w4_error *error)
{
    *descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*descriptor < 0)
        return w4_fail(error, W4_IO, "%s: cannot create the lock file: %s", path, strerror(errno));
    if (flock(*descriptor, LOCK_EX | LOCK_NB) == 0)
        return W4_OK;
    const int code = errno;
    const long holder = read_holder(*descriptor);
    close(*descriptor);
    *descriptor = -1;
    if (code != EWOULDBLOCK)
        return w4_fail(error, W4_IO, "%s: cannot be locked: %s", path, strerror(code));
    return w4_fail(
        error, W4_USAGE,
        "%s: process %ld is writing results to this folder; wait for it, or choose another folder with --out", path,
        holder);
}

enum w4_status w4_lock_take(const char *folder, int *descriptor, struct w4_error *error)
{
    char path[PATH_MAX];
    *descriptor = -1;
    if (!lock_path(path, folder))
        return w4_fail(error, W4_RANGE, "%.200s...: the path is too long", folder);
    for (;;) {
        const enum w4_status status = take_once(path, descriptor, error);
        if (status != W4_OK)
            return status;
        if (has_name(*descriptor))
            break;
        close(*descriptor);
    }
    // The number only serves another process's message; a full disk is found by whoever writes results.
    if (ftruncate(*descriptor, 0) == 0)
        (void)!dprintf(*descriptor, "%ld\n", (long)getpid());
    return W4_OK;
}

void w4_lock_release(const char *folder, int descriptor)
{
    char path[PATH_MAX];
    if (descriptor < 0)
        return;
    if (lock_path(path, folder))
        unlink(path);
    close(descriptor);
}
