// The timing model's parameters: values, units and where each comes from. See params.def.
#ifndef EMU_TIMING_PARAMS_H
#define EMU_TIMING_PARAMS_H

struct emu_timing_params {
#define X(name, value, unit, origin, note) double name;
#include "params.def"
#undef X
};

// Above any value that makes sense: times stay far from overflow.
#define EMU_PARAM_MAX 1e6

extern const struct emu_timing_params emu_timing_defaults;

// The parameter of that name; NULL when there is none.
double *emu_timing_param(struct emu_timing_params *params, const char *name);

#endif
