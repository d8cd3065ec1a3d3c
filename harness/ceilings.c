// Looks up data/gfx1151_ceilings.csv.
#include "ceilings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/csv.h"

static const struct {
    const char *name, *text;
} tables[] = {
#include "ceilings_table.h"
};

double w4_ceiling(const char *name, double *clock_mhz)
{
    struct w4_csv csv;
    size_t names = 0;
    size_t values = 0;
    size_t clocks = 0;
    double found = NAN;
    if (w4_csv_parse(&csv, tables[0].name, tables[0].text, NULL) != W4_OK)
        return NAN;
    const int known = w4_csv_column(&csv, "name", &names, NULL) == W4_OK &&
                      w4_csv_column(&csv, "value", &values, NULL) == W4_OK &&
                      w4_csv_column(&csv, "clock_mhz", &clocks, NULL) == W4_OK;
    for (size_t i = 0; known && i < csv.rows; ++i) {
        if (strcmp(w4_csv_cell(&csv, i, names), name) != 0)
            continue;
        found = strtod(w4_csv_cell(&csv, i, values), NULL);
        if (clock_mhz)
            *clock_mhz = strtod(w4_csv_cell(&csv, i, clocks), NULL);
    }
    w4_csv_fini(&csv);
    return found;
}
