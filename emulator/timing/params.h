// The timing model's parameters: values, units and where each comes from. See params.def.
#ifndef EMU_TIMING_PARAMS_H
#define EMU_TIMING_PARAMS_H

enum emu_param_origin { EMU_ORIGIN_DOCUMENTED, EMU_ORIGIN_MEASURED, EMU_ORIGIN_FITTED, EMU_ORIGIN_ASSUMED };

struct emu_timing_params {
#define X(name, value, unit, origin, note) double name;
#include "params.def"
#undef X
};

struct emu_param_row {
    const char *name;
    double value;
    const char *unit;
    enum emu_param_origin origin;
    const char *note;
};

// Above any value that makes sense: times stay far from overflow.
#define EMU_PARAM_MAX 1e6

extern const struct emu_timing_params emu_timing_defaults;
extern const struct emu_param_row emu_param_rows[]; // ends with name NULL

// The parameter of that name; NULL when there is none.
double *emu_timing_param(struct emu_timing_params *params, const char *name);

#endif
