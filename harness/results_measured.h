// The arrays of a result file's cases; used by its reader and its writer only.
#ifndef W4_HARNESS_RESULTS_MEASURED_H
#define W4_HARNESS_RESULTS_MEASURED_H

#include <jansson.h>

#include "../base/json.h"
#include "results.h"

// Adds "samples_ms" and "measured" to a case's object. 0, or -1 when memory ran out or a text is not UTF-8.
int w4_measured_write(json_t *object, const struct w4_result *result);
// Reads both. What was read so far belongs to the result also when it fails.
enum w4_status w4_measured_read(const struct w4_json_at *object, struct w4_result *result, struct w4_error *error);

#endif
