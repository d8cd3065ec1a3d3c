// A finding in words.
#ifndef EMU_FINDING_H
#define EMU_FINDING_H

#include "../launch.h"
#include "checks.h"

// "kernel K, workgroup (x,y,z), wave w, lane l, pc 0x..: <instruction> (file:line): <what>: <detail> (n times)".
void emu_finding_message(const struct emu_launch_params *params, const struct emu_finding *finding, char *text,
                         size_t size);

#endif
