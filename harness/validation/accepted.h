// The figures that were accepted last (validation/accepted.json): what "worse" is measured against. One entry a row, so
// that any selection of rows can be compared.
#ifndef W4_HARNESS_VALIDATION_ACCEPTED_H
#define W4_HARNESS_VALIDATION_ACCEPTED_H

#include "row.h"

struct w4_accepted {
    char model_key[64], date[32], reason[256]; // of the last acceptance; "" when nothing was accepted yet
    double *model;                             // owned; one a row of the validation, 0: none
    size_t count, stale;                       // rows of the validation; entries of the file that are no row any more
};

// Reads FOLDER/accepted.json for the validation's rows. A missing file is an empty set.
enum w4_status w4_accepted_load(const char *folder, const struct w4_validation *validation,
                                struct w4_accepted *accepted, struct w4_error *error);
void w4_accepted_fini(struct w4_accepted *accepted);

// Writes it with the outcomes of the marked rows (all of them done) in place of what was accepted for them.
enum w4_status w4_accepted_save(const char *folder, const struct w4_validation *validation, const bool *selected,
                                const struct w4_validation_outcome *outcomes, const char *model_key, const char *reason,
                                struct w4_accepted *accepted, struct w4_error *error);

#endif
