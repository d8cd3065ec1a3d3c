// Rows of emulator/timing/params.def.
#include "parameters.h"

#include <stddef.h>
#include <string.h>

enum origin { DOCUMENTED, MEASURED, FITTED, ASSUMED };

static const struct {
    const char *name;
    double value;
    const char *unit;
    enum origin origin;
    const char *note;
} rows[] = {
#define X(name, value, unit, origin, note) {#name, (value), unit, origin, note},
#include "../emulator/timing/params.def"
#undef X
};
enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

bool w4_parameter_find(const char *name)
{
    for (size_t i = 0; i < ROW_COUNT; ++i)
        if (strcmp(rows[i].name, name) == 0)
            return true;
    return false;
}

void w4_parameters_write(FILE *out)
{
    static const char *const origins[] = {"documented", "measured", "fitted", "assumed"};
    fputs("| parameter | value | unit | origin | note |\n|---|---|---|---|---|\n", out);
    for (size_t i = 0; i < ROW_COUNT; ++i)
        fprintf(out, "| `%s` | %g | %s | %s | %s |\n", rows[i].name, rows[i].value, rows[i].unit,
                origins[rows[i].origin], rows[i].note);
}
