// The timing model's parameters as the harness shows them. They are the table emulator/timing/params.def; nothing of
// the emulator is linked for it.
#ifndef W4_HARNESS_PARAMETERS_H
#define W4_HARNESS_PARAMETERS_H

#include <stdbool.h>
#include <stdio.h>

bool w4_parameter_find(const char *name);
// A markdown table, a row a parameter.
void w4_parameters_write(FILE *out);

#endif
