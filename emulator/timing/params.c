// The timing model's parameters as a struct of defaults and as rows for the document.
#include "params.h"

#include <stddef.h>

const struct emu_timing_params emu_timing_defaults = {
#define X(name, value, unit, origin, note) .name = (value),
#include "params.def"
#undef X
};

const struct emu_param_row emu_param_rows[] = {
#define X(name, value, unit, origin, note) {#name, (value), unit, EMU_ORIGIN_##origin, note},
#include "params.def"
#undef X
    {NULL, 0, NULL, EMU_ORIGIN_ASSUMED, NULL},
};
