// Kept code objects: FOLDER/<hash>.hsaco, and beside each FOLDER/<hash>.json, the rows of kernels.json that describe
// its kernels. So a kernel that a baseline was accepted from can be launched again, whatever the build has become.
// Content-addressed: a file whose bytes have another hash than its name is refused, never used.
#ifndef W4_HARNESS_OBJECTS_H
#define W4_HARNESS_OBJECTS_H

#include <stddef.h>

#include "context.h"
#include "results.h"

// Keeps the code object of every case of the run that the manifest still holds under its hash. *kept counts those in
// the store afterwards, *absent those that are in neither. Code objects already there are left alone.
enum w4_status w4_objects_keep(const char *folder, const char *manifest, const struct w4_run *run, size_t *kept,
                               size_t *absent, struct w4_error *error);

// The kept manifest (for w4_manifest_load) of a hash, once the code object beside it is checked. W4_NOT_FOUND when it
// was not kept, W4_PARSE when its bytes are not those of its name; both say what to do.
enum w4_status w4_objects_find(const char *folder, const char *hash, char manifest[W4_PATH_MAX],
                               struct w4_error *error);

#endif
