// Runs rows in child processes, several at a time: the emulated device is one a process, and a row that dies takes
// nothing with it.
#ifndef W4_HARNESS_VALIDATION_POOL_H
#define W4_HARNESS_VALIDATION_POOL_H

#include "row.h"

// Called after each row, in the parent; outcomes[row] is filled. An error ends the run.
typedef enum w4_status (*w4_validation_after)(void *context, size_t row, struct w4_error *error);

// Runs the `count` rows of `todo` (indices into the validation's rows), at most `jobs` at a time, each into
// outcomes[index]. W4_INTERRUPTED after SIGINT or SIGTERM: finished rows are kept, the others stay open.
enum w4_status w4_validation_run_rows(const struct w4_validation_setup *setup, const size_t *todo, size_t count,
                                      size_t jobs, struct w4_validation_outcome *outcomes, w4_validation_after after,
                                      void *context, struct w4_error *error);

#endif
