// The timing model's parameters as a struct of defaults, and by name.
#include "params.h"

#include <stddef.h>
#include <string.h>

const struct emu_timing_params emu_timing_defaults = {
#define X(name, value, unit, origin, note) .name = (value),
#include "params.def"
#undef X
};

double *emu_timing_param(struct emu_timing_params *params, const char *name)
{
    const struct {
        const char *name;
        double *value;
    } places[] = {
#define X(name, value, unit, origin, note) {#name, &params->name},
#include "params.def"
#undef X
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i].name, name) == 0)
            return places[i].value;
    return NULL;
}
