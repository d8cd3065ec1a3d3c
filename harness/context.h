// What every command gets: the parsed options and where files are.
#ifndef W4_HARNESS_CONTEXT_H
#define W4_HARNESS_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/error.h"
#include "catalog.h"
#include "options.h"

enum { W4_PATH_MAX = 4096 };

struct w4_run;

struct w4_context {
    const struct w4_options *options;
    struct w4_paths paths;        // point into the buffers below or into the options
    const char *out;              // folder for files, may not exist yet
    const char *objects;          // folder of kept code objects (objects.h), may not exist yet
    const struct w4_cases *cases; // instead of those that the options select; NULL: those
    struct w4_run *earlier;       // its finished cases are not run again; NULL: none
    char shapes[W4_PATH_MAX], heuristics[W4_PATH_MAX], manifest[W4_PATH_MAX], baselines[W4_PATH_MAX];
    char default_out[W4_PATH_MAX], default_objects[W4_PATH_MAX];
    char validation[W4_PATH_MAX], validation_kernels[W4_PATH_MAX]; // the latter: code objects of the validation
};

// Data files lie beside the program in its build folder or an installation (../share/w4bench), else where the source
// tree was when it was configured; options override each.
enum w4_status w4_context_init(struct w4_context *context, const struct w4_options *options, struct w4_error *error);

// Fails with W4_RANGE when FOLDER/NAME does not fit.
enum w4_status w4_path_join(char path[W4_PATH_MAX], const char *folder, const char *name, struct w4_error *error);

// The cases that the options select (or a copy of context->cases); the caller calls w4_cases_fini.
enum w4_status w4_context_cases(const struct w4_context *context, struct w4_cases *cases, struct w4_error *error);

// Loads kernels.json; a missing one is an error that says how it is made.
enum w4_status w4_context_manifest(const struct w4_context *context, struct w4_manifest *manifest,
                                   struct w4_error *error);

bool w4_use_colours(void); // standard output is a terminal and NO_COLOR is not set

#endif
