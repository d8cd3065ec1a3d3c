// Conditions of rule tables, such as "K >= 2*N or (N > 1024 and M <= 16)": parsed once, evaluated for a shape.
#ifndef W4_HARNESS_CONDITION_H
#define W4_HARNESS_CONDITION_H

#include <stdbool.h>

#include "../base/error.h"
#include "model.h"

typedef struct w4_condition w4_condition;

// Comparisons (<, <=, >, >=, ==) of sums and products of M, N, K, G and integers, joined by "and" and "or" ("and" binds
// closer), with parentheses. PARSE errors begin with "column N" (from 1) of the text.
enum w4_status w4_condition_parse(const char *text, w4_condition **condition, struct w4_error *error);
void w4_condition_destroy(w4_condition *condition);

// RANGE when a sum or product does not fit 64 bits.
enum w4_status w4_condition_holds(const w4_condition *condition, const struct w4_shape *shape, bool *holds,
                                  struct w4_error *error);

#endif
