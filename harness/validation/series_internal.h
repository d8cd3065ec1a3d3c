// Shared by the two halves of the loader: series.c reads the JSON file, series_rows.c the tables it names.
#ifndef W4_HARNESS_VALIDATION_SERIES_INTERNAL_H
#define W4_HARNESS_VALIDATION_SERIES_INTERNAL_H

#include "../../base/json.h"
#include "series.h"

// Appends the rows of the series at `index`, whose head is read; `at` is its object in series.json, `path` its table.
enum w4_status w4_validation_add_rows(struct w4_validation *validation, size_t index, const struct w4_json_at *at,
                                      const char *path, struct w4_error *error);

#endif
