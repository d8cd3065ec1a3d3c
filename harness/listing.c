// Reads folders of named JSON files. Decides what counts as a name; not what stands in the files.
#include "listing.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_names(const void *left, const void *right)
{
    return strcmp(left, right);
}

static bool add_name(struct w4_listing *listing, const char *file)
{
    static const char suffix[] = ".json";
    const size_t length = strlen(file);
    const size_t kept = length - (sizeof(suffix) - 1);
    if (length < sizeof(suffix) || strcmp(file + kept, suffix) != 0 || kept >= W4_NAME_MAX || file[0] == '.') {
        return true;
    }
    char (*names)[W4_NAME_MAX] = realloc(listing->names, (listing->count + 1) * sizeof(*names));
    if (!names) {
        return false;
    }
    listing->names = names;
    memcpy(names[listing->count], file, kept);
    names[listing->count++][kept] = '\0';
    return true;
}

enum w4_status w4_listing_create(const char *folder, struct w4_listing *listing, struct w4_error *error)
{
    *listing = (struct w4_listing){0};
    DIR *directory = opendir(folder);
    if (!directory) {
        return w4_fail(error, W4_IO, "%s: cannot be read as a folder: %s", folder, strerror(errno));
    }
    enum w4_status status = W4_OK;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (!entry) {
            if (errno) {
                status = w4_fail(error, W4_IO, "%s: %s", folder, strerror(errno));
            }
            break;
        }
        if (!add_name(listing, entry->d_name)) {
            status = w4_fail(error, W4_MEMORY, "%s: no memory for its list", folder);
            break;
        }
    }
    closedir(directory);
    if (status) {
        w4_listing_fini(listing);
    } else if (listing->count) {
        qsort(listing->names, listing->count, sizeof(*listing->names), compare_names);
    }
    return status;
}

void w4_listing_fini(struct w4_listing *listing)
{
    free(listing->names);
    *listing = (struct w4_listing){0};
}

bool w4_listing_has(const struct w4_listing *listing, const char *name)
{
    for (size_t i = 0; i < listing->count; i++) {
        if (strcmp(listing->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

void w4_listing_text(const struct w4_listing *listing, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < listing->count; i++) {
        const int added = snprintf(text + used, size - used, "%s%s", i ? ", " : "", listing->names[i]);
        if (added < 0 || used + (size_t)added >= size) {
            if (size > 4) {
                memcpy(text + size - 4, "...", 4);
            }
            return;
        }
        used += (size_t)added;
    }
}

enum w4_status w4_listing_require(const char *folder, const char *kind, const char *name, struct w4_error *error)
{
    struct w4_listing listing;
    const enum w4_status status = w4_listing_create(folder, &listing, error);
    if (status) {
        return status;
    }
    const bool found = w4_listing_has(&listing, name);
    char known[384];
    w4_listing_text(&listing, known, sizeof(known));
    w4_listing_fini(&listing);
    if (found) {
        return W4_OK;
    }
    return w4_fail(error, W4_NOT_FOUND, "unknown %s \"%s\"; %s has: %s", kind, name, folder,
                   known[0] ? known : "nothing");
}

char *w4_listing_path(const char *folder, const char *name)
{
    char *path;
    return asprintf(&path, "%s/%s.json", folder, name) < 0 ? NULL : path;
}
