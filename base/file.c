// Whole-file reads, atomic writes, folders, fingerprints.
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

static enum w4_status fail_errno(struct w4_error *error, const char *path, const char *action)
{
    const int code = errno;
    const char *remedy = code == ENOSPC || code == EDQUOT ? "; free some space or choose another folder with --out"
                         : code == EACCES || code == EROFS || code == EPERM ? "; check the permissions"
                                                                            : "";
    return w4_fail(error, code == ENOENT ? W4_NOT_FOUND : W4_IO, "%s: cannot %s: %s%s", path, action, strerror(code),
                   remedy);
}

static enum w4_status read_all(int descriptor, const char *path, size_t limit_bytes, char **data, size_t *size,
                               struct w4_error *error)
{
    size_t capacity = 65536;
    size_t used = 0;
    char *buffer = malloc(capacity);
    if (!buffer)
        return w4_fail(error, W4_MEMORY, "%s: out of memory while reading", path);
    for (;;) {
        const ssize_t got = read(descriptor, buffer + used, capacity - used - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(buffer);
            return fail_errno(error, path, "read");
        }
        used += (size_t)got;
        if (used > limit_bytes) {
            free(buffer);
            return w4_fail(error, W4_RANGE, "%s: larger than %zu bytes, which no such file is", path, limit_bytes);
        }
        if (got == 0)
            break;
        if (used + 1 < capacity)
            continue;
        char *grown = realloc(buffer, capacity * 2);
        if (!grown) {
            free(buffer);
            return w4_fail(error, W4_MEMORY, "%s: out of memory while reading", path);
        }
        buffer = grown;
        capacity *= 2;
    }
    buffer[used] = '\0';
    *data = buffer;
    *size = used;
    return W4_OK;
}

enum w4_status w4_file_read(const char *path, size_t limit_bytes, char **data, size_t *size, struct w4_error *error)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fail_errno(error, path, "open");
    const enum w4_status status = read_all(descriptor, path, limit_bytes, data, size, error);
    close(descriptor);
    return status;
}

static bool write_all(int descriptor, const char *data, size_t size)
{
    while (size > 0) {
        const ssize_t written = write(descriptor, data, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        data += written;
        size -= (size_t)written;
    }
    return true;
}

enum w4_status w4_file_write_atomic(const char *path, const void *data, size_t size, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    char *temporary = NULL;
    if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
        return w4_fail(error, W4_MEMORY, "%s: out of memory while writing", path);
    const int descriptor = mkostemp(temporary, O_CLOEXEC);
    if (descriptor < 0) {
        status = fail_errno(error, path, "create a temporary file beside it");
        free(temporary);
        return status;
    }
    // mkostemp makes the file private; results are for everybody whom the umask allows.
    const mode_t mask = umask(0);
    umask(mask);
    bool written = fchmod(descriptor, 0666 & ~mask) == 0 && write_all(descriptor, data, size) && fsync(descriptor) == 0;
    int code = errno;
    if (close(descriptor) != 0 && written) {
        written = false;
        code = errno;
    }
    if (written && rename(temporary, path) != 0) {
        written = false;
        code = errno;
    }
    if (!written) {
        unlink(temporary);
        errno = code;
        status = fail_errno(error, path, "write");
    }
    free(temporary);
    return status;
}

enum w4_status w4_folder_create(const char *path, struct w4_error *error)
{
    char *copy = strdup(path);
    if (!copy)
        return w4_fail(error, W4_MEMORY, "%s: out of memory", path);
    enum w4_status status = W4_OK;
    for (char *slash = copy + 1; status == W4_OK; slash++) {
        const char kept = *slash;
        if (kept != '/' && kept != '\0')
            continue;
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            status = fail_errno(error, copy, "create the folder");
        if (kept == '\0')
            break;
        *slash = kept;
    }
    struct stat information;
    if (status == W4_OK && (stat(path, &information) != 0 || !S_ISDIR(information.st_mode)))
        status = w4_fail(error, W4_IO, "%s: is not a folder; choose another one", path);
    free(copy);
    return status;
}

void w4_hash_hex(const void *data, size_t size, char hex[33])
{
    const XXH128_hash_t hash = XXH3_128bits(data, size);
    snprintf(hex, 33, "%016llx%016llx", (unsigned long long)hash.high64, (unsigned long long)hash.low64);
}
