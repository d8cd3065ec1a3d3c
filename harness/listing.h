// The *.json files of a folder, for "all models" and for messages that say what there is.
#ifndef W4_HARNESS_LISTING_H
#define W4_HARNESS_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/error.h"
#include "model.h"

// Sorted file names without ".json". Names that do not fit W4_NAME_MAX are left out.
struct w4_listing {
    char (*names)[W4_NAME_MAX]; // owned
    size_t count;
};

enum w4_status w4_listing_create(const char *folder, struct w4_listing *listing, struct w4_error *error);
void w4_listing_fini(struct w4_listing *listing);
bool w4_listing_has(const struct w4_listing *listing, const char *name);
// Writes "a, b, c", cut with "..." where it does not fit.
void w4_listing_text(const struct w4_listing *listing, char *text, size_t size);
// NOT_FOUND "unknown KIND "NAME"; there is: ..." when the folder has no such file.
enum w4_status w4_listing_require(const char *folder, const char *kind, const char *name, struct w4_error *error);

// FOLDER/NAME.json in a fresh string, NULL when memory ran out.
char *w4_listing_path(const char *folder, const char *name);

#endif
